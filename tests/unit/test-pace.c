/* Tests of delivery/pace. */
#include "delivery/pace.h"

#define SECOND ((gint64)G_USEC_PER_SEC)

static void test_no_limits(void)
{
    g_autoptr(Pace) pace = pace_new(&(PaceLimits){0});
    for (int i = 0; i < 1000; i++) {
        g_assert_cmpint(pace_wait(pace, 5), ==, 0);
        g_assert_cmpint(pace_wait_domain(pace, "a@example.org", 5), ==, 0);
        pace_note(pace, "a@example.org", 5);
    }
    g_assert_cmpint(pace_estimate(&(PaceLimits){0}, 450), ==, 0);
}

static void test_per_minute(void)
{
    g_autoptr(Pace) pace = pace_new(&(PaceLimits){.per_minute = 30});
    gint64 now = 100 * SECOND;
    guint sent = 0;
    for (gint64 end = now + 600 * SECOND; now < end; now += SECOND / 10) {
        if (pace_wait(pace, now))
            continue;
        pace_note(pace, "a@example.org", now);
        sent++;
    }
    g_assert_cmpuint(sent, >=, 300);
    g_assert_cmpuint(sent, <=, 301);
}

static void test_a_pause_is_followed_by_no_burst(void)
{
    g_autoptr(Pace) pace = pace_new(&(PaceLimits){.per_minute = 60});
    pace_note(pace, "a@example.org", 0);
    guint sent = 0;
    for (; !pace_wait(pace, 3600 * SECOND); sent++)
        pace_note(pace, "a@example.org", 3600 * SECOND);
    g_assert_cmpuint(sent, <=, 2);
}

/* Two processes that share it go together as fast as one alone; and what lies there from another
 * boot, or was never a time, holds nobody up. */
static void test_shared(void)
{
    PaceShared when = {0};
    g_autoptr(Pace) one = pace_new(&(PaceLimits){.per_minute = 30});
    g_autoptr(Pace) two = pace_new(&(PaceLimits){.per_minute = 30});
    pace_share(one, &when);
    pace_share(two, &when);
    gint64 now = 100 * SECOND;
    guint sent[2] = {0};
    for (gint64 end = now + 600 * SECOND; now < end; now += SECOND / 10) {
        Pace *pace = now / 100000 % 2 ? one : two;
        if (pace_wait(pace, now))
            continue;
        pace_note(pace, "a@example.org", now);
        sent[pace == one]++;
    }
    g_assert_cmpuint(sent[0] + sent[1], >=, 299);
    g_assert_cmpuint(sent[0] + sent[1], <=, 301);
    g_assert_cmpuint(sent[0], >, 0);
    g_assert_cmpuint(sent[1], >, 0);

    static const gint64 odd[] = {G_MAXINT64, G_MAXINT64 / 2, 4000 * SECOND, -5, G_MININT64 / 4};
    for (gsize i = 0; i < G_N_ELEMENTS(odd); i++) {
        when.next = odd[i];
        g_assert_cmpint(pace_wait(one, 1000 * SECOND), ==, 0);
        pace_note(one, "a@example.org", 1000 * SECOND);
        g_assert_cmpint(when.next, >, 1000 * SECOND - 1);
        g_assert_cmpint(when.next, <=, 1002 * SECOND);
    }
}

static void test_per_domain(void)
{
    g_autoptr(Pace) pace = pace_new(&(PaceLimits){.per_domain_minute = 6});
    pace_note(pace, "a@One.example.org", 0);
    g_assert_cmpint(pace_wait(pace, 0), ==, 0);
    g_assert_cmpint(pace_wait_domain(pace, "b@one.example.org", 0), ==, 10 * SECOND);
    g_assert_cmpint(pace_wait_domain(pace, "b@one.example.org", 10 * SECOND), ==, 0);
    g_assert_cmpint(pace_wait_domain(pace, "b@two.example.org", 0), ==, 0);
}

static void test_estimate(void)
{
    g_assert_cmpint(pace_estimate(&(PaceLimits){.per_minute = 25}, 1), ==, 0);
    g_assert_cmpint(pace_estimate(&(PaceLimits){.per_minute = 25}, 451), ==,
                    450 * 60 * SECOND / 25);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pace/no-limits", test_no_limits);
    g_test_add_func("/pace/per-minute", test_per_minute);
    g_test_add_func("/pace/no-burst", test_a_pause_is_followed_by_no_burst);
    g_test_add_func("/pace/shared", test_shared);
    g_test_add_func("/pace/per-domain", test_per_domain);
    g_test_add_func("/pace/estimate", test_estimate);
    return g_test_run();
}
