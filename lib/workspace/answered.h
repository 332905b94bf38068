/* answered - what answered('school-support') says of the people of an audience
 *
 * By the ledger, and by the last letter that asked that question of this list and went out, with its
 * reminders and corrections: a letter to this audience or to another of the same list and key, since
 * those who answered are often an audience of their own. A letter to another list asks others, whose
 * keys may be the same by chance.
 */
#ifndef WORKSPACE_ANSWERED_H
#define WORKSPACE_ANSWERED_H

#include "where/whereanswers.h"
#include "workspace/workspace.h"

typedef struct Answered Answered;

/* Opens nothing before it is asked. Both are borrowed. */
Answered *answered_new(const Workspace *workspace, const char *audience);
void answered_free(Answered *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Answered, answered_free)

/* For where/where.h; borrowed. It answers TRUE for a key with an answer that counts; FALSE for one
 * that had the letter and hasn't answered; else it is unknown, as it is with a choice where what was
 * said later waits for a person. No ledger is one without letters. */
const WhereAnswers *answered_asked(const Answered *self);

#endif
