/* test-outbox - the outbox writes each letter once and whole; the null transport takes everything
 */
#include <sys/stat.h>

#include "sender.h"

static guint mode_of(const char *path)
{
    struct stat st;
    g_assert_cmpint(stat(path, &st), ==, 0);
    return st.st_mode & 0777;
}

static void test_each_once(void)
{
    g_autoptr(Folder) base = folder_new();
    g_autofree char *folder = g_build_filename(base, "a", "b", NULL);
    for (guint total = 0; total <= 200; total += total < 62 || total > 66 ? 31 : 1) {
        g_autofree char *mailing = g_strdup_printf("m%u", total);
        Sender sender = {.total = total};
        deliver(folder, mailing, &sender);
        g_assert_cmpuint(sender.given, ==, total);
        assert_each_told_once(&sender, OUTCOME_SENT);
        g_assert_cmpuint(count_in(folder, "new"), ==, total);
        g_assert_cmpuint(count_in(folder, "tmp"), ==, 0);
        g_autofree char *sub = g_build_filename(folder, "new", NULL);
        remove_all(sub);
    }
}

static void test_modes(void)
{
    g_autoptr(Folder) base = folder_new();
    g_autofree char *folder = g_build_filename(base, "out", NULL);
    Sender sender = {.total = 1};
    deliver(folder, "m", &sender);
    static const char *const subs[] = {".", "tmp", "new", "cur"};
    for (guint i = 0; i < G_N_ELEMENTS(subs); i++) {
        g_autofree char *sub = g_build_filename(folder, subs[i], NULL);
        g_assert_cmpuint(mode_of(sub), ==, 0700);
    }
    g_autofree char *path = path_of(folder, "new", "m", 1);
    g_assert_cmpuint(mode_of(path), ==, 0600);
}

static void test_text(void)
{
    static const struct {
        const char *bytes, *text;
    } cases[] = {
        {"A: b\r\n\r\nc\r\n", "A: b\n\nc\n"},
        {"", ""},
        {"\r\n", "\n"},
        {"a\rb\r\r\nc\r", "a\rb\r\nc\r"},
        {"a\nb", "a\nb"},
        {"\r\n\r\n.\r\nFrom x\r\n", "\n\n.\nFrom x\n"},
    };
    for (guint i = 0, cut = 0; i < G_N_ELEMENTS(cases);
         cut < strlen(cases[i].bytes) ? cut++ : (i++, cut = 0)) { /* in two pieces, cut anywhere */
        g_autoptr(Folder) folder = folder_new();
        Sender sender = {.total = 1, .body = cases[i].bytes, .cut = cut};
        deliver(folder, "m", &sender);
        g_autofree char *path = path_of(folder, "new", "m", 1), *text = NULL;
        g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
        g_autofree char *wanted = g_strconcat("Return-Path: <bounces+x@example.org>\n"
                                              "Delivered-To: ann@school.example\n",
                                              cases[i].text, NULL);
        g_assert_cmpstr(text, ==, wanted);
    }
}

static void test_repetition_replaces(void)
{
    g_autoptr(Folder) folder = folder_new();
    Sender first = {.total = 3}, second = {.total = 3, .body = "Subject: new\r\n\r\n"};
    deliver(folder, "m", &first);

    /* One unread, one moved by a reader, one moved and flagged; and a stranger's. */
    g_autofree char *new1 = path_of(folder, "new", "m", 1), *new2 = path_of(folder, "new", "m", 2);
    g_autofree char *cur1 = g_strdup_printf("%s/cur/m.000001.circular:2,", folder);
    g_autofree char *cur2 = g_strdup_printf("%s/cur/m.000002.circular:2,RS", folder);
    g_autofree char *other = g_strdup_printf("%s/cur/1700000000.1.host:2,S", folder);
    g_autofree char *longer = g_strdup_printf("%s/cur/m.more.000001.circular:2,S", folder);
    g_assert_cmpint(g_rename(new1, cur1), ==, 0);
    g_assert_cmpint(g_rename(new2, cur2), ==, 0);
    g_assert_true(g_file_set_contents(other, "x", -1, NULL));
    g_assert_true(g_file_set_contents(longer, "x", -1, NULL));

    deliver(folder, "m", &second);
    assert_each_told_once(&second, OUTCOME_SENT);
    g_assert_cmpuint(count_in(folder, "new"), ==, 3);
    g_assert_cmpuint(count_in(folder, "cur"), ==, 2);
    for (guint i = 1; i <= 3; i++) {
        g_autofree char *path = path_of(folder, "new", "m", i), *text = NULL;
        g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
        g_assert_nonnull(strstr(text, "Subject: new\n"));
    }
}

