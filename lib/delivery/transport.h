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
#include <sys/uio.h>

typedef struct {
    guint64 number;     /* the caller's, given back with the outcome */
    const char *sender; /* envelope sender; "" for none */
    const char *recipient;
    gboolean is_utf8;           /* an address isn't ASCII: needs SMTPUTF8 (RFC 6531) */
    const struct iovec *pieces; /* of the message: CRLF lines, no dot-stuffing; none is empty */
    guint n_pieces;
    gsize length;      /* of all of them */
    gboolean is_plain; /* splice_is_plain has said so; FALSE if nobody asked */
    /* NULL; else a report is asked for that says so when it was delivered, too, where the server
     * offers that (RFC 3461), and by which the report names it (ENVID, at most 100 bytes). */
    const char *report;
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
    /* Told when there is nothing to do but wait for the server: time to make ready what comes next.
     * May be NULL. */
    void (*idle)(void *user);
    /* Told just before the end of a message may leave: from here until its outcome nobody can say
     * whether it was delivered. May be NULL. */
    void (*committing)(void *user, guint64 number);
    void (*outcome)(void *user, const Outcome *outcome);
    gboolean (*stop)(void *user); /* asked often: TRUE breaks off at once; in-flight ones get their
                                   * outcome (deferred, or unknown after the dot) */
    void *user;
} TransportCalls;

typedef struct Transport Transport;

typedef struct {
    const char *name;
    /* Sends until supply says END or stop says TRUE, and every outcome is told. FALSE with an error
     * when going on makes no sense for any recipient: sign-in refused, certificate wrong, no such
     * host (REMOTE, DENIED, TEMPORARY), a full disk (IO); all given envelopes have then had their
     * outcome too. */
    gboolean (*run)(Transport *self, const TransportCalls *calls, GError **error);
    void (*free)(Transport *self);
} TransportClass;

struct Transport {
    const TransportClass *class;
};

/* Calls `run`; NULL in `error` is fine. */
gboolean transport_run(Transport *self, const TransportCalls *calls, GError **error);
void transport_free(Transport *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Transport, transport_free)

/* For transports: sleeps as long as a SUPPLY_WAIT asked, in slices, and asks `stop` between them.
 * FALSE when it said TRUE. */
gboolean transport_pause(const TransportCalls *calls, gint64 wait);

/* Takes everything, keeps nothing. */
Transport *null_new(void);

/* Writes each message into a Maildir (cr.yp.to/proto/maildir.html): tmp/, fsync, rename into new/,
 * fsync of new/ before the outcome is told. Lines end with LF there; Return-Path and Delivered-To
 * are put before the message, as by any final delivery (RFC 5321 section 4.4), or the envelope
 * would be lost. The file's name holds `mailing` and the number, so that a repetition replaces its
 * twin, even one that a reader has moved to cur/, instead of adding a second copy.
 *
 * Makes the folder (0700; files 0600). NULL, and later FALSE from run, with IO and the folder's
 * name when it can't be written: full, read-only, not ours. What was given and not written is
 * UNTRIED then. */
Transport *outbox_new(const char *folder, const char *mailing, GError **error);

#endif
