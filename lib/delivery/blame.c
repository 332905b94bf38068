/* blame - whether a refusal is about the sender rather than about one recipient */
#include "delivery/blame.h"

#include <string.h>

/* Enhanced codes that mean nothing else. The providers document them in their lists of SMTP errors.
 */
static const char *const codes[] = {
    "5.4.5",              /* Google: daily sending limit */
    "5.7.232",            /* Exchange Online: tenant's external recipient limit */
    "5.7.233",            /* the same */
    "5.7.501",            /* Exchange Online: access denied, spam abuse detected */
    "5.7.502", "5.7.503", /* the same: banned sender */
    "5.7.508",            /* Exchange Online: sending address blocked */
    "5.7.57",             /* Exchange Online: client was not authenticated to send */
    "5.7.60",             /* Exchange Online: no permission to send as this sender */
    "5.7.705",            /* Exchange Online: tenant has exceeded its threshold */
    "5.7.708",            /* Exchange Online: traffic not accepted from this address */
    "5.7.750",            /* Exchange Online: unregistered domain */
    "5.1.90",             /* Exchange Online: recipient limit of the day */
    NULL,
};

/* Words that a provider has for it, lower case. */
static const char *const phrases[] = {
    "daily sending quota",
    "daily user sending limit",
    "daily sending limit",
    "daily message limit",
    "submissionquotaexceeded",
    "sending limit exceeded",
    "sending limits for this account",
    "outboundspamexception",
    "sendasdenied",
    "not allowed to send as",
    "account has been blocked from sending",
    "sender is blocked from sending",
    "restricted from sending",
    NULL,
};

gboolean reply_blames_sender(int code, const char *enhanced, const char *text)
{
    if (code < 400)
        return FALSE;
    if (enhanced && g_strv_contains(codes, enhanced))
        return TRUE;
    g_autofree char *lower = g_ascii_strdown(text ? text : "", -1);
    for (const char *const *phrase = phrases; *phrase; phrase++)
        if (strstr(lower, *phrase))
            return TRUE;
    return FALSE;
}
