/* plain_table - tables as plain text, aligned in columns or row by row */
#include "render/plain_parts.h"

#include <string.h>

#include "template/wrap.h"

enum { BAR = 20 }; /* columns of the longest bar */

/* A chart's bar of a row, between its name and its number. */
static void put_bar(Plain *in, const TableRow *row)
{
    guint length = (row->share * BAR + 50) / 100;
    for (guint i = 0; i < MAX(length, row->share > 0 ? 1u : 0u); i++)
        g_string_append(in->out, "█");
    g_string_append_c(in->out, FLOW_CELL);
}

static gboolean fits(const Plain *in, const Table *table)
{
    guint total = in->columns + 2 * (table->columns - 1);
    for (guint c = 0; c < table->columns; c++) {
        total += table_least(table, in->doc->aside, c);
    }
    if (table->is_chart)
        total += BAR + 2;
    return total <= WRAP_WIDTH;
}

/* A section around rows: what is said of links in sections holds in them. */
static void pass_tag(Plain *in, const PlaceholderTag *tag)
{
    in->sections += tag->kind == TAG_CLOSE ? -1u : 1u;
}

static void table_aligned(Plain *in, const Table *table)
{
    gboolean header = TRUE;
    g_string_append_c(in->out, FLOW_TABLE);
    for (guint c = 0; c < table->columns; c++)
        g_string_append_printf(in->out, "%s%c", table->is_chart && c ? "l" : "",
                               table->alignments[c]);
    g_string_append_printf(in->out, "%c%s%c", FLOW_PART, in->rest, FLOW_PART);
    for (guint r = 0; r < table->rows->len; r++) {
        const TableRow *row = g_ptr_array_index(table->rows, r);
        if (row->tag) { /* alone on its line, or the line end would be part of a cell */
            g_autofree char *word = plain_word(in, row->tag);
            g_string_append_printf(in->out, "\n%s\n", word);
            pass_tag(in, row->tag);
            continue;
        }
        for (guint c = 0; c < table->columns; c++) {
            if (row->nodes[c])
                plain_line(in, row->nodes[c], in->out);
            g_string_append_c(in->out, FLOW_CELL);
            if (table->is_chart && !c)
                put_bar(in, row);
        }
        g_string_append_c(in->out, FLOW_ROW);
        if (header)
            g_string_append_printf(in->out, "%c-", FLOW_RULE);
        header = FALSE;
    }
    g_string_append_c(in->out, FLOW_TABLE_END);
}

/* A table too wide for the page: each row as lines "Header: cell". */
static void table_rows(Plain *in, const Table *table)
{
    const TableRow *header = NULL;
    gboolean any = FALSE;
    for (guint r = 0; r < table->rows->len; r++) {
        const TableRow *row = g_ptr_array_index(table->rows, r);
        g_autofree char *word = row->tag ? plain_word(in, row->tag) : NULL;
        if (word) {
            g_string_append(in->out, word);
            pass_tag(in, row->tag);
        }
        if (!word && header) {
            g_autoptr(GString) text = g_string_new(NULL);
            for (guint c = 0; c < table->columns; c++) {
                g_autoptr(GString) value = g_string_new(NULL);
                if (row->nodes[c])
                    plain_line(in, row->nodes[c], value);
                if (text->len)
                    g_string_append_c(text, FLOW_BREAK);
                plain_literal(text, header->cells[c]);
                g_string_append_printf(text, "%s%s", *header->cells[c] ? ": " : "", value->str);
            }
            if (any)
                plain_gap(in);
            plain_put(in, text->str);
            any = TRUE;
        }
        if (!word && !header)
            header = row;
    }
}

void plain_table(Plain *in, const Table *self)
{
    if (self->caption) {
        g_autoptr(GString) caption = g_string_new(NULL);
        plain_literal(caption, self->caption);
        plain_put(in, caption->str);
    }
    plain_settle(in);
    if (fits(in, self))
        table_aligned(in, self);
    else
        table_rows(in, self);
}
