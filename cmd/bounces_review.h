/* bounces_review - what came back that a person should look at
 */
#ifndef CMD_BOUNCES_REVIEW_H
#define CMD_BOUNCES_REVIEW_H

#include "ledger/inbound_reports.h"
#include "workspace/workspace.h"
#include "ui.h"

/* As comma-separated values: what may be pasted into a list, a line for each successor that an
 * automatic answer names, and for each other notice.
 *
 * Lists what no token proves, what isn't understood, and out-of-office replies that name a
 * successor, each with the text that it came from. */
typedef enum { REVIEW_PEOPLE, REVIEW_JSON, REVIEW_CSV } ReviewForm;
gboolean bounces_review(const Workspace *workspace, ReviewForm form, GError **error);

/* Takes one off the list. */
gboolean bounces_done(const Workspace *workspace, gint64 number, GError **error);

/* A notice as an object, for this list and for history. */
void notice_json(JsonBuilder *json, const InboundRow *row);

#endif
