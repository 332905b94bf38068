/* test-clock - the time as mail writes it, and the hooks that fix it
 *
 * The hooks are read once in a process, so each is tested in one of its own: this program run again
 * with CIRCULAR_TEST set.
 */
#include "base/clock.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"

static const gint64 HOUR = 3600;

static void test_iso(void)
{
    static const struct {
        gint64 when;
        const char *text;
    } cases[] = {
        {0, "1970-01-01T00:00:00Z"},
        {999999, "1970-01-01T00:00:00Z"},
        {1000000, "1970-01-01T00:00:01Z"},
        {-1, "1969-12-31T23:59:59Z"},
        {-1000000, "1969-12-31T23:59:59Z"},
        {G_GINT64_CONSTANT(1767603600000000), "2026-01-05T09:00:00Z"},
        {G_GINT64_CONSTANT(1709164800000000), "2024-02-29T00:00:00Z"},
        {G_GINT64_CONSTANT(2147483648000000), "2038-01-19T03:14:08Z"},
        {G_MAXINT64, "9999-12-31T00:00:00Z"},
        {G_MININT64, "1000-01-02T00:00:00Z"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = clock_iso(cases[i].when);
        g_assert_cmpstr(text, ==, cases[i].text);
    }
}

static void assert_rfc5322(const char *zone, gint64 second, const char *expected)
{
    g_setenv("TZ", zone, TRUE);
    g_autofree char *text = clock_rfc5322(second * G_USEC_PER_SEC);
    g_assert_cmpstr(text, ==, expected);
}

static void test_rfc5322(void)
{
    const gint64 winter = 1767603600, summer = 1783242000;
    assert_rfc5322("UTC", winter, "Mon, 05 Jan 2026 09:00:00 +0000");
    assert_rfc5322("UTC", 0, "Thu, 01 Jan 1970 00:00:00 +0000");
    assert_rfc5322("EST5", winter, "Mon, 05 Jan 2026 04:00:00 -0500");
    assert_rfc5322("IST-5:30", winter, "Mon, 05 Jan 2026 14:30:00 +0530");
    assert_rfc5322("GMT0BST,M3.5.0/1,M10.5.0", winter, "Mon, 05 Jan 2026 09:00:00 +0000");
    assert_rfc5322("GMT0BST,M3.5.0/1,M10.5.0", summer, "Sun, 05 Jul 2026 10:00:00 +0100");
    assert_rfc5322("UTC", G_MAXINT64 / G_USEC_PER_SEC, "Fri, 31 Dec 9999 00:00:00 +0000");
    for (int month = 0; month < 12; month++) {
        static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
        g_autofree char *text =
            clock_rfc5322((1768435200 + month * G_GINT64_CONSTANT(2635200)) * G_USEC_PER_SEC);
        g_assert_true(strncmp(text + 8, names + 3 * month, 3) == 0);
    }
}

/* Without hooks: real time, real chance, real sleep. */
static void test_real(void)
{
    guint8 a[64] = {0}, b[64] = {0};
    gint64 before = clock_ticks(), now = clock_now();
    g_assert_cmpint(ABS(now - g_get_real_time()), <, 10 * G_USEC_PER_SEC);
    clock_sleep(20000);
    g_assert_cmpint(clock_ticks() - before, >=, 20000);
    clock_sleep(0);
    clock_sleep(-5);
    random_bytes(a, sizeof a);
    random_bytes(b, sizeof b);
    g_assert_true(memcmp(a, b, sizeof a) != 0);
    random_bytes(NULL, 0);
}

/* Runs this test again in a process of its own with these hooks. TRUE in that process. */
static gboolean with_hooks(const char *hooks)
{
    if (g_test_subprocess())
        return TRUE;
    g_setenv("CIRCULAR_TEST", hooks, TRUE);
    g_test_trap_subprocess(NULL, 0, 0);
    g_unsetenv("CIRCULAR_TEST");
    return FALSE;
}

static void test_fixed(void)
{
    if (!with_hooks("clock=2026-01-05T09:00:00Z,seed=7")) {
        g_test_trap_assert_passed();
        return;
    }
    gint64 ticks = clock_ticks();
    g_assert_cmpint(clock_now(), ==, G_GINT64_CONSTANT(1767603600000000));
    clock_sleep(2000); /* is slept, and the clock stands still */
    g_assert_cmpint(clock_ticks() - ticks, >=, 2000);
    g_assert_cmpint(clock_now(), ==, G_GINT64_CONSTANT(1767603600000000));
    guint8 bytes[4];
    random_bytes(bytes, sizeof bytes);
    printf("random %02x%02x%02x%02x\n", bytes[0], bytes[1], bytes[2], bytes[3]);
}

/* The same series each time, and another for another seed. */
static void test_seed(void)
{
    static const char *const hooks[] = {"seed=7", "seed=7", "seed=8"};
    char *said[3];
    if (g_test_subprocess()) {
        guint8 bytes[8];
        random_bytes(bytes, sizeof bytes);
        for (gsize i = 0; i < sizeof bytes; i++)
            fprintf(stderr, "%02x", bytes[i]);
        return;
    }
    for (int i = 0; i < 3; i++) {
        g_autofree char *program = g_file_read_link("/proc/self/exe", NULL);
        g_autoptr(GError) error = NULL;
        const char *argv[] = {program, "-q", "-p", "/clock/seed", "--GTestSubprocess", NULL};
        g_setenv("CIRCULAR_TEST", hooks[i], TRUE);
        g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL,
                     &said[i], NULL, &error);
        g_unsetenv("CIRCULAR_TEST");
        g_assert_no_error(error);
        g_assert_cmpuint(strlen(said[i]), ==, 16);
    }
    g_assert_cmpstr(said[0], ==, said[1]);
    g_assert_cmpstr(said[0], !=, said[2]);
    for (int i = 0; i < 3; i++)
        g_free(said[i]);
}

