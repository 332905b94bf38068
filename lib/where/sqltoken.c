/* sqltoken - the words of an SQL expression */
#include "where/sqltoken.h"

#include <string.h>

static gboolean is_word(guchar c)
{
    return g_ascii_isalnum(c) || c == '_' || c == '$' || c >= 0x80;
}

static gsize skip_blanks(const char *source, gsize at)
{
    for (;;) {
        if (source[at] && g_ascii_isspace(source[at])) {
            at++;
        } else if (source[at] == '-' && source[at + 1] == '-') {
            at += strcspn(source + at, "\n");
        } else if (source[at] == '/' && source[at + 1] == '*') {
            const char *end = strstr(source + at + 2, "*/");
            at = end ? (gsize)(end - source) + 2 : strlen(source);
        } else {
            return at;
        }
    }
}

static Token quoted_token(const char *source, gsize at, TokenKind kind, char close)
{
    gsize end = at + 1;
    for (; source[end]; end++) {
        if (source[end] != close)
            continue;
        if (close == ']' || source[end + 1] != close)
            return (Token){kind, at, end + 1};
        end++;
    }
    return (Token){TOKEN_WRONG, at, end};
}

static Token number_token(const char *source, gsize at)
{
    gsize end = at;
    if (source[end] == '0' && (source[end + 1] == 'x' || source[end + 1] == 'X')) {
        for (end += 2; g_ascii_isxdigit(source[end]); end++)
            ;
    } else {
        while (g_ascii_isdigit(source[end]))
            end++;
        if (source[end] == '.')
            for (end++; g_ascii_isdigit(source[end]); end++)
                ;
        gsize power = end + 1;
        if (source[end] == 'e' || source[end] == 'E') {
            power += source[power] == '+' || source[power] == '-';
            if (g_ascii_isdigit(source[power]))
                for (end = power; g_ascii_isdigit(source[end]); end++)
                    ;
        }
    }
    return (Token){is_word((guchar)source[end]) ? TOKEN_WRONG : TOKEN_NUMBER, at, end};
}

Token token_next(const char *source, gsize at)
{
    static const char *const pairs[] = {"<=", ">=", "<>", "!=", "==", "||", "<<", ">>", "->"};
    at = skip_blanks(source, at);
    const char c = source[at];
    if (!c)
        return (Token){TOKEN_END, at, at};
    if (c == '\'')
        return quoted_token(source, at, TOKEN_TEXT, c);
    if (c == '"' || c == '`' || c == '[')
        return quoted_token(source, at, TOKEN_QUOTED, c == '[' ? ']' : c);
    if ((c == 'x' || c == 'X') && source[at + 1] == '\'') {
        Token token = quoted_token(source, at + 1, TOKEN_BLOB, '\'');
        token.begin = at;
        return token;
    }
    if (g_ascii_isdigit(c) || (c == '.' && g_ascii_isdigit(source[at + 1])))
        return number_token(source, at);
    if (is_word((guchar)c)) {
        gsize end = at;
        while (is_word((guchar)source[end]))
            end++;
        return (Token){TOKEN_WORD, at, end};
    }
    for (guint i = 0; i < G_N_ELEMENTS(pairs); i++)
        if (strncmp(source + at, pairs[i], 2) == 0)
            return (Token){TOKEN_SIGN, at, at + 2};
    return (Token){strchr("<>=+-*/%&|~(),.", c) ? TOKEN_SIGN : TOKEN_WRONG, at, at + 1};
}

char *token_content(const char *source, const Token *token)
{
    gsize begin = token->begin, end = token->end;
    if (token->kind != TOKEN_TEXT && token->kind != TOKEN_QUOTED)
        return expression_slice(source, begin, end);
    const char close = source[end - 1];
    GString *out = g_string_new(NULL);
    for (gsize i = begin + 1; i < end - 1; i++) {
        g_string_append_c(out, source[i]);
        i += close != ']' && source[i] == close;
    }
    return g_string_free(out, FALSE);
}

char *expression_slice(const char *source, gsize begin, gsize end)
{
    return g_strndup(source + begin, end - begin);
}
