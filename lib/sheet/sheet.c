/* sheet - a CSV file or a worksheet of named columns, read as a stream */
#include "sheet/sheet.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "text/amount.h"
#include "base/error.h"
#include "base/rows.h"
#include "text/garble.h"
#include "sheet/cell.h"
#include "sheet/cellletters.h"
#include "sheet/codepage.h"
#include "sheet/columns.h"
#include "sheet/encoding.h"
#include "sheet/othersheet.h"
#include "sheet/workbook.h"

enum { PIECE = 64 << 10 };

struct Sheet {
    char *shown;
    int fd;
    struct stat at_open;
    EncodingFound encoding;
    char delimiter;
    Workbook *workbook; /* or NULL: a CSV file */
    gboolean is_named;  /* the worksheet, by who opened it */
    guint header_line;
    Columns *columns;
};

/* --- the file -------------------------------------------------------------------------------- */

static gboolean open_file(Sheet *self, const char *path, GError **error)
{
    g_autofree char *lock = workbook_lock_file(path);
    if (lock) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA, "%s: %s", self->shown, lock);
        return FALSE;
    }
    /* Not blocking: opening a pipe that nobody writes to would wait for ever. */
    self->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (self->fd < 0 || fstat(self->fd, &self->at_open) < 0) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_NOINPUT, "%s: can't open: %s",
                    self->shown, g_strerror(errno));
        return FALSE;
    }
    if (!S_ISREG(self->at_open.st_mode)) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA, "%s: is %s, not a file",
                    self->shown,
                    S_ISDIR(self->at_open.st_mode) ? "a folder" : "a device or a pipe");
        return FALSE;
    }
    if (self->at_open.st_size > SHEET_BYTES_MAX) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA,
                    "%s: too large: %" G_GINT64_FORMAT
                    " MB, the limit is %d MB (split the list, or "
                    "leave out columns)",
                    self->shown, (gint64)(self->at_open.st_size >> 20), SHEET_BYTES_MAX >> 20);
        return FALSE;
    }
    return TRUE;
}

/* An officer may save the sheet while it is read: half of the old and half of the new is no list.
 */
static gboolean check_unchanged(const Sheet *self, GError **error)
{
    struct stat now;
    if (fstat(self->fd, &now) == 0 && now.st_size == self->at_open.st_size &&
        now.st_mtim.tv_sec == self->at_open.st_mtim.tv_sec &&
        now.st_mtim.tv_nsec == self->at_open.st_mtim.tv_nsec)
        return TRUE;
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_TEMPORARY,
                "%s: changed while it was read: try again", self->shown);
    return FALSE;
}

/* Gives `rows` a piece of the file as UTF-8. */
static gboolean feed(const Sheet *self, Rows *rows, const char *bytes, gsize length, GError **error)
{
    if (self->encoding.encoding == ENCODING_UTF8)
        return rows_feed(rows, bytes, length, error);
    gsize converted;
    if (self->encoding.encoding != ENCODING_WINDOWS_1252) {
        Codepage page =
            self->encoding.encoding == ENCODING_CP850 ? CODEPAGE_MS_DOS : CODEPAGE_MACINTOSH;
        g_autofree char *decoded = codepage_decode(page, bytes, length);
        return rows_feed(rows, decoded, strlen(decoded), error);
    }
    g_autofree char *text =
        g_convert(bytes, (gssize)length, "UTF-8", "WINDOWS-1252", NULL, &converted, NULL);
    if (!text) /* the survey found no such byte, so that the file is another one by now */
        return check_unchanged(self, error);
    return rows_feed(rows, text, converted, error);
}

/* Feeds the whole file, or as much as the callback of `rows` wants. */
static gboolean feed_file(const Sheet *self, Rows *rows, GError **error)
{
    if (self->workbook)
        return workbook_read(self->workbook, self->shown, rows_pass, rows, error);
    g_autofree char *bytes = g_malloc(PIECE);
    if (lseek(self->fd, (off_t)self->encoding.skip, SEEK_SET) < 0) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_IO, "%s: can't read: %s", self->shown,
                    g_strerror(errno));
        return FALSE;
    }
    for (;;) {
        gssize got = encoding_read(self->fd, self->shown, bytes, PIECE, error);
        if (got < 0)
            return FALSE;
        if (got == 0)
            return rows_end(rows, error);
        if (!feed(self, rows, bytes, (gsize)got, error))
            return FALSE;
    }
}

/* --- the first line -------------------------------------------------------------------------- */

