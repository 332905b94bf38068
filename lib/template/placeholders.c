/* placeholders - an update's Mustache tags, set aside as plain words while cmark reads the Markdown */
#include "template/placeholders_parts.h"

#include <string.h>

enum { CHOICE = 4 }; /* tags of a choice between two */

static void tag_clear(gpointer tag)
{
    g_free(((PlaceholderTag *)tag)->name);
}

/* A word that the source doesn't hold. Its first letter stands in it only once, so that no end of a
 * neighbouring word can take part in a match. */
static char *choose_prefix(const char *source)
{
    g_autoptr(GString) prefix = g_string_new("Qx");
    for (guint i = 0; strstr(source, prefix->str); i++)
        g_string_append_c(prefix, (char)('a' + i % 16));
    return g_strdup(prefix->str);
}

/* --- pairing --------------------------------------------------------------------------------- */

static gboolean is_section(TagKind kind)
{
    return kind == TAG_SECTION || kind == TAG_INVERTED || kind == TAG_CLOSE;
}

/* Whether the tag stands alone on its line but for the marks of a block quote, which Mustache
 * doesn't know of. Sets the line's bounds. */
static gboolean alone_in_quote(const Placeholders *self, PlaceholderTag *tag)
{
    gsize from = tag->start, to = tag->end;
    gboolean quoted = FALSE;
    while (from > 0 && strchr(" \t>", self->source[from - 1]))
        quoted |= self->source[--from] == '>';
    while (to < self->length && strchr(" \t", self->source[to]))
        to++;
    if (!quoted || (from > 0 && self->source[from - 1] != '\n') ||
        (to < self->length && self->source[to] != '\n'))
        return FALSE;
    tag->line_start = from;
    tag->line_end = to < self->length ? to + 1 : to;
    return TRUE;
}

static PlaceholderPlace first_place(const Placeholders *self, PlaceholderTag *tag,
                                    gboolean standalone)
{
    switch (tag->kind) {
    case TAG_VARIABLE:
    case TAG_RAW:
    case TAG_PARTIAL:
        return PLACEHOLDER_WORD;
    case TAG_COMMENT:
    case TAG_DELIMITERS:
        if (!standalone)
            alone_in_quote(self, tag);
        return PLACEHOLDER_GONE;
    case TAG_SECTION:
    case TAG_INVERTED:
    case TAG_CLOSE:
        return standalone || alone_in_quote(self, tag) ? PLACEHOLDER_LINE : PLACEHOLDER_WORD;
    }
    g_assert_not_reached();
}

static void add_tag(Placeholders *self, const Tag *found)
{
    PlaceholderTag tag = {.kind = found->kind,
                          .name = g_strdup(found->name),
                          .line = found->line,
                          .mate = self->tags->len,
                          .start = (gsize)(found->start - self->source),
                          .end = (gsize)(found->end - self->source)};
    tag.line_start = found->standalone ? (gsize)(found->line_start - self->source) : tag.start;
    tag.line_end = found->standalone ? (gsize)(found->line_end - self->source) : tag.end;
    tag.place = first_place(self, &tag, found->standalone);
    gsize blanks = 0;
    while (tag.start - blanks > tag.line_start &&
           strchr(" \t", self->source[tag.start - blanks - 1]))
        blanks++;
    tag.is_quoted = memchr(self->source + tag.line_start, '>', tag.start - tag.line_start) != NULL;
    tag.flush = blanks == 0 || (blanks == 1 && tag.start - 1 > tag.line_start);
    g_array_append_val(self->tags, tag);
}

/* Pairs a section's tags. A pair of which one stands within a line is an inline section. */
static gboolean pair(Placeholders *self, Findings *findings)
{
    g_autoptr(GArray) open = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint i = 0; i < self->tags->len; i++) {
        PlaceholderTag *tag = placeholders_tag(self, i);
        if (tag->kind == TAG_SECTION || tag->kind == TAG_INVERTED)
            g_array_append_val(open, i);
        if (tag->kind != TAG_CLOSE)
            continue;
        PlaceholderTag *opening =
            open->len ? placeholders_tag(self, g_array_index(open, guint, open->len - 1)) : NULL;
        if (!opening || !g_str_equal(opening->name, tag->name)) {
            findings_add(
                findings, FINDING_ERROR, self->file, tag->line, "section-crossed",
                opening ? "{{/%s}} closes no section that is open here: the one opened last "
                          "is '%s' of line %u"
                        : "{{/%s}} closes no section: write {{#%s}} before it",
                tag->name, opening ? opening->name : tag->name, opening ? opening->line : 0);
            return FALSE;
        }
        tag->mate = opening->mate;
        opening->mate = i;
        if (tag->place != opening->place)
            tag->place = opening->place = PLACEHOLDER_WORD;
        g_array_set_size(open, open->len - 1);
    }
    if (!open->len)
        return TRUE;
    const PlaceholderTag *left = placeholders_tag(self, g_array_index(open, guint, open->len - 1));
    findings_add(findings, FINDING_ERROR, self->file, left->line, "section-open",
                 "the section '%s' is not closed: write {{/%s}} where it ends", left->name,
                 left->name);
    return FALSE;
}

