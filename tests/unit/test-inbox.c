/* test-inbox - listing, fetching, moving and waiting, against a server that behaves */
#include "fake-imap.h"

static Inbox *open_at(guint port)
{
    g_autoptr(GError) error = NULL;
    InboxOptions options = inbox_options(port);
    Inbox *inbox = inbox_open(&options, &error);
    g_assert_no_error(error);
    g_assert_nonnull(inbox);
    return inbox;
}

static char *uids_text(const GArray *uids)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < uids->len; i++)
        g_string_append_printf(text, "%s%u", i ? " " : "", g_array_index(uids, guint32, i));
    return g_string_free(text, FALSE);
}

static void assert_list(Inbox *inbox, guint32 after, const char *expected)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) uids = inbox_list(inbox, after, &error);
    g_assert_no_error(error);
    g_autofree char *text = uids_text(uids);
    g_assert_cmpstr(text, ==, expected);
}

/* --- opening --------------------------------------------------------------------------------- */

static void test_open(void)
{
    guint port = fake_serve("{'folders': {'INBOX': [], 'Review': []}, 'uidvalidity': 4294967295}");
    g_autoptr(Inbox) inbox = open_at(port);
    g_assert_cmpuint(inbox_uidvalidity(inbox), ==, 4294967295u);
    g_assert_true(inbox_is_usable(inbox));
    g_autofree char *state = fake_tell("state", port);
    g_assert_has(state, "\"Processed\": []");
    g_assert_has(state, "\"subscribed\": [\"Processed\"]"); /* the other was there already */
    g_clear_pointer(&inbox, inbox_close);
    g_autofree char *log = fake_tell("log", port);
    g_assert_has(log, "LOGOUT");
}

static void test_folder_names(void)
{
    g_autofree char *other =
        g_strdup("{'separator': '.', 'folders': {'Post.Eing&AOQ-nge': ['x']}}");
    guint port = fake_serve(other);
    InboxOptions options = inbox_options(port);
    options.folder = "Post/Eingänge";
    options.processed = "INBOX/Fertig & \"gut\\\"";
    options.review = "INBOX/確認";
    g_autoptr(GError) error = NULL;
    g_autoptr(Inbox) inbox = inbox_open(&options, &error);
    g_assert_no_error(error);
    g_autofree char *state = fake_tell("state", port);
    g_assert_has(state, "INBOX.Fertig &- \\\"gut\\\\\\\"");
    g_assert_has(state, "INBOX.&eLqKjQ-");
    g_assert_true(inbox_move(inbox, 1, INBOX_REVIEW, &error));
    g_assert_no_error(error);
    assert_list(inbox, 0, "");
}

static void test_bad_options(void)
{
    g_autofree char *long_name = g_strnfill(INBOX_NAME_MAX + 1, 'n');
    const InboxOptions good = inbox_options(143);
    InboxOptions cases[12];
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        cases[i] = good;
    cases[0].host = "";
    cases[1].port = 65536;
    cases[2].auth = "cram-md5";
    cases[3].processed = "Inbox";
    cases[4].processed = cases[4].review = "Done";
    cases[5].review = "PROCESSED";
    cases[6].processed = "Done\r\nA1 DELETE INBOX";
    cases[7].processed = "Done*";
    cases[8].folder = long_name;
    cases[9].processed = "/Done";
    cases[10].processed = "a//b";
    cases[11].processed = "\303";
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(inbox_open(&cases[i], &error));
        g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG);
    }
}

/* --- reading --------------------------------------------------------------------------------- */

static void test_list(void)
{
    g_autoptr(Inbox) inbox = open_at(fake_serve(
        "{'folders': {'INBOX': [{'uid': 3, 'text': 'a'}, {'uid': 5, 'text': 'b', 'flags': "
        "['\\\\Deleted']}, {'uid': 9, 'text': 'c'}, {'uid': 4294967294, 'text': 'd'}]}}"));
    assert_list(inbox, 0, "3 9 4294967294");
    assert_list(inbox, 2, "3 9 4294967294");
    assert_list(inbox, 3, "9 4294967294");
    assert_list(inbox, 4294967293u, "4294967294");
    assert_list(inbox, 4294967294u, ""); /* the server still names the last one */
    assert_list(inbox, 4294967295u, "");
}