/* The delimiter in "sep=;", which Excel reads in a line before the names; '\0' without one. */
static char excel_hint(const char *bytes, gsize length)
{
    g_autofree char *line = g_strndup(bytes, MIN(length, 8));
    const char *at = *line == '"' ? line + 1 : line;
    if (g_ascii_strncasecmp(at, "sep=", 4) != 0)
        return '\0';
    return at[4] && strchr(",;\t", at[4]) ? at[4] : '\0';
}

static gboolean is_hint(char *const *cells, guint count)
{
    const char *first = cells[0];
    if (g_ascii_strncasecmp(first, "sep=", 4) != 0 || strlen(first) > 5)
        return FALSE;
    for (guint i = 1; i < count; i++)
        if (*cells[i])
            return FALSE;
    return TRUE;
}

static gboolean find_delimiter(Sheet *self, const char *wanted, GError **error)
{
    char bytes[PIECE];
    char hint = '\0';
    if (!wanted || g_ascii_strcasecmp(wanted, "auto") == 0) {
        if (lseek(self->fd, (off_t)self->encoding.skip, SEEK_SET) < 0)
            return TRUE; /* feed_file will say so */
        gssize got = encoding_read(self->fd, self->shown, bytes, PIECE, error);
        if (got < 0)
            return FALSE;
        gsize at = 0;
        while (at < (gsize)got && strchr(" \r\n", bytes[at]))
            at++;
        hint = excel_hint(bytes + at, (gsize)got - at);
        self->delimiter = hint ? hint : rows_guess_delimiter(bytes + at, (gsize)got - at);
    } else if (g_ascii_strcasecmp(wanted, "tab") == 0) {
        self->delimiter = '\t';
    } else if (strcmp(wanted, ",") == 0 || strcmp(wanted, ";") == 0) {
        self->delimiter = *wanted;
    } else {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG,
                    "%s: unknown delimiter '%s' (one of auto, \",\", \";\", tab)", self->shown,
                    wanted);
        return FALSE;
    }
    return TRUE;
}

/* Opens the worksheet; from now on findings and errors name it, too. */
static gboolean open_workbook(Sheet *self, const char *sheet, GError **error)
{
    self->is_named = sheet != NULL;
    self->workbook = workbook_open(self->fd, self->shown, sheet, error);
    if (!self->workbook)
        return FALSE;
    char *shown = g_strdup_printf("%s:%s", self->shown, workbook_sheet(self->workbook));
    g_free(self->shown);
    self->shown = shown;
    self->delimiter = ',';
    return TRUE;
}

static gboolean open_text(Sheet *self, const SheetSpec *spec, Encoding wanted, GError **error)
{
    if (spec->sheet) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG,
                    "%s: is no workbook (.xlsx, .ods): it has no worksheet '%s'", self->shown,
                    spec->sheet);
        return FALSE;
    }
    return encoding_detect(self->fd, self->shown, wanted, &self->encoding, error) &&
           find_delimiter(self, spec->delimiter, error);
}

/* The first row that isn't empty: names. Returns FALSE, with STOPPED, to read no further. */
static gboolean take_header(void *user, guint line, char **cells, guint count, GError **error)
{
    Sheet *self = user;
    g_autoptr(GError) inner = NULL;
    if (!self->header_line && is_hint(cells, count))
        return TRUE; /* Excel's own hint at the delimiter, which find_delimiter followed */
    self->header_line = line;
    self->columns = columns_new(self->shown, line, cells, count, &inner);
    if (!self->columns && !inner)
        return TRUE;
    if (!inner)
        inner = g_error_new(CIRCULAR_ERROR, CIRCULAR_ERROR_STOPPED, "header read");
    g_propagate_error(error, g_steal_pointer(&inner));
    return FALSE;
}

static gboolean read_header(Sheet *self, GError **error)
{
    g_autoptr(GError) inner = NULL;
    g_autoptr(Rows) rows = rows_new(self->shown, 1, self->delimiter, take_header, self);
    if (feed_file(self, rows, &inner)) {
        g_autofree char *other = self->workbook ? othersheet_filled(self->workbook) : NULL;
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA,
                    "%s: is empty: the first line has to name the columns%s", self->shown,
                    other ? other : "");
        return FALSE;
    }
    if (g_error_matches(inner, CIRCULAR_ERROR, CIRCULAR_ERROR_STOPPED))
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&inner));
    return FALSE;
}

