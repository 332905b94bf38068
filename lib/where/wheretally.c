/* wheretally - what an expression found in the rows of a whole list */
#include "where/wheretally.h"

#include <string.h>

#include "base/error.h"
#include "where/byvalue.h"
#include "sheet/cell.h"
#include "sheet/cellnumber.h"
#include "where/functions.h"
#include "where/lookalike.h"
#include "where/meant.h"
#include "where/wheremeasure.h"

enum {
    LITERALS_MAX = 1000, /* that are looked for */
    VALUES_MAX = 1000,   /* of a column, kept for "did you mean" */
    VALUE_BYTES_MAX = 200
};

/* A literal that a column is compared with for being equal. */
typedef struct {
    guint column;
    char *text; /* as a cell has it */
    gboolean is_number;
    double number;
    gboolean negated;    /* <>, NOT IN */
    gboolean is_pattern; /* of LIKE */
    gboolean found;
    /* Rows that say the number or the day of the text in other characters: 30.0 for '30'. */
    gboolean is_digits;
    char *day; /* or NULL */
    guint64 others;
    char *other, *other_file; /* the first */
    guint other_line, other_column;
} Literal;

/* A column whose cells could not be read as what they are compared with. */
typedef struct {
    guint64 rows;
    char *cell; /* of the first */
    char *file;
    guint line, column;
} Doubt;

/* A text that a column has. */
typedef struct {
    guint64 rows;
    guint number; /* of the column's texts, by the first row */
    char *file;   /* where that stands */
    guint line, column;
    char *look; /* lookalike_fold; made when first asked for */
} Seen;

struct WhereTally {
    const char *const *columns;
    guint n_columns;
    WhereMeasures *measures;
    GArray *literals;    /* of Literal */
    GHashTable **values; /* one a column, NULL where no literal is looked for: text -> Seen */
    Doubt *doubts;       /* one a column */
    gboolean reads;      /* it reads a column */
    gboolean chooses;    /* it has a CASE or iif, which takes what is unknown for false */
    guint64 rows, counts[3], undecided, unanswered;
    char *undecided_file; /* the first row that is unknown for no column's sake */
    guint undecided_line;
    char *unanswered_file; /* the first of which it isn't known whether it has answered */
    guint unanswered_line;
};

/* --- literals -------------------------------------------------------------------------------- */

static void clear_literal(gpointer data)
{
    Literal *literal = data;
    g_free(literal->text);
    g_free(literal->other);
    g_free(literal->other_file);
    g_free(literal->day);
}

static void free_seen(gpointer data)
{
    Seen *seen = data;
    g_free(seen->file);
    g_free(seen->look);
    g_free(seen);
}

/* A literal that stands twice is told once. */
static gboolean has_literal(const WhereTally *self, const Literal *like)
{
    for (guint i = 0; i < self->literals->len; i++) {
        const Literal *one = &g_array_index(self->literals, Literal, i);
        if (one->column == like->column && one->is_number == like->is_number &&
            one->negated == like->negated && !one->is_pattern && g_str_equal(one->text, like->text))
            return TRUE;
    }
    return FALSE;
}

static void add_literal(WhereTally *self, const Expr *column, const Expr *value, gboolean negated)
{
    gboolean is_number = value->kind == EXPR_NUMBER;
    if (column->kind != EXPR_COLUMN || (!is_number && value->kind != EXPR_TEXT) || !*value->text ||
        self->literals->len == LITERALS_MAX)
        return;
    Literal one = {.column = column->column,
                   .text = byvalue_literal(value->text),
                   .is_number = is_number,
                   .negated = negated};
    if (has_literal(self, &one)) {
        g_free(one.text);
        return;
    }
    if (is_number)
        one.number = g_ascii_strtod(value->text, NULL);
    else
        one.is_digits = !cellnumber_is_code(one.text) && cellnumber_parse(one.text, &one.number);
    if (!is_number && !one.is_digits)
        one.day = function_day(one.text);
    g_array_append_val(self->literals, one);
    if (!self->values[column->column])
        self->values[column->column] =
            g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_seen);
}

/* Phase LIKE 'Prim%' */
static void add_pattern(WhereTally *self, const Expr *node)
{
    const Expr *value = expr_part(node, 1);
    guint before = self->literals->len;
    if (expr_count(node) != 2 || value->kind != EXPR_TEXT)
        return;
    add_literal(self, expr_part(node, 0), value, node->negated);
    for (guint i = before; i < self->literals->len; i++) {
        g_array_index(self->literals, Literal, i).is_pattern = TRUE;
        g_array_index(self->literals, Literal, i).is_digits = FALSE;
        g_clear_pointer(&g_array_index(self->literals, Literal, i).day, g_free);
    }
}

