/* seeds - the people of the office who get a copy of every letter, marked as one
 *
 * The director, the officer: they see what the readers see. A copy is the first reader's letter
 * with its subject marked; its key is "seed:ADDRESS". Who is a reader too gets the letter only.
 */
#ifndef RUN_SEEDS_H
#define RUN_SEEDS_H

#include "run/workspace.h"

enum { SEEDS_MAX = 20 };

typedef struct Seeds Seeds;

/* Those of the config's `seeds`, then of each of the audiences (run/readers.h); each address once.
 * CONFIG with the key's line for what is no address, and for over SEEDS_MAX. */
Seeds *seeds_new(const Workspace *workspace, const char *audiences, GError **error);
void seeds_free(Seeds *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Seeds, seeds_free)

/* Notes a reader's address: then it is no seed's. */
void seeds_met(Seeds *self, const char *address);

/* The addresses that are left, in order; NULL-terminated, to be freed with g_free (they are the
 * seeds'). */
const char **seeds_left(const Seeds *self);

#endif
