/* test-letterview - a message's source as it is shown: all of it, but for long runs of base64 */
#include "letter/letterview.h"

#include <string.h>

static void assert_source(const char *message, const char *expected)
{
    g_autofree char *got = letterview_source(message);
    g_assert_cmpstr(got, ==, expected);
}

static void test_lines(void)
{
    assert_source("", "");
    assert_source("A: b\r\n\r\nHello\r\n", "A: b\n\nHello\n");
    assert_source("no end", "no end\n");
    assert_source("a\nb\r\n\r\n", "a\nb\n\n");
    assert_source("lone\rreturn\r\n", "lone\rreturn\n");
}

/* `lines` full lines of base64 between two others, as they are shown. */
static char *shown(guint lines, guint width)
{
    g_autoptr(GString) message = g_string_new("Content-Transfer-Encoding: base64\r\n\r\n");
    g_autofree char *line = g_strnfill(width, 'Q');
    for (guint i = 0; i < lines; i++)
        g_string_append_printf(message, "%s\r\n", line);
    g_string_append(message, "Zg==\r\n--=_a--\r\n");
    return letterview_source(message->str);
}

static guint count_lines(const char *text)
{
    guint lines = 0;
    for (; *text; text++)
        lines += *text == '\n';
    return lines;
}

static void test_base64(void)
{
    g_autofree char *below = shown(LETTERVIEW_BASE64_LINES - 1, 76);
    g_autofree char *at = shown(LETTERVIEW_BASE64_LINES, 76);
    g_autofree char *above = shown(LETTERVIEW_BASE64_LINES + 1, 76);
    g_autofree char *far = shown(5000, 76);
    g_autofree char *words = shown(5000, 59); /* too short to be a part of something */
    g_assert_cmpuint(count_lines(below), ==, 4 + LETTERVIEW_BASE64_LINES - 1);
    g_assert_cmpuint(count_lines(at), ==, 4 + LETTERVIEW_BASE64_LINES);
    g_assert_null(strstr(at, "more line"));
    g_assert_nonnull(strstr(above, "\n[… 1 more line of base64, not shown here]\nZg==\n--=_a--\n"));
    g_assert_nonnull(strstr(far, "\n[… 4997 more lines of base64, not shown here]\nZg==\n"));
    g_assert_cmpuint(count_lines(far), ==, 4 + LETTERVIEW_BASE64_LINES + 1);
    g_assert_cmpuint(count_lines(words), ==, 4 + 5000);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/letterview/lines", test_lines);
    g_test_add_func("/letterview/base64", test_base64);
    return g_test_run();
}
