/* sentence - what a sentence says of a mailbox, a host or a message, whatever its words
 *
 * The tables of phrases (recipients.c and its kin) hold how known servers speak. Others say the same
 * in words of their own: "there is no mailbox of that user on this system", "the storage of this
 * mailbox is used up". A claim is two sets of words, things and what can be said of them; it is made
 * where one of each stands in the same sentence. Asked only where the phrases know nothing.
 */
#ifndef REASON_SENTENCE_H
#define REASON_SENTENCE_H

#include "reason/reason.h"

/* The reason that a text, as scan_fold() gives it, claims; REASON_UNDEFINED for none. */
Reason sentence_reason(const char *folded);

/* Whether a text says that the refusal is for now, or that the server itself can't tell: "try again
 * later", "verification in progress", "not unique", "unknown or full". Nobody is gone then. */
gboolean sentence_doubts(const char *folded);

/* The reason that such a text leaves: the mailbox may be full, or the server could not tell. */
Reason sentence_left(const char *folded);

#endif
