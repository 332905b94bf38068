/* workbook_xlsx - the worksheets of an Office Open XML workbook (ECMA-376, .xlsx and .xlsm) */
#include "sheet/workbook_xlsx.h"

#include <string.h>

#include "base/error.h"
#include "sheet/workbook_format.h"

struct Xlsx {
    Package *package;
    WorkbookNames *names;
    char *book, *part, *sheet; /* the paths of the workbook's and the worksheet's part; its name */
    gboolean from_1904;
    char *shared_part, *styles_part;
    GString *shared;      /* the texts that cells share, one behind the other with their NULs */
    GArray *shared_start; /* of guint32 */
    GPtrArray *formats;   /* of code, by the style of a cell; borrowed from `codes` or static */
    GHashTable *codes;    /* number of a format -> code */
};

static gboolean complain(const Xlsx *self, GError **error, const char *what)
{
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA, "%s: %s", package_shown(self->package),
                what);
    return FALSE;
}

static gboolean pass_end(void *user, const char *name, GError **error)
{
    (void)user, (void)name, (void)error;
    return TRUE;
}

/* --- relations: which part is which ----------------------------------------------------------- */

typedef struct {
    const char *type; /* the end of its URI, looked for with `id` NULL */
    const char *id;
    char *target;
    gboolean is_worksheet;
} Relation;

static gboolean take_relation(void *user, const char *name, const PartAttributes *attributes,
                              GError **error)
{
    Relation *self = user;
    (void)error;
    if (strcmp(name, "Relationship") != 0 || self->target)
        return TRUE;
    g_autofree char *type = attributes_text(attributes, "Type");
    g_autofree char *id = attributes_text(attributes, "Id");
    g_autofree char *mode = attributes_text(attributes, "TargetMode");
    if (!type || !id || (mode && strcmp(mode, "External") == 0)) /* nothing outside is followed */
        return TRUE;
    if (self->id ? strcmp(id, self->id) != 0 : !g_str_has_suffix(type, self->type))
        return TRUE;
    self->is_worksheet = g_str_has_suffix(type, "/worksheet");
    self->target = attributes_text(attributes, "Target");
    return TRUE;
}

/* The path of the part that `from` ("" is the package) relates to; NULL, without error, when it
 * relates to none. */
static char *find_relation(const Xlsx *self, const char *from, Relation *relation, GError **error)
{
    static const PartHandler handler = {take_relation, pass_end, NULL};
    g_autofree char *folder = *from ? g_path_get_dirname(from) : g_strdup("");
    g_autofree char *base = *from ? g_path_get_basename(from) : g_strdup("");
    g_autofree char *path =
        g_strdup_printf("%s%s_rels/%s.rels", strcmp(folder, ".") == 0 ? "" : folder,
                        *folder && strcmp(folder, ".") != 0 ? "/" : "", base);
    if (!package_has(self->package, path))
        return NULL;
    if (!package_parse(self->package, path, &handler, relation, error) || !relation->target)
        return NULL;
    g_autofree char *root = g_strconcat("/", strcmp(folder, ".") == 0 ? "" : folder, NULL);
    g_autofree char *whole = g_canonicalize_filename(relation->target, root);
    g_clear_pointer(&relation->target, g_free);
    return g_strdup(whole + 1);
}

static gboolean find_typed(const Xlsx *self, const char *type, char **path, GError **error)
{
    g_autoptr(GError) inner = NULL;
    Relation relation = {.type = type};
    *path = find_relation(self, self->book ? self->book : "", &relation, &inner);
    if (!inner)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&inner));
    return FALSE;
}

/* --- the workbook: its worksheets ------------------------------------------------------------- */

typedef struct {
    Xlsx *xlsx;
    WorkbookNames *names; /* with the relation's id */
} Book;

