/* sesnotice - what Amazon SES says of a letter in JSON, as its notification service mails it
 *
 * An office that sends through SES may have its notifications (SNS) sent to the mailbox of bounces.
 * They are turned into what RFC 3464 would say, so that one reader understands both.
 */
#ifndef EVIDENCE_SESNOTICE_H
#define EVIDENCE_SESNOTICE_H

#include <glib.h>

typedef struct {
    char *fields; /* groups of a delivery-status part (bounce/dsn.h), or of a feedback report */
    char *letter_head;     /* headers of the letter that it is about, as far as it tells them */
    gboolean is_complaint; /* the fields are those of a feedback report (RFC 5965) */
} SesNotice;

enum {
    SESNOTICE_RECIPIENTS_MAX = 100, /* of one notification */
    SESNOTICE_VALUE_MAX = 2000,     /* bytes of one string */
    SESNOTICE_DEPTH_MAX = 16        /* objects and lists within one another */
};

/* Whether nothing stands before the first '{' but what mail programs put before a message that is
 * forwarded, "From: ...", "---- Forwarded message ----": no words of whoever passed it on. */
gboolean sesnotice_is_alone(const char *words);

/* NULL when the words of a message are no such notification. */
SesNotice *sesnotice_read(const char *words);
void sesnotice_free(SesNotice *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SesNotice, sesnotice_free)

#endif