/* A day goes by at once, on both clocks. */
static void test_nodelay(void)
{
    if (!with_hooks("clock=2026-01-05T09:00:00+01:00,nodelay")) {
        g_test_trap_assert_passed();
        return;
    }
    gint64 start = g_get_monotonic_time(), ticks = clock_ticks();
    clock_sleep(24 * HOUR * G_USEC_PER_SEC);
    clock_sleep(-1);
    g_autofree char *text = clock_iso(clock_now());
    g_assert_cmpstr(text, ==, "2026-01-06T08:00:00Z");
    g_assert_cmpint(clock_ticks() - ticks, >=, 24 * HOUR * G_USEC_PER_SEC);
    g_assert_cmpint(g_get_monotonic_time() - start, <, HOUR * G_USEC_PER_SEC);
}

/* What another process does takes its time. */
static void test_nodelay_wait(void)
{
    if (!with_hooks("nodelay")) {
        g_test_trap_assert_passed();
        return;
    }
    gint64 began = g_get_monotonic_time(), ticks = clock_ticks();
    clock_wait(50 * 1000);
    gint64 took = g_get_monotonic_time() - began;
    g_assert_cmpint(took, >=, 5 * 1000);
    g_assert_cmpint(clock_ticks() - ticks, <=, g_get_monotonic_time() - began); /* no jump */
    clock_wait(0);
    clock_wait(-1);
}

/* A wait in which nothing happens passes at once and counts in full; one in which something does
 * counts as long as it took. */
static void test_nodelay_poll(void)
{
    if (!with_hooks("nodelay")) {
        g_test_trap_assert_passed();
        return;
    }
    int ends[2];
    g_assert_cmpint(pipe(ends), ==, 0);
    struct pollfd one = {.fd = ends[0], .events = POLLIN};
    gint64 start = g_get_monotonic_time(), ticks = clock_ticks();
    g_assert_cmpint(clock_poll(&one, 1, 24 * HOUR * 1000), ==, 0);
    g_assert_cmpint(clock_ticks() - ticks, >=, 24 * HOUR * G_USEC_PER_SEC);
    g_assert_cmpint(g_get_monotonic_time() - start, <, HOUR * G_USEC_PER_SEC);
    ticks = clock_ticks();
    g_assert_cmpint(write(ends[1], "x", 1), ==, 1);
    g_assert_cmpint(clock_poll(&one, 1, 24 * HOUR * 1000), ==, 1);
    g_assert_cmpint(clock_poll(&one, 1, 0), ==, 1);
    g_assert_cmpint(clock_ticks() - ticks, <, HOUR * G_USEC_PER_SEC);
    close(ends[0]);
    close(ends[1]);
}

static void test_nodelay_on_running_clock(void)
{
    if (!with_hooks("nodelay")) {
        g_test_trap_assert_passed();
        return;
    }
    clock_sleep(24 * HOUR * G_USEC_PER_SEC);
    gint64 ahead = clock_now() - g_get_real_time();
    g_assert_cmpint(ahead, >, 23 * HOUR * G_USEC_PER_SEC);
}

