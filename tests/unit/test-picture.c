#define _GNU_SOURCE /* memmem */
/* test-picture - what pictures are by their bytes, and what cameras wrote into them */
#include <string.h>

#include "letter/exif.h"
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

static void test_whole(void)
{
    static const char mark[] = "\x89PNG\r\n\x1a\n", end[] = "\0\0\0\0IEND\xae\x42\x60\x82";
    static const char scan[] = "\xff\xd8\xff\xe1\0\6\xff\xd9zz\xff\xda\0\2ab\xff\xd9";
    g_autofree char *whole = g_malloc0(8 + 24 + 12);
    memcpy(whole, mark, 8);
    whole[8 + 3] = 12; /* a chunk of twelve bytes */
    memcpy(whole + 8 + 24, end, 12);
    g_assert_true(picture_is_whole((const guchar *)whole, 44));
    for (gsize n = 8; n < 44; n++)
        g_assert_false(picture_is_whole((const guchar *)whole, n));
    memset(whole + 8, 0xff, 4); /* a chunk of four gigabytes */
    g_assert_false(picture_is_whole((const guchar *)whole, 44));
    gsize length = sizeof scan - 1;
    g_assert_true(picture_is_whole((const guchar *)scan, length));
    for (gsize n = 3; n < length; n++) /* the first end is that of a preview */
        g_assert_false(picture_is_whole((const guchar *)scan, n));
    g_assert_true(picture_is_whole((const guchar *)"GIF89a..;\0\0", 11));
    g_assert_false(picture_is_whole((const guchar *)"GIF89a..", 8));
    g_assert_true(picture_is_whole((const guchar *)"BM", 2));
}

static void test_kinds(void)
{
    static const struct {
        const char *bytes;
        gsize length;
        PictureKind kind;
    } cases[] = {{"", 0, PICTURE_EMPTY},
                 {"\x89PNG\r\n\x1a\n", 8, PICTURE_PNG},
                 {"GIF89a", 6, PICTURE_GIF},
                 {"\xff\xd8\xff\xe0", 4, PICTURE_JPEG},
                 {"RIFF$\0\0\0WEBPVP8 ", 16, PICTURE_WEBP},
                 {"<?xml version='1.0'?><svg>", 26, PICTURE_SVG},
                 {"II*\0", 4, PICTURE_TIFF},
                 {"\0\0\0\x18"
                  "ftypheic",
                  12, PICTURE_HEIC},
                 {"BM", 2, PICTURE_BMP},
                 {"<html>", 6, PICTURE_OTHER},
                 {"\x89PN", 3, PICTURE_OTHER}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        g_assert_cmpint(picture_kind((const guchar *)cases[i].bytes, cases[i].length), ==,
                        cases[i].kind);
    g_assert_true(picture_is_called("a/Hall.JPEG", PICTURE_JPEG));
    g_assert_false(picture_is_called("hall.png", PICTURE_JPEG));
    g_assert_false(picture_is_called("hall", PICTURE_PNG));
}

/* A JPEG with JFIF, an Exif of two tags (orientation 6, GPS at 26), a comment, and its picture. */
static const guchar photo[] = {0xff, 0xd8, 0xff, 0xe0, 0,    4,    0x4a, 0x46, 0xff, 0xe1, 0, 0x2e,
                               0x45, 0x78, 0x69, 0x66, 0,    0,    0x49, 0x49, 0x2a, 0,    8, 0,
                               0,    0,    2,    0,    0x12, 1,    3,    0,    1,    0,    0, 0,
                               6,    0,    0,    0,    0x25, 0x88, 4,    0,    1,    0,    0, 0,
                               0x1a, 0,    0,    0,    0,    0,    0,    0,    0xff, 0xfe, 0, 4,
                               0x68, 0x69, 0xff, 0xda, 0,    2,    1,    2,    3};

static void test_exif(void)
{
    g_assert_true(exif_has_place(photo, sizeof photo));
    g_autoptr(GBytes) whole = g_bytes_new_static(photo, sizeof photo);
    g_autoptr(GBytes) stripped = exif_strip(whole);
    gsize length;
    const guchar *bytes = g_bytes_get_data(stripped, &length);
    g_assert_false(exif_has_place(bytes, length));
    g_autoptr(GBytes) again = exif_strip(stripped); /* nothing more to take, the turning stays */
    g_assert_true(g_bytes_equal(stripped, again));
    g_assert_null(memmem(bytes, length, "hi", 2));
    g_assert_nonnull(memmem(bytes, length, "\x01\x12\0\x03\0\0\0\x01\0\x06", 10));
    g_assert_cmpmem(bytes + length - 7, 7, photo + sizeof photo - 7, 7);
}

static void test_exif_cut_off(void)
{
    for (gsize n = 0; n < sizeof photo; n++) {
        guchar *cut = g_memdup2(photo, n);
        exif_has_place(cut, n);
        g_autoptr(GBytes) bytes = g_bytes_new_take(cut, n);
        g_autoptr(GBytes) stripped = exif_strip(bytes);
        g_assert_cmpuint(g_bytes_get_size(stripped), <=, n);
    }
    g_autoptr(GBytes) text = g_bytes_new_static("text", 4);
    g_autoptr(GBytes) same = exif_strip(text);
    g_assert_true(g_bytes_equal(text, same));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/picture/widths", test_widths);
    g_test_add_func("/picture/cut-off", test_cut_off);
    g_test_add_func("/picture/whole", test_whole);
    g_test_add_func("/picture/kinds", test_kinds);
    g_test_add_func("/picture/exif", test_exif);
    g_test_add_func("/picture/exif cut off", test_exif_cut_off);
    return g_test_run();
}
