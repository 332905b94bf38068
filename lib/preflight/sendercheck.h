/* sendercheck - the arithmetic of who a letter is from and how long it takes
 */
#ifndef PREFLIGHT_SENDERCHECK_H
#define PREFLIGHT_SENDERCHECK_H

#include <glib.h>

/* Whether the part before the @ says that nobody reads it: noreply, do-not-reply. */
gboolean sendercheck_is_unread(const char *local);

/* Whether two domains are of one organisation, as DMARC's relaxed alignment asks (RFC 7489, 3.1.1):
 * the same, or one within the other, or both within one domain that somebody registered. The list
 * of public suffixes isn't at hand: .uk's second level and domains of two labels are what is known,
 * and what isn't known counts as aligned. */
gboolean sendercheck_is_aligned(const char *one, const char *other);

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
