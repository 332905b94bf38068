/* repeat - whether the same letter has gone to some of its readers before
 */
#ifndef PLAN_REPEAT_H
#define PLAN_REPEAT_H

#include "ledger/mailings.h"
#include "workspace/workspace.h"

/* The hash over all that makes a letter: the bundle's files and the frozen settings; newly
 * allocated. */
char *repeat_content_hash(Bundle *bundle, const char *frozen_settings);

/* Whether anything of a mailing has left the state planned. FALSE with error. */
gboolean repeat_is_begun(Ledger *ledger, const Mailing *mailing, gboolean *sent, GError **error);

/* The same letter may have gone to some of these people under other audiences: to "heads" before,
 * and now it is for "heads, ceos". FALSE with USAGE when it did. */
gboolean repeat_check(const Workspace *workspace, Ledger *ledger, const char *audience,
                      Bundle *bundle, GError **error);

/* Whether two mailings have an audience in common, by name. */
gboolean repeat_overlaps(const char *names, const char *others);

#endif
