/* mailings - the table of planned letters: what is sent, frozen
 *
 * A mailing is an update, compiled content and an audience, frozen when it is planned. The files
 * that make the letter (update, layouts, theme, images, attachments) are kept in `contents`, by
 * SHA-256, so that later edits change nothing that was planned (ledger/contents.h).
 */
#ifndef LEDGER_MAILINGS_H
#define LEDGER_MAILINGS_H

#include <glib.h>

#include "ledger/contents.h"
#include "ledger/ledger.h"

typedef struct {
    gint64 number; /* within this ledger, from 1: short enough for a token; the ledger gives it */
    char *id;      /* "autumn-update-7c2e91" */
    char *update;  /* the update's path as it was given */
    char *audience;
    char *subject; /* the template of it */
    char *sender;  /* From, as a mailbox */
    char *envelope_sender;
    char *content_hash;    /* over all that makes the letter */
    char *recipients_hash; /* over keys, addresses and frozen fields, in order */
    char *version;         /* of circular */
    char *settings;        /* frozen settings the letter needs, bencode */
    gint64 planned_at;
    guint64 planned; /* deliveries */
    guint64 excluded;
} Mailing;

void mailing_free(Mailing *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Mailing, mailing_free)

/* Adds one, within the caller's transaction (`number` is not read). DATA when the id is
 * taken. */
gboolean mailings_add(Ledger *ledger, const Mailing *mailing, GError **error);

/* Sets `planned`, `excluded` and recipients_hash once the deliveries are in. Within the caller's
 * transaction. */
gboolean mailings_finish(Ledger *ledger, const Mailing *mailing, GError **error);

/* Removes a mailing of which nothing was ever sent, with its deliveries, exclusions and contents,
 * within the caller's transaction. DATA when something was: what happened is never forgotten. */
gboolean mailings_remove(Ledger *ledger, const char *id, GError **error);

/* The one with that id, or with the only id that begins with it; NULL with NOINPUT (and a "did you
 * mean") if there is none, USAGE if several begin so. */
Mailing *mailings_find(Ledger *ledger, const char *id, GError **error);

/* The latest of the same audience name and content hash; NULL without error if there is none. */
Mailing *mailings_find_same(Ledger *ledger, const char *audience, const char *content_hash,
                            GError **error);

/* The latest first; of Mailing, to be unreffed. */
GPtrArray *mailings_all(Ledger *ledger, GError **error);

/* The number of the mailing with exactly that id. NOINPUT if there is none. */
gboolean mailings_number(Ledger *ledger, const char *id, gint64 *number, GError **error);

#endif
