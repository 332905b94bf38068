/* workbook_ods - the sheets of an OpenDocument spreadsheet (ODF 1.3 part 3, .ods) */
#include "sheet/workbook_ods.h"

#include <string.h>

#include "base/error.h"

static const char CONTENT[] = "content.xml", MANIFEST[] = "META-INF/manifest.xml",
                  MIMETYPE[] = "mimetype";

struct Ods {
    Package *package;
    char *sheet;
    guint table; /* which of the document's tables, from 1 */
};

static gboolean complain(const Ods *self, GError **error, const char *what)
{
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA, "%s: %s", package_shown(self->package),
                what);
    return FALSE;
}

/* Ends a reading that has what it looked for. */
static gboolean stop(GError **error)
{
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_STOPPED, "read");
    return FALSE;
}

static gboolean parse(const Ods *self, const PartHandler *handler, void *user, GError **error)
{
    g_autoptr(GError) inner = NULL;
    if (package_parse(self->package, CONTENT, handler, user, &inner) ||
        g_error_matches(inner, CIRCULAR_ERROR, CIRCULAR_ERROR_STOPPED))
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&inner));
    return FALSE;
}

gboolean ods_looks_like(Package *package)
{
    return package_has(package, CONTENT) && package_has(package, MIMETYPE);
}

/* --- which sheet ------------------------------------------------------------------------------ */

typedef struct {
    Ods *ods;
    const char *wanted;
    gboolean is_for_all; /* none is wanted, and all are named */
    WorkbookNames *names;
    GHashTable *hiding; /* names of styles whose sheets aren't shown */
    char *style;        /* the one at hand */
    guint depth;        /* of tables within one another */
    guint tables;
} Search;

static gboolean is_false(const PartAttributes *attributes, const char *name)
{
    char text[8];
    return attributes_copy(attributes, name, text, sizeof text) && strcmp(text, "false") == 0;
}

static gboolean note_style(Search *self, const PartAttributes *attributes, GError **error)
{
    if (!self->style || !is_false(attributes, "display"))
        return TRUE;
    if (g_hash_table_size(self->hiding) == ODS_STYLES_MAX)
        return complain(self->ods, error, "has far too many styles (save it anew as .ods)");
    g_hash_table_add(self->hiding, g_strdup(self->style));
    return TRUE;
}

/* A table may be the one that is wanted: then no more has to be read. */
static gboolean note_table(Search *self, const PartAttributes *attributes, GError **error)
{
    g_autofree char *name = attributes_text(attributes, "name");
    g_autofree char *style = attributes_text(attributes, "style-name");
    if (self->depth++)
        return TRUE;
    self->tables++;
    if (!name)
        return TRUE;
    if (!workbook_names_add(self->names, name, NULL,
                            style && g_hash_table_contains(self->hiding, style)))
        return complain(self->ods, error, "has far too many sheets");
    if (self->is_for_all || !workbook_names_choose(self->names, "", self->wanted, NULL))
        return TRUE;
    self->ods->sheet = g_steal_pointer(&name);
    self->ods->table = self->tables;
    return stop(error);
}

static gboolean search_start(void *user, const char *name, const PartAttributes *attributes,
                             GError **error)
{
    Search *self = user;
    if (strcmp(name, "style") == 0) {
        g_free(self->style);
        self->style = attributes_text(attributes, "name");
    } else if (strcmp(name, "table-properties") == 0) {
        return note_style(self, attributes, error);
    } else if (strcmp(name, "table") == 0) {
        return note_table(self, attributes, error);
    }
    return TRUE;
}

static gboolean search_end(void *user, const char *name, GError **error)
{
    Search *self = user;
    (void)error;
    if (strcmp(name, "style") == 0)
        g_clear_pointer(&self->style, g_free);
    else if (strcmp(name, "table") == 0 && self->depth)
        self->depth--;
    return TRUE;
}

static gboolean search_sheets(Search *search, GError **error)
{
    static const PartHandler handler = {search_start, search_end, NULL};
    search->hiding = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    gboolean ok = parse(search->ods, &handler, search, error);
    g_hash_table_unref(search->hiding);
    g_free(search->style);
    return ok;
}

WorkbookNames *ods_names(Ods *self, GError **error)
{
    g_autoptr(WorkbookNames) names = workbook_names_new();
    Search search = {.ods = self, .is_for_all = TRUE, .names = names};
    return search_sheets(&search, error) ? g_steal_pointer(&names) : NULL;
}

