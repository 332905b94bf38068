/* test-reply - SMTP replies, whole, in pieces and hostile; what EHLO offers */
#include <string.h>

#include "delivery/extensions.h"
#include "delivery/reply.h"

/* Feeds `bytes` in pieces of `step`; stops at a whole or broken reply. */
static ReplyProgress feed(Reply *reply, const char *bytes, gsize length, gsize step, gsize *used)
{
    ReplyProgress progress = REPLY_MORE;
    gsize at = 0, taken;
    while (at < length && progress == REPLY_MORE) {
        progress = reply_feed(reply, bytes + at, MIN(step, length - at), &taken);
        at += taken;
    }
    *used = at;
    return progress;
}

typedef struct {
    const char *bytes;
    int code;
    const char *enhanced, *text;
} Good;

static const Good good[] = {
    {"250 Ok\r\n", 250, "", "Ok"},
    {"250 2.0.0 Ok: queued as 4F2A\r\n", 250, "2.0.0", "Ok: queued as 4F2A"},
    {"250\r\n", 250, "", ""},
    {"250 \r\n", 250, "", ""},
    {"250-\r\n250 \r\n", 250, "", ""},
    {"354 go on\n", 354, "", "go on"},
    {"550 5.1.1\r\n", 550, "5.1.1", ""},
    {"550-5.7.1 first\r\n550-5.7.1 second\r\n550 5.7.1 third\r\n", 550, "5.7.1",
     "first second third"},
    {"550-5.7.1 first\r\n550 5.1.1 second\r\n", 550, "5.7.1", "first 5.1.1 second"},
    {"550-first\r\n550 5.1.1 second\r\n", 550, "5.1.1", "first second"},
    {"550 5.7.705 x\r\n", 550, "5.7.705", "x"},
    {"550 5.123.456 x\r\n", 550, "5.123.456", "x"},
    /* not an enhanced code: another class, wrong form, too long, leading zero (RFC 3463) */
    {"550 4.1.1 x\r\n", 550, "", "4.1.1 x"},
    {"354 3.0.0 x\r\n", 354, "", "3.0.0 x"},
    {"550 5.1.1.1 x\r\n", 550, "", "5.1.1.1 x"},
    {"550 5.1. x\r\n", 550, "", "5.1. x"},
    {"550 5.1234.1 x\r\n", 550, "", "5.1234.1 x"},
    {"550 5.01.1 x\r\n", 550, "", "5.01.1 x"},
    {"550 5.1.1x\r\n", 550, "", "5.1.1x"},
    /* text that must not reach a terminal or a ledger as it is */
    {"550 a\tb\033[31mc\x07\r\n", 550, "", "a b?[31mc?"},
    {"550 a\rb\r\n", 550, "", "a?b"},
    {"550 caf\xc3\xa9 \xff\r\n", 550, "", "caf\xc3\xa9 \xef\xbf\xbd"},
    {"550 a\xe2\x80\xae"
     "b\r\n",
     550, "", "a?b"},
};

static void test_good(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(good); i++) {
        for (gsize step = 1; step < 40; step += 6) {
            Reply reply;
            reply_init(&reply);
            gsize length = strlen(good[i].bytes), used;
            g_autofree char *more = g_strconcat(good[i].bytes, "250 next\r\n", NULL);
            g_assert_cmpint(feed(&reply, more, strlen(more), step, &used), ==, REPLY_WHOLE);
            g_assert_cmpuint(used, ==, length);
            g_assert_cmpint(reply.code, ==, good[i].code);
            g_assert_cmpstr(reply.enhanced, ==, good[i].enhanced);
            g_assert_cmpstr(reply.text->str, ==, good[i].text);
            reply_finish(&reply);
        }
    }
}

