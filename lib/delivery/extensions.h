/* extensions - what a server's reply to EHLO says it can do (RFC 5321 section 4.1.1.1)
 *
 * Only what the mail transaction needs. What was said before STARTTLS doesn't count (RFC 3207):
 * clear them with extensions_init when a new reply to EHLO begins.
 */
#ifndef DELIVERY_EXTENSIONS_H
#define DELIVERY_EXTENSIONS_H

#include <glib.h>

typedef struct {
    gboolean pipelining;     /* RFC 2920 */
    gboolean eight_bit_mime; /* RFC 6152 */
    gboolean smtputf8;       /* RFC 6531 */
    gboolean size;           /* RFC 1870: takes the SIZE parameter */
    guint64 size_max;        /* largest message in bytes, 0 for no limit that is told */
    gboolean dsn;            /* RFC 3461 */
    gboolean starttls;       /* RFC 3207 */
    gboolean auth;           /* RFC 4954 */
    char mechanisms[128];    /* of AUTH, upper case, "PLAIN LOGIN"; cut when longer */
} Extensions;

void extensions_init(Extensions *self);

/* Takes one line's text, without code and line end: "SIZE 35882577". Unknown ones are passed over.
 */
void extensions_add(Extensions *self, const char *text);

#endif
