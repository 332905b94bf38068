/* sqlslips_tree - what an expression says and can't mean (a part of where/sqlslips.h) */
#include <string.h>

#include "base/error.h"
#include "where/byvalue.h"
#include "sheet/cellnumber.h"
#include "where/functions.h"
#include "where/meant.h"
#include "where/sqlslips_parts.h"

typedef struct {
    const SlipsSpec *spec;
    char *wrong; /* the first thing */
} Search;

static char *slice(const Search *s, const Expr *node)
{
    return expression_slice(s->spec->source, node->begin, node->end);
}

static gboolean is_text(const Expr *node)
{
    return node->kind == EXPR_TEXT;
}

static gboolean is_bare_value(const Expr *node)
{
    return node->kind == EXPR_TEXT || node->kind == EXPR_NUMBER;
}

/* A value that stands alone in a chain: Phase = Primary OR Secondary has lost its quotes, too. */
static gboolean is_alone(const Search *s, const Expr *node)
{
    return is_bare_value(node) || (node->kind == EXPR_WORD && !node->quoted &&
                                   !nearest_word(node->text, s->spec->columns));
}

/* As it has to be written. */
static char *slice_value(const Search *s, const Expr *node)
{
    return node->kind == EXPR_WORD ? meant_text(node->text) : slice(s, node);
}

/* 0 or 1, which may stand for false and true. */
static gboolean is_truth(const Expr *node)
{
    return node->kind == EXPR_NUMBER &&
           (g_str_equal(node->text, "0") || g_str_equal(node->text, "1"));
}

/* A name that is no column. */
static char *no_column(const Search *s, const Expr *node, const Expr *parent)
{
    g_autoptr(GArray) edits = meant_new();
    gboolean compared = parent && (parent->kind == EXPR_COMPARE || parent->kind == EXPR_IN ||
                                   parent->kind == EXPR_LIKE || parent->kind == EXPR_BETWEEN ||
                                   parent->kind == EXPR_IS);
    if (g_ascii_strncasecmp(node->text, "current_", 8) == 0) {
        meant_edit(edits, node->begin, node->end, g_strdup("today()"));
        return meant_say(s->spec, g_strdup("the day is today()"), edits);
    }
    if (!node->quoted && g_ascii_strcasecmp(node->text, "today") == 0) {
        meant_edit(edits, node->begin, node->end, g_strdup("today()"));
        return meant_say(s->spec, g_strdup("the day is today()"), edits);
    }
    if (compared && node != expr_part(parent, 0)) {
        meant_edit(edits, node->begin, node->end, meant_text(node->text));
        return meant_say(
            s->spec,
            g_strdup_printf("no such column: '%s'; a text stands in single quotes", node->text),
            edits);
    }
    const char *near = nearest_word(node->text, s->spec->columns);
    gboolean is_alone =
        !parent || parent->kind == EXPR_AND || parent->kind == EXPR_OR || parent->kind == EXPR_NOT;
    if (!near) {
        g_autofree char *all = g_strjoinv(", ", (char **)s->spec->columns);
        g_autofree char *text = meant_text(node->text);
        if (is_alone && !s->spec->is_value)
            return g_strdup_printf("%s stands alone, and is no column: if it is a text, say what "
                                   "has to be that, as in Phase = %s (the columns are: %s)",
                                   node->text, text, all);
        return g_strdup_printf("no such column: '%s' (the columns are: %s)", node->text, all);
    }
    g_autofree char *quoted = meant_name(near);
    meant_edit(edits, node->begin, node->end, g_strdup(quoted));
    return meant_say(s->spec,
                     g_strdup_printf("no such column: '%s' (did you mean %s?)", node->text, quoted),
                     edits);
}

