/* report_parts - what the parts of report/report share (private to lib/report)
 */
#ifndef REPORT_REPORT_PARTS_H
#define REPORT_REPORT_PARTS_H

#include "report/gateways.h"
#include "report/report.h"

typedef struct {
    const Workspace *workspace;
    Ledger *ledger;
    const ReportWanted *wanted;
    TallyScope scope;
    Figures *figures;
    Gateways *gateways; /* whose filters refuse us again and again */
} ReportWork;

/* outcomes, returns and their steps. */
gboolean report_times(ReportWork *self, GError **error);

/* reasons, calls, others, slowest, most tried, and the count of those left out. */
gboolean report_people(ReportWork *self, GError **error);

/* by, by_note, by_rows. */
gboolean report_by(ReportWork *self, GError **error);

#endif
