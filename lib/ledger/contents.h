/* contents - the files that make a letter, frozen with their mailing
 *
 * Bytes are kept by SHA-256: those of equal files once, however many mailings hold them, and read
 * back only if they still have that hash.
 */
#ifndef LEDGER_CONTENTS_H
#define LEDGER_CONTENTS_H

#include <glib.h>

#include "ledger/ledger.h"

/* Freezes a file under a name, within the caller's transaction. `hash` becomes its SHA-256, newly
 * allocated; NULL if it isn't wanted. DATA when the mailing has a file of that name already. */
gboolean contents_add(Ledger *ledger, const Mailing *mailing, const char *name, const char *bytes,
                      gsize length, char **hash, GError **error);

/* The bytes frozen under a name, to be unreffed; checked against their hash: IO when damaged. */
Lookup contents_get(Ledger *ledger, const Mailing *mailing, const char *name, GBytes **bytes,
                    GError **error);

/* The names frozen with the mailing, sorted; NULL-terminated, to be freed with g_strfreev. */
char **contents_names(Ledger *ledger, const Mailing *mailing, GError **error);

#endif
