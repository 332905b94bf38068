/* expression - an SQL expression over the columns of a list, as a tree */
#include "where/expression.h"

#include <string.h>

struct Expression {
    const char *source; /* while it is parsed */
    const char *const *columns;
    GPtrArray *nodes; /* of Expr: all, owned */
    Expr *root;
    Token token; /* the one at hand */
    guint depth;
    gboolean failed;
    gsize failed_at;
};

/* --- nodes ----------------------------------------------------------------------------------- */

static void free_node(gpointer data)
{
    Expr *node = data;
    g_ptr_array_unref(node->parts);
    g_free(node->text);
    g_free(node);
}

static Expr *add_node(Expression *self, ExprKind kind, gsize begin)
{
    Expr *node = g_new0(Expr, 1);
    node->kind = kind;
    node->parts = g_ptr_array_new();
    node->begin = begin;
    node->end = self->token.begin;
    g_ptr_array_add(self->nodes, node);
    return node;
}

const Expr *expr_part(const Expr *node, guint index)
{
    return g_ptr_array_index(node->parts, index);
}

guint expr_count(const Expr *node)
{
    return node->parts->len;
}

static void visit_all(const Expr *node, const Expr *parent, ExprVisit visit, void *user)
{
    visit(user, node, parent);
    for (guint i = 0; i < node->parts->len; i++)
        if (g_ptr_array_index(node->parts, i))
            visit_all(g_ptr_array_index(node->parts, i), node, visit, user);
}

void expression_each(const Expression *self, ExprVisit visit, void *user)
{
    visit_all(self->root, NULL, visit, user);
}

const Expr *expression_root(const Expression *self)
{
    return self->root;
}

/* --- reading tokens -------------------------------------------------------------------------- */

static Expr *fail(Expression *self)
{
    if (!self->failed)
        self->failed_at = self->token.begin;
    self->failed = TRUE;
    return NULL;
}

static void advance(Expression *self)
{
    self->token = token_next(self->source, self->token.end);
}

static gboolean stands(const Expression *self, TokenKind kind, const char *text)
{
    gsize length = self->token.end - self->token.begin;
    return self->token.kind == kind && strlen(text) == length &&
           g_ascii_strncasecmp(self->source + self->token.begin, text, length) == 0;
}

static gboolean is_word_here(const Expression *self, const char *word)
{
    return stands(self, TOKEN_WORD, word);
}

static gboolean take_word(Expression *self, const char *word)
{
    gboolean here = is_word_here(self, word);
    if (here)
        advance(self);
    return here;
}

static gboolean take_sign(Expression *self, const char *sign)
{
    gboolean here = stands(self, TOKEN_SIGN, sign);
    if (here)
        advance(self);
    return here;
}

/* Appends a part that was parsed; FALSE if it wasn't. */
static gboolean add_part(Expr *node, Expr *part)
{
    if (!part)
        return FALSE;
    g_ptr_array_add(node->parts, part);
    node->end = MAX(node->end, part->end);
    return TRUE;
}

/* A node ends where the last token that was taken ends. */
static Expr *end_node(Expression *self, Expr *node, gsize end)
{
    node->end = end;
    return self->failed ? NULL : node;
}

/* --- the grammar ----------------------------------------------------------------------------- */

/* From what binds least to what binds most; SQLite's own table. */
enum {
    BIND_OR = 1,
    BIND_AND,
    BIND_NOT,
    BIND_EQUAL,
    BIND_ORDER,
    BIND_BITS,
    BIND_ADD,
    BIND_MULTIPLY,
    BIND_JOIN,
    BIND_COLLATE
};

static Expr *parse(Expression *self, int least);

static int find_column(const Expression *self, const char *name)
{
    for (guint i = 0; self->columns[i]; i++)
        if (g_ascii_strcasecmp(self->columns[i], name) == 0)
            return (int)i;
    return -1;
}

static gboolean is_keyword(const char *word)
{
    static const char *const keywords[] = {
        "and",    "or",      "not",    "is",     "in",    "like",   "between", "escape",
        "case",   "when",    "then",   "else",   "end",   "cast",   "as",      "collate",
        "isnull", "notnull", "select", "from",   "where", "group",  "order",   "limit",
        "glob",   "regexp",  "match",  "exists", "union", "values", "having",  NULL};
    g_autofree char *lower = g_ascii_strdown(word, -1);
    return g_strv_contains(keywords, lower);
}

