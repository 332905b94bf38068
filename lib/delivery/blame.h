/* blame - whether a refusal is about the sender rather than about one recipient
 *
 * A provider that has had enough of an account says so to whichever recipient comes next. Going on
 * would only collect the same answer 450 times, and put 450 heads down as refused who were never
 * asked.
 */
#ifndef DELIVERY_BLAME_H
#define DELIVERY_BLAME_H

#include <glib.h>

/* TRUE if a 4xx or 5xx reply means that this account, address or machine may not send now. */
gboolean reply_blames_sender(int code, const char *enhanced, const char *text);

#endif
