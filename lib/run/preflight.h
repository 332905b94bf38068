/* preflight - everything that is wrong with a letter, or worth knowing, before anything is frozen
 *
 * Joins what plan_prepare() finds with the rules of lib/preflight, over the update, the finished
 * letters of all recipients, the list, the ledger and the sender. Sends nothing, writes nothing.
 */
#ifndef RUN_PREFLIGHT_H
#define RUN_PREFLIGHT_H

#include "base/finding.h"
#include "run/workspace.h"

typedef struct {
    const char *update;
    const char *audience; /* "heads", or several: "heads, ceos"; NULL: those that the update names,
                           * as far as the config has them */
    gboolean links;       /* try the links */
    gboolean dns;         /* look up domains */
    void (*progress)(void *user, const char *what, guint64 done, guint64 total); /* may be NULL */
    void *user;
} PreflightOptions;

typedef struct {
    char *audience;     /* that was looked at, or NULL; newly allocated */
    guint64 letters;    /* to it, the suppressed left out */
    guint64 silenced;   /* findings that the update's own `allow` took out */
    GPtrArray *variety; /* of Extreme (run/extremes.h): the recipients to look at; or NULL */
} PreflightResult;

void preflight_result_clear(PreflightResult *self);

/* Looks at all of it. What is wrong is in `findings`, sorted, those of the update first; FALSE with
 * `error` only when something could not be looked at (a missing config or list, a damaged ledger).
 */
gboolean preflight_run(const Workspace *workspace, const PreflightOptions *options,
                       Findings *findings, PreflightResult *result, GError **error);

#endif
