/* check - everything that is wrong with a letter, or worth knowing, before anything is frozen
 *
 * Joins what plan_prepare() finds with the rules of lib/preflight, over the update, the finished
 * letters of all recipients, the list, the ledger and the sender. Sends nothing, writes nothing.
 */
#ifndef CHECK_CHECK_H
#define CHECK_CHECK_H

#include "base/finding.h"
#include "workspace/workspace.h"

typedef struct {
    const char *update;
    const char *audience; /* "heads", or several: "heads, ceos"; NULL: those that the update names,
                           * as far as the config has them */
    gboolean links;       /* try the links */
    gboolean dns;         /* look up domains */
    void (*progress)(void *user, const char *what, guint64 done, guint64 total); /* may be NULL */
    void *user;
} CheckOptions;

typedef struct {
    char *audience;     /* that was looked at, or NULL; newly allocated */
    guint64 letters;    /* to it, the suppressed left out */
    guint64 silenced;   /* findings that the update's own `allow` took out */
    GPtrArray *variety; /* of Extreme (letter/variety.h): the recipients to look at; or NULL */
} CheckResult;

void check_result_clear(CheckResult *self);

/* Looks at all of it. What is wrong is in `findings`, sorted, those of the update first; FALSE with
 * `error` only when something could not be looked at (a missing config or list, a damaged ledger).
 */
gboolean check_run(const Workspace *workspace, const CheckOptions *options, Findings *findings,
                   CheckResult *result, GError **error);

#endif