Sheet *sheet_open(const SheetSpec *spec, GError **error)
{
    g_autoptr(Sheet) self = g_new0(Sheet, 1);
    Encoding wanted;
    self->shown = g_strdup(spec->shown ? spec->shown : spec->file);
    self->fd = -1;
    if (!encoding_parse(spec->encoding, &wanted)) {
        g_set_error(
            error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG,
            "%s: unknown encoding '%s' (one of auto, utf-8, windows-1252, cp850, macintosh)",
            self->shown, spec->encoding);
        return NULL;
    }
    if (!open_file(self, spec->file, error))
        return NULL;
    gboolean opened = workbook_looks_like(self->fd) ? open_workbook(self, spec->sheet, error)
                                                    : open_text(self, spec, wanted, error);
    if (!opened || !read_header(self, error))
        return NULL;
    return g_steal_pointer(&self);
}

void sheet_close(Sheet *self)
{
    if (!self)
        return;
    workbook_close(self->workbook);
    if (self->fd >= 0)
        close(self->fd);
    columns_free(self->columns);
    g_free(self->encoding.page);
    g_free(self->shown);
    g_free(self);
}

const char *sheet_shown(const Sheet *self)
{
    return self->shown;
}

guint sheet_header_line(const Sheet *self)
{
    return self->header_line;
}

const char *const *sheet_columns(const Sheet *self)
{
    return columns_names(self->columns);
}

guint sheet_width(const Sheet *self)
{
    return columns_count(self->columns);
}

guint sheet_column_number(const Sheet *self, guint column)
{
    return self->workbook ? workbook_column(self->workbook, columns_cell(self->columns, column))
                          : 0;
}

Location sheet_location(const Sheet *self, guint line, guint column)
{
    return (Location){self->shown, line, sheet_column_number(self, column)};
}

/* The same for a cell of the line, which may be of no column. */
static Location cell_location(const Sheet *self, guint line, guint cell)
{
    return (Location){self->shown, line,
                      self->workbook ? workbook_column(self->workbook, cell) : 0};
}

int sheet_find(const Sheet *self, const char *name)
{
    return columns_find(self->columns, name);
}

/* --- what there is in place of a column that is looked for ------------------------------------ */

enum { LINES = 30 }; /* looked at for a line of names */

typedef struct {
    const Sheet *sheet;
    const char *name;
    guint line;
    char *names; /* the line's, joined */
} HeaderSearch;

/* Looks for a line below the names that has the column that is looked for. */
static gboolean look_for_header(void *user, guint line, char **cells, guint count, GError **error)
{
    HeaderSearch *search = user;
    for (guint i = 0; line > search->sheet->header_line && i < count && !search->line; i++)
        if (columns_is(cells[i], search->name))
            search->line = line;
    if (search->line)
        search->names = columns_shown(cells, count);
    if (!search->line && line < search->sheet->header_line + LINES)
        return TRUE;
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_STOPPED, "searched");
    return FALSE;
}

/* With other delimiters, too: a title may have a comma, and the table below it semicolons. */
static void search_header(const Sheet *self, HeaderSearch *search)
{
    static const char others[] = {'\0', ',', ';', '\t'};
    for (guint i = 0; i < G_N_ELEMENTS(others) && !search->line; i++) {
        char delimiter = others[i] ? others[i] : self->delimiter;
        g_autoptr(Rows) rows = rows_new(self->shown, 1, delimiter, look_for_header, search);
        feed_file(self, rows, NULL);
        if (self->workbook)
            return;
    }
}

char *sheet_explain(const Sheet *self, const char *name)
{
    const ColumnsPassed *passed;
    for (guint i = 0; (passed = columns_passed(self->columns, i)); i++)
        if (passed->name && g_ascii_strcasecmp(passed->name, name) == 0)
            return g_strdup_printf("columns %u and %u are both called '%s': rename one",
                                   passed->first + 1, passed->cell + 1, passed->name);
    g_autofree char *all = columns_shown((char *const *)sheet_columns(self), sheet_width(self));
    HeaderSearch search = {.sheet = self, .name = name};
    search_header(self, &search);
    g_autofree char *names = search.names;
    if (search.line && !*all)
        return g_strdup_printf("the column names are taken from line %u, in which there are none "
                               "(a title over several columns?); line %u has %s: delete the lines "
                               "above it",
                               self->header_line, search.line, names);
    if (search.line)
        return g_strdup_printf("the column names are taken from line %u, which has only '%s'; line "
                               "%u has %s: delete the lines above it",
                               self->header_line, all, search.line, names);
    if (sheet_width(self) == 1 && strpbrk(all, ",;|\t"))
        return g_strdup_printf("the line is one cell, '%s': is its delimiter %s?", all,
                               strchr(all, '|')   ? "'|', which can't be read (save it with commas)"
                               : strchr(all, ';') ? "';' (say so: delimiter)"
                               : strchr(all, ',') ? "',' (say so: delimiter)"
                                                  : "a tab (say so: delimiter)");
    char *other = self->workbook ? othersheet_with(self->workbook, name) : NULL;
    if (other)
        return other;
    return strchr(all, '@') ? g_strdup_printf("line %u is no line of names, but has an address "
                                              "(%s): write the names of the columns above it",
                                              self->header_line, all)
                            : g_strdup_printf("the columns are: %s", all);
}

