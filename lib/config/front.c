/* front - an update's front matter: YAML between two lines of three dashes */
#include "config/front.h"

#include <string.h>

#include "base/error.h"
#include "config/printable.h"
#include "config/hint.h"
#include "config/tree.h"

static const struct {
    const char *name;
    gsize offset; /* of its FrontText in a Front */
} keys[] = {
    {"subject", G_STRUCT_OFFSET(Front, subject)},
    {"preheader", G_STRUCT_OFFSET(Front, preheader)},
    {"from", G_STRUCT_OFFSET(Front, from)},
    {"reply_to", G_STRUCT_OFFSET(Front, reply_to)},
    {"audience", G_STRUCT_OFFSET(Front, audience)},
    {"lang", G_STRUCT_OFFSET(Front, lang)},
    {"date", G_STRUCT_OFFSET(Front, date)},
    {"correction", G_STRUCT_OFFSET(Front, correction)},
    {"contents", G_STRUCT_OFFSET(Front, contents)},
    {"swap_languages", G_STRUCT_OFFSET(Front, swap_languages)},
};

static const char *const names[] = {
    "subject",    "preheader",   "from",  "reply_to", "audience",       "lang", "date",
    "correction", "attachments", "allow", "contents", "swap_languages", NULL};

/* What other tools put there. They are named because some are near to a key of ours, and a
 * newsletter that was a web page before shouldn't stop at its tags. */
static const char *const foreign[] = {
    "alias", "aliases",  "author",  "authors", "categories", "category",  "description",
    "draft", "excerpt",  "id",      "image",   "keywords",   "lastmod",   "layout",
    "menu",  "modified", "name",    "page",    "permalink",  "published", "section",
    "slug",  "status",   "summary", "tag",     "tags",       "template",  "title",
    "toc",   "type",     "updated", "url",     "version",    "weight",    NULL};

typedef struct {
    Front *front;
    const char *file;
    Findings *findings;
    gboolean failed;
} Parser;

