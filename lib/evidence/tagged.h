/* tagged - a subject without what the office's own gateway put before it
 *
 * Councils' gateways mark mail from outside: "[EXTERNAL] Re: ...", "EXT: ...", "{External} ...". The
 * mark says nothing of the writer; what stands behind it does.
 */
#ifndef EVIDENCE_TAGGED_H
#define EVIDENCE_TAGGED_H

#include <glib.h>

/* The subject, folded (scan.h), behind its marks. */
const char *tagged_skip(const char *folded);

/* Whether "Re:", "Fwd:" or the like, in any of the languages that mail programs speak, begins the
 * subject behind its marks. */
gboolean tagged_is_reply(const char *folded);

/* The subject behind all of these and behind whatever else stands in brackets: "[spam?] AW: {ticket 7}
 * unsubscribe" is "unsubscribe". For words that a token beside them proves. */
const char *tagged_bare(const char *folded);

#endif