/* The comparison that a value after it is meant to belong to, in a chain of ORs or ANDs. */
static const Expr *comparison_before(const Search *s, const Expr *chain)
{
    const Expr *left = expr_part(chain, 0);
    while (left->kind == chain->kind && is_alone(s, expr_part(left, 1)))
        left = expr_part(left, 0);
    if (left->kind == chain->kind)
        left = expr_part(left, 1);
    gboolean compares =
        left->kind == EXPR_LIKE || (left->kind == EXPR_COMPARE && strpbrk(left->op, "=<>") != NULL);
    return compares && is_alone(s, expr_part(left, 1)) && expr_part(left, 0)->kind == EXPR_COLUMN
               ? left
               : NULL;
}

static void collect_values(const Search *s, const Expr *chain, ExprKind kind, GPtrArray *values)
{
    if (chain->kind == kind) {
        collect_values(s, expr_part(chain, 0), kind, values);
        collect_values(s, expr_part(chain, 1), kind, values);
    } else if (is_alone(s, chain)) {
        g_ptr_array_add(values, (gpointer)chain);
    }
}

/* Phase = 'Primary' OR 'Secondary': a chain's values that stand alone, with the comparison before
 * them. */
static char *alone_after(const Search *s, ExprKind kind, const GPtrArray *values,
                         const Expr *comparison)
{
    g_autoptr(GArray) edits = meant_new();
    g_autofree char *column = slice(s, expr_part(comparison, 0)),
                    *value = slice_value(s, g_ptr_array_index(values, 0)),
                    *first = slice(s, comparison);
    gboolean is_list = comparison->kind == EXPR_COMPARE &&
                       (g_str_equal(comparison->op, "=") || g_str_equal(comparison->op, "<>"));
    const char *op = comparison->kind == EXPR_LIKE ? (comparison->negated ? "NOT LIKE" : "LIKE")
                                                   : comparison->op;
    GString *meant = g_string_new(NULL);
    if (is_list) {
        g_autofree char *had = slice_value(s, expr_part(comparison, 1));
        g_string_append_printf(meant, "%s %s (%s", column, *op == '=' ? "IN" : "NOT IN", had);
    } else {
        g_string_append(meant, first);
    }
    for (guint i = 0; i < values->len; i++) {
        g_autofree char *more = slice_value(s, g_ptr_array_index(values, i));
        if (is_list)
            g_string_append_printf(meant, ", %s", more);
        else
            g_string_append_printf(meant, " %s %s %s %s", kind == EXPR_OR ? "OR" : "AND", column,
                                   op, more);
    }
    g_string_append(meant, is_list ? ")" : "");
    gsize end = ((const Expr *)g_ptr_array_index(values, values->len - 1))->end;
    meant_edit(edits, comparison->begin, end, g_string_free(meant, FALSE));
    return meant_say(s->spec,
                     g_strdup_printf("%s stands alone, and is no condition (%s %s %s would be one)",
                                     value, column, op, value),
                     edits);
}

/* The value at the left end of ANDs without brackets: Phase = 'a' OR 'b' AND Town = 'x'. */
static const Expr *leftmost(const Search *s, const Expr *node)
{
    while (node->kind == EXPR_AND && s->spec->source[node->begin] != '(')
        node = expr_part(node, 0);
    return node;
}

/* From the top of the chain, so that all its bare values are in the line that was meant. */
static char *alone_in_chain(const Search *s, const Expr *chain)
{
    g_autoptr(GPtrArray) values = g_ptr_array_new();
    const Expr *last =
        chain->kind == EXPR_OR ? leftmost(s, expr_part(chain, 1)) : expr_part(chain, 1);
    if (!is_alone(s, last) || is_truth(last))
        return NULL;
    const Expr *comparison = comparison_before(s, chain);
    if (expr_part(chain, 0)->kind == chain->kind)
        collect_values(s, expr_part(chain, 0), chain->kind, values);
    g_ptr_array_add(values, (gpointer)last);
    return comparison ? alone_after(s, chain->kind, values, comparison) : NULL;
}

