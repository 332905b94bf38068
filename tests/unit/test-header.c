/* test-header - header values come out of a reader as they went in, and nothing else comes out */
#include "mail/header.h"

#include <gmime/gmime.h>
#include <string.h>

/* Values as people, lists and attackers give them. */
static const char *const values[] = {
    "Autumn update",
    "x",
    "",
    "   ",
    "\t\r\n",
    "<b>",
    "*x*",
    "{{y}}",
    "\"><script>alert(1)</script>",
    "a\r\nBcc: x@example.org",
    "a\nBcc: x@example.org",
    "a\rBcc: x@example.org",
    "a\r\n\r\nbody",
    "a\xe2\x80\xa8"
    "b", /* U+2028 */
    "a\xc2\x85"
    "b", /* U+0085 */
    "\x0b\x0c\x1b[31mred\x7f",
    "' OR 1=1",
    "=?utf-8?Q?not_meant?=",
    "=?utf-8?Q?a?= =?utf-8?Q?b?=",
    "a =?",
    "?= b",
    "=?=?=?",
    "why =?really?",
    "50% = half_of_it",
    "two  spaces   three",
    "  lead and trail  ",
    "a  ",
    "tab\there",
    "tab \t here",
    "Siân Ŵyn-Jones",
    "Zażółć gęślą jaźń",
    "O’Neill & Sons, “Ltd”",
    "O'Neill",
    "Smith, Ann",
    "Smith, Ann (Mrs)",
    "Ann \"Annie\" Smith",
    "back\\slash\\",
    "ann@example.org",
    "<ann@example.org>",
    "Ann <bob@example.org>, Carol",
    "undisclosed-recipients:;",
    "Dr. A. N. Smith",
    "(comment)",
    "[bracket]",
    ".",
    "\"",
    "\\",
    "בית ספר ירושלים",
    "مدرسة القدس",
    "\xe2\x80\x8f"
    "abc",
    "日本語日本語日本語日本語日本語日本語日本語日本語日本語日本語日本語日本語",
    "😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀",
    "e\xcc\x81"
    "cole",
    "St Thomas More Roman Catholic Voluntary Aided Primary School and Nursery, Saltley, and more",
    "St Thomas More Roman Catholic Voluntary Aided Primary School and Nursery of Saltley and its a",
    "plain words first and only then one that is not: Siân, and then again plain words to the end",
    "Siân said, in a very long sentence, that all of these words were to be read as they stand, "
    "and that Zoë thought so too",
    "bad utf-8 \xff\xfe here",
    "cut \xe2\x82",
    "\xef\xbb\xbf"
    "bom",
    "end=",
    "a b c d e f g h i j k l m n o p q r s t u v w x y z a b c d e f g h i j k l m n o p q r s t u "
    "v",
};

/* What a reader should see. */
static char *wanted(const char *value, gboolean is_phrase)
{
    g_autofree char *valid = g_utf8_make_valid(value, -1);
    g_autoptr(GRegex) run =
        g_regex_new(is_phrase ? "[ \\p{Cc}\\p{Zl}\\p{Zp}]+"
                              : " *[\\p{Cc}\\p{Zl}\\p{Zp}][ \\p{Cc}\\p{Zl}\\p{Zp}]*",
                    0, 0, NULL);
    char *text = g_regex_replace_literal(run, valid, -1, 0, " ", 0, NULL);
    gsize start = strspn(text, " ");
    memmove(text, text + start, strlen(text) - start + 1);
    while (*text && text[strlen(text) - 1] == ' ')
        text[strlen(text) - 1] = '\0';
    return text;
}

/* Each encoded word by RFC 2047: length, charset, and characters that are whole. */
static void assert_encoded_words(const char *line)
{
    for (const char *p = line; (p = strstr(p, "=?utf-8?"));) {
        const char *text = p + 10, *end = strstr(text, "?=");
        g_assert_nonnull(end);
        g_assert_cmpint(end + 2 - p, <=, ENCODED_WORD_MAX);
        g_assert_cmpint(end - text, >, 0);
        g_autofree char *word = g_strndup(p, (gsize)(end + 2 - p));
        g_autofree char *decoded = g_mime_utils_header_decode_text(NULL, word);
        g_assert_true(g_utf8_validate(decoded, -1, NULL));
        p = end + 2;
        g_assert_true(*p == ' ' || !*p);
    }
}

