/* typos - domains one slip of the finger away from others
 *
 * A slip is one character more, less or another, or two neighbours exchanged (Damerau-Levenshtein
 * distance 1). Ten thousand domains are compared with ten thousand others in a moment: each is
 * filed under every word that leaving out one character makes of it.
 */
#ifndef RULES_TYPOS_H
#define RULES_TYPOS_H

#include <glib.h>

enum { TYPOS_LENGTH_MIN = 7 }; /* bytes; shorter ones are near to too many */

/* Whether one slip makes one of the other. */
gboolean typos_apart(const char *one, const char *other);

/* The domain that this one was most likely meant to be: a well-known provider, or the same with a
 * right ending. NULL when it looks right. Newly allocated. */
char *typos_meant(const char *domain);

/* The part of a school's domain that an authority gives out ("bham.sch.uk" of
 * "stmarys.bham.sch.uk"), or NULL. Points into `domain`. */
const char *typos_parent(const char *domain);

typedef struct TypoIndex TypoIndex;
TypoIndex *typo_index_new(void);
void typo_index_free(TypoIndex *self);

/* Adds a word, which has to outlive the index. */
void typo_index_add(TypoIndex *self, const char *word);

/* A word of the index one slip away, not the same; NULL if there is none. */
const char *typo_index_find(const TypoIndex *self, const char *word);

#endif
