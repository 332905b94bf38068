/* expression - an SQL expression over the columns of a list, as a tree
 *
 * The grammar of SQLite's expressions without queries, parameters and row values. The tree is what
 * is asked about an expression before it runs: what its parts are, what each compares
 * (where/byvalue.h), what it can't mean (where/sqlslips.h). Every node knows where it stands, so that a
 * message can show the line that was meant.
 */
#ifndef WHERE_EXPRESSION_H
#define WHERE_EXPRESSION_H

#include <glib.h>

#include "where/sqltoken.h"

enum { EXPRESSION_DEPTH_MAX = 1000 }; /* brackets and prefixes within one another */

typedef enum {
    EXPR_NULL,
    EXPR_TRUTH,      /* TRUE, FALSE; `text` is the word */
    EXPR_NUMBER,     /* `text` is the literal */
    EXPR_TEXT,       /* 'Primary'; `text` is what stands between the quotes */
    EXPR_BLOB,       /* x'00' */
    EXPR_COLUMN,     /* `column` */
    EXPR_WORD,       /* a name that is no column; `text`; `quoted` if it stands in "..." */
    EXPR_CALL,       /* `text` is the function in small letters */
    EXPR_SIGN,       /* `op` is - + or ~ */
    EXPR_ARITHMETIC, /* `op` is one of + - * / % & | << >> */
    EXPR_JOIN,       /* || */
    EXPR_NOT,
    EXPR_AND,
    EXPR_OR,
    EXPR_COMPARE, /* `op` is one of = <> < <= > >= */
    EXPR_IS,      /* `negated` for IS NOT; IS NULL and its spellings too */
    EXPR_LIKE,    /* text, pattern, and escape where there is one */
    EXPR_BETWEEN, /* value, least, greatest */
    EXPR_IN,      /* value, and what it may be */
    EXPR_CASE,    /* base (or NULL), then WHEN and THEN by turns, then ELSE (or NULL) */
    EXPR_CAST,    /* `text` is the type in capitals */
    EXPR_COLLATE, /* `text` is the collation */
} ExprKind;

typedef struct Expr Expr;
struct Expr {
    ExprKind kind;
    const char *op; /* static */
    char *text;
    guint column;
    gboolean negated; /* NOT LIKE, NOT IN, NOT BETWEEN, IS NOT */
    gboolean quoted;
    GPtrArray *parts; /* of Expr, borrowed */
    gsize begin, end; /* bytes of the source, with the brackets around it */
};

typedef struct Expression Expression;

/* Parses. NULL when it is no such expression; `*at` is then the byte at which it stops being one.
 * `columns` ends with NULL; names are found as SQL finds them, upper and lower case alike. */
Expression *expression_parse(const char *source, const char *const *columns, gsize *at);
void expression_free(Expression *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Expression, expression_free)

const Expr *expression_root(const Expression *self);

/* Calls `visit` with each node, parents first; `parent` is NULL for the root. */
typedef void (*ExprVisit)(void *user, const Expr *node, const Expr *parent);
void expression_each(const Expression *self, ExprVisit visit, void *user);

const Expr *expr_part(const Expr *node, guint index);
guint expr_count(const Expr *node);

#endif
