/* rows - comma-separated values as rows of cells, with line numbers and limits (RFC 4180) */
#include "base/rows.h"

#include <csv.h>
#include <string.h>

#include "base/error.h"

struct Rows {
    char *name;
    struct csv_parser parser;
    RowsFound found;
    void *user;
    GString *text; /* the row's cells so far, each with its NUL */
    gsize starts[ROWS_CELLS_MAX];
    char *cells[ROWS_CELLS_MAX + 1];
    guint count;
    guint line;      /* of the byte now read */
    guint row_line;  /* where the row began */
    guint cell_line; /* where the cell began */
    gboolean in_row;
    gboolean held;     /* an = at the beginning of a cell, of which we don't know what follows it */
    gboolean after_cr; /* the byte before was CR, so that an LF ends no further line */
    GError *failure;   /* the first; nothing is read after it */
};

static int is_space(unsigned char byte)
{
    return byte == ' ';
}

static int is_space_or_tab(unsigned char byte)
{
    return byte == ' ' || byte == '\t';
}

Rows *rows_new(const char *name, guint first_line, char delimiter, RowsFound found, void *user)
{
    g_assert(delimiter == ',' || delimiter == ';' || delimiter == '\t');
    Rows *self = g_new0(Rows, 1);
    /* Strict, because libcsv otherwise makes something up from stray quotes and takes an unclosed
     * one for the rest of the file. */
    if (csv_init(&self->parser, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL) != 0)
        g_error("csv_init failed");
    csv_set_delim(&self->parser, (unsigned char)delimiter);
    csv_set_space_func(&self->parser, delimiter == '\t' ? is_space : is_space_or_tab);
    csv_set_blk_size(&self->parser, 4096); /* it grows by this each time; 128 by itself */
    self->name = g_strdup(name);
    self->text = g_string_new(NULL);
    self->found = found;
    self->user = user;
    self->line = first_line;
    return self;
}

void rows_free(Rows *self)
{
    if (!self)
        return;
    csv_free(&self->parser);
    g_string_free(self->text, TRUE);
    g_clear_error(&self->failure);
    g_free(self->name);
    g_free(self);
}

static gboolean complain(Rows *self, guint line, const char *text)
{
    if (!self->failure)
        g_set_error(&self->failure, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA, "%s:%u: %s", self->name,
                    line, text);
    return FALSE;
}

static gboolean complain_length(Rows *self)
{
    g_autofree char *text = g_strdup_printf(
        "a cell is over %d bytes (is a quote that opens it never closed?)", ROWS_CELL_MAX);
    return complain(self, self->cell_line, text);
}

/* libcsv's callbacks can't stop it, so that after a failure they let the rest of the line pass. */
static void on_cell(void *bytes, size_t length, void *data)
{
    Rows *self = data;
    if (self->failure)
        return;
    if (length > ROWS_CELL_MAX) {
        complain_length(self);
        return;
    }
    if (self->count == ROWS_CELLS_MAX) {
        g_autofree char *text = g_strdup_printf("a row has over %d cells", ROWS_CELLS_MAX);
        complain(self, self->row_line, text);
        return;
    }
    if (self->text->len - self->count + length > ROWS_ROW_MAX) {
        g_autofree char *text = g_strdup_printf("a row is over %d bytes", ROWS_ROW_MAX);
        complain(self, self->row_line, text);
        return;
    }
    self->starts[self->count++] = self->text->len;
    g_string_append_len(self->text, length ? bytes : "", (gssize)length);
    g_string_append_c(self->text, '\0');
    self->cell_line = self->line; /* the next one begins here */
}

static void on_row(int terminator, void *data)
{
    Rows *self = data;
    (void)terminator;
    if (!self->failure) {
        for (guint i = 0; i < self->count; i++)
            self->cells[i] = self->text->str + self->starts[i];
        self->cells[self->count] = NULL;
        self->found(self->user, self->row_line, self->cells, self->count, &self->failure);
    }
    self->in_row = FALSE;
    self->count = 0;
    g_string_truncate(self->text, 0);
}

static gboolean is_blank(const Rows *self, const char *bytes, gsize length)
{
    for (gsize i = 0; i < length; i++)
        if (bytes[i] != '\r' && bytes[i] != '\n' && !self->parser.is_space((unsigned char)bytes[i]))
            return FALSE;
    return TRUE;
}

