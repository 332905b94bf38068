/* test-qp - quoted-printable pieces join to the same text wherever they are cut */
#include "mail/qp.h"

#include <glib.h>
#include <string.h>

/* --- what every encoding has to keep --------------------------------------------------------- */

/* A decoder after RFC 2045 section 6.7 that forgives nothing; NULL at the first fault. */
static char *decode(const char *p, gsize length)
{
    const char *end = p + length;
    GString *out = g_string_new(NULL);
    while (p < end) {
        if (*p == '=' && end - p >= 3 && p[1] == '\r' && p[2] == '\n') {
            p += 3;
        } else if (*p == '=') {
            if (end - p < 3 || !g_ascii_isxdigit(p[1]) || !g_ascii_isxdigit(p[2]) ||
                g_ascii_islower(p[1]) || g_ascii_islower(p[2]))
                return g_string_free(out, TRUE);
            g_string_append_c(out,
                              (char)(g_ascii_xdigit_value(p[1]) * 16 + g_ascii_xdigit_value(p[2])));
            p += 3;
        } else if (*p == '\r' && end - p >= 2 && p[1] == '\n') {
            g_string_append(out, "\r\n");
            p += 2;
        } else if (*p == '\t' || (*p >= ' ' && *p <= '~')) {
            g_string_append_c(out, *p++);
        } else {
            return g_string_free(out, TRUE);
        }
    }
    return g_string_free(out, FALSE);
}

/* The text with each of its line ends as CRLF. */
static char *canonical(const char *text, gsize length)
{
    GString *out = g_string_new(NULL);
    for (gsize i = 0; i < length; i++) {
        if (text[i] == '\n' && (i == 0 || text[i - 1] != '\r'))
            g_string_append_c(out, '\r');
        g_string_append_c(out, text[i]);
    }
    return g_string_free(out, FALSE);
}

static void assert_lines(const char *encoded, gsize length)
{
    const char *end = encoded + length;
    g_assert_true(length == 0 || (length >= 2 && memcmp(end - 2, "\r\n", 2) == 0));
    for (const char *line = encoded; line < end;) {
        const char *stop = memchr(line, '\r', (gsize)(end - line));
        g_assert_nonnull(stop);
        g_assert_cmpint(stop[1], ==, '\n');
        g_assert_cmpint(stop - line, <=, QP_WIDTH);
        g_assert_cmpint(*line, !=, '.');
        g_assert_false(g_str_has_prefix(line, "From "));
        g_assert_false(stop > line && (stop[-1] == ' ' || stop[-1] == '\t'));
        line = stop + 2;
    }
}

static void assert_keeps(const char *text, gsize length)
{
    g_autoptr(GString) out = g_string_new("before\r\n");
    qp_append(out, text, length);
    g_assert_cmpmem(out->str, 8, "before\r\n", 8);
    assert_lines(out->str + 8, out->len - 8);
    g_autofree char *decoded = decode(out->str + 8, out->len - 8);
    g_autofree char *wanted = canonical(text, length);
    g_assert_cmpstr(decoded, ==, wanted);
}

/* --- by example ------------------------------------------------------------------------------ */