/* The form of what was appended; its value, unfolded. */
static char *assert_form(const char *header, const char *name)
{
    g_assert_true(g_str_has_prefix(header, name));
    g_assert_true(g_str_has_suffix(header, "\r\n"));
    g_autofree char *body = g_strndup(header, strlen(header) - 2);
    g_auto(GStrv) lines = g_strsplit(body, "\r\n", -1);
    GString *unfolded = g_string_new(NULL);
    for (guint i = 0; lines[i]; i++) {
        const char *line = lines[i];
        g_assert_null(strpbrk(line, "\r\n"));
        for (const char *p = line; *p; p++)
            g_assert_true(*p >= ' ' && *p <= '~');
        g_assert_cmpuint(strlen(line), <=, HEADER_WIDTH);
        assert_encoded_words(line);
        if (i > 0) {
            g_assert_cmpint(line[0], ==, ' ');
            g_assert_true(line[1] && line[1] != ' ');
        }
        g_string_append(unfolded, i ? line : line + strlen(name) + 1);
    }
    return g_string_free(unfolded, FALSE);
}

static void assert_text(const char *name, const char *value)
{
    g_autoptr(GString) out = g_string_new(NULL);
    header_append(out, name, value);
    g_autofree char *raw = assert_form(out->str, name);
    g_autofree char *read = g_mime_utils_header_decode_text(NULL, raw + strspn(raw, " "));
    g_autofree char *want = wanted(value, FALSE);
    g_assert_cmpstr(read, ==, want);
}

static void assert_mailbox(const char *name, const char *display)
{
    g_autoptr(GString) out = g_string_new(NULL);
    header_append_mailbox(out, name, display, "office@school.example");
    g_autofree char *raw = assert_form(out->str, name);
    g_autofree char *want = wanted(display, TRUE);

    InternetAddressList *list = internet_address_list_parse(NULL, raw);
    g_assert_cmpint(internet_address_list_length(list), ==, 1);
    InternetAddress *address = internet_address_list_get_address(list, 0);
    g_assert_true(INTERNET_ADDRESS_IS_MAILBOX(address));
    g_assert_cmpstr(internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(address)), ==,
                    "office@school.example");
    const char *read = internet_address_get_name(address);
    g_assert_cmpstr(read ? read : "", ==, want);
    g_object_unref(list);
}

static void test_values(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(values); i++) {
        assert_text("Subject", values[i]);
        assert_text("X-A-Rather-Long-Name-Of-A-Header-Field-X", values[i]);
        assert_mailbox("To", values[i]);
        assert_mailbox("Reply-To", values[i]);
    }
}

/* Words and texts of every length about the width, in ASCII and not. */
static void test_lengths(void)
{
    for (guint length = 1; length <= 240; length++) {
        g_autofree char *word = g_strnfill(length, 'w');
        g_autofree char *after = g_strconcat("and then ", word, " it ends", NULL);
        g_autofree char *accent = g_strconcat(word, "é", word, " ", word, NULL);
        g_autofree char *special = g_strconcat(word, ",\\", NULL);
        const char *const texts[] = {word, after, accent, special};
        for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
            assert_text("Subject", texts[i]);
            assert_mailbox("To", texts[i]);
        }
    }
}

static void test_by_chance(void)
{
    static const char *const bits[] = {
        "a", "word", " ",  " ",  " ", "=?",   "?=", "=",        "?", "é",
        "€", "😀",    "\"", "\\", ",", "\r\n", "\t", "utf-8?Q?", "_", "."};
    g_autoptr(GRand) chance = g_rand_new_with_seed(2047);
    for (guint i = 0; i < 5000; i++) {
        g_autoptr(GString) text = g_string_new(NULL);
        for (gint n = g_rand_int_range(chance, 0, 60); n > 0; n--)
            g_string_append(text, bits[g_rand_int_range(chance, 0, G_N_ELEMENTS(bits))]);
        assert_text("Subject", text->str);
        assert_mailbox("From", text->str);
    }
}

static void test_exactly(void)
{
    static const struct {
        const char *value, *line;
    } cases[] = {
        {"Autumn update", "Subject: Autumn update\r\n"},
        {"", "Subject: \r\n"},
        {"Dear Siân", "Subject: Dear =?utf-8?Q?Si=C3=A2n?=\r\n"},
        {"Siân is here", "Subject: =?utf-8?Q?Si=C3=A2n?= is here\r\n"},
        {"Zoë à la b", "Subject: =?utf-8?Q?Zo=C3=AB_=C3=A0?= la b\r\n"},
        {"日本語", "Subject: =?utf-8?Q?=E6=97=A5=E6=9C=AC=E8=AA=9E?=\r\n"},
        {"a  b c", "Subject: =?utf-8?Q?a__b?= c\r\n"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) out = g_string_new(NULL);
        header_append(out, "Subject", cases[i].value);
        g_assert_cmpstr(out->str, ==, cases[i].line);
    }
}

