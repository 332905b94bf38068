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

/* YAML's own messages ("mapping values are not allowed in this context") help nobody. */
char *hint_yaml(const char *line)
{
    const char *value = find_value(line);
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
