/* report - what became of a mailing, or of all of a year, gathered from the ledger into figures
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "ledger/mailings.h"
#include "ledger/tallies.h"
#include "report/figures.h"
#include "workspace/workspace.h"

typedef struct {
    const Mailing *mailing; /* NULL: all that were planned at `since` or later */
    gint64 since;
    const char *by; /* a field by which to count too, or NULL; of one mailing only */
} ReportWanted;

/* Gathers in one view of the ledger. USAGE when the letter did not freeze the field `by` and the
 * audience's list of today has no such column; what fails when that list is read comes as it is.
 * Nothing of a list is read unless it has to be. */
Figures *report_gather(const Workspace *workspace, Ledger *ledger, const ReportWanted *wanted,
                       GError **error);

/* What became of one copy that did not arrive, or why somebody was left out; never NULL, static. */
const Meaning *report_meaning(const TallyTrouble *trouble);

/* The same of a report that came back. */
const Meaning *report_meaning_of_reply(const char *enhanced, const char *reason, const char *reply);

/* Whether what a server said means our server or our letter, not the recipient. */
gboolean report_is_refusal(int code, const char *enhanced, const char *reply);

/* The same as a sentence that says what is known of this one: "their server was too busy, tried 3
 * times". Newly allocated. */
char *report_why(const TallyTrouble *trouble, const Meaning *meaning);

/* What a server said, or why the plan left them out; newly allocated. */
char *report_said(const TallyTrouble *trouble);

/* What to do next about it; "" if nothing. Newly allocated. */
char *report_advice(const TallyTrouble *trouble, const Meaning *meaning);

#endif