static void find_literals(void *user, const Expr *node, const Expr *parent)
{
    WhereTally *self = user;
    (void)parent;
    self->reads |= node->kind == EXPR_COLUMN;
    self->chooses |=
        node->kind == EXPR_CASE || (node->kind == EXPR_CALL && g_str_equal(node->text, "iif"));
    /* x IS NOT 30 holds of what is no number. */
    if (node->kind == EXPR_IS && expr_part(node, 1)->kind != EXPR_NULL)
        self->chooses |= byvalue_compares(node, 0, 1, FALSE) != VALUE_TEXT;
    gboolean equal =
        node->kind == EXPR_COMPARE && (g_str_equal(node->op, "=") || g_str_equal(node->op, "<>"));
    if (equal || node->kind == EXPR_IS) {
        gboolean negated = node->kind == EXPR_IS ? node->negated : *node->op == '<';
        add_literal(self, expr_part(node, 0), expr_part(node, 1), negated);
        add_literal(self, expr_part(node, 1), expr_part(node, 0), negated);
    } else if (node->kind == EXPR_LIKE) {
        add_pattern(self, node);
    } else if (node->kind == EXPR_IN) {
        for (guint i = 1; i < expr_count(node); i++)
            add_literal(self, expr_part(node, 0), expr_part(node, i), node->negated);
    } else if (node->kind == EXPR_CASE && expr_part(node, 0)) {
        for (guint i = 1; i + 1 < expr_count(node); i += 2)
            add_literal(self, expr_part(node, 0), expr_part(node, i), FALSE);
    }
}

WhereTally *wheretally_new(const Expression *tree, const char *const *columns)
{
    WhereTally *self = g_new0(WhereTally, 1);
    self->columns = columns;
    self->n_columns = g_strv_length((char **)columns);
    self->literals = g_array_new(FALSE, FALSE, sizeof(Literal));
    g_array_set_clear_func(self->literals, clear_literal);
    self->values = g_new0(GHashTable *, self->n_columns + 1);
    self->doubts = g_new0(Doubt, self->n_columns + 1);
    self->measures = wheremeasures_new(tree, columns);
    expression_each(tree, find_literals, self);
    return self;
}

void wheretally_free(WhereTally *self)
{
    if (!self)
        return;
    for (guint i = 0; i < self->n_columns; i++) {
        g_clear_pointer(&self->values[i], g_hash_table_unref);
        g_free(self->doubts[i].cell);
        g_free(self->doubts[i].file);
    }
    g_array_unref(self->literals);
    g_free(self->values);
    g_free(self->doubts);
    wheremeasures_free(self->measures);
    g_free(self->undecided_file);
    g_free(self->unanswered_file);
    g_free(self);
}

/* --- counting -------------------------------------------------------------------------------- */

static gboolean has(const Literal *literal, const char *cell)
{
    double number;
    if (literal->is_pattern) /* of a long cell nothing is said, for it would take long */
        return strlen(cell) > VALUE_BYTES_MAX || function_like(literal->text, cell);
    if (!literal->is_number)
        return strcmp(literal->text, cell) == 0;
    return !cellnumber_is_code(cell) && cellnumber_parse(cell, &number) &&
           number == literal->number;
}

Location whererow_location(const WhereRow *self, guint column)
{
    const WhereColumn none = {FALSE, 0}, *where = self->columns ? &self->columns[column] : &none;
    if (where->is_joined && self->joined_line)
        return (Location){self->joined_file, self->joined_line, where->number};
    return (Location){self->file, self->line, where->is_joined ? 0 : where->number};
}

/* The literal's number or day, in other characters. */
static gboolean says_the_same(const Literal *literal, const char *cell)
{
    double number;
    if ((!literal->is_digits && !literal->day) || !*cell || strcmp(cell, literal->text) == 0)
        return FALSE;
    if (literal->is_digits)
        return !cellnumber_is_code(cell) && cellnumber_parse(cell, &number) &&
               number == literal->number;
    g_autofree char *day = function_day(cell);
    return day && strcmp(day, literal->day) == 0;
}

static void note_other(Literal *literal, const WhereRow *row)
{
    const char *cell = row->cells[literal->column];
    if (!says_the_same(literal, cell) || literal->others++)
        return;
    literal->other = cell_quote(cell);
    const Location at = whererow_location(row, literal->column);
    literal->other_file = g_strdup(at.file);
    literal->other_line = at.line;
    literal->other_column = at.column;
}

