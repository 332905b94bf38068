/* quoted - the innermost reply that a text quotes
 *
 * A report often wraps what the refusing server said: a gateway's gloss around it ("5.1.0 - Unknown
 * address error 550-'5.7.1 Message refused'"), a relay's sentence before it ("Remote server returned
 * an error -> 550 5.1.1 ..."), a filter's callout ("undeliverable address: host inner said: 550
 * ..."). What the server at the end of that chain said is the reason; the rest are others' guesses.
 */
#ifndef REASON_QUOTED_H
#define REASON_QUOTED_H

/* The last reply within `folded` (scan.h) that stands behind a mark of quotation, at its code or
 * enhanced status code; NULL where the text quotes none. A reply quoted about the sender's address
 * ("sender verify failed: 550 ...") is no reason about the recipient's: NULL, too. */
const char *quoted_innermost(const char *folded);

#endif
