/* enrol_parts - what the files enrol*.c share; private to them
 */
#ifndef LIST_ENROL_PARTS_H
#define LIST_ENROL_PARTS_H

#include "list/enrol.h"
#include "list/partners.h"
#include "list/where.h"

typedef struct {
    const AudienceSpec *spec;
    Findings *findings;
    Sheet *sheet, *join;
    GPtrArray *columns; /* of both sheets; borrowed, NULL-terminated */
    GArray *wanted;     /* of guint: the partner's columns that are among them */
    guint join_on;      /* in the list */
    Fieldset *fields;
    guint key, emails[AUDIENCE_EMAILS_MAX], n_emails; /* among the fields */
    gboolean derives; /* one of these is derived, or a flag reads such a field */
    Flags *flags;
    Where *where;
    Partners *partners;
    Roster *roster;
    const char **cells; /* the row: list, then partner */
    GString *packed, *answers;
    guint64 rows, chosen, alone; /* alone: chosen without a partner */
    guint alone_line;
    char *alone_value;
} Enrol;

/* Opens the sheets and notes their columns; `partner_on` is the second sheet's that joins. */
gboolean enrol_open(Enrol *self, guint *partner_on, GError **error);

/* Finds the key and the addresses among the fields. */
gboolean enrol_find_fields(Enrol *self, GError **error);

#endif
