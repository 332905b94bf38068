/* fields - "Name: value" lines in groups, as delivery-status and feedback-report parts hold them */
#include "evidence/fields.h"

#include <string.h>

enum { FIELD_NAME_MAX = 64 };

static void field_free(gpointer data)
{
    Field *field = data;
    g_free(field->name);
    g_free(field->value);
    g_free(field);
}

/* The length of the field's name if the line is a field, else 0. */
static gsize name_length(const char *line, gsize length)
{
    gsize n = 0;
    while (n < length && n < FIELD_NAME_MAX &&
           (g_ascii_isalnum(line[n]) || line[n] == '-' || line[n] == '_'))
        n++;
    gsize colon = n;
    while (colon < length && (line[colon] == ' ' || line[colon] == '\t'))
        colon++;
    return n && colon < length && line[colon] == ':' ? n : 0;
}

static char *trimmed(const char *text, gsize length)
{
    return g_strstrip(g_strndup(text, MIN(length, FIELD_VALUE_MAX)));
}

static void append_value(Field *field, const char *line, gsize length)
{
    g_autofree char *more = trimmed(line, length);
    gsize had = strlen(field->value);
    if (!*more || had + strlen(more) >= FIELD_VALUE_MAX)
        return;
    char *joined = g_strjoin(had ? " " : "", field->value, more, NULL);
    g_free(field->value);
    field->value = joined;
}

GPtrArray *fields_read(const char *text)
{
    GPtrArray *fields = g_ptr_array_new_with_free_func(field_free);
    Field *last = NULL;
    guint group = 0;
    for (const char *line = text; *line && fields->len < FIELDS_MAX;) {
        gsize length = line_length(line), n = 0;
        gsize blank = strspn(line, " \t");
        if (blank >= length) { /* nothing on it */
            group++;
            last = NULL;
        } else if (blank && last) {
            append_value(last, line, length);
        } else if ((n = name_length(line, length))) {
            const char *colon = memchr(line, ':', length);
            last = g_new0(Field, 1);
            last->name = g_ascii_strdown(line, (gssize)n);
            last->value = trimmed(colon + 1, length - (gsize)(colon + 1 - line));
            last->group = group;
            g_ptr_array_add(fields, last);
        } else {
            last = NULL;
        }
        line += length + (line[length] == '\n');
    }
    return fields;
}

const char *field_typed(const char *value)
{
    const char *semicolon = strchr(value, ';');
    value = semicolon ? semicolon + 1 : value;
    return value + strspn(value, " \t");
}

gboolean field_has_type(const char *value, const char *type)
{
    gsize n = strlen(type);
    if (g_ascii_strncasecmp(value, type, n) != 0)
        return FALSE;
    value += n;
    return value[strspn(value, " \t")] == ';';
}
