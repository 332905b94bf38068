/* sendercheck - the arithmetic of who a letter is from and how long it takes
 */
#ifndef RULES_SENDERCHECK_H
#define RULES_SENDERCHECK_H

#include <glib.h>

/* Whether the part before the @ says that nobody reads it: noreply, do-not-reply. */
gboolean sendercheck_is_unread(const char *local);

typedef struct {
    guint64 letters;
    guint per_minute, per_day, per_domain_minute; /* 0: no limit */
    guint busiest;                                /* letters to the domain that gets most */
    gint64 now;                                   /* microseconds since 1970 */
} SendercheckPace;

/* "450 letters at 25 a minute: 18 minutes; begun now, done at 09:18", or over days; newly
 * allocated. NULL when nothing limits them or there are none. */
char *sendercheck_pace(const SendercheckPace *pace);

#endif