/* A clock of another year runs; one that stands still stays where it is. */
static void test_ahead(void)
{
    g_setenv("CIRCULAR_TEST_AHEAD", "-31536000", TRUE);
    gboolean inside = with_hooks("nodelay");
    if (!inside) {
        g_unsetenv("CIRCULAR_TEST_AHEAD");
        g_test_trap_assert_passed();
        return;
    }
    gint64 year = 365 * 24 * HOUR * G_USEC_PER_SEC, behind = g_get_real_time() - clock_now();
    g_assert_cmpint(ABS(behind - year), <, HOUR * G_USEC_PER_SEC);
    gint64 before = clock_now();
    g_usleep(2000);
    g_assert_cmpint(clock_now() - before, >=, 2000);
}

static void test_ahead_is_not_fixed(void)
{
    g_setenv("CIRCULAR_TEST_AHEAD", "86400", TRUE);
    gboolean inside = with_hooks("clock=2026-01-05T09:00:00Z");
    if (!inside) {
        g_unsetenv("CIRCULAR_TEST_AHEAD");
        g_test_trap_assert_passed();
        return;
    }
    g_autofree char *text = clock_iso(clock_now());
    g_assert_cmpstr(text, ==, "2026-01-05T09:00:00Z");
}

static void test_stop_after(void)
{
    if (g_test_subprocess()) {
        for (int i = 1; i <= 5; i++) {
            fprintf(stderr, "step %d\n", i);
            durable_step("test");
        }
        return;
    }
    with_hooks("stop-after=3");
    g_test_trap_assert_failed();
    g_test_trap_assert_stderr("*step 3*");
    g_test_trap_assert_stderr_unmatched("*step 4*");
    with_hooks("stop-after=6");
    g_test_trap_assert_passed();
    with_hooks("");
    g_test_trap_assert_passed();
}

/* A hook that is misspelt is no hook: the test that set it must not pass. */
static void test_bad_hooks(void)
{
    static const char *const hooks[] = {
        "nodeley",
        "clock=yesterday",
        "clock=2026-01-05T09:00:00",
        "stop-after=0",
        "stop-after=-1",
        "stop-after=3x",
        "stop-after=",
        "seed=x",
        "seed=-1",
        "seed=4294967296",
        "dns=0",
        "dns=65536",
        "dns=",
        "nodelay,clock",
    };
    if (g_test_subprocess()) {
        clock_now();
        return;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(hooks); i++) {
        with_hooks(hooks[i]);
        g_test_trap_assert_failed();
        g_test_trap_assert_stderr("*CIRCULAR_TEST: *");
    }
}

static void test_trace(void)
{
    if (g_test_subprocess()) {
        durable_step("a step\nof two lines \x1b[2J");
        return;
    }
    g_setenv("CIRCULAR_TRACE", "sql,step", TRUE);
    g_test_trap_subprocess(NULL, 0, 0);
    g_test_trap_assert_stderr("*step: a step\\x0aof two lines \\x1b?2J\n*");
    g_setenv("CIRCULAR_TRACE", "steps", TRUE);
    g_test_trap_subprocess(NULL, 0, 0);
    g_test_trap_assert_stderr_unmatched("*a step*");
    g_unsetenv("CIRCULAR_TRACE");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    if (!g_test_subprocess())
        g_unsetenv("CIRCULAR_TEST_AHEAD"); /* this is where it is tested */
    g_test_add_func("/clock/iso", test_iso);
    g_test_add_func("/clock/rfc5322", test_rfc5322);
    g_test_add_func("/clock/real", test_real);
    g_test_add_func("/clock/fixed", test_fixed);
    g_test_add_func("/clock/seed", test_seed);
    g_test_add_func("/clock/nodelay", test_nodelay);
    g_test_add_func("/clock/nodelay-wait", test_nodelay_wait);
    g_test_add_func("/clock/nodelay-poll", test_nodelay_poll);
    g_test_add_func("/clock/nodelay-on-running-clock", test_nodelay_on_running_clock);
    g_test_add_func("/clock/ahead", test_ahead);
    g_test_add_func("/clock/ahead-is-not-fixed", test_ahead_is_not_fixed);
    g_test_add_func("/clock/stop-after", test_stop_after);
    g_test_add_func("/clock/bad-hooks", test_bad_hooks);
    g_test_add_func("/clock/trace", test_trace);
    return g_test_run();
}
