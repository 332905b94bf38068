/* dsn - delivery status notifications (RFC 3464, and RFC 6533 for UTF-8 addresses)
 */
#ifndef BOUNCE_DSN_H
#define BOUNCE_DSN_H

#include <glib.h>

#include "evidence/inbound_report.h"

typedef struct {
    char *address;  /* final recipient without its type; NULL if it holds no address */
    char *original; /* the sender's spelling, or NULL */
    InboundAction action;
    gboolean expired;         /* "Action: expired", not in the RFC: tried for too long */
    char status[STATUS_SIZE]; /* or "" */
    char *status_comment;     /* the words behind the code: "(Over quota)"; "" if none */
    char *diagnostic;         /* without its type; "" if none */
    char *diagnostic_type;    /* "smtp", lower case; "" if none */
    char *remote;             /* remote and reporting MTA; "" if none */
} DsnRecipient;

/* Reads the text of a message/delivery-status part, or any text that holds its fields at the
 * beginning of lines. Returns the recipients, of DsnRecipient, never NULL; at most
 * INBOUND_RECIPIENTS_MAX. Groups torn apart by blank lines and groups run together are fixed. */
GPtrArray *dsn_read(const char *text);

#endif
