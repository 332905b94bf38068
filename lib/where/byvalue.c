/* byvalue - an expression written so that SQLite compares cells by what they say */
#include "where/byvalue.h"

#include <sqlite3.h>
#include <string.h>

#include "sheet/cell.h"
#include "sheet/cellnumber.h"
#include "where/functions.h"

typedef struct {
    GString *out;
    const char *const *columns;
} Writer;

static void write(Writer *w, const Expr *node);

char *byvalue_literal(const char *text)
{
    g_autofree char *copy = g_strdup(text);
    g_autoptr(GString) spare = NULL;
    const char *clean = cell_clean(copy, &spare, NULL);
    return g_strdup(clean ? clean : text);
}

/* --- kinds ----------------------------------------------------------------------------------- */

/* What functions give, and what they want: of the arguments from `joined` on the value is one. */
static const struct Function {
    const char *name;
    ValueKind kind; /* VALUE_ANY: what those arguments are together */
    guint joined;
    gboolean of_numbers;
} functions[] = {
    {"abs", VALUE_NUMBER, 0, TRUE},       {"round", VALUE_NUMBER, 0, TRUE},
    {"length", VALUE_NUMBER, 0, FALSE},   {"instr", VALUE_NUMBER, 0, FALSE},
    {"unicode", VALUE_NUMBER, 0, FALSE},  {"number", VALUE_NUMBER, 0, FALSE},
    {"answered", VALUE_NUMBER, 0, FALSE}, {"day", VALUE_DAY, 0, FALSE},
    {"today", VALUE_DAY, 0, FALSE},       {"max", VALUE_ANY, 0, FALSE},
    {"min", VALUE_ANY, 0, FALSE},         {"coalesce", VALUE_ANY, 0, FALSE},
    {"ifnull", VALUE_ANY, 0, FALSE},      {"nullif", VALUE_ANY, 0, FALSE},
    {"iif", VALUE_ANY, 1, FALSE},
};

static const struct Function *find_function(const Expr *node)
{
    for (guint i = 0; i < G_N_ELEMENTS(functions); i++)
        if (strcmp(functions[i].name, node->text) == 0)
            return &functions[i];
    return NULL;
}

static ValueKind join(ValueKind a, ValueKind b)
{
    if (a == b || b == VALUE_ANY)
        return a;
    if (a == VALUE_ANY)
        return b;
    if (a == VALUE_CELL)
        return b;
    return b == VALUE_CELL ? a : VALUE_TEXT;
}

static ValueKind join_parts(const Expr *node, guint first, guint step)
{
    ValueKind kind = VALUE_ANY;
    for (guint i = first; i < expr_count(node); i += step)
        if (expr_part(node, i))
            kind = join(kind, byvalue_kind(expr_part(node, i)));
    return kind;
}

/* The results of a CASE: every THEN, and the ELSE. */
static ValueKind case_kind(const Expr *node)
{
    ValueKind kind = VALUE_ANY;
    guint last = expr_count(node) - 1;
    for (guint i = 2; i < last; i += 2)
        kind = join(kind, byvalue_kind(expr_part(node, i)));
    return expr_part(node, last) ? join(kind, byvalue_kind(expr_part(node, last))) : kind;
}

static ValueKind text_kind(const char *text)
{
    double number;
    g_autofree char *day = function_day(text);
    return day || cellnumber_parse(text, &number) ? VALUE_CELL : VALUE_TEXT;
}

static ValueKind cast_kind(const Expr *node)
{
    static const char *const numbers[] = {"INT", "REAL", "NUM", "DEC", "FLOA", "DOUB", "BOOL"};
    for (guint i = 0; i < G_N_ELEMENTS(numbers); i++)
        if (strstr(node->text, numbers[i]))
            return VALUE_NUMBER;
    return VALUE_TEXT;
}

