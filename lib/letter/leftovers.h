/* leftovers - what programs left in the values that a letter shows, counted by field
 *
 * Looks at what each recipient's letter would show, rows of other lists included. A doubt is told
 * once a field, with how many there are and where the first stands: a thousand times TBC is one
 * thing to look at.
 */
#ifndef LETTER_LEFTOVERS_H
#define LETTER_LEFTOVERS_H

#include "base/finding.h"
#include "letter/leftover.h"
#include "letter/letter.h"
#include "list/audience.h"

typedef struct Leftovers Leftovers;

/* Borrows the letter. */
Leftovers *leftovers_new(const Letter *letter);
void leftovers_free(Leftovers *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Leftovers, leftovers_free)

/* Notes what there is in one recipient's values, key and name. With an error among it TRUE, what the
 * first is: "the value of 'Head' is '#N/A'", newly allocated, and where that stands (borrows from
 * the recipient). */
gboolean leftovers_look(Leftovers *self, const Recipient *recipient, char **said, Location *at);

/* Adds a warning value-leftover for each field with doubts. */
void leftovers_report(const Leftovers *self, Findings *findings);

#endif