static void test_broken(void)
{
    static const char *const broken[] = {"hello\r\n",
                                         "\r\n",
                                         "25\r\n",
                                         "2500 x\r\n",
                                         "150 x\r\n",
                                         "650 x\r\n",
                                         "250x\r\n",
                                         "25a x\r\n",
                                         " 250 x\r\n",
                                         "-250 x\r\n",
                                         "250-a\r\n251 b\r\n",
                                         "250-a\r\nhello\r\n",
                                         "250-a\r\n\r\n",
                                         "HTTP/1.1 400 Bad Request\r\n",
                                         "\x16\x03\x01\n"};
    for (gsize i = 0; i < G_N_ELEMENTS(broken); i++) {
        Reply reply;
        gsize used;
        reply_init(&reply);
        g_assert_cmpint(feed(&reply, broken[i], strlen(broken[i]), 5, &used), ==, REPLY_BROKEN);
        /* and stays so, swallowing all, until it is cleared */
        g_assert_cmpint(reply_feed(&reply, "250 ok\r\n", 8, &used), ==, REPLY_BROKEN);
        g_assert_cmpuint(used, ==, 8);
        reply_clear(&reply);
        g_assert_cmpint(reply_feed(&reply, "250 ok\r\n", 8, &used), ==, REPLY_WHOLE);
        reply_finish(&reply);
    }
    Reply reply;
    gsize used;
    reply_init(&reply);
    g_assert_cmpint(reply_feed(&reply, "250 a\0b\r\n", 9, &used), ==, REPLY_BROKEN);
    reply_finish(&reply);
}

/* One line of `length` bytes without its end. */
static ReplyProgress line_of(gsize length, const char *end, gsize step)
{
    Reply reply;
    gsize used;
    reply_init(&reply);
    g_autoptr(GString) line = g_string_new("250 ");
    while (line->len < length)
        g_string_append_c(line, 'x');
    g_string_append(line, end);
    ReplyProgress progress = feed(&reply, line->str, line->len, step, &used);
    g_assert_cmpuint(reply.text->len, <=, REPLY_TEXT_MAX);
    reply_finish(&reply);
    return progress;
}

static void test_line_limit(void)
{
    for (gsize step = 1; step < 9000; step = step * 7 + 1) {
        g_assert_cmpint(line_of(REPLY_LINE_MAX - 1, "\r\n", step), ==, REPLY_WHOLE);
        g_assert_cmpint(line_of(REPLY_LINE_MAX, "\r\n", step), ==, REPLY_WHOLE);
        g_assert_cmpint(line_of(REPLY_LINE_MAX, "\n", step), ==, REPLY_WHOLE);
        g_assert_cmpint(line_of(REPLY_LINE_MAX + 1, "\r\n", step), ==, REPLY_BROKEN);
        g_assert_cmpint(line_of(REPLY_LINE_MAX + 1, "\n", step), ==, REPLY_BROKEN);
        g_assert_cmpint(line_of(REPLY_LINE_MAX + 2, "", step), ==, REPLY_BROKEN);
    }
    g_assert_cmpint(line_of(REPLY_LINE_MAX + 1, "", 1), ==, REPLY_MORE);
}

static ReplyProgress lines_of(guint lines)
{
    Reply reply;
    gsize used;
    reply_init(&reply);
    g_autoptr(GString) all = g_string_new(NULL);
    for (guint i = 1; i <= lines; i++)
        g_string_append_printf(all, "250%cline %u\r\n", i < lines ? '-' : ' ', i);
    ReplyProgress progress = feed(&reply, all->str, all->len, 64, &used);
    reply_finish(&reply);
    return progress;
}

static void test_lines_limit(void)
{
    g_assert_cmpint(lines_of(REPLY_LINES_MAX - 1), ==, REPLY_WHOLE);
    g_assert_cmpint(lines_of(REPLY_LINES_MAX), ==, REPLY_WHOLE);
    g_assert_cmpint(lines_of(REPLY_LINES_MAX + 1), ==, REPLY_BROKEN);
}

static gsize kept_of(guint letters)
{
    Reply reply;
    gsize used;
    reply_init(&reply);
    g_autoptr(GString) line = g_string_new("250 ");
    for (guint i = 0; i < letters; i++)
        g_string_append(line, "\xc3\xa9"); /* two bytes: the cut must not fall between */
    g_string_append(line, "x\r\n");
    g_assert_cmpint(feed(&reply, line->str, line->len, 100, &used), ==, REPLY_WHOLE);
    g_assert_true(g_utf8_validate(reply.text->str, -1, NULL));
    gsize kept = reply.text->len;
    reply_finish(&reply);
    return kept;
}

