/* letterview - one recipient's letter as people look at it: page, text, headers, source */
#include "letter/letterview.h"

#include <string.h>

#include "text/amount.h"
#include "mail/reader.h"

enum { BASE64_LINE = 60 }; /* characters from which a line of nothing else is taken for base64 */

void letterview_free(LetterView *self)
{
    if (!self)
        return;
    g_free(self->subject);
    g_free(self->html);
    g_free(self->text);
    g_free(self->source);
    g_strfreev(self->headers);
    g_strfreev(self->files);
    g_free(self->problem);
    g_free(self);
}

/* --- source ---------------------------------------------------------------------------------- */

static gboolean is_base64(const char *line, gsize length)
{
    if (length < BASE64_LINE)
        return FALSE;
    for (gsize i = 0; i < length; i++)
        if (!g_ascii_isalnum(line[i]) && !strchr("+/=", line[i]))
            return FALSE;
    return TRUE;
}

static void say_cut(GString *out, guint run)
{
    guint more = run > LETTERVIEW_BASE64_LINES ? run - LETTERVIEW_BASE64_LINES : 0;
    if (more)
        g_string_append_printf(out, "[… %u more line%s of base64, not shown here]\n", more,
                               amount_form(more, "", "s"));
}

char *letterview_source(const char *message)
{
    GString *out = g_string_new(NULL);
    guint run = 0;
    for (const char *p = message; *p;) {
        gsize length = strcspn(p, "\n");
        gsize shown = length && p[length - 1] == '\r' ? length - 1 : length;
        gboolean base64 = is_base64(p, shown);
        if (!base64)
            say_cut(out, run);
        run = base64 ? run + 1 : 0;
        if (run <= LETTERVIEW_BASE64_LINES) {
            g_string_append_len(out, p, (gssize)shown);
            g_string_append_c(out, '\n');
        }
        p += p[length] ? length + 1 : length;
    }
    say_cut(out, run);
    return g_string_free(out, FALSE);
}

/* --- headers and parts ----------------------------------------------------------------------- */

static char **header_list(Reader *reader)
{
    g_autoptr(GStrvBuilder) list = g_strv_builder_new();
    g_auto(GStrv) lines = g_strsplit(reader_headers(reader), "\n", -1);
    for (char **line = lines; *line; line++) {
        const char *colon = strchr(*line, ':');
        if (!colon || g_ascii_isspace(**line))
            continue; /* the rest of a folded one */
        g_autofree char *name = g_strndup(*line, (gsize)(colon - *line));
        const char *value = reader_header(reader, name);
        g_strv_builder_add_many(list, name, value ? value : "", NULL);
    }
    return g_strv_builder_end(list);
}

static char **file_list(Reader *reader)
{
    g_autoptr(GStrvBuilder) list = g_strv_builder_new();
    for (guint i = 0; i < reader_parts(reader); i++)
        if (reader_part(reader, i)->name)
            g_strv_builder_add(list, reader_part(reader, i)->name);
    return g_strv_builder_end(list);
}

/* --- the whole ------------------------------------------------------------------------------- */

/* The first of several is what is told: the others mostly follow from it. */
static void note_problem(LetterView *self, GError **error)
{
    if (*error && !self->problem)
        self->problem = g_strdup((*error)->message);
    g_clear_error(error);
}

LetterView *letterview_new(const Letter *letter, const LetterCopy *copy)
{
    GError *error = NULL;
    LetterView *self = g_new0(LetterView, 1);
    g_autoptr(GString) message = g_string_new(NULL);
    self->subject = letter_subject(letter, copy->fields, &error);
    note_problem(self, &error);
    self->html = letter_html(letter, copy->fields, &error);
    note_problem(self, &error);
    self->text = letter_text(letter, copy->fields, &error);
    note_problem(self, &error);
    if (letter_write(letter, copy, message, &error)) {
        self->size = message->len;
        self->source = letterview_source(message->str);
        /* Cut, so that the last part of a message of 20 MB is within what a reader reads. */
        g_autoptr(Reader) reader = reader_new(self->source, strlen(self->source));
        self->headers = header_list(reader);
        self->files = file_list(reader);
    }
    note_problem(self, &error);
    return self;
}