static void look_for_literals(WhereTally *self, const WhereRow *row)
{
    for (guint i = 0; i < self->literals->len; i++) {
        Literal *literal = &g_array_index(self->literals, Literal, i);
        literal->found = literal->found || has(literal, row->cells[literal->column]);
        note_other(literal, row);
    }
}

static void keep_value(GHashTable *values, const WhereRow *row, guint column)
{
    const char *cell = row->cells[column];
    Seen *seen = g_hash_table_lookup(values, cell);
    guint number = g_hash_table_size(values);
    if (!seen && (number == VALUES_MAX || strlen(cell) > VALUE_BYTES_MAX))
        return;
    if (!seen) {
        const Location at = whererow_location(row, column);
        seen = g_new0(Seen, 1);
        *seen = (Seen){0, number, g_strdup(at.file), at.line, at.column, NULL};
        g_hash_table_insert(values, g_strdup(cell), seen);
    }
    seen->rows++;
}

static void keep_values(WhereTally *self, const WhereRow *row)
{
    for (guint i = 0; i < self->n_columns; i++)
        if (self->values[i] && *row->cells[i])
            keep_value(self->values[i], row, i);
}

static void note_doubt(WhereTally *self, const WhereRow *row, guint column)
{
    Doubt *doubt = &self->doubts[column];
    if (doubt->rows++)
        return;
    doubt->cell = cell_quote(row->cells[column]);
    const Location at = whererow_location(row, column);
    doubt->file = g_strdup(at.file);
    doubt->line = at.line;
    doubt->column = at.column;
}

void wheretally_row(WhereTally *self, const WhereRow *row, Truth answer, const gboolean *doubts)
{
    gboolean explained = FALSE;
    self->rows++;
    self->counts[answer]++;
    look_for_literals(self, row);
    keep_values(self, row);
    wheremeasures_row(self->measures, row);
    gboolean counts = answer == TRUTH_UNKNOWN || self->chooses;
    gboolean unanswered = counts && doubts[self->n_columns];
    for (guint i = 0; counts && i < self->n_columns; i++) {
        if (doubts[i])
            note_doubt(self, row, i);
        explained |= doubts[i];
    }
    if (unanswered && self->unanswered++ == 0) {
        self->unanswered_file = g_strdup(row->file);
        self->unanswered_line = row->line;
    }
    explained |= unanswered;
    if (answer == TRUTH_UNKNOWN && self->reads && !explained && self->undecided++ == 0) {
        self->undecided_file = g_strdup(row->file);
        self->undecided_line = row->line;
    }
}

/* --- telling --------------------------------------------------------------------------------- */

/* A text without what the eye passes over: case, accents, the kinds of blanks, dashes and
 * apostrophes. */
static char *look_of(const char *text)
{
    g_autofree char *folded = g_utf8_casefold(text, -1);
    g_autofree char *apart = g_utf8_normalize(folded, -1, G_NORMALIZE_ALL);
    GString *out = g_string_new(NULL);
    for (const char *at = apart; at && *at; at = g_utf8_next_char(at))
        if (g_unichar_isalnum(g_utf8_get_char(at)))
            g_string_append_unichar(out, g_utf8_get_char(at));
    return g_string_free(out, FALSE);
}

static gboolean is_same_number(const char *text, const char *other)
{
    double one, two;
    return cellnumber_parse(text, &one) && cellnumber_parse(other, &two) && one == two;
}

/* The value of the column that was meant, borrowed, or NULL; `alike` says that they look alike. */
static const char *find_meant(const WhereTally *self, const Literal *literal, gboolean *alike)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new();
    g_autofree char *look = look_of(literal->text);
    const int truth = literal->is_pattern ? 0 : lookalike_truth(literal->text);
    GHashTableIter iter;
    gpointer value;
    *alike = FALSE;
    g_hash_table_iter_init(&iter, self->values[literal->column]);
    while (g_hash_table_iter_next(&iter, &value, NULL)) {
        g_autofree char *other = look_of(value);
        gboolean same_truth = truth && lookalike_truth(value) == truth;
        if ((*look && strcmp(look, other) == 0) || same_truth) {
            *alike = TRUE;
            return value;
        }
        if (is_same_number(literal->text, value))
            return value; /* '030', and the column says 30 */
        g_ptr_array_add(all, value);
    }
    g_ptr_array_add(all, NULL);
    return literal->is_number ? NULL : nearest_word(literal->text, (const char *const *)all->pdata);
}

