/* table - a fenced block `table`: comma-separated values that become a table */
#include "markup/table.h"

#include <string.h>

#include "base/error.h"
#include "base/rows.h"
#include "markup/doc.h"
#include "template/wrap.h"

enum {
    FIELD_COLUMNS = 12, /* what a field in a cell is taken to need */
    WORD = 5            /* letters of "table" and "chart" */
};

typedef struct {
    Table *table;
    const Placeholders *aside;
    const char *file;
    Findings *findings;
    guint data_rows;
    gboolean failed, drawn; /* with pipes */
} Reading;

static void row_free(gpointer data)
{
    TableRow *row = data;
    g_strfreev(row->cells);
    g_free(row->nodes);
    g_free(row);
}

/* "table", or a word of as many letters. */
static gboolean begins_with(const char *info, const char *word)
{
    return g_ascii_strncasecmp(info, word, WORD) == 0 &&
           (!info[WORD] || g_ascii_isspace(info[WORD]) || info[WORD] == ':');
}

gboolean table_is_chart(const char *info)
{
    return begins_with(info, "chart");
}

gboolean table_is_asked(const char *info)
{
    return begins_with(info, "table") || table_is_chart(info);
}

static gboolean refuse(Reading *in, guint line, const char *id, char *text)
{
    findings_add(in->findings, FINDING_ERROR, in->file, line, id, "%s", text);
    g_free(text);
    in->failed = TRUE;
    return TRUE; /* read on: the next broken row is worth knowing too */
}

static void add_tag(Table *table, const PlaceholderTag *tag)
{
    TableRow *row = g_new0(TableRow, 1);
    row->tag = tag;
    g_ptr_array_add(table->rows, row);
}

/* The section that begins before all that a row holds and ends behind it: it stands around the row.
 * Takes its words out of the cells; NULL when there is none. */
static const PlaceholderTag *take_section(const Reading *in, TableRow *row, guint count)
{
    const char *start, *end, *last = row->cells[count - 1], *stop = NULL;
    int open = placeholders_find(in->aside, row->cells[0], &start, &end), index = -1;
    const PlaceholderTag *tag = open >= 0 ? placeholders_tag(in->aside, (guint)open) : NULL;
    if (!tag || start != row->cells[0] || (tag->kind != TAG_SECTION && tag->kind != TAG_INVERTED))
        return NULL;
    for (const char *from = last, *at;
         (index = placeholders_find(in->aside, from, &at, &from)) >= 0;) {
        stop = at;
        if (!*from)
            break;
    }
    if (index < 0 || (guint)index != tag->mate)
        return NULL;
    g_autofree char *cut = g_strndup(last, (gsize)(stop - last));
    g_free(row->cells[count - 1]);
    row->cells[count - 1] = g_strstrip(g_steal_pointer(&cut));
    char *rest = g_strstrip(g_strdup(end));
    g_free(row->cells[0]);
    row->cells[0] = rest;
    return tag;
}

static void add_row(Reading *in, TableRow *row, guint count)
{
    const PlaceholderTag *around = count > 1 ? take_section(in, row, count) : NULL;
    if (!around) {
        g_ptr_array_add(in->table->rows, row);
        return;
    }
    add_tag(in->table, around);
    add_row(in, row, count);
    add_tag(in->table, placeholders_tag(in->aside, around->mate));
}

static gboolean take_row(void *user, guint line, char **cells, guint count, GError **error)
{
    Reading *in = user;
    guint index;
    TableRow *row;
    (void)error;
    if (in->table->rows->len == TABLE_ROWS_MAX)
        return in->failed || refuse(in, line, "table-too-long",
                                    g_strdup_printf("a table of over %d rows", TABLE_ROWS_MAX));
    if (count == 1 && placeholders_is_section(in->aside, g_strstrip(cells[0]), &index)) {
        add_tag(in->table, placeholders_tag(in->aside, index));
        return TRUE;
    }
    if (count > TABLE_COLUMNS_MAX)
        return refuse(in, line, "table-too-wide",
                      g_strdup_printf("a table of %u columns; at most %d can be read on a page",
                                      count, TABLE_COLUMNS_MAX));
    if (in->table->columns && count != in->table->columns)
        return refuse(in, line, "table-ragged",
                      g_strdup_printf("a row of %u cells under a header of %u: %s", count,
                                      in->table->columns,
                                      in->drawn ? "write a | that belongs to a cell as \\|"
                                                : "put a cell that holds a comma in double "
                                                  "quotes"));
    in->table->columns = count;
    in->data_rows++;
    row = g_new0(TableRow, 1);
    row->cells = g_strdupv(cells);
    row->line = line;
    for (guint i = 0; i < count; i++)
        g_strstrip(row->cells[i]);
    add_row(in, row, count);
    return TRUE;
}

/* Digits with what people write around and between them: £1,250.50, 12%, −3, 2:30 is not one. */
static gboolean is_number(const char *cell)
{
    gboolean digit = FALSE;
    for (const char *p = cell; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (g_unichar_isdigit(c))
            digit = TRUE;
        else if (c != ' ' && c != 0xa0 && c != 0x2212 && c != 0x2013 && c != 0x20ac && c != 0xa3 &&
                 !(c < 128 && strchr(",.%+-$", (int)c)))
            return FALSE;
    }
    return digit;
}

/* Whether every cell of a column below the header is a number or empty. */
static gboolean is_numeric(const Table *self, guint column)
{
    gboolean header = TRUE, any = FALSE;
    for (guint r = 0; r < self->rows->len; r++) {
        const TableRow *row = g_ptr_array_index(self->rows, r);
        if (row->cells && !header && *row->cells[column]) {
            any = TRUE;
            if (!is_number(row->cells[column]))
                return FALSE;
        }
        header &= !row->cells;
    }
    return any;
}

