/* test-classify - messages that came back: our own examples, the shared ones where present, broken
 * ones
 *
 * tests/bounces/NAME.eml with NAME.expected beside it: a line for each recipient, "kind address
 * status reason", alternatives of the reason parted by '|'; an empty word is nothing.
 */
#include "bounce/classify.h"

#include <string.h>

#include "mail/reader.h"

static char *read_file(const char *folder, const char *name, const char *suffix, gsize *length)
{
    g_autofree char *path = g_strconcat(folder, "/", name, suffix, NULL);
    char *bytes = NULL;
    return g_file_get_contents(path, &bytes, length, NULL) ? bytes : NULL;
}

static gboolean is_one_of(const char *word, const char *alternatives)
{
    g_auto(GStrv) list = g_strsplit(alternatives, "|", -1);
    return g_strv_contains((const char *const *)list, word) || !*alternatives;
}

static void check_recipient(const InboundReport *notice, guint index, const char *line)
{
    g_auto(GStrv) want = g_strsplit(line, " ", 4);
    if (g_str_equal(want[0], "none")) {
        g_assert_cmpuint(notice->recipients->len, ==, 0);
        return;
    }
    g_assert_cmpuint(index, <, notice->recipients->len);
    const InboundRecipient *got = notice->recipients->pdata[index];
    g_assert_cmpstr(inbound_kind_class(got->kind), ==, want[0]);
    g_assert_cmpstr(got->address, ==, want[1]);
    g_assert_cmpstr(got->status, ==, want[2]);
    if (!is_one_of(reason_name(got->reason), want[3]))
        g_assert_cmpstr(reason_name(got->reason), ==, want[3]);
}

static void test_examples(void)
{
    const char *folder = "tests/bounces";
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *file;
    guint count = 0;
    g_assert_nonnull(dir);
    while ((file = g_dir_read_name(dir))) {
        if (!g_str_has_suffix(file, ".eml"))
            continue;
        gsize length = 0;
        g_autofree char *name = g_strndup(file, strlen(file) - 4);
        g_autofree char *bytes = read_file(folder, name, ".eml", &length);
        g_autofree char *expected = read_file(folder, name, ".expected", NULL);
        g_assert_nonnull(expected);
        g_test_message("%s", name);
        g_autoptr(InboundReport) notice = classify(bytes, length);
        g_auto(GStrv) lines = g_strsplit(g_strchomp(expected), "\n", -1);
        for (guint i = 0; lines[i]; i++)
            check_recipient(notice, i, lines[i]);
        if (!g_str_has_prefix(lines[0], "none"))
            g_assert_cmpuint(notice->recipients->len, ==, g_strv_length(lines));
        count++;
    }
    g_assert_cmpuint(count, >, 30);
}

static void test_traces(void)
{
    gsize length = 0;
    g_autofree char *bytes = read_file("tests/bounces", "postfix-full", ".eml", &length);
    g_autoptr(InboundReport) notice = classify(bytes, length);
    g_assert_cmpstr(notice->original_delivery, ==, "k7q2m4xw");
    g_assert_cmpstr(notice->original_message_id, ==, "<20260105.1@council.example>");
    g_assert_cmpstr(notice->original_sender, ==, "bounces+k7q2m4xw@council.example");
    g_assert_cmpuint(notice->sent_to->len, ==, 1);
    g_assert_cmpstr(notice->sent_to->pdata[0], ==, "bounces+k7q2m4xw@council.example");
    g_autofree char *plain = read_file("tests/bounces", "qmail-nouser", ".eml", &length);
    g_autoptr(InboundReport) qmail = classify(plain, length);
    g_assert_cmpstr(qmail->original_delivery, ==, "k7q2m4xw");
    g_autofree char *left = read_file("tests/bounces", "ooo-left", ".eml", &length);
    g_autoptr(InboundReport) away = classify(left, length);
    g_assert_cmpstr(away->successor, ==, "carol@oak.example");
}

