/* digest_compose - the text of a digest, written line by line (private to lib/letter)
 *
 * digest/digest.c arranges the notices, this writes them, and notes where each line came from.
 */
#ifndef DIGEST_DIGEST_COMPOSE_H
#define DIGEST_DIGEST_COMPOSE_H

#include "digest/digest.h"

typedef struct {
    const char *file;
    guint line;
} Origin;

struct Digest {
    GArray *items;     /* of DigestItem, in their order */
    GPtrArray *groups; /* of char *: headings, "" for none */
    GPtrArray *fields; /* of char *, NULL-terminated */
    GArray *origins;   /* of Origin, one a line of the update */
    GStringChunk *texts;
    GBytes *update;
    char *title;
    Day today;
};

/* Writes the update and its origins; FALSE when an error was added. */
gboolean digest_compose(Digest *self, const DigestSpec *spec, Findings *findings);

#endif
