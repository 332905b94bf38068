/* tags - the Mustache tags of a text, found one after another */
#include "template/tags.h"

#include <string.h>

void tags_init(Tags *self, const char *source, gsize length, guint first_line)
{
    *self = (Tags){.source = source, .at = source, .end = source + length, .line = first_line};
    strcpy(self->open, "{{");
    strcpy(self->close, "}}");
}

void tags_clear(Tags *self)
{
    g_clear_pointer(&self->problem, g_free);
}

/* The first `needle` of [at, end), or NULL. Not strstr: a source may hold NUL bytes or lack one. */
static const char *find(const char *at, const char *end, const char *needle)
{
    gsize length = strlen(needle);
    while (at < end && (gsize)(end - at) >= length) {
        at = memchr(at, needle[0], (gsize)(end - at) - length + 1);
        if (!at || memcmp(at, needle, length) == 0)
            return at;
        at++;
    }
    return NULL;
}

static guint count_lines(const char *from, const char *to)
{
    guint lines = 0;
    while (from < to && (from = memchr(from, '\n', (gsize)(to - from)))) {
        lines++;
        from++;
    }
    return lines;
}

static gboolean is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static gboolean is_space(char c)
{
    return is_blank(c) || c == '\n' || c == '\r';
}

static void trim(const char **from, const char **to)
{
    while (*from < *to && is_space(**from))
        (*from)++;
    while (*from < *to && is_space((*to)[-1]))
        (*to)--;
}

static gboolean fail(Tags *self, guint line, char *problem)
{
    self->problem = problem;
    self->problem_line = line;
    self->at = self->end;
    return FALSE;
}

/* Where a name must have ended: the first byte that none can hold, or `to`. */
static const char *name_stop(const Tags *self, const char *from, const char *to)
{
    const char *open = find(from, to, self->open);
    for (const char *p = from; p < to; p++)
        if ((guchar)*p < 0x20 || *p == 0x7f || *p == '{' || *p == '}' || p == open)
            return p;
    return to;
}

static gboolean fail_unclosed(Tags *self, const Tag *tag, const char *content, const char *close)
{
    const char *to = content + MIN(self->end - content, 60);
    const char *stop = name_stop(self, content, to);
    trim(&content, &stop);
    g_autofree char *name = g_utf8_make_valid(content, stop - content);
    if (!*name)
        return fail(self, tag->line,
                    g_strdup_printf("a tag is not closed: write a name and %s after %s", close,
                                    self->open));
    return fail(self, tag->line,
                g_strdup_printf("a tag is not closed: write %s after '%s'", close, name));
}

static gboolean take_name(Tags *self, Tag *tag, const char *from, const char *to, const char *close)
{
    const char *content = from;
    trim(&from, &to);
    if (from == to)
        return fail(self, tag->line,
                    g_strdup_printf("a tag without a name: write one between %s and %s", self->open,
                                    close));
    if (name_stop(self, from, to) < to)
        return fail_unclosed(self, tag, content, close);
    if (to - from > TAG_NAME_MAX) {
        g_autofree char *shown = g_utf8_make_valid(from, 40);
        return fail(self, tag->line,
                    g_strdup_printf("a name is over %d bytes: '%s...': is a tag not closed?",
                                    TAG_NAME_MAX, shown));
    }
    if (!g_utf8_validate(from, to - from, NULL))
        return fail(self, tag->line, g_strdup("a name is not UTF-8: save the file as UTF-8"));
    memcpy(tag->name, from, (gsize)(to - from));
    tag->name[to - from] = '\0';
    return TRUE;
}

static gboolean take_delimiter(const char *from, const char *to, char *into)
{
    if (from == to || to - from > TAG_DELIMITER_MAX)
        return FALSE;
    for (const char *p = from; p < to; p++)
        if ((guchar)*p <= 0x20 || (guchar)*p >= 0x7f || *p == '=')
            return FALSE;
    memcpy(into, from, (gsize)(to - from));
    into[to - from] = '\0';
    return TRUE;
}

