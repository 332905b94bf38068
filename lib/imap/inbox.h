/* inbox - the IMAP folder that bounces return to
 *
 * One signed-in connection with one selected folder (RFC 3501), through libetpan over a stream of
 * our own (imap/tlsstream.h): certificate and host name are verified before a byte of IMAP is
 * believed, every read has a time limit, every call of this header a total one of
 * INBOX_PATIENCE x timeout, so that a server which drips can't hold the caller, and what a server
 * may say has limits (imap/imapguard.h).
 *
 * Errors by kind: TEMPORARY when the server can't be reached, is silent, drops the connection or
 * says BYE, or when UIDVALIDITY has changed under us; DENIED when the sign-in or a folder is
 * refused; REMOTE for certificates, a missing STARTTLS and what is not IMAP; CONFIG for options
 * that can't be used. No message and no trace (topic "imap") holds the secret. After most errors
 * but DENIED and NOINPUT the connection is of no more use (inbox_is_usable tells): every further
 * call but inbox_close says the same again at once, and the caller opens another one.
 *
 * Nothing here deletes: a message is moved as one, or copied, marked and expunged by its UID alone.
 */
#ifndef IMAP_INBOX_H
#define IMAP_INBOX_H

#include <glib.h>

#include "base/tls.h"

enum {
    INBOX_MESSAGE_MAX = 256 << 10, /* bytes of one message that are fetched: enough of any notice */
    INBOX_PIECE = 64 << 10,        /* bytes asked for at once */
    INBOX_AHEAD = 16,              /* messages that are fetched ahead at most */
    INBOX_SET = 64,                /* messages that one command moves at most */
    INBOX_PATIENCE = 4,            /* a call lasts this many timeouts at most */
    INBOX_RENEW = 28 * 60,         /* seconds of one IDLE: servers may log out after 30 minutes */
    INBOX_NAME_MAX = 200,          /* bytes of a folder's name */
    INBOX_SECRET_MAX = 16 << 10,   /* bytes of a password or token */
};

typedef struct {
    const char *host;
    guint port; /* 0: 993 for TLS_IMPLICIT, else 143 */
    Tls tls;
    const char *ca_file; /* or NULL for the system's */
    const char *user;
    /* "auto" (a password), "plain", "login", "token" (either of the next two), "xoauth2",
     * "oauthbearer"; NULL is "auto" */
    const char *auth;
    /* The password, or the access token: asked at inbox_open; overwritten and freed. NULL
     * with an error ends inbox_open. */
    char *(*secret)(void *user, GError **error);
    void *secret_user;
    /* May be NULL. Called, with `secret_user`, when the sign-in was refused: TRUE when `secret` has
     * another one to give now, which is then tried, once. */
    gboolean (*renew_secret)(void *user);
    /* Folder names in UTF-8; "/" stands for the server's own separator. NULL: "INBOX",
     * "Processed", "Review". Made by inbox_open if missing, but for `folder`. */
    const char *folder, *processed, *review;
    guint timeout; /* seconds for a read or write; 0: 60 */
    guint renew;   /* seconds of one IDLE; 0: INBOX_RENEW */
} InboxOptions;

typedef struct Inbox Inbox;

/* Connects, verifies, signs in, makes the two folders if missing, selects. The options are copied
 * as far as they are needed later. NULL with an error. */
Inbox *inbox_open(const InboxOptions *options, GError **error);

/* What the server says when nothing is changed. */
typedef struct {
    gboolean is_connected, is_tls; /* TLS with a verified certificate */
    gint64 certificate_end;        /* microseconds; 0: not known */
    gboolean is_signed_in;
    gboolean has_folder; /* it was opened, for reading and writing */
    guint32 messages;    /* in it */
    gboolean has_processed, has_review;
    /* The rights that we have, where they don't do (RFC 4314): the folder must be read and messages
     * taken out of it, the other two be written to. Else, or where the server doesn't say, NULL. */
    char *folder_rights, *processed_rights, *review_rights;
    gboolean moves, expunges, idles; /* MOVE, UIDPLUS, IDLE are offered */
} InboxLook;

/* Connects, verifies and signs in as inbox_open does, opens the folder, looks for the other two and
 * makes none. FALSE with an error as of inbox_open; `look` holds how far it came. */
gboolean inbox_look(const InboxOptions *options, InboxLook *look, GError **error);
void inbox_look_clear(InboxLook *look);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(InboxLook, inbox_look_clear)

/* Signs out if the connection still is of use, at most a few seconds; NULL is fine. */
void inbox_close(Inbox *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Inbox, inbox_close)

/* FALSE after an error that broke the connection. */
gboolean inbox_is_usable(const Inbox *self);

/* The UIDVALIDITY of the folder: UIDs mean something only together with it (RFC 3501 section
 * 2.3.1.1); never 0. When it changes while we are connected, calls fail with TEMPORARY. */
guint32 inbox_uidvalidity(const Inbox *self);

/* The UIDs greater than `after` of messages not marked as deleted, ascending, each once; a GArray
 * of guint32, maybe empty, that the caller unrefs. */
GArray *inbox_list(Inbox *self, guint32 after, GError **error);

/* The message's bytes, or the first INBOX_MESSAGE_MAX of them, when `truncated` (may be NULL) is
 * set; newly made. Does not mark it as read. NOINPUT when no such message is there any more; the
 * connection stays of use. */
GBytes *inbox_fetch(Inbox *self, guint32 uid, gboolean *truncated, GError **error);

/* Fetches up to INBOX_AHEAD messages by one command; `uids` ascend. What came whole within INBOX_PIECE
 * is what inbox_fetch then gives, once; the rest it asks for by itself, and so all, where the server
 * wants none of this. What was fetched ahead before is forgotten. FALSE when the connection broke. */
gboolean inbox_fetch_ahead(Inbox *self, const guint32 *uids, guint count, GError **error);

typedef enum { INBOX_PROCESSED, INBOX_REVIEW } InboxFolder;

/* Moves one message: UID MOVE (RFC 6851), else UID COPY, \Deleted, and UID EXPUNGE of just that
 * one (RFC 4315); where there is neither it stays marked as deleted, which inbox_list passes over.
 * To move one that is gone is no error, so that it can be repeated after a crash; then there may
 * be two copies, never none. DENIED when the server refuses; the message is still there and the
 * connection of use. */
gboolean inbox_move(Inbox *self, guint32 uid, InboxFolder where, GError **error);

/* The same for up to INBOX_SET messages by one command; `uids` ascend. After an error with the
 * connection of use some may have been moved: move each by itself then. */
gboolean inbox_move_set(Inbox *self, const guint32 *uids, guint count, InboxFolder where,
                        GError **error);

typedef enum {
    INBOX_NEWS,    /* inbox_list has something new to say */
    INBOX_QUIET,   /* nothing came in all the time */
    INBOX_STOPPED, /* `stop` said so */
    INBOX_FAILED,  /* `error` is set */
} InboxEvent;

/* Waits for a message with a UID above all that inbox_list has told, at most `seconds`: with IDLE
 * (RFC 2177), begun anew every `renew` seconds, or by asking now and then where the server has no
 * IDLE, or says nothing under it; the folder is opened anew now and then, too. `stop` (may be NULL) is asked about twice a second. */
InboxEvent inbox_wait(Inbox *self, guint seconds, gboolean (*stop)(void *user), void *user,
                      GError **error);

#endif