/* "We go on trying", in the words of some servers: a delay ends no letters. */
static void test_delays(void)
{
    static const struct {
        const char *words;
        InboundKind kind;
    } TRIALS[] = {
        {"452 4.2.2 Boîte pleine. Nous continuerons d'essayer.", INBOUND_DELAYED},
        {"452 4.2.2 Boîte pleine, nouvelle tentative dans 4 heures.", INBOUND_DELAYED},
        {"452 4.2.2 Postfach voll. Die Zustellung wird später erneut versucht.", INBOUND_DELAYED},
        {"452 4.2.2 Skrzynka jest pełna. Ponowimy próbę za 4 godziny.", INBOUND_DELAYED},
        {"452 4.2.2 Mae'r blwch post yn llawn. Byddwn yn ceisio eto.", INBOUND_DELAYED},
        {"552 5.2.2 Boîte pleine. Aucune nouvelle tentative ne sera faite.", INBOUND_SOFT},
        {"552 5.2.2 Postfach voll. Die Zustellung wird nicht erneut versucht.", INBOUND_SOFT},
        {"552 5.2.2 Skrzynka jest pełna. Nie będziemy ponawiać próby.", INBOUND_SOFT},
        {"552 5.2.2 Mae'r blwch post yn llawn. Ni fyddwn yn ceisio eto.", INBOUND_SOFT},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(TRIALS); i++) {
        g_autofree char *bytes = g_strdup_printf(
            "Return-Path: <>\nFrom: MAILER-DAEMON@oak.example\nSubject: Undelivered mail\n"
            "Content-Type: text/plain; charset=utf-8\n\nhead@oak.example:\n%s\n",
            TRIALS[i].words);
        g_autoptr(InboundReport) notice = classify(bytes, strlen(bytes));
        g_test_message("%s", TRIALS[i].words);
        g_assert_cmpint(notice->kind, ==, TRIALS[i].kind);
    }
}

/* An mbox is several messages; a letter in which somebody writes "From here ..." is one. */
static void test_mbox(void)
{
    const char *line = "From ann@oak.example Mon Jan  5 10:00:00 2026\n";
    g_autofree char *one = g_strconcat(line, "From: ann@oak.example\n\nHello\n", NULL);
    g_autofree char *two = g_strconcat(one, line, "Subject: x\n\nHello\n", NULL);
    g_autofree char *quoted = g_strconcat(one, line, "and so on\n", NULL);
    g_autofree char *said =
        g_strconcat(one, "From here it is 10:00:00 away in 2026\nDate: x\n", NULL);
    g_autofree char *bare = g_strconcat("From: a@b\n\n", line, "Subject: x\n", NULL);
    g_assert_cmpuint(classify_first_length(one, strlen(one)), ==, strlen(one));
    g_assert_cmpuint(classify_first_length(two, strlen(two)), ==, strlen(one));
    g_autofree char *cr = g_strdelimit(g_strdup(two), "\n", '\r');
    g_auto(GStrv) lines = g_strsplit(two, "\n", -1);
    g_autofree char *crlf = g_strjoinv("\r\n", lines);
    g_assert_cmpuint(classify_first_length(cr, strlen(cr)), ==, strlen(one));
    g_assert_cmpuint(classify_first_length(crlf, strlen(crlf)), ==, strlen(one) + 4);
    g_assert_cmpuint(classify_first_length(quoted, strlen(quoted)), ==, strlen(quoted));
    g_assert_cmpuint(classify_first_length(said, strlen(said)), ==, strlen(said));
    g_assert_cmpuint(classify_first_length(bare, strlen(bare)), ==, strlen(bare));
    g_assert_cmpuint(classify_first_length("", 0), ==, 0);
    g_assert_cmpuint(classify_first_length("From ", 5), ==, 5);
}

static const char *shared_folder(void)
{
    static const char *const PLACES[] = {"../shared/bounces/msg", "../../shared/bounces/msg", NULL};
    const char *given = g_getenv("CIRCULAR_SHARED");
    static char *path;
    if (given && !path)
        path = g_build_filename(given, "bounces", "msg", NULL);
    if (path)
        return g_file_test(path, G_FILE_TEST_IS_DIR) ? path : NULL;
    for (const char *const *place = PLACES; *place; place++)
        if (g_file_test(*place, G_FILE_TEST_IS_DIR))
            return *place;
    return NULL;
}