static gboolean take_book(void *user, const char *name, const PartAttributes *attributes,
                          GError **error)
{
    Book *self = user;
    if (strcmp(name, "workbookPr") == 0)
        self->xlsx->from_1904 = attributes_true(attributes, "date1904");
    if (strcmp(name, "sheet") != 0)
        return TRUE;
    g_autofree char *title = attributes_text(attributes, "name");
    g_autofree char *id = attributes_text(attributes, "id");
    g_autofree char *state = attributes_text(attributes, "state");
    Relation relation = {.id = id};
    if (!title || !id)
        return TRUE;
    g_autoptr(GError) inner = NULL;
    g_autofree char *path = find_relation(self->xlsx, self->xlsx->book, &relation, &inner);
    if (inner) {
        g_propagate_error(error, g_steal_pointer(&inner));
        return FALSE;
    }
    if (!path || !relation.is_worksheet) /* a chart, a dialog */
        return TRUE;
    if (workbook_names_add(self->names, title, path, state && strcmp(state, "visible") != 0))
        return TRUE;
    return complain(self->xlsx, error, "has far too many worksheets");
}

static gboolean find_sheet(Xlsx *self, const char *wanted, GError **error)
{
    static const PartHandler handler = {take_book, pass_end, NULL};
    if (!find_typed(self, "/officeDocument", &self->book, error))
        return FALSE;
    if (!self->book || g_str_has_suffix(self->book, ".bin"))
        return complain(
            self, error,
            self->book
                ? "is an Excel binary workbook: save it as .xlsx"
                : "is a ZIP archive, but no workbook: save the list as .xlsx, .ods or CSV UTF-8");
    self->names = workbook_names_new();
    Book book = {self, self->names};
    if (!package_parse(self->package, self->book, &handler, &book, error))
        return FALSE;
    const WorkbookName *found =
        workbook_names_choose(self->names, package_shown(self->package), wanted, error);
    if (!found)
        return FALSE;
    self->sheet = g_strdup(found->name);
    self->part = g_strdup(found->path);
    return find_typed(self, "/sharedStrings", &self->shared_part, error) &&
           find_typed(self, "/styles", &self->styles_part, error);
}

/* --- texts ------------------------------------------------------------------------------------ */

static int hex_at(const char *text) /* _x000D_ */
{
    int value = 0;
    if (text[0] != '_' || text[1] != 'x')
        return -1;
    for (int i = 2; i < 6; i++) {
        if (!g_ascii_isxdigit(text[i]))
            return -1;
        value = value * 16 + g_ascii_xdigit_value(text[i]);
    }
    return text[6] == '_' ? value : -1;
}

/* Decodes what XML can't hold (22.9.2.19, ST_Xstring): a line end that Excel wrote as _x000D_. Texts
 * only become shorter. */
static void decode_escapes(GString *text, gsize from)
{
    char *out = text->str + from;
    if (!strstr(out, "_x"))
        return;
    for (const char *at = out; *at;) {
        int value = hex_at(at);
        if (value > 0 && !(value >= 0xD800 && value < 0xE000) && value < 0xFFFE) {
            out += g_unichar_to_utf8((gunichar)value, out);
            at += 7;
        } else {
            *out++ = *at++;
        }
    }
    g_string_truncate(text, (gsize)(out - text->str));
}

typedef struct {
    Xlsx *xlsx;
    gboolean in_text;
    guint aside; /* within a reading aid (rPh) */
} Strings;

static gboolean start_string(void *user, const char *name, const PartAttributes *attributes,
                             GError **error)
{
    Strings *self = user;
    Xlsx *xlsx = self->xlsx;
    (void)attributes;
    if (strcmp(name, "rPh") == 0)
        self->aside++;
    self->in_text = strcmp(name, "t") == 0 && !self->aside;
    if (strcmp(name, "si") != 0)
        return TRUE;
    if (xlsx->shared_start->len == XLSX_STRINGS_MAX)
        return complain(xlsx, error,
                        "has far too many texts: copy the rows that are needed into a "
                        "new workbook");
    guint32 start = (guint32)xlsx->shared->len;
    g_array_append_val(xlsx->shared_start, start);
    return TRUE;
}

static gboolean end_string(void *user, const char *name, GError **error)
{
    Strings *self = user;
    Xlsx *xlsx = self->xlsx;
    (void)error;
    self->in_text = FALSE;
    if (strcmp(name, "rPh") == 0 && self->aside)
        self->aside--;
    if (strcmp(name, "si") != 0 || !xlsx->shared_start->len)
        return TRUE;
    decode_escapes(xlsx->shared,
                   g_array_index(xlsx->shared_start, guint32, xlsx->shared_start->len - 1));
    g_string_append_c(xlsx->shared, '\0');
    return TRUE;
}

