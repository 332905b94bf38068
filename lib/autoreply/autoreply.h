/* autoreply - letters that machines answer: out of office, acknowledgements, challenges (RFC 3834)
 *
 * RFC 3834's header where it is present; but many responders set none, so the subject and the first
 * words are read too, in the languages of away.c.
 */
#ifndef AUTOREPLY_AUTOREPLY_H
#define AUTOREPLY_AUTOREPLY_H

#include <glib.h>

#include "evidence/inbound_report.h"
#include "evidence/evidence.h"

/* INBOUND_AUTO_REPLY, INBOUND_CHALLENGE or INBOUND_NONE. `is_guess` says whether no machine's mark proves
 * it: a header of responders, a null return path, a machine's subject with no letter quoted below, or
 * its own word ("this is an automated reply"). */
InboundKind autoreply_kind(const Evidence *signs, gboolean *is_guess);

/* The writer's own words up to a quoted letter, at most `limit` bytes; newly allocated. */
char *autoreply_own_words(const Evidence *signs, gsize limit);

/* Whether headers or subject leave no doubt, so that words about failed deliveries in it mean
 * nothing. */
gboolean autoreply_is_certain(const Evidence *signs);

/* Adds the writer, and the successor whom a writer who has left names, if any. */
void autoreply_read(const Evidence *signs, InboundReport *notice, InboundKind kind);

/* ---- away.c, awaywords.c, responders.c ---- */

extern const char *const AWAY_SUBJECTS[];      /* begin a subject, or stand in brackets */
extern const char *const AWAY_SUBJECT_HINTS[]; /* likewise, but people begin theirs so, too */
extern const char *const UNTIL_WORDS[];        /* behind those: until when */
extern const char *const AWAY_SUBJECT_WORDS[]; /* anywhere in a subject */
extern const char *const AWAY_WORDS[];         /* early in the words */
extern const char *const RECEIPT_WORDS[];      /* likewise, but only of an answer */
extern const char *const PERSONAL_WORDS[];     /* likewise, of people who answer the letter */
extern const char *const MACHINE_WORDS[]; /* anywhere in the words: "this is an automated reply" */
extern const char *const CHALLENGE_WORDS[];
extern const char *const LEFT_WORDS[]; /* the writer has left for good */

#endif
