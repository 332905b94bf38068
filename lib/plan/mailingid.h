/* mailingid - the id of a mailing, from its update, audience and content
 */
#ifndef PLAN_MAILINGID_H
#define PLAN_MAILINGID_H

#include <glib.h>

/* "autumn-update-7c2e91", and "-2" behind it for the second copy; newly allocated. */
char *mailing_id(const char *update, const char *audience, const char *content, guint copy);

/* "<autumn-update-7c2e91.12@example.org>": the Message-ID that a delivery is sent with, the same
 * however often; newly allocated. */
char *mailing_message_id(const char *mailing, guint64 number, const char *domain);

#endif
