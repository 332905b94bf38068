/* test-script - values stay values in a script, and shared pieces make the same text again */
#include "page/script.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "gallery/shared.h"

static char *written(const char *text)
{
    GString *out = g_string_new(NULL);
    script_text(out, text);
    return g_string_free(out, FALSE);
}

static void assert_written(const char *text, const char *expected)
{
    g_autofree char *got = written(text);
    g_assert_cmpstr(got, ==, expected);
}

static void test_escapes(void)
{
    assert_written("", "\"\"");
    assert_written("plain", "\"plain\"");
    assert_written(NULL, "null");
    assert_written("\"; alert(1); \"", "\"\\u0022; alert(1); \\u0022\"");
    assert_written("\\", "\"\\u005c\"");
    assert_written("</script><script>", "\"\\u003c/script\\u003e\\u003cscript\\u003e\"");
    assert_written("<!--", "\"\\u003c!--\"");
    assert_written("]]>", "\"]]\\u003e\"");
    assert_written("&lt;", "\"\\u0026lt;\"");
    assert_written("a\nb\r\tc", "\"a\\u000ab\\u000d\\u0009c\"");
    assert_written("\x01\x1f\x7f", "\"\\u0001\\u001f\\u007f\"");
    assert_written("a\xe2\x80\xa8"
                   "b\xe2\x80\xa9"
                   "c",
                   "\"a\\u2028b\\u2029c\"");
    assert_written("\xe2\x80\xa7\xe2\x80\xaa", "\"\xe2\x80\xa7\xe2\x80\xaa\""); /* beside them */
    assert_written("T\xc5\xb7 \xf0\x9f\x8e\x93", "\"T\xc5\xb7 \xf0\x9f\x8e\x93\"");
    assert_written("${x}`", "\"${x}`\"");
}

/* Whatever bytes there are, what is written is ASCII controls' and HTML's no matter, valid UTF-8
 * and valid JSON, and valid text comes back as it was. */
static void test_any_bytes(void)
{
    g_autoptr(GRand) chance = g_rand_new_with_seed(4);
    for (int round = 0; round < 4000; round++) {
        char bytes[24];
        gsize length = (gsize)g_rand_int_range(chance, 0, sizeof bytes);
        for (gsize i = 0; i < length; i++)
            bytes[i] = (char)g_rand_int_range(chance, 0, 256);
        g_autoptr(GString) out = g_string_new("[");
        script_text_len(out, bytes, length);
        g_string_append_c(out, ']');
        g_assert_true(g_utf8_validate_len(out->str, out->len, NULL));
        for (gsize i = 0; i < out->len; i++)
            g_assert_true((guchar)out->str[i] >= 0x20 && !strchr("<>&", out->str[i]));
        g_autoptr(JsonParser) parser = json_parser_new();
        g_assert_true(json_parser_load_from_data(parser, out->str, (gssize)out->len, NULL));
        JsonArray *array = json_node_get_array(json_parser_get_root(parser));
        g_autofree char *valid = g_utf8_make_valid(bytes, (gssize)length);
        g_assert_cmpuint(json_array_get_length(array), ==, 1);
        g_assert_cmpstr(json_array_get_string_element(array, 0), ==, valid);
    }
}

static void test_commas(void)
{
    g_autoptr(GString) out = g_string_new("f(");
    script_number(out, 1);
    script_open(out, '{');
    script_member(out, "a", "x:");
    script_name(out, "b");
    script_open(out, '[');
    script_text(out, "[");
    script_number(out, -2);
    script_open(out, '[');
    script_close(out, ']');
    script_open(out, '{');
    script_close(out, '}');
    script_close(out, ']');
    script_member(out, "c", NULL);
    script_close(out, '}');
    g_assert_cmpstr(out->str, ==, "f(1,{\"a\":\"x:\",\"b\":[\"[\",-2,[],{}],\"c\":null}");
}

/* --- shared pieces --------------------------------------------------------------------------- */

static JsonArray *parse(JsonParser *parser, const GString *text)
{
    g_assert_true(json_parser_load_from_data(parser, text->str, (gssize)text->len, NULL));
    return json_node_get_array(json_parser_get_root(parser));
}

/* What gallery.js does. */
static char *joined(JsonArray *array, JsonArray *pieces)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < json_array_get_length(array); i++) {
        JsonNode *node = json_array_get_element(array, i);
        if (json_node_get_value_type(node) == G_TYPE_STRING) {
            g_string_append(text, json_node_get_string(node));
            continue;
        }
        guint first = (guint)json_node_get_int(node);
        guint count = (guint)json_array_get_int_element(array, ++i);
        for (guint k = first; k < first + count; k++)
            g_string_append(text, json_array_get_string_element(pieces, k));
    }
    return g_string_free(text, FALSE);
}

static void assert_same(const char *first, const char *text, const char *array)
{
    g_autoptr(SharedPieces) shared = shared_new();
    g_autoptr(GString) ignored = g_string_new(NULL), out = g_string_new(NULL);
    g_autoptr(GString) pieces = g_string_new(NULL);
    shared_write(shared, first, ignored);
    shared_write(shared, text, out);
    shared_write_pieces(shared, pieces);
    if (array)
        g_assert_cmpstr(out->str, ==, array);
    g_autoptr(JsonParser) parser = json_parser_new(), other = json_parser_new();
    g_autofree char *again = joined(parse(parser, out), parse(other, pieces));
    g_assert_cmpstr(again, ==, text);
}

static void test_shared(void)
{
    assert_same("a\nb\nc\n", "a\nb\nc\n", "[0,3]");
    assert_same("a\nb\nc\n", "a\nX\nc\n", "[0,1,\"X\\u000a\",2,1]");
    assert_same("a\n\nb\n\nc\n\n", "b\n\nc\n\n", "[2,4]"); /* the blank line that goes on */
    assert_same("a\n\nb\n\nc", "", "[]");
    assert_same("", "a", "[\"a\"]");
    assert_same("<p>Dear <b>Ann</b></p>", "<p>Dear <b>Bob</b></p>",
                "[0,1,\"\\u003cb\\u003eBob\",2,2]");
    assert_same("a", "a\n", NULL);
    assert_same("<<\n\n<", "\n<\n<<", NULL);
}

static void test_shared_by_chance(void)
{
    static const char *const words[] = {"\n", "<", "a", "b\n", "<p>", "", "\xc3\xa9", ">\n\n"};
    g_autoptr(GRand) chance = g_rand_new_with_seed(5);
    for (int round = 0; round < 3000; round++) {
        g_autoptr(GString) first = g_string_new(NULL), second = g_string_new(NULL);
        for (int i = g_rand_int_range(chance, 0, 20); i > 0; i--)
            g_string_append(first, words[g_rand_int_range(chance, 0, G_N_ELEMENTS(words))]);
        for (int i = g_rand_int_range(chance, 0, 20); i > 0; i--)
            g_string_append(second, words[g_rand_int_range(chance, 0, G_N_ELEMENTS(words))]);
        assert_same(first->str, second->str, NULL);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/script/escapes", test_escapes);
    g_test_add_func("/script/any-bytes", test_any_bytes);
    g_test_add_func("/script/commas", test_commas);
    g_test_add_func("/shared/pieces", test_shared);
    g_test_add_func("/shared/by-chance", test_shared_by_chance);
    return g_test_run();
}
