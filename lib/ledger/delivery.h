/* delivery - one recipient's copy of a mailing, its states, and a row of it
 *
 *   planned ──claim──> sending ──record──> sent | deferred (again at) | refused | unknown | written
 *   deferred ─claim──> sending                        sent ──later──> bounced | complained
 *   planned, deferred ──> left out        written ──a rehearsal is over──> planned
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
    DELIVERY_WRITTEN,  /* into a folder, or nowhere: a rehearsal, had by nobody */
    DELIVERY_LEFT_OUT, /* after it was planned; why stands in ledger/exclusions.h */
    DELIVERY_STATES
} DeliveryState;

/* No deferred delivery waits longer, in microseconds: one that seems to was written down by a clock
 * that was far ahead, and is due. */
#define DELIVERY_PAUSE_MAX (5 * 3600 * (gint64)G_USEC_PER_SEC)

/* "planned", "sending" ... ; the word in the ledger, in --json and on the screen. */
const char *delivery_state_name(DeliveryState state);

/* Where in a transaction something was said, by the word that delivery/transport.h has for it. */
typedef enum {
    STAGE_NONE,
    STAGE_CONNECT,
    STAGE_GREETING,
    STAGE_EHLO,
    STAGE_STARTTLS,
    STAGE_SIGN_IN,
    STAGE_RSET,
    STAGE_MAIL,
    STAGE_RCPT,
    STAGE_DATA,
    STAGE_MESSAGE,
    STAGE_QUIT,
    STAGES
} DeliveryStage;
const char *stage_name(DeliveryStage stage);
DeliveryStage stage_from_name(const char *name); /* STAGE_NONE for NULL and an unknown one */

/* Why a letter that was put off isn't tried any more. */
typedef enum {
    GIVEN_UP_NOT,
    GIVEN_UP_DEADLINE, /* the time for trying again is over (relay.retry_for) */
    GIVEN_UP_ATTEMPTS, /* it was tried often enough */
    GIVEN_UP_KINDS
} GivenUp;
const char *given_up_name(GivenUp why);
GivenUp given_up_from_name(const char *name);

/* What took a letter. Only a relay mails. */
typedef enum {
    VIA_NOTHING, /* nothing yet; or version 1 of the ledger, which didn't say */
    VIA_RELAY,
    VIA_OUTBOX,
    VIA_NULL,
    VIAS
} Via;
const char *via_name(Via via); /* "", "relay", "outbox", "null": as `transport` in the config */
Via via_from_name(const char *name);
gboolean via_mails(Via via); /* whether anybody gets what went so */

typedef struct {
    char *mailing;
    guint64 number; /* from 1 within the mailing, in the order of the list */
    char *key;
    char *address;
    char *name;
    char *label, *phone; /* of the row: what a person calls it, and where to call; may be "" */
    char *fields;        /* frozen (base/value.h) */
    gsize fields_length;
    DeliveryState state;
    guint attempts;
    int code;       /* last SMTP reply code, or 0 */
    char *enhanced; /* "5.1.1", or "" */
    char *reply;    /* the server's own words, or what happened instead of any; one line */
    DeliveryStage stage;
    GivenUp given_up;
    Via via;
    char *message_id; /* by which the reader has it where the server gave it another; else "" */
    gint64 changed_at;
    gint64 next_at;  /* of a deferred one: not before; else 0 */
    gint64 first_at; /* when it was first claimed and then tried, or first heard what it was given
                      * back for; 0 before */
} Delivery;

/* For people: "RCPT: no such user", "given up; the last answer was RCPT: try later". Newly
 * allocated. */
char *delivery_said(DeliveryStage stage, GivenUp given_up, const char *reply);

/* All of it anew, in one piece of memory: no text of it can be freed or replaced. */
Delivery *delivery_copy(const Delivery *self);

void delivery_free(Delivery *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Delivery, delivery_free)

/* --- for this folder ------------------------------------------------------------------------- */

struct Statement;

#define DELIVERY_COLUMNS                                                                           \
    "mailings.id, d.number, d.key, d.address, f.name, f.fields, d.state, d.attempts, d.code, "     \
    "d.enhanced, d.reply, d.changed_at, d.next_at, d.first_at, d.stage, d.given_up, d.transport, " \
    "d.message_id, f.label, f.phone "
enum { DELIVERY_COLUMNS_COUNT = 20 };
#define DELIVERY_TABLES                                                                            \
    "deliveries d JOIN mailings ON mailings.number = d.mailing "                                   \
    "JOIN delivery_fields f ON f.mailing = d.mailing AND f.number = d.number "

/* Of a row of deliveries: it may have left, or somebody decided about it. One that was tried and
 * planned again (--resend-unknown) counts, a rehearsal doesn't. */
#define DELIVERY_TOUCHED(d)                                                                        \
    "(" d ".state <> 'written' AND (" d ".state <> 'planned' OR (" d ".attempts > 0 "              \
    "AND " d ".transport <> 'outbox' AND " d ".transport <> 'null')))"

/* The delivery of a row of DELIVERY_COLUMNS. Borrows its texts from the row: not to be freed. IO
 * when the state is none that we know. */
gboolean delivery_from_row(Ledger *ledger, struct Statement *row, Delivery *delivery,
                           GError **error);

/* The state of that name; IO when there is none. */
gboolean delivery_state_parse(Ledger *ledger, const char *name, DeliveryState *state,
                              GError **error);

#endif