/* What else the text of a literal that no row has may have been meant for. */
static const char *hint_of(const WhereTally *self, const Literal *literal)
{
    gsize length = strlen(literal->text);
    if (literal->is_number || !length)
        return "";
    if (*literal->text == '%' || literal->text[length - 1] == '%')
        return " (% stands for any characters only in LIKE: write LIKE in place of =)";
    g_auto(GStrv) parts = g_strsplit(literal->text, ",", -1);
    gboolean all = parts[0] && parts[1];
    for (char **part = parts; *part; part++)
        all = all && g_hash_table_contains(self->values[literal->column], g_strstrip(*part));
    return all ? " (each of several texts has quotes of its own: IN ('a', 'b'))" : "";
}

static void report_literal(const WhereTally *self, const Literal *literal,
                           const WhereTallied *place, Findings *findings)
{
    gboolean alike;
    const char *meant = find_meant(self, literal, &alike);
    if (!place->is_filter && !alike)
        return; /* of the few rows that were chosen it may well be so */
    g_autofree char *quoted = cell_quote(literal->text);
    g_autofree char *near = meant ? cell_quote(meant) : NULL;
    const char *mark = literal->is_number ? "" : "'";
    if (literal->is_pattern) {
        gboolean stars = strchr(literal->text, '*') && !strchr(literal->text, '%');
        findings_add(findings, literal->negated ? FINDING_NOTE : FINDING_WARNING, place->file,
                     place->line, "no-such-value", "%s: no row's %s is LIKE '%s'%s%s%s",
                     place->what, self->columns[literal->column], quoted,
                     near    ? "; did you mean '"
                     : stars ? " (what others write as * is % in LIKE)"
                             : "",
                     near ? near : "", near ? "'?" : "");
        return;
    }
    g_autofree char *difference = meant ? lookalike_difference(meant, literal->text) : NULL;
    findings_add(findings, meant || !literal->negated ? FINDING_WARNING : FINDING_NOTE, place->file,
                 place->line, "no-such-value", "%s: no row has %s%s%s in %s%s%s%s%s%s%s",
                 place->what, mark, quoted, mark, self->columns[literal->column],
                 near ? "; did you mean '" : "", near ? near : "", near ? "'" : "",
                 near ? difference : "", near ? "?" : "", near ? "" : hint_of(self, literal));
}

/* Whether the expression names that value of the column, too. */
static gboolean is_named(const WhereTally *self, guint column, const char *value)
{
    for (guint i = 0; i < self->literals->len; i++) {
        const Literal *literal = &g_array_index(self->literals, Literal, i);
        if (literal->column == column && strcmp(literal->text, value) == 0)
            return TRUE;
    }
    return FALSE;
}

/* The values of the literal's column that mean it, and aren't named: how many rows have one, and the
 * first. */
typedef struct {
    guint64 rows;
    const char *first;
    const Seen *seen;
} Alike;

static void add_alike(Alike *alike, const char *value, const Seen *seen)
{
    alike->rows += seen->rows;
    if (alike->seen && alike->seen->number < seen->number)
        return;
    alike->first = value;
    alike->seen = seen;
}

static void report_those_alike(const WhereTally *self, const Literal *literal, const Alike *alike,
                               const char *though, const WhereTallied *place, Findings *findings)
{
    if (!alike->seen)
        return;
    const Location at = {alike->seen->file, alike->seen->line, alike->seen->column};
    g_autofree char *quoted = cell_quote(literal->text), *other = cell_quote(alike->first),
                    *difference = lookalike_difference(alike->first, literal->text);
    findings_add_at(findings, FINDING_WARNING, &at, "looks-alike",
                    "%s: '%s' isn't what %" G_GUINT64_FORMAT " row%s in '%s', though they %s: "
                    "this says '%s'%s; mend the list, or name both",
                    place->what, quoted, alike->rows, alike->rows == 1 ? " has" : "s have",
                    self->columns[literal->column], though, other, difference);
}

/* Phase = 'Primary' where some rows have 'PRIMARY'; Opted = 'Yes' where some have 'Y'. */
static void report_alike(const WhereTally *self, const Literal *literal, const WhereTallied *place,
                         Findings *findings)
{
    g_autofree char *look = lookalike_fold(literal->text);
    const int truth = lookalike_truth(literal->text);
    Alike looks = {0}, means = {0};
    GHashTableIter iter;
    gpointer value, data;
    g_hash_table_iter_init(&iter, self->values[literal->column]);
    while (g_hash_table_iter_next(&iter, &value, &data)) {
        Seen *seen = data;
        if (!seen->look)
            seen->look = lookalike_fold(value);
        gboolean is_alike = strcmp(look, seen->look) == 0;
        if ((!is_alike && !(truth && lookalike_truth(value) == truth)) ||
            is_named(self, literal->column, value))
            continue;
        add_alike(is_alike ? &looks : &means, value, seen);
    }
    report_those_alike(self, literal, &looks, "look alike", place, findings);
    report_those_alike(self, literal, &means, "mean the same", place, findings);
}