static gboolean string_text(void *user, const char *text, gsize length, GError **error)
{
    Strings *self = user;
    if (!self->in_text)
        return TRUE;
    if (self->xlsx->shared->len + length >= XLSX_TEXT_MAX)
        return complain(self->xlsx, error,
                        "too large: its texts unpack to far more than a list has (copy the rows "
                        "that are needed into a new workbook)");
    g_string_append_len(self->xlsx->shared, text, (gssize)length);
    return TRUE;
}

/* --- formats ---------------------------------------------------------------------------------- */

typedef struct {
    Xlsx *xlsx;
    gboolean in_cells;
} Styles;

static gboolean start_style(void *user, const char *name, const PartAttributes *attributes,
                            GError **error)
{
    Styles *self = user;
    Xlsx *xlsx = self->xlsx;
    guint id = attributes_number(attributes, "numFmtId", G_MAXINT, 0);
    if (strcmp(name, "cellXfs") == 0)
        self->in_cells = TRUE;
    if (strcmp(name, "numFmt") == 0) {
        char *code = attributes_text(attributes, "formatCode");
        if (code)
            g_hash_table_insert(xlsx->codes, GUINT_TO_POINTER(id), code);
    }
    if ((strcmp(name, "numFmt") == 0 && g_hash_table_size(xlsx->codes) > XLSX_STYLES_MAX) ||
        xlsx->formats->len > XLSX_STYLES_MAX)
        return complain(xlsx, error, "has far too many formats (save it anew as .xlsx)");
    if (strcmp(name, "xf") == 0 && self->in_cells) {
        const char *code = g_hash_table_lookup(xlsx->codes, GUINT_TO_POINTER(id));
        g_ptr_array_add(xlsx->formats, (gpointer)(code ? code : format_builtin(id)));
    }
    return TRUE;
}

static gboolean end_style(void *user, const char *name, GError **error)
{
    Styles *self = user;
    (void)error;
    if (strcmp(name, "cellXfs") == 0)
        self->in_cells = FALSE;
    return TRUE;
}

static gboolean read_referred(Xlsx *self, GError **error)
{
    static const PartHandler string_handler = {start_string, end_string, string_text};
    static const PartHandler style_handler = {start_style, end_style, NULL};
    Strings strings = {.xlsx = self};
    Styles styles = {.xlsx = self};
    return (!self->shared_part ||
            package_parse(self->package, self->shared_part, &string_handler, &strings, error)) &&
           (!self->styles_part ||
            package_parse(self->package, self->styles_part, &style_handler, &styles, error));
}

Xlsx *xlsx_open(Package *package, const char *wanted, GError **error)
{
    g_autoptr(Xlsx) self = g_new0(Xlsx, 1);
    self->package = package;
    self->shared = g_string_new(NULL);
    self->shared_start = g_array_new(FALSE, FALSE, sizeof(guint32));
    self->formats = g_ptr_array_new();
    self->codes = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    if (!find_sheet(self, wanted, error) || !read_referred(self, error))
        return NULL;
    return g_steal_pointer(&self);
}

void xlsx_close(Xlsx *self)
{
    if (!self)
        return;
    workbook_names_free(self->names);
    g_string_free(self->shared, TRUE);
    g_array_unref(self->shared_start);
    g_ptr_array_unref(self->formats);
    g_hash_table_unref(self->codes);
    g_free(self->book);
    g_free(self->part);
    g_free(self->sheet);
    g_free(self->shared_part);
    g_free(self->styles_part);
    g_free(self);
}

const WorkbookNames *xlsx_names(const Xlsx *self)
{
    return self->names;
}

const char *xlsx_sheet(const Xlsx *self)
{
    return self->sheet;
}

/* --- the cells -------------------------------------------------------------------------------- */

typedef enum { IN_NOTHING, IN_VALUE, IN_FORMULA, IN_INLINE } Within;