/* The words of a cell, its line breaks kept; newly allocated. */
static char *words_of(cmark_node *node)
{
    GString *words = g_string_new(NULL);
    cmark_iter *iter = cmark_iter_new(node);
    while (cmark_iter_next(iter) != CMARK_EVENT_DONE) {
        cmark_node *at = cmark_iter_get_node(iter);
        cmark_node_type type = cmark_node_get_type(at);
        if (type == CMARK_NODE_TEXT || type == CMARK_NODE_CODE)
            g_string_append(words, cmark_node_get_literal(at));
        else if (type == CMARK_NODE_LINEBREAK || type == CMARK_NODE_SOFTBREAK)
            g_string_append_c(words, '\n');
    }
    cmark_iter_free(iter);
    return g_strstrip(g_string_free(words, FALSE));
}

void table_settle(Table *self)
{
    for (guint r = 0; r < self->rows->len; r++) {
        const TableRow *row = g_ptr_array_index(self->rows, r);
        for (guint c = 0; row->cells && row->cells[c]; c++) {
            if (!row->nodes[c])
                continue;
            g_free(row->cells[c]);
            row->cells[c] = words_of(row->nodes[c]);
        }
    }
    for (guint c = 0; c < self->columns; c++)
        if (self->alignments[c] == '-')
            self->alignments[c] = is_numeric(self, c) ? 'r' : 'l';
}

static gboolean read_rows(Reading *in, const char *literal, guint line)
{
    g_autoptr(GError) error = NULL;
    char delimiter = rows_guess_delimiter(literal, strcspn(literal, "\n"));
    g_autoptr(Rows) rows = rows_new(in->file, line, delimiter, take_row, in);
    if (rows_feed(rows, literal, strlen(literal), &error) && rows_end(rows, &error))
        return !in->failed;
    const char *text =
        error->message; /* "file:line: what is wrong": the finding has its own place */
    g_autofree char *place = g_strdup_printf("%s:", in->file ? in->file : "");
    guint at = line;
    if (g_str_has_prefix(text, place)) {
        char *end;
        at = (guint)g_ascii_strtoull(text + strlen(place), &end, 10);
        text = *end == ':' ? end + 1 + strspn(end + 1, " ") : text;
    }
    findings_add(in->findings, FINDING_ERROR, in->file, at, "table-broken", "%s", text);
    return FALSE;
}

/* The table, or NULL when it can't be one. */
static Table *finish(Reading *in, gboolean fine, guint line)
{
    Table *self = in->table;
    if (fine && in->data_rows < 2)
        refuse(in, line, "table-empty",
               g_strdup("a table needs a header line and at least one row below it"));
    if (!fine || in->failed) {
        table_free(self);
        return NULL;
    }
    if (!self->alignments)
        self->alignments = g_strnfill(self->columns, '-');
    return self;
}

static Table *begin(guint line)
{
    Table *self = g_new0(Table, 1);
    self->rows = g_ptr_array_new_with_free_func(row_free);
    self->line = line;
    return self;
}

Table *table_new(const char *info, const char *literal, const Placeholders *aside, const char *file,
                 guint line, Findings *findings)
{
    Table *self = begin(line);
    Reading in = {.table = self, .aside = aside, .file = file, .findings = findings};
    const char *caption = info + WORD;
    self->caption = g_strstrip(g_strdup(caption + (*caption == ':')));
    if (!*self->caption)
        g_clear_pointer(&self->caption, g_free);
    return finish(&in, read_rows(&in, literal, line), line);
}

Table *table_of(const GPtrArray *lines, const char *alignments, const Placeholders *aside,
                const char *file, Findings *findings)
{
    const TableLine *first = g_ptr_array_index(lines, 0);
    Table *self = begin(first->line);
    Reading in = {.table = self, .aside = aside, .file = file, .findings = findings, .drawn = TRUE};
    self->alignments = g_strdup(alignments);
    for (guint i = 0; i < lines->len; i++) {
        const TableLine *line = g_ptr_array_index(lines, i);
        take_row(&in, line->line, line->cells, g_strv_length(line->cells), NULL);
    }
    return finish(&in, !in.failed, first->line);
}

void table_free(Table *self)
{
    if (!self)
        return;
    g_ptr_array_unref(self->rows);
    g_free(self->caption);
    g_free(self->alignments);
    g_free(self);
}

static guint longest_word(const Placeholders *aside, const char *cell)
{
    guint longest = 0;
    g_auto(GStrv) words = g_strsplit_set(cell, " \t\n", -1);
    for (guint i = 0; words[i]; i++) {
        guint columns = placeholders_has(aside, words[i])
                            ? FIELD_COLUMNS
                            : wrap_columns(words[i], strlen(words[i]));
        longest = MAX(longest, columns);
    }
    return longest;
}

guint table_least(const Table *self, const Placeholders *aside, guint column)
{
    guint least = 1;
    for (guint r = 0; r < self->rows->len; r++) {
        const TableRow *row = g_ptr_array_index(self->rows, r);
        guint columns = row->cells ? longest_word(aside, row->cells[column]) : 0;
        least = MAX(least, columns);
    }
    return least;
}

/* --- cells, each read as one line of Markdown ------------------------------------------------- */

/* Begins a line of a cell while cmark reads it: a number or a hyphen there must begin no list. The
 * blank looks to Markdown like the beginning of a line. */
#define GUARD "x "

void doc_read_line(const Markdown *self, cmark_node *paragraph, const char *line)
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
        doc_read_line(self, paragraph, g_strchug(lines[i]));
    }
    return paragraph;
}

void table_read_cells(Markdown *self, const Table *table)
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
