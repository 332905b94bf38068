/* wheremeasure - whether a column and what it is compared with are of one measure */
#include "where/wheremeasure.h"

#include <math.h>
#include <string.h>

#include "sheet/cell.h"
#include "sheet/cellnumber.h"
#include "text/amount.h"
#include "where/byvalue.h"

/* A cell, and where it stands. */
typedef struct {
    guint64 rows; /* that are like this, the first */
    char *cell;
    char *file;
    guint line, column;
} Sample;

/* A column that is compared with numbers. */
typedef struct {
    gboolean is_asked;
    char *small, *large; /* the first literal between 0 and 1, and over 1 */
    Sample percents;     /* with a per cent sign */
    Sample shares;       /* numbers between 0 and 1 that have none */
    guint64 over;        /* rows with a number over 1 that have none */
} Measure;

struct WhereMeasures {
    const char *const *columns;
    guint n_columns;
    Measure *measures; /* one a column */
};

static void note_literal(Measure *measure, const Expr *literal)
{
    double number;
    gboolean is_value = literal->kind == EXPR_NUMBER || literal->kind == EXPR_TEXT;
    if (!is_value || !cellnumber_parse(literal->text, &number))
        return;
    if (fabs(number) > 0 && fabs(number) < 1 && !measure->small && !strchr(literal->text, '%'))
        measure->small = g_strdup(literal->text);
    if (fabs(number) > 1 && !measure->large)
        measure->large = g_strdup(literal->text);
}

/* 30 < number(FSM): the column within. */
static const Expr *column_in(const Expr *part)
{
    if (part->kind == EXPR_CALL && g_str_equal(part->text, "number") && expr_count(part) == 1)
        part = expr_part(part, 0);
    return part->kind == EXPR_COLUMN ? part : NULL;
}

static gboolean is_number_or_digits(const Expr *node)
{
    double number;
    if (byvalue_compares(node, 0, 1, TRUE) == VALUE_NUMBER)
        return TRUE;
    for (guint i = 0; i < expr_count(node); i++) /* FSM > '30' */
        if (expr_part(node, i)->kind == EXPR_TEXT &&
            cellnumber_parse(expr_part(node, i)->text, &number))
            return TRUE;
    return FALSE;
}

static void find_measured(void *user, const Expr *node, const Expr *parent)
{
    WhereMeasures *self = user;
    (void)parent;
    gboolean is_order = node->kind == EXPR_BETWEEN ||
                        (node->kind == EXPR_COMPARE && strpbrk(node->op, "<>") != NULL);
    gboolean is_equal = node->kind == EXPR_COMPARE && !is_order;
    if ((!is_order || !is_number_or_digits(node)) &&
        (!is_equal || byvalue_compares(node, 0, 1, TRUE) != VALUE_NUMBER))
        return;
    for (guint i = 0; i < expr_count(node); i++) {
        const Expr *column = column_in(expr_part(node, i));
        if (!column)
            continue;
        Measure *measure = &self->measures[column->column];
        measure->is_asked = TRUE;
        for (guint other = 0; other < expr_count(node); other++)
            note_literal(measure, expr_part(node, other));
    }
}

WhereMeasures *wheremeasures_new(const Expression *tree, const char *const *columns)
{
    WhereMeasures *self = g_new0(WhereMeasures, 1);
    self->columns = columns;
    self->n_columns = g_strv_length((char **)columns);
    self->measures = g_new0(Measure, self->n_columns + 1);
    expression_each(tree, find_measured, self);
    return self;
}

static void sample_clear(Sample *sample)
{
    g_free(sample->cell);
    g_free(sample->file);
}

void wheremeasures_free(WhereMeasures *self)
{
    if (!self)
        return;
    for (guint i = 0; i < self->n_columns; i++) {
        sample_clear(&self->measures[i].percents);
        sample_clear(&self->measures[i].shares);
        g_free(self->measures[i].small);
        g_free(self->measures[i].large);
    }
    g_free(self->measures);
    g_free(self);
}

static void note_sample(Sample *sample, const WhereRow *row, guint column)
{
    if (sample->rows++)
        return;
    const Location at = whererow_location(row, column);
    sample->cell = cell_quote(row->cells[column]);
    sample->file = g_strdup(at.file);
    sample->line = at.line;
    sample->column = at.column;
}

/* 0 and 1 say the same in any measure. */
static void note_cell(Measure *measure, const WhereRow *row, guint column)
{
    const char *cell = row->cells[column];
    double number;
    if (!cellnumber_parse(cell, &number))
        return;
    if (strchr(cell, '%'))
        note_sample(&measure->percents, row, column);
    else if (fabs(number) > 0 && fabs(number) < 1)
        note_sample(&measure->shares, row, column);
    else if (fabs(number) > 1)
        measure->over++;
}

void wheremeasures_row(WhereMeasures *self, const WhereRow *row)
{
    for (guint i = 0; i < self->n_columns; i++)
        if (self->measures[i].is_asked)
            note_cell(&self->measures[i], row, i);
}

static void add(Findings *findings, const Sample *at, const char *said)
{
    const Location place = {at->file, at->line, at->column};
    findings_add_at(findings, FINDING_WARNING, &place, "mixed-measures", "%s", said);
}

/* A sheet that was put together: one office writes 45%, the other's cell holds 0.45. */
static void report_cells(const Measure *measure, const char *column, const WhereTallied *place,
                         Findings *findings)
{
    g_autofree char *percents = amount_of(measure->percents.rows, "row has", "rows have");
    g_autofree char *said = g_strdup_printf(
        "%s compares '%s' by its digits, and %s a per cent sign in '%s' (the first is '%s'), and "
        "this, the first of %" G_GUINT64_FORMAT ", has none: if it means a per cent, write it as "
        "one",
        place->what, measure->shares.cell, percents, column, measure->percents.cell,
        measure->shares.rows);
    add(findings, &measure->shares, said);
}

void wheremeasures_report(const WhereMeasures *self, const WhereTallied *place, Findings *findings)
{
    for (guint i = 0; i < self->n_columns; i++) {
        const Measure *measure = &self->measures[i];
        g_autofree char *said = NULL;
        if (measure->percents.rows && measure->shares.rows) {
            report_cells(measure, self->columns[i], place, findings);
        } else if (measure->percents.rows && measure->small) {
            said =
                g_strdup_printf("%s compares '%s' with %s, and %s counts as the number before "
                                "its sign: is %.15g meant?",
                                place->what, self->columns[i], measure->small,
                                measure->percents.cell, 100 * g_ascii_strtod(measure->small, NULL));
            add(findings, &measure->percents, said);
        } else if (measure->shares.rows && !measure->over && !measure->percents.rows &&
                   measure->large) {
            said = g_strdup_printf("%s compares '%s' with %s, and no number there is over 1 (the "
                                   "first is '%s'): if they are parts of 1, compare with such",
                                   place->what, self->columns[i], measure->large,
                                   measure->shares.cell);
            add(findings, &measure->shares, said);
        }
    }
}
