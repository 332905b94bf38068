/* deliveries - the table of copies: one row a recipient, and what became of each
 *
 *   planned ──claim──> sending ──record──> sent | deferred (again at) | refused | unknown
 *   deferred ─claim──> sending                        sent ──later──> bounced | complained
 *
 * Nothing is sent that is not `sending` on record first, and no outcome is told before it is on
 * record. A `sending` row whose process died is not known to have been sent or not: recovery makes
 * it `unknown` unless it is known that the message never left.
 */
#ifndef LEDGER_DELIVERIES_H
#define LEDGER_DELIVERIES_H

#include <glib.h>

#include "ledger/ledger.h"

typedef enum {
    DELIVERY_PLANNED,
    DELIVERY_SENDING,
    DELIVERY_SENT,
    DELIVERY_DEFERRED,
    DELIVERY_REFUSED,
    DELIVERY_UNKNOWN,
    DELIVERY_BOUNCED,
    DELIVERY_COMPLAINED,
    DELIVERY_STATES
} DeliveryState;

/* "planned", "sending" ... ; the word in the ledger, in --json and on the screen. */
const char *delivery_state_name(DeliveryState state);

typedef struct {
    char *mailing;
    guint64 number; /* from 1 within the mailing, in the order of the list */
    char *key;
    char *address;
    char *name;
    char *fields; /* frozen (base/value.h) */
    gsize fields_length;
    DeliveryState state;
    guint attempts;
    int code;       /* last SMTP reply code, or 0 */
    char *enhanced; /* "5.1.1", or "" */
    char *reply;    /* the text of it, or why there is none; one line */
    gint64 changed_at;
    gint64 next_at; /* of a deferred one: not before */
} Delivery;

void delivery_free(Delivery *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Delivery, delivery_free)

/* Adds a planned one (mailing, number, key, address, name, fields are read). */
gboolean deliveries_add(Ledger *ledger, const Delivery *delivery, GError **error);

/* Adds one who was left out, with the reason. */
gboolean exclusions_add(Ledger *ledger, const char *mailing, const char *key, const char *address,
                        const char *reason, const char *file, guint line, GError **error);

/* Moves up to `limit` deliveries that are planned, or deferred and due at `now`, to `sending`, in
 * order of number, and gives them. Own transaction, committed before it returns. To be unreffed. */
GPtrArray *deliveries_claim(Ledger *ledger, const char *mailing, guint limit, gint64 now,
                            GError **error);

/* What became of one that was claimed. `state` is sent, deferred, refused, unknown, or planned for
 * one that was claimed and never tried. */
typedef struct {
    guint64 number;
    DeliveryState state;
    gboolean tried; /* counts as an attempt */
    int code;
    const char *enhanced;
    const char *reply;
    gint64 at, next_at;
} DeliveryResult;

/* Records a batch in one transaction, committed before it returns. */
gboolean deliveries_record(Ledger *ledger, const char *mailing, const DeliveryResult *results,
                           guint count, GError **error);

/* Rows left `sending` by a sender that is no more become `unknown` (own transaction); how many in
 * `count`. The caller holds the mailing's lock. */
gboolean deliveries_recover(Ledger *ledger, const char *mailing, gint64 now, guint64 *count,
                            GError **error);

/* Unknown ones become planned again, for --resend-unknown. */
gboolean deliveries_replan_unknown(Ledger *ledger, const char *mailing, gint64 now, guint64 *count,
                                   GError **error);

/* counts[DELIVERY_STATES] by state. */
gboolean deliveries_count(Ledger *ledger, const char *mailing, guint64 *counts, GError **error);

/* The earliest next_at of the deferred; 0 if there are none. */
gboolean deliveries_next_due(Ledger *ledger, const char *mailing, gint64 *when, GError **error);

/* Calls back with each row, by number; borrowed. FALSE from the callback stops (no error). The
 * callback must not write to the ledger. `state` DELIVERY_STATES means all. */
typedef gboolean (*DeliveryFound)(void *user, const Delivery *delivery);
gboolean deliveries_each(Ledger *ledger, const char *mailing, DeliveryState state,
                         DeliveryFound found, void *user, GError **error);

/* All of one school or person, over every mailing, the latest first: by key or by address. */
gboolean deliveries_history(Ledger *ledger, const char *key_or_address, DeliveryFound found,
                            void *user, GError **error);

typedef gboolean (*ExclusionFound)(void *user, const char *mailing, const char *key,
                                   const char *address, const char *reason, const char *file,
                                   guint line);
gboolean exclusions_each(Ledger *ledger, const char *mailing, ExclusionFound found, void *user,
                         GError **error);
gboolean exclusions_history(Ledger *ledger, const char *key_or_address, ExclusionFound found,
                            void *user, GError **error);

#endif
