/* envelope - an envelope as SMTP commands, and whether it can be one
 *
 * The last gate before the wire: whatever the layers above let through, no address that could end a
 * command or begin another gets past here (RFC 5321 section 4.1.2, RFC 6531).
 */
#ifndef DELIVERY_ENVELOPE_H
#define DELIVERY_ENVELOPE_H

#include "delivery/extensions.h"
#include "delivery/transport.h"

enum { ENVELOPE_ADDRESS_MAX = 320 }; /* bytes of an address: 64, "@", 255 */

/* Why a server that offers this can't be given the envelope, newly allocated: an unsafe address, no
 * message, a message over its SIZE, SMTPUTF8 needed and not offered. NULL when it can. `enhanced`
 * (static) is the code that a server would answer. */
char *envelope_unfit(const Envelope *envelope, const Extensions *offered, const char **enhanced);

/* Appends "MAIL FROM:<...>" and "RCPT TO:<...>" with the parameters that are offered and needed.
 * Without the line end. */
void envelope_mail(const Envelope *envelope, const Extensions *offered, GString *out);
void envelope_rcpt(const Envelope *envelope, const Extensions *offered, GString *out);

#endif