/* Phase = ('Primary' OR 'Secondary') */
static char *alone_within(const Search *s, const Expr *chain, const Expr *parent)
{
    g_autoptr(GPtrArray) values = g_ptr_array_new();
    g_autoptr(GArray) edits = meant_new();
    gboolean negated = g_str_equal(parent->op, "<>");
    g_autofree char *column = slice(s, expr_part(parent, 0)), *inside = slice(s, chain);
    collect_values(s, chain, chain->kind, values);
    GString *meant = g_string_new(NULL);
    for (guint i = 0; i < values->len; i++) {
        g_autofree char *value = slice_value(s, g_ptr_array_index(values, i));
        g_string_append_printf(meant, "%s%s", i ? ", " : "", value);
    }
    meant_edit(edits, parent->begin, parent->end,
               g_strdup_printf("%s %s (%s)", column, negated ? "NOT IN" : "IN", meant->str));
    g_string_free(meant, TRUE);
    return meant_say(s->spec, g_strdup_printf("%s is no choice of texts", inside), edits);
}

/* What stands where a condition has to. */
static char *not_a_condition(const Search *s, const Expr *node, const Expr *parent)
{
    ValueKind kind = byvalue_kind(node);
    gboolean in_chain = parent && (parent->kind == EXPR_AND || parent->kind == EXPR_OR);
    gboolean number = node->kind == EXPR_NUMBER && in_chain && !is_truth(node);
    if (byvalue_is_condition(node) || node->kind == EXPR_CASE || node->kind == EXPR_BLOB ||
        ((kind == VALUE_NUMBER || kind == VALUE_ANY) && !number))
        return NULL;
    g_autofree char *text = slice(s, node);
    if (is_bare_value(node))
        return g_strdup_printf("%s stands alone, and is no condition: say what has to be %s, as in "
                               "Phase = %s",
                               text, text, text);
    if (kind == VALUE_DAY)
        return g_strdup_printf("%s stands alone, and is no condition: write %s IS NOT NULL", text,
                               text);
    return g_strdup_printf("%s stands alone, and is no condition: say what it has to be, as in "
                           "%s = 'Yes' or %s <> ''",
                           text, text, text);
}

/* The value of a whole number without a sign, or -1. */
static gint64 whole(const Expr *node)
{
    gboolean digits = node->kind == EXPR_NUMBER && strlen(node->text) < 10 &&
                      strspn(node->text, "0123456789") == strlen(node->text);
    return digits ? g_ascii_strtoll(node->text, NULL, 10) : -1;
}

/* 2015-09-01 and 01/01/2000, which are arithmetic; as "2015-09-01", or NULL. */
static char *arithmetic_day(const Expr *node)
{
    if (node->kind != EXPR_ARITHMETIC || (*node->op != '-' && *node->op != '/'))
        return NULL;
    const Expr *left = expr_part(node, 0);
    if (left->kind != EXPR_ARITHMETIC || *left->op != *node->op)
        return NULL;
    gint64 first = whole(expr_part(left, 0)), second = whole(expr_part(left, 1)),
           third = whole(expr_part(node, 1));
    if (first < 0 || second < 0 || third < 0)
        return NULL;
    g_autofree char *text = g_strdup_printf("%0*d-%02d-%0*d", first > 999 ? 4 : 2, (int)first,
                                            (int)second, third > 999 ? 4 : 2, (int)third);
    return function_day(text);
}

static char *unquoted_day(const Search *s, const Expr *node, const Expr *parent)
{
    g_autofree char *day = arithmetic_day(node);
    g_autoptr(GArray) edits = meant_new();
    if (!day)
        return NULL;
    g_autofree char *text = slice(s, node);
    const Expr *other = parent && parent->kind == EXPR_COMPARE
                            ? expr_part(parent, node == expr_part(parent, 0))
                            : NULL;
    gboolean wrap = other && other->kind == EXPR_COLUMN;
    g_autofree char *name = wrap ? slice(s, other) : NULL;
    if (wrap && other->begin < node->begin)
        meant_edit(edits, other->begin, other->end, g_strdup_printf("day(%s)", name));
    meant_edit(edits, node->begin, node->end, meant_text(day));
    if (wrap && other->begin > node->begin)
        meant_edit(edits, other->begin, other->end, g_strdup_printf("day(%s)", name));
    return meant_say(s->spec, g_strdup_printf("%s without quotes is a sum, not a day", text),
                     edits);
}