/* --- sections around a block on its line ----------------------------------------------------- */

/* Whether a block begins here: an item, a heading, a quote, a row of a table. */
static gboolean begins_block(const char *at, gboolean *is_row)
{
    at += strspn(at, " ");
    gsize digits = strspn(at, G_CSET_DIGITS), hashes = strspn(at, "#");
    *is_row = *at == '|';
    if (*at == '>' || *at == '|')
        return TRUE;
    if (hashes)
        return hashes <= 6 && at[hashes] == ' ';
    if (digits)
        return digits <= 9 && strchr(".)", at[digits]) && at[digits] && at[digits + 1] == ' ';
    return *at && strchr("-*+", *at) && at[1] == ' ';
}

/* Whether only blanks and marks of quotes stand before the tag on its line, or the section before
 * it on the same line is one of these, too. */
static gboolean is_at_margin(const Placeholders *self, guint index)
{
    const PlaceholderTag *tag = placeholders_tag(self, index);
    gsize at = tag->start;
    if (index && placeholders_tag(self, index - 1)->splits &&
        placeholders_tag(self, index - 1)->end == at)
        return TRUE;
    while (at > 0 && strchr(" \t>", self->source[at - 1]))
        at--;
    return at == 0 || self->source[at - 1] == '\n';
}

/* Where the line ends on which the tag is the last thing; 0 when something follows that is no
 * section of this kind. */
static gsize end_of_line(const Placeholders *self, guint index)
{
    const PlaceholderTag *tag = placeholders_tag(self, index);
    gsize at = tag->end;
    gboolean is_row;
    const PlaceholderTag *next =
        index + 1 < self->tags->len ? placeholders_tag(self, index + 1) : NULL;
    if (next && next->start == at && (next->kind == TAG_SECTION || next->kind == TAG_INVERTED) &&
        begins_block(self->source + next->end, &is_row))
        return at;
    while (at < self->length && strchr(" \t", self->source[at]))
        at++;
    if (at < self->length && self->source[at] != '\n')
        return 0;
    return at < self->length ? at + 1 : at;
}

/* "{{#ward}}- Ward: {{ward}}{{/ward}}" is a section around an item, as if its tags stood on lines of
 * their own. */
static void part_lines(Placeholders *self)
{
    for (guint i = 0; i < self->tags->len; i++) {
        PlaceholderTag *open = placeholders_tag(self, i),
                       *close = placeholders_tag(self, open->mate);
        gboolean is_row;
        if ((open->kind != TAG_SECTION && open->kind != TAG_INVERTED) ||
            open->place != PLACEHOLDER_WORD || !is_at_margin(self, i) ||
            !begins_block(self->source + open->end, &is_row))
            continue;
        gsize end = end_of_line(self, open->mate);
        if (!end)
            continue;
        gsize line = open->start;
        while (line > 0 && self->source[line - 1] != '\n')
            line--;
        open->place = close->place = PLACEHOLDER_LINE;
        open->in_line = close->in_line = !is_row;
        open->is_quoted = memchr(self->source + line, '>', open->start - line) != NULL;
        close->is_quoted = open->is_quoted;
        open->flush = close->flush = open->start == line || self->source[open->start - 1] == '}';
        close->splits = TRUE;
        close->line_start = close->start;
        close->line_end = end;
    }
}

/* --- the class of a neighbour ---------------------------------------------------------------- */

static gboolean has_width(const PlaceholderTag *tag)
{
    return !is_section(tag->kind) && tag->place != PLACEHOLDER_GONE;
}

static gboolean is_wordlike(gunichar c)
{
    return !g_unichar_isspace(c) && !g_unichar_ispunct(c) &&
           !(c < 128 && g_ascii_ispunct((char)c)) && c != 0;
}