typedef struct {
    const Xlsx *xlsx;
    WorkbookRows *rows;
    guint row, column; /* the last */
    char type[12];
    guint style;
    Within within;
    guint aside;
    gboolean is_inline, has_formula;
    GString *value, *formula, *shown;
} Cells;

/* "C17" as 3 and 17; FALSE for what is no reference. */
static gboolean parse_reference(const char *text, guint *column, guint *row, const char **end)
{
    guint64 c = 0, r = 0;
    while (*text == '$')
        text++;
    for (; g_ascii_isalpha(*text) && c <= WORKBOOK_COLUMNS_MAX; text++)
        c = c * 26 + (guint)(g_ascii_toupper(*text) - 'A' + 1);
    while (*text == '$')
        text++;
    for (; g_ascii_isdigit(*text) && r <= WORKBOOK_ROWS_MAX; text++)
        r = r * 10 + (guint)(*text - '0');
    *column = (guint)c;
    *row = (guint)r;
    *end = text;
    return c && r;
}

static void start_cell(Cells *self, const PartAttributes *attributes)
{
    char reference[24];
    guint column, row;
    const char *end;
    self->column++;
    if (attributes_copy(attributes, "r", reference, sizeof reference) &&
        parse_reference(reference, &column, &row, &end))
        self->column = column;
    attributes_copy(attributes, "t", self->type, sizeof self->type);
    self->style = attributes_number(attributes, "s", G_MAXINT, 0);
    self->is_inline = self->has_formula = FALSE;
    g_string_truncate(self->value, 0);
    g_string_truncate(self->formula, 0);
}

static gboolean start_row(Cells *self, const PartAttributes *attributes, GError **error)
{
    guint row = attributes_number(attributes, "r", G_MAXINT, self->row + 1);
    self->row = row;
    self->column = 0;
    return workbook_rows_begin(self->rows, row, attributes_true(attributes, "hidden"), error);
}

static gboolean start_element(void *user, const char *name, const PartAttributes *attributes,
                              GError **error)
{
    Cells *self = user;
    if (strcmp(name, "c") == 0)
        start_cell(self, attributes);
    else if (strcmp(name, "v") == 0)
        self->within = IN_VALUE;
    else if (strcmp(name, "f") == 0)
        self->within = IN_FORMULA, self->has_formula = TRUE;
    else if (strcmp(name, "row") == 0)
        return start_row(self, attributes, error);
    else if (strcmp(name, "t") == 0 && !self->aside)
        self->within = IN_INLINE, self->is_inline = TRUE;
    else if (strcmp(name, "rPh") == 0)
        self->aside++;
    else if (strcmp(name, "col") == 0 && attributes_true(attributes, "hidden"))
        workbook_rows_hide(self->rows, attributes_number(attributes, "min", G_MAXINT, 1),
                           attributes_number(attributes, "max", G_MAXINT, 1));
    return TRUE;
}

/* A date as it stands in a cell of type "d": 2026-09-01T00:00:00.000. */
static void show_date(GString *out, const char *text)
{
    g_autoptr(GString) date = g_string_new(text);
    char *time = strchr(date->str, 'T');
    if (time) {
        *time = ' ';
        g_string_truncate(date, MIN(date->len, (gsize)(time - date->str) + 9));
        if (g_str_has_suffix(date->str, " 00:00:00"))
            g_string_truncate(date, date->len - 9);
        else if (date->len > 3 && g_str_has_suffix(date->str, ":00"))
            g_string_truncate(date, date->len - 3);
    }
    g_string_append(out, date->str);
}

static void show_number(const Cells *self, GString *out)
{
    char *end;
    double number = g_ascii_strtod(self->value->str, &end);
    if (end == self->value->str || *end) {
        g_string_append(out, self->value->str);
        return;
    }
    const GPtrArray *formats = self->xlsx->formats;
    const char *code =
        self->style < formats->len ? g_ptr_array_index(formats, self->style) : "General";
    format_number(out, number, code, self->xlsx->from_1904);
}