gboolean byvalue_is_condition(const Expr *node)
{
    switch (node->kind) {
    case EXPR_TRUTH:
    case EXPR_NOT:
    case EXPR_AND:
    case EXPR_OR:
    case EXPR_COMPARE:
    case EXPR_IS:
    case EXPR_LIKE:
    case EXPR_BETWEEN:
    case EXPR_IN:
        return TRUE;
    case EXPR_NULL:
    case EXPR_NUMBER:
    case EXPR_TEXT:
    case EXPR_BLOB:
    case EXPR_COLUMN:
    case EXPR_WORD:
    case EXPR_CALL:
    case EXPR_SIGN:
    case EXPR_ARITHMETIC:
    case EXPR_JOIN:
    case EXPR_CASE:
    case EXPR_CAST:
    case EXPR_COLLATE:
        return FALSE;
    }
    g_assert_not_reached();
}

ValueKind byvalue_kind(const Expr *node)
{
    const struct Function *function;
    switch (node->kind) {
    case EXPR_NULL:
        return VALUE_ANY;
    case EXPR_TEXT:
        return text_kind(node->text);
    case EXPR_COLUMN:
        return VALUE_CELL;
    case EXPR_CALL:
        function = find_function(node);
        if (!function) /* trim(x) and the like are still what a cell says */
            return VALUE_CELL;
        return function->kind ? function->kind : join_parts(node, function->joined, 1);
    case EXPR_CASE:
        return case_kind(node);
    case EXPR_CAST:
        return cast_kind(node);
    case EXPR_COLLATE:
        return byvalue_kind(expr_part(node, 0));
    case EXPR_BLOB:
    case EXPR_WORD:
    case EXPR_JOIN:
        return VALUE_TEXT;
    case EXPR_TRUTH:
    case EXPR_NUMBER:
    case EXPR_SIGN:
    case EXPR_ARITHMETIC:
    case EXPR_NOT:
    case EXPR_AND:
    case EXPR_OR:
    case EXPR_COMPARE:
    case EXPR_IS:
    case EXPR_LIKE:
    case EXPR_BETWEEN:
    case EXPR_IN:
        return VALUE_NUMBER;
    }
    g_assert_not_reached();
}

static gboolean is_day_literal(const Expr *node)
{
    g_autofree char *day = node->kind == EXPR_TEXT ? function_day(node->text) : NULL;
    return day != NULL;
}

ValueKind byvalue_compares(const Expr *node, guint first, guint step, gboolean ordered)
{
    gboolean days = FALSE, literal_days = FALSE, others = FALSE;
    for (guint i = first; i < expr_count(node); i += step) {
        const Expr *part = expr_part(node, i);
        ValueKind kind = part ? byvalue_kind(part) : VALUE_ANY;
        if (kind == VALUE_NUMBER)
            return VALUE_NUMBER;
        gboolean literal = part && is_day_literal(part);
        days |= kind == VALUE_DAY;
        literal_days |= literal;
        others |= !literal && kind == VALUE_TEXT;
    }
    return days || (ordered && literal_days && !others) ? VALUE_DAY : VALUE_TEXT;
}

/* --- writing --------------------------------------------------------------------------------- */

static void add(Writer *w, const char *text)
{
    g_string_append(w->out, text);
}

static void add_quoted(Writer *w, const char *format, const char *text)
{
    char *quoted = sqlite3_mprintf(format, text);
    add(w, quoted);
    sqlite3_free(quoted);
}

/* The column whose cell the value is taken from, or -1. */
static int column_of(const Expr *node)
{
    if (node->kind == EXPR_COLUMN)
        return (int)node->column;
    for (guint i = 0; i < expr_count(node); i++) {
        int column = expr_part(node, i) ? column_of(expr_part(node, i)) : -1;
        if (column >= 0)
            return column;
    }
    return -1;
}

static void write_call_on(Writer *w, const char *function, const Expr *node)
{
    g_string_append_printf(w->out, "%s(", function);
    write(w, node);
    g_string_append_printf(w->out, ",%d)", column_of(node));
}

