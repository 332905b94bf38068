/* flags - fields that are a yes or no, from an SQL expression over the row
 *
 * An expression reads the columns of the list and of what is joined to it, and the derived fields;
 * as everywhere in SQL upper and lower case are alike in names, and where a column and a derived
 * field differ only so, the column is read. A flag can't read another flag. What is neither true
 * nor false (NULL) is no.
 *
 * All flags of a row are asked once, when the list is read. Equal expressions are asked once a row
 * for all, and all share one time limit (where/where.h): hundreds are no trouble.
 */
#ifndef LIST_FLAGS_H
#define LIST_FLAGS_H

#include <glib.h>

#include "base/finding.h"
#include "base/value.h"
#include "list/fieldset.h"
#include "where/wheretally.h"

enum { FLAGS_MAX = 1000 };

typedef struct {
    const char *name;       /* as of a derived field */
    const char *expression; /* where/where.h */
    const char *file;       /* where it stands, for errors and findings */
    guint line;
    gboolean soft; /* a broken expression is an error finding bad-flag, and the flag is no for all,
                    * instead of an error of the call */
    gboolean of_address; /* true for the letter to an address where it is of any of its rows */
} FlagSpec;

typedef struct Flags Flags;

/* Compiles, and adds each name to `fields` as a FIELD_FLAG. `specs` ends with a NULL name and may
 * be NULL; `headings` are the columns as the sheets have them; `answers` as in where/where.h. Findings: error field-name as
 * list/fieldset.h, error bad-flag. NULL with CONFIG "file:line: flag 'x': ..." as where_new, or for
 * over FLAGS_MAX. */
Flags *flags_new(const FlagSpec *specs, const char *const *headings, const WhereAnswers *answers,
                 Fieldset *fields, Findings *findings, GError **error);
void flags_free(Flags *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Flags, flags_free)

guint flags_count(const Flags *self);

/* Whether any expression reads a derived field: flags_ask then wants `map`. */
gboolean flags_want_derived(const Flags *self);

/* Whether any expression asks who has answered: rows then want their key. */
gboolean flags_ask_answers(const Flags *self);

/* Whether any expression reads that column. */
gboolean flags_read(const Flags *self, guint column);

/* Asks all of one row, and appends a '0' or '1' for each to `answers`. The row's cells are the
 * columns'; `map` has the derived fields. FALSE with CONFIG as where_ask. */
gboolean flags_ask(Flags *self, const WhereRow *row, const Value *map, Findings *findings,
                   GString *answers, GError **error);

/* Findings about all rows that were asked about (where/wheretally.h). */
void flags_report(const Flags *self, Findings *findings);

/* Whether any is of_address; and a row's answers joined with those of another with its address. */
gboolean flags_are_of_address(const Flags *self);
void flags_join(const Flags *self, char *answers, const char *others);

/* Sets the flags of a row in its map. */
void flags_set(const Flags *self, const char *answers, Value *map);

#endif
