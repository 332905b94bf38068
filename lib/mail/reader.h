/* reader - a received message, read without trust
 *
 * The one door through which foreign mail enters: MIME through GMime, headers decoded (RFC 2047),
 * texts decoded and in UTF-8 whatever the message claims. Nothing in a message makes reading fail:
 * what is broken is read as far as it makes sense, what is beyond a limit is left out. Reading is a
 * pure function of the bytes; any number of threads may read different messages.
 */
#ifndef MAIL_READER_H
#define MAIL_READER_H

#include <glib.h>

enum {
    READER_BYTES_MAX = 1 << 20, /* of a message; a report tells all near its beginning */
    READER_DEPTH_MAX = 16,      /* multiparts within one another */
    READER_PARTS_MAX = 128,     /* parts listed */
    READER_TEXT_MAX = 256 << 10 /* bytes of one part's decoded text */
};

/* One part, in the order of the message. Multiparts aren't listed, their children are. An enclosed
 * message (message/rfc822) is one part; its text is the message as it came, headers first. */
typedef struct {
    const char *type; /* "text/plain", lower case */
    const char *name; /* file name, or NULL */
    guint depth;      /* multiparts around it */
} ReaderPart;

typedef struct Reader Reader;

/* Reads a message with any of CRLF, LF and CR as line ends, with or without an mbox "From " line.
 * Never NULL. Keeps no reference to `bytes`. */
Reader *reader_new(const char *bytes, gsize length);
void reader_free(Reader *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Reader, reader_free)

/* The message's type, "multipart/report", lower case. */
const char *reader_type(const Reader *self);

/* A parameter of its Content-Type ("report-type") in lower case, or "". */
const char *reader_type_parameter(const Reader *self, const char *name);

/* The first header of that name, unfolded and decoded, valid UTF-8; NULL if there is none. */
const char *reader_header(Reader *self, const char *name);

/* All headers as they came, with '\n' as line end, valid UTF-8: what headers_value() reads. */
const char *reader_headers(const Reader *self);

/* All after the headers, undecoded, with '\n' as line end, valid UTF-8, at most READER_TEXT_MAX.
 * For messages whose MIME structure is too broken to hold parts. */
const char *reader_raw_body(Reader *self);

guint reader_parts(const Reader *self);
const ReaderPart *reader_part(const Reader *self, guint index);

/* A part's text: transfer encoding undone, in UTF-8, '\n' as line end. The charset is the declared
 * one, else what the bytes look like (ISO-2022, UTF-8), else Windows-1252. HTML comes as plain
 * text. "" for what is no text. Decoded when first asked for. */
const char *reader_text(Reader *self, guint index);

/* A part's text likewise, but HTML as it is. Newly allocated. */
char *reader_source(Reader *self, guint index);

/* When the message says that it was written, in microseconds since 1970; 0 where it doesn't. */
gint64 reader_date(Reader *self);

/* The first value of `name` in a block of header lines, unfolded, not decoded; newly allocated, or
 * NULL. */
char *headers_value(const char *headers, const char *name);

/* "GMime 3.2.13", of the one that runs. Newly allocated. */
char *reader_library(void);

#endif
