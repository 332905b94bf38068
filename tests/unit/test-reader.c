/* test-reader - received messages, whole and broken */
#include "mail/reader.h"

#include <string.h>

#include "mail/html_text.h"

static Reader *read_text(const char *text)
{
    return reader_new(text, strlen(text));
}

static void test_line_ends(void)
{
    static const char *const MESSAGES[] = {
        "From: a@oak.example\nSubject: one\n two\n\nbody\n",
        "From: a@oak.example\r\nSubject: one\r\n two\r\n\r\nbody\r\n",
        "From: a@oak.example\rSubject: one\r two\r\rbody\r",
        ("From MAILER-DAEMON Mon Jan  5 09:00:00 2026\r\n"
         "From: a@oak.example\r\nSubject: one\r\n two\r\n\r\nbody\r\n"),
    };
    for (gsize i = 0; i < G_N_ELEMENTS(MESSAGES); i++) {
        g_autoptr(Reader) reader = read_text(MESSAGES[i]);
        g_assert_cmpstr(reader_header(reader, "Subject"), ==, "one two");
        g_assert_cmpuint(reader_parts(reader), ==, 1);
        g_assert_cmpstr(reader_text(reader, 0), ==, "body\n");
        g_assert_cmpstr(reader_raw_body(reader), ==, "body\n");
        g_assert_null(reader_header(reader, "To"));
    }
}

static void test_degenerate(void)
{
    static const char *const MESSAGES[] = {"",
                                           "\n",
                                           "x",
                                           "From ",
                                           "From x\n",
                                           "Subject: s",
                                           "Subject: s\n",
                                           "\n\nbody",
                                           "Content-Type: multipart/mixed\n\nno boundary",
                                           "Content-Type:\n\n",
                                           ":\n\n"};
    for (gsize i = 0; i < G_N_ELEMENTS(MESSAGES); i++) {
        g_autoptr(Reader) reader = read_text(MESSAGES[i]);
        g_assert_nonnull(reader_type(reader));
        g_assert_nonnull(reader_raw_body(reader));
        for (guint p = 0; p < reader_parts(reader); p++)
            g_assert_nonnull(reader_text(reader, p));
    }
    g_autoptr(Reader) nul = reader_new("Subject: a\0b\n\nx\0y", 17);
    g_assert_cmpstr(reader_header(nul, "Subject"), ==, "a b");
    g_assert_cmpstr(reader_text(nul, 0), ==, "x y");
}

static void test_decoding(void)
{
    g_autoptr(Reader) reader = read_text("Subject: =?iso-8859-1?Q?=DCber?= x\n"
                                         "Content-Type: text/plain; charset=iso-8859-1\n"
                                         "Content-Transfer-Encoding: quoted-printable\n\n"
                                         "Gr=FC=\n=DFe\n");
    g_assert_cmpstr(reader_header(reader, "Subject"), ==, "Über x");
    g_assert_cmpstr(reader_text(reader, 0), ==, "Grüße\n");
    g_autoptr(Reader) base64 = read_text("Content-Transfer-Encoding: base64\n\nw6TDtsO8Cg==\n");
    g_assert_cmpstr(reader_text(base64, 0), ==, "äöü\n");
}

/* What the message claims, what the bytes are, what we read. */
static void test_charsets(void)
{
    static const struct {
        const char *charset, *bytes, *text;
    } CASES[] = {
        {"utf-8", "\xc3\xa4", "ä"},
        {"us-ascii", "\xc3\xa4", "ä"},
        {"x-unknown", "\xe4", "ä"},
        {"UFT-8", "\x93q\x94", "“q”"},
        {"iso-8859-2", "\xb3", "ł"},
        {"us-ascii", "\033$B%a!<%k\033(B", "メール"},
        {"iso-2022-jp", "\033$B%a!<%k\033(B", "メール"},
        {"koi8-r", "\xc4\xc1", "да"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autofree char *message = g_strdup_printf("Content-Type: text/plain; charset=%s\n\n%s",
                                                   CASES[i].charset, CASES[i].bytes);
        g_autoptr(Reader) reader = read_text(message);
        g_assert_cmpstr(reader_text(reader, 0), ==, CASES[i].text);
    }
    g_autoptr(Reader) broken = read_text("Content-Type: text/plain; charset=utf-8\n\na\xff z");
    g_assert_true(g_utf8_validate(reader_text(broken, 0), -1, NULL));
}

static const char REPORT[] =
    "Content-Type: multipart/report; Report-Type=Delivery-Status; boundary=\"b\"\n\n"
    "prologue\n--b\n\nwords\n--b\nContent-Type: message/delivery-status\n\nAction: failed\n"
    "--b\nContent-Type: message/rfc822\n\nMessage-ID: <1@x>\nContent-Type: multipart/mixed; "
    "boundary=c\n\n"
    "--c\n\ninner\n--c--\n--b--\n";

static void test_parts(void)
{
    g_autoptr(Reader) reader = read_text(REPORT);
    g_assert_cmpstr(reader_type(reader), ==, "multipart/report");
    g_assert_cmpstr(reader_type_parameter(reader, "report-type"), ==, "delivery-status");
    g_assert_cmpstr(reader_type_parameter(reader, "absent"), ==, "");
    g_assert_cmpuint(reader_parts(reader), ==, 3);
    g_assert_cmpstr(reader_part(reader, 0)->type, ==, "text/plain");
    g_assert_cmpstr(reader_part(reader, 1)->type, ==, "message/delivery-status");
    g_assert_cmpstr(reader_text(reader, 1), ==, "Action: failed");
    g_assert_cmpstr(reader_part(reader, 2)->type, ==, "message/rfc822");
    g_autofree char *id = headers_value(reader_text(reader, 2), "message-id");
    g_assert_cmpstr(id, ==, "<1@x>");
    g_assert_nonnull(strstr(reader_text(reader, 2), "inner"));
}

/* A text within so many multiparts. */
static char *nested(guint depth)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < depth; i++)
        g_string_append_printf(out, "Content-Type: multipart/mixed; boundary=b%u\n\n--b%u\n", i, i);
    g_string_append(out, "\ninside\n");
    return g_string_free(out, FALSE);
}

