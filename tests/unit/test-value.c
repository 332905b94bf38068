/* test-value - the tree of fields, and what comes back from its frozen form */
#include "base/value.h"

#include <string.h>

#include "base/error.h"

static Value *make_map(void)
{
    Value *map = value_new_map(), *list = value_new_list(), *row = value_new_map();
    value_set_text(map, "urn", "100001");
    value_set_text(map, "email", "ann@example.org");
    value_set(map, "open", value_new_flag(TRUE));
    value_set(map, "closed", value_new_flag(FALSE));
    value_set_text(row, "name", "e5:3:x\n\"");
    value_append(list, row);
    value_append(list, value_new_text(""));
    value_set(map, "rows", list);
    return map;
}

static const char frozen_map[] = "d6:closedi0e5:email15:ann@example.org4:openi1e"
                                 "4:rowsld4:name8:e5:3:x\n\"e0:e3:urn6:100001e";

static void test_tree(void)
{
    g_autoptr(Value) map = make_map();
    g_assert_cmpint(value_kind(map), ==, VALUE_MAP);
    g_assert_cmpuint(value_length(map), ==, 5);
    g_assert_cmpstr(value_name_at(map, 0), ==, "urn");
    g_assert_cmpstr(value_text(value_get(map, "urn")), ==, "100001");
    g_assert_true(value_get_interned(map, g_intern_string("urn")) == value_get(map, "urn"));
    g_assert_null(value_get(map, "none"));
    g_assert_null(value_get(value_get(map, "urn"), "urn"));
    g_assert_cmpstr(value_text(map), ==, "");
    g_assert_cmpuint(value_text_length(map), ==, 0);

    value_set_text(map, "urn", "2");
    g_assert_cmpuint(value_length(map), ==, 5);
    g_assert_cmpstr(value_text(value_get(map, "urn")), ==, "2");
    const Value *rows = value_get(map, "rows");
    g_assert_cmpuint(value_length(rows), ==, 2);
    g_assert_cmpint(value_kind(value_at(rows, 0)), ==, VALUE_MAP);

    for (int i = 0; i < 300; i++) { /* grows past every first size */
        g_autofree char *name = g_strdup_printf("n%d", i);
        value_set_text(map, name, name);
    }
    g_assert_cmpuint(value_length(map), ==, 305);
    g_assert_cmpstr(value_text(value_get(map, "n299")), ==, "n299");

    g_autoptr(Value) cut = value_new_text_len("abc\0def", 7);
    g_assert_cmpuint(value_text_length(cut), ==, 3); /* the text ends where C ends it */
}

static void test_truth(void)
{
    g_autoptr(Value) on = value_new_flag(TRUE);
    g_autoptr(Value) off = value_new_flag(FALSE);
    g_autoptr(Value) empty = value_new_text("");
    g_autoptr(Value) zero = value_new_text("0");
    g_autoptr(Value) list = value_new_list();
    g_autoptr(Value) map = value_new_map();
    g_assert_true(value_is_true(on) && value_is_true(zero) && value_is_true(map));
    g_assert_false(value_is_true(off) || value_is_true(empty) || value_is_true(list) ||
                   value_is_true(NULL));
    value_append(list, value_new_text(""));
    g_assert_true(value_is_true(list));
}

static void test_freeze(void)
{
    static const char *const names[] = {"urn", "rows", "missing", NULL};
    static const char *const inner[] = {"rows", "name", NULL};
    g_autoptr(GError) error = NULL;
    g_autoptr(Value) map = make_map();
    g_autofree char *frozen = value_freeze(map, NULL);
    g_assert_cmpstr(frozen, ==, frozen_map);
    g_autofree char *some = value_freeze(map, names);
    g_assert_cmpstr(some, ==,
                    "d4:rowslde0:e3:urn6:100001e"); /* so many rows, whatever is in them */
    g_autofree char *rows = value_freeze(map, inner);
    g_assert_true(g_str_has_prefix(rows, "d") && strstr(rows, "4:rowsld4:name8:e5:3:x\n\"e0:e"));

    g_autoptr(Value) thawed = value_thaw(frozen, strlen(frozen), &error);
    g_assert_no_error(error);
    g_autofree char *again = value_freeze(thawed, NULL);
    g_assert_cmpstr(again, ==, frozen);
    g_autoptr(Value) copy = value_copy(map);
    g_autofree char *copied = value_freeze(copy, NULL);
    g_assert_cmpstr(copied, ==, frozen);
}

/* Cut at any byte, or with any byte changed, it is an error or another map - never a crash. */
static void test_damaged(void)
{
    static const char *const bad[] = {
        "",          "e",          "de ",       "le",      "3:abc",
        "d",         "d1:a",       "d1:ae",     "d1:a1:b", "di1e1:be",
        "d1:ai2ee",  "d1:a-1:e",   "d1:a1:bee", "d:1:ae",  "d1:a9999999999:e",
        "d1:a5:abe", "d1:a1:b1:ce"};
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(value_thaw(bad[i], strlen(bad[i]), &error));
        g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_IO);
    }
    gsize length = strlen(frozen_map);
    for (gsize cut = 0; cut < length; cut++) {
        g_autofree char *piece = cut ? g_memdup2(frozen_map, cut) : g_strdup("");
        g_assert_null(value_thaw(piece, cut, NULL));
    }
    for (gsize at = 0; at < length; at++) {
        for (int c = 0; c < 256; c += 5) {
            g_autofree char *bytes = g_memdup2(frozen_map, length);
            bytes[at] = (char)c;
            g_autoptr(Value) value = value_thaw(bytes, length, NULL);
            g_assert_true(!value || value_kind(value) == VALUE_MAP);
        }
    }
}

static void test_depth(void)
{
    for (int over = -1; over <= 1; over++) {
        int depth = VALUE_DEPTH_MAX + over;
        g_autoptr(GString) frozen = g_string_new("d1:a");
        for (int i = 1; i < depth; i++)
            g_string_append_c(frozen, 'l');
        for (int i = 0; i < depth; i++)
            g_string_append_c(frozen, 'e');
        g_autoptr(Value) value = value_thaw(frozen->str, frozen->len, NULL);
        g_assert_true((value != NULL) == (over <= 0));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/value/tree", test_tree);
    g_test_add_func("/value/truth", test_truth);
    g_test_add_func("/value/freeze", test_freeze);
    g_test_add_func("/value/damaged", test_damaged);
    g_test_add_func("/value/depth", test_depth);
    return g_test_run();
}