static gboolean find_sheet(Ods *self, const char *wanted, GError **error)
{
    g_autoptr(WorkbookNames) names = workbook_names_new();
    Search search = {.ods = self, .wanted = wanted, .names = names};
    gboolean ok = search_sheets(&search, error);
    return ok && (self->sheet ||
                  workbook_names_choose(names, package_shown(self->package), wanted, error));
}

/* --- opening ---------------------------------------------------------------------------------- */

static gboolean check_kind(const Ods *self, GError **error)
{
    gboolean is_sheet = FALSE, is_encrypted = FALSE;
    if (!package_scan(self->package, MIMETYPE, "opendocument.spreadsheet", &is_sheet, error) ||
        !package_scan(self->package, MANIFEST, "encryption-data", &is_encrypted, error))
        return FALSE;
    if (is_encrypted)
        return complain(self, error,
                        "is encrypted: take the password off (in LibreOffice: save it as, without "
                        "'Save with password')");
    return is_sheet || complain(self, error,
                                "is a document, but no spreadsheet: save the list as .ods, .xlsx "
                                "or CSV UTF-8");
}

Ods *ods_open(Package *package, const char *wanted, GError **error)
{
    g_autoptr(Ods) self = g_new0(Ods, 1);
    self->package = package;
    if (!check_kind(self, error) || !find_sheet(self, wanted, error))
        return NULL;
    return g_steal_pointer(&self);
}

void ods_close(Ods *self)
{
    if (!self)
        return;
    g_free(self->sheet);
    g_free(self);
}

const char *ods_sheet(const Ods *self)
{
    return self->sheet;
}

/* --- the cells -------------------------------------------------------------------------------- */

typedef struct {
    const Ods *ods;
    WorkbookRows *rows;
    guint tables, depth; /* seen; tables within one another */
    guint row, repeated; /* the row at hand, and how many like it */
    gboolean in_row, has_text;
    guint column, column_like; /* the last column; how many cells like the one at hand */
    guint spans_until;         /* the last row that a merged cell reaches */
    guint element;             /* elements around what is read, from the cell on; 0 is none */
    guint paragraphs, aside;   /* of the cell; elements within what isn't its text */
    gboolean in_paragraph, is_covered, has_formula;
    char type[12];
    GString *shown, *value, *formula;
    guint hidden_from; /* columns told so far */
} Cells;

static gboolean is_in_sheet(const Cells *self)
{
    return self->tables == self->ods->table && self->depth == 1;
}

static gboolean is_hidden(const PartAttributes *attributes)
{
    char visibility[12];
    return attributes_copy(attributes, "visibility", visibility, sizeof visibility) &&
           strcmp(visibility, "visible") != 0; /* "collapse", "filter" */
}

static void start_column(Cells *self, const PartAttributes *attributes)
{
    guint count = attributes_number(attributes, "number-columns-repeated", WORKBOOK_COLUMNS_MAX, 1);
    guint first = self->hidden_from + 1;
    self->hidden_from = MIN(self->hidden_from + count, WORKBOOK_COLUMNS_MAX);
    if (is_hidden(attributes))
        workbook_rows_hide(self->rows, first, self->hidden_from);
}

static gboolean start_row(Cells *self, const PartAttributes *attributes, GError **error)
{
    self->row += self->repeated;
    self->repeated =
        attributes_number(attributes, "number-rows-repeated", WORKBOOK_ROWS_MAX + 1, 1);
    self->repeated = MAX(self->repeated, 1);
    self->in_row = TRUE;
    self->has_text = FALSE;
    self->column = 0;
    self->column_like = 0;
    if (self->row > WORKBOOK_ROWS_MAX) /* what has a text there is refused when it comes */
        return TRUE;
    return workbook_rows_begin(self->rows, self->row, is_hidden(attributes), error);
}

static gboolean note_span(Cells *self, const PartAttributes *attributes, GError **error)
{
    guint rows = attributes_number(attributes, "number-rows-spanned", WORKBOOK_ROWS_MAX, 1);
    guint columns =
        attributes_number(attributes, "number-columns-spanned", WORKBOOK_COLUMNS_MAX, 1);
    guint column = self->column + 1, last = self->row + MAX(rows, 1) - 1;
    if ((rows <= 1 && columns <= 1) || column > WORKBOOK_COLUMNS_MAX)
        return TRUE;
    self->spans_until = MAX(self->spans_until, MIN(last, WORKBOOK_ROWS_MAX));
    return workbook_rows_merge(self->rows, self->row, column, last, column + MAX(columns, 1) - 1,
                               error);
}

