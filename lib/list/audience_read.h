/* audience_read - reads an audience's list into a roster: joins, filters, tries each key and address
 */
#ifndef LIST_AUDIENCE_READ_H
#define LIST_AUDIENCE_READ_H

#include "list/audience.h"
#include "list/fieldset.h"
#include "list/flags.h"
#include "list/child_rows.h"
#include "list/join.h"
#include "list/roster.h"

typedef struct {
    Fieldset *fields; /* the caller's, as is all below; settled */
    Flags *flags;
    GPtrArray *many; /* of Many, and */
    GArray *matches; /* of guint: the place of the field that each goes by */
    Roster *roster;  /* each row's cells: the columns, then the flags' answers as one */
    guint64 rows, chosen;
    char *shown, *joined; /* how findings call the sheets; the second is NULL for none */
    WhereColumn *columns; /* where the cells of each column stand */
    guint *emails;        /* by place of a letter: the field that its address stands in */
    JoinDiffer *differs;  /* one a column: joined rows of one key that differ in it */
} AudienceRead;

/* Errors and findings as audience_open. */
gboolean audience_read(const AudienceSpec *spec, Findings *findings, AudienceRead *result,
                       GError **error);

#endif
