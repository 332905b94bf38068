/* test-mustache-spec - every test of Mustache's core specification
 *
 * The specification's files are not part of this tree: they are looked for in mustache-spec/ of
 * CIRCULAR_SHARED, ../shared or ../../shared.
 */
#include <json-glib/json-glib.h>
#include <string.h>

#include "template/template.h"

static const char *const files[] = {"comments", "delimiters", "interpolation",
                                    "inverted", "partials",   "sections"};

static char *find_folder(void)
{
    const char *const roots[] = {g_getenv("CIRCULAR_SHARED"), "../shared", "../../shared"};
    for (gsize i = 0; i < G_N_ELEMENTS(roots); i++) {
        if (!roots[i])
            continue;
        g_autofree char *folder = g_build_filename(roots[i], "mustache-spec", NULL);
        if (g_file_test(folder, G_FILE_TEST_IS_DIR))
            return g_steal_pointer(&folder);
    }
    return NULL;
}

static Value *to_value(JsonNode *node);

static void set_member(JsonObject *object, const char *name, JsonNode *node, gpointer map)
{
    (void)object;
    value_set(map, name, to_value(node));
}

static void append_element(JsonArray *array, guint index, JsonNode *node, gpointer list)
{
    (void)array;
    (void)index;
    value_append(list, to_value(node));
}

static Value *to_value(JsonNode *node)
{
    Value *value;
    char number[G_ASCII_DTOSTR_BUF_SIZE];
    switch (json_node_get_node_type(node)) {
    case JSON_NODE_OBJECT:
        value = value_new_map();
        json_object_foreach_member(json_node_get_object(node), set_member, value);
        return value;
    case JSON_NODE_ARRAY:
        value = value_new_list();
        json_array_foreach_element(json_node_get_array(node), append_element, value);
        return value;
    case JSON_NODE_NULL:
        return value_new_flag(FALSE);
    case JSON_NODE_VALUE:
        break;
    }
    if (json_node_get_value_type(node) == G_TYPE_BOOLEAN)
        return value_new_flag(json_node_get_boolean(node));
    if (json_node_get_value_type(node) == G_TYPE_STRING)
        return value_new_text(json_node_get_string(node));
    return value_new_text(
        g_ascii_formatd(number, sizeof number, "%.15g", json_node_get_double(node)));
}

static void run_test(gconstpointer data)
{
    JsonObject *test = (JsonObject *)data;
    TemplatePartial partials[8] = {{NULL, NULL, FALSE}};
    guint count = 0;
    if (json_object_has_member(test, "partials")) {
        JsonObject *object = json_object_get_object_member(test, "partials");
        g_autoptr(GList) names = json_object_get_members(object);
        for (GList *name = names; name; name = name->next) {
            g_assert_cmpuint(count + 1, <, G_N_ELEMENTS(partials));
            partials[count++] = (TemplatePartial){
                name->data, json_object_get_string_member(object, name->data), FALSE};
        }
    }
    TemplateOptions options = {.file = "spec", .first_line = 1, .partials = partials};
    g_autoptr(Findings) findings = findings_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(Value) value = to_value(json_object_get_member(test, "data"));
    g_autoptr(Template) template =
        template_new(json_object_get_string_member(test, "template"), &options, findings);
    g_assert_true(findings_pass(findings, &error));
    g_assert_nonnull(template);
    g_autofree char *got = template_render_text(template, value, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(got, ==, json_object_get_string_member(test, "expected"));
}

static void add_tests(JsonParser *parser, const char *folder, const char *name)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *file = g_strconcat(name, ".json", NULL);
    g_autofree char *path = g_build_filename(folder, file, NULL);
    json_parser_load_from_file(parser, path, &error);
    g_assert_no_error(error);
    JsonObject *root = json_node_get_object(json_parser_get_root(parser));
    JsonArray *tests = json_object_get_array_member(root, "tests");
    g_assert_cmpuint(json_array_get_length(tests), >, 10);
    for (guint i = 0; i < json_array_get_length(tests); i++) {
        JsonObject *test = json_array_get_object_element(tests, i);
        g_autofree char *label = g_strdup(json_object_get_string_member(test, "name"));
        g_strdelimit(label, " /", '-');
        g_autofree char *where = g_strdup_printf("/mustache/%s/%u-%s", name, i, label);
        g_test_add_data_func(where, test, run_test);
    }
}

static void skip_all(void)
{
    g_test_skip("no mustache-spec in CIRCULAR_SHARED, ../shared or ../../shared");
}

int main(int argc, char **argv)
{
    JsonParser *parsers[G_N_ELEMENTS(files)] = {NULL};
    g_test_init(&argc, &argv, NULL);
    g_autofree char *folder = find_folder();
    if (!folder)
        g_test_add_func("/mustache/spec", skip_all);
    for (gsize i = 0; folder && i < G_N_ELEMENTS(files); i++) {
        parsers[i] = json_parser_new();
        add_tests(parsers[i], folder, files[i]);
    }
    int status = g_test_run();
    for (gsize i = 0; i < G_N_ELEMENTS(files); i++)
        g_clear_object(&parsers[i]);
    return status;
}
