/* settle - letters in doubt, looked for among the copies that a server files of what it takes
 *
 * Where the answer to a letter was lost, the server may have taken it; one that files a copy of what
 * it takes (Microsoft 365, Google Workspace) proves then that it did. The folder of sent mail is read
 * from the day before the oldest doubt on, the headers of its messages only, and compared here:
 * servers don't index our header, and some give letters another Message-ID. A copy is believed that
 * names the delivery (X-Circular-Delivery), holds our signature for that very one (mail/token.h) and
 * went to its recipient. Such a letter becomes `sent`, with the proof on record; all others stay
 * unknown, with what was looked at. Absence proves nothing, and nothing is sent by it.
 */
#ifndef INBOUND_SETTLE_H
#define INBOUND_SETTLE_H

#include "imap/inbox.h"
#include "ledger/mailings.h"
#include "ledger/settlements.h"
#include "workspace/workspace.h"

enum {
    SETTLE_DAYS = 30,             /* that a doubt is looked for where no mailing is named */
    SETTLE_MESSAGES_MAX = 100000, /* looked at in one run, those of the earliest first */
    SETTLE_BREAKS_MAX = 12,       /* connections that may be lost in one run */
    SETTLE_SAMPLE = 200           /* the latest messages that settle_try looks at */
};

/* A letter that was in doubt, and what has become of that. */
typedef struct {
    gint64 mailing; /* its number */
    guint64 number;
    char *id, *key, *label, *address;
    Settlement found; /* owned texts but for mailbox and folder, which are the summary's */
    gboolean is_sent;
    gint64 in_doubt_at;
} SettleLetter;

typedef struct {
    char *mailbox, *folder; /* "director@example.org", "Sent"; NULL where it wasn't looked */
    guint32 uidvalidity;
    gint64 since;        /* the day from which messages were looked at */
    guint there, looked; /* messages of those days, and those that could be looked at */
    guint sent, left;    /* letters: proven sent; still in doubt */
    GPtrArray *letters;  /* of SettleLetter, by mailing and number */
} SettleSummary;

void settle_summary_clear(SettleSummary *summary);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SettleSummary, settle_summary_clear)

/* Looks for the letters in doubt of one mailing, or (NULL) for those of all that fell into doubt in
 * the last SETTLE_DAYS. What was found is on record, in one transaction, also when it fails then; that
 * something wasn't found only when the folder was read to its end (or to SETTLE_MESSAGES_MAX). Without a doubt no server is asked.
 * `stop` (may be NULL) is asked between messages. CONFIG without a mailbox or a folder to look at,
 * TEMPORARY when another process does, STOPPED when `stop` said so, else as imap/inbox.h and the
 * ledger say; a message that can't be read stops nothing, and is not among those looked at. */
gboolean settle_run(const Workspace *workspace, Ledger *ledger, const Mailing *mailing,
                    gboolean (*stop)(void *user), void *user, SettleSummary *summary,
                    GError **error);

/* What this setup can prove. */
typedef struct {
    InboxLook look;
    char *folder;
    gboolean is_marked; /* by the server */
    guint looked;       /* messages of the last SETTLE_DAYS, at most SETTLE_SAMPLE */
    guint ours;         /* those that hold a signature of this ledger's */
} SettleTrial;

/* Signs in and looks at the latest copies, with no read longer than `seconds`; changes nothing. FALSE
 * with errors as of settle_run, and how far it came in `trial`. */
gboolean settle_try(const Workspace *workspace, guint seconds, SettleTrial *trial, GError **error);
void settle_trial_clear(SettleTrial *trial);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SettleTrial, settle_trial_clear)

#endif
