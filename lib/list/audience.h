/* audience - who gets a letter: a list, filtered, joined, with derived fields, once a person
 *
 * Reads CSV sheets (sheet/sheet.h) into a private temporary database that spills to disk, so that a
 * million rows take no more memory than a thousand. Nobody is dropped silently: who is left out is
 * given with the reason, and every bad row is a finding with file and line.
 */
#ifndef LIST_AUDIENCE_H
#define LIST_AUDIENCE_H

#include <glib.h>

#include "fact/exclusion.h"
#include "base/finding.h"
#include "base/location.h"
#include "base/value.h"
#include "list/fieldset.h"
#include "list/flags.h"
#include "list/child_rows.h"
#include "sheet/sheet.h"

enum {
    AUDIENCE_KEY_MAX = 200,   /* bytes of a key */
    AUDIENCE_EMAILS_MAX = 16, /* columns that hold addresses */
    AUDIENCE_GROUP_MAX = 500, /* rows of one address in a letter */
};

/* A row that `where` doesn't choose, and which parts of it are false or unknown ("FSM > 30 is
 * unknown (FSM is '..')"). */
typedef struct {
    const char *key, *why, *file;
    guint line;
} Unchosen;

/* Called with each while the list is read. */
typedef struct {
    void (*unchosen)(void *user, const Unchosen *row);
    void *user;
} AudienceWatch;

typedef struct {
    const char *name;
    SheetSpec sheet;
    SheetSpec join;      /* .file is NULL when there is none */
    const char *join_on; /* the column that both have; rows without a partner keep empty cells */
    const char *key;     /* the column or derived field that names a row for good, "URN" */
    const char *const *email;  /* columns or derived fields with an address each, NULL-terminated */
    const char *to_name;       /* Mustache for the display name of To, or NULL */
    const char *label, *phone; /* list/caption.h; NULL for what the columns suggest */
    const char *where;         /* SQL over the columns (where/where.h), or NULL for all */
    const FieldSpec *fields;   /* ends with a NULL name; may be NULL */
    const FlagSpec *flags;     /* the same */
    const ChildRowsSpec *many; /* the same */
    gboolean groups;         /* all rows of an address stand in its letter, as the rows in 'rows' */
    const char *config_file; /* where this stands, for findings */
    guint where_line, key_line, email_line, join_line, to_name_line, label_line, phone_line,
        group_line;
    const AudienceWatch *watch; /* NULL for none */
    const WhereAnswers
        *answers; /* for answered() in where and flags, while it is read; NULL: it can't
                                  * be asked */
} AudienceSpec;

/* The field that holds the rows of an address (AudienceSpec.groups). */
#define AUDIENCE_ROWS "rows"

typedef struct Audience Audience;

/* Reads and checks everything. NULL with `error` when a file can't be read or isn't CSV at all
 * (sheet/sheet.h), a column that the audience names isn't there (DATA, with a "did you mean"), it
 * has no key or no email (CONFIG), `where` or a flag is no safe expression (where/where.h,
 * list/flags.h), rows can't be had (list/child_rows.h, or CONFIG for over CHILD_ROWS_MAX), or the temporary
 * file fails (IO). Otherwise an audience, with what is wrong in `findings`: those of sheet/sheet.h,
 * list/join.h, list/fieldset.h, list/flags.h, list/child_rows.h, and
 *
 *   error   no-key         a chosen row without a key
 *   error   bad-key        a key over AUDIENCE_KEY_MAX or with a line end
 *   note    same-key       a chosen row that says the same as another: it is one
 *   error   same-key       two chosen rows with one key; it names both lines. A later one without
 *                          any address is an exclusion only
 *   warning bad-address    no letter, an exclusion; two addresses in one cell too
 *   warning no-address     no letter, an exclusion
 *   warning same-address   one letter, to the first in the list; the other is an exclusion; a note
 *                          where its row stands in that letter
 *   note    same-address   within one row
 *   warning join-column    a column that both sheets have: the list's is used
 *   warning join-none      `where` chose rows that have no partner: how many, and the first
 *   note    join-unused    partners that no row of the list asks for: how many, and the first
 *   warning nobody         no row was chosen
 *
 * and what `where` and the flags found in all rows (where/wheretally.h).
 *
 * Errors stop a plan; they are the caller's to heed (findings_pass). */
