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
#include "ledger/delivery.h"
#include "ledger/ledger.h"

/* The life of a mailing; ledger/lifecycle.h has the ways from one state to another. */
typedef enum {
    MAILING_PLANNED,   /* waits for a person; also after a rehearsal */
    MAILING_SCHEDULED, /* has a time, at which it goes by itself */
    MAILING_HELD,      /* was confirmed, and may still be taken back */
    MAILING_SENDING,   /* begun; goes on by itself after a crash or a lost line */
    MAILING_STOPPED,   /* by a person; goes on only when a person says so */
    MAILING_DONE,      /* nothing is left to send */
    MAILING_WITHDRAWN, /* what had not gone never will */
    MAILING_STATES
} MailingState;
const char *mailing_state_name(MailingState state);     /* "planned", "scheduled" ... */
MailingState mailing_state_from_name(const char *name); /* MAILING_STOPPED for an unknown one */

/* How a mailing is about an earlier one. */
typedef enum {
    MAILING_ALONE,
    MAILING_MISSING,    /* the same letter, to those who had none */
    MAILING_CORRECTION, /* another letter, to those who had it */
    MAILING_REMINDER,   /* another letter, to those of them who didn't answer */
    MAILING_TIES
} MailingTie;
const char *mailing_tie_name(MailingTie tie); /* "", "missing", "correction", "reminder" */
MailingTie mailing_tie_from_name(const char *name);

/* All that the tables of a mailing ask for is its number and, to say which, its id. */
struct Mailing {
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
    MailingState state;    /* as are those below, set by ledger/lifecycle.h only */
    Via via;               /* what its letters go through since one was claimed; else VIA_NOTHING */
    gint64 send_at;        /* not before; 0: at once */
    gint64 follows;        /* number of the mailing that this one is about, or 0 ... */
    MailingTie follows_as; /* ... and how */
};

void mailing_free(Mailing *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Mailing, mailing_free)

/* Adds one, within the caller's transaction, and sets its number. DATA when the id is
 * taken. */
gboolean mailings_add(Ledger *ledger, Mailing *mailing, GError **error);

/* Sets `planned`, `excluded` and recipients_hash once the deliveries are in. Within the caller's
 * transaction. */
gboolean mailings_finish(Ledger *ledger, const Mailing *mailing, GError **error);

/* Removes a mailing of which nothing was ever sent, with its deliveries, exclusions and contents,
 * within the caller's transaction. DATA when something was: what happened is never forgotten;
 * NOINPUT when it was removed since it was found. */
gboolean mailings_remove(Ledger *ledger, const Mailing *mailing, GError **error);

/* The one with that id, or with the only id that begins with it; NULL with NOINPUT (and a "did you
 * mean") if there is none, USAGE if several begin so. */
Mailing *mailings_find(Ledger *ledger, const char *id, GError **error);

/* The one with that number, as another mailing names it (`follows`). */
Lookup mailings_find_number(Ledger *ledger, gint64 number, Mailing **found, GError **error);

/* The latest of the same audience name and content hash that is no correction. */
Lookup mailings_find_same(Ledger *ledger, const char *audience, const char *content_hash,
                          Mailing **found, GError **error);

/* The latest of the same audience name and update that is MAILING_PLANNED. */
Lookup mailings_find_planned(Ledger *ledger, const char *audience, const char *update,
                             Mailing **found, GError **error);

/* The latest first; of Mailing, to be unreffed. */
GPtrArray *mailings_all(Ledger *ledger, GError **error);

/* The number of the mailing with exactly that id, where no more of it is known. NOINPUT if there is none. */
gboolean mailings_number(Ledger *ledger, const char *id, gint64 *number, GError **error);

#endif