static void test_text_limit(void)
{
    g_assert_cmpuint(kept_of(REPLY_TEXT_MAX / 2 - 1), ==, REPLY_TEXT_MAX - 1);
    g_assert_cmpuint(kept_of(REPLY_TEXT_MAX / 2), ==, REPLY_TEXT_MAX);
    g_assert_cmpuint(kept_of(REPLY_TEXT_MAX / 2 + 1), ==, REPLY_TEXT_MAX);
    g_assert_cmpuint(kept_of(2000), ==, REPLY_TEXT_MAX);
}

/* "+tpc": positive, temporary, permanent, closing as letters. */
static char *predicates(const char *bytes)
{
    Reply reply;
    gsize used;
    reply_init(&reply);
    g_assert_cmpint(reply_feed(&reply, bytes, strlen(bytes), &used), ==, REPLY_WHOLE);
    char *letters = g_strdup_printf(
        "%s%s%s%s", reply_is_positive(&reply) ? "+" : "", reply_is_temporary(&reply) ? "t" : "",
        reply_is_permanent(&reply) ? "p" : "", reply_is_closing(&reply) ? "c" : "");
    reply_finish(&reply);
    return letters;
}

static void test_predicates(void)
{
    static const char *const table[][2] = {
        {"200 x\r\n", "+"},
        {"299 x\r\n", "+"},
        {"354 x\r\n", ""},
        {"421 4.4.2 timeout\r\n", "tc"},
        {"450 4.2.1 x\r\n", "t"},
        {"454 4.7.0 x\r\n", "t"},
        {"550 5.1.1 no such user\r\n", "p"},
        {"221 2.0.0 bye\r\n", "+c"},
        {"450 4.4.5 busy\r\n", "t"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autofree char *letters = predicates(table[i][0]);
        if (!g_str_equal(letters, table[i][1]))
            g_error("%s: %s, not %s", table[i][0], letters, table[i][1]);
    }
}

static void test_extensions(void)
{
    Extensions e;
    extensions_init(&e);
    g_assert_false(e.pipelining || e.size || e.smtputf8 || e.eight_bit_mime || e.auth);
    extensions_add(&e, "mail.example.org at your service");
    extensions_add(&e, "pipelining");
    extensions_add(&e, "SIZE 35882577");
    extensions_add(&e, "8BITMIME");
    extensions_add(&e, "SMTPUTF8");
    g_assert_false(e.dsn);
    extensions_add(&e, "DSN");
    g_assert_true(e.dsn);
    extensions_add(&e, "STARTTLS");
    extensions_add(&e, "AUTH PLAIN login XOAUTH2");
    extensions_add(&e, "AUTH=LOGIN");
    g_assert_true(e.pipelining && e.size && e.smtputf8 && e.eight_bit_mime && e.starttls && e.auth);
    g_assert_cmpuint(e.size_max, ==, 35882577);
    g_assert_cmpstr(e.mechanisms, ==, "PLAIN LOGIN XOAUTH2");

    extensions_init(&e);
    extensions_add(&e, "SIZE");
    g_assert_true(e.size);
    g_assert_cmpuint(e.size_max, ==, 0);
    extensions_add(&e, "SIZE -5");
    g_assert_cmpuint(e.size_max, ==, 0);
    extensions_add(&e, "SIZE 99999999999999999999999");
    g_assert_cmpuint(e.size_max, ==, G_MAXUINT64);
    extensions_add(&e, "PIPELININGX");
    g_assert_false(e.pipelining);
    extensions_add(&e, "AUTH=LOGIN");
    g_assert_cmpstr(e.mechanisms, ==, "LOGIN");
    extensions_add(&e, "AUTH \033[2J");
    g_assert_cmpstr(e.mechanisms, ==, "2J");
    g_autofree char *many = g_strnfill(500, 'A');
    g_autofree char *line = g_strconcat("AUTH ", many, NULL);
    extensions_add(&e, line);
    g_assert_cmpuint(strlen(e.mechanisms), ==, sizeof e.mechanisms - 1);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/reply/good", test_good);
    g_test_add_func("/reply/broken", test_broken);
    g_test_add_func("/reply/line-limit", test_line_limit);
    g_test_add_func("/reply/lines-limit", test_lines_limit);
    g_test_add_func("/reply/text-limit", test_text_limit);
    g_test_add_func("/reply/predicates", test_predicates);
    g_test_add_func("/extensions/lines", test_extensions);
    return g_test_run();
}
