/* script - values written as JavaScript that a page loads, and that never are more than values */
#include "page/script.h"

#include <string.h>

/* Nothing is due at the beginning, nor after a bracket or a member's name. A string ends with its
 * quote, so none of them can be the end of a text. */
static void comma_if_due(GString *out)
{
    if (out->len && !strchr("[{(:", out->str[out->len - 1]))
        g_string_append_c(out, ',');
}

static gboolean must_escape(gunichar c)
{
    return c < 0x20 || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' || c == 0x7f ||
           c == 0x2028 || c == 0x2029;
}

static void append_valid(GString *out, const char *text, gsize length)
{
    const char *end = text + length, *plain = text;
    g_string_append_c(out, '"');
    for (const char *p = text; p < end; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (!must_escape(c))
            continue;
        g_string_append_len(out, plain, p - plain);
        g_string_append_printf(out, "\\u%04x", c);
        plain = g_utf8_next_char(p);
    }
    g_string_append_len(out, plain, end - plain);
    g_string_append_c(out, '"');
}

void script_text_len(GString *out, const char *bytes, gsize length)
{
    comma_if_due(out);
    if (g_utf8_validate_len(bytes, length, NULL)) {
        append_valid(out, bytes, length);
        return;
    }
    g_autofree char *valid = g_utf8_make_valid(bytes, (gssize)length);
    append_valid(out, valid, strlen(valid));
}

void script_text(GString *out, const char *text)
{
    if (text) {
        script_text_len(out, text, strlen(text));
        return;
    }
    comma_if_due(out);
    g_string_append(out, "null");
}

void script_number(GString *out, gint64 number)
{
    comma_if_due(out);
    g_string_append_printf(out, "%" G_GINT64_FORMAT, number);
}

void script_open(GString *out, char bracket)
{
    comma_if_due(out);
    g_string_append_c(out, bracket);
}

void script_close(GString *out, char bracket)
{
    g_string_append_c(out, bracket);
}

void script_name(GString *out, const char *name)
{
    script_text(out, name);
    g_string_append_c(out, ':');
}

void script_member(GString *out, const char *name, const char *text)
{
    script_name(out, name);
    script_text(out, text);
}
