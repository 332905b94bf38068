/* clock - the time, chance, and the hooks by which a test fixes both */
#include "base/clock.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/trace.h"

/* From and to here a year has four digits, with a day to spare for the zone. */
#define YEAR_1000 G_GINT64_CONSTANT(-30610137600)
#define YEAR_9999 G_GINT64_CONSTANT(253402214400)

/* Set once by hooks_read; what changes later is guarded by hooks_lock. */
static struct {
    gsize read;
    gboolean fixed, nodelay;
    gint64 now;         /* of a fixed clock */
    gint64 ahead;       /* microseconds, of one that runs */
    gint64 skipped;     /* microseconds that were to be slept and were not */
    GRand *series;      /* NULL for real chance */
    guint64 stop_after; /* durable steps left, or 0 for never */
    guint name_server;  /* a port, or 0 */
} hooks;
static GMutex hooks_lock;

static guint64 number(const char *word, const char *text, guint64 least, guint64 most)
{
    guint64 value;
    if (!g_ascii_string_to_unsigned(text, 10, least, most, &value, NULL))
        g_error("CIRCULAR_TEST: not a number from %" G_GUINT64_FORMAT ": '%s'", least, word);
    return value;
}

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
            g_clear_pointer(&hooks.series, g_rand_free);
            hooks.series = g_rand_new_with_seed((guint32)number(*word, *word + 5, 0, G_MAXUINT32));
        } else if (g_str_has_prefix(*word, "stop-after=")) {
            hooks.stop_after = number(*word, *word + 11, 1, G_MAXUINT64);
        } else if (g_str_has_prefix(*word, "dns=")) {
            hooks.name_server = (guint)number(*word, *word + 4, 1, G_MAXUINT16);
        } else if (g_str_equal(*word, "nodelay")) {
            hooks.nodelay = TRUE;
        } else if (**word) {
            g_error("CIRCULAR_TEST: unknown word '%s'", *word);
        }
    }
}

static gint64 ahead_parse(const char *text)
{
    const gint64 most = YEAR_9999 / 2;
    gint64 seconds;
    if (!g_ascii_string_to_signed(text, 10, -most, most, &seconds, NULL))
        g_error("CIRCULAR_TEST_AHEAD: not a number of seconds: '%s'", text);
    return seconds;
}

static void hooks_read(void)
{
    if (!g_once_init_enter(&hooks.read))
        return;
    const char *text = g_getenv("CIRCULAR_TEST");
    if (text)
        hooks_parse(text);
    const char *ahead = g_getenv("CIRCULAR_TEST_AHEAD");
    if (ahead && *ahead)
        hooks.ahead = ahead_parse(ahead) * G_USEC_PER_SEC;
    g_once_init_leave(&hooks.read, 1);
}

static gint64 skipped(void)
{
    hooks_read();
    if (!hooks.nodelay)
        return 0;
    g_mutex_lock(&hooks_lock);
    gint64 microseconds = hooks.skipped;
    g_mutex_unlock(&hooks_lock);
    return microseconds;
}

gint64 clock_now(void)
{
    gint64 later = skipped();
    return (hooks.fixed ? hooks.now : g_get_real_time() + hooks.ahead) + later;
}

gint64 clock_ticks(void)
{
    return g_get_monotonic_time() + skipped();
}

void clock_wait(gint64 microseconds)
{
    hooks_read();
    if (microseconds > 0)
        g_usleep((gulong)(hooks.nodelay ? (microseconds + 9) / 10 : microseconds));
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
    /* Whoever waits until a time, and looks at the clock again, must see that it has come. */
    g_mutex_lock(&hooks_lock);
    hooks.skipped += microseconds;
    g_mutex_unlock(&hooks_lock);
}

int clock_poll(struct pollfd *watched, guint count, guint milliseconds)
{
    hooks_read();
    if (!hooks.nodelay || !milliseconds)
        return poll(watched, count, (int)MIN(milliseconds, G_MAXINT));
    int ready = poll(watched, count, 1);
    if (ready == 0)
        clock_sleep((gint64)milliseconds * 1000);
    return ready;
}

/* Whole seconds since 1970, rounded down, within what a GDateTime can hold. */
static gint64 seconds(gint64 when)
{
    gint64 whole = when / G_USEC_PER_SEC - (when % G_USEC_PER_SEC < 0);
    return CLAMP(whole, YEAR_1000, YEAR_9999);
}

char *clock_iso(gint64 when)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(seconds(when));
    return g_date_time_format(time, "%Y-%m-%dT%H:%M:%SZ");
}

char *clock_rfc5322(gint64 when)
{
    static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_local(seconds(when));
    g_autofree char *rest = g_date_time_format(time, "%H:%M:%S %z");
    /* Not strftime's %a and %b: a header's names are English whatever the locale. */
    return g_strdup_printf("%s, %02d %s %04d %s", days[g_date_time_get_day_of_week(time) - 1],
                           g_date_time_get_day_of_month(time),
                           months[g_date_time_get_month(time) - 1], g_date_time_get_year(time),
                           rest);
}

void random_bytes(guint8 *bytes, gsize length)
{
    hooks_read();
    if (hooks.series) {
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

guint test_name_server(void)
{
    hooks_read();
    return hooks.name_server;
}
