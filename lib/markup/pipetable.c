/* pipetable - tables drawn with pipes, as on GitHub */
#include <string.h>

#include "markup/doc.h"

typedef struct {
    Markdown *self;
    cmark_node *paragraph;
    guint first;      /* line of the text that cmark read */
    GPtrArray *lines; /* of char *: what the paragraph was made of, without marks of quotes */
} Drawn;

/* --- lines ----------------------------------------------------------------------------------- */

/* The words of sections' tags at the end of a line, which stood alone on the lines below; moves
 * `length` before them. */
static void pass_tags(const Placeholders *aside, const char *line, gsize *length)
{
    for (;;) {
        const char *start = NULL, *end = line;
        gboolean last = FALSE;
        for (const char *at; (placeholders_find(aside, end, &at, &end)) >= 0;) {
            start = at;
            last = (gsize)(end - line) == *length;
            if (last)
                break;
        }
        if (!last)
            return;
        g_autofree char *word = g_strndup(start, (gsize)(end - start));
        guint index;
        if (!placeholders_is_section(aside, word, &index))
            return;
        *length = (gsize)(start - line);
        while (*length && line[*length - 1] == ' ')
            --*length;
    }
}

/* The cells between a line's pipes, NULL-terminated; NULL when it has none. */
static char **split(const char *line, gsize length)
{
    g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GString) cell = g_string_new(NULL);
    gboolean pipe = FALSE, code = FALSE; /* `a|b` is one cell */
    const char *at = line + strspn(line, " \t"), *end = line + length;
    while (end > at && strchr(" \t", end[-1]))
        end--;
    if (at < end && *at == '|') {
        pipe = TRUE;
        at++;
    }
    for (; at < end; at++) {
        if (*at == '\\' && at + 1 < end && at[1] == '|') {
            g_string_append_c(cell, *++at);
        } else if (*at == '|' && !code) {
            pipe = TRUE;
            g_ptr_array_add(cells, g_strstrip(g_strdup(cell->str)));
            g_string_truncate(cell, 0);
        } else {
            code = *at == '`' ? !code && memchr(at + 1, '`', (gsize)(end - at - 1)) : code;
            g_string_append_c(cell, *at);
        }
    }
    if (!pipe)
        return NULL;
    if (cell->len || !cells->len)
        g_ptr_array_add(cells, g_strstrip(g_strdup(cell->str)));
    g_ptr_array_add(cells, NULL);
    return (char **)g_ptr_array_steal(cells, NULL);
}

static char **split_line(const Drawn *in, guint number)
{
    const char *line = g_ptr_array_index(in->lines, number);
    gsize length = strlen(line);
    pass_tags(in->self->aside, line, &length);
    return split(line, length);
}

/* What a cell of the second line says: 'l', 'c', 'r', '-' for nothing, '\0' when it says something
 * else. Editors make dashes of hyphens. */
static char alignment(const char *cell)
{
    gboolean left = *cell == ':', right = FALSE, dash = FALSE;
    for (const char *p = cell + left; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (right || (c != ':' && c != '-' && c != 0x2013 && c != 0x2014))
            return '\0';
        right = c == ':';
        dash |= c != ':';
    }
    return !dash ? '\0' : left && right ? 'c' : right ? 'r' : left ? 'l' : '-';
}

/* The alignments that the second line of a table gives; NULL when it is none. Newly allocated. */
static char *alignments_of(char *const *cells)
{
    g_autoptr(GString) all = g_string_new(NULL);
    for (; cells && *cells; cells++) {
        char one = alignment(*cells);
        if (!one)
            return NULL;
        g_string_append_c(all, one);
    }
    return all->len ? g_strdup(all->str) : NULL;
}

static Drawn draw(Markdown *self, cmark_node *paragraph)
{
    Drawn in = {self, paragraph, (guint)cmark_node_get_start_line(paragraph),
                g_ptr_array_new_with_free_func(g_free)};
    guint last = (guint)MAX(cmark_node_get_end_line(paragraph), (int)in.first);
    for (guint n = in.first; in.first && n <= last; n++) {
        g_autofree char *line = placeholders_text_line(self->aside, n);
        gsize column = (gsize)cmark_node_get_start_column(paragraph) - 1;
        gsize skip = n == in.first ? MIN(column, strlen(line)) : strspn(line, " \t>");
        g_ptr_array_add(in.lines, g_strdup(line + skip));
    }
    return in;
}

/* --- tables ---------------------------------------------------------------------------------- */

static void line_free(gpointer data)
{
    TableLine *line = data;
    g_strfreev(line->cells);
    g_free(line);
}

static void add_line(GPtrArray *lines, guint number, char **cells)
{
    TableLine *line = g_new(TableLine, 1);
    *line = (TableLine){cells, number};
    g_ptr_array_add(lines, line);
}