static void test_exactly(void)
{
    static const struct {
        const char *text, *encoded;
    } cases[] = {
        {"", ""},
        {"\n", "\r\n"},
        {"\r\n", "\r\n"},
        {"\n\n", "\r\n\r\n"},
        {"a", "a=\r\n"},
        {"a\n", "a\r\n"},
        {"a\r\n", "a\r\n"},
        {"a\rb\n", "a=0Db\r\n"},
        {"a\r", "a=0D=\r\n"},
        {"a\r\r\n", "a=0D\r\n"},
        {"a=b\n", "a=3Db\r\n"},
        {"a \n", "a=20\r\n"},
        {"a  \n", "a =20\r\n"},
        {"a\t\n", "a=09\r\n"},
        {" \n", "=20\r\n"},
        {"a ", "a =\r\n"},
        {"\ta\n", "\ta\r\n"},
        {".\n", "=2E\r\n"},
        {"..\n", "=2E.\r\n"},
        {"a.\n", "a.\r\n"},
        {"From here\n", "=46rom here\r\n"},
        {"From\n", "From\r\n"},
        {"From \n", "=46rom=20\r\n"},
        {"Fromage\n", "Fromage\r\n"},
        {">From here\n", ">From here\r\n"},
        {"a\nFrom b\n.c", "a\r\n=46rom b\r\n=2Ec=\r\n"},
        {"\x01\x7f\n", "=01=7F\r\n"},
        {"Siân\n", "Si=C3=A2n\r\n"},
        {"€", "=E2=82=AC=\r\n"},
        {"\xff\xc3\n", "=FF=C3\r\n"},
        {"--=_x\n", "--=3D_x\r\n"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) out = g_string_new(NULL);
        qp_append(out, cases[i].text, strlen(cases[i].text));
        g_assert_cmpstr(out->str, ==, cases[i].encoded);
    }
}

static void test_nul(void)
{
    g_autoptr(GString) out = g_string_new(NULL);
    qp_append(out, "a\0b\n", 4);
    g_assert_cmpstr(out->str, ==, "a=00b\r\n");
}

/* One below, at and above the width, with a hard line end and without, and with a character of
 * every length at the end. */
static void test_width(void)
{
    static const char *const ends[] = {"",  "x",  ".",  "=",  " ",  "\t", "â",  "€",
                                       "😀", "â.", " â", "=x", "  ", "x ", "\r", "From x"};
    for (guint length = 55; length <= 160; length++) {
        for (guint i = 0; i < G_N_ELEMENTS(ends); i++) {
            g_autofree char *filled = g_strnfill(length, 'x');
            g_autofree char *soft = g_strconcat(filled, ends[i], NULL);
            g_autofree char *hard = g_strconcat(soft, "\n", NULL);
            assert_keeps(soft, strlen(soft));
            assert_keeps(hard, strlen(hard));
        }
    }
}

static void test_full_lines(void)
{
    g_autofree char *x75 = g_strnfill(75, 'x'), *x76 = g_strnfill(76, 'x');
    g_autofree char *x77 = g_strnfill(77, 'x');
    struct {
        const char *text, *end;
        char *encoded;
    } cases[] = {
        {x75, "\n", g_strdup_printf("%s\r\n", x75)},
        {x76, "\n", g_strdup_printf("%s\r\n", x76)},
        {x77, "\n", g_strdup_printf("%s=\r\nxx\r\n", x75)},
        {x75, "", g_strdup_printf("%s=\r\n", x75)},
        {x76, "", g_strdup_printf("%s=\r\nx=\r\n", x75)},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = g_strconcat(cases[i].text, cases[i].end, NULL);
        g_autoptr(GString) out = g_string_new(NULL);
        qp_append(out, text, strlen(text));
        g_assert_cmpstr(out->str, ==, cases[i].encoded);
        g_free(cases[i].encoded);
    }
}

/* A dot or "From " that only a soft break brings to the beginning of a line. */
static void test_broken_before_dot(void)
{
    for (guint length = 60; length < 90; length++) {
        g_autofree char *filled = g_strnfill(length, 'x');
        g_autofree char *dots = g_strconcat(filled, "......\n", NULL);
        g_autofree char *from = g_strconcat(filled, "From From From here\n", NULL);
        assert_keeps(dots, strlen(dots));
        assert_keeps(from, strlen(from));
    }
}

