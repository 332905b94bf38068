/* report_out - the report as lines, comma-separated values or JSON
 */
#ifndef CMD_REPORT_OUT_H
#define CMD_REPORT_OUT_H

#include "report/report.h"

/* One screen for people. */
void report_say(const Figures *figures);

/* For machines: the schema circular-report/1. */
void report_json(const Figures *figures);

/* A line for each recipient of a mailing, and each who was left out, straight from the ledger; `by`
 * (may be NULL) is a further column. Without a mailing a line for each of `figures`. */
gboolean report_csv(const Workspace *workspace, Ledger *ledger, const Mailing *mailing,
                    const char *by, GError **error);
void report_csv_mailings(const Figures *figures);

#endif