static gboolean word_before(const Placeholders *self, guint index)
{
    for (guint i = index + 1; i-- > 0;) {
        const PlaceholderTag *tag = placeholders_tag(self, i);
        if (i > 0 && placeholders_tag(self, i - 1)->end == tag->start) {
            if (has_width(placeholders_tag(self, i - 1)))
                return TRUE;
            continue;
        }
        if (tag->start == 0)
            return FALSE;
        const char *at = g_utf8_prev_char(self->source + tag->start);
        return is_wordlike(g_utf8_get_char(at));
    }
    return FALSE;
}

static gboolean word_after(const Placeholders *self, guint index)
{
    for (guint i = index; i < self->tags->len; i++) {
        const PlaceholderTag *tag = placeholders_tag(self, i);
        if (i + 1 < self->tags->len && placeholders_tag(self, i + 1)->start == tag->end) {
            if (has_width(placeholders_tag(self, i + 1)))
                return TRUE;
            continue;
        }
        return tag->end < self->length && is_wordlike(g_utf8_get_char(self->source + tag->end));
    }
    return FALSE;
}

/* --- reading --------------------------------------------------------------------------------- */

static gboolean scan(Placeholders *self, Findings *findings)
{
    Tags tags;
    Tag tag;
    gboolean fine = TRUE;
    tags_init(&tags, self->source, self->length, self->first_line);
    while (fine && tags_next(&tags, &tag)) {
        if (self->tags->len == PLACEHOLDER_TAGS_MAX) {
            findings_add(findings, FINDING_ERROR, self->file, tag.line, "too-many-tags",
                         "more than %d tags in one update", PLACEHOLDER_TAGS_MAX);
            fine = FALSE;
        } else if (tag.kind == TAG_PARTIAL) {
            findings_add(findings, FINDING_ERROR, self->file, tag.line, "partial-in-update",
                         "{{>%s}} takes in another template, which only a layout can do: write the "
                         "text here",
                         tag.name);
            fine = FALSE;
        } else {
            add_tag(self, &tag);
        }
    }
    if (tags.problem) {
        findings_add(findings, FINDING_ERROR, self->file, tags.problem_line, "bad-tag", "%s",
                     tags.problem);
        fine = FALSE;
    }
    tags_clear(&tags);
    return fine;
}

/* Room for two guards of each section, so that pointers to tags stay valid. */
static void reserve(Placeholders *self)
{
    guint count = self->tags->len;
    self->room = 5 * count + 2 + CHOICE + 1;
    g_array_set_size(self->tags, self->room);
    g_array_set_size(self->tags, count);
}

Placeholders *placeholders_new(const char *source, gsize length, const char *file, guint first_line,
                               Findings *findings)
{
    Placeholders *self = g_new0(Placeholders, 1);
    self->source = g_strndup(source, length);
    self->length = strlen(self->source);
    self->file = g_strdup(file);
    self->first_line = first_line;
    self->prefix = choose_prefix(self->source);
    self->tags = g_array_new(FALSE, TRUE, sizeof(PlaceholderTag));
    g_array_set_clear_func(self->tags, tag_clear);
    self->text = g_string_new(NULL);
    self->lines = g_array_new(FALSE, FALSE, sizeof(guint));
    self->starts = g_array_new(FALSE, FALSE, sizeof(gsize));
    if (!scan(self, findings) || !pair(self, findings)) {
        placeholders_free(self);
        return NULL;
    }
    part_lines(self);
    reserve(self);
    for (guint i = 0; i < self->tags->len; i++) {
        PlaceholderTag *tag = placeholders_tag(self, i);
        tag->pad_left = is_section(tag->kind) && !word_after(self, i);
        tag->pad_right = is_section(tag->kind) && !word_before(self, i);
    }
    return self;
}

void placeholders_free(Placeholders *self)
{
    if (!self)
        return;
    g_array_unref(self->tags);
    g_array_unref(self->lines);
    g_array_unref(self->starts);
    g_string_free(self->text, TRUE);
    g_free(self->source);
    g_free(self->prefix);
    g_free(self->file);
    g_free(self);
}

guint placeholders_count(const Placeholders *self)
{
    return self->tags->len;
}

PlaceholderTag *placeholders_tag(const Placeholders *self, guint index)
{
    return &g_array_index(self->tags, PlaceholderTag, index);
}

guint placeholders_index(const Placeholders *self, const PlaceholderTag *tag)
{
    return (guint)(tag - placeholders_tag(self, 0));
}

