/* sqlslips_logic - parts of an expression that are true, or false, whatever the cells say (a part of
 * where/sqlslips.h)
 *
 * Phase <> 'Primary' OR Phase <> 'Nursery' holds of every row, and Roll > 200 AND Roll < 100 of none:
 * beside other parts nobody would see it. All that such a chain asks of one column is answered for
 * the values that it names, for one between each two of them, and for one beyond each end. */
#include <math.h>
#include <string.h>

#include "where/byvalue.h"
#include "sheet/cellnumber.h"
#include "where/functions.h"
#include "where/meant.h"
#include "where/sqlslips_parts.h"

enum { VALUES_MAX = 200, OPERANDS_MAX = 200 };

/* What the column is taken for, by all that it is compared with. */
typedef enum { AS_NOTHING, AS_NUMBER, AS_DAY, AS_TEXT } As;

typedef struct {
    guint column;
    As as;
    GPtrArray *texts; /* that are named: as texts, or days as 2015-09-01 */
    GArray *numbers;
} Asked;

/* A value of the column. */
typedef struct {
    const char *text;
    double number;
} Given;

static gboolean is_chain(const Expr *node)
{
    return node->kind == EXPR_AND || node->kind == EXPR_OR;
}

gboolean slips_is_bracketed(const Expr *node)
{
    return node->end > expr_part(node, expr_count(node) - 1)->end;
}

/* The column itself, or day(column). */
static const Expr *column_of(const Expr *node)
{
    gboolean is_day = node->kind == EXPR_CALL && g_str_equal(node->text, "day");
    const Expr *inner = is_day && expr_count(node) == 1 ? expr_part(node, 0) : node;
    return inner->kind == EXPR_COLUMN ? inner : NULL;
}

/* --- what is asked of the column ---------------------------------------------------------------- */

static gboolean note_as(Asked *asked, As as)
{
    gboolean same = asked->as == AS_NOTHING || asked->as == as;
    asked->as = as;
    return same;
}

static gboolean note_value(Asked *asked, const Expr *value, ValueKind kind)
{
    double number;
    if (asked->texts->len + asked->numbers->len >= VALUES_MAX)
        return FALSE;
    if (kind == VALUE_NUMBER) {
        if (!cellnumber_parse(value->text, &number) || !note_as(asked, AS_NUMBER))
            return FALSE;
        g_array_append_val(asked->numbers, number);
        return TRUE;
    }
    char *text = kind == VALUE_DAY ? function_day(value->text) : byvalue_literal(value->text);
    if (!text)
        return FALSE;
    g_ptr_array_add(asked->texts, text);
    return note_as(asked, kind == VALUE_DAY ? AS_DAY : AS_TEXT);
}

static gboolean is_ordered(const Expr *node)
{
    return node->kind == EXPR_BETWEEN ||
           (node->kind == EXPR_COMPARE && !g_str_equal(node->op, "=") &&
            !g_str_equal(node->op, "<>"));
}

/* A comparison of a column with literals: Phase = 'a', 30 < Roll, Phase NOT IN ('a', 'b'). */
static gboolean note_comparison(Asked *asked, const Expr *node)
{
    const Expr *column = NULL;
    ValueKind kind = byvalue_compares(node, 0, 1, is_ordered(node));
    if (kind == VALUE_TEXT && is_ordered(node)) /* Roll > '30' */
        kind = VALUE_NUMBER;
    for (guint i = 0; i < expr_count(node); i++) {
        const Expr *part = expr_part(node, i), *named = column_of(part);
        if (named && (column || (i && node->kind != EXPR_COMPARE)))
            return FALSE;
        column = named ? named : column;
        if (!named && part->kind != EXPR_TEXT && part->kind != EXPR_NUMBER)
            return FALSE;
        if (!named && !note_value(asked, part, kind))
            return FALSE;
    }
    if (!column || (asked->column != G_MAXUINT && asked->column != column->column))
        return FALSE;
    asked->column = column->column;
    return TRUE;
}

