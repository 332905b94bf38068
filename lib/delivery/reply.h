/* reply - one SMTP reply, read from bytes that nobody vouches for (RFC 5321 section 4.2)
 *
 * A reply is a code and one or more lines of text, and perhaps an enhanced status code (RFC 2034,
 * RFC 3463). The bytes come in pieces of any size. What the sender of them can do is limited: the
 * length of a line, the number of lines, and how much text is kept. The text is made fit to be
 * stored and shown: one line of valid UTF-8 without control characters.
 */
#ifndef DELIVERY_REPLY_H
#define DELIVERY_REPLY_H

#include <glib.h>

enum {
    REPLY_LINE_MAX = 4096,  /* bytes of a line without its end; RFC 5321 allows 510, be liberal */
    REPLY_LINES_MAX = 100,  /* lines of one reply */
    REPLY_TEXT_MAX = 1000,  /* bytes of text that are kept; the rest is read and let go */
    REPLY_ENHANCED_MAX = 11 /* "5.nnn.nnn" and room */
};

typedef struct {
    int code;                              /* 200 to 599 */
    char enhanced[REPLY_ENHANCED_MAX + 1]; /* "5.1.1", or "" when there was none */
    GString *text; /* all lines joined by a space, without codes; UTF-8, no control characters */

    /* private: the line that is being read */
    GString *line;
    guint lines;
    gboolean is_broken;
} Reply;

typedef enum {
    REPLY_MORE,  /* not whole yet */
    REPLY_WHOLE, /* code, enhanced and text are set; reply_clear before the next */
    REPLY_BROKEN /* no SMTP reply, or over a limit: nothing that follows can be trusted */
} ReplyProgress;

void reply_init(Reply *self);
void reply_clear(Reply *self); /* makes it ready for the next one; keeps its memory */
void reply_finish(Reply *self);

/* Reads on. `used` is how many of the bytes belonged to this reply: all of them unless it is whole,
 * else those up to its end. Once broken it stays so until reply_clear. A line may end with LF
 * alone. */
ReplyProgress reply_feed(Reply *self, const char *bytes, gsize length, gsize *used);

/* Of a whole reply: 2xx; 4xx; 5xx. */
gboolean reply_is_positive(const Reply *self);
gboolean reply_is_temporary(const Reply *self);
gboolean reply_is_permanent(const Reply *self);

/* The server is about to close the connection: 421, and 221, which is no consent to anything but
 * QUIT (RFC 5321 sections 3.8 and 4.2.2). */
gboolean reply_is_closing(const Reply *self);

#endif