/* A tag that stands nowhere in the text; takes `name`. */
static void add_gone(Placeholders *self, TagKind kind, char *name, guint line, guint mate)
{
    PlaceholderTag tag = {.kind = kind,
                          .name = name,
                          .line = line,
                          .place = PLACEHOLDER_GONE,
                          .mate = mate,
                          .start = self->length,
                          .end = self->length,
                          .line_start = self->length,
                          .line_end = self->length};
    g_array_append_val(self->tags, tag);
}

int placeholders_add_choice(Placeholders *self, const char *name, guint line)
{
    static const TagKind kinds[CHOICE] = {TAG_INVERTED, TAG_CLOSE, TAG_SECTION, TAG_CLOSE};
    guint index = self->tags->len;
    g_assert(index + CHOICE <= self->room);
    for (guint i = 0; i < CHOICE; i++)
        add_gone(self, kinds[i], g_strdup(name), line, i % 2 ? index + i - 1 : index + i + 1);
    return (int)index;
}

int placeholders_add_field(Placeholders *self, const char *name)
{
    guint index = self->tags->len;
    g_assert(index + 1 <= self->room);
    add_gone(self, TAG_VARIABLE, g_strdup(name), self->first_line, index);
    return (int)index;
}

int placeholders_add_guard(Placeholders *self, guint section)
{
    static const TagKind kinds[] = {TAG_SECTION, TAG_CLOSE};
    guint index = self->tags->len;
    if (index + 2 + CHOICE + 1 > self->room)
        return -1;
    for (guint i = 0; i < 2; i++) {
        const PlaceholderTag *of = placeholders_tag(self, section);
        if (i == 1)
            of = placeholders_tag(self, of->mate);
        add_gone(self, kinds[i], g_strconcat(of->name, ".any", NULL), of->line, index + 1 - i);
    }
    return (int)index;
}

/* --- words ----------------------------------------------------------------------------------- */

enum { DIGITS = 5 };

char *placeholders_word(const Placeholders *self, guint index)
{
    const PlaceholderTag *tag = placeholders_tag(self, index);
    return g_strdup_printf("%s%s%0*uz%s", tag->pad_left ? "$" : "", self->prefix, DIGITS, index,
                           tag->pad_right ? "$" : "");
}

int placeholders_find(const Placeholders *self, const char *text, const char **start,
                      const char **end)
{
    gsize length = strlen(self->prefix);
    for (const char *at = text; (at = strstr(at, self->prefix)); at++) {
        const char *digits = at + length;
        guint64 index = 0;
        gsize n = 0;
        for (; n < DIGITS && g_ascii_isdigit(digits[n]); n++)
            index = index * 10 + (guint64)(digits[n] - '0');
        if (n < DIGITS || digits[n] != 'z' || index >= self->tags->len)
            continue;
        const PlaceholderTag *tag = placeholders_tag(self, (guint)index);
        *start = tag->pad_left && at > text && at[-1] == '$' ? at - 1 : at;
        *end = digits + n + 1;
        *end += tag->pad_right && **end == '$';
        return (int)index;
    }
    return -1;
}

gboolean placeholders_is_break(const Placeholders *self, guint index, int *shift)
{
    static const char mark[] = "{{!circular:part";
    const PlaceholderTag *tag = placeholders_tag(self, index);
    const char *at = self->source + tag->start;
    if (tag->kind != TAG_COMMENT || strncmp(at, mark, strlen(mark)) != 0 ||
        tag->line_start != tag->start)
        return FALSE;
    at += strlen(mark);
    *shift = *at == ' ' && g_ascii_isdigit(at[1]) ? at[1] - '0' : 0;
    return g_str_has_prefix(*shift ? at + 2 : at, "}}\n");
}

gboolean placeholders_has(const Placeholders *self, const char *text)
{
    const char *start, *end;
    return placeholders_find(self, text, &start, &end) >= 0;
}

const char *placeholders_source(const Placeholders *self)
{
    return self->source;
}

char *placeholders_prefix(const Placeholders *self)
{
    return g_strdup(self->prefix);
}

gboolean placeholders_mentions(const Placeholders *self, const char *text)
{
    return strstr(self->source, text) != NULL;
}

gboolean placeholders_is_section(const Placeholders *self, const char *text, guint *index)
{
    const char *start, *end;
    int found = placeholders_find(self, text, &start, &end);
    if (found < 0 || start != text || *end ||
        !is_section(placeholders_tag(self, (guint)found)->kind))
        return FALSE;
    *index = (guint)found;
    return TRUE;
}
