/* sample - which recipients are looked at when there are too many to look at all
 *
 * Where a merge goes wrong it does so at the edges: the longest name, the cell that is empty. A
 * sample holds those, and others by chance, the same ones every time.
 */
#ifndef GALLERY_SAMPLE_H
#define GALLERY_SAMPLE_H

#include "letter/letter.h"
#include "list/audience.h"

enum { SAMPLE_SEED = 1870 }; /* of the chance: any fixed number */

typedef struct {
    guint64 place; /* of the recipient in the order of the list, from 0 */
    char *why;     /* "longest name: 54 letters" */
} SamplePick;

/* Chooses the extremes (letter/variety.h), and others by chance until there are `count`, or all where
 * there aren't more. Reads the whole audience and rewinds it. An array of SamplePick in the order
 * of the list; NULL with `error`. To be freed with g_array_unref. */
GArray *sample_choose(const Letter *letter, Audience *audience, guint count, GError **error);

#endif