/* --- the rows -------------------------------------------------------------------------------- */

typedef struct {
    const Sheet *sheet;
    Findings *findings;
    SheetRow row;
    void *user;
    GString *spare[ROWS_CELLS_MAX]; /* for cells that grow when cleaned; made when first needed */
    char *cells[ROWS_CELLS_MAX + 1];
    char *named[COLUMNS_MAX + 1]; /* those of the columns */
    guint passed_line;            /* the first line with a value in a column that is passed over */
    guint again_line, again;      /* lines that say the names once more: the first, how many */
    char empty[1];
} Reading;

/* Cleans the cells in place. Gives how many have a value, or -1 with an error. */
static int clean_row(Reading *self, SheetLine *at, char **cells, guint count, GError **error)
{
    int filled = 0;
    for (guint i = 0; i < count; i++) {
        guint before = at->controls;
        if (garble_reverses(cells[i])) {
            at->reversed = TRUE;
            at->reversed_cell = i;
        }
        self->cells[i] = cell_clean(cells[i], &self->spare[i], &at->controls);
        if (!before && at->controls)
            at->control_cell = i;
        if (!self->cells[i]) { /* the survey found UTF-8, so that the file is another one by now */
            g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_TEMPORARY,
                        "%s:%u: changed while it was read: try again", self->sheet->shown,
                        at->line);
            return -1;
        }
        filled += *self->cells[i] != '\0';
    }
    return filled;
}

static const char *last_column(const Sheet *sheet)
{
    guint width = sheet_width(sheet);
    return width ? sheet_columns(sheet)[width - 1] : "";
}

/* The first column that a row of `count` cells doesn't reach, or NULL. */
static const char *column_beyond(const Sheet *sheet, guint count)
{
    for (guint i = 0; i < sheet_width(sheet); i++)
        if (columns_cell(sheet->columns, i) >= count)
            return sheet_columns(sheet)[i];
    return NULL;
}

/* The columns' cells, and whether there is a value in a column that is passed over. */
static void take_named(Reading *self, guint line)
{
    const Columns *columns = self->sheet->columns;
    const ColumnsPassed *passed;
    for (guint i = 0; i < sheet_width(self->sheet); i++)
        self->named[i] = self->cells[columns_cell(columns, i)];
    for (guint i = 0; !self->passed_line && (passed = columns_passed(columns, i)); i++)
        if (*self->cells[passed->cell])
            self->passed_line = line;
}

static void report_passed(const Reading *self)
{
    const ColumnsPassed *passed;
    guint unnamed = 0, first = 0, line = self->sheet->header_line;
    if (self->again)
        findings_add(self->findings, FINDING_NOTE, self->sheet->shown, self->again_line, "column",
                     "the column names stand here again%s: passed over",
                     self->again > 1 ? ", and in other lines" : "");
    for (guint i = 0; (passed = columns_passed(self->sheet->columns, i)); i++) {
        if (passed->name)
            findings_add(self->findings, FINDING_NOTE, self->sheet->shown, line, "column",
                         "columns %u and %u are both called '%s': nothing can use either (rename "
                         "one)",
                         passed->first + 1, passed->cell + 1, passed->name);
        else if (unnamed++ == 0)
            first = passed->cell + 1;
    }
    if (unnamed && self->passed_line)
        findings_add(self->findings, FINDING_NOTE, self->sheet->shown, line, "column",
                     "column %u has no name%s: nothing can use it", first,
                     unnamed > 1 ? ", nor have others" : "");
}

static gboolean is_too_long(Reading *self, guint line, guint count)
{
    guint width = columns_cells(self->sheet->columns);
    for (guint i = width; i < count; i++) {
        if (!*self->cells[i])
            continue;
        g_autofree char *quoted = cell_quote(self->cells[i]);
        const Location at = cell_location(self->sheet, line, i);
        findings_add_at(
            self->findings, FINDING_ERROR, &at, "long-row",
            "cell %u, '%s', stands beyond the last column '%s': is a cell with a delimiter in "
            "it not in quotes?",
            i + 1, quoted, last_column(self->sheet));
        return TRUE;
    }
    return FALSE;
}

