/* choice - which choice of a question a person means, read from words
 *
 * "Yes please!" is one; "Yes, but not on Mondays" is for a person to read. What is read here is
 * counted for a school, so whatever leaves a doubt is unclear: two choices named, a condition, a
 * question, a word that takes something back.
 */
#ifndef ANSWER_CHOICE_H
#define ANSWER_CHOICE_H

#include "fact/question.h"

typedef enum {
    CHOICE_CLEAR,
    CHOICE_SILENT, /* nothing is said but greetings */
    CHOICE_UNCLEAR
} ChoiceReading;

/* Reads a writer's own words (answer/ownwords.h). Sets `choice` when it is clear. */
ChoiceReading choice_read(const Question *question, const char *words, guint *choice);

/* The choice that these words are, whatever mail programs made of them (question_fold). FALSE if they
 * are none. */
gboolean choice_find(const Question *question, const char *words, guint *choice);

/* Whether words beside a chosen answer take it back ("sorry, wrong button") or put a condition on it
 * ("but only if ..."). Lines that are choices themselves, as the form of an answer has them, may hold
 * any word. */
gboolean choice_is_qualified(const Question *question, const char *words);

#endif