static void test_characters_stay_whole(void)
{
    static const char *const characters[] = {"â", "€", "😀"};
    for (guint i = 0; i < G_N_ELEMENTS(characters); i++) {
        g_autoptr(GString) text = g_string_new(NULL), out = g_string_new(NULL);
        for (guint n = 0; n < 200; n++)
            g_string_append_printf(text, "%s%s", n % 7 ? "" : "x", characters[i]);
        qp_append(out, text->str, text->len);
        g_auto(GStrv) lines = g_strsplit(out->str, "\r\n", -1);
        for (char **line = lines; *line && **line; line++) {
            char *joined = g_strconcat(*line, "\r\n", NULL);
            g_autofree char *decoded = decode(joined, strlen(joined));
            g_assert_true(g_utf8_validate(decoded, -1, NULL));
            g_free(joined);
        }
    }
}

/* --- by chance ------------------------------------------------------------------------------- */

static char *random_text(GRand *chance)
{
    static const char *const bits[] = {
        "a", "word", " ", " ",  "\n",   "\n",   "\r\n", "\r",   ".",   "From ",   "=",  "=3D",
        "â", "€",    "😀", "\t", "From", "\x01", "--",   "  \n", "\n.", "\nFrom ", "\"", "x"};
    GString *text = g_string_new(NULL);
    guint count = (guint)g_rand_int_range(chance, 0, 120);
    for (guint i = 0; i < count; i++) {
        g_string_append(text, bits[g_rand_int_range(chance, 0, G_N_ELEMENTS(bits))]);
        if (g_rand_int_range(chance, 0, 20) == 0)
            for (gint n = g_rand_int_range(chance, 0, 90); n > 0; n--)
                g_string_append_c(text, 'w');
    }
    return g_string_free(text, FALSE);
}

static void test_any_text(void)
{
    g_autoptr(GRand) chance = g_rand_new_with_seed(2045);
    for (guint i = 0; i < 3000; i++) {
        g_autofree char *text = random_text(chance);
        assert_keeps(text, strlen(text));
    }
}

/* However a text is cut between characters, its pieces join to it. Only a cut inside "\r\n" makes
 * two of what was one: it is not made. */
static void test_any_cuts(void)
{
    g_autoptr(GRand) chance = g_rand_new_with_seed(6);
    for (guint i = 0; i < 3000; i++) {
        g_autofree char *text = random_text(chance);
        g_autofree char *wanted = canonical(text, strlen(text));
        g_autoptr(GString) out = g_string_new(NULL);
        const char *from = text;
        for (const char *p = text; *p; p = g_utf8_next_char(p))
            if (g_rand_int_range(chance, 0, 8) == 0 && !(p > text && p[-1] == '\r')) {
                qp_append(out, from, (gsize)(p - from));
                from = p;
            }
        qp_append(out, from, strlen(from));
        assert_lines(out->str, out->len);
        g_autofree char *decoded = decode(out->str, out->len);
        g_assert_cmpstr(decoded, ==, wanted);
    }
}

static void test_speed(void)
{
    g_autoptr(GString) text = g_string_new(NULL), out = g_string_new(NULL);
    while (text->len < 32 << 10)
        g_string_append(text, "An ordinary line of a letter, as long as flowed text comes to.\n");
    double best = G_MAXDOUBLE;
    for (guint i = 0; i < 50; i++) {
        g_string_truncate(out, 0);
        gint64 start = g_get_monotonic_time();
        qp_append(out, text->str, text->len);
        best = MIN(best, (double)(g_get_monotonic_time() - start));
    }
    g_test_message("32 KB in %.0f us", best);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/qp/exactly", test_exactly);
    g_test_add_func("/qp/nul", test_nul);
    g_test_add_func("/qp/width", test_width);
    g_test_add_func("/qp/full-lines", test_full_lines);
    g_test_add_func("/qp/broken-before-dot", test_broken_before_dot);
    g_test_add_func("/qp/characters-stay-whole", test_characters_stay_whole);
    g_test_add_func("/qp/any-text", test_any_text);
    g_test_add_func("/qp/any-cuts", test_any_cuts);
    g_test_add_func("/qp/speed", test_speed);
    return g_test_run();
}