/* The two words of {{=<% %>=}}. */
static gboolean take_delimiters(Tags *self, const Tag *tag, const char *from, const char *to)
{
    char open[TAG_DELIMITER_MAX + 1], close[TAG_DELIMITER_MAX + 1];
    trim(&from, &to);
    const char *first = from, *second = to;
    while (first < to && !is_space(*first))
        first++;
    while (second > first && !is_space(second[-1]))
        second--;
    if (!take_delimiter(from, first, open) || !take_delimiter(second, to, close) ||
        find(first, second, "=")) {
        return fail(self, tag->line,
                    g_strdup_printf("bad delimiters: write two of at most %d characters without "
                                    "blanks and '=', as in {{=<%% %%>=}}",
                                    TAG_DELIMITER_MAX));
    }
    for (const char *p = first; p < second; p++)
        if (!is_space(*p))
            return fail(self, tag->line, g_strdup("bad delimiters: write two, as in {{=<% %>=}}"));
    strcpy(self->open, open);
    strcpy(self->close, close);
    return TRUE;
}

/* Whether nothing but blanks is beside the tag on its line; sets the line's ends if so. */
static void find_line(const Tags *self, Tag *tag)
{
    const char *from = tag->start, *to = tag->end;
    tag->line_start = tag->start;
    tag->line_end = tag->end;
    tag->standalone = FALSE;
    if (tag->kind == TAG_VARIABLE || tag->kind == TAG_RAW)
        return;
    while (from > self->source && is_blank(from[-1]))
        from--;
    while (to < self->end && is_blank(*to))
        to++;
    if (from > self->source && from[-1] != '\n')
        return;
    if (to + 1 < self->end && to[0] == '\r' && to[1] == '\n')
        to += 2;
    else if (to < self->end && *to == '\n')
        to++;
    else if (to < self->end)
        return;
    tag->standalone = TRUE;
    tag->line_start = from;
    tag->line_end = to;
}

static const struct {
    char sigil;
    TagKind kind;
} sigils[] = {
    {'#', TAG_SECTION}, {'^', TAG_INVERTED}, {'/', TAG_CLOSE},      {'!', TAG_COMMENT},
    {'>', TAG_PARTIAL}, {'&', TAG_RAW},      {'=', TAG_DELIMITERS}, {'{', TAG_RAW},
};

/* The kind by the first byte of the content that is no blank or line end; moves past it. */
static TagKind take_kind(const Tags *self, const char **content, char *sigil)
{
    const char *p = *content;
    while (p < self->end && is_space(*p))
        p++;
    for (gsize i = 0; p < self->end && i < G_N_ELEMENTS(sigils); i++) {
        /* A brace opens a triple mustache only right after the delimiter. */
        if (*p == sigils[i].sigil && (*p != '{' || p == *content)) {
            *content = p + 1;
            *sigil = *p;
            return sigils[i].kind;
        }
    }
    *sigil = '\0';
    return TAG_VARIABLE;
}

gboolean tags_next(Tags *self, Tag *tag)
{
    char close[TAG_DELIMITER_MAX + 2], sigil;
    if (self->problem || !(tag->start = find(self->at, self->end, self->open))) {
        self->at = self->end;
        return FALSE;
    }
    tag->line = self->line + count_lines(self->at, tag->start);
    tag->name[0] = '\0';

    const char *content = tag->start + strlen(self->open);
    tag->kind = take_kind(self, &content, &sigil);
    g_snprintf(close, sizeof close, "%s%s",
               sigil == '='   ? "="
               : sigil == '{' ? "}"
                              : "",
               self->close);
    const char *to = find(content, self->end, close);
    if (!to)
        return fail_unclosed(self, tag, content, close);
    tag->end = to + strlen(close);

    if (tag->kind == TAG_DELIMITERS) {
        if (!take_delimiters(self, tag, content, to))
            return FALSE;
    } else if (tag->kind != TAG_COMMENT && !take_name(self, tag, content, to, close)) {
        return FALSE;
    }
    find_line(self, tag);
    self->line = tag->line + count_lines(tag->start, tag->line_end);
    self->at = tag->line_end;
    return TRUE;
}