static void fail(Parser *in, guint line, const char *id, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

static void fail(Parser *in, guint line, const char *id, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    findings_add(in->findings, FINDING_ERROR, in->file, line, id, "%s", text);
    in->failed = TRUE;
}

/* ---- where it stands ---- */

/* The line at `p` without its end, and where the next begins. */
static gsize line_length(const char *p, const char *end, const char **next)
{
    const char *feed = memchr(p, '\n', (gsize)(end - p));
    *next = feed ? feed + 1 : end;
    gsize length = (gsize)((feed ? feed : end) - p);
    while (length && (p[length - 1] == '\r' || p[length - 1] == ' ' || p[length - 1] == '\t'))
        length--;
    return length;
}

/* Three dashes and blanks alone, which open and close front matter. */
static gboolean is_dashes(const char *p, const char *end, const char **next)
{
    return line_length(p, end, next) == 3 && memcmp(p, "---", 3) == 0;
}

/* A line of nothing but dashes that an editor made of hyphens: "—", "—-", "–––". */
static gboolean is_long_dashes(const char *p, const char *end)
{
    const char *next;
    gsize length = line_length(p, end, &next);
    g_autofree char *line = g_strndup(p, length);
    gboolean dash = FALSE;
    if (!g_utf8_validate(line, -1, NULL) || length > 12)
        return FALSE;
    for (const char *at = line; *at; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        dash |= c >= 0x2010 && c <= 0x2015;
        if (c != '-' && !(c >= 0x2010 && c <= 0x2015))
            return FALSE;
    }
    return dash;
}

/* The name of a line "name: value"; newly allocated, or NULL when it is none. */
static char *name_of_line(const char *p, gsize length)
{
    gsize start = 0, stop;
    while (start < length && p[start] == ' ')
        start++;
    for (stop = start; stop < length; stop++) {
        if (!g_ascii_isalnum(p[stop]) && p[stop] != '_' && p[stop] != '-')
            break;
    }
    gboolean is_name = stop > start && stop < length && p[stop] == ':' &&
                       (stop + 1 == length || p[stop + 1] == ' ' || p[stop + 1] == '\t');
    return is_name ? g_strndup(p + start, stop - start) : NULL;
}

/* Whether what follows the first line of dashes is front matter and not the text after a thematic
 * break: its first line that is neither blank nor a comment names a value - one of ours, if a blank
 * line came before, as after a thematic break. Nothing at all between two lines of dashes is, too.
 */
static gboolean is_front(const char *p, const char *end)
{
    gboolean after_blank = FALSE;
    for (const char *next; p < end; p = next) {
        if (is_dashes(p, end, &next))
            return !after_blank;
        gsize length = line_length(p, end, &next);
        if (length && *p != '#') {
            g_autofree char *name = name_of_line(p, length);
            return name && (!after_blank || g_strv_contains(names, name));
        }
        after_blank |= length == 0;
    }
    return FALSE;
}

/* ---- what it says ---- */

void front_quotes(const char *file, guint line, const char *value, Findings *findings)
{
    g_autofree char *said = fix_quotes(value);
    if (said)
        findings_add(findings, FINDING_WARNING, file, line, "curly-quotes", "%s", said);
}

/* A value in quotes goes on until they end: one that holds the next line's key lost its own end. */
static void look_for_keys(Parser *in, const char *name, guint line, const char *text)
{
    for (gsize i = 0; names[i]; i++) {
        g_autofree char *key = g_strdup_printf(" %s: ", names[i]);
        if (strstr(text, key))
            findings_add(in->findings, FINDING_WARNING, in->file, line, "curly-quotes",
                         "'%s' goes on to the line of '%s': the quote that ends it is missing, or "
                         "an editor made a curly one of it",
                         name, names[i]);
    }
}

/* A value on one line without the line end of a block; newly allocated. NULL when it is empty, or
 * when it failed. */
static char *one_line(Parser *in, const char *name, const Tree *node)
{
    if (node->kind != TREE_TEXT) {
        fail(in, node->line, "front-matter", "'%s' must be a text, not a %s%s", name,
             node->kind == TREE_LIST ? "list" : "group of keys",
             node->kind == TREE_MAP ? ": if it begins with {{, put it in quotes" : "");
        return NULL;
    }
    if (node->commented)
        findings_add(in->findings, FINDING_WARNING, in->file, node->line, "cut-value",
                     "'%s' ends at the '#' after '%s': put the value in quotes if it goes on", name,
                     node->text);
    g_autofree char *text = g_strdup(node->text);
    g_strstrip(text);
    if (strpbrk(text, "\n\t")) {
        fail(in, node->line, "front-matter", "'%s' must stand on one line, without tabs", name);
        return NULL;
    }
    if (!node->quoted || strstr(text, "”") || strstr(text, "“"))
        front_quotes(in->file, node->line, text, in->findings);
    if (node->quoted)
        look_for_keys(in, name, node->line, text);
    return *text ? g_steal_pointer(&text) : NULL;
}

static void front_text_free(gpointer data)
{
    FrontText *self = data;
    g_free(self->text);
    g_free(self);
}

/* A list of names as one text: "heads, ceos". */
static char *one_or_several(Parser *in, const char *name, const Tree *node)
{
    if (node->kind != TREE_LIST)
        return one_line(in, name, node);
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < node->items->len; i++) {
        char *text = one_line(in, name, g_ptr_array_index(node->items, i));
        if (text)
            g_ptr_array_add(texts, text);
    }
    g_ptr_array_add(texts, NULL);
    return texts->len > 1 ? g_strjoinv(", ", (char **)texts->pdata) : NULL;
}

static void read_item(Parser *in, const char *name, const Tree *node, GPtrArray *texts)
{
    char *text = one_line(in, name, node);
    if (!text)
        return;
    FrontText *item = g_new0(FrontText, 1);
    *item = (FrontText){text, node->line};
    g_ptr_array_add(texts, item);
}

/* A list of texts, or one. */
static void read_texts(Parser *in, const char *name, const Tree *node, GPtrArray *texts)
{
    if (node->kind != TREE_LIST) {
        read_item(in, name, node, texts);
        return;
    }
    for (guint i = 0; i < node->items->len; i++)
        read_item(in, name, g_ptr_array_index(node->items, i), texts);
}

static void read_unknown(Parser *in, const char *name, guint line)
{
    g_autofree char *lower = g_ascii_strdown(name, -1);
    const char *near = g_strv_contains(foreign, lower) ? NULL : nearest_word(name, names);
    if (near)
        fail(in, line, "unknown-key", "unknown key '%s': did you mean '%s'?", name, near);
    else
        findings_add(in->findings, FINDING_WARNING, in->file, line, "ignored-key",
                     "'%s' means nothing here and is ignored%s", name,
                     g_str_equal(lower, "title") ? ": the subject of the letter is 'subject'" : "");
}

static void read_key(Parser *in, const char *name, guint line, const Tree *node)
{
    if (g_str_equal(name, "attachments")) {
        read_texts(in, name, node, in->front->attachments);
        return;
    }
    if (g_str_equal(name, "allow")) {
        read_texts(in, name, node, in->front->allow);
        return;
    }
    for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
        if (!g_str_equal(name, keys[i].name))
            continue;
        FrontText *text = G_STRUCT_MEMBER_P(in->front, keys[i].offset);
        text->text = g_str_equal(name, "audience") ? one_or_several(in, name, node)
                                                   : one_line(in, name, node);
        text->line = line;
        return;
    }
    read_unknown(in, name, line);
}