static gboolean start_cell(Cells *self, const PartAttributes *attributes, gboolean is_covered,
                           GError **error)
{
    self->element = 1;
    self->paragraphs = self->aside = 0;
    self->in_paragraph = FALSE;
    self->is_covered = is_covered;
    self->column_like =
        attributes_number(attributes, "number-columns-repeated", WORKBOOK_COLUMNS_MAX + 1, 1);
    self->column_like = MAX(self->column_like, 1);
    attributes_copy(attributes, "value-type", self->type, sizeof self->type);
    g_string_truncate(self->shown, 0);
    g_string_truncate(self->value, 0);
    g_string_truncate(self->formula, 0);
    static const char *const values[] = {"date-value", "boolean-value", "string-value", "value",
                                         "time-value"};
    for (guint i = 0; i < G_N_ELEMENTS(values) && !self->value->len; i++) {
        g_autofree char *value = attributes_text(attributes, values[i]);
        g_string_assign(self->value, value ? value : "");
    }
    g_autofree char *formula = attributes_text(attributes, "formula");
    self->has_formula = formula != NULL;
    g_string_assign(self->formula, formula ? formula : "");
    return is_covered || note_span(self, attributes, error);
}

/* Within a cell: paragraphs, and the blanks and line ends in them. What else stands in a cell (a
 * remark, a picture, a reading aid) isn't its text. */
static void start_within(Cells *self, const char *name, const PartAttributes *attributes)
{
    self->element++;
    if (self->aside || strcmp(name, "ruby-text") == 0 || strcmp(name, "note") == 0 ||
        (self->element == 2 && strcmp(name, "p") != 0)) {
        self->aside++;
        return;
    }
    if (self->element == 2) {
        if (self->paragraphs++)
            g_string_append_c(self->shown, '\n');
        self->in_paragraph = TRUE;
    } else if (strcmp(name, "s") == 0) {
        guint count = attributes_number(attributes, "c", 1000, 1);
        while (count-- > 0)
            g_string_append_c(self->shown, ' ');
    } else if (strcmp(name, "tab") == 0) {
        g_string_append_c(self->shown, '\t');
    } else if (strcmp(name, "line-break") == 0) {
        g_string_append_c(self->shown, '\n');
    }
}

static gboolean start_element(void *user, const char *name, const PartAttributes *attributes,
                              GError **error)
{
    Cells *self = user;
    if (self->element) {
        start_within(self, name, attributes);
        return TRUE;
    }
    if (strcmp(name, "table") == 0) {
        self->tables += self->depth++ == 0;
        return TRUE;
    }
    if (!is_in_sheet(self))
        return TRUE;
    if (strcmp(name, "table-column") == 0)
        start_column(self, attributes);
    else if (strcmp(name, "table-row") == 0)
        return start_row(self, attributes, error);
    else if (self->in_row && strcmp(name, "table-cell") == 0)
        return start_cell(self, attributes, FALSE, error);
    else if (self->in_row && strcmp(name, "covered-table-cell") == 0)
        return start_cell(self, attributes, TRUE, error);
    return TRUE;
}

/* "2026-09-01T00:00:00" is the day alone; seconds are told where there are any. */
static void show_date(GString *out, const char *value)
{
    const char *time = strchr(value, 'T');
    g_string_assign(out, value);
    if (!time)
        return;
    gsize at = (gsize)(time - value);
    g_string_truncate(out, MIN(out->len, at + 9)); /* no parts of seconds */
    out->str[at] = ' ';
    if (g_str_has_suffix(out->str, " 00:00:00"))
        g_string_truncate(out, at);
    else if (out->len == at + 9 && g_str_has_suffix(out->str, ":00"))
        g_string_truncate(out, out->len - 3);
}

/* A number that was shown without its digits, because the column is narrow: "###", "4.47701E+11". */
static gboolean is_cut(const Cells *self)
{
    const char *shown = self->shown->str;
    gboolean is_number = strcmp(self->type, "float") == 0 || strcmp(self->type, "currency") == 0 ||
                         strcmp(self->type, "percentage") == 0;
    return is_number && self->value->len && *shown &&
           (strspn(shown, "#") == strlen(shown) ||
            (g_ascii_isdigit(shown[strspn(shown, "-")]) && strchr(shown, 'E')));
}