/* today() - 30 */
static char *day_arithmetic(const Search *s, const Expr *node)
{
    const Expr *left = expr_part(node, 0), *right = expr_part(node, 1);
    gboolean today = left->kind == EXPR_CALL && g_str_equal(left->text, "today") &&
                     !expr_count(left) && whole(right) >= 0 && strchr("+-", *node->op);
    g_autofree char *text = slice(s, node);
    if (byvalue_kind(left) != VALUE_DAY && byvalue_kind(right) != VALUE_DAY)
        return NULL;
    g_autoptr(GArray) edits = meant_new();
    if (!today)
        return g_strdup_printf("%s: days can't be reckoned with; today(-30) is thirty days ago",
                               text);
    meant_edit(edits, node->begin, node->end,
               g_strdup_printf("today(%s%s)", *node->op == '-' ? "-" : "", right->text));
    return meant_say(s->spec, g_strdup_printf("%s: days can't be reckoned with", text), edits);
}

/* "2015", "2015-09": the beginning of a day, which compares as one. */
static gboolean is_day_begun(const char *text)
{
    gsize length = strlen(text);
    return (length == 4 || (length == 7 && text[4] == '-')) &&
           strspn(text, "0123456789-") == length;
}

/* A day beside what is none. */
static char *no_day(const Search *s, const Expr *node, const Expr *day, const Expr *other)
{
    g_autofree char *left = slice(s, day), *right = slice(s, other), *iso = NULL;
    g_autoptr(GArray) edits = meant_new();
    if (is_text(other) && !*other->text) {
        gboolean negated = node->kind == EXPR_COMPARE && *node->op != '=';
        meant_edit(edits, node->begin, node->end,
                   g_strdup_printf("%s IS %sNULL", left, negated ? "NOT " : ""));
        return meant_say(s->spec, g_strdup_printf("%s of what is no day is NULL, not ''", left),
                         edits);
    }
    gint64 digits = whole(other);
    if (digits > 10000000) {
        g_autofree char *text = g_strdup_printf("%04d-%02d-%02d", (int)(digits / 10000),
                                                (int)(digits / 100 % 100), (int)(digits % 100));
        iso = function_day(text);
    }
    if (iso) {
        meant_edit(edits, other->begin, other->end, meant_text(iso));
        return meant_say(s->spec, g_strdup_printf("%s is a number, not a day", right), edits);
    }
    return g_strdup_printf("%s is no day: what %s is compared with looks like '2015-09-01'", right,
                           left);
}

static char *check_days(const Search *s, const Expr *node)
{
    const Expr *day = NULL;
    for (guint i = 0; i < expr_count(node) && !day; i++)
        if (byvalue_kind(expr_part(node, i)) == VALUE_DAY)
            day = expr_part(node, i);
    for (guint i = 0; day && i < expr_count(node); i++) {
        const Expr *other = expr_part(node, i);
        g_autofree char *iso = is_text(other) ? function_day(other->text) : NULL;
        if (byvalue_kind(other) == VALUE_NUMBER ||
            (is_text(other) && !iso && !is_day_begun(other->text)))
            return no_day(s, node, day, other);
    }
    return NULL;
}

