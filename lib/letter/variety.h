/* variety - a handful of recipients in whom a letter shows what it can do
 *
 * Nobody reads 450 previews. Those with the most rows, the longest name or nothing where others
 * have something are where a layout breaks and a sentence ends in the air: one pass over an
 * audience picks them, each with the reasons in words. Memory doesn't grow with the audience, and
 * the same audience gives the same handful.
 */
#ifndef LETTER_VARIETY_H
#define LETTER_VARIETY_H

#include "letter/letter.h"
#include "list/audience.h"

enum {
    VARIETY_MAX = 12,        /* recipients */
    VARIETY_FIELDS_MAX = 64, /* fields that are looked at, those of rows among them */
};

typedef struct {
    guint64 place; /* in the audience, from 0 */
    char *key, *address;
    char *why; /* "first; most rows in schools: 14" */
    const char *file;
    guint line;
    const char *audience; /* interned; NULL until whoever looks at several sets it */
} VarietyPick;

typedef struct Variety Variety;

/* Looks at these fields (NULL-terminated; others are of no account: no letter shows them). */
Variety *variety_new(const char *const *fields);
void variety_free(Variety *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Variety, variety_free)

/* Looks at the next recipient of the audience. */
void variety_see(Variety *self, const Recipient *recipient);

/* The handful, the most telling first: the first recipient; of rows the most, the fewest and none;
 * who has nothing in a field; the longest name and fields; both answers of a flag; one at random.
 * Of Extreme, to be freed with g_ptr_array_unref. */
GPtrArray *variety_choose(const Variety *self);

/* All at once, for the fields that a letter uses; leaves the audience at its end. NULL with error.
 */
GPtrArray *variety_find(Audience *audience, const Letter *letter, GError **error);

/* The one at that place, or NULL. */
const VarietyPick *variety_at(const GPtrArray *extremes, guint64 place);

#endif
