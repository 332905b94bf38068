/* allow - the findings that an update says not to show
 *
 * For the whole update by its front matter, `allow: [capitals]`; for one place by a comment of
 * HTML, which is nowhere in the letter: <!-- circular: allow capitals, link-text -->. Alone on its
 * line it holds for the lines that follow up to the next blank one; at the end of a line, for that
 * line. Within a fenced block it is text like any other.
 */
#ifndef RULES_ALLOW_H
#define RULES_ALLOW_H

#include "base/finding.h"
#include "config/front.h"
#include "rules/rule.h"

enum { ALLOW_MAX = 500 }; /* ids in one update; the rest is not read */

typedef struct Allow Allow;

/* Reads what the update allows. `update` is the whole file, `front` what it begins with. */
Allow *allow_new(const char *file, const char *update, gsize length, const Front *front);
void allow_free(Allow *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Allow, allow_free)

/* A FindingSilencer; `allow` is the Allow. */
gboolean allow_silences(void *allow, const char *file, guint line, const char *id);

/* How many were silenced. */
guint64 allow_silenced(const Allow *self);

/* Adds findings of ids that there are not, that are errors, and that silenced nothing although the
 * run looked for them: `ran[RuleNeeds]`. To be called last. */
void allow_report(const Allow *self, const gboolean *ran, Findings *findings);

#endif