/* The text that LibreOffice shows, but for what its language and settings would decide. */
static void show(Cells *self)
{
    gboolean is_value = self->value->len > 0;
    if (is_cut(self)) {
        self->paragraphs = 0;
        g_string_truncate(self->shown, 0);
    }
    if (strcmp(self->type, "date") == 0 && is_value)
        show_date(self->shown, self->value->str);
    else if (strcmp(self->type, "boolean") == 0 && is_value)
        g_string_assign(self->shown, strcmp(self->value->str, "true") == 0 ? "TRUE" : "FALSE");
    else if (!self->paragraphs && strcmp(self->type, "percentage") == 0 && is_value)
        g_string_printf(self->shown, "%.10g%%", g_ascii_strtod(self->value->str, NULL) * 100);
    else if (!self->paragraphs && is_value)
        g_string_assign(self->shown, self->value->str);
    else if (!self->paragraphs && self->has_formula && !*self->type) {
        /* Never computed: nobody takes it for an empty cell. "of:=A1" is "=A1". */
        const char *begin = strchr(self->formula->str, '=');
        g_string_assign(self->shown, begin ? begin : self->formula->str);
        workbook_rows_uncomputed(self->rows, self->column + 1);
    }
}

static gboolean end_cell(Cells *self, GError **error)
{
    guint column = self->column;
    self->element = 0;
    self->column = MIN(self->column + self->column_like, WORKBOOK_COLUMNS_MAX + 1);
    if (self->is_covered)
        return TRUE;
    self->column = column;
    show(self);
    self->column = MIN(column + self->column_like, WORKBOOK_COLUMNS_MAX + 1);
    if (!self->shown->len)
        return TRUE;
    if (self->row > WORKBOOK_ROWS_MAX)
        return workbook_rows_begin(self->rows, self->row, FALSE, error);
    self->has_text = TRUE;
    for (guint i = column + 1; i <= self->column; i++)
        if (!workbook_rows_cell(self->rows, i, self->shown->str, self->shown->len, error))
            return FALSE;
    return TRUE;
}

/* The empty rows to the end of the sheet are one element: those that no merged cell reaches are
 * passed over. */
static gboolean end_row(Cells *self, GError **error)
{
    guint times = MIN(self->repeated, WORKBOOK_ROWS_MAX + 1 - MIN(self->row, WORKBOOK_ROWS_MAX));
    self->in_row = FALSE;
    if (self->row > WORKBOOK_ROWS_MAX)
        return TRUE;
    if (!self->has_text)
        times = self->spans_until < self->row ? 0 : MIN(times, self->spans_until + 1 - self->row);
    return !times || workbook_rows_end(self->rows, times, error);
}

static gboolean end_element(void *user, const char *name, GError **error)
{
    Cells *self = user;
    if (self->element > 1) {
        self->aside -= self->aside > 0;
        if (--self->element == 1)
            self->in_paragraph = FALSE;
        return TRUE;
    }
    if (self->element)
        return end_cell(self, error);
    if (self->in_row && strcmp(name, "table-row") == 0)
        return end_row(self, error);
    if (strcmp(name, "table") != 0 || !self->depth)
        return TRUE;
    return --self->depth || self->tables < self->ods->table || stop(error);
}

/* Blanks of any kind, and several of them, are one (6.1.2). */
static gboolean take_text(void *user, const char *text, gsize length, GError **error)
{
    Cells *self = user;
    if (!self->in_paragraph || self->aside)
        return TRUE;
    if (self->shown->len + length > ROWS_CELL_MAX)
        return complain(self->ods, error, "has a cell that is far too long");
    for (gsize i = 0; i < length; i++) {
        char c = strchr("\t\r\n", text[i]) && text[i] ? ' ' : text[i];
        gboolean after_blank =
            !self->shown->len || strchr(" \n", self->shown->str[self->shown->len - 1]);
        if (c != ' ' || !after_blank)
            g_string_append_c(self->shown, c);
    }
    return TRUE;
}

gboolean ods_read(Ods *self, WorkbookRows *rows, GError **error)
{
    static const PartHandler handler = {start_element, end_element, take_text};
    g_autoptr(GString) shown = g_string_new(NULL);
    g_autoptr(GString) value = g_string_new(NULL);
    g_autoptr(GString) formula = g_string_new(NULL);
    Cells cells = {.ods = self, .rows = rows, .shown = shown, .value = value, .formula = formula};
    cells.repeated = 1;
    g_autoptr(GError) inner = NULL;
    if (package_parse(self->package, CONTENT, &handler, &cells, &inner) ||
        (self->table == cells.tables && !cells.depth &&
         g_error_matches(inner, CIRCULAR_ERROR, CIRCULAR_ERROR_STOPPED)))
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&inner));
    return FALSE;
}
