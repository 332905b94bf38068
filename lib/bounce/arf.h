/* arf - complaints: abuse reports in the Abuse Reporting Format (RFC 5965, RFC 6591) and its
 * forerunners
 */
#ifndef BOUNCE_ARF_H
#define BOUNCE_ARF_H

#include <glib.h>

#include "evidence/inbound_report.h"
#include "evidence/evidence.h"

/* Whether the message is a complaint. */
gboolean arf_is(const Evidence *signs);

/* Adds whom the complaint comes from, as far as the report names them, and the kind of feedback. A
 * recipient with an empty address if it names nobody. */
void arf_read(const Evidence *signs, InboundReport *notice);

#endif
