/* html_table - a table of data as HTML, to be read on a telephone too
 *
 * On a wide screen no word is broken while the table has room. On a telephone a table that is too
 * wide is shown as cards, a row each and the header beside every value, where the mail program
 * honours the layout's style; elsewhere it stays a table.
 */
#include "render/html_parts.h"

#include <string.h>

enum {
    PHONE_ROOM = 284,  /* pixels that a telephone has for a table */
    LETTER = 8,        /* of one letter, more than most need */
    PHONE_PADDING = 8, /* of a cell, both sides, as the layout sets it for telephones */
    PADDING = 16,      /* and elsewhere */
    WORD_MAX = 24,     /* letters; a longer word, an address, may be broken */
    TOGETHER_MAX = 22  /* letters of "Monday 20 January", which stays on one line */
};

static const char breaks[] = ";overflow-wrap:anywhere;word-break:break-word";
static const char keeps[] = ";overflow-wrap:normal;word-break:normal";

/* --- cells ----------------------------------------------------------------------------------- */

static gboolean is_address(const char *word)
{
    return strchr(word, '@') || strstr(word, "://") || g_str_has_prefix(word, "www.") ||
           g_utf8_strlen(word, -1) > WORD_MAX;
}

/* Whether a cell has something that may be broken anywhere: an address, or nobody knows what. */
static gboolean may_break(const Html *in, const char *cell)
{
    g_auto(GStrv) words = g_strsplit_set(cell, " \t\n", -1);
    if (placeholders_has(in->doc->aside, cell))
        return TRUE;
    for (guint i = 0; words[i]; i++)
        if (is_address(words[i]))
            return TRUE;
    return FALSE;
}

/* "20 January", "Year 6", "£12,000", "9:30 am", a telephone number. */
static gboolean stays_together(const Html *in, const char *cell)
{
    guint words = 1;
    gboolean digit = FALSE;
    if (!*cell || strchr(cell, '\n') || placeholders_has(in->doc->aside, cell) ||
        g_utf8_strlen(cell, -1) > TOGETHER_MAX)
        return FALSE;
    for (const char *p = cell; *p; p++) {
        words += *p == ' ';
        digit |= g_ascii_isdigit(*p);
    }
    return digit && words <= 4;
}

/* --- widths ---------------------------------------------------------------------------------- */

/* The letters that a cell can't do without on one line. */
static guint least_letters(const Html *in, const char *cell, gboolean together)
{
    guint least = 0;
    g_auto(GStrv) words = g_strsplit_set(cell, " \t\n", -1);
    if (together && stays_together(in, cell))
        return (guint)g_utf8_strlen(cell, -1);
    for (guint i = 0; words[i]; i++) {
        guint letters = placeholders_has(in->doc->aside, words[i]) || is_address(words[i])
                            ? WORD_MAX / 2
                            : (guint)g_utf8_strlen(words[i], -1);
        least = MAX(least, letters);
    }
    return least;
}

static guint column_width(const Html *in, const Table *table, guint column, gboolean together)
{
    guint least = 1;
    for (guint r = 0; r < table->rows->len; r++) {
        const TableRow *row = g_ptr_array_index(table->rows, r);
        guint letters = row->cells ? least_letters(in, row->cells[column], together) : 0;
        least = MAX(least, letters);
    }
    return LETTER * least;
}

static guint table_width(const Html *in, const Table *table, gboolean together)
{
    guint width = 0;
    for (guint c = 0; c < table->columns; c++)
        width += column_width(in, table, c, together);
    return width;
}

static gboolean fits(const Html *in, const Table *table, guint room, guint padding,
                     gboolean together)
{
    return table_width(in, table, together) + padding * table->columns <= room;
}

/* --- rows ------------------------------------------------------------------------------------ */

typedef struct {
    const Table *table;
    const TableRow *header; /* NULL until it was written */
    gboolean cards;         /* too wide for a telephone */
    gboolean together;      /* there is room for cells that stay on one line */
    gboolean crowded;       /* not even on a wide screen is there room for every word */
} Look;

/* Where the words of a column stand, for CSS, and what Outlook has for it. */
static const char *side_of(char alignment)
{
    return alignment == 'r' ? "end" : alignment == 'c' ? "center" : "start";
}

static const char *align_of(char alignment, gboolean rtl)
{
    return alignment == 'c' ? "center" : (alignment == 'r') == rtl ? "left" : "right";
}

static const char *wrapping(const Html *in, const Look *look, const TableRow *row, guint column)
{
    const char *cell = row->cells[column];
    if (may_break(in, cell))
        return breaks;
    if ((look->table->alignments[column] == 'r' && look->header) ||
        (look->together && stays_together(in, cell)))
        return ";white-space:nowrap";
    return "";
}

