/* handshake - what a server says before the first mail transaction: greeting, EHLO, STARTTLS,
 * sign-in
 *
 * libcurl leads that part of the conversation; this listens, line by line, to know what the server
 * offers (after STARTTLS, not before), whether the sign-in truly happened, and at which step and
 * with which reply it failed. Pure, and as wary as delivery/reply.h.
 */
#ifndef DELIVERY_HANDSHAKE_H
#define DELIVERY_HANDSHAKE_H

#include "delivery/extensions.h"
#include "delivery/reply.h"

typedef enum {
    HANDSHAKE_GREETING, /* awaits 220 */
    HANDSHAKE_EHLO,     /* awaits 250 and the extensions */
    HANDSHAKE_STARTTLS, /* awaits 220 to STARTTLS, if it is sent */
    HANDSHAKE_SIGN_IN,  /* awaits 334 or 235, if we sign in */
    HANDSHAKE_DONE      /* signed in */
} HandshakeStep;

enum { HANDSHAKE_GREETING_MAX = 255 }; /* bytes that are kept */

typedef struct {
    HandshakeStep step;
    gboolean starttls; /* STARTTLS is to come, or has come */
    gboolean in_tls;   /* the server has agreed to STARTTLS */
    gboolean is_broken;
    Extensions offered;
    Reply reply;                               /* the one that is being read, or the last */
    gboolean is_whole;                         /* `reply` has been read to its end */
    gboolean refused;                          /* the last whole reply was a refusal (4xx, 5xx) */
    gboolean began;                            /* a line has come in at all */
    char greeting[HANDSHAKE_GREETING_MAX + 1]; /* the first line, as it came, cut when longer */
} Handshake;

void handshake_init(Handshake *self, gboolean starttls);
void handshake_finish(Handshake *self);

/* Takes bytes as libcurl hands them on. FALSE when they are no SMTP replies or over a limit: give
 * up. */
gboolean handshake_take(Handshake *self, const char *bytes, gsize length);

/* "greeting", "EHLO", "STARTTLS", "sign-in": for messages. */
const char *handshake_step_name(const Handshake *self);

#endif
