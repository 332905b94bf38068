/* reportproof - whether a message is a report of a delivery at all
 *
 * People write of letters that did not arrive, forward reports and ask about them; shops return
 * parcels. The less a message looks like a machine's, the more it has to prove.
 */
#ifndef BOUNCE_REPORTPROOF_H
#define BOUNCE_REPORTPROOF_H

#include "bounce/report_text.h"
#include "evidence/evidence.h"

/* `format` may be NULL; `dsn` holds what dsn_read() found, `report` what the words say. */
gboolean reportproof_holds(const Evidence *signs, const ReportFormat *format, const GPtrArray *dsn,
                           const ReportText *report);

#endif
