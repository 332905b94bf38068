/* tablecell - a table's cells, each read as one line of Markdown */
#include <string.h>

#include "markup/doc.h"

/* Begins a line of a cell while cmark reads it: a number or a hyphen there must begin no list. The
 * blank looks to Markdown like the beginning of a line. */
#define GUARD "x "

/* Moves what a line holds to the end of the paragraph. */
static void read_line(const Markdown *self, cmark_node *paragraph, const char *line)
{
    g_autofree char *guarded = g_strconcat(GUARD, line, self->definitions->str, NULL);
    cmark_node *root = cmark_parse_document(guarded, strlen(guarded), CMARK_OPT_SMART);
    cmark_node *read = cmark_node_first_child(root), *first = cmark_node_first_child(read);
    g_assert(cmark_node_get_type(read) == CMARK_NODE_PARAGRAPH);
    const char *literal = first ? cmark_node_get_literal(first) : NULL;
    if (literal) { /* "x" alone, of an empty line, or "x " and what follows */
        g_autofree char *rest = g_strdup(literal + 1 + (literal[1] == ' '));
        cmark_node_set_literal(first, rest);
    }
    while ((first = cmark_node_first_child(read)))
        cmark_node_append_child(paragraph, first);
    cmark_node_free(root);
}

/* The line ends of a cell are meant. */
static cmark_node *read_cell(const Markdown *self, const char *cell)
{
    cmark_node *paragraph = cmark_node_new(CMARK_NODE_PARAGRAPH);
    g_auto(GStrv) lines = g_strsplit(cell, "\n", -1);
    for (guint i = 0; lines[i]; i++) {
        if (i)
            cmark_node_append_child(paragraph, cmark_node_new(CMARK_NODE_LINEBREAK));
        read_line(self, paragraph, g_strchug(lines[i]));
    }
    return paragraph;
}

void tablecell_read(Markdown *self, const Table *table)
{
    for (guint r = 0; r < table->rows->len; r++) {
        TableRow *row = g_ptr_array_index(table->rows, r);
        if (!row->cells)
            continue;
        row->nodes = g_new0(cmark_node *, table->columns + 1);
        for (guint c = 0; c < table->columns; c++) {
            if (!*row->cells[c])
                continue;
            cmark_node *node = read_cell(self, row->cells[c]);
            doc_set_line(node, row->line);
            cmark_node_append_child(self->cells, node);
            row->nodes[c] = node;
        }
    }
}
