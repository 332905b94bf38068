/* tree - a YAML file as a tree that remembers lines */
#include "config/tree.h"

#include <string.h>
#include <yaml.h>

#include "base/error.h"
#include "config/printable.h"
#include "config/hint.h"

typedef struct {
    yaml_parser_t parser;
    const char *bytes; /* after a byte order mark */
    gsize length;
    guint first_line, last_line;
    guint depth, nodes;
    const char *at; /* how far comment_follows has counted */
    gsize at_index; /* in characters, as libyaml's marks are */
    guint wrong;    /* the line of what `error` says */
    GError **error;
} Parser;

static void complain(Parser *in, guint line, const char *format, ...) G_GNUC_PRINTF(3, 4);

static void complain(Parser *in, guint line, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    in->wrong = line;
    g_set_error_literal(in->error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG, text);
}

/* libyaml has the end of the file on a line that no editor shows. */
static guint line_of(const Parser *in, yaml_mark_t mark)
{
    return MIN(in->first_line + (guint)mark.line, in->last_line);
}

static guint find_last_line(const Parser *in)
{
    const char *end = in->bytes + in->length;
    while (end > in->bytes && (end[-1] == '\n' || end[-1] == '\r'))
        end--;
    return in->first_line + plain_lines(in->bytes, end);
}

/* ---- what is wrong, in words for who wrote the file ---- */

/* The source line of that number, without its end; newly allocated. */
static char *source_line(const Parser *in, guint line)
{
    const char *p = in->bytes, *end = in->bytes + in->length;
    for (guint n = in->first_line; n < line && p < end; n++) {
        p = memchr(p, '\n', (gsize)(end - p));
        p = p ? p + 1 : end;
    }
    const char *stop = memchr(p, '\n', (gsize)(end - p));
    return g_strchomp(g_strndup(p, (gsize)((stop ? stop : end) - p)));
}

/* Begins a sentence about a line and adds how to fix it, or else `otherwise`. */
static void complain_fix(Parser *in, guint line, const char *what, const char *otherwise)
{
    g_autofree char *source = source_line(in, line);
    g_autofree char *help = hint_yaml(source);
    if (help)
        otherwise = help;
    complain(in, line, "%s%s%s", what, otherwise ? ": " : "", otherwise ? otherwise : "");
}

static void complain_yaml(Parser *in)
{
    const yaml_parser_t *p = &in->parser;
    const char *problem = p->problem ? p->problem : "unknown";
    guint line = line_of(in, p->problem_mark), start = line_of(in, p->context_mark);

    if (p->error == YAML_MEMORY_ERROR)
        g_error("libyaml: out of memory");
    if (p->context && g_str_equal(p->context, "while scanning a quoted scalar") &&
        strstr(problem, "end of stream"))
        complain(in, start, "a quote is opened and never closed");
    else if (p->context && g_str_has_prefix(p->context, "while parsing a flow"))
        complain_fix(in, start, "a bracket is opened and not closed", NULL);
    else if (p->context && g_str_has_prefix(p->context, "while scanning an a"))
        complain_fix(in, start, "an anchor or alias", NULL);
    else if (strstr(problem, "tab character"))
        complain(in, line, "a tab among the blanks before the text: indent with spaces");
    else if (strstr(problem, "expected <document start>"))
        complain(in, line, "text after the end of the document");
    else if (strstr(problem, "could not find expected ':'"))
        complain(in, start, "neither 'name: value' nor part of the line before");
    else if (strstr(problem, "did not find expected key") || strstr(problem, "expected '-'"))
        complain_fix(in, line, "does not fit the lines before",
                     "check its indentation and the line above");
    else
        complain_fix(in, line, "not YAML", problem);
}

/* ---- reading ---- */

static gboolean next_event(Parser *in, yaml_event_t *event)
{
    if (yaml_parser_parse(&in->parser, event))
        return TRUE;
    complain_yaml(in);
    return FALSE;
}

static Tree *tree_new(TreeKind kind, guint line)
{
    Tree *self = g_new0(Tree, 1);
    self->kind = kind;
    self->line = line;
    if (kind != TREE_TEXT)
        self->items = g_ptr_array_new_with_free_func((GDestroyNotify)tree_free);
    if (kind == TREE_MAP) {
        self->names = g_ptr_array_new_with_free_func(g_free);
        self->name_lines = g_array_new(FALSE, FALSE, sizeof(guint));
    }
    return self;
}

