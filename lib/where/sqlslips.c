/* sqlslips - what people get wrong in an SQL expression, and the line that they meant */
#include "where/sqlslips.h"

#include <string.h>

#include "sheet/cellnumber.h"
#include "where/functions.h"
#include "where/meant.h"

/* --- before it is parsed --------------------------------------------------------------------- */

static gboolean is_curly(gunichar c)
{
    static const gunichar curly[] = {0x2018, 0x2019, 0x201A, 0x201B, 0x201C, 0x201D, 0x201E,
                                     0x201F, 0xAB,   0xBB,   0x2039, 0x203A, 0xB4};
    for (guint i = 0; i < G_N_ELEMENTS(curly); i++)
        if (c == curly[i])
            return TRUE;
    return FALSE;
}

/* The next curly quote at or after `at`, or the end. */
static const char *find_curly(const char *at)
{
    while (*at && !is_curly(g_utf8_get_char(at)))
        at = g_utf8_next_char(at);
    return at;
}

/* ‘Primary’: from the quote that opens to the one that closes. */
static gboolean edit_curly(const SlipsSpec *spec, const Token *token, GArray *edits, gsize *next)
{
    const char *open = find_curly(spec->source + token->begin);
    if (open >= spec->source + token->end)
        return FALSE;
    const char *inside = g_utf8_next_char(open), *close = find_curly(inside);
    const char *end = *close ? g_utf8_next_char(close) : close;
    g_autofree char *text = g_strndup(inside, (gsize)(close - inside));
    gboolean names = FALSE;
    for (guint i = 0; spec->columns[i]; i++)
        names |= g_ascii_strcasecmp(spec->columns[i], text) == 0;
    *next = (gsize)(end - spec->source);
    meant_edit(edits, (gsize)(open - spec->source), *next,
               names ? meant_name(text) : meant_text(text));
    return TRUE;
}

char *slips_in_words(const SlipsSpec *spec)
{
    g_autoptr(GArray) edits = meant_new();
    g_autofree char *curly = NULL;
    gsize at = 0;
    if (!g_utf8_validate(spec->source, -1, NULL))
        return NULL;
    for (;;) {
        Token token = token_next(spec->source, at);
        if (token.kind == TOKEN_END)
            break;
        at = token.end;
        if (token.kind == TOKEN_WORD || token.kind == TOKEN_WRONG)
            edit_curly(spec, &token, edits, &at);
        if (edits->len && !curly)
            curly = expression_slice(spec->source, token.begin, at);
    }
    if (!edits->len)
        return NULL;
    return meant_say(
        spec, g_strdup_printf("%s stands in curly quotes, which are letters to SQL", curly), edits);
}

/* The longest column that stands at `at` as it is, though its name wants quotes. */
static const char *column_here(const SlipsSpec *spec, gsize at)
{
    const char *best = NULL;
    for (guint i = 0; spec->columns[i]; i++) {
        const char *name = spec->columns[i];
        gsize length = strlen(name);
        if (!meant_is_plain(name) && (!best || length > strlen(best)) &&
            g_ascii_strncasecmp(spec->source + at, name, length) == 0 &&
            !(g_ascii_isalnum(spec->source[at + length]) && g_ascii_isalnum(name[length - 1])))
            best = name;
    }
    return best;
}

char *slips_unquoted(const SlipsSpec *spec)
{
    g_autoptr(GArray) edits = meant_new();
    const char *first = NULL;
    for (gsize at = 0;;) {
        Token token = token_next(spec->source, at);
        if (token.kind == TOKEN_END)
            break;
        gboolean bare = token.kind != TOKEN_TEXT && token.kind != TOKEN_QUOTED;
        const char *name = bare ? column_here(spec, token.begin) : NULL;
        at = name ? token.begin + strlen(name) : token.end;
        if (name)
            meant_edit(edits, token.begin, at, meant_name(name));
        first = first ? first : name;
    }
    if (!first)
        return NULL;
    g_autofree char *line = meant_line(spec, edits);
    SlipsSpec mended = *spec;
    mended.source = line;
    gsize at;
    g_autoptr(Expression) tree = expression_parse(line, spec->columns, &at);
    g_autofree char *more = tree ? slips_in_tree(&mended, tree) : slips_unparsed(&mended, at);
    if (more)
        return g_strdup_printf("the column '%s' wants double quotes; %s", first, more);
    return meant_say(spec, g_strdup_printf("the column '%s' wants double quotes", first), edits);
}