/* The parts of a call or of IN, up to the closing bracket. Gives where it closes, 0 for failure. */
static gsize parse_list(Expression *self, Expr *node)
{
    gsize end = self->token.end;
    if (take_sign(self, ")"))
        return end;
    do {
        if (!add_part(node, parse(self, BIND_OR)))
            return 0;
    } while (take_sign(self, ","));
    end = self->token.end;
    if (!take_sign(self, ")")) {
        fail(self);
        return 0;
    }
    return end;
}

/* A column, a function, or a name that is neither; `list.` may stand before it. */
static Expr *parse_name(Expression *self)
{
    Token token = self->token;
    g_autofree char *name = token_content(self->source, &token);
    advance(self);
    if (token.kind == TOKEN_WORD && stands(self, TOKEN_SIGN, "(")) {
        Expr *call = add_node(self, EXPR_CALL, token.begin);
        call->text = g_ascii_strdown(name, -1);
        advance(self);
        gsize end = parse_list(self, call);
        return end ? end_node(self, call, end) : NULL;
    }
    gsize end = token.end;
    if (g_ascii_strcasecmp(name, "list") == 0 && take_sign(self, ".")) {
        if (self->token.kind != TOKEN_WORD && self->token.kind != TOKEN_QUOTED)
            return fail(self);
        g_free(name);
        name = token_content(self->source, &self->token);
        token.kind = self->token.kind;
        end = self->token.end;
        advance(self);
    }
    int column = find_column(self, name);
    Expr *node = add_node(self, column < 0 ? EXPR_WORD : EXPR_COLUMN, token.begin);
    node->column = (guint)MAX(column, 0);
    node->quoted = token.kind == TOKEN_QUOTED;
    node->text = g_steal_pointer(&name);
    return end_node(self, node, end);
}

static Expr *parse_case(Expression *self)
{
    Expr *node = add_node(self, EXPR_CASE, self->token.begin);
    advance(self);
    Expr *base = is_word_here(self, "when") ? NULL : parse(self, BIND_OR);
    g_ptr_array_add(node->parts, base);
    while (take_word(self, "when")) {
        if (!add_part(node, parse(self, BIND_OR)))
            return NULL;
        if (!take_word(self, "then"))
            return fail(self);
        if (!add_part(node, parse(self, BIND_OR)))
            return NULL;
    }
    Expr *other = take_word(self, "else") ? parse(self, BIND_OR) : NULL;
    g_ptr_array_add(node->parts, other);
    gsize end = self->token.end;
    if (!take_word(self, "end") || node->parts->len < 4)
        return fail(self);
    return end_node(self, node, end);
}

/* The name of a type: words, and sizes in brackets, which mean nothing to SQLite. */
static char *parse_type(Expression *self)
{
    GString *type = g_string_new(NULL);
    while (self->token.kind == TOKEN_WORD) {
        g_autofree char *word = token_content(self->source, &self->token);
        g_autofree char *upper = g_ascii_strup(word, -1);
        g_string_append_printf(type, "%s%s", type->len ? " " : "", upper);
        advance(self);
    }
    if (take_sign(self, "(")) {
        while (self->token.kind == TOKEN_NUMBER || stands(self, TOKEN_SIGN, ","))
            advance(self);
        if (!take_sign(self, ")"))
            fail(self);
    }
    return g_string_free(type, FALSE);
}

static Expr *parse_cast(Expression *self)
{
    Expr *node = add_node(self, EXPR_CAST, self->token.begin);
    advance(self);
    if (!take_sign(self, "("))
        return fail(self);
    if (!add_part(node, parse(self, BIND_OR)))
        return NULL;
    if (!take_word(self, "as"))
        return fail(self);
    node->text = parse_type(self);
    gsize end = self->token.end;
    if (!take_sign(self, ")"))
        return fail(self);
    return end_node(self, node, end);
}

static Expr *parse_word(Expression *self)
{
    g_autofree char *word = token_content(self->source, &self->token);
    Token token = self->token;
    gboolean truth =
        g_ascii_strcasecmp(word, "true") == 0 || g_ascii_strcasecmp(word, "false") == 0;
    if (g_ascii_strcasecmp(word, "case") == 0)
        return parse_case(self);
    if (g_ascii_strcasecmp(word, "cast") == 0)
        return parse_cast(self);
    if (g_ascii_strcasecmp(word, "null") == 0 || (truth && find_column(self, word) < 0)) {
        advance(self);
        Expr *node = add_node(self, truth ? EXPR_TRUTH : EXPR_NULL, token.begin);
        node->text = g_steal_pointer(&word);
        return end_node(self, node, token.end);
    }
    return is_keyword(word) ? fail(self) : parse_name(self);
}

