/* clock - the time, chance, and the hooks by which a test fixes both */
#include "base/clock.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/trace.h"

static struct {
    gsize read;
    gboolean fixed, seeded, nodelay;
    gint64 now;    /* where a fixed clock stands */
    gint64 slept;  /* what nodelay has skipped */
    GRand *series;
    gint64 stop_after; /* durable steps left, or 0 for never */
} hooks;
static GMutex hooks_lock;

static void hooks_parse(const char *text)
{
    g_auto(GStrv) words = g_strsplit(text, ",", -1);
    for (char **word = words; *word; word++) {
        if (g_str_has_prefix(*word, "clock=")) {
            g_autoptr(GDateTime) when = g_date_time_new_from_iso8601(*word + 6, NULL);
            if (!when)
                g_error("CIRCULAR_TEST: not a time: '%s'", *word + 6);
            hooks.fixed = TRUE;
            hooks.now = g_date_time_to_unix(when) * G_USEC_PER_SEC;
        } else if (g_str_has_prefix(*word, "seed=")) {
            hooks.seeded = TRUE;
            hooks.series = g_rand_new_with_seed((guint32)g_ascii_strtoull(*word + 5, NULL, 10));
        } else if (g_str_has_prefix(*word, "stop-after=")) {
            hooks.stop_after = g_ascii_strtoll(*word + 11, NULL, 10);
        } else if (g_str_equal(*word, "nodelay")) {
            hooks.nodelay = TRUE;
        } else if (**word) {
            g_error("CIRCULAR_TEST: unknown word '%s'", *word);
        }
    }
}

static void hooks_read(void)
{
    if (!g_once_init_enter(&hooks.read))
        return;
    const char *text = g_getenv("CIRCULAR_TEST");
    if (text)
        hooks_parse(text);
    g_once_init_leave(&hooks.read, 1);
}

gint64 clock_now(void)
{
    hooks_read();
    if (!hooks.fixed && !hooks.nodelay)
        return g_get_real_time();
    g_mutex_lock(&hooks_lock);
    gint64 now = (hooks.fixed ? hooks.now : g_get_real_time()) + hooks.slept;
    g_mutex_unlock(&hooks_lock);
    return now;
}

gint64 clock_ticks(void)
{
    hooks_read();
    if (!hooks.nodelay)
        return g_get_monotonic_time();
    g_mutex_lock(&hooks_lock);
    gint64 now = g_get_monotonic_time() + hooks.slept;
    g_mutex_unlock(&hooks_lock);
    return now;
}

void clock_sleep(gint64 microseconds)
{
    hooks_read();
    if (microseconds <= 0)
        return;
    if (!hooks.nodelay) {
        g_usleep((gulong)microseconds);
        return;
    }
    g_mutex_lock(&hooks_lock);
    hooks.slept += microseconds;
    g_mutex_unlock(&hooks_lock);
}

char *clock_iso(gint64 when)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(when / G_USEC_PER_SEC);
    return g_date_time_format(time, "%Y-%m-%dT%H:%M:%SZ");
}

char *clock_rfc5322(gint64 when)
{
    static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_local(when / G_USEC_PER_SEC);
    g_autofree char *rest = g_date_time_format(time, "%H:%M:%S %z");
    /* Not strftime's %a and %b: a header's names are English whatever the locale. */
    return g_strdup_printf("%s, %02d %s %d %s", days[g_date_time_get_day_of_week(time) - 1],
                           g_date_time_get_day_of_month(time),
                           months[g_date_time_get_month(time) - 1], g_date_time_get_year(time),
                           rest);
}

void random_bytes(guint8 *bytes, gsize length)
{
    hooks_read();
    if (hooks.seeded) {
        g_mutex_lock(&hooks_lock);
        for (gsize i = 0; i < length; i++)
            bytes[i] = (guint8)g_rand_int_range(hooks.series, 0, 256);
        g_mutex_unlock(&hooks_lock);
        return;
    }
    while (length) {
        ssize_t got = getrandom(bytes, length, 0);
        if (got < 0 && errno != EINTR)
            g_error("getrandom: %s", g_strerror(errno));
        if (got > 0) {
            bytes += got;
            length -= (gsize)got;
        }
    }
}

void durable_step(const char *what)
{
    hooks_read();
    trace("step", "%s", what);
    if (!hooks.stop_after)
        return;
    g_mutex_lock(&hooks_lock);
    gboolean last = --hooks.stop_after == 0;
    g_mutex_unlock(&hooks_lock);
    if (last)
        raise(SIGKILL); /* nothing is flushed and no handler runs: that is the point */
}