/* --- what doesn't parse ---------------------------------------------------------------------- */

/* A text of several words without quotes: Phase = Middle deemed secondary. */
static char *unquoted_text(const SlipsSpec *spec, const Token *before, gsize at)
{
    Token token = token_next(spec->source, at);
    gsize end = before->end;
    static const char *const stops[] = {"and", "or", "then", "when", "else", "end", NULL};
    while (token.kind == TOKEN_WORD || token.kind == TOKEN_NUMBER) {
        g_autofree char *word = expression_slice(spec->source, token.begin, token.end);
        g_autofree char *lower = g_ascii_strdown(word, -1);
        if (g_strv_contains(stops, lower))
            break;
        end = token.end;
        token = token_next(spec->source, end);
    }
    if (end == before->end)
        return NULL;
    g_autofree char *text = expression_slice(spec->source, before->begin, end);
    g_autoptr(GArray) edits = meant_new();
    meant_edit(edits, before->begin, end, meant_text(text));
    return meant_say(spec, g_strdup_printf("'%s' is a text without its quotes", text), edits);
}

/* "01.01.2000", which is two numbers; "1,029"; "30%". */
static char *wrong_number(const SlipsSpec *spec, const Token *before, gsize at)
{
    gsize end = at;
    while (spec->source[end] &&
           (g_ascii_isdigit(spec->source[end]) || strchr(",.%", spec->source[end])))
        end++;
    g_autofree char *text = expression_slice(spec->source, before->begin, end);
    g_autofree char *day = function_day(text);
    g_autoptr(GArray) edits = meant_new();
    double number;
    if (end == at || at != before->end)
        return NULL;
    if (day) {
        meant_edit(edits, before->begin, end, meant_text(day));
        return meant_say(spec, g_strdup_printf("a day stands in quotes: '%s'", day), edits);
    }
    if (!cellnumber_parse(text, &number))
        return NULL;
    char plain[G_ASCII_DTOSTR_BUF_SIZE];
    meant_edit(edits, before->begin, end,
               g_strdup(g_ascii_formatd(plain, sizeof plain, "%.15g", number)));
    return meant_say(spec, g_strdup_printf("%s is no number of SQL's", text), edits);
}

char *slips_unparsed(const SlipsSpec *spec, gsize at)
{
    Token before = {TOKEN_END, 0, 0}, operator_before = before, token = token_next(spec->source, 0);
    for (; token.kind != TOKEN_END && token.begin < at;
         token = token_next(spec->source, token.end)) {
        operator_before = before;
        before = token;
    }
    /* "30% AND": what follows the sign is missing. */
    if (before.kind == TOKEN_SIGN && spec->source[before.begin] == '%' &&
        operator_before.kind == TOKEN_NUMBER)
        return wrong_number(spec, &operator_before, before.begin);
    if (before.kind == TOKEN_NUMBER)
        return wrong_number(spec, &before, at);
    if (before.kind == TOKEN_WORD && operator_before.kind == TOKEN_SIGN)
        return unquoted_text(spec, &before, at);
    return NULL;
}

char *slips_find(const SlipsSpec *spec)
{
    gsize at = 0;
    char *wrong = slips_in_words(spec);
    if (wrong)
        return wrong;
    g_autoptr(Expression) tree = expression_parse(spec->source, spec->columns, &at);
    wrong = tree ? slips_in_tree(spec, tree) : NULL;
    if (tree && !wrong)
        return NULL;
    char *better = slips_foreign(spec);
    if (!better)
        better = slips_unquoted(spec);
    if (better) {
        g_free(wrong);
        return better;
    }
    if (!wrong)
        wrong = slips_unparsed(spec, at);
    return wrong ? wrong : g_strdup("");
}
