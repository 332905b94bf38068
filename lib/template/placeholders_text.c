/* placeholders_text - the source as cmark reads it, every tag at its place, and where its lines came from
 */
#include "template/placeholders_parts.h"

#include <string.h>

static void begin_line(Placeholders *self, guint line)
{
    g_array_append_val(self->lines, line);
    g_array_append_val(self->starts, self->text->len);
}

/* Copies source bytes, noting where each line came from. */
static void copy(Placeholders *self, gsize from, gsize to, guint *line)
{
    for (gsize i = from; i < to; i++) {
        g_string_append_c(self->text, self->source[i]);
        if (self->source[i] != '\n')
            continue;
        begin_line(self, ++*line);
    }
}

/* Puts a word at the end of the line above, before what makes a hard line break there. */
static void join(Placeholders *self, const char *word)
{
    gsize at = self->text->len;
    if (at > 0)
        at--; /* its line end */
    while (at > 0 && strchr(" \t", self->text->str[at - 1]))
        at--;
    if (at > 0 && self->text->str[at - 1] == '\\')
        at--;
    g_string_insert(self->text, (gssize)at, word);
    g_array_index(self->starts, gsize, self->starts->len - 1) += strlen(word);
}

/* Leaves a line that parts what is above from what is below. The marks of a quote stay, or the
 * quote would end here. */
static void part(Placeholders *self, const PlaceholderTag *tag, const char *with, const guint *line)
{
    for (gsize i = tag->line_start; i < tag->start; i++)
        if (memchr(self->source + i, '>', tag->start - i))
            g_string_append_c(self->text, self->source[i]);
    g_string_append_printf(self->text, "%s\n", with);
    begin_line(self, *line);
}

static void put_tag(Placeholders *self, guint index, guint *line)
{
    PlaceholderTag *tag = placeholders_tag(self, index);
    g_autofree char *word = placeholders_word(self, index);
    if (tag->splits && tag->place != PLACEHOLDER_WORD) {
        g_string_append_c(self->text, '\n');
        begin_line(self, *line);
    }
    switch (tag->place) {
    case PLACEHOLDER_WORD:
        g_string_append(self->text, word);
        break;
    case PLACEHOLDER_GONE:
    case PLACEHOLDER_LINE:
        break;
    case PLACEHOLDER_JOINED:
        join(self, word);
        break;
    case PLACEHOLDER_BLANK:
        part(self, tag, "", line);
        break;
    case PLACEHOLDER_SPLIT:
        part(self, tag, "", line);
        part(self, tag, "<!-- -->", line);
        part(self, tag, "", line);
        break;
    }
    tag->before = self->lines->len;
}

const char *placeholders_text(Placeholders *self)
{
    gsize at = 0;
    guint line = self->first_line;
    g_string_truncate(self->text, 0);
    g_array_set_size(self->lines, 0);
    g_array_set_size(self->starts, 0);
    begin_line(self, line);
    for (guint i = 0; i < self->tags->len; i++) {
        const PlaceholderTag *tag = placeholders_tag(self, i);
        gboolean whole = tag->place != PLACEHOLDER_WORD;
        gsize from = whole ? tag->line_start : tag->start, to = whole ? tag->line_end : tag->end;
        copy(self, at, from, &line);
        put_tag(self, i, &line);
        for (gsize skipped = from; skipped < to; skipped++)
            line += self->source[skipped] == '\n';
        g_array_index(self->lines, guint, self->lines->len - 1) = line;
        at = to;
    }
    copy(self, at, self->length, &line);
    return self->text->str;
}

const char *placeholders_last_text(const Placeholders *self)
{
    return self->text->str;
}

guint placeholders_line(const Placeholders *self, guint text_line)
{
    if (!self->lines->len || !text_line)
        return self->first_line;
    return g_array_index(self->lines, guint, MIN(text_line, self->lines->len) - 1);
}

gsize placeholders_offset(const Placeholders *self, guint number)
{
    g_return_val_if_fail(number > 0 && number <= self->starts->len, self->text->len);
    return g_array_index(self->starts, gsize, number - 1);
}

char *placeholders_text_line(const Placeholders *self, guint number)
{
    g_return_val_if_fail(number > 0 && number <= self->starts->len, g_strdup(""));
    const char *at = self->text->str + g_array_index(self->starts, gsize, number - 1);
    return g_strndup(at, strcspn(at, "\n"));
}