static void test_list_lies(void)
{
    guint port = fake_serve(
        "{'folders': {'INBOX': ['a']}, 'faults': [{'stage': 'uid search', 'do': 'raw', 'text': "
        "'* SEARCH 9 2 9 5 1\\r\\n* 3 EXISTS\\r\\n* SEARCH 7\\r\\nTAG OK done\\r\\n'}]}");
    g_autoptr(Inbox) inbox = open_at(port);
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) uids = inbox_list(inbox, 1, &error);
    g_assert_no_error(error);
    for (guint i = 0; i < uids->len; i++)
        g_assert_cmpuint(g_array_index(uids, guint32, i), >,
                         i ? g_array_index(uids, guint32, i - 1) : 1);
}

/* A body without a byte is no message: nothing is known of it, and it is asked for again. */
static void test_fetch_nothing(void)
{
    g_autoptr(Inbox) inbox = open_at(fake_serve("{'folders': {'INBOX': [{'size': 0}, 'other']}}"));
    g_autoptr(GError) error = NULL;
    gboolean truncated;
    g_assert_null(inbox_fetch(inbox, 1, &truncated, &error));
    g_assert_nonnull(error);
}

/* Sizes around a piece and around the most, from servers that tell the truth and that don't. */
static void test_fetch(void)
{
    static const gsize sizes[] = {1,
                                  100,
                                  INBOX_PIECE - 1,
                                  INBOX_PIECE,
                                  INBOX_PIECE + 1,
                                  INBOX_MESSAGE_MAX - 1,
                                  INBOX_MESSAGE_MAX,
                                  INBOX_MESSAGE_MAX + 1,
                                  5 << 20};
    static const char *const lies[] = {"", ", 'say_size': 0", ", 'say_size': 4294967295",
                                       ", 'say_size': 65537", ", 'short': 10007"};
    for (gsize i = 0; i < G_N_ELEMENTS(sizes) * G_N_ELEMENTS(lies); i++) {
        gsize size = sizes[i / G_N_ELEMENTS(lies)];
        const char *lie = lies[i % G_N_ELEMENTS(lies)];
        /* Who both understates the size and cuts pieces short can't be seen through. */
        g_autofree char *script = g_strdup_printf(
            "{'folders': {'INBOX': [{'size': %" G_GSIZE_FORMAT "}, 'other']}%s}", size, lie);
        g_autoptr(Inbox) inbox = open_at(fake_serve(script));
        g_autoptr(GError) error = NULL;
        gboolean truncated = 2;
        g_autoptr(GBytes) bytes = inbox_fetch(inbox, 1, &truncated, &error);
        g_assert_no_error(error);
        g_assert_cmpuint(g_bytes_get_size(bytes), ==, MIN(size, INBOX_MESSAGE_MAX));
        g_assert_cmpint(truncated, ==, size > INBOX_MESSAGE_MAX);
        const char *data = g_bytes_get_data(bytes, NULL);
        for (gsize at = 51; at < g_bytes_get_size(bytes); at++)
            g_assert_cmpint(data[at], ==,
                            "0123456789 abcdefghij (((((((( klmnopqrst \"{17}\r\n"[(at - 51) % 49]);
        g_clear_pointer(&bytes, g_bytes_unref);
        bytes = inbox_fetch(inbox, 2, NULL, &error);
        g_assert_no_error(error);
        g_assert_cmpuint(g_bytes_get_size(bytes), ==, 5);
    }
}

