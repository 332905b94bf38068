/* test-inbox-hour - an hour of waiting, which passes in seconds: IDLE begun anew in time, and news
 * in the middle */
#include "base/clock.h"
#include "fake-imap.h"

enum {
    MINUTE = 60,
    LIMIT = 29 * MINUTE, /* RFC 2177 section 3 */
    LOOK_EVERY = 20      /* seconds between two looks at what the server heard */
};

/* What is seen of the server while we wait, about twice a second of the time that passes. */
typedef struct {
    guint port;
    gint64 looked, begun; /* clock_ticks: of the last look, of the IDLE that is under way */
    guint idles;
    gint64 longest; /* of an IDLE, in microseconds */
    gint64 deliver; /* clock_ticks when a message comes; 0: none does */
    gint64 delivered;
} Hour;

static guint count_idles(guint port)
{
    g_autofree char *log = fake_tell("log", port);
    g_auto(GStrv) idles = g_strsplit(log, " IDLE\"", -1);
    return g_strv_length(idles) - 1;
}

static gboolean look(void *user)
{
    Hour *self = user;
    gint64 now = clock_ticks();
    if (self->deliver && now >= self->deliver && !self->delivered) {
        g_autofree char *line = g_strdup_printf("deliver %u INBOX late\\n\\nnews", self->port);
        g_free(fake_ask(line));
        self->delivered = now;
    }
    if (now - self->looked < LOOK_EVERY * (gint64)G_USEC_PER_SEC)
        return FALSE;
    self->looked = now;
    guint idles = count_idles(self->port);
    if (idles != self->idles)
        self->begun = now;
    self->idles = idles;
    self->longest = MAX(self->longest, now - self->begun);
    return FALSE;
}

static Hour begin(guint port)
{
    gint64 now = clock_ticks();
    return (Hour){.port = port, .looked = now, .begun = now};
}

static Inbox *open_patiently(guint port)
{
    g_autoptr(GError) error = NULL;
    InboxOptions options = inbox_options(port);
    Inbox *inbox = inbox_open(&options, &error);
    g_assert_no_error(error);
    return inbox;
}

static void test_quiet(void)
{
    guint port = fake_serve("{'folders': {'INBOX': ['a']}}");
    g_autoptr(Inbox) inbox = open_patiently(port);
    g_autoptr(GError) error = NULL;
    G_GNUC_UNUSED g_autoptr(GArray) uids = inbox_list(inbox, 0, &error);
    g_assert_no_error(error);
    Hour hour = begin(port);
    gint64 before = clock_ticks();
    g_assert_cmpint(inbox_wait(inbox, 60 * MINUTE, look, &hour, &error), ==, INBOX_QUIET);
    g_assert_no_error(error);
    g_assert_cmpint(clock_ticks() - before, >=, 60 * MINUTE * (gint64)G_USEC_PER_SEC);
    g_assert_cmpuint(count_idles(port), ==,
                     30); /* two minutes each: some servers idle in silence */
    g_assert_cmpint(hour.longest, >, MINUTE * (gint64)G_USEC_PER_SEC);
    g_assert_cmpint(hour.longest, <, LIMIT * (gint64)G_USEC_PER_SEC);
    g_assert_true(inbox_is_usable(inbox));
}

/* EXISTS in the second IDLE: the wait is over at once, and the message is there. */
static void test_news(void)
{
    guint port = fake_serve("{'folders': {'INBOX': ['a']}}");
    g_autoptr(Inbox) inbox = open_patiently(port);
    g_autoptr(GError) error = NULL;
    G_GNUC_UNUSED g_autoptr(GArray) uids = inbox_list(inbox, 0, &error);
    Hour hour = begin(port);
    hour.deliver = clock_ticks() + 40 * MINUTE * (gint64)G_USEC_PER_SEC;
    g_assert_cmpint(inbox_wait(inbox, 60 * MINUTE, look, &hour, &error), ==, INBOX_NEWS);
    g_assert_no_error(error);
    g_assert_cmpint(hour.delivered, >=, hour.deliver);
    g_assert_cmpuint(count_idles(port), >=, 2);
    g_autoptr(GArray) news = inbox_list(inbox, 1, &error);
    g_assert_cmpuint(news->len, ==, 1);
}

/* A server that says goodbye after half an hour, as RFC 3501 lets it. */
static void test_goodbye(void)
{
    guint port = fake_serve("{'folders': {'INBOX': ['a']}, 'faults': [{'stage': 'idle', 'nth': 2, "
                            "'do': 'raw', 'text': '+ idling\\r\\n* BYE autologout\\r\\n'}]}");
    g_autoptr(Inbox) inbox = open_patiently(port);
    g_autoptr(GError) error = NULL;
    G_GNUC_UNUSED g_autoptr(GArray) uids = inbox_list(inbox, 0, &error);
    Hour hour = begin(port);
    g_assert_cmpint(inbox_wait(inbox, 60 * MINUTE, look, &hour, &error), ==, INBOX_FAILED);
    g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_TEMPORARY);
    g_assert_has(error->message, "autologout");
    g_assert_false(inbox_is_usable(inbox));
}

int main(int argc, char **argv)
{
    g_setenv("CIRCULAR_TEST", "nodelay", TRUE);
    g_test_init(&argc, &argv, NULL);
    if (!fake_start()) {
        g_print("1..0 # SKIP needs python3 and openssl, and to run in the project's folder\n");
        return 0;
    }
    g_test_add_func("/inbox-hour/quiet", test_quiet);
    g_test_add_func("/inbox-hour/news", test_news);
    g_test_add_func("/inbox-hour/goodbye", test_goodbye);
    int status = g_test_run();
    fake_stop();
    return status;
}