static void test_depth(void)
{
    for (guint depth = READER_DEPTH_MAX - 1; depth <= READER_DEPTH_MAX + 1; depth++) {
        g_autofree char *message = nested(depth);
        g_autoptr(Reader) reader = read_text(message);
        g_assert_cmpuint(reader_parts(reader), ==, depth <= READER_DEPTH_MAX ? 1 : 0);
    }
    g_autofree char *hostile = nested(100000);
    g_autoptr(Reader) reader = read_text(hostile);
    g_assert_cmpuint(reader_parts(reader), <=, 1);
}

static void test_part_limit(void)
{
    for (guint parts = READER_PARTS_MAX - 1; parts <= READER_PARTS_MAX + 1; parts++) {
        GString *message = g_string_new("Content-Type: multipart/mixed; boundary=b\n\n");
        for (guint i = 0; i < parts; i++)
            g_string_append(message, "--b\n\nx\n");
        g_string_append(message, "--b--\n");
        g_autoptr(Reader) reader = reader_new(message->str, message->len);
        g_assert_cmpuint(reader_parts(reader), ==, MIN(parts, READER_PARTS_MAX));
        g_string_free(message, TRUE);
    }
}

static void test_size_limits(void)
{
    for (gsize length = READER_TEXT_MAX - 1; length <= READER_TEXT_MAX + 1; length++) {
        g_autofree char *body = g_strnfill(length, 'x');
        g_autofree char *message = g_strconcat("\n", body, NULL);
        g_autoptr(Reader) reader = reader_new(message, length + 1);
        g_assert_cmpuint(strlen(reader_text(reader, 0)), ==, MIN(length, READER_TEXT_MAX));
    }
    /* the last byte within the limit begins the part's text */
    for (gsize length = READER_BYTES_MAX - 1; length <= READER_BYTES_MAX + 1; length++) {
        g_autofree char *message = g_strnfill(length, 'h');
        memcpy(message, "A: ", 3);
        memcpy(message + READER_BYTES_MAX - 3, "\n\n", 2);
        g_autoptr(Reader) reader = reader_new(message, length);
        g_assert_cmpstr(reader_raw_body(reader), ==, length < READER_BYTES_MAX ? "" : "h");
    }
}

static void test_html(void)
{
    g_autoptr(Reader) reader = read_text(
        "Content-Type: text/html; charset=utf-8\n\n<style>p{x:y}</style><p>A &amp; B&nbsp;C<br>"
        "d&#233;j&#xe0; <a href=\"x\">y</a> <ann@oak.example> &bogus; 1 < 2");
    g_assert_cmpstr(reader_text(reader, 0), ==,
                    "\nA & B C\ndéjà y <ann@oak.example> &bogus; 1 < 2");
    static const char *const BROKEN[] = {"<",   "<p",   "<!--",       "<style>x", "&",
                                         "&#;", "&#0;", "&#x110000;", "&amp",     "</"};
    for (gsize i = 0; i < G_N_ELEMENTS(BROKEN); i++) {
        g_autofree char *text = html_text(BROKEN[i], strlen(BROKEN[i]));
        g_assert_true(g_utf8_validate(text, -1, NULL));
    }
}

static void test_headers_value(void)
{
    static const char HEADS[] = "Received: one\n two\nReceived: three\nX-To :  a\n\tb \nTo: c";
    static const struct {
        const char *name, *value;
    } CASES[] = {{"Received", "one two"},
                 {"x-to", "a b"},
                 {"To", "c"},
                 {"T", NULL},
                 {"", NULL},
                 {"two", NULL}};
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autofree char *value = headers_value(HEADS, CASES[i].name);
        g_assert_cmpstr(value, ==, CASES[i].value);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/reader/line-ends", test_line_ends);
    g_test_add_func("/reader/degenerate", test_degenerate);
    g_test_add_func("/reader/decoding", test_decoding);
    g_test_add_func("/reader/charsets", test_charsets);
    g_test_add_func("/reader/parts", test_parts);
    g_test_add_func("/reader/depth", test_depth);
    g_test_add_func("/reader/part-limit", test_part_limit);
    g_test_add_func("/reader/size-limits", test_size_limits);
    g_test_add_func("/reader/html", test_html);
    g_test_add_func("/reader/headers-value", test_headers_value);
    return g_test_run();
}
