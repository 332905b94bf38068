/* answering - an answer to a letter's question, proven, understood and counted; or left to a person
 *
 * What a token of ours names, and what says clearly which choice is meant, counts for the school
 * whose letter it answers, whoever wrote it. What a calendar says of an event of a letter that the
 * writer had counts for that school: it names the event by its UID and has no place for a token, so
 * that the address is all that speaks for it (`verified` says so). All else that seems to be an answer waits for a person,
 * with the reason:
 *
 * - a token that isn't ours, or of a letter that doesn't ask that question: it counts for nobody;
 * - no token, but the writer has a letter with a question: a proposal;
 * - the reader of another copy answers with this one's token: either school may be meant;
 * - an event that a calendar accepts or declines for somebody who isn't its reader;
 * - two choices, a condition, words that take something back; what a machine may have written.
 */
#ifndef INBOUND_ANSWERING_H
#define INBOUND_ANSWERING_H

#include "inbound/intake.h"

enum {
    ANSWERING_DAYS = 180
}; /* after a letter, in which one without a token is matched by address */

/* Takes a message as an answer, within the caller's transaction. FALSE in `taken` (and nothing done)
 * when it is none, or when its letter is being sent this moment (result->news is INTAKE_LATER).
 * FALSE with an error of the ledger's. */
gboolean answering_take(const Intake *intake, const IntakeMessage *message, IntakeResult *result,
                        gboolean *taken, GError **error);

#endif
