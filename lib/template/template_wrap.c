/* template_wrap - what stands between a template's tags: page, text, and the marks of flowed
 * text */
#include <string.h>

#include "template/template_compile.h"

static void fail_mark(Compile *self, Source *source, const char *at)
{
    compile_fail(self, source, source_line(source, at), "template-mark",
                 "a control character, U+%04X, where it can't stand: take it out",
                 (guint)(guchar)*at);
}

/* The argument of a mark up to FLOW_PART; moves past it. NULL when there is none. */
static char *take_part(const char **at, const char *to)
{
    const char *end = memchr(*at, FLOW_PART, (gsize)(to - *at));
    if (!end)
        return NULL;
    char *part = g_strndup(*at, (gsize)(end - *at));
    *at = end + 1;
    return part;
}

/* The same for a number of at most nine digits. */
static gboolean take_number(const char **at, const char *to, guint *number)
{
    const char *from = *at;
    g_autofree char *part = take_part(at, to);
    if (part && *part && strlen(part) <= 9 && strspn(part, "0123456789") == strlen(part)) {
        *number = (guint)g_ascii_strtoull(part, NULL, 10);
        return TRUE;
    }
    *at = from;
    return FALSE;
}

/* A prefix with the numbers that are known, kept for the program. NULL when it is damaged. */
static const char *take_prefix(Compile *self, const char **at, const char *to, gboolean is_first)
{
    guint marks = 0;
    gboolean is_numbered = FALSE;
    g_autofree char *part = take_part(at, to);
    if (!part || strlen(part) > WRAP_PREFIX_MAX)
        return NULL;
    for (const char *p = part; *p; p++) {
        gboolean is_mark = *p == FLOW_NUMBER || *p == FLOW_PAD;
        if ((guchar)*p < 0x20 && (!is_mark || is_numbered))
            return NULL;
        marks += is_mark;
        is_numbered |= *p == FLOW_NUMBER;
    }
    if (marks > self->lists.depth || (is_numbered && !is_first))
        return NULL;
    g_autoptr(GString) prefix = g_string_new(NULL);
    wrap_prefix(&self->lists, part, prefix);
    return g_string_chunk_insert(self->program->texts, prefix->str);
}

static gboolean begin_block(Compile *self, NodeKind kind, TextState state, const char *alignments,
                            const char *first, const char *rest)
{
    self->block_barrier = self->barrier;
    self->block = program_add(self->program, kind);
    Node *node = program_node(self->program, self->block);
    node->first_prefix = first;
    node->rest_prefix = rest;
    node->alignments = alignments;
    self->barrier = self->program->nodes->len;
    self->place.text = state;
    self->place.cells = 0;
    self->place.has_rule = FALSE;
    return TRUE;
}

static gboolean begin_paragraph(Compile *self, const char **at, const char *to)
{
    const char *first, *rest;
    if (self->place.text != TEXT_OPEN || self->place.in_url)
        return FALSE;
    return (first = take_prefix(self, at, to, TRUE)) && (rest = take_prefix(self, at, to, FALSE)) &&
           begin_block(self, NODE_PARAGRAPH, TEXT_PARAGRAPH, NULL, first, rest);
}

static gboolean begin_table(Compile *self, const char **at, const char *to)
{
    const char *prefix, *kept;
    if (self->place.text != TEXT_OPEN || self->place.in_url)
        return FALSE;
    g_autofree char *alignments = take_part(at, to);
    if (!alignments || !*alignments || strlen(alignments) > WRAP_COLUMNS_MAX ||
        strspn(alignments, "lcr") < strlen(alignments))
        return FALSE;
    kept = g_string_chunk_insert(self->program->texts, alignments);
    return (prefix = take_prefix(self, at, to, FALSE)) &&
           begin_block(self, NODE_TABLE, TEXT_TABLE, kept, prefix, prefix);
}

static gboolean is_known(const char *prefix)
{
    return !strchr(prefix, FLOW_NUMBER) && !strchr(prefix, FLOW_PAD);
}

