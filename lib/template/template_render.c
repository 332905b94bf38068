/* template_render - a compiled template and the fields, made into a letter */
#include <string.h>

#include "text/append.h"
#include "base/error.h"
#include "template/grid.h"
#include "template/program.h"
#include "template/typeset.h"
#include "template/template.h"

enum { FRAMES_MAX = 4 * TEMPLATE_DEPTH_MAX }; /* only a partial that uses itself gets so deep */

enum { ROOMS = 4 }; /* what a paragraph needs */

typedef struct {
    const Template *template;
    const TemplateSink *sink;
    const Value *frames[FRAMES_MAX]; /* what the open sections stand for, the map first */
    guint depth, calls;
    GString *into; /* the paragraph or cell being filled, or NULL for the sink */
    Grid *grid;
    GString *scratch;
    TypesetMemo own_memo, *memo;
    GString *rooms[ROOMS]; /* to be used again by the next paragraph */
    guint n_rooms;
    gsize total; /* bytes given, and a byte for each item of a section */
    WrapLists lists;
    GError *error;
} Render;

static gboolean render_nodes(Render *self, guint from, guint to);

static gboolean fail(Render *self, const char *text)
{
    g_set_error(&self->error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA, "%s", text);
    return FALSE;
}

static gboolean count(Render *self, gsize length)
{
    if (length <= TEMPLATE_OUTPUT_MAX && self->total <= TEMPLATE_OUTPUT_MAX - length) {
        self->total += length;
        return TRUE;
    }
    g_set_error(&self->error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA,
                "the letter is over %d bytes: are its sections repeated too often?",
                TEMPLATE_OUTPUT_MAX);
    return FALSE;
}

/* Bytes that are already fit for their place. What fills a paragraph is counted when that is given,
 * but must not grow without end before. */
static gboolean give(Render *self, const char *bytes, gsize length)
{
    if (!self->into) {
        if (!count(self, length))
            return FALSE;
        if (length)
            self->sink->value(self->sink->user, bytes, length);
        return TRUE;
    }
    append_bytes(self->into, bytes, length);
    return self->into->len <= TEMPLATE_OUTPUT_MAX || count(self, self->into->len);
}

/* `count` becomes the number that the path is about, if it is about one. */
static const Value *look_up(const Render *self, Path path, guint *count)
{
    const Value *found = NULL;
    *count = G_MAXUINT;
    if (!path.count)
        return self->frames[self->depth - 1];
    for (guint i = self->depth; i > 0 && !found; i--)
        found = value_get_interned(self->frames[i - 1], path.steps[0]);
    for (guint i = 1; i < path.count && found; i++) {
        if (value_kind(found) == VALUE_LIST && i == path.count - 1 &&
            g_str_equal(path.steps[i], "count"))
            *count = value_length(found);
        found = program_step(found, path.steps[i], self->template->kind);
    }
    return found;
}

static gboolean render_late(Render *self, const Node *node)
{
    const char *given = self->sink->late[node->number];
    const char *text = given ? given : self->template->late[node->number];
    gsize length = strlen(text);
    const char *bytes = escape_bytes(node->escape, text, length, self->scratch, &length);
    return give(self, bytes, length);
}

static gboolean render_value(Render *self, const Node *node)
{
    guint count;
    char digits[16] = "";
    const Value *value = look_up(self, node->path, &count);
    const char *bytes = value ? value_text(value) : "";
    gsize length = value ? value_text_length(value) : 0;
    if (count != G_MAXUINT) {
        length = (gsize)g_snprintf(digits, sizeof digits, "%u", count);
        bytes = digits;
    }
    const char *problem = escape_problem(node->escape, bytes, length);
    if (problem) {
        g_autofree char *shown = g_strndup(bytes, MIN(length, 100));
        g_autofree char *escaped = g_strescape(shown, NULL);
        g_set_error(&self->error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA,
                    "the field '%s' can't be part of a file's name: it %s: '%s'",
                    node->path.count ? node->path.steps[0] : ".", problem, escaped);
        return FALSE;
    }
    if (node->is_prose && bytes != digits)
        bytes = typeset_memo_value(self->memo, bytes, &length);
    bytes = escape_bytes(node->escape, bytes, length, self->scratch, &length);
    return give(self, bytes, length);
}

