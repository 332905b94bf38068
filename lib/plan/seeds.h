/* seeds - the people of the office who get a copy of every letter, marked as one
 *
 * The director, the officer: they see what the readers see. A copy is the first reader's letter,
 * marked in its subject, at its top and by a header (letter/letter.h); its key is "seed:ADDRESS".
 * It is a delivery of its own, with its own tokens: to answer it or to stop letters from it
 * concerns the seed, never that reader. Who is a reader too gets the letter only.
 */
#ifndef PLAN_SEEDS_H
#define PLAN_SEEDS_H

#include "workspace/workspace.h"

enum { SEEDS_MAX = 20 };

#define SEED_KEY "seed:" /* what the key of a copy begins with */

typedef struct Seeds Seeds;

/* Those of the config's `seeds`, then of each of the audiences (plan/recipients.h); each address once.
 * CONFIG with the key's line for what is no address, and for over SEEDS_MAX. */
Seeds *seeds_new(const Workspace *workspace, const char *audiences, GError **error);
void seeds_free(Seeds *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Seeds, seeds_free)

/* Notes a reader's address: then it is no seed's. */
void seeds_met(Seeds *self, const char *address);

typedef struct {
    const char *spec;
    const char *audience; /* whose letters it gets; of those that get all, the first */
    guint line;           /* in the config */
} Seed;

/* Those that are left, in order, behind the last one a Seed without `spec`; to be freed with g_free
 * (the texts are the seeds'). */
Seed *seeds_left(const Seeds *self);

#endif