/* What a column of a crowded table gets at least: its share, or a long cell beside it would squeeze
 * it to a letter a line. Newly allocated. */
static char *least_width(const Html *in, const Look *look, guint column)
{
    guint all = table_width(in, look->table, FALSE), padding = PADDING * look->table->columns;
    guint room = padding < in->room ? in->room - padding : 0;
    guint words = column_width(in, look->table, column, FALSE);
    if (!look->crowded || look->header)
        return g_strdup("");
    return g_strdup_printf(";min-width:%upx", MIN(words, words * room / all));
}

/* The header beside the value, for cards; nowhere else is it seen. */
static void label(Html *in, const Look *look, guint column)
{
    const char *words = look->header && look->cards ? look->header->cells[column] : "";
    if (!*words)
        return;
    html_add(in, "<span class=\"label\" style=\"display:none\">");
    html_escape(in, words);
    html_add(in, ": </span>");
}

char *html_cell_style(const Html *in, const char *key)
{
    g_autofree char *handed = html_handed(theme_style(in->theme, "td"), TRUE);
    GString *out = g_string_new(NULL);
    g_auto(GStrv) said = g_strsplit(handed, ";", -1);
    g_auto(GStrv) each = g_strsplit(theme_style(in->theme, key), ";", -1);
    for (guint i = 0; each[i]; i++) {
        gboolean bold = g_str_equal(key, "th") && g_str_has_prefix(each[i], "font:bold ");
        g_autofree char *light =
            bold ? g_strconcat("font:", each[i] + strlen("font:bold "), NULL) : NULL;
        if (!g_strv_contains((const char *const *)said, light ? light : each[i]))
            g_string_append_printf(out, "%s%s", out->len ? ";" : "", each[i]);
    }
    return g_string_free(out, FALSE);
}

static void table_row(Html *in, const Look *look, const TableRow *row)
{
    const Table *table = look->table;
    gboolean header = !look->header;
    html_add(in,
             header && look->cards ? "<tr class=\"heads\" valign=\"top\">" : "<tr valign=\"top\">");
    for (guint c = 0; row->cells[c]; c++) {
        /* An empty header cell would be announced as a header of nothing. */
        gboolean th = header && *row->cells[c], rtl = in->rtl;
        char alignment = table->alignments[c];
        g_autofree char *least = least_width(in, look, c);
        g_autofree char *own = html_cell_style(in, header ? "th" : "td");
        html_add(in, th ? "<th scope=\"col\"" : "<td");
        if (row->nodes[c])
            html_direction(in, row->nodes[c]);
        gboolean aligned = header || alignment != 'l';
        gboolean known = !in->rtl && alignment == 'l' && /* by `align` alone */
                         !placeholders_has(in->doc->aside, row->cells[c]);
        g_autofree char *style = g_strdup_printf(
            "%s%s%s%s%s", own, aligned && !known ? ";text-align:" : "",
            aligned && !known ? side_of(alignment) : "", least, wrapping(in, look, row, c));
        if (aligned)
            html_attribute(in, "align", align_of(alignment, in->rtl));
        html_attribute(in, "style", style);
        html_add(in, ">");
        if (row->nodes[c]) {
            label(in, look, c);
            html_inlines(in, row->nodes[c]);
        }
        html_add(in, th ? "</th>" : "</td>");
        in->rtl = rtl;
    }
    html_add(in, "</tr>\n");
}

void html_table_begin(Html *in, const Table *self, const char *classes, const char *more)
{
    html_add(in, "<table");
    html_attribute(in, "class", classes);
    html_add(in, " cellpadding=\"0\" cellspacing=\"0\" width=\"100%\"");
    g_autofree char *handed = html_handed(theme_style(in->theme, "td"), TRUE);
    g_autofree char *style = g_strconcat(theme_style(in->theme, "table"), ";", handed, more, NULL);
    html_attribute(in, "style", style);
    html_add(in, ">\n");
    if (self->caption) {
        html_open(in, "caption", "caption");
        html_escape(in, self->caption);
        html_add(in, "</caption>\n");
    }
}

void html_table(Html *in, const Table *self)
{
    Look look = {.table = self,
                 .cards = !fits(in, self, PHONE_ROOM, PHONE_PADDING, FALSE),
                 .together = fits(in, self, in->room, PADDING, TRUE),
                 .crowded = !fits(in, self, in->room, PADDING, FALSE)};
    html_table_begin(in, self, look.cards ? "data cards" : "data", look.crowded ? breaks : keeps);
    for (guint r = 0; r < self->rows->len; r++) {
        const TableRow *row = g_ptr_array_index(self->rows, r);
        if (row->tag) {
            html_marker(in, row->tag);
            continue;
        }
        table_row(in, &look, row);
        if (!look.header)
            look.header = row;
    }
    html_add(in, "</table>\n");
}
