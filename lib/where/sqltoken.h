/* sqltoken - the words of an SQL expression
 */
#ifndef WHERE_SQLTOKEN_H
#define WHERE_SQLTOKEN_H

#include <glib.h>

/* The bytes of the source from `begin` to `end`; newly allocated. */
char *expression_slice(const char *source, gsize begin, gsize end);

typedef enum {
    TOKEN_END,
    TOKEN_WORD,
    TOKEN_QUOTED, /* "name" [name] `name` */
    TOKEN_TEXT,
    TOKEN_NUMBER,
    TOKEN_BLOB,
    TOKEN_SIGN, /* an operator, bracket or comma */
    TOKEN_WRONG /* what SQL has no use for, or a quote that isn't closed */
} TokenKind;

typedef struct {
    TokenKind kind;
    gsize begin, end;
} Token;

/* The token at or after a byte; blanks and comments are passed over. */
Token token_next(const char *source, gsize at);

/* What stands between its quotes, with doubled ones halved; newly allocated. */
char *token_content(const char *source, const Token *token);

#endif