/* 0012, and numbers too long to be told apart. */
static char *check_number(const Search *s, const Expr *node, const Expr *parent)
{
    gboolean equal = parent->kind == EXPR_IN ||
                     (parent->kind == EXPR_COMPARE && strchr("=<", *parent->op) &&
                      !g_str_equal(parent->op, "<") && !g_str_equal(parent->op, "<="));
    gboolean code = cellnumber_is_code(node->text) && equal;
    gboolean is_long =
        strlen(node->text) > 15 && strspn(node->text, "0123456789") == strlen(node->text);
    g_autoptr(GArray) edits = meant_new();
    if (!code && !is_long)
        return NULL;
    meant_edit(edits, node->begin, node->end, meant_text(node->text));
    return meant_say(s->spec,
                     g_strdup_printf(code ? "%s without quotes is a number without its noughts"
                                          : "%s is too long for a number; a code stands in quotes",
                                     node->text),
                     edits);
}

/* Academy = TRUE: SQL's TRUE is the number 1, and a cell has a text. */
static char *check_truth(const Search *s, const Expr *node)
{
    const Expr *left = expr_part(node, 0), *right = expr_part(node, 1);
    const Expr *truth = right->kind == EXPR_TRUTH ? right : left->kind == EXPR_TRUTH ? left : NULL;
    const Expr *other = truth == left ? right : left;
    g_autoptr(GArray) edits = meant_new();
    if (!truth || other->kind != EXPR_COLUMN)
        return NULL;
    g_autofree char *name = slice(s, other);
    g_autofree char *word = g_ascii_strup(truth->text, -1);
    gboolean negated = node->kind == EXPR_IS ? node->negated : g_str_equal(node->op, "<>");
    g_autofree char *text = meant_text(word);
    meant_edit(edits, node->begin, node->end,
               g_strdup_printf("%s %s %s", name, negated ? "<>" : "=", text));
    return meant_say(s->spec,
                     g_strdup_printf("%s without quotes is the number %s: a text stands in quotes",
                                     word, g_str_equal(word, "TRUE") ? "1" : "0"),
                     edits);
}

/* A number beside a text that can't be one: number(x) = '', or a < b < c. */
static char *check_compare(const Search *s, const Expr *node)
{
    const Expr *left = expr_part(node, 0), *right = expr_part(node, 1);
    g_autofree char *first = slice(s, left), *second = slice(s, right);
    g_autoptr(GArray) edits = meant_new();
    if (left->kind == EXPR_NULL || right->kind == EXPR_NULL) {
        const char *value = left->kind == EXPR_NULL ? second : first;
        meant_edit(edits, node->begin, node->end,
                   g_strdup_printf("%s IS %sNULL", value, *node->op == '=' ? "" : "NOT "));
        return meant_say(s->spec, g_strdup("nothing is equal to NULL"), edits);
    }
    if (left->kind == EXPR_COMPARE && s->spec->source[left->begin] != '(' &&
        right->kind != EXPR_TRUTH) {
        g_autofree char *middle = slice(s, expr_part(left, 1));
        meant_edit(edits, node->begin, node->end,
                   g_strdup_printf("%s AND %s %s %s", first, middle, node->op, second));
        return meant_say(s->spec, g_strdup("comparisons can't be chained"), edits);
    }
    const Expr *text = is_text(left) ? left : is_text(right) ? right : NULL;
    const Expr *number = text == left ? right : left;
    double value;
    if (!text || byvalue_kind(number) != VALUE_NUMBER || cellnumber_parse(text->text, &value))
        return NULL;
    g_autofree char *of = slice(s, number);
    if (*text->text)
        return g_strdup_printf("'%s' is no number, and %s is one", text->text, of);
    meant_edit(edits, node->begin, node->end,
               g_strdup_printf("%s IS %sNULL", of, *node->op == '=' ? "" : "NOT "));
    return meant_say(s->spec, g_strdup_printf("%s is a number or NULL, never ''", of), edits);
}