/* As many cells as the header has; a row of more is found by the table. Takes `cells`. */
static char **padded(char **cells, guint columns)
{
    guint count = g_strv_length(cells);
    if (count >= columns)
        return cells;
    char **all = g_new0(char *, columns + 1);
    for (guint i = 0; i < columns; i++)
        all[i] = i < count ? cells[i] : g_strdup("");
    g_free(cells);
    return all;
}

/* The tags at the end of a line, each a row of its own. */
static void add_tags(const Drawn *in, GPtrArray *lines, guint number)
{
    const char *line = g_ptr_array_index(in->lines, number), *start, *end;
    gsize length = strlen(line);
    pass_tags(in->self->aside, line, &length);
    for (end = line + length; placeholders_find(in->self->aside, end, &start, &end) >= 0;) {
        char *word[] = {g_strndup(start, (gsize)(end - start)), NULL};
        add_line(lines, placeholders_line(in->self->aside, in->first + number), g_strdupv(word));
        g_free(word[0]);
    }
}

/* Puts lines of the paragraph that are no table before (or after) it as paragraphs of their own. */
static void keep_lines(const Drawn *in, guint from, guint to, gboolean before)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint n = from; n < to; n++)
        g_string_append_printf(text, "%s\n", (char *)g_ptr_array_index(in->lines, n));
    cmark_node *root = cmark_parse_document(text->str, text->len, CMARK_OPT_SMART);
    cmark_node *after = in->paragraph;
    for (cmark_node *node; (node = cmark_node_first_child(root));) {
        cmark_node_unlink(node);
        doc_set_line(node, placeholders_line(in->self->aside, in->first + from));
        if (before) {
            cmark_node_insert_before(in->paragraph, node);
        } else {
            cmark_node_insert_after(after, node);
            after = node;
        }
    }
    cmark_node_free(root);
}

/* The table whose header is that line; what stands before and after it in the paragraph stays. FALSE
 * with an error. */
static gboolean take_table(const Drawn *in, guint header, const char *alignments,
                           Findings *findings)
{
    g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(line_free);
    guint columns = (guint)strlen(alignments), n = header + 2;
    add_line(lines, placeholders_line(in->self->aside, in->first + header), split_line(in, header));
    add_tags(in, lines, header);
    add_tags(in, lines, header + 1);
    for (; n < in->lines->len; n++) {
        char **cells = split_line(in, n);
        if (!cells)
            break;
        add_line(lines, placeholders_line(in->self->aside, in->first + n), padded(cells, columns));
        add_tags(in, lines, n);
    }
    Table *table = table_of(lines, alignments, in->self->aside, in->self->file, findings);
    if (!table)
        return FALSE;
    g_ptr_array_add(in->self->tables, table);
    cmark_node *node = cmark_node_new(CMARK_NODE_CODE_BLOCK);
    cmark_node_set_user_data(node, table);
    if (header)
        keep_lines(in, 0, header, TRUE);
    if (n < in->lines->len)
        keep_lines(in, n, in->lines->len, FALSE);
    cmark_node_insert_before(in->paragraph, node);
    cmark_node_unlink(in->paragraph);
    cmark_node_free(in->paragraph);
    return TRUE;
}

/* Finds the first table of a paragraph; FALSE with an error. */
static gboolean look(Markdown *self, cmark_node *paragraph, Findings *findings)
{
    Drawn in = draw(self, paragraph);
    gboolean fine = TRUE;
    for (guint n = 0; n + 1 < in.lines->len; n++) {
        g_auto(GStrv) header = split_line(&in, n);
        g_auto(GStrv) rule = header ? split_line(&in, n + 1) : NULL;
        g_autofree char *alignments = alignments_of(rule);
        if (!alignments)
            continue;
        if (strlen(alignments) == g_strv_length(header)) {
            fine = take_table(&in, n, alignments, findings);
        } else {
            doc_complain(self, findings, FINDING_WARNING,
                         placeholders_line(self->aside, in.first + n), "pipe-table",
                         "this stays as it was typed, and is no table: the first line has %u cells "
                         "and the line of dashes %u",
                         g_strv_length(header), (guint)strlen(alignments));
        }
        break;
    }
    g_ptr_array_unref(in.lines);
    return fine;
}

gboolean pipetables_read(Markdown *self, Findings *findings)
{
    gboolean fine = TRUE;
    g_autoptr(GPtrArray) paragraphs = g_ptr_array_new();
    cmark_iter *iter = cmark_iter_new(self->root);
    while (cmark_iter_next(iter) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(iter);
        if (cmark_iter_get_event_type(iter) == CMARK_EVENT_ENTER &&
            cmark_node_get_type(node) == CMARK_NODE_PARAGRAPH &&
            cmark_node_get_start_line(node) < cmark_node_get_end_line(node))
            g_ptr_array_add(paragraphs, node);
    }
    cmark_iter_free(iter);
    for (guint i = 0; i < paragraphs->len; i++)
        fine &= look(self, g_ptr_array_index(paragraphs, i), findings);
    return fine;
}
