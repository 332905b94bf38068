/* splice - a message as a list of pieces: what all recipients get is held once
 *
 * A Constant is made once and borrowed by any number of messages; only what is a recipient's own is
 * held by its Splice. So a letter in hand costs what is merged into it, however large the files are
 * that go to everybody, and nothing that doesn't change is copied before it is sent.
 *
 *   splice_clear(...)
 *   append to splice->own, splice_borrow(...), in the order of the message
 *   splice_end(...)                            from here on it can be read
 *
 * Each constant, and each run of own bytes between two, begins at the start of a line and ends with
 * one: then the whole is plain if each of them is.
 */
#ifndef MAIL_SPLICE_H
#define MAIL_SPLICE_H

#include <glib.h>
#include <sys/uio.h>

enum {
    SPLICE_COPY_MAX = 256,     /* bytes of a constant that are sooner copied than pointed at */
    SPLICE_ROOM_MAX = 64 << 10 /* of a Splice that is kept to be used again */
};

typedef struct Constant Constant;

/* Takes the bytes. */
Constant *constant_new(GString *bytes);
void constant_free(Constant *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Constant, constant_free)

typedef struct {
    GString *own; /* to append to */
    gsize length; /* of the message, once it is ended */
    gboolean is_plain;
    GArray *pieces; /* of struct iovec, once it is ended */
    gsize run;      /* where in `own` the present run begins; private */
} Splice;

Splice *splice_new(void);
void splice_free(Splice *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Splice, splice_free)

/* Begins a message. A large one's room is given back. */
void splice_clear(Splice *self);

/* The constant stands here; it must live until the Splice is cleared. */
void splice_borrow(Splice *self, const Constant *constant);

/* The message is whole: sets length, pieces (none of which is empty) and is_plain, which is what
 * splice_is_plain says of the whole. */
void splice_end(Splice *self);

/* Appends all of a message that was ended. */
void splice_gather(const Splice *self, GString *out);

/* Whether bytes travel after DATA as they are (RFC 5321 sections 2.3.8 and 4.5.2): every line ends
 * with CRLF, the last one too, none holds another CR or LF, and none begins with a dot. */
gboolean splice_is_plain(const char *bytes, gsize length);

#endif