/* What a day is compared with: a day, or the beginning of one, "2015" or "2015-09". */
static void write_day(Writer *w, const Expr *node)
{
    ValueKind kind = byvalue_kind(node);
    g_autofree char *day = node->kind == EXPR_TEXT ? function_day(node->text) : NULL;
    if (day)
        add_quoted(w, "%Q", day);
    else if (node->kind == EXPR_TEXT || kind == VALUE_DAY || kind == VALUE_ANY)
        write(w, node);
    else
        write_call_on(w, "cell_day", node);
}

/* One side of a comparison. */
static void write_as(Writer *w, const Expr *node, ValueKind compared, gboolean ordered)
{
    ValueKind kind = byvalue_kind(node);
    if (compared == VALUE_DAY)
        write_day(w, node);
    else if (compared == VALUE_NUMBER && kind != VALUE_NUMBER && kind != VALUE_ANY)
        write_call_on(w, ordered ? "cell_number" : "cell_same", node);
    else if (compared == VALUE_TEXT && node->kind == EXPR_TEXT) {
        g_autofree char *literal = byvalue_literal(node->text);
        add_quoted(w, "%Q", literal);
    } else
        write(w, node);
}

/* A value among others that are one value together. */
static void write_joined(Writer *w, const Expr *node, ValueKind kind)
{
    write_as(w, node, kind == VALUE_NUMBER || kind == VALUE_DAY ? kind : VALUE_ANY, TRUE);
}

static void write_pair(Writer *w, const Expr *node, const char *op, ValueKind compared,
                       gboolean ordered)
{
    write_as(w, expr_part(node, 0), compared, ordered);
    g_string_append_printf(w->out, " %s ", op);
    write_as(w, expr_part(node, 1), compared, ordered);
}

static gboolean is_empty_text(const Expr *node)
{
    return node->kind == EXPR_TEXT && !*node->text;
}

static void write_compare(Writer *w, const Expr *node)
{
    const Expr *left = expr_part(node, 0), *right = expr_part(node, 1);
    gboolean ordered = strcmp(node->op, "=") != 0 && strcmp(node->op, "<>") != 0;
    ValueKind compared = byvalue_compares(node, 0, 1, ordered);
    gboolean with_nothing = is_empty_text(left) || is_empty_text(right); /* Town > '' */
    if (!ordered || compared != VALUE_TEXT || with_nothing) {
        write_pair(w, node, node->op, compared, ordered);
        return;
    }
    add(w, "cell_order(");
    write_as(w, left, compared, TRUE);
    add(w, ",");
    write_as(w, right, compared, TRUE);
    g_string_append_printf(w->out, ",%d,%d) %s 0", column_of(left), column_of(right), node->op);
}

static void write_is(Writer *w, const Expr *node)
{
    const Expr *left = expr_part(node, 0), *right = expr_part(node, 1);
    if (left->kind == EXPR_COLUMN && right->kind == EXPR_NULL) {
        write(w, left);
        add(w, node->negated ? " <> ''" : " = ''");
        return;
    }
    ValueKind compared = right->kind == EXPR_NULL || right->kind == EXPR_TRUTH
                             ? VALUE_ANY
                             : byvalue_compares(node, 0, 1, FALSE);
    write_pair(w, node, node->negated ? "IS NOT" : "IS", compared, FALSE);
}

static void write_between(Writer *w, const Expr *node)
{
    ValueKind compared = byvalue_compares(node, 0, 1, TRUE);
    const char *const before = compared == VALUE_TEXT ? "cell_between(" : "",
                      *const first = compared == VALUE_TEXT ? "," : " BETWEEN ",
                      *const second = compared == VALUE_TEXT ? "," : " AND ";
    add(w, node->negated ? "NOT " : "");
    add(w, before);
    write_as(w, expr_part(node, 0), compared, TRUE);
    add(w, first);
    write_as(w, expr_part(node, 1), compared, TRUE);
    add(w, second);
    write_as(w, expr_part(node, 2), compared, TRUE);
    if (compared == VALUE_TEXT)
        g_string_append_printf(w->out, ",%d)", column_of(expr_part(node, 0)));
}