/* BETWEEN 30 AND 10 */
static char *check_between(const Search *s, const Expr *node)
{
    const Expr *least = expr_part(node, 1), *most = expr_part(node, 2);
    g_autofree char *from = slice(s, least), *to = slice(s, most);
    g_autofree char *first_day = is_text(least) ? function_day(least->text) : NULL,
                    *last_day = is_text(most) ? function_day(most->text) : NULL;
    double first, last;
    gboolean turned = first_day && last_day && strcmp(first_day, last_day) > 0;
    if (is_bare_value(least) && is_bare_value(most) && cellnumber_parse(least->text, &first) &&
        cellnumber_parse(most->text, &last))
        turned = first > last;
    g_autoptr(GArray) edits = meant_new();
    if (!turned)
        return NULL;
    meant_edit(edits, least->begin, least->end, g_strdup(to));
    meant_edit(edits, most->begin, most->end, g_strdup(from));
    return meant_say(s->spec, g_strdup("BETWEEN wants the lesser of the two first"), edits);
}

/* lower(Phase) = 'Primary', which nothing is. */
static char *check_case(const Search *s, const Expr *node)
{
    const Expr *call = NULL;
    for (guint i = 0; i < expr_count(node) && !call; i++)
        if (expr_part(node, i)->kind == EXPR_CALL &&
            (g_str_equal(expr_part(node, i)->text, "lower") ||
             g_str_equal(expr_part(node, i)->text, "upper")))
            call = expr_part(node, i);
    g_autoptr(GArray) edits = meant_new();
    for (guint i = 0; call && i < expr_count(node); i++) {
        const Expr *other = expr_part(node, i);
        gboolean lower = g_str_equal(call->text, "lower");
        g_autofree char *folded = !is_text(other) ? NULL
                                  : lower         ? g_utf8_strdown(other->text, -1)
                                                  : g_utf8_strup(other->text, -1);
        if (folded && !g_str_equal(folded, other->text))
            meant_edit(edits, other->begin, other->end, meant_text(folded));
    }
    if (!edits->len)
        return NULL;
    return meant_say(s->spec,
                     g_strdup_printf("%s() gives nothing but %s letters", call->text,
                                     *call->text == 'l' ? "small" : "capital"),
                     edits);
}

/* --- answered() ----------------------------------------------------------------------------------
 */

/* answered("school-support"), answered(school-support), answered('a', 'b', 'c') */
static char *check_answered(const Search *s, const Expr *node)
{
    guint count = expr_count(node);
    gboolean texts = count == 1 || count == 2;
    for (guint i = 0; texts && i < count; i++)
        texts = is_text(expr_part(node, i)) && *expr_part(node, i)->text;
    if (texts)
        return NULL;
    const char *why = "answered() wants a question's name in single quotes, and after a comma one "
                      "of its choices if that is asked";
    const Expr *only = count == 1 ? expr_part(node, 0) : NULL;
    gsize open = only ? only->begin : 0, close = only ? only->end : 0;
    g_autofree char *words = only && only->begin < only->end ? slice(s, only) : g_strdup("");
    gboolean is_name =
        *words && strspn(words, "\"" G_CSET_a_2_z G_CSET_DIGITS "-") == strlen(words);
    if (!is_name)
        return g_strdup_printf("%s: answered('school-support', 'Yes')", why);
    g_strdelimit(words, "\"", ' ');
    g_autoptr(GArray) edits = meant_new();
    meant_edit(edits, open, close, meant_text(g_strstrip(words)));
    return meant_say(s->spec, g_strdup(why), edits);
}

/* answered('school-support') = 'Yes' */
static char *check_answer_compared(const Search *s, const Expr *node)
{
    const Expr *left = expr_part(node, 0), *right = expr_part(node, 1);
    const Expr *call = left->kind == EXPR_CALL ? left : right;
    const Expr *text = call == left ? right : left;
    if (call->kind != EXPR_CALL || !g_str_equal(call->text, "answered") || !is_text(text) ||
        expr_count(call) != 1)
        return NULL;
    g_autoptr(GArray) edits = meant_new();
    g_autofree char *question = slice(s, expr_part(call, 0)), *choice = meant_text(text->text);
    meant_edit(
        edits, node->begin, node->end,
        g_strdup_printf("%sanswered(%s, %s)", *node->op == '=' ? "" : "NOT ", question, choice));
    return meant_say(s->spec, g_strdup("answered() is true or false"), edits);
}