void tree_free(Tree *self)
{
    if (!self)
        return;
    g_free(self->text);
    g_clear_pointer(&self->items, g_ptr_array_unref);
    g_clear_pointer(&self->names, g_ptr_array_unref);
    g_clear_pointer(&self->name_lines, g_array_unref);
    g_free(self);
}

/* Whether " #" follows `mark` on its line, which makes the rest of what was written a comment.
 * Marks only go forward, so all calls together pass over the file once. */
static gboolean comment_follows(Parser *in, yaml_mark_t mark)
{
    const char *end = in->bytes + in->length;
    for (; in->at_index < mark.index && in->at < end; in->at_index++)
        in->at = g_utf8_next_char(in->at);
    const char *p = in->at;
    while (p < end && (*p == ' ' || *p == '\t'))
        p++;
    return p < end && *p == '#';
}

/* A scalar's text, checked; newly allocated. NULL with the error set. */
static char *scalar_text(Parser *in, const yaml_event_t *event)
{
    const char *text = (const char *)event->data.scalar.value;
    gsize length = event->data.scalar.length;
    guint line = line_of(in, event->start_mark);

    if (event->data.scalar.anchor || event->data.scalar.tag) {
        complain_fix(in, line, "anchors (&name) and tags (!name) aren't read", NULL);
        return NULL;
    }
    const char *bad = printable_unfit(text, length); /* "\r", "\0": only an escape gets this far */
    if (bad) {
        complain(in, line, "a control character in a value: U+%04X", g_utf8_get_char(bad));
        return NULL;
    }
    return g_strndup(text, length);
}

static Tree *read_text(Parser *in, const yaml_event_t *event)
{
    char *text = scalar_text(in, event);
    if (!text)
        return NULL;
    Tree *self = tree_new(TREE_TEXT, line_of(in, event->start_mark));
    self->text = text;
    self->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    self->commented = !self->quoted && *text && comment_follows(in, event->end_mark);
    return self;
}

static Tree *read_node(Parser *in, const yaml_event_t *event);

static gboolean read_items(Parser *in, Tree *list)
{
    for (;;) {
        yaml_event_t event;
        if (!next_event(in, &event))
            return FALSE;
        gboolean end = event.type == YAML_SEQUENCE_END_EVENT;
        Tree *item = end ? NULL : read_node(in, &event);
        yaml_event_delete(&event);
        if (!item)
            return end;
        g_ptr_array_add(list->items, item);
    }
}

/* The name in a map; newly allocated. NULL with the error set. */
static char *read_name(Parser *in, const yaml_event_t *event, GHashTable *seen)
{
    guint line = line_of(in, event->start_mark);
    if (event->type != YAML_SCALAR_EVENT) {
        complain_fix(in, line, "a name must be a plain text", NULL);
        return NULL;
    }
    g_autofree char *name = scalar_text(in, event);
    if (!name)
        return NULL;
    if (g_str_equal(name, "<<") && event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE) {
        complain(in, line, "merge keys (<<) aren't read: write the lines out");
        return NULL;
    }
    if (!*name || strchr(name, '\n')) {
        complain(in, line, "a name must be a text on one line");
        return NULL;
    }
    guint before = GPOINTER_TO_UINT(g_hash_table_lookup(seen, name));
    if (before) {
        complain(in, line, "'%s' is given twice: first on line %u", name, before);
        return NULL;
    }
    g_hash_table_insert(seen, g_strdup(name), GUINT_TO_POINTER(line));
    return g_steal_pointer(&name);
}

static gboolean read_pairs(Parser *in, Tree *map)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (;;) {
        yaml_event_t event;
        if (!next_event(in, &event))
            return FALSE;
        gboolean end = event.type == YAML_MAPPING_END_EVENT;
        char *name = end ? NULL : read_name(in, &event, seen);
        guint line = line_of(in, event.start_mark);
        yaml_event_delete(&event);
        if (!name)
            return end;
        g_ptr_array_add(map->names, name);
        g_array_append_val(map->name_lines, line);
        if (!next_event(in, &event))
            return FALSE;
        Tree *item = read_node(in, &event);
        yaml_event_delete(&event);
        if (!item)
            return FALSE;
        g_ptr_array_add(map->items, item);
    }
}

