/* dot_stuffing - a message as it must travel after DATA (RFC 5321 sections 2.3.8 and 4.5.2)
 *
 * Every line ends with CRLF and a line that begins with a dot has that dot doubled, whatever the
 * message holds: a lone CR or LF becomes a CRLF. So nothing in a message can be taken for its end
 * by any server, not even by one that takes a lone LF or CR for a line end ("SMTP smuggling"). The
 * message is taken in windows, so that a large one isn't held twice.
 */
#ifndef DELIVERY_DOT_STUFFING_H
#define DELIVERY_DOT_STUFFING_H

#include <glib.h>
#include <sys/uio.h>

typedef struct {
    const struct iovec *next; /* the pieces that are not begun */
    guint n_next;
    const char *at, *end; /* what is left of the present one */
    gboolean at_line_start, after_cr;
    gboolean is_plain;
} DotStuffing;

/* Begins with a message that stays valid until dot_stuffing_append has taken it all. A line may go on
 * from one piece to the next. `is_plain` is what splice_is_plain (mail/splice.h) has said of the
 * whole; FALSE if nobody asked. */
void dot_stuffing_init(DotStuffing *self, const struct iovec *pieces, guint count,
                       gboolean is_plain);

/* Appends to `out` until it holds at least `window` bytes or the message is used up. TRUE when it
 * is used up: then "\r\n" was added if the last line lacked its end, and "." with CRLF. */
gboolean dot_stuffing_append(DotStuffing *self, GString *out, gsize window);

/* A plain message can travel from where it is: gives up to `window` bytes of it in at most `room`
 * pieces, and how many bytes. */
gsize dot_stuffing_lend(DotStuffing *self, gsize window, guint room, struct iovec *pieces,
                        guint *count);

/* Appends what ends a message that is used up; FALSE when it isn't. dot_stuffing_append does it by
 * itself. */
gboolean dot_stuffing_end(DotStuffing *self, GString *out);

#endif