static void test_mailings_apart(void)
{
    static const char *const mailings[] = {"a",  "a.b",   "a/b", "../../a",
                                           ".a", "a:2,S", "_.a", "a b"};
    g_autoptr(Folder) folder = folder_new();
    for (guint i = 0; i < G_N_ELEMENTS(mailings); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(Transport) transport = outbox_new(folder, mailings[i], &error);
        g_assert_no_error(error);
        Sender sender = {.total = 2};
        g_assert_true(run(transport, &sender, &error));
        g_free(sender.text);
        g_assert_cmpuint(count_in(folder, "new"), ==, 2 * (i + 1));
    }
    g_autofree char *path = g_build_filename(folder, "new", NULL);
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    for (const char *name; (name = g_dir_read_name(dir));) {
        g_assert_cmpint(*name, !=, '.');
        g_assert_null(strpbrk(name, ":/ ,"));
    }
}

static void test_waits(void)
{
    g_autoptr(Folder) folder = folder_new();
    Sender sender = {.total = 20, .waits_every = 5};
    deliver(folder, "waits", &sender);
    assert_each_told_once(&sender, OUTCOME_SENT);
    /* A sender that needs outcomes before it gives more gets them. */
    Sender narrow = {.total = 20, .wait_for_outcomes = 3};
    deliver(folder, "narrow", &narrow);
    assert_each_told_once(&narrow, OUTCOME_SENT);
}

static void test_stop(void)
{
    g_autoptr(Folder) folder = folder_new();
    Sender sender = {.total = 100, .stop_at = 10};
    deliver(folder, "m", &sender);
    g_assert_cmpuint(sender.given, ==, 10);
    assert_each_told_once(&sender, OUTCOME_SENT);
    g_assert_cmpuint(count_in(folder, "new"), ==, 10);
}

static Supply wait_for_ever(void *user, Envelope *envelope, gint64 *wait)
{
    (void)user;
    (void)envelope;
    *wait = (gint64)G_USEC_PER_SEC * 3600;
    return SUPPLY_WAIT;
}

static gboolean stop_soon(void *user)
{
    guint *asked = user;
    return ++*asked > 3;
}

static void test_stop_while_waiting(void)
{
    g_autoptr(Folder) folder = folder_new();
    Transport *transports[] = {null_new(), outbox_new(folder, "m", NULL)};
    for (guint i = 0; i < G_N_ELEMENTS(transports); i++) {
        guint asked = 0;
        TransportCalls calls = {
            .supply = wait_for_ever, .outcome = outcome, .stop = stop_soon, .user = &asked};
        gint64 start = g_get_monotonic_time();
        g_assert_true(transport_run(transports[i], &calls, NULL));
        g_assert_cmpint(g_get_monotonic_time() - start, <, 5 * G_USEC_PER_SEC);
        transport_free(transports[i]);
    }
}

static void test_null(void)
{
    g_autoptr(Transport) transport = null_new();
    g_autoptr(GError) error = NULL;
    Sender sender = {.total = 500, .waits_every = 100};
    g_assert_true(run(transport, &sender, &error));
    assert_each_told_once(&sender, OUTCOME_SENT);
    g_assert_cmpuint(sender.given, ==, 500);
    g_free(sender.text);
    Sender stopped = {.total = 500, .stop_at = 7};
    g_assert_true(run(transport, &stopped, &error));
    g_assert_cmpuint(stopped.told, ==, 7);
    g_free(stopped.text);
}

static void test_speed(void)
{
    g_autoptr(Folder) folder = folder_new();
    g_autofree char *line = g_strnfill(70, 'x');
    g_autoptr(GString) body = g_string_new("Subject: x\r\n\r\n");
    while (body->len < 40 << 10)
        g_string_append_printf(body, "%s\r\n", line);
    Sender sender = {.total = 450, .body = body->str};
    gint64 start = g_get_monotonic_time();
    deliver(folder, "m", &sender);
    g_test_message("450 letters of 40 KB in %.0f ms",
                   (double)(g_get_monotonic_time() - start) / 1000);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/outbox/each-once", test_each_once);
    g_test_add_func("/outbox/modes", test_modes);
    g_test_add_func("/outbox/text", test_text);
    g_test_add_func("/outbox/repetition-replaces", test_repetition_replaces);
    g_test_add_func("/outbox/mailings-apart", test_mailings_apart);
    g_test_add_func("/outbox/waits", test_waits);
    g_test_add_func("/outbox/stop", test_stop);
    g_test_add_func("/outbox/stop-while-waiting", test_stop_while_waiting);
    g_test_add_func("/outbox/null", test_null);
    g_test_add_func("/outbox/speed", test_speed);
    return g_test_run();
}
