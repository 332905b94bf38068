/* test-charset - foreign text made UTF-8, labelled rightly, wrongly and not at all */
#include "mail/charset.h"

#include <string.h>

static void test_labels(void)
{
    static const struct {
        const char *bytes, *label, *text;
    } CASES[] = {
        {"caf\xe9", "iso-8859-1", "café"},
        {"caf\xe9", NULL, "café"},
        {"caf\xe9", "utf-8", "caf\xef\xbf\xbd"},
        {"café", "iso-8859-1", "café"}, /* it is UTF-8, whatever the label says */
        {"\x93ja\x94", "iso-8859-1", "“ja”"},
        {"caf\xe9", "no-such-charset", "café"},
        {"\x1b$B$3\x1b(B", "us-ascii", "こ"},
        {"\xca\xd5\xbc\xfe", "gb2312", "收件"},
        {"\x87\xe5", "gb2312", "囧"}, /* in GBK alone */
        {"\xc1\xb8", "ks_c_5601-1987", "존"},
        {"", NULL, ""},
    };
    charset_prepare();
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autofree char *text =
            charset_to_utf8(CASES[i].bytes, strlen(CASES[i].bytes), CASES[i].label);
        g_assert_true(g_utf8_validate(text, -1, NULL));
        g_assert_cmpstr(text, ==, CASES[i].text);
    }
}

static void test_wide(void)
{
    static const struct {
        const char *bytes;
        gsize length;
        const char *label, *text;
    } CASES[] = {
        {"\xff\xfeh\0i\0", 6, NULL, "hi"},
        {"\xfe\xff\0h\0i", 6, "utf-8", "hi"},
        {"h\0i\0", 4, "UTF-16LE", "hi"},
        {"hi", 2, "utf-16", "hi"}, /* no NUL: it isn't */
    };
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        gsize length = 0;
        g_autofree char *text =
            charset_narrow(CASES[i].bytes, CASES[i].length, CASES[i].label, &length);
        g_autofree char *whole = charset_to_utf8(text, length, NULL);
        g_assert_true(g_str_has_suffix(whole, CASES[i].text));
    }
    gsize length = 0;
    g_autofree char *odd = charset_narrow("\xff\xfeh", 3, NULL, &length);
    g_assert_cmpuint(length, ==, 3); /* half a unit: as it came */
    g_assert_cmpmem(odd, length, "\xff\xfeh", 3);
    g_free(charset_narrow("", 0, "utf-16", &length));
    g_assert_cmpuint(length, ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/charset/labels", test_labels);
    g_test_add_func("/charset/wide", test_wide);
    return g_test_run();
}
