/* meta - facts about the ledger as a whole, by name
 */
#ifndef LEDGER_META_H
#define LEDGER_META_H

#include <glib.h>

#include "ledger/ledger.h"

/* The fingerprint of the key with which the tokens of this ledger's letters are signed. */
#define META_TOKEN_KEY "token-key"

/* What is to become of the first letters of a mailing (send/wave.h): before the mailing's id. */
#define META_WAVE "wave:"

/* When a digest was last run, or its runs began to be counted (microseconds): before its name. */
#define META_DIGEST_RUN "digest-run:"

/* What cron was told of a mailing (send/told.h): before the mailing's id. */
#define META_TOLD "told:"

/* The value of that name, newly allocated. */
Lookup meta_get(Ledger *ledger, const char *name, char **value, GError **error);

/* Sets it, within the caller's transaction. */
gboolean meta_set(Ledger *ledger, const char *name, const char *value, GError **error);

#endif
