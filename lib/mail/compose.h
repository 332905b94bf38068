/* compose - a message's MIME structure around two encoded texts (RFC 5322, 2045, 2046, 2387)
 *
 *   mixed, if files are attached
 *   └ related, if images are embedded
 *     └ alternative: text/plain, text/html      (UTF-8, quoted-printable)
 *
 * All that is the same for every recipient is made once by compose_new; a message then is:
 *
 *   compose_head(...)   headers, and all up to the plain text
 *   qp_append(...)      the plain text (mail/qp.h), or constants made by it
 *   compose_html(...)   all between the texts
 *   qp_append(...)      the HTML
 *   compose_end(...)    images, files, closing boundaries
 *
 * into a Splice, which borrows of the Compose what doesn't change.
 *
 * Lines end with CRLF and no line is over 76 characters but for headers that can't be folded.
 * Nothing here can be escaped from: header values lose control characters and line ends, boundaries
 * hold "=_", which no encoded text can.
 */
#ifndef MAIL_COMPOSE_H
#define MAIL_COMPOSE_H

#include <glib.h>

#include "mail/address.h"
#include "mail/header.h"
#include "mail/media.h"
#include "mail/part.h"
#include "mail/splice.h"

typedef struct {
    const Address *from;
    const Address *reply_to;     /* or NULL */
    const char *list_id;         /* "heads.example.org", or NULL (RFC 2919) */
    const char *list_name;       /* the phrase before it, or NULL */
    const char *lang;            /* "en-GB" (Content-Language), or NULL */
    gboolean auto_generated;     /* Auto-Submitted: auto-generated (RFC 3834 section 5) */
    const ComposeFile *embedded; /* images, each with a cid */
    guint n_embedded;
    const ComposeFile *attached; /* the same for all */
    guint n_attached;
    gboolean attaches_more; /* compose_end will get further files */
    const char *boundary;   /* a word of letters and digits, the same for the same plan */
} ComposeOptions;

typedef struct Compose Compose;

/* Encodes what is the same for all; nothing of `options` is needed after. Never fails. */
Compose *compose_new(const ComposeOptions *options);
void compose_free(Compose *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Compose, compose_free)

typedef struct {
    const char *to_name;     /* or NULL */
    const char *to;          /* an Address.spec */
    const char *subject;     /* UTF-8, unencoded */
    const char *date;        /* as clock_rfc5322 */
    const char *message_id;  /* with its angle brackets */
    const char *unsubscribe; /* a mailto: or https: URI for List-Unsubscribe (RFC 2369), or NULL */
    const char *delivery; /* X-Circular-Delivery: names the delivery in what comes back, or NULL */
    const char *copy_of;  /* X-Circular-Copy: the key of whose letter this is a copy, or NULL */
    const char *thread;   /* the message ids that it follows, the last one directly (References and
                           * In-Reply-To, RFC 5322 section 3.6.4), with blanks between; or NULL */
} ComposeHeaders;

/* Any number of threads may compose with one Compose, each into a Splice of its own. compose_end
 * doesn't end the Splice. */
void compose_head(const Compose *self, Splice *out, const ComposeHeaders *headers);
void compose_html(const Compose *self, Splice *out);
void compose_end(const Compose *self, Splice *out, const ComposeFile *more, guint n_more);

#endif
