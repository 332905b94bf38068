/* sqlslips_values - comparisons with what their other side never says (a part of where/sqlslips.h) */
#include <string.h>

#include "sheet/cellnumber.h"
#include "text/day.h"
#include "where/functions.h"
#include "where/meant.h"
#include "where/sqlslips_parts.h"

static char *slice(const SlipsSpec *spec, const Expr *node)
{
    return expression_slice(spec->source, node->begin, node->end);
}

/* Phase NOT IN ('Primary', NULL), which is true of nothing. */
static char *null_in_list(const SlipsSpec *spec, const Expr *node)
{
    gboolean has_null = FALSE;
    g_autoptr(GString) values = g_string_new(NULL);
    for (guint i = 1; i < expr_count(node); i++) {
        g_autofree char *value = slice(spec, expr_part(node, i));
        gboolean is_null = expr_part(node, i)->kind == EXPR_NULL;
        has_null |= is_null;
        if (!is_null)
            g_string_append_printf(values, "%s%s", values->len ? ", " : "", value);
    }
    if (!has_null)
        return NULL;
    g_autofree char *what = slice(spec, expr_part(node, 0));
    g_autoptr(GArray) edits = meant_new();
    const char *no = node->negated ? "NOT " : "";
    meant_edit(edits, node->begin, node->end,
               values->len ? g_strdup_printf("(%s %sIN (%s) %s %s IS %sNULL)", what, no,
                                             values->str, node->negated ? "AND" : "OR", what, no)
                           : g_strdup_printf("%s IS %sNULL", what, no));
    return meant_say(spec, g_strdup("nothing is equal to NULL"), edits);
}

/* A whole number without a sign; -1 for none. */
static gint64 whole(const Expr *node)
{
    gboolean digits = node->kind == EXPR_NUMBER && strlen(node->text) < 10 &&
                      strspn(node->text, "0123456789") == strlen(node->text);
    return digits ? g_ascii_strtoll(node->text, NULL, 10) : -1;
}

/* substr(Postcode, 1, 1) = 'NM' */
static char *too_long_for(const SlipsSpec *spec, const Expr *node, const Expr *call)
{
    gint64 count = expr_count(call) == 3 ? whole(expr_part(call, 2)) : -1;
    const Expr *text = NULL;
    for (guint i = 0; i < expr_count(node); i++) {
        const Expr *other = expr_part(node, i);
        if (other->kind == EXPR_TEXT && count >= 0 && g_utf8_strlen(other->text, -1) > count)
            text = other;
    }
    if (!text)
        return NULL;
    g_autofree char *of = slice(spec, call), *longer = slice(spec, text);
    g_autoptr(GArray) edits = meant_new();
    meant_edit(edits, expr_part(call, 2)->begin, expr_part(call, 2)->end,
               g_strdup_printf("%ld", g_utf8_strlen(text->text, -1)));
    char *why =
        g_strdup_printf("%s gives %" G_GINT64_FORMAT " character%s at most, and %s has more", of,
                        count, count == 1 ? "" : "s", longer);
    return expr_count(node) == 2 ? meant_say(spec, why, edits) : why;
}

static char *wrong_substr(const SlipsSpec *spec, const Expr *node)
{
    for (guint i = 0; i < expr_count(node); i++) {
        const Expr *call = expr_part(node, i);
        if (call->kind != EXPR_CALL || !g_str_has_prefix(call->text, "substr"))
            continue;
        if (expr_count(call) < 3 || whole(expr_part(call, 1)) != 0)
            return too_long_for(spec, node, call);
        g_autoptr(GArray) edits = meant_new();
        meant_edit(edits, expr_part(call, 1)->begin, expr_part(call, 1)->end, g_strdup("1"));
        return meant_say(spec, g_strdup("substr() counts from 1"), edits);
    }
    return NULL;
}

/* "December 2026": the first day of that month, or NULL. */
static char *month_begin(const char *text)
{
    g_autofree char *first = g_ascii_isalpha(*text) ? g_strconcat("1 ", text, NULL) : NULL;
    return first && strpbrk(text, "0123456789") ? function_day(first) : NULL;
}

/* 31/02/2026: three numbers as of a day. */
static gboolean is_like_day(const char *text)
{
    gsize digits = strspn(text, "0123456789");
    const char sign = text[digits];
    guint signs = 0;
    if (!digits || (sign != '/' && sign != '-') || strspn(text, "0123456789/-") != strlen(text))
        return FALSE;
    for (const char *at = text; *at; at++)
        signs += *at == sign;
    return signs == 2 && (digits == 4 || strlen(strrchr(text, sign) + 1) == 4);
}

/* Closed < 'December 2026', Closed < '31/02/2026': compared by their characters. */
static char *wrong_day(const SlipsSpec *spec, const Expr *node)
{
    gboolean of_column = FALSE;
    for (guint i = 0; i < expr_count(node); i++)
        of_column |= expr_part(node, i)->kind == EXPR_COLUMN;
    for (guint i = 0; of_column && i < expr_count(node); i++) {
        const Expr *text = expr_part(node, i);
        g_autofree char *day = text->kind == EXPR_TEXT ? function_day(text->text) : NULL;
        if (text->kind != EXPR_TEXT || day)
            continue;
        g_autofree char *first = month_begin(text->text);
        if (is_like_day(text->text))
            return g_strdup_printf("'%s' is a day that no calendar has (the day stands before the "
                                   "month)",
                                   text->text);
        if (!first)
            continue;
        gboolean is_exact = node->kind == EXPR_COMPARE && i == 1 &&
                            (g_str_equal(node->op, "<") || g_str_equal(node->op, ">="));
        char *why = g_strdup_printf("'%s' is a month, and cells have days", text->text);
        g_autoptr(GArray) edits = meant_new();
        meant_edit(edits, text->begin, text->end, meant_text(first));
        if (is_exact)
            return meant_say(spec, why, edits);
        g_autofree char *begin = why;
        return g_strdup_printf("%s: write the day, as in '%s'", begin, first);
    }
    return NULL;
}

char *slips_in_values(const SlipsSpec *spec, const Expr *node)
{
    gboolean is_compare = node->kind == EXPR_COMPARE;
    gboolean is_equal = is_compare && (g_str_equal(node->op, "=") || g_str_equal(node->op, "<>"));
    char *wrong = node->kind == EXPR_IN ? null_in_list(spec, node) : NULL;
    if (!wrong && (is_equal || node->kind == EXPR_IN))
        wrong = wrong_substr(spec, node);
    if (!wrong && (node->kind == EXPR_BETWEEN || (is_compare && !is_equal)))
        wrong = wrong_day(spec, node);
    return wrong;
}
