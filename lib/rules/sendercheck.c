/* sendercheck - the arithmetic of who a letter is from and how long it takes */
#include "text/amount.h"
#include "text/when.h"
#include "rules/sendercheck.h"

#include <string.h>

gboolean sendercheck_is_unread(const char *local)
{
    g_autofree char *lower = g_ascii_strdown(local, -1);
    g_autoptr(GString) bare = g_string_new(lower);
    g_string_replace(bare, "-", "", 0);
    g_string_replace(bare, "_", "", 0);
    g_string_replace(bare, ".", "", 0);
    return g_str_equal(bare->str, "noreply") || g_str_equal(bare->str, "donotreply") ||
           g_str_equal(bare->str, "noreplies") || g_str_equal(bare->str, "unattended");
}

static char *clock_after(gint64 now, guint64 minutes, guint64 days)
{
    g_autoptr(GDateTime) at = g_date_time_new_from_unix_local(now / G_USEC_PER_SEC);
    g_autoptr(GDateTime) day = g_date_time_add_days(at, (int)MIN(days, 36500));
    g_autoptr(GDateTime) end = g_date_time_add_minutes(day, (int)MIN(minutes, 52560000));
    return when_soon(g_date_time_to_unix(end) * G_USEC_PER_SEC, now);
}

char *sendercheck_pace(const SendercheckPace *pace)
{
    if (!pace->letters || (!pace->per_minute && !pace->per_day && !pace->per_domain_minute))
        return NULL;
    guint64 days = pace->per_day ? (pace->letters - 1) / pace->per_day : 0;
    guint64 last_day = pace->letters - days * pace->per_day;
    guint64 minutes = pace->per_minute ? (last_day + pace->per_minute - 1) / pace->per_minute : 0;
    guint64 one_domain = pace->per_domain_minute ? (pace->busiest + pace->per_domain_minute - 1) /
                                                       pace->per_domain_minute
                                                 : 0;
    gboolean crowded = !days && one_domain > minutes;
    minutes = crowded ? one_domain : minutes;
    g_autofree char *took = amount_duration((gint64)minutes * 60 * G_USEC_PER_SEC);
    g_autofree char *end = clock_after(pace->now, minutes, days);
    g_autofree char *letters = amount_number(pace->letters);
    if (crowded)
        return g_strdup_printf("%s letters, %u of them to one domain at %u a minute: %s; begun "
                               "now, done at %s",
                               letters, pace->busiest, pace->per_domain_minute, took, end);
    if (days) {
        g_autofree char *a_day = amount_number(pace->per_day);
        return g_strdup_printf("%s letters at %s a day: %" G_GUINT64_FORMAT
                               " days; begun now, done at %s",
                               letters, a_day, days + 1, end);
    }
    if (!minutes)
        return NULL;
    return g_strdup_printf("%s letter%s at %u a minute: %s; begun now, done at %s", letters,
                           amount_form(pace->letters, "", "s"), pace->per_minute, took, end);
}