/* Every word of a notice is UTF-8, whatever the message was. */
static void check_sound(const InboundReport *notice)
{
    g_assert_true(g_utf8_validate(notice->subject, -1, NULL));
    g_assert_true(g_utf8_validate(notice->text, -1, NULL));
    g_assert_cmpuint(notice->sent_to->len, <=, INBOUND_TRACES_MAX);
    g_assert_cmpuint(notice->recipients->len, <=, INBOUND_RECIPIENTS_MAX);
    g_assert_cmpint(notice->recipients->len > 0, ==, notice->kind != INBOUND_NONE);
    for (guint i = 0; i < notice->recipients->len; i++) {
        const InboundRecipient *recipient = notice->recipients->pdata[i];
        g_assert_true(g_utf8_validate(recipient->address, -1, NULL));
        g_assert_true(g_utf8_validate(recipient->diagnostic, -1, NULL));
        g_assert_cmpuint(strlen(recipient->diagnostic), <=, 3 * INBOUND_DIAGNOSTIC_MAX);
        g_assert_cmpint(recipient->kind, !=, INBOUND_NONE);
    }
}

/* Real messages, whole and cut at odd places, with bytes knocked out. */
static void test_shared(void)
{
    const char *folder = shared_folder();
    g_autoptr(GDir) dir = folder ? g_dir_open(folder, 0, NULL) : NULL;
    const char *file;
    if (!dir) {
        g_test_skip("no shared/bounces here");
        return;
    }
    while ((file = g_dir_read_name(dir))) {
        gsize length = 0;
        g_autofree char *bytes = read_file(folder, file, "", &length);
        g_autoptr(InboundReport) whole = classify(bytes, length);
        check_sound(whole);
        for (guint cut = 1; cut < 4; cut++) {
            g_autoptr(InboundReport) part = classify(bytes, length * cut / 4);
            check_sound(part);
        }
        for (gsize i = 7; i < length; i += 61)
            bytes[i] = (char)(i * 37);
        g_autoptr(InboundReport) spoilt = classify(bytes, length);
        check_sound(spoilt);
    }
}

static void test_hostile(void)
{
    g_autoptr(GString) deep = g_string_new("From: MAILER-DAEMON@x\nSubject: Undeliverable\n");
    for (guint i = 0; i < 100000; i++)
        g_string_append(deep, "Content-Type: message/rfc822\n\n");
    g_autoptr(InboundReport) nested = classify(deep->str, deep->len);
    check_sound(nested);
    g_autoptr(GString) many =
        g_string_new("From: MAILER-DAEMON@x\nSubject: Undeliverable mail\n\n");
    for (guint i = 0; i < 20000; i++)
        g_string_append_printf(many, "<a%u@x.example>: unknown user\n", i);
    g_autoptr(InboundReport) list = classify(many->str, many->len);
    check_sound(list);
    g_autofree char *ats = g_strnfill(READER_BYTES_MAX, '@');
    g_autoptr(InboundReport) signs = classify(ats, READER_BYTES_MAX);
    check_sound(signs);
    static const char *const REPEATED[] = {"@[",         "\"@",     "a@", "<a@b>:\n",
                                           "550-5.7.1 ", "<style>", "&#", "é@"};
    for (gsize i = 0; i < G_N_ELEMENTS(REPEATED); i++) {
        g_autoptr(GString) text = g_string_new("From: MAILER-DAEMON@x\nSubject: Automatic reply\n"
                                               "Content-Type: text/html\n\nI have left. ");
        while (text->len < READER_BYTES_MAX)
            g_string_append(text, REPEATED[i]);
        g_autoptr(InboundReport) notice = classify(text->str, text->len);
        check_sound(notice);
    }
    g_autoptr(InboundReport) empty = classify("", 0);
    g_assert_cmpint(empty->kind, ==, INBOUND_NONE);
}

static gpointer classify_often(gpointer data)
{
    gsize length = 0;
    g_autofree char *bytes = read_file("tests/bounces", data, ".eml", &length);
    for (guint i = 0; i < 200; i++) {
        g_autoptr(InboundReport) notice = classify(bytes, length);
        g_assert_cmpuint(notice->recipients->len, ==, 1);
    }
    return NULL;
}

static void test_threads(void)
{
    GThread *one = g_thread_new("one", classify_often, (char[]){"postfix-full"});
    GThread *two = g_thread_new("two", classify_often, (char[]){"arf"});
    g_thread_join(one);
    g_thread_join(two);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/classify/examples", test_examples);
    g_test_add_func("/classify/traces", test_traces);
    g_test_add_func("/classify/delays", test_delays);
    g_test_add_func("/classify/mbox", test_mbox);
    g_test_add_func("/classify/shared", test_shared);
    g_test_add_func("/classify/hostile", test_hostile);
    g_test_add_func("/classify/threads", test_threads);
    return g_test_run();
}