/* Opened = '2015-09-01', and the cell says 01/09/2015. */
static void report_day(const WhereTally *self, const Literal *literal, const WhereTallied *place,
                       Findings *findings)
{
    const Location at = {literal->other_file, literal->other_line, literal->other_column};
    g_autofree char *name = meant_name(self->columns[literal->column]);
    findings_add_at(findings, FINDING_WARNING, &at, "day-in-quotes",
                    "%s: '%s' is compared by its characters, and %" G_GUINT64_FORMAT
                    " row%s the day otherwise in '%s', this as '%s': write day(%s) for the column "
                    "to have %s, too",
                    place->what, literal->text, literal->others,
                    literal->others == 1 ? " has" : "s have", self->columns[literal->column],
                    literal->other, name, literal->others == 1 ? "it" : "them");
}

/* Phase = '30' is asked of the characters, and the cell says 30.0. */
static void report_digits(const WhereTally *self, const Literal *literal, const WhereTallied *place,
                          Findings *findings)
{
    char plain[G_ASCII_DTOSTR_BUF_SIZE];
    if (literal->day) {
        report_day(self, literal, place, findings);
        return;
    }
    g_ascii_formatd(plain, sizeof plain, "%.15g", literal->number);
    const Location at = {literal->other_file, literal->other_line, literal->other_column};
    findings_add_at(
        findings, FINDING_WARNING, &at, "number-in-quotes",
        "%s: '%s' in quotes is compared by its characters, and %" G_GUINT64_FORMAT
        " row%s the number otherwise in '%s', this as '%s': write %s without quotes to have "
        "%s, too",
        place->what, literal->text, literal->others, literal->others == 1 ? " has" : "s have",
        self->columns[literal->column], literal->other, plain,
        literal->others == 1 ? "it" : "them");
}

static void report_doubt(const Doubt *doubt, const char *column, const WhereTallied *place,
                         Findings *findings)
{
    const Location at = {doubt->file, doubt->line, doubt->column};
    findings_add_at(findings, FINDING_WARNING, &at, "unknown-cell",
                    "%s can't be answered for %" G_GUINT64_FORMAT " row%s: no value to compare in "
                    "'%s'; the first is %s%s%s",
                    place->what, doubt->rows, doubt->rows == 1 ? "" : "s", column,
                    *doubt->cell ? "'" : "empty", doubt->cell, *doubt->cell ? "'" : "");
}

void wheretally_report(const WhereTally *self, const WhereTallied *place, Findings *findings)
{
    if (!self->rows)
        return;
    for (guint i = 0; i < self->n_columns; i++)
        if (self->doubts[i].rows)
            report_doubt(&self->doubts[i], self->columns[i], place, findings);
    wheremeasures_report(self->measures, place, findings);
    if (self->unanswered)
        findings_add(findings, FINDING_WARNING, self->unanswered_file, self->unanswered_line,
                     "unknown-answer",
                     "%s can't be answered for %" G_GUINT64_FORMAT " row%s, of which this is the "
                     "first: no letter asked, or a person has still to read the answer "
                     "('circular answers --review')",
                     place->what, self->unanswered, self->unanswered == 1 ? "" : "s");
    if (self->undecided)
        findings_add(findings, FINDING_WARNING, self->undecided_file, self->undecided_line,
                     "unknown-cell",
                     "%s can't be answered for %" G_GUINT64_FORMAT " row%s, of which this is the "
                     "first",
                     place->what, self->undecided, self->undecided == 1 ? "" : "s");
    for (guint i = 0; i < self->literals->len; i++) {
        const Literal *literal = &g_array_index(self->literals, Literal, i);
        if (literal->others)
            report_digits(self, literal, place, findings);
        else if (!literal->found)
            report_literal(self, literal, place, findings);
        else if (!literal->is_pattern && !literal->is_number && !literal->is_digits &&
                 !literal->day)
            report_alike(self, literal, place, findings);
    }
    if (place->is_filter && self->rows > 1 && self->counts[TRUTH_TRUE] == self->rows)
        findings_add(findings, FINDING_NOTE, place->file, place->line, "everybody",
                     "%s leaves nobody out: it holds for all %" G_GUINT64_FORMAT " rows",
                     place->what, self->rows);
}