static gboolean show_shared(Cells *self, GError **error)
{
    const Xlsx *xlsx = self->xlsx;
    char *end;
    guint64 index = g_ascii_strtoull(self->value->str, &end, 10);
    if (*end || end == self->value->str || index >= xlsx->shared_start->len)
        return complain(xlsx, error,
                        "is damaged: a cell refers to a text that isn't there (save it "
                        "anew in Excel or LibreOffice)");
    g_string_append(self->shown,
                    xlsx->shared->str + g_array_index(xlsx->shared_start, guint32, index));
    return TRUE;
}

static gboolean show(Cells *self, GError **error)
{
    GString *out = self->shown;
    g_string_truncate(out, 0);
    if (self->has_formula && !self->value->len && strcmp(self->type, "str") != 0) {
        /* As Excel shows a formula that it doesn't compute: nobody takes it for an empty cell. */
        g_string_append_printf(out, "=%s", self->formula->str);
        workbook_rows_uncomputed(self->rows, self->column);
    } else if (!self->value->len) {
        return TRUE;
    } else if (self->is_inline || strcmp(self->type, "str") == 0) {
        g_string_append_len(out, self->value->str, (gssize)self->value->len);
        decode_escapes(out, 0);
    } else if (strcmp(self->type, "s") == 0) {
        return show_shared(self, error);
    } else if (strcmp(self->type, "b") == 0) {
        g_string_append(out, strcmp(self->value->str, "0") == 0 ? "FALSE" : "TRUE");
    } else if (strcmp(self->type, "d") == 0) {
        show_date(out, self->value->str);
    } else if (strcmp(self->type, "e") == 0) {
        g_string_append(out, self->value->str);
    } else {
        show_number(self, out);
    }
    return TRUE;
}

static gboolean end_element(void *user, const char *name, GError **error)
{
    Cells *self = user;
    self->within = IN_NOTHING;
    if (strcmp(name, "c") == 0)
        return show(self, error) && workbook_rows_cell(self->rows, self->column, self->shown->str,
                                                       self->shown->len, error);
    if (strcmp(name, "row") == 0)
        return workbook_rows_end(self->rows, 1, error);
    if (strcmp(name, "rPh") == 0 && self->aside)
        self->aside--;
    return TRUE;
}

static gboolean take_text(void *user, const char *text, gsize length, GError **error)
{
    Cells *self = user;
    GString *into = self->within == IN_FORMULA ? self->formula : self->value;
    if (self->within == IN_NOTHING)
        return TRUE;
    if (into->len + length > ROWS_CELL_MAX)
        return complain(self->xlsx, error, "has a cell that is far too long");
    g_string_append_len(into, text, (gssize)length);
    return TRUE;
}

/* --- merged cells stand behind all others, and are asked for before --------------------------- */

static gboolean take_merge(void *user, const char *name, const PartAttributes *attributes,
                           GError **error)
{
    Cells *self = user;
    char range[48];
    guint column, row, last_column, last_row;
    const char *end;
    if (strcmp(name, "mergeCell") != 0 || !attributes_copy(attributes, "ref", range, sizeof range))
        return TRUE;
    if (!parse_reference(range, &column, &row, &end) || *end != ':' ||
        !parse_reference(end + 1, &last_column, &last_row, &end))
        return TRUE;
    return workbook_rows_merge(self->rows, row, column, last_row, last_column, error);
}

static gboolean read_merges(Cells *self, GError **error)
{
    static const PartHandler handler = {take_merge, pass_end, NULL};
    const Xlsx *xlsx = self->xlsx;
    gboolean found;
    if (!package_scan(xlsx->package, xlsx->part, "mergeCell", &found, error))
        return FALSE;
    return !found || package_parse(xlsx->package, xlsx->part, &handler, self, error);
}

gboolean xlsx_read(Xlsx *self, WorkbookRows *rows, GError **error)
{
    static const PartHandler handler = {start_element, end_element, take_text};
    Cells cells = {.xlsx = self, .rows = rows};
    g_autoptr(GString) value = g_string_new(NULL);
    g_autoptr(GString) formula = g_string_new(NULL);
    g_autoptr(GString) shown = g_string_new(NULL);
    cells.value = value;
    cells.formula = formula;
    cells.shown = shown;
    return read_merges(&cells, error) &&
           package_parse(self->package, self->part, &handler, &cells, error);
}
