/* classify - what came back: bytes in, Notice out
 *
 * A pure function, thread-safe, linear in the message up to the limits of mail/reader.h; nothing in
 * a message makes it fail. RFC 3464 is read first, then the many formats that are not it;
 * complaints (RFC 5965) before both, auto-replies (RFC 3834) where no failure is reported. Ordinary
 * mail is INBOUND_NONE.
 */
#ifndef BOUNCE_CLASSIFY_H
#define BOUNCE_CLASSIFY_H

#include <glib.h>

#include "evidence/inbound_report.h"

/* Never NULL; free with inbound_report_free. */
InboundReport *classify(const char *bytes, gsize length);

/* The length of the first message where the bytes are an mbox: they begin with its "From " line,
 * and another begins behind a blank line. Else `length`. */
gsize classify_first_length(const char *bytes, gsize length);

#endif
