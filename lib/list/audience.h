/* audience - who gets a letter: a list, filtered, joined, with derived fields, once a person
 *
 * Reads CSV sheets (list/sheet.h) into a private temporary SQLite table that spills to disk, so
 * that a million rows take no more memory than a thousand. Nobody is dropped silently: who is left
 * out is given with the reason, and every bad row is a finding with file and line.
 */
#ifndef LIST_AUDIENCE_H
#define LIST_AUDIENCE_H

#include <glib.h>

#include "base/finding.h"
#include "base/value.h"

enum {
    AUDIENCE_WHERE_MAX = 10000,        /* bytes of an expression */
    AUDIENCE_WHERE_MILLISECONDS = 5000 /* that evaluating one may take */
};

typedef struct {
    const char *file;      /* the CSV; opened as given */
    const char *shown;     /* how findings call it, as in the config */
    const char *encoding;  /* "auto", "utf-8" or "windows-1252" */
    const char *delimiter; /* "auto", ",", ";" or "tab" */
} SheetSpec;

typedef struct {
    const char *name;     /* the derived field */
    const char *template; /* Mustache over the columns and the derived fields before it */
    guint line;           /* in `config_file` */
} FieldSpec;

typedef struct {
    const char *name;
    SheetSpec sheet;
    SheetSpec join;      /* .file is NULL when there is none */
    const char *join_on; /* the column that both have; rows without a partner keep empty cells */
    const char *key;     /* the column that names a row for good, "URN" */
    const char *const *email; /* columns that hold addresses, NULL-terminated */
    const char *to_name;      /* Mustache for the display name of To, or NULL */
    const char *where;        /* SQL expression over the columns, or NULL for all */
    const FieldSpec *fields;  /* ends with a NULL name; may be NULL */
    const char *config_file;  /* where this stands, for findings */
    guint where_line, key_line, email_line;
} AudienceSpec;

typedef struct Audience Audience;

/* Reads and checks everything. NULL with `error` when a file can't be read or isn't CSV at all
 * (NOINPUT, DATA: no key column, not UTF-8 and not Windows-1252, NUL, over limits), or `where` is
 * no safe expression (CONFIG, with the expression's place and a "did you mean" for a column).
 * Otherwise an audience, with what is wrong in `findings`: two rows with one key, a bad address and
 * a derived field over an unknown column are errors or warnings by the table in audience.c. */
Audience *audience_open(const AudienceSpec *spec, Findings *findings, GError **error);
void audience_free(Audience *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Audience, audience_free)

typedef struct {
    const char *key;
    const char *address; /* as it goes into the envelope: domain in ASCII */
    const char *name;    /* for the To header; may be "" */
    const Value *fields; /* every column and derived field, a map */
    const char *file;    /* where the row stands */
    guint line;
} Recipient;

/* Gives the next recipient in the order of the list, borrowed until the next call; NULL at the end
 * or with `error`. audience_rewind starts again. */
const Recipient *audience_next(Audience *self, GError **error);
void audience_rewind(Audience *self);

/* The recipients of one key, one after another through audience_next after this call. */
void audience_seek(Audience *self, const char *key);

/* Rows of the list, rows that `where` chose, recipients (letters). */
guint64 audience_rows(const Audience *self);
guint64 audience_chosen(const Audience *self);
guint64 audience_count(const Audience *self);

/* Who `where` chose and yet gets no letter. */
typedef struct {
    const char *key;
    const char *address; /* as it stood in the list; may be "" */
    const char *reason;  /* "no address", "bad address", "same address as 100003" ... */
    const char *file;
    guint line;
} Exclusion;

/* The next one, borrowed until the next call; NULL at the end or with error. */
const Exclusion *audience_next_excluded(Audience *self, GError **error);

/* Columns and derived fields, NULL-terminated; borrowed. */
const char *const *audience_fields(const Audience *self);

/* Among the recipients, how many have no value (or only blanks) in `field`; the key, file and line
 * of the first such (borrowed) if there is one. For refusing unguarded fields in one query. */
guint64 audience_without(Audience *self, const char *field, Recipient *first, GError **error);

#endif
