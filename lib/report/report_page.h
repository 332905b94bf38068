/* report_page - figures as a page: the answer first, then whom to call, then everything else
 */
#ifndef REPORT_REPORT_PAGE_H
#define REPORT_REPORT_PAGE_H

#include "report/figures.h"

/* The whole page, of one mailing or of many. */
void report_page_write(GString *out, const Figures *figures);

/* A subject with each {{field}} shown as an ellipsis; newly allocated. */
char *report_page_subject(const char *subject);

/* --- for this folder ------------------------------------------------------------------------- */

/* The sections that hold charts: over time, reasons, by column, by domain. Those without figures
 * are left out. */
void report_page_times(GString *out, const Figures *figures);
void report_page_by(GString *out, const Figures *figures);
void report_page_domains(GString *out, const Figures *figures);
void report_page_reasons(GString *out, const Figures *figures);

#endif