static Expr *parse_literal(Expression *self, ExprKind kind)
{
    Token token = self->token;
    advance(self);
    Expr *node = add_node(self, kind, token.begin);
    node->text = token_content(self->source, &token);
    return end_node(self, node, token.end);
}

static Expr *parse_brackets(Expression *self)
{
    gsize begin = self->token.begin;
    advance(self);
    Expr *node = parse(self, BIND_OR);
    gsize end = self->token.end;
    if (!node || !take_sign(self, ")"))
        return fail(self);
    node->begin = begin;
    return end_node(self, node, end);
}

static Expr *parse_prefix(Expression *self, ExprKind kind, const char *op, int least)
{
    gsize begin = self->token.begin;
    advance(self);
    Expr *node = add_node(self, kind, begin);
    node->op = op;
    return add_part(node, parse(self, least)) ? node : NULL;
}

static Expr *parse_operand(Expression *self)
{
    static const char *const signs[] = {"-", "+", "~"};
    switch (self->token.kind) {
    case TOKEN_TEXT:
        return parse_literal(self, EXPR_TEXT);
    case TOKEN_NUMBER:
        return parse_literal(self, EXPR_NUMBER);
    case TOKEN_BLOB:
        return parse_literal(self, EXPR_BLOB);
    case TOKEN_QUOTED:
        return parse_name(self);
    case TOKEN_WORD:
        return is_word_here(self, "not") ? parse_prefix(self, EXPR_NOT, NULL, BIND_NOT)
                                         : parse_word(self);
    case TOKEN_SIGN:
        if (stands(self, TOKEN_SIGN, "("))
            return parse_brackets(self);
        for (guint i = 0; i < G_N_ELEMENTS(signs); i++)
            if (stands(self, TOKEN_SIGN, signs[i]))
                return parse_prefix(self, EXPR_SIGN, signs[i], BIND_COLLATE);
        return fail(self);
    case TOKEN_END:
    case TOKEN_WRONG:
        return fail(self);
    }
    g_assert_not_reached();
}

static Expr *parse_in(Expression *self, Expr *node)
{
    if (!take_sign(self, "("))
        return fail(self);
    gsize end = parse_list(self, node);
    return end ? end_node(self, node, end) : NULL;
}

static Expr *parse_between(Expression *self, Expr *node)
{
    if (!add_part(node, parse(self, BIND_ORDER)))
        return NULL;
    if (!take_word(self, "and"))
        return fail(self);
    return add_part(node, parse(self, BIND_ORDER)) ? node : NULL;
}

static Expr *parse_like(Expression *self, Expr *node)
{
    if (!add_part(node, parse(self, BIND_ORDER)))
        return NULL;
    return !take_word(self, "escape") || add_part(node, parse(self, BIND_ORDER)) ? node : NULL;
}

/* IS [NOT] [DISTINCT FROM], with the operand after it. */
static Expr *parse_is(Expression *self, Expr *node)
{
    node->negated = take_word(self, "not");
    if (take_word(self, "distinct")) {
        if (!take_word(self, "from"))
            return fail(self);
        node->negated = !node->negated;
    }
    return add_part(node, parse(self, BIND_ORDER)) ? node : NULL;
}

static Expr *is_null(Expression *self, Expr *node, gboolean negated, gsize end)
{
    Expr *null = add_node(self, EXPR_NULL, end);
    node->negated = negated;
    g_ptr_array_add(node->parts, null);
    return end_node(self, node, end);
}

/* NOT LIKE, IS, IN ... behind `left`; NULL with nothing taken if none of them stands here. */
static Expr *parse_test(Expression *self, Expr *left)
{
    static const struct {
        const char *word;
        ExprKind kind;
        Expr *(*parse)(Expression *, Expr *);
    } tests[] = {{"like", EXPR_LIKE, parse_like},
                 {"in", EXPR_IN, parse_in},
                 {"between", EXPR_BETWEEN, parse_between}};
    Token before = self->token;
    gboolean negated = take_word(self, "not");
    for (guint i = 0; i < G_N_ELEMENTS(tests); i++) {
        if (!take_word(self, tests[i].word))
            continue;
        Expr *node = add_node(self, tests[i].kind, left->begin);
        node->negated = negated;
        add_part(node, left);
        return tests[i].parse(self, node);
    }
    gsize end = self->token.end;
    gboolean not_null = negated ? take_word(self, "null") : take_word(self, "notnull");
    if (not_null || (!negated && take_word(self, "isnull")) ||
        (!negated && is_word_here(self, "is"))) {
        Expr *node = add_node(self, EXPR_IS, left->begin);
        add_part(node, left);
        if (!take_word(self, "is"))
            return is_null(self, node, not_null, end);
        return parse_is(self, node);
    }
    self->token = before;
    return NULL;
}

