/* readers - the recipients of one or several audiences as one stream, each person once
 *
 * Audiences are named in one text, "heads, ceos": what a mailing has as its audience. Who is in
 * two of them gets the letter of the first that is named, by address as within an audience; the
 * same key with another address gets another letter.
 */
#ifndef RUN_READERS_H
#define RUN_READERS_H

#include "run/workspace.h"

enum { READERS_MAX = 8 }; /* audiences */

/* The names in such a text, to be freed with g_strfreev; and the text of several names. */
char **readers_split(const char *names);
char *readers_join(const char *const *names);

typedef struct Readers Readers;

/* Opens all, with their findings, and checks the letter's fields against each (run/fieldcheck.h).
 * NULL as workspace_audience; USAGE for a name that stands there twice, or over READERS_MAX. */
Readers *readers_open(const Workspace *workspace, const char *names, const Letter *letter,
                      Findings *findings, GError **error);

/* Those of one audience that is open, and stays the caller's. */
Readers *readers_of(Audience *audience, const char *name);
void readers_free(Readers *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Readers, readers_free)

/* Of all together; readers_most is how many letters there are at most. */
guint64 readers_rows(const Readers *self);
guint64 readers_chosen(const Readers *self);
guint64 readers_most(const Readers *self);

typedef struct {
    const Recipient *recipient;
    const char *audience;
    const char *same_as; /* "100003 in heads" has this address too: no letter; else NULL */
} Reader;

/* The next one, audience after audience, borrowed until the next call; NULL at the end or with
 * `error`. readers_rewind starts again. */
const Reader *readers_next(Readers *self, GError **error);
gboolean readers_rewind(Readers *self, GError **error);

/* Who is left out within their own audience; NULL at the end or with `error`. */
const Exclusion *readers_next_excluded(Readers *self, GError **error);

#endif
