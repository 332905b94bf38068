/* tlsstream - a connection to an IMAP server that libetpan reads and writes
 *
 * libetpan's own TLS verifies nothing and takes TLS 1.0; its time limit is one for each read, so
 * that a byte a minute is never too slow. This is a driver for its streams over GnuTLS: chain,
 * dates and host name are verified inside the handshake, TLS 1.2 is the least, every read and write
 * has a time limit and every command a deadline and a number of bytes (imap/imapguard.h).
 *
 * What went wrong first is kept, and said again for all that follows: libetpan itself only knows
 * that a stream failed.
 */
#ifndef IMAP_TLSSTREAM_H
#define IMAP_TLSSTREAM_H

#include <glib.h>
#include <libetpan/mailstream.h>

enum { TLSSTREAM_BUFFER = 8192 }; /* bytes that libetpan holds back of each direction */

typedef struct TlsStream TlsStream;

/* Connects by TCP, to each address of the host in turn; nothing is secured yet. `timeout` is in
 * seconds, for each read and write, and for connecting altogether. TEMPORARY when there is no such
 * host or nobody answers. */
TlsStream *tlsstream_connect(const char *host, guint port, guint timeout, GError **error);

/* Closes it at once; NULL is fine. libetpan's stream, if there is one, must be closed before. */
void tlsstream_free(TlsStream *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TlsStream, tlsstream_free)

/* TLS begins: `host` is who the certificate must be for (a name or an IP address), `ca_file` holds
 * who is trusted, or NULL for the system's. REMOTE for a certificate, TLS before 1.2 or none at
 * all; CONFIG when `ca_file` can't be used; TEMPORARY when the connection is lost. */
gboolean tlsstream_secure(TlsStream *self, const char *host, const char *ca_file, GError **error);
gboolean tlsstream_is_secure(const TlsStream *self);

/* Until when the server's certificate is good, in microseconds since 1970; 0 without TLS. */
gint64 tlsstream_certificate_end(const TlsStream *self);

/* A stream for libetpan, which frees it with mailstream_close; `self` stays ours. */
mailstream *tlsstream_new_stream(TlsStream *self);

/* A command begins: until `deadline` (clock_ticks) and with so many bytes of answers. */
void tlsstream_begin(TlsStream *self, gint64 deadline, gsize budget);

/* After LOGOUT a BYE is no fault. */
void tlsstream_expect_goodbye(TlsStream *self);

/* What is never shown: while these words (copied; NULL to end it) are set, commands are traced as
 * "***", and what the server says without them. */
void tlsstream_hush(TlsStream *self, const char *const *words);

/* The text without hushed words and control characters; newly allocated. */
char *tlsstream_shown(const TlsStream *self, const char *text);

/* FALSE while nothing went wrong; else TRUE with `error` (may be NULL) set to it. */
gboolean tlsstream_fault(const TlsStream *self, GError **error);

/* Says what went wrong, unless something did before; `text` without the place. */
void tlsstream_fail(TlsStream *self, int kind, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* Waits for something to read, at most so many milliseconds. Bytes that libetpan already holds are
 * not seen. An ended connection counts as something to read. */
gboolean tlsstream_wait(TlsStream *self, guint milliseconds);

#endif