static const struct Binary {
    const char *sign;
    ExprKind kind;
    int bind;
    const char *op;
} binaries[] = {
    {"=", EXPR_COMPARE, BIND_EQUAL, "="},       {"==", EXPR_COMPARE, BIND_EQUAL, "="},
    {"<>", EXPR_COMPARE, BIND_EQUAL, "<>"},     {"!=", EXPR_COMPARE, BIND_EQUAL, "<>"},
    {"<", EXPR_COMPARE, BIND_ORDER, "<"},       {"<=", EXPR_COMPARE, BIND_ORDER, "<="},
    {">", EXPR_COMPARE, BIND_ORDER, ">"},       {">=", EXPR_COMPARE, BIND_ORDER, ">="},
    {"&", EXPR_ARITHMETIC, BIND_BITS, "&"},     {"|", EXPR_ARITHMETIC, BIND_BITS, "|"},
    {"<<", EXPR_ARITHMETIC, BIND_BITS, "<<"},   {">>", EXPR_ARITHMETIC, BIND_BITS, ">>"},
    {"+", EXPR_ARITHMETIC, BIND_ADD, "+"},      {"-", EXPR_ARITHMETIC, BIND_ADD, "-"},
    {"*", EXPR_ARITHMETIC, BIND_MULTIPLY, "*"}, {"/", EXPR_ARITHMETIC, BIND_MULTIPLY, "/"},
    {"%", EXPR_ARITHMETIC, BIND_MULTIPLY, "%"}, {"||", EXPR_JOIN, BIND_JOIN, "||"},
};

static const struct Binary *binary_here(const Expression *self)
{
    static const struct Binary both = {"and", EXPR_AND, BIND_AND, NULL},
                               either = {"or", EXPR_OR, BIND_OR, NULL};
    if (is_word_here(self, "and"))
        return &both;
    if (is_word_here(self, "or"))
        return &either;
    for (guint i = 0; i < G_N_ELEMENTS(binaries); i++)
        if (stands(self, TOKEN_SIGN, binaries[i].sign))
            return &binaries[i];
    return NULL;
}

static Expr *parse_collate(Expression *self, Expr *left)
{
    Expr *node = add_node(self, EXPR_COLLATE, left->begin);
    add_part(node, left);
    if (self->token.kind != TOKEN_WORD)
        return fail(self);
    node->text = token_content(self->source, &self->token);
    gsize end = self->token.end;
    advance(self);
    return end_node(self, node, end);
}

/* What may follow an operand, as long as it binds at least as much as `least`; NULL with `*done` if
 * nothing does. */
static Expr *parse_rest(Expression *self, Expr *left, int least, gboolean *done)
{
    const struct Binary *binary = binary_here(self);
    if (binary && binary->bind >= least) {
        advance(self);
        Expr *node = add_node(self, binary->kind, left->begin);
        node->op = binary->op;
        add_part(node, left);
        return add_part(node, parse(self, binary->bind + 1)) ? node : NULL;
    }
    if (!binary && least <= BIND_COLLATE && take_word(self, "collate"))
        return parse_collate(self, left);
    Expr *test = !binary && least <= BIND_EQUAL ? parse_test(self, left) : NULL;
    *done = !test && !self->failed;
    return test;
}

static Expr *parse(Expression *self, int least)
{
    if (++self->depth > EXPRESSION_DEPTH_MAX)
        return fail(self);
    Expr *node = parse_operand(self);
    for (gboolean done = FALSE; node && !done;) {
        Expr *more = parse_rest(self, node, least, &done);
        if (!done)
            node = more;
    }
    self->depth--;
    return self->failed ? NULL : node;
}

Expression *expression_parse(const char *source, const char *const *columns, gsize *at)
{
    g_autoptr(Expression) self = g_new0(Expression, 1);
    self->source = source;
    self->columns = columns;
    self->nodes = g_ptr_array_new_with_free_func(free_node);
    advance(self);
    self->root = parse(self, BIND_OR);
    if (self->root && self->token.kind != TOKEN_END)
        fail(self);
    *at = self->failed_at;
    return self->failed ? NULL : g_steal_pointer(&self);
}

void expression_free(Expression *self)
{
    if (!self)
        return;
    g_ptr_array_unref(self->nodes);
    g_free(self);
}
