/* test-wireguard - what of a server's words reaches libetpan, at each limit and in pieces of any
 * size */
#include <string.h>

#include "imap/imapguard.h"

/* What the guard finds in `text` with `budget`, in pieces of `step`; "BYE" for a goodbye. */
static const char *verdict(const char *text, gsize length, gsize budget, gsize step)
{
    ImapGuard guard;
    imapguard_init(&guard);
    imapguard_begin(&guard, budget);
    const char *wrong = NULL;
    g_autofree char *bytes = g_memdup2(text, length);
    for (gsize at = 0; at < length && !wrong; at += step)
        wrong = imapguard_take(&guard, bytes + at, MIN(step, length - at));
    if (!wrong && guard.goodbye)
        wrong = "BYE";
    imapguard_clear(&guard);
    return wrong;
}

static void assert_verdict(const GString *text, gsize budget, const char *expected)
{
    static const gsize steps[] = {1, 2, 3, 7, 100, 1 << 20};
    for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
        const char *found = verdict(text->str, text->len, budget, steps[i]);
        /* In one piece too much is seen before it is read. */
        if (expected && found && text->len > budget)
            continue;
        if (!!found != !!expected || (found && !strstr(found, expected)))
            g_error("'%.200s': %s, not %s", text->str, found, expected);
    }
}

static void test_budget(void)
{
    for (int more = -1; more <= 1; more++) {
        g_autoptr(GString) text = g_string_new(NULL);
        while ((int)text->len < 1000 + more)
            g_string_append_c(text, text->len % 80 == 79 ? '\n' : 'x');
        assert_verdict(text, 1000, more > 0 ? "more than" : NULL);
    }
}

static void append_opens(GString *text, int count)
{
    while (count--)
        g_string_append_c(text, '(');
}

static void test_opens(void)
{
    for (int more = -1; more <= 1; more++) {
        g_autoptr(GString) text = g_string_new("* 1 X ");
        append_opens(text, IMAPGUARD_OPENS_MAX + more);
        g_string_append(text, "\r\n* 2 Y (\r\n"); /* another line counts anew */
        assert_verdict(text, 10000, more > 0 ? "deep" : NULL);
    }
}

/* Only where the body of a message is announced are the bytes behind it no lines. */
static void test_literals(void)
{
    static const struct {
        const char *line;
        gboolean is_literal;
    } cases[] = {
        {"* 1 FETCH (UID 1 BODY[] {%u}\r\n", TRUE},
        {"* 1 FETCH (UID 1 BODY[]<0> {%u}\r\n", TRUE},
        {"* 4294967295 fetch (uid 1 RFC822.SIZE 5 body[]<65536> {%u}\r\n", TRUE},
        {"* 1 FETCH (BODY[] {%u}\n", TRUE},
        {"* 1 FETCH (UID 1 BODY[]<> {%u}\r\n", TRUE},
        {"* 1 FETCH (UID 1 BODY[HEADER.FIELDS (TO DATE)] {%u}\r\n", TRUE},
        {"* 1 FETCH (UID 1 body[header.fields (\"X-Circular-Delivery\" To)]<0> {%u}\r\n", TRUE},
        {"* 1 FETCH (UID 1 BODY[HEADER.FIELDS ()]<0> {%u}\r\n", TRUE},
        {"* 1 FETCH (UID 1 BODY[HEADER.FIELDS.NOT (TO)] {%u}\r\n", FALSE},
        {"* 1 FETCH (UID 1 BODY[1.HEADER.FIELDS (TO)] {%u}\r\n", FALSE},
        {"* 1 FETCH (UID 1 BODY[HEADER.FIELDS (TO] {%u}\r\n", FALSE},
        {"* 1 FETCH (UID 1 BODY[HEADER.FIELDS (A (B))] {%u}\r\n", FALSE},
        {"* 1 FETCH (UID 1 BODY[HEADER.FIELDS TO)] {%u}\r\n", FALSE},
        {"* 1 FETCH (UID 1 )] {%u}\r\n", FALSE},
        {"* 1 FETCH (UID 1 BODY[]<0>{%u}\r\n", FALSE},
        {"* 1 FETCH (UID 1 BODY[]<x> {%u}\r\n", FALSE},
        {"* 1 FETCH (UID 1 BODY[TEXT] {%u}\r\n", FALSE},
        {"* 1 FETCH (UID 1 BODY[] {%u} \r\n", FALSE},
        {"* 1 FETCH (UID 1 BODY[] {+%u}\r\n", FALSE},
        {"* FETCH (UID 1 BODY[] {%u}\r\n", FALSE},
        {"* OK FETCH (UID 1 BODY[] {%u}\r\n", FALSE},
        {"* 1 FETCHED (UID 1 BODY[] {%u}\r\n", FALSE},
        {"* LIST () \"/\" {%u}\r\n", FALSE},
        {"1 OK BODY[] {%u}\r\n", FALSE},
        {"BODY[] {%u}\r\n", FALSE},
        {"{%u}\r\n", FALSE},
        {"%u}\r\n", FALSE},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) text = g_string_new(NULL);
        g_string_printf(text, cases[i].line, 2000u);
        append_opens(text, 2000);
        g_string_append(text, ")\r\n* BYE\r\n");
        assert_verdict(text, 4000, cases[i].is_literal ? "BYE" : "");
        if (!cases[i].is_literal)
            g_assert_nonnull(verdict(text->str, text->len, 4000, 1));
        /* One byte more than it says, and it is a line again. */
        g_string_printf(text, cases[i].line, 1999u - IMAPGUARD_OPENS_MAX);
        append_opens(text, 2001);
        g_assert_nonnull(verdict(text->str, text->len, 8000, 9));
    }
}