/* Whether all of the node asks nothing but that of one column. */
static gboolean note(Asked *asked, const Expr *node)
{
    switch (node->kind) {
    case EXPR_COMPARE:
    case EXPR_BETWEEN:
    case EXPR_IN:
        return note_comparison(asked, node);
    case EXPR_IS:
        return expr_part(node, 1)->kind == EXPR_TEXT && note_comparison(asked, node);
    case EXPR_AND:
    case EXPR_OR:
        return note(asked, expr_part(node, 0)) && note(asked, expr_part(node, 1));
    case EXPR_NOT:
        return note(asked, expr_part(node, 0));
    case EXPR_NULL:
    case EXPR_TRUTH:
    case EXPR_NUMBER:
    case EXPR_TEXT:
    case EXPR_BLOB:
    case EXPR_COLUMN:
    case EXPR_WORD:
    case EXPR_CALL:
    case EXPR_SIGN:
    case EXPR_ARITHMETIC:
    case EXPR_JOIN:
    case EXPR_LIKE:
    case EXPR_CASE:
    case EXPR_CAST:
    case EXPR_COLLATE:
        return FALSE;
    }
    g_assert_not_reached();
}

static void asked_clear(Asked *asked)
{
    g_clear_pointer(&asked->texts, g_ptr_array_unref);
    g_clear_pointer(&asked->numbers, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Asked, asked_clear)

static Asked asked_new(void)
{
    return (Asked){G_MAXUINT, AS_NOTHING, g_ptr_array_new_with_free_func(g_free),
                   g_array_new(FALSE, FALSE, sizeof(double))};
}

/* --- its answer for a value --------------------------------------------------------------------- */

/* -1, 0 or 1: the value against a literal. */
static int against(const Asked *asked, const Given *given, const Expr *literal)
{
    double number;
    if (asked->as == AS_NUMBER && cellnumber_parse(literal->text, &number))
        return given->number < number ? -1 : given->number > number;
    g_autofree char *text =
        asked->as == AS_DAY ? function_day(literal->text) : byvalue_literal(literal->text);
    return strcmp(given->text, text);
}

static gboolean compare(const Asked *asked, const Given *given, const Expr *node)
{
    gboolean turned = !column_of(expr_part(node, 0));
    int order = against(asked, given, expr_part(node, !turned));
    order = turned ? -order : order;
    return (strchr(node->op, '=') && order == 0) || (strchr(node->op, '<') && order < 0) ||
           (strchr(node->op, '>') && order > 0);
}

static gboolean is_one_of(const Asked *asked, const Given *given, const Expr *node)
{
    for (guint i = 1; i < expr_count(node); i++)
        if (against(asked, given, expr_part(node, i)) == 0)
            return TRUE;
    return FALSE;
}

static gboolean answer(const Asked *asked, const Given *given, const Expr *node)
{
    gboolean between;
    if (node->kind == EXPR_AND)
        return answer(asked, given, expr_part(node, 0)) && answer(asked, given, expr_part(node, 1));
    if (node->kind == EXPR_OR)
        return answer(asked, given, expr_part(node, 0)) || answer(asked, given, expr_part(node, 1));
    if (node->kind == EXPR_NOT)
        return !answer(asked, given, expr_part(node, 0));
    if (node->kind == EXPR_COMPARE)
        return compare(asked, given, node);
    if (node->kind != EXPR_BETWEEN) /* IN, IS */
        return is_one_of(asked, given, node) != node->negated;
    between = against(asked, given, expr_part(node, 1)) >= 0 &&
              against(asked, given, expr_part(node, 2)) <= 0;
    return between != node->negated;
}

/* --- chains -------------------------------------------------------------------------------------- */

/* The operands of a chain that ask something of one column, joined as the chain joins them. */
typedef struct {
    const Expr *operands[OPERANDS_MAX];
    guint count;
    gboolean is_or;
} Joined;

static gboolean answer_all(const Asked *asked, const Given *given, const Joined *joined)
{
    for (guint i = 0; i < joined->count; i++)
        if (answer(asked, given, joined->operands[i]) == joined->is_or)
            return joined->is_or;
    return !joined->is_or;
}

static int by_number(gconstpointer a, gconstpointer b)
{
    double one = *(const double *)a, other = *(const double *)b;
    return one < other ? -1 : one > other;
}

/* Whether the answer is `wanted` for each number: those named, those between, those beyond. */
static gboolean same_for_numbers(const Asked *asked, const Joined *joined, gboolean wanted)
{
    g_array_sort(asked->numbers, by_number);
    for (guint i = 0; i <= asked->numbers->len; i++) {
        double before = i ? g_array_index(asked->numbers, double, i - 1) : -INFINITY;
        double after =
            i < asked->numbers->len ? g_array_index(asked->numbers, double, i) : INFINITY;
        double between = isinf(before)  ? after - 1
                         : isinf(after) ? before + 1
                                        : before + (after - before) / 2;
        const Given within = {"", between}, at = {"", after};
        if (answer_all(asked, &within, joined) != wanted ||
            (!isinf(after) && answer_all(asked, &at, joined) != wanted))
            return FALSE;
    }
    return TRUE;
}

/* The same for texts and days: each named, one just behind each, and one before all. */
static gboolean same_for_texts(const Asked *asked, const Joined *joined, gboolean wanted)
{
    const Given first = {asked->as == AS_DAY ? "0000" : "\x01", 0};
    if (answer_all(asked, &first, joined) != wanted)
        return FALSE;
    for (guint i = 0; i < asked->texts->len; i++) {
        const char *text = g_ptr_array_index(asked->texts, i);
        g_autofree char *behind = g_strconcat(text, "\x01", NULL);
        const Given at = {text, 0}, after = {behind, 0};
        if (answer_all(asked, &at, joined) != wanted || answer_all(asked, &after, joined) != wanted)
            return FALSE;
    }
    return TRUE;
}

/* Only what is bracketed apart, or joined otherwise, is one operand. */
static void collect(const Expr *node, ExprKind kind, GPtrArray *operands)
{
    if (node->kind == kind) {
        collect(expr_part(node, 0), kind, operands);
        collect(expr_part(node, 1), kind, operands);
    } else {
        g_ptr_array_add(operands, (gpointer)node);
    }
}

/* Those of the operands that ask of the column of the one at `first`, from there on. */
static gboolean join_operands(const GPtrArray *operands, guint first, Asked *asked, Joined *joined)
{
    for (guint i = first; i < operands->len && joined->count < OPERANDS_MAX; i++) {
        const Expr *operand = g_ptr_array_index(operands, i);
        g_auto(Asked) own = asked_new();
        if (!note(&own, operand) || (joined->count && own.column != asked->column))
            continue;
        if (!note(asked, operand))
            return FALSE; /* as a number here, and as a text there */
        joined->operands[joined->count++] = operand;
    }
    return joined->count > 1;
}

/* --- what was meant ------------------------------------------------------------------------------ */

/* The values that a comparison is for (= or IN), or against (<> or NOT IN), as they stand. */
static gboolean add_values(const SlipsSpec *spec, const Expr *node, gboolean against_them,
                           GString *values)
{
    gboolean turned = node->kind == EXPR_NOT;
    const Expr *one = turned ? expr_part(node, 0) : node;
    gboolean is_list = one->kind == EXPR_IN || one->kind == EXPR_IS;
    if (!is_list &&
        !(one->kind == EXPR_COMPARE && (g_str_equal(one->op, "=") || g_str_equal(one->op, "<>"))))
        return FALSE;
    gboolean negated = is_list ? one->negated : g_str_equal(one->op, "<>");
    if ((negated != turned) != against_them || expr_part(one, 0)->kind != EXPR_COLUMN)
        return FALSE;
    for (guint i = 1; i < expr_count(one); i++) {
        const Expr *value = expr_part(one, i);
        g_autofree char *text = expression_slice(spec->source, value->begin, value->end);
        g_string_append_printf(values, "%s%s", values->len ? ", " : "", text);
    }
    return TRUE;
}

/* One list in place of a chain that asks of nothing else; NULL when it isn't of that form. */
static char *say_list(const SlipsSpec *spec, const Expr *chain, const Joined *joined, char *why)
{
    g_autofree char *begin = why;
    g_autoptr(GString) values = g_string_new(NULL);
    for (guint i = 0; i < joined->count; i++)
        if (!add_values(spec, joined->operands[i], joined->is_or, values))
            return NULL;
    const Expr *column = joined->operands[0];
    column = column->kind == EXPR_NOT ? expr_part(column, 0) : column;
    column = expr_part(column, 0);
    g_autofree char *name = expression_slice(spec->source, column->begin, column->end);
    g_autoptr(GArray) edits = meant_new();
    meant_edit(edits, chain->begin, chain->end,
               g_strdup_printf("%s %s (%s)", name, joined->is_or ? "NOT IN" : "IN", values->str));
    return meant_say(spec, g_steal_pointer(&begin), edits);
}

static char *say(const SlipsSpec *spec, const Expr *chain, const Joined *joined, guint column,
                 gboolean is_whole)
{
    const Expr *first = joined->operands[0], *second = joined->operands[1];
    g_autofree char *one = expression_slice(spec->source, first->begin, first->end),
                    *other = expression_slice(spec->source, second->begin, second->end);
    g_autofree char *why = g_strdup_printf(
        "%s %s %s %s, whatever '%s' is", one, joined->is_or ? "OR" : "AND", other,
        joined->is_or ? "holds for every row" : "holds for no row", spec->columns[column]);
    char *with_line = is_whole ? say_list(spec, chain, joined, g_strdup(why)) : NULL;
    return with_line ? with_line
                     : g_strdup_printf("%s: is %s meant?", why, joined->is_or ? "AND" : "OR");
}

char *slips_in_chain(const SlipsSpec *spec, const Expr *chain, const Expr *parent)
{
    if (!is_chain(chain) || (parent && parent->kind == chain->kind))
        return NULL; /* the whole chain was looked at */
    g_autoptr(GPtrArray) operands = g_ptr_array_new();
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL); /* columns, from 1 */
    collect(chain, chain->kind, operands);
    for (guint i = 0; i + 1 < operands->len && i < OPERANDS_MAX; i++) {
        g_auto(Asked) own = asked_new(), asked = asked_new();
        Joined joined = {.is_or = chain->kind == EXPR_OR};
        if (!note(&own, g_ptr_array_index(operands, i)) ||
            !g_hash_table_add(seen, GUINT_TO_POINTER(own.column + 1)) ||
            !join_operands(operands, i, &asked, &joined))
            continue;
        gboolean same = asked.as == AS_NUMBER ? same_for_numbers(&asked, &joined, joined.is_or)
                                              : same_for_texts(&asked, &joined, joined.is_or);
        if (same)
            return say(spec, chain, &joined, asked.column, joined.count == operands->len);
    }
    return NULL;
}