/* x IN (those of `kind`); FALSE with nothing written if there is none. */
static gboolean write_in_of(Writer *w, const Expr *node, ValueKind compared, gboolean splits,
                            gboolean texts)
{
    gboolean any = FALSE;
    for (guint i = 1; i < expr_count(node); i++) {
        const Expr *part = expr_part(node, i);
        gboolean is_text = part->kind == EXPR_TEXT && byvalue_kind(part) == VALUE_TEXT;
        if (is_text != texts && splits)
            continue;
        if (!any) {
            write_as(w, expr_part(node, 0), texts ? VALUE_TEXT : compared, FALSE);
            add(w, " IN (");
        } else {
            add(w, ",");
        }
        any = TRUE;
        write_as(w, part, texts ? VALUE_TEXT : compared, FALSE);
    }
    add(w, any ? ")" : "");
    return any;
}

/* 30 and 'n/a' in one list: the numbers as numbers, the texts as texts. */
static void write_in(Writer *w, const Expr *node)
{
    ValueKind compared = byvalue_compares(node, 0, 1, FALSE);
    gboolean splits = compared == VALUE_NUMBER && expr_part(node, 0)->kind == EXPR_COLUMN;
    add(w, node->negated ? "NOT (" : "(");
    gboolean any = write_in_of(w, node, compared, splits, FALSE);
    gsize before = w->out->len;
    if (splits) {
        add(w, any ? " OR " : "");
        if (!write_in_of(w, node, compared, splits, TRUE))
            g_string_truncate(w->out, before);
    }
    add(w, ")");
}

static void write_case(Writer *w, const Expr *node)
{
    ValueKind kind = byvalue_kind(node);
    const Expr *base = expr_part(node, 0), *other = expr_part(node, expr_count(node) - 1);
    ValueKind compared = VALUE_ANY;
    if (base) {
        compared = VALUE_TEXT;
        g_autoptr(GPtrArray) compared_parts = g_ptr_array_new();
        g_ptr_array_add(compared_parts, (gpointer)base);
        for (guint i = 1; i + 1 < expr_count(node); i += 2)
            g_ptr_array_add(compared_parts, (gpointer)expr_part(node, i));
        const Expr all = {.kind = EXPR_IN, .parts = compared_parts};
        compared = byvalue_compares(&all, 0, 1, FALSE);
    }
    add(w, "CASE ");
    if (base)
        write_as(w, base, compared, FALSE);
    for (guint i = 1; i + 1 < expr_count(node); i += 2) {
        add(w, " WHEN ");
        write_as(w, expr_part(node, i), compared, FALSE);
        add(w, " THEN ");
        write_joined(w, expr_part(node, i + 1), kind);
    }
    if (other) {
        add(w, " ELSE ");
        write_joined(w, other, kind);
    }
    add(w, " END");
}

static void write_call(Writer *w, const Expr *node)
{
    const struct Function *function = find_function(node);
    gboolean one = expr_count(node) == 1;
    if (one && (strcmp(node->text, "number") == 0 || strcmp(node->text, "day") == 0)) {
        write_call_on(w, *node->text == 'd' ? "cell_day" : "cell_number", expr_part(node, 0));
        return;
    }
    ValueKind kind = !function              ? VALUE_ANY
                     : function->of_numbers ? VALUE_NUMBER
                     : function->kind       ? VALUE_ANY
                                            : byvalue_kind(node);
    gboolean fills = g_str_equal(node->text, "coalesce") || g_str_equal(node->text, "ifnull");
    add_quoted(w, "\"%w\"(", node->text);
    for (guint i = 0; i < expr_count(node); i++) {
        const Expr *part = expr_part(node, i);
        add(w, i ? "," : "");
        if (fills && part->kind == EXPR_COLUMN && kind != VALUE_NUMBER && kind != VALUE_DAY) {
            add(w, "nullif("); /* an empty cell is what it fills */
            write(w, part);
            add(w, ",'')");
            continue;
        }
        write_joined(w, expr_part(node, i), function && i < function->joined ? VALUE_ANY : kind);
    }
    add(w, ")");
}

