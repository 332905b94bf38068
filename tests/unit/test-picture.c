/* Tests of letter/picture. */
#include "letter/picture.h"

static const guchar png[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 13,
                             'I',  'H', 'D', 'R', 0,    0,    2,    88,   0, 0, 1, 0};
static const guchar gif[] = {'G', 'I', 'F', '8', '9', 'a', 0x58, 0x02, 0x10, 0x00};
static const guchar jpeg[] = {0xff, 0xd8, 0xff, 0xe0, 0, 4, 1,  2, 0xff, 0xff, 0xc2,
                              0,    17,   8,    0,    9, 2, 88, 3, 0,    0,    0};

static void test_widths(void)
{
    g_assert_cmpuint(picture_width(png, sizeof png), ==, 600);
    g_assert_cmpuint(picture_width(gif, sizeof gif), ==, 600);
    g_assert_cmpuint(picture_width(jpeg, sizeof jpeg), ==, 600);
    g_assert_cmpuint(picture_width((const guchar *)"<svg width='600'>", 17), ==, 0);
}

/* Every beginning of a file is read without a step too far (the sanitizers watch). */
static void test_cut_off(void)
{
    const struct {
        const guchar *bytes;
        gsize length;
    } files[] = {{png, sizeof png}, {gif, sizeof gif}, {jpeg, sizeof jpeg}};
    for (gsize f = 0; f < G_N_ELEMENTS(files); f++)
        for (gsize n = 0; n < files[f].length; n++) {
            g_autofree guchar *cut = g_memdup2(files[f].bytes, n);
            picture_width(cut, n);
        }
    g_assert_cmpuint(picture_width(png, 23), ==, 0);
    g_assert_cmpuint(picture_width(gif, 9), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/picture/widths", test_widths);
    g_test_add_func("/picture/cut-off", test_cut_off);
    return g_test_run();
}
