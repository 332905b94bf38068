/* qp - quoted-printable, in pieces that can be joined (RFC 2045 section 6.7)
 *
 * What is constant in a letter is encoded once and what is merged is encoded for each recipient.
 * For the pieces to join whatever their lengths, each piece begins at column 0 and ends either with
 * a hard line end or with a soft one.
 */
#ifndef MAIL_QP_H
#define MAIL_QP_H

#include <glib.h>

enum { QP_WIDTH = 76 }; /* characters of a line, without its CRLF */

/* Appends UTF-8 text as one piece, '\n' as CRLF ("\r\n" counts as one line end, a lone '\r' is
 * encoded). No line is over QP_WIDTH, none ends with a blank, none begins with '.' or "From ".
 * Unless the text is empty or ends with '\n', the piece ends with a soft line break. A multi-byte
 * character is never split over two lines. */
void qp_append(GString *out, const char *text, gsize length);

#endif