static void write_arithmetic(Writer *w, const Expr *node)
{
    const Expr *left = expr_part(node, 0);
    gboolean divides = *node->op == '/';
    gboolean sum = strchr("+-", *node->op) != NULL;
    if (sum && left->kind == EXPR_ARITHMETIC && strchr("+-", *left->op))
        write_arithmetic(w, left);
    else
        write_joined(w, left, VALUE_NUMBER);
    add(w, divides ? " * 1.0 " : " "); /* half is a half, not nothing */
    add(w, node->op);
    add(w, " ");
    write_joined(w, expr_part(node, 1), VALUE_NUMBER);
}

static void write_like(Writer *w, const Expr *node)
{
    write(w, expr_part(node, 0));
    add(w, node->negated ? " NOT LIKE " : " LIKE ");
    write(w, expr_part(node, 1));
    if (expr_count(node) == 3) {
        add(w, " ESCAPE ");
        write(w, expr_part(node, 2));
    }
}

/* A chain stays flat: SQLite's parser takes a hundred brackets. */
static void write_chain(Writer *w, const Expr *node, const char *between)
{
    if (expr_part(node, 0)->kind == node->kind)
        write_chain(w, expr_part(node, 0), between);
    else
        write(w, expr_part(node, 0));
    add(w, between);
    write(w, expr_part(node, 1));
}

static void write_inside(Writer *w, const Expr *node)
{
    switch (node->kind) {
    case EXPR_NULL:
        add(w, "NULL");
        return;
    case EXPR_TRUTH:
    case EXPR_NUMBER:
    case EXPR_BLOB:
        add(w, node->text);
        return;
    case EXPR_TEXT:
        add_quoted(w, "%Q", node->text);
        return;
    case EXPR_COLUMN:
        add_quoted(w, "\"%w\"", w->columns[node->column]);
        return;
    case EXPR_WORD:
        add_quoted(w, "\"%w\"", node->text);
        return;
    case EXPR_CALL:
        write_call(w, node);
        return;
    case EXPR_SIGN:
        add(w, node->op);
        add(w, " "); /* -- is a comment */
        write_joined(w, expr_part(node, 0), VALUE_NUMBER);
        return;
    case EXPR_ARITHMETIC:
        write_arithmetic(w, node);
        return;
    case EXPR_JOIN:
        write_chain(w, node, " || ");
        return;
    case EXPR_NOT:
        add(w, "NOT ");
        write(w, expr_part(node, 0));
        return;
    case EXPR_AND:
        write_chain(w, node, " AND ");
        return;
    case EXPR_OR:
        write_chain(w, node, " OR ");
        return;
    case EXPR_COMPARE:
        write_compare(w, node);
        return;
    case EXPR_IS:
        write_is(w, node);
        return;
    case EXPR_LIKE:
        write_like(w, node);
        return;
    case EXPR_BETWEEN:
        write_between(w, node);
        return;
    case EXPR_IN:
        write_in(w, node);
        return;
    case EXPR_CASE:
        write_case(w, node);
        return;
    case EXPR_CAST:
        add(w, "CAST(");
        write_joined(w, expr_part(node, 0), byvalue_kind(node));
        g_string_append_printf(w->out, " AS %s)", node->text);
        return;
    case EXPR_COLLATE:
        write(w, expr_part(node, 0));
        add_quoted(w, " COLLATE \"%w\"", node->text);
        return;
    }
}

static void write(Writer *w, const Expr *node)
{
    gboolean bare = node->kind <= EXPR_CALL;
    add(w, bare ? "" : "(");
    write_inside(w, node);
    add(w, bare ? "" : ")");
}

char *byvalue_write(const Expr *node, const char *const *columns)
{
    Writer w = {g_string_new(NULL), columns};
    write(&w, node);
    return g_string_free(w.out, FALSE);
}
