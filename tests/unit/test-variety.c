/* extremes: who is picked, why, and that it stays a handful */
#include "letter/variety.h"

#include <string.h>

static const char *const fields[] = {"flag", "head", "name", "rows", NULL};

static Value *make_rows(guint count, const char *head)
{
    Value *rows = value_new_list();
    for (guint i = 0; i < count; i++) {
        Value *row = value_new_map();
        value_set_text(row, "name", i == 2 ? "Third School of Some Length" : "Ash");
        value_set_text(row, "head", head);
        value_append(rows, row);
    }
    return rows;
}

static void see(Variety *self, const char *key, const char *to_name, const char *name,
                const char *head, int rows, int flag)
{
    g_autoptr(Value) map = value_new_map();
    value_set_text(map, "name", name);
    value_set_text(map, "head", head);
    value_set_text(map, "unused", key[0] == '1' ? "" : "a text that no letter shows to anybody");
    if (rows >= 0)
        value_set(map, "rows", make_rows((guint)rows, rows == 5 ? "" : "Ms A"));
    if (flag >= 0)
        value_set(map, "flag", value_new_flag(flag));
    Recipient to = {.key = key,
                    .address = "a@example.org",
                    .name = to_name,
                    .fields = map,
                    .file = "x.csv",
                    .line = 7};
    variety_see(self, &to);
}

/* "KEY why" a line each. */
static char *chosen(const Variety *self)
{
    GString *out = g_string_new(NULL);
    g_autoptr(GPtrArray) extremes = variety_choose(self);
    g_assert_cmpuint(extremes->len, <=, VARIETY_MAX);
    for (guint i = 0; i < extremes->len; i++) {
        const VarietyPick *one = g_ptr_array_index(extremes, i);
        g_string_append_printf(out, "%s %s\n", one->key, one->why);
        g_assert_true(variety_at(extremes, one->place) == one);
        g_assert_cmpstr(one->file, ==, "x.csv");
        g_assert_cmpuint(one->line, ==, 7);
    }
    g_assert_null(variety_at(extremes, G_MAXUINT64));
    return g_string_free(out, FALSE);
}

static void test_nobody(void)
{
    g_autoptr(Variety) self = variety_new(fields);
    g_autofree char *got = chosen(self);
    g_assert_cmpstr(got, ==, "");
}

static void test_one(void)
{
    g_autoptr(Variety) self = variety_new(fields);
    see(self, "1", "Ms A", "Ash", "", 3, 1);
    g_autofree char *got = chosen(self);
    g_assert_cmpstr(got, ==, "1 the only one\n");
}

static void test_reasons(void)
{
    g_autoptr(Variety) self = variety_new(fields);
    see(self, "1", "Ms A", "Ash", "Ms A", 2, 1);
    see(self, "2", "Ms Beatrix B", "Birch", "Ms B", 14, 1);
    see(self, "3", "Ms C", "The Church of England Voluntary Aided School", "Ms C", 1, 1);
    see(self, "4", "", "Damson", "", 0, 1);
    see(self, "5", "Ms E", "Elder", "Ms E", 5, 0);
    see(self, "6", "Ms F", "Fig", "Ms F", 2, 1);
    g_autofree char *got = chosen(self);
    g_assert_cmpstr(
        got, ==,
        "1 first; flag: yes\n"
        "2 most rows in rows: 14; longest name in To: 12 characters; longest name in rows: "
        "27 characters\n"
        "3 fewest rows in rows: 1; longest name: 44 characters\n"
        "4 no rows in rows; missing head\n"
        "5 missing head in rows; flag: no\n"
        "6 one at random\n");
}

/* All alike: nothing to say but who is first, and one more. */
static void test_alike(void)
{
    g_autoptr(Variety) self = variety_new(fields);
    for (guint i = 0; i < 5; i++) {
        g_autofree char *key = g_strdup_printf("%u", i + 1);
        see(self, key, "", "The Church of England Voluntary Aided School", "", -1, -1);
    }
    g_autofree char *got = chosen(self);
    g_assert_true(g_str_has_prefix(got, "1 first\n"));
    g_assert_true(!*(got + strlen("1 first\n")) || g_str_has_suffix(got, " one at random\n"));
}

/* The lot falls on the same key, whatever the order. */
static void test_random(void)
{
    char *drawn[2] = {NULL, NULL};
    for (guint turn = 0; turn < 2; turn++) {
        g_autoptr(Variety) self = variety_new(fields);
        see(self, "first", "", "x", "x", -1, -1);
        for (guint i = 0; i < 50; i++) {
            g_autofree char *key = g_strdup_printf("k%02u", turn ? 49 - i : i);
            see(self, key, "", "x", "x", -1, -1);
        }
        g_autofree char *got = chosen(self);
        const char *line = strchr(got, '\n') + 1;
        g_assert_true(g_str_has_suffix(line, " one at random\n"));
        drawn[turn] = g_strdup(line);
    }
    g_assert_cmpstr(drawn[0], ==, drawn[1]);
    g_free(drawn[0]);
    g_free(drawn[1]);
}

/* Many fields, each with an extreme of its own: still a handful. */
static void test_handful(void)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < VARIETY_FIELDS_MAX + 10; i++)
        g_ptr_array_add(names, g_strdup_printf("f%03u", i));
    g_ptr_array_add(names, NULL);
    g_autoptr(Variety) self = variety_new((const char *const *)names->pdata);
    for (guint i = 0; i < VARIETY_FIELDS_MAX + 10; i++) {
        g_autoptr(Value) map = value_new_map();
        g_autofree char *key = g_strdup_printf("k%u", i);
        for (guint j = 0; j < VARIETY_FIELDS_MAX + 10; j++)
            value_set_text(map, names->pdata[j], i == j ? "" : "something");
        Recipient to = {.key = key,
                        .address = "a@example.org",
                        .name = "",
                        .fields = map,
                        .file = "x.csv",
                        .line = 7};
        variety_see(self, &to);
    }
    g_autoptr(GPtrArray) extremes = variety_choose(self);
    g_assert_cmpuint(extremes->len, ==, VARIETY_MAX);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/extremes/nobody", test_nobody);
    g_test_add_func("/extremes/one", test_one);
    g_test_add_func("/extremes/reasons", test_reasons);
    g_test_add_func("/extremes/alike", test_alike);
    g_test_add_func("/extremes/random", test_random);
    g_test_add_func("/extremes/handful", test_handful);
    return g_test_run();
}
