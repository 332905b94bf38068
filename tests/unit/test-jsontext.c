/* test-jsontext - JSON from bytes that nobody vouches for */
#include "text/jsontext.h"

#include <string.h>

static void test_parse(void)
{
    static const struct {
        const char *text;
        gboolean is_object;
    } cases[] = {
        {"{}", TRUE},
        {"{\"a\":{\"b\":[1]}}", TRUE}, /* as deep as the limit */
        {"{\"a\":{\"b\":[[1]]}}", FALSE},
        {"{\"a\":\"{{{{[[[[\"}", TRUE}, /* brackets of a string are none */
        {"{\"a\":\"\\\"{{{{\"}", TRUE},
        {"[1]", FALSE},
        {"\"a\"", FALSE},
        {"{\"a\":", FALSE},
        {"{\"a\":\"b", FALSE},
        {"{\"a\" /* \" */ : 1}", FALSE}, /* a comment is no JSON */
        {"", FALSE},
        {"{\"a\":\"\xff\"}", FALSE},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(JsonObject) object = jsontext_parse(cases[i].text, strlen(cases[i].text), 3);
        if (!object != !cases[i].is_object)
            g_error("'%s'", cases[i].text);
    }
}

static void test_extent(void)
{
    g_assert_cmpuint(jsontext_extent("{\"a\":[1,{}]} -- the rest {"), ==, 12);
    g_assert_cmpuint(jsontext_extent("[]x"), ==, 2);
    g_assert_cmpuint(jsontext_extent("{\"}\":1}"), ==, 7);
    g_assert_cmpuint(jsontext_extent("{\"a\":\"\\\"}"), ==, 0);
    g_assert_cmpuint(jsontext_extent("{[}"), ==, 0);
    g_assert_cmpuint(jsontext_extent("x{}"), ==, 0);
    g_assert_cmpuint(jsontext_extent("{\"a\\"), ==, 0);
    g_assert_cmpuint(jsontext_extent(""), ==, 0);
}

/* What is of another kind than was asked for isn't there. */
static void test_members(void)
{
    static const char text[] =
        "{\"text\":\"a\",\"object\":{\"n\":1},\"list\":[{},2],\"none\":null}";
    g_autoptr(JsonObject) object = jsontext_parse(text, strlen(text), 3);
    g_assert_cmpstr(jsontext_string(object, "text"), ==, "a");
    g_assert_null(jsontext_string(object, "object"));
    g_assert_null(jsontext_string(object, "none"));
    g_assert_null(jsontext_string(NULL, "text"));
    g_assert_nonnull(jsontext_object(object, "object"));
    g_assert_null(jsontext_object(object, "list"));
    g_assert_null(jsontext_list(object, "text"));
    JsonArray *list = jsontext_list(object, "list");
    g_assert_nonnull(jsontext_element(list, 0));
    g_assert_null(jsontext_element(list, 1));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/jsontext/parse", test_parse);
    g_test_add_func("/jsontext/extent", test_extent);
    g_test_add_func("/jsontext/members", test_members);
    return g_test_run();
}
