/* sqlslips_foreign - signs and words of other languages in an expression (a part of where/sqlslips.h) */
#include <string.h>

#include "where/meant.h"

typedef struct {
    const SlipsSpec *spec;
    GArray *edits;
    gsize first_token;            /* where it begins */
    gsize first_begin, first_end; /* of the first that was found */
    const char *why;              /* what is said of it, where that isn't its own text */
} Foreign;

static void edit(Foreign *f, gsize begin, gsize end, char *text)
{
    if (!f->edits->len) {
        f->first_begin = begin;
        f->first_end = end;
    }
    meant_edit(f->edits, begin, end, text);
}

static gboolean is_sign(const Foreign *f, const Token *token, const char *sign)
{
    return (token->kind == TOKEN_SIGN || token->kind == TOKEN_WRONG) &&
           token->end - token->begin == strlen(sign) &&
           strncmp(f->spec->source + token->begin, sign, strlen(sign)) == 0;
}

static gboolean is_word(const Foreign *f, const Token *token, const char *word)
{
    return token->kind == TOKEN_WORD && token->end - token->begin == strlen(word) &&
           g_ascii_strncasecmp(f->spec->source + token->begin, word, strlen(word)) == 0;
}

/* The texts or numbers from `token` on with commas between them, joined; `*count` of them, and
 * `*end` is where the last ends. */
static char *read_values(const Foreign *f, Token token, guint *count, gsize *end)
{
    GString *out = g_string_new(NULL);
    *count = 0;
    *end = token.begin;
    while (token.kind == TOKEN_TEXT || token.kind == TOKEN_NUMBER) {
        g_autofree char *value = expression_slice(f->spec->source, token.begin, token.end);
        g_string_append_printf(out, "%s%s", *count ? ", " : "", value);
        ++*count;
        *end = token.end;
        Token comma = token_next(f->spec->source, token.end);
        if (!is_sign(f, &comma, ","))
            break;
        token = token_next(f->spec->source, comma.end);
    }
    return g_string_free(out, FALSE);
}

/* Phase IN 'a', 'b'; Phase IN ['a', 'b']; gives where to go on, or 0. */
static gsize fix_in(Foreign *f, const Token *next)
{
    guint count;
    gsize end, begin = next->begin;
    gboolean bracket = next->kind == TOKEN_QUOTED && f->spec->source[begin] == '[';
    Token first = bracket ? token_next(f->spec->source, begin + 1) : *next;
    g_autofree char *values = read_values(f, first, &count, &end);
    if (!count || (bracket && end >= next->end))
        return 0;
    end = bracket ? next->end : end;
    edit(f, begin, end, g_strdup_printf("(%s)", values));
    return end;
}

/* Phase = 'a', 'b' */
static gsize fix_list(Foreign *f, const Token *op, const Token *next)
{
    guint count;
    gsize end;
    gboolean differs = is_sign(f, op, "<>") || is_sign(f, op, "!=");
    g_autofree char *values = read_values(f, *next, &count, &end);
    if (count < 2)
        return 0;
    edit(f, op->begin, end, g_strdup_printf("%s (%s)", differs ? "NOT IN" : "IN", values));
    return end;
}

/* Name contains 'x' */
static gsize fix_contains(Foreign *f, const Token *word, const Token *next)
{
    gboolean begins = is_word(f, word, "startswith");
    if (next->kind != TOKEN_TEXT)
        return 0;
    g_autofree char *text = token_content(f->spec->source, next);
    g_autofree char *pattern =
        begins ? g_strconcat(text, "%", NULL) : g_strconcat("%", text, "%", NULL);
    g_autofree char *quoted = meant_text(pattern);
    edit(f, word->begin, next->end, g_strdup_printf("LIKE %s", quoted));
    return next->end;
}

/* => for >=, and what other programs write. */
static gsize fix_comparison(Foreign *f, const Token *token, const Token *next)
{
    static const struct {
        const char *first, *second, *meant;
    } pairs[] = {{"=", ">", ">="}, {"=", "<", "<="}, {"=", "<=", "<="}, {">", "<", "<>"}};
    static const char *const signs[][2] = {
        {"\u2265", ">="}, {"\u2264", "<="}, {"\u2260", "<>"}, {"\u2a7e", ">="}, {"\u2a7d", "<="}};
    for (guint i = 0; i < G_N_ELEMENTS(pairs); i++)
        if (is_sign(f, token, pairs[i].first) && is_sign(f, next, pairs[i].second)) {
            edit(f, token->begin, next->end, g_strdup(pairs[i].meant));
            return next->end;
        }
    for (guint i = 0; i < G_N_ELEMENTS(signs); i++)
        if (is_word(f, token, signs[i][0]) || is_sign(f, token, signs[i][0])) {
            edit(f, token->begin, token->end, g_strdup(signs[i][1]));
            return token->end;
        }
    return 0;
}

