/* slips - domains one slip of the finger away from others
 *
 * A slip is one character more, less or another, or two neighbours exchanged (Damerau-Levenshtein
 * distance 1). Ten thousand domains are compared with ten thousand others in a moment: each is
 * filed under every word that leaving out one character makes of it.
 */
#ifndef PREFLIGHT_SLIPS_H
#define PREFLIGHT_SLIPS_H

#include <glib.h>

enum { SLIPS_LENGTH_MIN = 7 }; /* bytes; shorter ones are near to too many */

/* Whether one slip makes one of the other. */
gboolean slips_apart(const char *one, const char *other);

/* The domain that this one was most likely meant to be: a well-known provider, or the same with a
 * right ending. NULL when it looks right. Newly allocated. */
char *slips_meant(const char *domain);

/* The part of a school's domain that an authority gives out ("bham.sch.uk" of
 * "stmarys.bham.sch.uk"), or NULL. Points into `domain`. */
const char *slips_parent(const char *domain);

typedef struct SlipIndex SlipIndex;
SlipIndex *slip_index_new(void);
void slip_index_free(SlipIndex *self);

/* Adds a word, which has to outlive the index. */
void slip_index_add(SlipIndex *self, const char *word);

/* A word of the index one slip away, not the same; NULL if there is none. */
const char *slip_index_find(const SlipIndex *self, const char *word);

#endif