static void test_fetch_bytes(void)
{
    guint port = fake_serve("{'folders': {'INBOX': ['a\\u0000b\\u00ff\\r\\n.\\r\\n']}}");
    g_autoptr(Inbox) inbox = open_at(port);
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = inbox_fetch(inbox, 1, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpmem(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), "a\0b\377\r\n.\r\n", 9);
    g_autofree char *log = fake_tell("log", port);
    g_assert_has(log, "BODY.PEEK[]");
    g_assert_has_not(log, "BODYSTRUCTURE");
}

static void test_fetch_gone(void)
{
    g_autoptr(Inbox) inbox = open_at(fake_serve("{'folders': {'INBOX': ['a']}}"));
    g_autoptr(GError) error = NULL;
    g_assert_null(inbox_fetch(inbox, 2, NULL, &error));
    g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_NOINPUT);
    g_assert_true(inbox_is_usable(inbox));
    assert_list(inbox, 0, "1");
}

/* --- moving ---------------------------------------------------------------------------------- */

static void test_move(void)
{
    static const struct {
        const char *capabilities, *inbox;
    } cases[] = {
        {"'MOVE', 'UIDPLUS'", "\"INBOX\": [[2, [\"\\\\Deleted\"]]]"},
        {"'MOVE'", "\"INBOX\": [[2, [\"\\\\Deleted\"]]]"},
        {"'UIDPLUS'", "\"INBOX\": [[2, [\"\\\\Deleted\"]]]"},
        {"", "\"INBOX\": [[1, [\"\\\\Deleted\"]], [2, [\"\\\\Deleted\"]], [3, [\"\\\\Deleted\"]]]"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *script =
            g_strdup_printf("{'capabilities': [%s], 'folders': {'INBOX': ['one', {'text': 'marked "
                            "by another', 'flags': ['\\\\Deleted']}, 'three']}}",
                            cases[i].capabilities);
        guint port = fake_serve(script);
        g_autoptr(Inbox) inbox = open_at(port);
        g_autoptr(GError) error = NULL;
        g_assert_true(inbox_move(inbox, 1, INBOX_PROCESSED, &error));
        g_assert_true(inbox_move(inbox, 3, INBOX_REVIEW, &error));
        assert_list(inbox, 0, "");
        g_autofree char *state = fake_tell("state", port);
        g_assert_has(state, cases[i].inbox);
        g_assert_has(state, "\"Processed\": [[1, []]]");
        g_assert_has(state, "\"Review\": [[1, []]]");
        g_autofree char *log = fake_tell("log", port);
        g_assert_has_not(log, " EXPUNGE\"");
        /* What is gone can be moved again without harm. */
        g_assert_true(inbox_move(inbox, 17, INBOX_PROCESSED, &error));
        g_assert_no_error(error);
    }
}

static void test_move_makes_folder(void)
{
    guint port = fake_serve("{'folders': {'INBOX': ['a'], 'Processed': [], 'Review': []}, "
                            "'faults': [{'stage': 'uid move', 'nth': 1, 'do': 'no', 'text': "
                            "'[TRYCREATE] no folder'}]}");
    g_autoptr(Inbox) inbox = open_at(port);
    g_autoptr(GError) error = NULL;
    g_assert_true(inbox_move(inbox, 1, INBOX_REVIEW, &error));
    g_assert_no_error(error);
    g_autofree char *state = fake_tell("state", port);
    g_assert_has(state, "\"Review\": [[1, []]]");
}

static void test_move_refused(void)
{
    guint port = fake_serve("{'capabilities': ['UIDPLUS'], 'folders': {'INBOX': ['a']}, 'faults': "
                            "[{'stage': 'uid copy', 'do': 'no', 'text': '[OVERQUOTA] full'}]}");
    g_autoptr(Inbox) inbox = open_at(port);
    g_autoptr(GError) error = NULL;
    g_assert_false(inbox_move(inbox, 1, INBOX_REVIEW, &error));
    g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DENIED);
    g_assert_has(error->message, "full");
    assert_list(inbox, 0, "1"); /* not marked, still usable */
}

