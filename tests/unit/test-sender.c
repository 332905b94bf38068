/* test-sender - how long the sender waits before it tries again */
#include <glib.h>

#include "send/sender.h"

#define MINUTE (60 * (gint64)G_USEC_PER_SEC)

static void test_pauses_grow(void)
{
    static const gint64 minutes[] = {1, 1, 5, 15, 30, 60, 120, 240, 240};
    for (guint attempts = 0; attempts < G_N_ELEMENTS(minutes); attempts++) {
        gint64 least = minutes[attempts] * MINUTE;
        for (guint i = 0; i < 200; i++) {
            gint64 pause = sender_pause(attempts);
            g_assert_cmpint(pause, >=, least);
            g_assert_cmpint(pause, <=, least + least / 5);
        }
    }
    g_assert_cmpint(sender_pause(G_MAXUINT), >=, 240 * MINUTE);
}

/* What was put off together must not come back together. */
static void test_pauses_are_spread(void)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    gint64 most = 0;
    for (guint i = 0; i < 1000; i++) {
        gint64 pause = sender_pause(1);
        g_hash_table_add(seen, g_memdup2(&pause, sizeof pause));
        most = MAX(most, pause);
    }
    g_assert_cmpuint(g_hash_table_size(seen), >, 100);
    g_assert_cmpint(most, >, 11 * MINUTE / 10);
}

/* A relay that is gone is tried for about a day before the run ends. */
static void test_a_lost_relay_is_tried_for_a_day(void)
{
    gint64 sum = 0;
    for (guint failures = 1; failures <= SENDER_FAILURES_MAX; failures++)
        sum += sender_pause(failures);
    g_assert_cmpint(sum, >=, 20 * 60 * MINUTE);
    g_assert_cmpint(sum, <=, 30 * 60 * MINUTE);
}

/* Nobody is given up who was not truly tried: over the whole time, often enough, on two days. */
static void test_giving_up(void)
{
    const gint64 day = 24 * 60 * MINUTE;
    g_autoptr(GDateTime) monday = g_date_time_new_local(2026, 1, 5, 9, 0, 0); /* days are ours */
    const gint64 first = g_date_time_to_unix(monday) * G_USEC_PER_SEC;
    g_assert_false(sender_gives_up(day, 2, first, first + 3 * day)); /* asleep over a weekend */
    g_assert_false(sender_gives_up(day, 11, first, first + 3 * day));
    g_assert_true(sender_gives_up(day, 12, first, first + day));
    g_assert_false(sender_gives_up(day, 12, first, first + day - 241 * MINUTE));
    g_assert_false(sender_gives_up(0, 1000, first, first + 30 * day));
    g_assert_false(sender_gives_up(120 * MINUTE, 6, first, first + 300 * MINUTE)); /* one day */
    g_assert_true(sender_gives_up(120 * MINUTE, 6, first, first + day));
    g_assert_false(sender_gives_up(120 * MINUTE, 5, first, first + day));
}

/* A server that takes `most` letters in any `window` (or in fixed windows), one of `total` every
 * `step`: how long it takes to send all by sender_patience, in microseconds. */
static gint64 send_against(guint most, gint64 window, gboolean is_fixed, guint total, gint64 step)
{
    g_autofree gint64 *at = g_new0(gint64, total);
    gint64 now = 17 * MINUTE, start = now, refused_since = 0;
    for (guint sent = 0, since = 0; sent < total;) {
        while (since < sent &&
               (is_fixed ? at[since] / window < now / window : at[since] <= now - window))
            since++;
        if (sent - since < most) {
            at[sent++] = now;
            refused_since = 0;
            now += step;
        } else {
            refused_since = refused_since ? refused_since : now;
            now += sender_patience(now - refused_since, 0);
        }
    }
    return now - start;
}

/* A limit by the hour or the day costs no more than it must, and a tenth. */
static void test_patience(void)
{
    const gint64 hour = 60 * MINUTE;
    for (int is_fixed = 0; is_fixed < 2; is_fixed++) {
        g_assert_cmpint(send_against(100, hour, is_fixed, 450, MINUTE / 25), <=,
                        4 * hour + 4 * hour / 10);
        g_assert_cmpint(send_against(1000, 24 * hour, is_fixed, 2500, MINUTE / 25), <=,
                        48 * hour + 48 * hour / 10);
        g_assert_cmpint(send_against(30, MINUTE, is_fixed, 300, 0), <=, 20 * MINUTE);
    }
    g_assert_cmpint(sender_patience(0, 0), ==, MINUTE);
    g_assert_cmpint(sender_patience(100 * hour, 0), ==, hour);
    g_assert_cmpint(sender_patience(0, 1800), ==, 30 * MINUTE);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sender/pauses-grow", test_pauses_grow);
    g_test_add_func("/sender/pauses-are-spread", test_pauses_are_spread);
    g_test_add_func("/sender/giving-up", test_giving_up);
    g_test_add_func("/sender/patience", test_patience);
    g_test_add_func("/sender/a-day", test_a_lost_relay_is_tried_for_a_day);
    return g_test_run();
}
