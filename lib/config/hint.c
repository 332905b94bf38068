/* hint - what people get wrong in a line of YAML */
#include "config/hint.h"

#include <glib.h>
#include <string.h>

/* What stands behind "name: ", or behind the dash of a list's item. */
static const char *find_value(const char *line)
{
    line += strspn(line, " -");
    const char *colon = *line == '"' || *line == '\'' ? NULL : strstr(line, ": ");
    return colon ? colon + 1 + strspn(colon + 1, " ") : line;
}

/* Ends of quotations that editors write for ". */
static const struct {
    const char *open, *close;
} pairs[] = {{"“", "”"}, {"„", "“"}, {"„", "”"}, {"«", "»"}, {"»", "«"}, {"‘", "’"},  {"＂", "＂"},
             {"″", "″"}, {"ˮ", "ˮ"}, {"`", "`"}, {"´", "´"}, {"`", "´"}, {"``", "''"}};

/* Whether nothing between the two ends is an end of the same kind: “one” and “two” is a text. */
static gboolean is_one(const char *inner, const char *open, const char *close)
{
    return !strstr(inner, open) && (g_str_equal(close, "’") || !strstr(inner, close));
}

/* A quotation that opens in it and doesn't end, or the other way round. */
static gboolean is_torn(const char *value)
{
    int open = 0;
    for (const char *p = value; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        open += c == 0x201c ? 1 : c == 0x201d ? -1 : 0;
        if (open < 0)
            return TRUE;
    }
    return open > 0 && !strstr(value, "„");
}

/* “Ros Averill” <ros@example.org>: only straight quotes belong to the address, and are not shown. */
static char *fix_name(const char *value)
{
    const char *bracket = strstr(value, " <");
    for (gsize i = 0; bracket && g_str_has_suffix(value, ">") && i < G_N_ELEMENTS(pairs); i++) {
        gsize from = strlen(pairs[i].open), end = strlen(pairs[i].close);
        g_autofree char *name = g_strndup(value, (gsize)(bracket - value));
        if (!g_str_has_prefix(name, pairs[i].open) || !g_str_has_suffix(name, pairs[i].close) ||
            strlen(name) <= from + end)
            continue;
        name[strlen(name) - end] = '\0';
        if (is_one(name + from, pairs[i].open, pairs[i].close))
            return g_strdup_printf("the name stands in %s %s, which will be seen: write %s%s",
                                   pairs[i].open, pairs[i].close, name + from, bracket);
    }
    return NULL;
}

char *fix_quotes(const char *value)
{
    char *name = fix_name(value);
    if (name)
        return name;
    for (gsize i = 0; i < G_N_ELEMENTS(pairs); i++) {
        const char *open = pairs[i].open, *close = pairs[i].close;
        gsize from = strlen(open), length = strlen(value);
        if (!g_str_has_prefix(value, open))
            continue;
        gboolean curly = g_str_has_suffix(value, close), straight = g_str_has_suffix(value, "\"");
        gsize end = curly ? strlen(close) : 1;
        if ((!curly && !straight) || length < from + end)
            continue;
        g_autofree char *inner = g_strndup(value + from, length - from - end);
        if (is_one(inner, open, close))
            return g_strdup_printf(
                "the value stands in %s %s, which are not YAML's quotes and will "
                "be seen: write \"%s\"",
                open, curly ? close : "\"", inner);
    }
    if (is_torn(value))
        return g_strdup("a quotation in the value has only one of its ends, “ or ”: only \" is "
                        "YAML's, and an editor may have changed it");
    return NULL;
}

/* YAML's own messages ("mapping values are not allowed in this context") help nobody. */
char *hint_yaml(const char *line)
{
    const char *value = find_value(line);
    char *quotes = fix_quotes(value);
    if (quotes)
        return quotes;
    if (g_str_has_prefix(value, "{{"))
        return g_strdup("a value that begins with {{ must stand in quotes");
    if (*value && strchr("*&!%@`|>[{", *value))
        return g_strdup_printf("a value that begins with %c must stand in quotes", *value);
    if (*value == '\'' || *value == '"')
        return g_strdup_printf("the quotes must enclose the whole value; one within it is %s",
                               *value == '"' ? "written \\\"" : "doubled, ''");
    if (strstr(value, ": ") || g_str_has_suffix(value, ":"))
        return g_strdup("a value that holds a colon must stand in quotes");
    return NULL;
}