/* --- several at once -------------------------------------------------------------------------- */

static void assert_text(Inbox *inbox, guint32 uid, const char *expected)
{
    gsize length;
    g_autoptr(GError) error = NULL;
    gboolean truncated = TRUE;
    g_autoptr(GBytes) bytes = inbox_fetch(inbox, uid, &truncated, &error);
    g_assert_no_error(error);
    const char *text = g_bytes_get_data(bytes, &length);
    g_assert_cmpmem(text, length, expected, strlen(expected));
    g_assert_false(truncated);
}

static guint count_lines(guint port, const char *part)
{
    guint count = 0;
    g_autofree char *log = fake_tell("log", port);
    for (const char *at = log; (at = strstr(at, part)); at++)
        count++;
    return count;
}

static void test_ahead(void)
{
    static const guint32 uids[] = {1, 2, 4};
    guint port = fake_serve("{'folders': {'INBOX': ['one', 'two', 'three', 'four']}}");
    g_autoptr(Inbox) inbox = open_at(port);
    g_autoptr(GError) error = NULL;
    g_assert_true(inbox_fetch_ahead(inbox, uids, 3, &error));
    g_assert_no_error(error);
    assert_text(inbox, 2, "two");
    assert_text(inbox, 1, "one");
    assert_text(inbox, 4, "four");
    g_assert_cmpuint(count_lines(port, "UID FETCH"), ==, 1);
    g_assert_cmpuint(count_lines(port, "UID FETCH 1:2,4 "), ==, 1);
    assert_text(inbox, 3, "three"); /* it was not asked for */
    assert_text(inbox, 1, "one");   /* given once, and then asked for anew */
    g_assert_cmpuint(count_lines(port, "UID FETCH"), ==, 3);
}

/* What doesn't come whole, or not at all, is asked for by itself. */
static void test_ahead_refused(void)
{
    static const guint32 uids[] = {1, 2};
    static const char *const scripts[] = {
        "{'folders': {'INBOX': ['one', 'two']}, 'say_size': 5000}",
        "{'folders': {'INBOX': ['one', 'two']}, 'faults': [{'stage': 'uid fetch', 'nth': 1, 'do': "
        "'no'}]}",
        "{'folders': {'INBOX': ['one', 'two']}, 'faults': [{'stage': 'uid fetch', 'nth': 1, 'do': "
        "'raw', 'text': '* 1 FETCH (UID 1 RFC822.SIZE 3 BODY[]<0> NIL)\\r\\nTAG OK "
        "done\\r\\n'}]}"};
    for (gsize i = 0; i < G_N_ELEMENTS(scripts); i++) {
        guint port = fake_serve(scripts[i]);
        g_autoptr(Inbox) inbox = open_at(port);
        g_autoptr(GError) error = NULL;
        g_assert_true(inbox_fetch_ahead(inbox, uids, 2, &error));
        g_assert_no_error(error);
        assert_text(inbox, 1, "one");
        assert_text(inbox, 2, "two");
    }
}

/* A message that nobody asked for could be taken for another. */
static void test_ahead_other(void)
{
    static const guint32 uids[] = {1, 2};
    static const char *const answers[] = {
        "* 3 FETCH (UID 3 RFC822.SIZE 1 BODY[]<0> {1}\\r\\nx)\\r\\nTAG OK done\\r\\n",
        "* 1 FETCH (UID 1 RFC822.SIZE 1 BODY[]<0> {1}\\r\\nx)\\r\\n"
        "* 1 FETCH (UID 1 RFC822.SIZE 1 BODY[]<0> {1}\\r\\ny)\\r\\nTAG OK done\\r\\n"};
    for (gsize i = 0; i < G_N_ELEMENTS(answers); i++) {
        g_autofree char *script =
            g_strdup_printf("{'folders': {'INBOX': ['one', 'two', 'three']}, 'faults': [{'stage': "
                            "'uid fetch', 'do': 'raw', 'text': '%s'}]}",
                            answers[i]);
        g_autoptr(Inbox) inbox = open_at(fake_serve(script));
        g_autoptr(GError) error = NULL;
        g_assert_false(inbox_fetch_ahead(inbox, uids, 2, &error));
        g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_REMOTE);
        g_assert_false(inbox_is_usable(inbox));
    }
}