static gboolean parse(Rows *self, const char *bytes, gsize length)
{
    gsize read = csv_parse(&self->parser, bytes, length, on_cell, on_row, self);
    if (self->failure)
        return FALSE;
    if (read < length && csv_error(&self->parser) == CSV_EPARSE) {
        g_autofree char *text = g_strdup_printf(
            "a quote stands inside a cell: write it twice and the whole cell in quotes%s",
            self->cell_line < self->line ? ", or close the quote before" : "");
        return complain(self, self->line, text);
    }
    if (read < length)
        g_error("csv_parse: %s", csv_strerror(csv_error(&self->parser)));
    if (self->parser.entry_pos > ROWS_CELL_MAX + 1) /* the closing quote stands there for a while */
        return complain_length(self);
    return TRUE;
}

/* Whether the parser stands before a cell (libcsv's ROW_NOT_BEGUN and FIELD_NOT_BEGUN). */
static gboolean is_before_cell(const Rows *self)
{
    return self->parser.pstate <= 1;
}

/* Reads bytes of one line, or some of them: at most the last byte is a line end. The = of ="0123"
 * is left out. */
static gboolean feed_line(Rows *self, const char *bytes, gsize length)
{
    if (!self->in_row && !is_blank(self, bytes, length)) {
        self->in_row = TRUE;
        self->row_line = self->cell_line = self->line;
    }
    if (self->held && *bytes != '"' && !parse(self, "=", 1))
        return FALSE;
    self->held = FALSE;
    const char *end = bytes + length, *equals;
    for (const char *from = bytes; from < end && (equals = memchr(from, '=', (gsize)(end - from)));
         from = equals + 1) {
        if (equals + 1 < end && equals[1] != '"')
            continue;
        if (equals > bytes && !parse(self, bytes, (gsize)(equals - bytes)))
            return FALSE;
        gboolean leaves_out = is_before_cell(self);
        self->held = leaves_out && equals + 1 == end;
        bytes = leaves_out ? equals + 1 : equals;
    }
    return bytes == end || parse(self, bytes, (gsize)(end - bytes));
}

static gsize line_length(const char *bytes, gsize length)
{
    for (gsize i = 0; i < length; i++)
        if (bytes[i] == '\n' || bytes[i] == '\r')
            return i + 1;
    return length;
}

/* Counts the line end, if there is one, of bytes that were read. */
static void count_line(Rows *self, const char *bytes, gsize length)
{
    char last = bytes[length - 1];
    gboolean is_second_half = last == '\n' && length == 1 && self->after_cr;
    if ((last == '\r' || last == '\n') && !is_second_half)
        self->line++;
    self->after_cr = last == '\r';
}

static gboolean pass_failure(const Rows *self, GError **error)
{
    if (self->failure && error)
        *error = g_error_copy(self->failure);
    return !self->failure;
}

gboolean rows_feed(Rows *self, const char *bytes, gsize length, GError **error)
{
    const char *nul = length ? memchr(bytes, '\0', length) : NULL;
    const char *end = nul ? nul : bytes + length;
    while (!self->failure && bytes < end) {
        gsize n = line_length(bytes, (gsize)(end - bytes));
        if (feed_line(self, bytes, n))
            count_line(self, bytes, n);
        bytes += n;
    }
    if (nul)
        complain(self, self->line, "a NUL byte: this is no CSV text (save it as CSV UTF-8)");
    return pass_failure(self, error);
}

gboolean rows_end(Rows *self, GError **error)
{
    if (self->held && !self->failure)
        parse(self, "=", 1);
    if (!self->failure && csv_fini(&self->parser, on_cell, on_row, self) != 0)
        complain(self, self->cell_line, "a quote that opens a cell is never closed");
    return pass_failure(self, error);
}

gboolean rows_pass(void *rows, guint line, char **cells, guint count, GError **error)
{
    Rows *self = rows;
    return self->found(self->user, line, cells, count, error);
}

/* How often each of `delimiters` stands outside quotes. TRUE if there is any. */
static gboolean count_delimiters(const char *bytes, gsize length, gboolean first_line,
                                 const char *delimiters, guint counts[3])
{
    gboolean quoted = FALSE, any = FALSE;
    for (gsize i = 0; i < length; i++) {
        if (bytes[i] == '"')
            quoted = !quoted;
        if (quoted)
            continue;
        if (first_line && (bytes[i] == '\n' || bytes[i] == '\r'))
            break;
        const char *found = bytes[i] ? strchr(delimiters, bytes[i]) : NULL;
        if (found)
            counts[found - delimiters]++;
        any |= found != NULL;
    }
    return any;
}

char rows_guess_delimiter(const char *bytes, gsize length)
{
    static const char delimiters[] = ",;\t"; /* the first wins a draw */
    guint counts[3] = {0}, best = 0;
    if (!count_delimiters(bytes, length, TRUE, delimiters, counts))
        count_delimiters(bytes, length, FALSE, delimiters, counts);
    for (guint i = 1; i < 3; i++)
        if (counts[i] > counts[best])
            best = i;
    return delimiters[best];
}