/* The line goes on behind its literal, with what it had. */
static void test_line_goes_on(void)
{
    for (int more = 0; more <= 1; more++) {
        g_autoptr(GString) text = g_string_new("* 1 FETCH (");
        append_opens(text, 500);
        g_string_append(text, " BODY[] {5}\r\nhello");
        append_opens(text, 499 + more);
        assert_verdict(text, 10000, more ? "deep" : NULL);
    }
}

static void test_numbers(void)
{
    static const struct {
        const char *text, *found;
    } cases[] = {
        {"* OK {999}\r\n", NULL},
        {"* OK {1000}\r\n", NULL},
        {"* OK {0999 x {1}\r\n", NULL},
        {"* OK {1100\r\n", "announces"},
        {"* OK { \t1100}\r\n", "announces"},
        {"* OK {99999999999999999999999999999999\r\n", "announces"},
        {"* OK 1100 {x1100} {} {-1100}\r\n", NULL},
        {"* 1 FETCH (UID 1 BODY[] {}\r\n", "no length"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) text = g_string_new(cases[i].text);
        /* 1000 may still come when the number has been read. */
        assert_verdict(text, 1000 + text->len, cases[i].found);
    }
}

static void test_nul(void)
{
    static const char *const texts[] = {"|* OK x\r\n", "* OK x|\r\n",
                                        "* 1 FETCH (BODY[] {|5}\r\nhello)\r\n"};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(GString) text = g_string_new(texts[i]);
        *strchr(text->str, '|') = '\0';
        assert_verdict(text, 1000, "NUL");
    }
    g_autoptr(GString) text = g_string_new("* 1 FETCH (BODY[] {5}\r\nh|ll|)\r\n");
    for (gsize i = 0; i < text->len; i++)
        if (text->str[i] == '|')
            text->str[i] = '\0';
    assert_verdict(text, 1000, NULL);
}

static void test_goodbye(void)
{
    static const struct {
        const char *text, *goodbye;
    } cases[] = {
        {"* BYE going down\r\n", "going down"},
        {"* bye [UNAVAILABLE] later\n", "[UNAVAILABLE] later"},
        {"* BYE\r\n", ""},
        {"* OK x\r\n* BYE two\r\n* BYE three\r\n", "two"},
        {"* BYEBYE\r\n", NULL},
        {"* OK BYE\r\n", NULL},
        {"x* BYE\r\n", NULL},
        {"* BYE half a line", NULL},
        {"* 1 FETCH (BODY[] {9}\r\n\r\n* BYE\r\n)\r\n", NULL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        ImapGuard guard;
        imapguard_init(&guard);
        imapguard_begin(&guard, 1000);
        g_autofree char *bytes = g_strdup(cases[i].text);
        g_assert_null(imapguard_take(&guard, bytes, strlen(bytes)));
        g_assert_cmpstr(guard.goodbye, ==, cases[i].goodbye);
        imapguard_clear(&guard);
    }
    ImapGuard polite;
    imapguard_init(&polite);
    imapguard_begin(&polite, 1000);
    polite.goodbye_is_fine = TRUE;
    char bye[] = "* BYE\r\n";
    g_assert_null(imapguard_take(&polite, bye, strlen(bye)));
    g_assert_null(polite.goodbye);
    imapguard_clear(&polite);
}

/* Codes that libetpan falls over become others, in pieces of any size; all else stays. */
static void test_codes(void)
{
    static const struct {
        const char *text, *seen;
    } cases[] = {
        {"* OK [PERMANENTFLAGS (\\Seen)] x\r\n", "* OK [PERMANENTFLAG- (\\Seen)] x\r\n"},
        {"7 no [badcharset (x)] y\r\n", "7 no [badcharse- (x)] y\r\n"},
        {"* OK [UIDVALIDITY 7] [PERMANENT] FLAGS\r\n", NULL},
        {"* FLAGS (PERMANENTFLAGS BADCHARSET)\r\n", NULL},
        {"* 1 FETCH (BODY[] {17}\r\n[PERMANENTFLAGS\r\n)\r\n", NULL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases) * 20; i++) {
        const char *text = cases[i / 20].text;
        g_autofree char *bytes = g_strdup(text);
        ImapGuard guard;
        imapguard_init(&guard);
        imapguard_begin(&guard, 1000);
        for (gsize at = 0, step = 1 + i % 20; at < strlen(text); at += step)
            g_assert_null(imapguard_take(&guard, bytes + at, MIN(step, strlen(text) - at)));
        g_assert_cmpstr(bytes, ==, cases[i / 20].seen ? cases[i / 20].seen : text);
        imapguard_clear(&guard);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/wireguard/budget", test_budget);
    g_test_add_func("/wireguard/opens", test_opens);
    g_test_add_func("/wireguard/literals", test_literals);
    g_test_add_func("/wireguard/line-goes-on", test_line_goes_on);
    g_test_add_func("/wireguard/numbers", test_numbers);
    g_test_add_func("/wireguard/nul", test_nul);
    g_test_add_func("/wireguard/goodbye", test_goodbye);
    g_test_add_func("/wireguard/codes", test_codes);
    return g_test_run();
}
