/* imaplink - one IMAP connection and its commands: libetpan between our stream and our errors
 */
#ifndef IMAP_IMAPLINK_H
#define IMAP_IMAPLINK_H

#include <libetpan/libetpan.h>

#include "base/error.h"
#include "imap/inbox.h"
#include "imap/tlsstream.h"

enum {
    IMAPLINK_CHATTER = 256 << 10,          /* bytes of answers to one command that isn't a fetch */
    IMAPLINK_SEARCH = 8 << 20,             /* ... to a search: about a million UIDs */
    IMAPLINK_GOODBYE = 3 * G_USEC_PER_SEC, /* for signing out */
    IMAPLINK_TEXT_MAX = 300,               /* bytes of a server's words in our messages */
};

typedef struct ImapLink ImapLink;

/* Connects, secures as `tls` says, reads greeting and capabilities. Errors as of inbox_open. */
ImapLink *imaplink_open(const InboxOptions *options, guint port, guint timeout, GError **error);

/* Signs out if that makes sense, and closes; NULL is fine. */
void imaplink_close(ImapLink *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ImapLink, imaplink_close)

mailimap *imaplink_session(ImapLink *self);
TlsStream *imaplink_stream(ImapLink *self);

/* "host:port"; borrowed. */
const char *imaplink_place(const ImapLink *self);

/* A call of inbox.h begins, INBOX_PATIENCE timeouts long, and `more` seconds. */
void imaplink_begin(ImapLink *self, guint more);

/* So many bytes may come in answer to the next command. */
void imaplink_allow(ImapLink *self, gsize budget);

/* What libetpan returned for a command, as an error: TRUE for success. `doing` says what was tried,
 * "the folder 'x' can't be opened". A NO is DENIED, or TEMPORARY where its response code says so
 * (RFC 5530); anything but a NO breaks the link. */
gboolean imaplink_check(ImapLink *self, int code, const char *doing, GError **error);

/* Sends a command (without tag and CRLF) and takes all answers: what they held is in
 * imaplink_session()->imap_response_info until the next. Errors as of imaplink_check. */
gboolean imaplink_command(ImapLink *self, gsize budget, const char *doing, const char *command,
                          GError **error);

/* The parts of a command, for a conversation: sends a line and its CRLF (FALSE: the stream failed);
 * and takes the answers from the line that mailimap_read_line has read up to the tagged one, and
 * returns what imaplink_check takes. */
gboolean imaplink_say(ImapLink *self, const char *line);
int imaplink_hear(ImapLink *self);

/* FALSE with the error that broke the link. */
gboolean imaplink_is_usable(const ImapLink *self, GError **error);

/* Breaks the link: what came is not to be trusted (REMOTE), or has changed (TEMPORARY). Always
 * FALSE, with `error` set. */
gboolean imaplink_break(ImapLink *self, CircularError kind, GError **error, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

/* Asks for the capabilities anew: before and after the sign-in they differ. */
gboolean imaplink_ask_capabilities(ImapLink *self, GError **error);

/* Whether the server offers it: "MOVE", "AUTH=PLAIN". */
gboolean imaplink_offers(ImapLink *self, const char *capability);

/* The server's words at the last tagged reply, as may be shown, in quotes, or "" when it said
 * nothing: ": 'text'". Newly allocated. */
char *imaplink_said(const ImapLink *self);

/* "libetpan 1.9", of the one that runs. Newly allocated. */
char *imaplink_library(void);

#endif