/* Renders a section's content with `item` as the nearest place to look for names. */
static gboolean render_item(Render *self, const Value *item, guint from, guint to)
{
    if (self->depth == FRAMES_MAX)
        return fail(self, "a partial goes on using itself: give its innermost item an empty list");
    self->frames[self->depth++] = item;
    gboolean ok = count(self, 1) && render_nodes(self, from, to);
    self->depth--;
    return ok;
}

static gboolean render_section(Render *self, const Node *node, guint from)
{
    guint count;
    const Value *value = look_up(self, node->path, &count);
    if (node->kind == NODE_INVERTED)
        return value_is_true(value) || render_nodes(self, from, node->end);
    if (!value_is_true(value))
        return TRUE;
    switch (value_kind(value)) {
    case VALUE_FLAG:
    case VALUE_TEXT:
    case VALUE_MAP:
        return render_item(self, value, from, node->end);
    case VALUE_LIST:
        for (guint i = 0; i < value_length(value); i++)
            if (!render_item(self, value_at(value, i), from, node->end))
                return FALSE;
        return TRUE;
    }
    g_assert_not_reached();
}

static gboolean render_call(Render *self, const Node *node)
{
    const Node *partial = program_node(self->template, node->number);
    if (self->calls == FRAMES_MAX)
        return fail(self, "a partial goes on using itself: put that within a section");
    self->calls++;
    gboolean ok = render_nodes(self, node->number + 1, partial->end);
    self->calls--;
    return ok;
}

/* An empty string, and its return: a letter has many paragraphs, and one at a time. */
static GString *take_room(Render *self)
{
    return self->n_rooms ? g_string_truncate(self->rooms[--self->n_rooms], 0)
                         : g_string_sized_new(512);
}

static void return_room(Render *self, GString *room)
{
    if (self->n_rooms < ROOMS)
        self->rooms[self->n_rooms++] = room;
    else
        g_string_free(room, TRUE);
}

static gboolean render_paragraph(Render *self, const Node *node, guint from)
{
    GString *text = take_room(self), *lines = take_room(self);
    GString *first = take_room(self), *rest = take_room(self);
    GString *outer = self->into;

    wrap_prefix(&self->lists, node->first_prefix, first);
    wrap_prefix(&self->lists, node->rest_prefix, rest);
    self->into = text;
    gboolean ok = render_nodes(self, from, node->end);
    self->into = outer;
    if (ok) {
        wrap_paragraph(lines, text->str, text->len, first->str, rest->str, node->rule);
        ok = give(self, lines->str, lines->len);
    }
    return_room(self, rest);
    return_room(self, first);
    return_room(self, lines);
    return_room(self, text);
    return ok;
}

static gboolean render_table(Render *self, const Node *node, guint from)
{
    g_autoptr(GString) prefix = g_string_new(NULL);
    g_autoptr(GString) cell = g_string_new(NULL);
    wrap_prefix(&self->lists, node->first_prefix, prefix);
    g_autoptr(Grid) grid = grid_new(node->alignments, prefix->str);
    GString *outer = self->into;

    self->into = cell;
    self->grid = grid;
    gboolean ok = render_nodes(self, from, node->end);
    self->grid = NULL;
    self->into = outer;
    if (!ok)
        return FALSE;
    g_autoptr(GString) lines = g_string_new(NULL);
    grid_append(grid, lines);
    return give(self, lines->str, lines->len);
}

static gboolean render_cell(Render *self)
{
    if (!count(self, self->into->len))
        return FALSE;
    grid_cell(self->grid, self->into->str, self->into->len);
    g_string_truncate(self->into, 0);
    return TRUE;
}

static gboolean render_inner(Render *self, const Node *node)
{
    const GString *text = g_ptr_array_index(self->template->inner, node->number);
    return give(self, text->str, text->len);
}

static gboolean render_literal(Render *self, const Node *node)
{
    const GString *literal = g_ptr_array_index(self->template->literals, node->number);
    if (!count(self, literal->len))
        return FALSE;
    self->sink->literal(self->sink->user, node->number);
    return TRUE;
}