/* Town NOT = 'Dale', Town NOT 'Dale' */
static gsize fix_not(Foreign *f, const Token *token, const Token *next)
{
    gboolean equals = is_sign(f, next, "=") || is_sign(f, next, "==");
    if (!equals && next->kind != TOKEN_TEXT)
        return 0;
    edit(f, token->begin, equals ? next->end : token->end, g_strdup("<>"));
    return equals ? next->end : token->end;
}

/* Phase GLOB 'Prim*' */
static gsize fix_glob(Foreign *f, const Token *token, const Token *next)
{
    if (next->kind != TOKEN_TEXT)
        return 0;
    g_autofree char *text = token_content(f->spec->source, next);
    g_strdelimit(g_strdelimit(text, "*", '%'), "?", '_');
    g_autofree char *quoted = meant_text(text);
    edit(f, token->begin, next->end, g_strdup_printf("LIKE %s", quoted));
    return next->end;
}

/* What belongs to a whole query: "WHERE Phase = 'x';" */
static gsize fix_query(Foreign *f, const Token *token, const Token *next, gboolean is_first)
{
    gboolean is_where = is_first && is_word(f, token, "where");
    if (!is_where && !(is_sign(f, token, ";") && next->kind == TOKEN_END))
        return 0;
    if (!f->edits->len)
        f->why = is_where ? "only what stands after WHERE is wanted"
                          : "no semicolon stands behind an expression";
    edit(f, token->begin, is_where ? next->begin : token->end, g_strdup(""));
    return is_where ? next->begin : token->end;
}

/* Gives where to go on, or 0 when nothing foreign stands here. `depth` is that of brackets. */
static gsize fix(Foreign *f, const Token *token, const Token *next, guint depth)
{
    gboolean equals = is_sign(f, token, "=") || is_sign(f, token, "==") ||
                      is_sign(f, token, "<>") || is_sign(f, token, "!=");
    if (is_sign(f, token, "&") && is_sign(f, next, "&")) {
        edit(f, token->begin, next->end, g_strdup("AND"));
        return next->end;
    }
    if (is_sign(f, token, "||")) {
        edit(f, token->begin, token->end, g_strdup("OR"));
        return token->end;
    }
    if (is_sign(f, token, "!") && !is_sign(f, next, "=")) {
        edit(f, token->begin, token->end, g_strdup("NOT "));
        return token->end;
    }
    gsize end = fix_comparison(f, token, next);
    if (!end)
        end = fix_query(f, token, next, token->begin == f->first_token);
    if (end)
        return end;
    if (is_word(f, token, "not"))
        return fix_not(f, token, next);
    if (is_word(f, token, "glob"))
        return fix_glob(f, token, next);
    if (is_word(f, token, "in"))
        return fix_in(f, next);
    if (is_word(f, token, "contains") || is_word(f, token, "startswith"))
        return fix_contains(f, token, next);
    return equals && !depth ? fix_list(f, token, next) : 0;
}

char *slips_foreign(const SlipsSpec *spec)
{
    g_autoptr(GArray) edits = meant_new();
    Foreign f = {.spec = spec, .edits = edits};
    guint depth = 0;
    f.first_token = token_next(spec->source, 0).begin;
    for (Token token = token_next(spec->source, 0); token.kind != TOKEN_END;) {
        Token next = token_next(spec->source, token.end);
        gsize end = fix(&f, &token, &next, depth);
        depth += is_sign(&f, &token, "(");
        depth -= depth && is_sign(&f, &token, ")");
        token = end ? token_next(spec->source, end) : next;
    }
    if (!edits->len)
        return NULL;
    /* Only what makes a whole line: || is SQL's own between texts. */
    char *line = NULL;
    SlipsSpec whole = *spec;
    g_autofree char *what = expression_slice(spec->source, f.first_begin, f.first_end);
    whole.meant = &line;
    char *why =
        f.why ? g_strdup(f.why) : g_strdup_printf("%s is not how SQL has it", g_strstrip(what));
    char *said = meant_say(&whole, why, edits);
    if (!line)
        g_clear_pointer(&said, g_free);
    if (line && spec->meant) {
        g_free(*spec->meant);
        *spec->meant = g_steal_pointer(&line);
    }
    g_free(line);
    return said;
}
