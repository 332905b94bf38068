/* header - one header line: made safe, encoded where it must be, folded (RFC 5322, 2047)
 *
 * A value can't escape: what is not UTF-8 becomes U+FFFD, and a run of blanks that holds a control
 * character or a line end becomes one space, so that no value ever begins a line of its own. All
 * else comes out of a reader as it went in. Lines are at most HEADER_WIDTH characters but for words
 * that can't be cut: an address, a URI, a message id.
 */
#ifndef MAIL_HEADER_H
#define MAIL_HEADER_H

#include <glib.h>

enum {
    HEADER_WIDTH = 76,
    HEADER_NAME_MAX = 40, /* of our own headers: a line has room for a value after the name */
    ENCODED_WORD_MAX = 75 /* RFC 2047 section 2 */
};

/* "Name: value\r\n" of unstructured text, white space around the value ignored. Encoded (RFC 2047,
 * UTF-8) are words that aren't ASCII, hold "=?", are too long for a line, or stand beside two
 * spaces. */
void header_append(GString *out, const char *name, const char *value);

/* "Name: display <spec>\r\n", or "Name: spec\r\n" where `display` is NULL or blank. The display
 * name stays as it is but for blanks side by side, which become one; its words are quoted or
 * encoded as they need. `spec` is an Address.spec. */
void header_append_mailbox(GString *out, const char *name, const char *display, const char *spec);

/* The same with angle brackets in any case, for List-Id (RFC 2919 section 3). */
void header_append_id(GString *out, const char *name, const char *display, const char *id);

/* "Name: <uri>\r\n" (RFC 2369); what a URI can't hold is percent-encoded. */
void header_append_uri(GString *out, const char *name, const char *uri);

/* "Name: token\r\n", never encoded or folded: a date, a message id. Anything but printable ASCII is
 * left out. */
void header_append_token(GString *out, const char *name, const char *token);

/* "Name: <id> <id>\r\n" of message ids with blanks between, folded between them: In-Reply-To and
 * References (RFC 5322 section 3.6.4). Anything but printable ASCII is left out. */
void header_append_ids(GString *out, const char *name, const char *ids);

#endif
