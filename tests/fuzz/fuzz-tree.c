/* fuzz-tree - any bytes as YAML: a tree whose lines lie in the file, or an error with a place */
#include <stdint.h>
#include <string.h>

#include "config/printable.h"
#include "config/tree.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void walk(const Tree *node, guint lines, guint depth)
{
    g_assert_cmpuint(node->line, >=, 1);
    g_assert_cmpuint(node->line, <=, lines);
    g_assert_cmpuint(depth, <=, TREE_DEPTH_MAX + 1);
    g_assert_true((node->kind == TREE_TEXT) == (node->text != NULL));
    if (node->text)
        g_assert_null(printable_unfit(node->text, strlen(node->text)));
    for (guint i = 0; node->items && i < node->items->len; i++)
        walk(g_ptr_array_index(node->items, i), lines, depth + 1);
    if (node->kind == TREE_MAP)
        g_assert_true(node->names->len == node->items->len &&
                      node->name_lines->len == node->items->len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    guint lines = 1, line = 0;
    for (size_t i = 0; i < size; i++)
        lines += data[i] == '\n';
    char *bytes = g_malloc(MAX(size, 1)); /* no byte to spare, so that ASan sees an overrun */
    if (size)
        memcpy(bytes, data, size);
    g_autoptr(GError) error = NULL;
    g_autoptr(Tree) tree = tree_read(bytes, size, 1, &line, &error);
    g_free(bytes);
    g_assert_true((tree != NULL) == (error == NULL));
    if (tree)
        walk(tree, lines, 1);
    else
        g_assert_true(line >= 1 && line <= lines);
    return 0;
}