static void test_move_set(void)
{
    static const guint32 uids[] = {1, 2, 3, 5};
    static const char *const capabilities[] = {"'MOVE', 'UIDPLUS'", "'UIDPLUS'"};
    for (gsize i = 0; i < G_N_ELEMENTS(capabilities); i++) {
        g_autofree char *script = g_strdup_printf(
            "{'capabilities': [%s], 'folders': {'INBOX': ['1', '2', '3', '4', '5', '6']}}",
            capabilities[i]);
        guint port = fake_serve(script);
        g_autoptr(Inbox) inbox = open_at(port);
        g_autoptr(GError) error = NULL;
        g_assert_true(inbox_move_set(inbox, uids, 4, INBOX_REVIEW, &error));
        g_assert_no_error(error);
        assert_list(inbox, 0, "4 6");
        g_assert_cmpuint(count_lines(port, "UID EXPUNGE 1:3,5"), ==, i);
        g_autofree char *state = fake_tell("state", port);
        g_assert_has(state, "\"Review\": [[1, []], [2, []], [3, []], [4, []]]");
    }
}

/* --- waiting --------------------------------------------------------------------------------- */

static gpointer deliver_later(gpointer data)
{
    g_usleep(300000);
    g_autofree char *line = g_strdup_printf("deliver %u INBOX hello", GPOINTER_TO_UINT(data));
    g_free(fake_ask(line));
    return NULL;
}

static void test_wait(void)
{
    guint port = fake_serve("{'folders': {'INBOX': ['a']}}");
    g_autoptr(Inbox) inbox = open_at(port);
    g_autoptr(GError) error = NULL;
    assert_list(inbox, 0, "1");
    g_assert_cmpint(inbox_wait(inbox, 1, NULL, NULL, &error), ==, INBOX_QUIET);
    GThread *thread = g_thread_new("deliver", deliver_later, GUINT_TO_POINTER(port));
    gint64 since = g_get_monotonic_time();
    g_assert_cmpint(inbox_wait(inbox, 20, NULL, NULL, &error), ==, INBOX_NEWS);
    g_assert_no_error(error);
    g_assert_cmpint(g_get_monotonic_time() - since, <, 10 * G_USEC_PER_SEC);
    g_thread_join(thread);
    /* News is news until it has been listed. */
    g_assert_cmpint(inbox_wait(inbox, 20, NULL, NULL, &error), ==, INBOX_NEWS);
    assert_list(inbox, 1, "2");
    g_assert_cmpint(inbox_wait(inbox, 0, NULL, NULL, &error), ==, INBOX_QUIET);
    g_autofree char *log = fake_tell("log", port);
    g_assert_has(log, "IDLE");
    g_assert_has(log, "DONE");
}

/* One came while another went: the count is the same. And one that came before IDLE began. */
static void test_wait_same_count(void)
{
    guint port = fake_serve("{'folders': {'INBOX': ['a']}}");
    g_autoptr(Inbox) inbox = open_at(port);
    g_autoptr(GError) error = NULL;
    assert_list(inbox, 0, "1");
    g_assert_true(inbox_move(inbox, 1, INBOX_PROCESSED, &error));
    g_autofree char *line = g_strdup_printf("deliver %u INBOX hello", port);
    g_free(fake_ask(line));
    g_assert_cmpint(inbox_wait(inbox, 20, NULL, NULL, &error), ==, INBOX_NEWS);
    g_assert_no_error(error);
}

