/* delivery - one recipient's copy of a mailing, its states, and a row of it
 *
 *   planned ──claim──> sending ──record──> sent | deferred (again at) | refused | unknown
 *   deferred ─claim──> sending                        sent ──later──> bounced | complained
 */
#ifndef LEDGER_DELIVERY_H
#define LEDGER_DELIVERY_H

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

/* No deferred delivery waits longer, in microseconds: one that seems to was written down by a clock
 * that was far ahead, and is due. */
#define DELIVERY_PAUSE_MAX (5 * 3600 * (gint64)G_USEC_PER_SEC)

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
    gint64 next_at;  /* of a deferred one: not before; else 0 */
    gint64 first_at; /* when it was first claimed and then tried; 0 before */
} Delivery;

/* All of it anew. */
Delivery *delivery_copy(const Delivery *self);

void delivery_free(Delivery *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Delivery, delivery_free)

/* --- for this folder ------------------------------------------------------------------------- */

struct Statement;

#define DELIVERY_COLUMNS                                                                           \
    "mailings.id, d.number, d.key, d.address, f.name, f.fields, d.state, d.attempts, d.code, "     \
    "d.enhanced, d.reply, d.changed_at, d.next_at, d.first_at "
#define DELIVERY_TABLES                                                                            \
    "deliveries d JOIN mailings ON mailings.number = d.mailing "                                   \
    "JOIN delivery_fields f ON f.mailing = d.mailing AND f.number = d.number "

/* The delivery of a row of DELIVERY_COLUMNS. Borrows its texts from the row: not to be freed. IO
 * when the state is none that we know. */
gboolean delivery_from_row(Ledger *ledger, struct Statement *row, Delivery *delivery,
                           GError **error);

/* The state of that name; IO when there is none. */
gboolean delivery_state_parse(Ledger *ledger, const char *name, DeliveryState *state,
                              GError **error);

#endif