/* A line that repeats the names, as where two files were put together: it is no row. */
static gboolean is_header_again(Reading *self, guint line)
{
    guint width = sheet_width(self->sheet);
    for (guint i = 0; i < width; i++)
        if (strcmp(self->named[i], sheet_columns(self->sheet)[i]) != 0)
            return FALSE;
    if (width < 2)
        return FALSE;
    if (self->again++ == 0)
        self->again_line = line;
    return TRUE;
}

static gboolean take_row(void *user, guint line, char **cells, guint count, GError **error)
{
    Reading *self = user;
    guint width = columns_cells(self->sheet->columns);
    if (line <= self->sheet->header_line)
        return TRUE;
    SheetLine at = {.line = line};
    int filled = clean_row(self, &at, cells, count, error);
    if (filled < 0)
        return FALSE;
    if (!filled || is_too_long(self, line, count))
        return TRUE;
    if (count < width) {
        const char *beyond = column_beyond(self->sheet, count);
        if (beyond)
            findings_add(self->findings, FINDING_WARNING, self->sheet->shown, line, "short-row",
                         "%u cell%s for %u columns: '%s' and what follows are taken as empty",
                         count, count == 1 ? "" : "s", width, beyond);
        for (guint i = count; i < width; i++)
            self->cells[i] = self->empty;
    }
    take_named(self, line);
    if (is_header_again(self, line))
        return TRUE;
    return self->row(self->user, &at, self->named, error);
}

static void check_letters(const Sheet *self, guint line, guint column, const char *cell,
                          Findings *findings)
{
    CellLettersHow how = self->workbook || self->encoding.encoding == ENCODING_UTF8
                             ? CELLLETTERS_GIVEN
                         : self->encoding.page ? CELLLETTERS_TOLD
                                               : CELLLETTERS_GUESSED;
    const Location at = sheet_location(self, line, column);
    cellletters_check(cell, sheet_columns(self)[column], how, &at, findings);
}

static void report_workbook(const Sheet *self, Findings *findings)
{
    workbook_report(self->workbook, self->shown, findings);
    if (!self->is_named)
        othersheet_report(self->workbook, self->shown, sheet_columns(self), findings);
}

gboolean sheet_read(Sheet *self, Findings *findings, SheetRow row, void *user, GError **error)
{
    g_autofree Reading *reading = g_new0(Reading, 1);
    reading->sheet = self;
    reading->findings = findings;
    reading->row = row;
    reading->user = user;
    g_autoptr(Rows) rows = rows_new(self->shown, 1, self->delimiter, take_row, reading);
    if (self->encoding.page)
        findings_add(findings, FINDING_ERROR, self->shown, self->encoding.page_line, "code-page",
                     "%s", self->encoding.page);
    if (self->encoding.mixed_line)
        findings_add(
            findings, FINDING_WARNING, self->shown, self->encoding.mixed_line, "encoding",
            "looks like UTF-8, but the file as a whole is not and is read as Windows-1252: "
            "check the accents in this line");
    gboolean ok = feed_file(self, rows, error) && check_unchanged(self, error);
    if (ok && self->workbook)
        report_workbook(self, findings);
    for (guint i = 0; i < G_N_ELEMENTS(reading->spare); i++)
        if (reading->spare[i])
            g_string_free(reading->spare[i], TRUE);
    if (ok)
        report_passed(reading);
    for (guint i = 0; ok && i < sheet_width(self); i++)
        if (!g_str_is_ascii(sheet_columns(self)[i]))
            check_letters(self, self->header_line, i, sheet_columns(self)[i], findings);
    return ok;
}

void sheet_report(const Sheet *self, const SheetLine *at, char *const *cells, Findings *findings)
{
    const Location where = cell_location(self, at->line, at->control_cell);
    if (at->controls)
        findings_add_at(findings, FINDING_WARNING, &where, "control",
                        "%u control character%s, shown as '\uFFFD'", at->controls,
                        amount_form(at->controls, "", "s"));
    if (at->reversed) {
        const Location turned = cell_location(self, at->line, at->reversed_cell);
        findings_add_at(findings, FINDING_WARNING, &turned, "hidden-direction",
                        "a character that shows nothing and turns the text round is left out");
    }
    for (guint i = 0; !at->controls && i < sheet_width(self); i++)
        if (!g_str_is_ascii(cells[i]) || garble_has_lost(cells[i]))
            check_letters(self, at->line, i, cells[i], findings);
}