static void test_mailbox_exactly(void)
{
    static const struct {
        const char *display, *line;
    } cases[] = {
        {NULL, "To: a@b.example\r\n"},
        {"", "To: a@b.example\r\n"},
        {" \r\n", "To: a@b.example\r\n"},
        {"Ann O'Neill", "To: Ann O'Neill <a@b.example>\r\n"},
        {"Smith, Ann", "To: \"Smith, Ann\" <a@b.example>\r\n"},
        {"A \"B\" \\C", "To: \"A \\\"B\\\" \\\\C\" <a@b.example>\r\n"},
        {"Siân, head", "To: =?utf-8?Q?Si=C3=A2n=2C?= head <a@b.example>\r\n"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) out = g_string_new(NULL);
        header_append_mailbox(out, "To", cases[i].display, "a@b.example");
        g_assert_cmpstr(out->str, ==, cases[i].line);
    }
}

/* An address goes in whole however long it is, and can't leave its brackets however bad it is. */
static void test_spec(void)
{
    g_autofree char *local = g_strnfill(64, 'l'), *label = g_strnfill(63, 'd');
    g_autofree char *spec = g_strconcat(local, "@", label, ".", label, ".example", NULL);
    g_autofree char *want = g_strconcat("To: Ann\r\n <", spec, ">\r\n", NULL);
    g_autoptr(GString) out = g_string_new(NULL);
    header_append_mailbox(out, "To", "Ann", spec);
    g_assert_cmpstr(out->str, ==, want);

    g_string_truncate(out, 0);
    header_append_mailbox(out, "To", "Ann", "a@b.example>\r\nBcc: <x@y.example");
    g_assert_cmpstr(out->str, ==, "To: Ann <a@b.exampleBcc:x@y.example>\r\n");
}

static void test_never_encoded(void)
{
    g_autoptr(GString) out = g_string_new(NULL);
    header_append_id(out, "List-Id", NULL, "heads.example.org");
    header_append_id(out, "List-Id", "Heads, all", "heads.example.org");
    header_append_uri(out, "List-Unsubscribe", "mailto:u+a=b@example.org?subject=a%20b");
    header_append_uri(out, "List-Unsubscribe", "mailto:a>\r\nX: <b \"é\"");
    header_append_token(out, "Message-ID", "<a@b>\r\nX: y\xff");
    g_assert_cmpstr(out->str, ==,
                    "List-Id: <heads.example.org>\r\n"
                    "List-Id: \"Heads, all\" <heads.example.org>\r\n"
                    "List-Unsubscribe: <mailto:u+a=b@example.org?subject=a%20b>\r\n"
                    "List-Unsubscribe: <mailto:a%3E%0D%0AX:%20%3Cb%20%22%C3%A9%22>\r\n"
                    "Message-ID: <a@b>X: y\r\n");
}

/* A cell may hold a megabyte; the time it takes grows no faster. (GMime's does: it isn't asked.) */
static void test_very_long(void)
{
    static const char *const bits[] = {"é word ", "word ", "é", "a, b ", "  "};
    for (guint i = 0; i < G_N_ELEMENTS(bits); i++) {
        g_autoptr(GString) text = g_string_new(NULL), out = g_string_new(NULL);
        while (text->len < 1 << 20)
            g_string_append(text, bits[i]);
        gint64 start = g_get_monotonic_time();
        header_append(out, "Subject", text->str);
        header_append_mailbox(out, "To", text->str, "a@b.example");
        g_assert_cmpint(g_get_monotonic_time() - start, <, 10 * G_USEC_PER_SEC);
        const char *stop = out->str + out->len;
        for (const char *line = out->str, *end; line < stop; line = end + 1) {
            end = memchr(line, '\n', (gsize)(stop - line));
            g_assert_cmpint(end - 1 - line, <=, HEADER_WIDTH);
        }
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_mime_init();
    g_test_add_func("/header/exactly", test_exactly);
    g_test_add_func("/header/mailbox-exactly", test_mailbox_exactly);
    g_test_add_func("/header/values", test_values);
    g_test_add_func("/header/lengths", test_lengths);
    g_test_add_func("/header/by-chance", test_by_chance);
    g_test_add_func("/header/spec", test_spec);
    g_test_add_func("/header/never-encoded", test_never_encoded);
    g_test_add_func("/header/very-long", test_very_long);
    return g_test_run();
}
