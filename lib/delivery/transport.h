/* transport - the seam between what is sent and how
 *
 * A transport is a const struct of functions (OpenSMTPD's way), with a null twin. It knows
 * envelopes: two addresses and bytes. It pulls them: whenever it can take one more it asks
 * `supply`; when the fate of one is known it tells `outcome`. Both are called on the caller's
 * thread, never at once. What a fate means for the ledger is for the caller.
 */
#ifndef DELIVERY_TRANSPORT_H
#define DELIVERY_TRANSPORT_H

#include <glib.h>

typedef struct {
    guint64 number;     /* the caller's, given back with the outcome */
    const char *sender; /* envelope sender; "" for none */
    const char *recipient;
    gboolean is_utf8;  /* an address isn't ASCII: needs SMTPUTF8 (RFC 6531) */
    const char *bytes; /* the message, CRLF lines, no dot-stuffing */
    gsize length;
} Envelope;

typedef enum {
    SUPPLY_GIVEN, /* the envelope is filled in and stays valid until its outcome is told */
    SUPPLY_WAIT,  /* nothing now; ask again in `wait` microseconds or after the next outcome */
    SUPPLY_END    /* nothing more will come */
} Supply;

typedef enum {
    OUTCOME_SENT,
    OUTCOME_DEFERRED, /* certainly not delivered; trying again may help */
    OUTCOME_REFUSED,  /* certainly not delivered; this recipient or this message is refused for good
                       */
    OUTCOME_UNKNOWN,  /* the final dot left and no answer came */
    OUTCOME_UNTRIED   /* never begun: give it back */
} OutcomeKind;

typedef struct {
    guint64 number;
    OutcomeKind kind;
    int code;             /* SMTP reply code, 0 when there was no reply */
    const char *enhanced; /* RFC 3463 "5.1.1", or "" */
    const char *text;     /* reply text on one line, or what happened instead */
    const char *stage; /* "connect", "greeting", "sign-in", "MAIL", "RCPT", "DATA", "message" ... */
} Outcome;

typedef struct {
    Supply (*supply)(void *user, Envelope *envelope, gint64 *wait);
    void (*outcome)(void *user, const Outcome *outcome);
    gboolean (*stop)(void *user); /* asked often: TRUE breaks off at once; in-flight ones get their
                                   * outcome (deferred, or unknown after the dot) */
    void *user;
} TransportCalls;

typedef struct Transport Transport;

typedef struct {
    const char *name;
    /* Sends until supply says END and every outcome is told. FALSE with an error when going on
     * makes no sense for any recipient: sign-in refused, certificate wrong, no such host (REMOTE,
     * DENIED, TEMPORARY); all given envelopes have then had their outcome. */
    gboolean (*run)(Transport *self, const TransportCalls *calls, GError **error);
    void (*free)(Transport *self);
} TransportClass;

struct Transport {
    const TransportClass *class;
};

gboolean transport_run(Transport *self, const TransportCalls *calls, GError **error);
void transport_free(Transport *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Transport, transport_free)

/* Takes everything, keeps nothing. */
Transport *null_new(void);

/* Writes each message into a Maildir (cr.yp.to/proto/maildir.html): tmp/, fsync, link into new/.
 * The file's name holds `mailing` and the number, so that a repetition replaces its twin instead of
 * adding a second copy. Makes the folder. */
Transport *outbox_new(const char *folder, const char *mailing, GError **error);

#endif
