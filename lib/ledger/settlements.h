/* settlements - the table of letters in doubt: what proves that one was sent, or where it was looked
 * for in vain
 *
 * A row a delivery that was `unknown` once, made when somebody looks for it, when what comes back
 * proves it, or when a person has it sent again. A proof makes the delivery `sent`; what was not
 * found proves nothing, and never writes over a proof.
 */
#ifndef LEDGER_SETTLEMENTS_H
#define LEDGER_SETTLEMENTS_H

#include "ledger/delivery.h"

typedef enum {
    SETTLEMENT_NONE,          /* nobody has looked */
    SETTLEMENT_NOT_FOUND,     /* no copy is filed where it was looked for */
    SETTLEMENT_NOT_PROVEN,    /* a message there names it, without a signature of ours for it */
    SETTLEMENT_OTHER_ADDRESS, /* a copy of it there went to another address than its recipient's */
    SETTLEMENT_COPY,          /* its copy is filed in the mailbox that it was sent from */
    SETTLEMENT_REPORT,        /* a server's or a reader's report on it came back */
    SETTLEMENT_ANSWER,        /* its reader answered it */
    SETTLEMENT_KINDS
} SettlementKind;

/* "", "not-found", "not-proven", "other-address", "copy", "report", "answer". */
const char *settlement_kind_name(SettlementKind kind);

/* Whether it proves that the letter was sent. */
gboolean settlement_is_proof(SettlementKind kind);

/* Texts may be NULL for "", and are the caller's. */
typedef struct {
    SettlementKind kind;
    gint64 at;                /* when that was found, or looked for */
    const char *mailbox;      /* "director@example.org", of the next four */
    const char *folder;       /* in UTF-8, as the server calls it */
    guint32 uidvalidity, uid; /* of the message; uid 0 where there is none */
    const char *message_id;   /* that the copy has there, or "" */
    guint copies;             /* of the letter that are filed there */
    guint there, looked;      /* messages filed since `since`, and how many were looked at */
    gint64 since;             /* 0 where it wasn't looked for */
    gint64 notice;            /* of a report: ledger/inbound_reports.h; else 0 */
    gint64 resent_at;         /* when a person had it sent again; 0: nobody has */
} Settlement;

/* For people, "its copy is in the folder 'Sent' of director@example.org (message 12)"; "" where
 * nobody has looked. Newly allocated. */
char *settlement_said(const Settlement *self);

/* The same with texts of its own, to be cleared; of one that has none of its own nothing is kept. */
Settlement settlement_copy(const Settlement *self);
void settlement_clear(Settlement *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Settlement, settlement_clear)

/* Puts what was found of a letter without proof on record, within the caller's transaction; where
 * there is a proof it stays. */
gboolean settlements_look(Ledger *ledger, gint64 mailing, guint64 delivery, const Settlement *found,
                          GError **error);

/* A delivery that is in doubt becomes `sent`, with the proof, within the caller's transaction: one
 * that is unknown, or that waits to be sent again after it was. Any other stays as it is, and
 * `changed` (may be NULL) is FALSE. A stopped mailing of which nothing is left to go is done then.
 * `enhanced` and `reply` are what was said, or "". What the
 * delivery's reader has it by is kept, where the proof says it and it isn't our own. */
gboolean settlements_prove(Ledger *ledger, gint64 mailing, guint64 delivery,
                           const Settlement *proof, const char *enhanced, const char *reply,
                           gboolean *changed, GError **error);

/* All that are unknown of a mailing are to be sent again by a person's choice, within the caller's
 * transaction: that is on record before they are planned again. */
gboolean settlements_resend(Ledger *ledger, gint64 mailing, gint64 now, GError **error);

/* The numbers of a mailing's deliveries that a person had sent again; a set of GUINT_TO_POINTER, to
 * be unreffed. NULL with error. */
GHashTable *settlements_resent(Ledger *ledger, gint64 mailing, GError **error);

/* Calls back with each delivery that is in doubt, of one mailing or (0) of all, whose state is of
 * `since` or later; by mailing and number; borrowed. FALSE from the callback stops (no error). The
 * callback must not write to the ledger, nor call this again. */
typedef gboolean (*DoubtFound)(void *user, gint64 mailing, const Delivery *delivery);
gboolean settlements_doubts(Ledger *ledger, gint64 mailing, gint64 since, DoubtFound found,
                            void *user, GError **error);

/* What is on record of one delivery, borrowed until the callback returns; kind SETTLEMENT_NONE where
 * nothing is. */
typedef void (*SettlementFound)(void *user, const Settlement *settlement);
gboolean settlements_of(Ledger *ledger, const char *mailing, guint64 delivery,
                        SettlementFound found, void *user, GError **error);

/* How many letters of a mailing and those that follow it for who missed it, or (0) of all that were
 * planned at `since` or later, are sent as a proof says, and not as a server answered. */
gboolean settlements_count(Ledger *ledger, gint64 mailing, gint64 since, guint64 *count,
                           GError **error);

/* --- for this folder ------------------------------------------------------------------------- */

#define SETTLEMENT_COLUMNS                                                                         \
    "coalesce(s.kind, ''), coalesce(s.at, 0), coalesce(s.mailbox, ''), coalesce(s.folder, ''), "   \
    "coalesce(s.uidvalidity, 0), coalesce(s.uid, 0), coalesce(s.message_id, ''), "                 \
    "coalesce(s.copies, 0), coalesce(s.there, 0), coalesce(s.looked, 0), coalesce(s.since, 0), "   \
    "coalesce(s.notice, 0), coalesce(s.resent_at, 0) "
enum { SETTLEMENT_COLUMNS_COUNT = 13 };
#define SETTLEMENT_JOIN                                                                            \
    "LEFT JOIN settlements s ON s.mailing = d.mailing AND s.delivery = d.number "

/* The settlement whose columns begin with that one; borrows its texts from the row. */
Settlement settlement_from_row(struct Statement *row, int first);

#endif