/* --- AND and OR side by side --------------------------------------------------------------------- */

typedef struct {
    const char *source;
    char *read; /* how the first is read */
} Mixed;

static char *with_brackets(const char *source, const Expr *operand)
{
    g_autofree char *text = expression_slice(source, operand->begin, operand->end);
    return operand->kind == EXPR_AND && !slips_is_bracketed(operand) ? g_strdup_printf("(%s)", text)
                                                                     : g_steal_pointer(&text);
}

static void visit_mixed(void *user, const Expr *node, const Expr *parent)
{
    Mixed *mixed = user;
    gboolean is_mixed = FALSE;
    if (mixed->read || node->kind != EXPR_OR || (parent && parent->kind == EXPR_OR))
        return;
    g_autoptr(GPtrArray) operands = g_ptr_array_new();
    collect(node, EXPR_OR, operands);
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < operands->len; i++) {
        const Expr *operand = g_ptr_array_index(operands, i);
        g_autofree char *text = with_brackets(mixed->source, operand);
        is_mixed |= operand->kind == EXPR_AND && !slips_is_bracketed(operand);
        g_string_append_printf(out, "%s%s", i ? " OR " : "", text);
    }
    mixed->read = g_string_free(out, !is_mixed);
}

char *slips_mixed(const char *source, const Expression *tree)
{
    Mixed mixed = {source, NULL};
    expression_each(tree, visit_mixed, &mixed);
    return mixed.read;
}
