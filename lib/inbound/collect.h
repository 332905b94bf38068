/* collect - the mailbox that bounces come back to, read and applied
 *
 * Each message is fetched, understood (bounce/classify.h), applied (inbound/intake.h), and only when
 * that is on record moved: to imap.processed, or to imap.review where nothing proves it ours or it
 * isn't understood. Stopped at any step and begun again, each is applied once and none is lost.
 * Nothing is ever deleted.
 */
#ifndef INBOUND_COLLECT_H
#define INBOUND_COLLECT_H

#include "imap/inbox.h"
#include "ledger/ledger.h"
#include "workspace/workspace.h"

enum {
    COLLECT_PAUSE_MAX = 600, /* seconds between two attempts to connect, at most */
    COLLECT_IDLE = 15 * 60   /* seconds after which --watch looks even if the server said nothing */
};

typedef struct {
    guint messages;                 /* read and applied */
    guint repeated;                 /* had been applied before */
    guint postponed;                /* left for the next time */
    guint reviews;                  /* moved to imap.review */
    guint bounced, complained;      /* deliveries */
    guint suppressed, unsubscribed; /* addresses */
    guint refused;                  /* failures that mean our server or text */
    guint recorded, successors;
    guint stuck;   /* could not be read or moved: they stay, and are tried again the next time */
    guint settled; /* letters in doubt that what came back proves sent */
    guint answers, answers_doubted; /* to letters' questions: counted; left to a person */
    guint persons; /* left where they lie: no report of ours, in a mailbox that people write to */
} CollectSummary;

typedef struct {
    gboolean watch;               /* goes on until asked to stop, connecting anew when need be */
    gboolean (*stop)(void *user); /* asked often; may be NULL */
    /* Watching: told of a round that applied something, and of a connection that was lost with
     * the pause until the next attempt. May be NULL. */
    void (*round)(void *user, const CollectSummary *summary);
    void (*lost)(void *user, const GError *error, guint seconds);
    /* Watching: told of messages that are stuck, each time there are others. May be NULL. */
    void (*stuck)(void *user, const char *what);
    void *user;
} CollectOptions;

/* Signs in to the mailbox and looks, changing nothing, with no read longer than `seconds`: see
 * inbox_look. CONFIG without imap.host. */
gboolean collect_look(const Workspace *workspace, guint seconds, InboxLook *look, GError **error);

/* Whether people write to the mailbox that is read: it is that of 'from' or 'reply_to', or
 * bounce.address is not set and letters come back to 'from'. Only proven reports are moved there. */
gboolean collect_is_shared(const Workspace *workspace);

/* Reads what there is. A message that can't be read or moved never stops those behind it: TEMPORARY
 * at the end, with what is stuck. TEMPORARY, too, when another process reads the mailbox. What was
 * done is in `summary` also when it fails: CONFIG without imap.host,
 * else as imap/inbox.h and the ledger say. STOPPED when `stop` said so and it wasn't watching. */
gboolean collect_run(const Workspace *workspace, Ledger *ledger, const CollectOptions *options,
                     CollectSummary *summary, GError **error);

#endif
