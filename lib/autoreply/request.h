/* request - whether a message asks for no more letters
 *
 * What the link of List-Unsubscribe (RFC 2369) and mail programs' own buttons send: the subject
 * "unsubscribe TOKEN" to the address of ours. A pure function; whether the token is one of ours is
 * for inbound/proof.c to say.
 */
#ifndef AUTOREPLY_REQUEST_H
#define AUTOREPLY_REQUEST_H

#include "evidence/inbound_report.h"

typedef enum {
    REQUEST_NONE,
    REQUEST_AUDIENCE, /* no more of this kind */
    REQUEST_ALL       /* "unsubscribe all", in the subject or as the first line */
} Request;

/* Only of what no report is: a bounce may quote anything. */
Request request_read(const InboundReport *notice);

#endif