static gboolean render_node(Render *self, guint index)
{
    const Node *node = program_node(self->template, index);
    switch (node->kind) {
    case NODE_LITERAL:
        return render_literal(self, node);
    case NODE_TEXT:
        return render_inner(self, node);
    case NODE_VALUE:
        return render_value(self, node);
    case NODE_LATE:
        return render_late(self, node);
    case NODE_SECTION:
    case NODE_INVERTED:
        return render_section(self, node, index + 1);
    case NODE_PARTIAL:
        return render_nodes(self, index + 1, node->end);
    case NODE_CALL:
        return render_call(self, node);
    case NODE_PARAGRAPH:
        return render_paragraph(self, node, index + 1);
    case NODE_TABLE:
        return render_table(self, node, index + 1);
    case NODE_CELL:
        return render_cell(self);
    case NODE_ROW:
        g_string_truncate(self->into, 0);
        grid_row(self->grid);
        return count(self, 1);
    case NODE_RULE:
        g_string_truncate(self->into, 0);
        grid_rule(self->grid, node->rule);
        return count(self, 1);
    case NODE_LIST:
        wrap_list_begin(&self->lists, node->number, FALSE);
        return TRUE;
    case NODE_LIST_END:
        wrap_list_end(&self->lists);
        return TRUE;
    }
    g_assert_not_reached();
}

static gboolean render_nodes(Render *self, guint from, guint to)
{
    for (guint i = from; i < to; i = program_node(self->template, i)->end)
        if (!render_node(self, i))
            return FALSE;
    return TRUE;
}

/* Not cleared as a whole: its arrays are large and used from the bottom. */
static void render_begin(Render *self, const Template *template, const TemplateSink *sink)
{
    self->template = template;
    self->sink = sink;
    self->depth = self->calls = self->n_rooms = 0;
    self->into = NULL;
    self->grid = NULL;
    self->scratch = g_string_sized_new(256);
    typeset_memo_init(&self->own_memo);
    self->memo = sink->memo ? sink->memo : &self->own_memo;
    self->total = 0;
    self->lists.depth = 0;
    self->error = NULL;
}

static void render_end(Render *self)
{
    g_string_free(self->scratch, TRUE);
    typeset_memo_clear(&self->own_memo);
    while (self->n_rooms)
        g_string_free(self->rooms[--self->n_rooms], TRUE);
}

gboolean template_render(const Template *self, const Value *map, const TemplateSink *sink,
                         GError **error)
{
    Render render;
    render_begin(&render, self, sink);
    render.frames[render.depth++] = map;
    gboolean ok = render_nodes(&render, 0, self->nodes->len);
    render_end(&render);
    if (!ok)
        g_propagate_error(error, render.error);
    return ok;
}

/* --- into a string --------------------------------------------------------------------------- */

typedef struct {
    const Template *template;
    GString *out;
} Writer;

static void write_literal(void *user, guint number)
{
    Writer *writer = user;
    const GString *literal = g_ptr_array_index(writer->template->literals, number);
    g_string_append_len(writer->out, literal->str, (gssize)literal->len);
}

static void write_value(void *user, const char *bytes, gsize length)
{
    Writer *writer = user;
    g_string_append_len(writer->out, bytes, (gssize)length);
}

char *template_render_text(const Template *self, const Value *map, GError **error)
{
    Writer writer = {self, g_string_new(NULL)};
    TemplateSink sink = {write_literal, write_value, &writer, {NULL}, NULL};
    if (template_render(self, map, &sink, error))
        return g_string_free(writer.out, FALSE);
    g_string_free(writer.out, TRUE);
    return NULL;
}

gboolean program_render_constant(const Template *self, guint from, guint to, GString *out)
{
    Writer writer = {self, out};
    TemplateSink sink = {write_literal, write_value, &writer, {NULL}, NULL};
    Render render;
    render_begin(&render, self, &sink);
    gboolean ok = render_nodes(&render, from, to);
    render_end(&render);
    g_clear_error(&render.error);
    return ok;
}
