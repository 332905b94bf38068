/* join - the rows of a second sheet, found by the value of one column
 *
 * The office's own "URN,email" beside the register's extract. Kept in a scratch database.
 */
#ifndef LIST_JOIN_H
#define LIST_JOIN_H

#include <glib.h>

#include "base/finding.h"
#include "sheet/sheet.h"
#include "sql/database.h"

typedef struct Join Join;

/* Two rows of one value that a chosen row asks for, and that differ in a wanted cell. */
typedef struct {
    char *value; /* NULL: there are none */
    guint line, first_line;
} JoinDiffer;

/* Reads the sheet, whose column number `on` holds the value that is looked for, exactly as it is
 * (cells come trimmed). Keeps the columns that `wanted` numbers. Findings beside the sheet's own:
 *   warning join-empty   a row without a value
 * NULL with what sheet_read or the scratch database says. */
Join *join_new(Sheet *sheet, guint on, const guint *wanted, guint n_wanted, Findings *findings,
               GError **error);
void join_free(Join *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Join, join_free)

/* The wanted cells of the row with that value in `cells`, borrowed until the next call, and its
 * line; or empty ones, and 0. FALSE with IO. */
gboolean join_find(Join *self, const char *value, const char **cells, guint *line, GError **error);

/* The row that was found last belongs to one that was chosen. */
void join_choose(Join *self);

/* To be called once, after the last join_find. Of rows with one value the first is used; where a
 * chosen row asks for it:
 *   error   join-twins   they differ in a cell for which `matters` gives TRUE (NULL: in any)
 *   warning join-twins   they differ in others
 *   note    join-twins   they say the same: how many
 * Addresses differ not by their case. FALSE with IO. */
typedef gboolean (*JoinMatters)(void *user, guint wanted);
gboolean join_report_twins(Join *self, JoinMatters matters, void *user, GError **error);

/* Of a wanted cell, the first two rows that differ in it; borrowed. */
const JoinDiffer *join_differ(const Join *self, guint wanted);

/* What to say of a value that only looks like another, in brackets; newly allocated. */
char *join_near_hint(const char *value, const char *near);

/* What a table has, by `sql` whose condition is JOIN_NEAR, that looks like the value; as join_near. */
#define JOIN_NEAR                                                                                  \
    "ltrim(value, '0') = ltrim($1, '0') OR value = $1 || '.0' OR value || '.0' = $1 OR "           \
    "lower(value) = lower($1) "
gboolean join_near_in(Database *db, const char *sql, const char *value, char **near,
                      GError **error);

/* What a partner has that is the value but for leading zeros, ".0" at the end or upper and lower case,
 * as programs change a key; NULL for none. Newly allocated. FALSE with error. */
gboolean join_near(Join *self, const char *value, char **near, GError **error);

/* How many rows nobody asked for yet, and the line and value (newly allocated) of the first of
 * them; 0 when all were. FALSE with IO. */
gboolean join_unused(Join *self, guint64 *count, guint *line, char **value, GError **error);

#endif