/* Whether a block holds no field, nor a section, and no number that is counted later. */
static gboolean is_constant(const Compile *self)
{
    const Node *block = program_node(self->program, self->block);
    if (!is_known(block->first_prefix) || !is_known(block->rest_prefix))
        return FALSE;
    for (guint i = self->block + 1; i < self->program->nodes->len; i++) {
        NodeKind kind = program_node(self->program, i)->kind;
        if (kind != NODE_TEXT && kind != NODE_CELL && kind != NODE_ROW && kind != NODE_RULE)
            return FALSE;
    }
    return TRUE;
}

/* Ends a paragraph or table; what is the same for all becomes a literal at once. */
static gboolean end_block(Compile *self, Source *source, const char *at, TextState state)
{
    if (self->place.text != state || self->place.in_url || self->place.cells)
        return FALSE;
    guint end = self->program->nodes->len;
    program_node(self->program, self->block)->end = end;
    self->place.text = TEXT_OPEN;
    self->place.has_rule = FALSE;
    self->barrier = end;
    if (!is_constant(self))
        return TRUE;

    g_autoptr(GString) lines = g_string_new(NULL);
    gboolean fits = program_render_constant(self->program, self->block, end, lines);
    program_cut(self->program, self->block);
    self->barrier = self->block_barrier;
    if (compile_give(self, source, source_line(source, at), fits ? lines->len : G_MAXSIZE))
        compile_emit(self, lines->str, lines->len);
    return TRUE;
}

static gboolean set_rule(Compile *self, const char **at, const char *to)
{
    if (*at == to || !g_ascii_isgraph(**at) || self->place.in_url || self->place.has_rule)
        return FALSE;
    char rule = *(*at)++;
    if (self->place.text == TEXT_PARAGRAPH) {
        program_node(self->program, self->block)->rule = rule;
        self->place.has_rule = TRUE;
        return TRUE;
    }
    if (self->place.text != TEXT_TABLE || self->place.cells)
        return FALSE;
    guint node = program_add(self->program, NODE_RULE);
    program_node(self->program, node)->rule = rule;
    return TRUE;
}

static gboolean end_cell(Compile *self)
{
    if (self->place.text != TEXT_TABLE || self->place.in_url)
        return FALSE;
    program_add(self->program, NODE_CELL);
    self->place.cells++;
    return TRUE;
}

static gboolean end_row(Compile *self)
{
    if (self->place.text != TEXT_TABLE)
        return FALSE;
    if (self->place.cells != strlen(program_node(self->program, self->block)->alignments))
        return FALSE;
    program_add(self->program, NODE_ROW);
    self->place.cells = 0;
    return TRUE;
}

/* Whether a list's items may be left out or repeated: then its numbers can't be known now. */
static gboolean list_varies(const Source *source, const char *at)
{
    guint depth = 1;
    const char *end = at, *stop = source->text + source->length;
    for (; end < stop && depth; end++)
        depth += (*end == FLOW_LIST) - (*end == FLOW_LIST_END);
    Tags ahead = source->before;
    Tag tag;
    gboolean varies = FALSE;
    ahead.at = at;
    ahead.end = end;
    while (!varies && tags_next(&ahead, &tag))
        varies = tag.kind == TAG_SECTION || tag.kind == TAG_INVERTED || tag.kind == TAG_PARTIAL;
    varies |= ahead.problem != NULL;
    tags_clear(&ahead);
    return varies;
}

static gboolean begin_list(Compile *self, const Source *source, const char **at, const char *to)
{
    guint number;
    if (self->place.text != TEXT_OPEN || self->lists.depth == WRAP_LISTS_MAX ||
        !take_number(at, to, &number))
        return FALSE;
    gboolean varies = list_varies(source, *at);
    wrap_list_begin(&self->lists, number, varies);
    self->place.lists = self->lists.depth;
    if (varies) {
        guint node = program_add(self->program, NODE_LIST);
        program_node(self->program, node)->number = number;
    }
    return TRUE;
}

