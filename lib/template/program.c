/* program - what a template is compiled to */
#include "template/program.h"

#include <string.h>

static void literal_free(gpointer literal)
{
    g_string_free(literal, TRUE);
}

Template *program_new(TemplateKind kind)
{
    Template *self = g_new0(Template, 1);
    self->kind = kind;
    self->nodes = g_array_new(FALSE, TRUE, sizeof(Node));
    self->literals = g_ptr_array_new_with_free_func(literal_free);
    self->inner = g_ptr_array_new_with_free_func(literal_free);
    self->uses = g_ptr_array_new_with_free_func(g_free);
    self->texts = g_string_chunk_new(1024);
    self->paths = g_ptr_array_new_with_free_func(g_free);
    return self;
}

void template_free(Template *self)
{
    if (!self)
        return;
    g_array_unref(self->nodes);
    g_ptr_array_unref(self->literals);
    g_ptr_array_unref(self->inner);
    g_ptr_array_unref(self->uses);
    g_ptr_array_unref(self->paths);
    g_string_chunk_free(self->texts);
    g_free(self);
}

Node *program_node(const Template *self, guint index)
{
    return &g_array_index(self->nodes, Node, index);
}

guint program_add(Template *self, NodeKind kind)
{
    guint index = self->nodes->len;
    g_array_set_size(self->nodes, index + 1);
    *program_node(self, index) = (Node){.kind = kind, .end = index + 1};
    return index;
}

void program_add_late(Template *self, Escape how, guint number, const char *example)
{
    guint index = program_add(self, NODE_LATE);
    program_node(self, index)->escape = how;
    program_node(self, index)->number = number;
    if (!self->late[number])
        self->late[number] = g_string_chunk_insert(self->texts, example);
}

gboolean template_has_late(const Template *self, guint number)
{
    return self->late[number] != NULL; /* its example */
}

void program_add_bytes(Template *self, NodeKind kind, const char *bytes, gsize length,
                       guint barrier)
{
    GPtrArray *pool = kind == NODE_LITERAL ? self->literals : self->inner;
    guint count = self->nodes->len;
    if (!length)
        return;
    if (count > barrier && program_node(self, count - 1)->kind == kind) {
        g_string_append_len(g_ptr_array_index(pool, pool->len - 1), bytes, (gssize)length);
        return;
    }
    guint index = program_add(self, kind);
    program_node(self, index)->number = pool->len;
    g_ptr_array_add(pool, g_string_new_len(bytes, (gssize)length));
}

void program_cut(Template *self, guint index)
{
    for (guint i = self->nodes->len; i > index; i--) {
        const Node *node = program_node(self, i - 1);
        g_assert(node->kind != NODE_LITERAL);
        if (node->kind == NODE_TEXT)
            g_ptr_array_set_size(self->inner, (gint)node->number);
    }
    g_array_set_size(self->nodes, index);
}

Path program_path(Template *self, const char *name)
{
    if (g_str_equal(name, "."))
        return (Path){NULL, 0};
    g_auto(GStrv) words = g_strsplit(name, ".", -1);
    guint count = g_strv_length(words);
    const char **steps = g_new(const char *, count);
    for (guint i = 0; i < count; i++)
        steps[i] = g_intern_string(words[i]);
    g_ptr_array_add(self->paths, steps);
    return (Path){steps, count};
}

const GPtrArray *template_uses(const Template *self)
{
    return self->uses;
}

guint template_literals(const Template *self)
{
    return self->literals->len;
}

const char *template_literal(const Template *self, guint number, gsize *length)
{
    const GString *literal = g_ptr_array_index(self->literals, number);
    *length = literal->len;
    return literal->str;
}

const Value *program_step(const Value *value, const char *step, TemplateKind kind)
{
    const Value *item = value_get_interned(value, step);
    gboolean is_list = value_kind(value) == VALUE_LIST, yes = FALSE;
    if (item || kind == TEMPLATE_SPEC)
        return item;
    if (g_str_equal(step, "any") || (is_list && g_str_equal(step, "count")))
        yes = value_is_true(value);
    else if (is_list && g_str_equal(step, "several"))
        yes = value_length(value) > 1;
    return yes ? value_flag(TRUE) : NULL;
}
