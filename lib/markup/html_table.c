/* html_table - a table of data as HTML, to be read on a telephone too */
#include "markup/html_parts.h"

#include <string.h>

enum {
    PHONE_WIDTH = 284, /* pixels that a telephone has for a table: 320 less the layout's padding */
    LETTER_WIDTH = 8,  /* of one letter, more than most need */
    CELL_PADDING = 8   /* of a cell, both sides, as the layout sets it for telephones */
};

static const char breaks[] = "; overflow-wrap: anywhere; word-break: break-word";
static const char keeps[] = "; overflow-wrap: normal; word-break: normal";

/* The width of the longest words of all columns, in pixels. */
static guint words_width(const Html *in, const Table *table)
{
    guint width = 0;
    for (guint c = 0; c < table->columns; c++)
        width += LETTER_WIDTH * table_least(table, in->doc->aside, c);
    return width;
}

static guint room(const Table *table)
{
    guint padding = CELL_PADDING * table->columns;
    return padding < PHONE_WIDTH ? PHONE_WIDTH - padding : 0;
}

/* Whether all words can stay whole on a telephone. If not, they are broken: better than a page that
 * scrolls to the side. */
static gboolean keeps_words(const Html *in, const Table *table)
{
    return words_width(in, table) <= room(table);
}

static gboolean has_field(const Html *in, const Table *table, guint column)
{
    for (guint r = 0; r < table->rows->len; r++) {
        const TableRow *row = g_ptr_array_index(table->rows, r);
        if (row->cells && placeholders_has(in->doc->aside, row->cells[column]))
            return TRUE;
    }
    return FALSE;
}

/* What a column gets at least where words are broken: its share of a telephone's width, or a long
 * cell beside it would squeeze it to a letter a line on any screen. Newly allocated. */
static char *least_width(const Html *in, const Table *table, guint column)
{
    guint words = LETTER_WIDTH * table_least(table, in->doc->aside, column);
    guint all = words_width(in, table);
    if (keeps_words(in, table) && !has_field(in, table, column))
        return g_strdup("");
    return g_strdup_printf("; min-width: %upx", MIN(words, words * room(table) / all));
}

static const char *side_of(const Table *table, guint column)
{
    char alignment = table->alignments[column];
    return alignment == 'r' ? "end" : alignment == 'c' ? "center" : "start";
}

static void table_row(Html *in, const Table *table, const TableRow *row, gboolean header)
{
    html_add(in, "<tr>");
    for (guint c = 0; row->cells[c]; c++) {
        /* An empty header cell would be announced as a header of nothing. */
        gboolean th = header && *row->cells[c];
        /* Nobody knows how long a field's words are. */
        gboolean field = placeholders_has(in->doc->aside, row->cells[c]);
        g_autofree char *least = header ? least_width(in, table, c) : g_strdup("");
        g_autofree char *style =
            g_strdup_printf("%s; text-align: %s%s%s", theme_style(in->theme, header ? "th" : "td"),
                            side_of(table, c), least, field ? breaks : "");
        html_add(in, th ? "<th scope=\"col\"" : "<td");
        html_attribute(in, "align",
                       table->alignments[c] == 'r'   ? "right"
                       : table->alignments[c] == 'c' ? "center"
                                                     : "left"); /* for Outlook */
        html_add(in, " valign=\"top\"");
        html_attribute(in, "style", style);
        html_add(in, ">");
        if (row->nodes[c])
            html_inlines(in, row->nodes[c]);
        html_add(in, th ? "</th>" : "</td>");
    }
    html_add(in, "</tr>\n");
}

void html_table(Html *in, const Table *self)
{
    gboolean header = TRUE;
    html_add(
        in,
        "<table class=\"data\" border=\"0\" cellpadding=\"0\" cellspacing=\"0\" width=\"100%\"");
    g_autofree char *style =
        g_strconcat(theme_style(in->theme, "table"), keeps_words(in, self) ? keeps : breaks, NULL);
    html_attribute(in, "style", style);
    html_add(in, ">\n");
    if (self->caption) {
        html_open(in, "caption", "caption");
        html_escape(in, self->caption);
        html_add(in, "</caption>\n");
    }
    for (guint r = 0; r < self->rows->len; r++) {
        const TableRow *row = g_ptr_array_index(self->rows, r);
        if (row->tag) {
            html_marker(in, row->tag);
            continue;
        }
        table_row(in, self, row, header);
        header = FALSE;
    }
    html_add(in, "</table>\n");
}