static gboolean stop_soon(void *user)
{
    return ++*(int *)user >= 3;
}

static void test_wait_stop(void)
{
    g_autoptr(Inbox) inbox = open_at(fake_serve("{}"));
    g_autoptr(GError) error = NULL;
    int asked = 0;
    g_assert_cmpint(inbox_wait(inbox, 600, stop_soon, &asked, &error), ==, INBOX_STOPPED);
    g_assert_no_error(error);
    assert_list(inbox, 0, "");
}

/* IDLE begins anew, again and again, and the server's chatter is no news. */
static void test_wait_renews(void)
{
    guint port = fake_serve("{'folders': {'INBOX': ['a']}, 'faults': [{'stage': 'done', 'do': "
                            "'before', 'text': '* OK Still here\\r\\n* 1 FETCH (FLAGS "
                            "(\\\\Seen))\\r\\n'}]}");
    InboxOptions options = inbox_options(port);
    options.renew = 1;
    g_autoptr(GError) error = NULL;
    g_autoptr(Inbox) inbox = inbox_open(&options, &error);
    assert_list(inbox, 0, "1");
    g_assert_cmpint(inbox_wait(inbox, 3, NULL, NULL, &error), ==, INBOX_QUIET);
    g_assert_no_error(error);
    g_autofree char *log = fake_tell("log", port);
    g_auto(GStrv) idles = g_strsplit(log, " IDLE\"", -1);
    g_assert_cmpuint(g_strv_length(idles), >=, 3);
}

static void test_wait_without_idle(void)
{
    guint port = fake_serve("{'capabilities': ['AUTH=PLAIN'], 'folders': {'INBOX': ['a']}}");
    g_autoptr(Inbox) inbox = open_at(port);
    g_autoptr(GError) error = NULL;
    assert_list(inbox, 0, "1");
    int asked = 0;
    g_assert_cmpint(inbox_wait(inbox, 1, NULL, NULL, &error), ==, INBOX_QUIET);
    g_assert_cmpint(inbox_wait(inbox, 60, stop_soon, &asked, &error), ==, INBOX_STOPPED);
    g_assert_no_error(error);
    g_autofree char *log = fake_tell("log", port);
    g_assert_has_not(log, "IDLE");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    if (!fake_start()) {
        g_print("1..0 # SKIP needs python3 and openssl, and to run in the project's folder\n");
        return 0;
    }
    g_test_add_func("/inbox/open", test_open);
    g_test_add_func("/inbox/folder-names", test_folder_names);
    g_test_add_func("/inbox/bad-options", test_bad_options);
    g_test_add_func("/inbox/list", test_list);
    g_test_add_func("/inbox/list-lies", test_list_lies);
    g_test_add_func("/inbox/fetch", test_fetch);
    g_test_add_func("/inbox/fetch-nothing", test_fetch_nothing);
    g_test_add_func("/inbox/fetch-bytes", test_fetch_bytes);
    g_test_add_func("/inbox/fetch-gone", test_fetch_gone);
    g_test_add_func("/inbox/move", test_move);
    g_test_add_func("/inbox/move-makes-folder", test_move_makes_folder);
    g_test_add_func("/inbox/move-refused", test_move_refused);
    g_test_add_func("/inbox/ahead", test_ahead);
    g_test_add_func("/inbox/ahead-refused", test_ahead_refused);
    g_test_add_func("/inbox/ahead-other", test_ahead_other);
    g_test_add_func("/inbox/move-set", test_move_set);
    g_test_add_func("/inbox/wait", test_wait);
    g_test_add_func("/inbox/wait-same-count", test_wait_same_count);
    g_test_add_func("/inbox/wait-stop", test_wait_stop);
    g_test_add_func("/inbox/wait-renews", test_wait_renews);
    g_test_add_func("/inbox/wait-without-idle", test_wait_without_idle);
    int status = g_test_run();
    fake_stop();
    return status;
}
