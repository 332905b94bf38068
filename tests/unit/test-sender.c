/* test-sender - how long the sender waits before it tries again */
#include <glib.h>

#include "run/sender.h"

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

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sender/pauses-grow", test_pauses_grow);
    g_test_add_func("/sender/pauses-are-spread", test_pauses_are_spread);
    g_test_add_func("/sender/a-day", test_a_lost_relay_is_tried_for_a_day);
    return g_test_run();
}