static Tree *read_nested(Parser *in, const yaml_event_t *event, TreeKind kind)
{
    guint line = line_of(in, event->start_mark);
    gboolean is_map = kind == TREE_MAP;
    if (is_map ? event->data.mapping_start.anchor || event->data.mapping_start.tag
               : event->data.sequence_start.anchor || event->data.sequence_start.tag) {
        complain(in, line, "anchors (&name) and tags (!name) aren't read");
        return NULL;
    }
    if (in->depth == TREE_DEPTH_MAX) {
        complain(in, line, "nested too deeply: over %d levels", TREE_DEPTH_MAX);
        return NULL;
    }
    g_autoptr(Tree) self = tree_new(kind, line);
    in->depth++;
    gboolean ok = is_map ? read_pairs(in, self) : read_items(in, self);
    in->depth--;
    return ok ? g_steal_pointer(&self) : NULL;
}

static Tree *read_node(Parser *in, const yaml_event_t *event)
{
    guint line = line_of(in, event->start_mark);
    if (++in->nodes > TREE_NODES_MAX) {
        complain(in, line, "too many values: over %d", TREE_NODES_MAX);
        return NULL;
    }
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        return read_text(in, event);
    case YAML_SEQUENCE_START_EVENT:
        return read_nested(in, event, TREE_LIST);
    case YAML_MAPPING_START_EVENT:
        return read_nested(in, event, TREE_MAP);
    case YAML_ALIAS_EVENT:
        complain_fix(in, line, "aliases (*name) aren't read", NULL);
        return NULL;
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_STREAM_END_EVENT:
    case YAML_DOCUMENT_START_EVENT:
    case YAML_DOCUMENT_END_EVENT:
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        break;
    }
    g_assert_not_reached(); /* libyaml's grammar puts none of these where a value stands */
}

/* The document between the stream's start and its end. An empty one is an empty map. */
static Tree *read_stream(Parser *in)
{
    g_autoptr(Tree) root = NULL;
    for (;;) {
        yaml_event_t event;
        if (!next_event(in, &event))
            return NULL;
        gboolean ok = TRUE, end = event.type == YAML_STREAM_END_EVENT;
        guint line = line_of(in, event.start_mark);
        if (event.type == YAML_DOCUMENT_START_EVENT) {
            ok = !root && !event.data.document_start.version_directive &&
                 event.data.document_start.tag_directives.start ==
                     event.data.document_start.tag_directives.end;
            if (!ok)
                complain(in, line,
                         root ? "a second document: only one is read"
                              : "YAML directives (%%) aren't read");
        } else if (event.type != YAML_STREAM_START_EVENT && event.type != YAML_DOCUMENT_END_EVENT &&
                   !end) {
            root = read_node(in, &event);
            ok = root != NULL;
        }
        yaml_event_delete(&event);
        if (!ok)
            return NULL;
        if (end)
            break;
    }
    if (root && (root->kind != TREE_TEXT || root->quoted || *root->text))
        return g_steal_pointer(&root);
    return tree_new(TREE_MAP, in->first_line);
}

Tree *tree_read(const char *bytes, gsize length, guint first_line, guint *line, GError **error)
{
    Parser in = {.bytes = bytes, .length = length, .first_line = first_line, .error = error};
    g_autofree char *unfit = NULL;
    Tree *root = NULL;

    if (printable_bom(bytes, length)) {
        in.bytes += PLAIN_BOM;
        in.length -= PLAIN_BOM;
    }
    in.at = in.bytes;
    in.last_line = find_last_line(&in);
    if (length > TREE_BYTES_MAX) {
        complain(&in, first_line, "too large: over %d bytes", TREE_BYTES_MAX);
    } else if ((unfit = printable_check(in.bytes, in.length, first_line, &in.wrong))) {
        complain(&in, in.wrong, "%s", unfit);
    } else if (!yaml_parser_initialize(&in.parser)) {
        g_error("libyaml: out of memory");
    } else {
        yaml_parser_set_encoding(&in.parser, YAML_UTF8_ENCODING);
        yaml_parser_set_input_string(&in.parser, (const guchar *)in.bytes, in.length);
        root = read_stream(&in);
        yaml_parser_delete(&in.parser);
    }
    *line = root ? 0 : in.wrong;
    return root;
}

Tree *tree_parse(const char *bytes, gsize length, const char *file, guint first_line,
                 GError **error)
{
    guint line;
    Tree *root = tree_read(bytes, length, first_line, &line, error);
    if (!root)
        g_prefix_error(error, "%s:%u: ", file, line);
    return root;
}

const Tree *tree_get(const Tree *map, const char *name)
{
    for (guint i = 0; map->names && i < map->names->len; i++) {
        if (g_str_equal(g_ptr_array_index(map->names, i), name))
            return g_ptr_array_index(map->items, i);
    }
    return NULL;
}

char *tree_library(void)
{
    return g_strconcat("libyaml ", yaml_get_version_string(), NULL);
}
