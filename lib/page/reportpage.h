/* reportpage - figures as a page: the answer first, then whom to call, then everything else
 */
#ifndef PAGE_REPORTPAGE_H
#define PAGE_REPORTPAGE_H

#include "page/figures.h"

/* The whole page, of one mailing or of many. */
void reportpage_write(GString *out, const Figures *figures);

/* A subject with each {{field}} shown as an ellipsis; newly allocated. */
char *reportpage_subject(const char *subject);

/* --- for this folder ------------------------------------------------------------------------- */

/* The sections that hold charts: over time, reasons, by column, by domain. Those without figures
 * are left out. */
void reportpage_times(GString *out, const Figures *figures);
void reportpage_by(GString *out, const Figures *figures);
void reportpage_domains(GString *out, const Figures *figures);
void reportpage_reasons(GString *out, const Figures *figures);

#endif