/* Whether a blank line stands somewhere before `line` of the block, which begins on line 2. */
static gboolean blank_before(const char *p, const char *end, guint line)
{
    const char *next;
    for (guint n = 2; n < line && p < end; n++, p = next) {
        if (line_length(p, end, &next) == 0)
            return TRUE;
    }
    return FALSE;
}

static void read_block(Parser *in, const char *block, gsize length)
{
    g_autoptr(GError) error = NULL;
    guint line;
    g_autoptr(Tree) tree = tree_read(block, length, 2, &line, &error);
    if (!tree) {
        /* Text where YAML should be, after a blank line: most likely the Markdown has begun. */
        gboolean body = blank_before(block, block + length, line);
        fail(in, line, "front-matter", "%s%s", error->message,
             body ? " (or is the line of --- missing that ends the front matter?)" : "");
        return;
    }
    if (tree->kind != TREE_MAP) {
        fail(in, tree->line, "front-matter", "front matter must be lines of 'key: value'");
        return;
    }
    for (guint i = 0; i < tree->items->len; i++)
        read_key(in, g_ptr_array_index(tree->names, i), g_array_index(tree->name_lines, guint, i),
                 g_ptr_array_index(tree->items, i));
}

/* Finds the end of the block that begins at `block`, and where the body begins. */
static void find_end(Parser *in, const char *bytes, const char *block, const char *end,
                     FrontPlace *place)
{
    guint line = 2, dashes = 0;
    const char *p = block, *next;
    while (p < end && !is_dashes(p, end, &next)) {
        if (!dashes && is_long_dashes(p, end))
            dashes = line;
        p = next;
        line++;
    }
    if (p == end && dashes) {
        fail(in, dashes, "front-matter",
             "the line that ends the front matter is to be three hyphens, ---: an editor made "
             "longer dashes of them");
    } else if (p == end) {
        fail(in, 1, "front-matter",
             "the front matter is never closed: end it with a line of three dashes, ---");
    } else if (p - block > FRONT_MAX) {
        fail(in, 1, "front-matter",
             "the front matter is too large: over %d bytes to the next line of ---", FRONT_MAX);
    } else {
        *place = (FrontPlace){block, (gsize)(p - block), (gsize)(next - bytes), line + 1};
    }
}

gboolean front_find(const char *bytes, gsize length, const char *file, FrontPlace *place,
                    Findings *findings)
{
    Parser in = {.file = file, .findings = findings};
    const char *end = bytes + length, *block;
    *place = (FrontPlace){NULL, 0, printable_bom(bytes, length) ? PLAIN_BOM : 0, 1};
    const char *first = bytes + place->body_offset;
    if (is_long_dashes(first, end)) {
        line_length(first, end, &block);
        if (is_front(block, end))
            fail(&in, 1, "front-matter",
                 "the first line is to be three hyphens, ---: an editor made longer dashes of "
                 "them");
        return !in.failed;
    }
    if (!is_dashes(first, end, &block))
        return TRUE;
    if (is_front(block, end))
        find_end(&in, bytes, block, end, place);
    else
        findings_add(findings, FINDING_WARNING, file, 1, "no-front-matter",
                     "the first line is --- but no line of 'key: value' follows: read as a rule, "
                     "and the update has no front matter");
    return !in.failed;
}

Front *front_parse(const char *bytes, gsize length, const char *file, Findings *findings)
{
    FrontPlace place;
    if (!front_find(bytes, length, file, &place, findings))
        return NULL;
    g_autoptr(Front) self = g_new0(Front, 1);
    Parser in = {.front = self, .file = file, .findings = findings};
    self->attachments = g_ptr_array_new_with_free_func(front_text_free);
    self->allow = g_ptr_array_new_with_free_func(front_text_free);
    self->body_offset = place.body_offset;
    self->body_line = place.body_line;
    if (place.block)
        read_block(&in, place.block, place.length);
    return in.failed ? NULL : g_steal_pointer(&self);
}

void front_free(Front *self)
{
    if (!self)
        return;
    for (guint i = 0; i < G_N_ELEMENTS(keys); i++)
        g_free(((FrontText *)G_STRUCT_MEMBER_P(self, keys[i].offset))->text);
    g_ptr_array_unref(self->attachments);
    g_ptr_array_unref(self->allow);
    g_free(self);
}