Audience *audience_open(const AudienceSpec *spec, Findings *findings, GError **error);
void audience_free(Audience *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Audience, audience_free)

typedef struct {
    const char *key;
    const char *address; /* as it goes into the envelope: domain in ASCII */
    const char *name;    /* for the To header, on one line; may be "" */
    const Value *fields; /* every column, derived field, flag and rows, a map */
    const char *file;    /* where the row stands */
    guint line;
    const char *label, *phone; /* what a person calls the row, and where to call; may be "" */
    const Audience *audience;  /* whose it is; NULL for one that was made up */
    guint joined_line;         /* of the row that is joined to it, or 0 */
    const char *email;         /* the field that its address stands in; NULL for one made up */
} Recipient;

/* Where the value of a field stands: its cell, in the list or in the joined sheet; the row for what
 * is no column. */
Location recipient_location(const Recipient *self, const char *field);

/* Gives the next recipient in the order of the list, borrowed until the next call; NULL at the end
 * or with `error`. audience_rewind starts again, with all, and with who is left out. */
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
    ExclusionKind kind;
    const char *detail; /* fact/exclusion.h */
    Location at;        /* where the fault stands, in the joined sheet if it is there */
    guint row;          /* the line of the row in the list */
    const char *name;   /* as Recipient.name; "" where it can't be made */
    const char *label, *phone;
} Exclusion;

/* The next one in the order of the list, borrowed until the next call; NULL at the end or with
 * `error`. */
const Exclusion *audience_next_excluded(Audience *self, GError **error);

/* Columns, derived fields, flags and rows, NULL-terminated; borrowed. */
const char *const *audience_fields(const Audience *self);

/* What a field is; FALSE for an unknown one. */
gboolean audience_field_kind(const Audience *self, const char *field, FieldKind *kind);

/* Among the recipients, how many have no value (or only blanks) in `field` - all of them when there
 * is no such field; nobody lacks a flag -; and the key, file and line of the first such (borrowed,
 * the rest is empty; recipient_location gives the cell) if there is one. The first call reads all recipients, those after it are free.
 */
guint64 audience_without(Audience *self, const char *field, Recipient *first, GError **error);

/* Two joined rows of one key that differ in a field, of which the first is used: the key (borrowed),
 * and where the second stands. NULL when there are none. */
const char *audience_ambiguous(const Audience *self, const char *field, Location *at);

/* Where the rows of an address are grouped (AudienceSpec.groups): among all rows that stand in
 * letters, how many have no value in `field`; key, file and line of the first as audience_without. 0
 * where they aren't grouped. Each call reads all. */
guint64 audience_rows_without(Audience *self, const char *field, Recipient *first, GError **error);

/* A row that has no letter because an earlier one of the list has the same address: the fields of
 * both, which are borrowed until it returns. FALSE stops. */
typedef struct {
    const char *address, *file, *key, *first_key;
    guint line;
    const Value *fields, *first_fields;
} AudienceTwin;
typedef gboolean (*AudienceTwinFound)(void *user, const AudienceTwin *twin);

/* Calls back with each; with none where the rows of an address are grouped. FALSE with `error`. */
gboolean audience_each_twin(Audience *self, AudienceTwinFound found, void *user, GError **error);

/* The rows in a field (list/child_rows.h: columns, counts, which lack a value); NULL when it holds none.
 * Borrowed. */
ChildRows *audience_many(const Audience *self, const char *field);

#endif
