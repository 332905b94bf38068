/* mailingid - the id of a mailing, from its update, audience and content
 */
#ifndef PLAN_MAILINGID_H
#define PLAN_MAILINGID_H

#include <glib.h>

/* "autumn-update-7c2e91", and "-2" behind it for the second copy; newly allocated. */
char *mailing_id(const char *update, const char *audience, const char *content, guint copy);

#endif
