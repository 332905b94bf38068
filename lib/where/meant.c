/* meant - the line to write instead of a wrong expression */
#include "where/meant.h"

#include <sqlite3.h>
#include <string.h>

/* Part of the source that is to be another text. */
typedef struct {
    gsize begin, end;
    char *text;
} Edit;

static void clear_edit(gpointer data)
{
    g_free(((Edit *)data)->text);
}

GArray *meant_new(void)
{
    GArray *edits = g_array_new(FALSE, FALSE, sizeof(Edit));
    g_array_set_clear_func(edits, clear_edit);
    return edits;
}

/* Takes `text`. Edits come in the order of the source. */
void meant_edit(GArray *edits, gsize begin, gsize end, char *text)
{
    Edit one = {begin, end, text};
    g_array_append_val(edits, one);
}

char *meant_line(const SlipsSpec *spec, const GArray *edits)
{
    const char *source = spec->source;
    GString *out = g_string_new(NULL);
    gsize at = 0;
    for (guint i = 0; i < edits->len; i++) {
        const Edit *one = &g_array_index(edits, Edit, i);
        g_string_append_len(out, source + at, (gssize)(one->begin - at));
        g_string_append(out, one->text);
        at = one->end;
    }
    g_string_append(out, source + at);
    return g_strstrip(g_string_free(out, FALSE));
}

/* Whether YAML would read it as something else when it stands there without quotes. */
static gboolean needs_yaml_quotes(const char *text)
{
    return strchr("\"'[]{}!&*|>%@`#,?:-", *text) || strstr(text, ": ") || strstr(text, " #");
}

/* The line without any slip; takes the line. NULL when it can't be made. */
static char *finish(const SlipsSpec *spec, char *line)
{
    enum { STEPS_MAX = 10 };
    g_autofree char *taken = line, *better = NULL;
    const SlipsSpec again = {line,           spec->columns,   spec->key,
                             spec->is_value, spec->steps + 1, &better};
    if (spec->steps == STEPS_MAX)
        return NULL;
    g_autofree char *wrong = slips_find(&again);
    return wrong ? g_steal_pointer(&better) : g_steal_pointer(&taken);
}

/* `why: write ...`; takes `why`. */
char *meant_say(const SlipsSpec *spec, char *why, const GArray *edits)
{
    g_autofree char *begin = why, *line = finish(spec, meant_line(spec, edits));
    if (spec->meant) {
        g_free(*spec->meant);
        *spec->meant = g_strdup(line);
    }
    if (!line)
        return g_steal_pointer(&begin);
    if (!needs_yaml_quotes(line))
        return g_strdup_printf("%s: write %s", begin, line);
    g_auto(GStrv) parts = g_strsplit(line, "'", -1);
    g_autofree char *doubled = g_strjoinv("''", parts);
    return g_strdup_printf("%s: write %s (as a line of the config: %s: '%s')", begin, line,
                           spec->key, doubled);
}

char *meant_text(const char *text)
{
    char *quoted = sqlite3_mprintf("%Q", text);
    char *copy = g_strdup(quoted);
    sqlite3_free(quoted);
    return copy;
}

gboolean meant_is_plain(const char *name)
{
    if (!*name || g_ascii_isdigit(*name))
        return FALSE;
    for (; *name; name++)
        if (!g_ascii_isalnum(*name) && *name != '_' && (guchar)*name < 0x80)
            return FALSE;
    return TRUE;
}

/* A column's name as it stands in an expression. */
char *meant_name(const char *name)
{
    if (meant_is_plain(name))
        return g_strdup(name);
    char *quoted = sqlite3_mprintf("\"%w\"", name);
    char *copy = g_strdup(quoted);
    sqlite3_free(quoted);
    return copy;
}