/* Whether that part of the parent has to be a condition. */
static gboolean wants_condition(const Expr *node, const Expr *parent)
{
    if (!parent || parent->kind == EXPR_AND || parent->kind == EXPR_OR || parent->kind == EXPR_NOT)
        return TRUE;
    if (parent->kind == EXPR_CALL && g_str_equal(parent->text, "iif"))
        return node == expr_part(parent, 0);
    if (parent->kind != EXPR_CASE || expr_part(parent, 0))
        return FALSE;
    for (guint i = 1; i + 1 < expr_count(parent); i += 2)
        if (node == expr_part(parent, i))
            return TRUE;
    return FALSE;
}

static char *check_node(const Search *s, const Expr *node, const Expr *parent)
{
    char *wrong = NULL;
    gboolean compares =
        node->kind == EXPR_COMPARE || node->kind == EXPR_IN || node->kind == EXPR_BETWEEN;
    if (node->kind == EXPR_WORD)
        return no_column(s, node, parent);
    if (node->kind == EXPR_CALL && g_str_equal(node->text, "answered"))
        return check_answered(s, node);
    if (node->kind == EXPR_COMPARE)
        wrong = check_answer_compared(s, node);
    if (wrong)
        return wrong;
    if (node->kind == EXPR_OR && parent && parent->kind == EXPR_COMPARE &&
        is_alone(s, expr_part(node, 1)) && node == expr_part(parent, 1))
        return alone_within(s, node, parent);
    if (node->kind == EXPR_OR || node->kind == EXPR_AND)
        wrong = alone_in_chain(s, node);
    if (node->kind == EXPR_IN && expr_count(node) == 1)
        return g_strdup("there is nothing in the brackets of IN ()");
    if (!wrong && wants_condition(node, parent) && (parent || !s->spec->is_value))
        wrong = not_a_condition(s, node, parent);
    if (!wrong && node->kind == EXPR_NUMBER && parent)
        wrong = check_number(s, node, parent);
    if (!wrong && (node->kind == EXPR_IS || node->kind == EXPR_COMPARE))
        wrong = check_truth(s, node);
    if (!wrong && node->kind == EXPR_COMPARE)
        wrong = check_compare(s, node);
    if (!wrong && node->kind == EXPR_BETWEEN)
        wrong = check_between(s, node);
    if (!wrong && compares)
        wrong = check_days(s, node);
    if (!wrong &&
        (node->kind == EXPR_IN || (node->kind == EXPR_COMPARE && strchr("=!", *node->op)) ||
         (node->kind == EXPR_COMPARE && g_str_equal(node->op, "<>"))))
        wrong = check_case(s, node);
    return wrong;
}

/* What is reckoned with days is told before the comparison that it spoils. */
static void visit_days(void *user, const Expr *node, const Expr *parent)
{
    Search *s = user;
    if (!s->wrong && node->kind == EXPR_ARITHMETIC)
        s->wrong = unquoted_day(s, node, parent);
    if (!s->wrong && node->kind == EXPR_ARITHMETIC)
        s->wrong = day_arithmetic(s, node);
}

static void visit(void *user, const Expr *node, const Expr *parent)
{
    Search *s = user;
    if (!s->wrong)
        s->wrong = check_node(s, node, parent);
    if (!s->wrong)
        s->wrong = slips_in_values(s->spec, node);
}

/* Once its parts are what they seem. */
static void visit_chains(void *user, const Expr *node, const Expr *parent)
{
    Search *s = user;
    if (!s->wrong)
        s->wrong = slips_in_chain(s->spec, node, parent);
}

char *slips_in_tree(const SlipsSpec *spec, const Expression *tree)
{
    Search s = {spec, NULL};
    expression_each(tree, visit_days, &s);
    if (!s.wrong)
        expression_each(tree, visit, &s);
    if (!s.wrong)
        expression_each(tree, visit_chains, &s);
    return s.wrong;
}