static gboolean end_list(Compile *self)
{
    if (self->place.text != TEXT_OPEN || !self->lists.depth)
        return FALSE;
    if (self->lists.kept[self->lists.depth - 1])
        program_add(self->program, NODE_LIST_END);
    wrap_list_end(&self->lists);
    self->place.lists = self->lists.depth;
    return TRUE;
}

static gboolean set_url(Compile *self, gboolean in_url)
{
    if (self->place.in_url == in_url)
        return FALSE;
    self->place.in_url = in_url;
    url_context_init(&self->place.url);
    return TRUE;
}

/* A mark that stays in a paragraph's text. */
static gboolean keep_mark(Compile *self, char mark)
{
    gboolean is_first = self->program->nodes->len == self->block + 1;
    if (self->place.text == TEXT_OPEN || self->place.has_rule ||
        (mark == FLOW_VERBATIM && (self->place.text != TEXT_PARAGRAPH || !is_first)))
        return FALSE;
    compile_emit(self, &mark, 1);
    return TRUE;
}

/* Follows the mark before `*at`, and moves past its arguments. FALSE when it can't stand there. */
static gboolean follow_mark(Compile *self, Source *source, const char **at, const char *to)
{
    char mark = (*at)[-1];
    switch (mark) {
    case FLOW_LINE:
        return take_number(at, to, &source->mark_line);
    case FLOW_BREAK:
    case FLOW_VERBATIM:
        return keep_mark(self, mark);
    case FLOW_BEGIN:
        return begin_paragraph(self, at, to);
    case FLOW_END:
        return end_block(self, source, *at, TEXT_PARAGRAPH);
    case FLOW_TABLE:
        return begin_table(self, at, to);
    case FLOW_CELL:
        return end_cell(self);
    case FLOW_ROW:
        return end_row(self);
    case FLOW_TABLE_END:
        return end_block(self, source, *at, TEXT_TABLE);
    case FLOW_RULE:
        return set_rule(self, at, to);
    case FLOW_LIST:
        return begin_list(self, source, at, to);
    case FLOW_LIST_END:
        return end_list(self);
    case FLOW_URL_BEGIN:
        return set_url(self, TRUE);
    case FLOW_URL_END:
        return set_url(self, FALSE);
    case '\r':
        return TRUE; /* of CR LF: lines end with '\n' in a letter until it is encoded */
    default:
        return FALSE;
    }
}

static void text_run(Compile *self, Source *source, const char *from, const char *to)
{
    const char *problem = NULL;
    for (const char *p = from; self->place.in_url && p < to && !problem; p++)
        if ((problem = url_context_scan(&self->place.url, *p)))
            compile_fail_place(self, source, p, problem);
    if (to > from && self->place.has_rule)
        compile_fail_place(self, source, from,
                           "text after the rule of a paragraph: write it before");
    else
        compile_emit(self, from, (gsize)(to - from));
}

static void html_run(Compile *self, Source *source, const char *from, const char *to)
{
    const char *stop, *problem;
    compile_emit(self, from, (gsize)(to - from));
    while ((problem = html_context_scan(&self->place, from, (gsize)(to - from), &stop))) {
        compile_fail_place(self, source, stop, problem);
        from = stop + 1;
    }
}

static gboolean is_mark(const Compile *self, char c)
{
    if (self->place.is_html)
        return c == FLOW_LINE || c == '\r';
    return (guchar)c < 0x20 && c != '\n' && c != '\t';
}

/* A page's or text's own bytes, with their marks. */
void compile_marked(Compile *self, Source *source, const char *from, const char *to)
{
    const char *at = from;
    while (at < to) {
        const char *run = at;
        while (at < to && !is_mark(self, *at))
            at++;
        if (self->place.is_html)
            html_run(self, source, run, at);
        else
            text_run(self, source, run, at);
        if (at == to)
            return;
        const char *mark = at++;
        if (!follow_mark(self, source, &at, to))
            fail_mark(self, source, mark);
    }
}
