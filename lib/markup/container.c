/* container - blocks between two lines of colons: a language, a signature, a callout
 *
 * "::: cy" above and ":::" below. To cmark they are text, with or without blank lines around them:
 * here the lines are found in paragraphs, put where they were meant to stand, and paired.
 */
#include <string.h>

#include "text/langtag.h"
#include "markup/doc.h"

enum { FENCES_MAX = 1000 };

typedef enum {
    FENCE_CLOSE,
    FENCE_LANGUAGE,
    FENCE_SIGNATURE,
    FENCE_CALLOUT,
    FENCE_QUESTION,
    FENCE_EVENT,
    FENCE_UNKNOWN /* somebody's words, or another program's block */
} FenceKind;

typedef struct {
    FenceKind kind;
    cmark_node *node; /* stands for the line until it is paired */
    char *text;       /* as it was written */
    char *word;   /* a language's tag; the heading of a callout; all that a question's line says */
    guint line;   /* of the file */
    guint number; /* of the text that cmark read; 0 when that isn't known */
    gboolean flush;  /* not indented: it belongs to no list's item */
    gboolean quoted; /* a block quote's mark stands before it */
} Fence;

typedef struct {
    Markdown *self;
    Findings *findings;
    GPtrArray *fences; /* of Fence */
} Reading;

static void fence_free(gpointer data)
{
    Fence *fence = data;
    g_free(fence->text);
    g_free(fence->word);
    g_free(fence);
}

/* --- what a line says ------------------------------------------------------------------------ */

gboolean container_is_fence(const char *line)
{
    gsize colons = strspn(line, ":");
    return colons >= 3 && (!line[colons] || line[colons] == ' ' || line[colons] == '{' ||
                           g_ascii_isalpha(line[colons]));
}

/* The heading of a callout as other programs have them; NULL for another word. */
static const char *callout_of(const char *word)
{
    static const char *const words[][2] = {
        {"note", "Note"},
        {"info", "Note"},
        {"tip", "Tip"},
        {"hint", "Tip"},
        {"warning", "Warning"},
        {"caution", "Caution"},
        {"important", "Important"},
        {"danger", "Warning"},
        {"callout", ""},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
        if (g_ascii_strcasecmp(word, words[i][0]) == 0)
            return words[i][1];
    return NULL;
}

/* Reads ":::", "::: cy", "::: Welsh", ":::{lang=cy}", "::: signature", "::: tip Book early". */
static void read_fence(Fence *fence)
{
    g_autofree char *rest = g_strdup(fence->text + strspn(fence->text, ":"));
    g_strdelimit(rest, "{}\"“”", ' ');
    for (gsize length; (length = strlen(g_strstrip(rest))) && rest[length - 1] == ':';)
        rest[length - 1] = '\0';
    const char *at = rest + (*rest == '.');
    at += g_str_has_prefix(at, "lang=") ? strlen("lang=") : 0;
    g_autofree char *word = g_strndup(at, strcspn(at, " "));
    const char *title = at + strlen(word) + strspn(at + strlen(word), " ");
    const char *language = langtag_of(word), *callout = callout_of(word);
    if (!*rest) {
        fence->kind = FENCE_CLOSE;
    } else if (question_is_info(at) || event_is_info(at)) {
        fence->kind = event_is_info(at) ? FENCE_EVENT : FENCE_QUESTION;
        fence->word = g_strdup(at);
    } else if (callout) {
        fence->kind = FENCE_CALLOUT;
        fence->word = g_strdup(*title ? title : callout);
    } else if (language && !*title) {
        fence->kind = FENCE_LANGUAGE;
        fence->word = g_strdup(language);
    } else if (g_ascii_strcasecmp(word, "signature") == 0 && !*title) {
        fence->kind = FENCE_SIGNATURE;
    } else {
        fence->kind = FENCE_UNKNOWN;
    }
}

/* --- lines taken out of paragraphs ----------------------------------------------------------- */

static gboolean is_break(cmark_node *node)
{
    cmark_node_type type = cmark_node_get_type(node);
    return type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK;
}

/* The text of a line that is nothing but text; NULL for another. Newly allocated. */
static char *text_of_line(cmark_node *from, cmark_node *end)
{
    GString *text = g_string_new(NULL);
    for (; from != end; from = cmark_node_next(from)) {
        if (cmark_node_get_type(from) != CMARK_NODE_TEXT) {
            g_string_free(text, TRUE);
            return NULL;
        }
        g_string_append(text, cmark_node_get_literal(from));
    }
    return g_strstrip(g_string_free(text, FALSE));
}

static void drop_range(cmark_node *from, cmark_node *end)
{
    for (cmark_node *next; from != end; from = next) {
        next = cmark_node_next(from);
        doc_drop(from);
    }
}

static void add_fence(Reading *in, cmark_node *before, const char *text, guint number, guint line)
{
    Fence *fence = g_new0(Fence, 1);
    fence->node = cmark_node_new(CMARK_NODE_CUSTOM_BLOCK);
    fence->text = g_strdup(text);
    fence->line = line;
    fence->number = number;
    fence->flush = TRUE;
    if (number) {
        g_autofree char *source = placeholders_text_line(in->self->aside, number);
        const char *mark = strrchr(source, '>'), *at = mark ? mark + 1 : source;
        fence->quoted = mark && strstr(mark, ":::");
        at = fence->quoted ? at + (*at == ' ') : source;
        fence->flush = strspn(at, " ") < 2 && at[strspn(at, " ")] == ':';
    }
    read_fence(fence);
    g_assert(cmark_node_insert_before(before, fence->node));
    g_ptr_array_add(in->fences, fence);
}

/* Puts lines of colons before the paragraph, and what stands between them as paragraphs. */
static void split(Reading *in, cmark_node *paragraph)
{
    guint first = (guint)cmark_node_get_start_line(paragraph), count = 0;
    guint line = doc_line(in->self, paragraph);
    cmark_node *into = NULL;
    for (cmark_node *at = cmark_node_first_child(paragraph), *end; at; count++) {
        for (end = at; end && !is_break(end); end = cmark_node_next(end))
            ;
        cmark_node *stop = end ? cmark_node_next(end) : NULL;
        g_autofree char *text = text_of_line(at, end);
        guint number = first ? first + count : 0;
        guint file_line = first ? placeholders_line(in->self->aside, number) : line + count;
        if (text && container_is_fence(text)) {
            add_fence(in, paragraph, text, number, file_line);
            drop_range(at, stop);
            cmark_node *last = into ? cmark_node_last_child(into) : NULL;
            if (last && is_break(last))
                drop_range(last, NULL);
            into = NULL;
        } else {
            if (!into) {
                into = cmark_node_new(CMARK_NODE_PARAGRAPH);
                doc_set_line(into, file_line);
                cmark_node_insert_before(paragraph, into);
            }
            for (cmark_node *next; at != stop; at = next) {
                next = cmark_node_next(at);
                cmark_node_append_child(into, at);
            }
        }
        at = stop;
    }
    doc_drop(paragraph);
}

static gboolean has_fence(cmark_node *paragraph)
{
    for (cmark_node *at = cmark_node_first_child(paragraph), *end; at;) {
        for (end = at; end && !is_break(end); end = cmark_node_next(end))
            ;
        g_autofree char *text = text_of_line(at, end);
        if (text && container_is_fence(text))
            return TRUE;
        at = end ? cmark_node_next(end) : NULL;
    }
    return FALSE;
}

static void find_fences(Reading *in)
{
    g_autoptr(GPtrArray) paragraphs = g_ptr_array_new();
    cmark_iter *iter = cmark_iter_new(in->self->root);
    while (cmark_iter_next(iter) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(iter);
        if (cmark_iter_get_event_type(iter) == CMARK_EVENT_ENTER &&
            cmark_node_get_type(node) == CMARK_NODE_PARAGRAPH && has_fence(node))
            g_ptr_array_add(paragraphs, node);
    }
    cmark_iter_free(iter);
    /* What is over the limit stays text, and is found as such. */
    for (guint i = 0; i < paragraphs->len && in->fences->len < FENCES_MAX; i++)
        split(in, g_ptr_array_index(paragraphs, i));
}

/* --- where they were meant to stand ---------------------------------------------------------- */

/* The items after one as a list of their own, behind the list; what is to stand between them comes
 * before it. */
static void part_list(cmark_node *item)
{
    cmark_node *list = cmark_node_parent(item), *rest = cmark_node_new(CMARK_NODE_LIST);
    cmark_node_set_list_type(rest, cmark_node_get_list_type(list));
    cmark_node_set_list_tight(rest, cmark_node_get_list_tight(list));
    if (cmark_node_get_list_type(list) == CMARK_ORDERED_LIST) {
        int number = cmark_node_get_list_start(list);
        for (cmark_node *at = item; at; at = cmark_node_previous(at))
            number += doc_marker(at) ? 0 : 1;
        cmark_node_set_list_start(rest, number);
    }
    while (cmark_node_next(item))
        cmark_node_append_child(rest, cmark_node_next(item));
    cmark_node_insert_after(list, rest);
}

/* Takes a line, and what stands after it in the same block, out of an item or a quote: as the
 * paragraph's next line it only seemed to belong there. */
static void lift(cmark_node *node)
{
    cmark_node *parent = cmark_node_parent(node), *around = parent;
    if (cmark_node_get_type(parent) == CMARK_NODE_ITEM) {
        if (cmark_node_next(parent))
            part_list(parent);
        around = cmark_node_parent(parent);
    }
    for (cmark_node *at = node, *next, *after = around; at; at = next) {
        next = cmark_node_next(at);
        cmark_node_insert_after(after, at);
        after = at;
    }
}

static void lift_all(Reading *in)
{
    for (guint i = 0; i < in->fences->len; i++) {
        const Fence *fence = g_ptr_array_index(in->fences, i);
        for (;;) {
            cmark_node_type type = cmark_node_get_type(cmark_node_parent(fence->node));
            if (!(type == CMARK_NODE_ITEM && fence->flush) &&
                !(type == CMARK_NODE_BLOCK_QUOTE && !fence->quoted))
                break;
            lift(fence->node);
        }
    }
}

/* --- pairs ----------------------------------------------------------------------------------- */

static Fence *fence_of(const Reading *in, cmark_node *node)
{
    for (guint i = 0; i < in->fences->len; i++) {
        Fence *fence = g_ptr_array_index(in->fences, i);
        if (fence->node == node)
            return fence;
    }
    return NULL;
}

static void drop_fence(Fence *fence)
{
    drop_range(fence->node, cmark_node_next(fence->node));
    fence->node = NULL;
}

/* Makes text of a line again. */
static void restore(Fence *fence)
{
    cmark_node *paragraph = cmark_node_new(CMARK_NODE_PARAGRAPH);
    cmark_node *text = doc_text(fence->text);
    cmark_node_append_child(paragraph, text);
    doc_set_line(paragraph, fence->line);
    cmark_node_insert_before(fence->node, paragraph);
    drop_fence(fence);
}

/* A picture that a signature begins with stands in a paragraph of its own, before the lines. */
static void part_picture(cmark_node *paragraph)
{
    cmark_node *image = cmark_node_first_child(paragraph);
    cmark_node *next = image ? cmark_node_next(image) : NULL;
    if (!next || cmark_node_get_type(image) != CMARK_NODE_IMAGE)
        return;
    cmark_node *own = cmark_node_new(CMARK_NODE_PARAGRAPH);
    doc_set_line(own, doc_given_line(paragraph));
    cmark_node_insert_before(paragraph, own);
    cmark_node_append_child(own, image);
    if (is_break(next))
        drop_range(next, cmark_node_next(next));
}

/* In a signature every line end is meant. */
static void keep_lines(cmark_node *box)
{
    for (cmark_node *block = cmark_node_first_child(box); block; block = cmark_node_next(block)) {
        if (cmark_node_get_type(block) != CMARK_NODE_PARAGRAPH)
            continue;
        for (cmark_node *at = cmark_node_first_child(block), *next; at; at = next) {
            next = cmark_node_next(at);
            if (cmark_node_get_type(at) != CMARK_NODE_SOFTBREAK)
                continue;
            cmark_node_insert_before(at, cmark_node_new(CMARK_NODE_LINEBREAK));
            drop_range(at, next);
        }
        if (block == cmark_node_first_child(box))
            part_picture(block);
    }
}

static cmark_node *box_of(const Fence *open)
{
    if (open->kind == FENCE_QUESTION || open->kind == FENCE_EVENT)
        return doc_box_new(open->kind == FENCE_EVENT ? DOC_EVENT : DOC_QUESTION, NULL);
    if (open->kind != FENCE_CALLOUT)
        return doc_box_new(open->kind == FENCE_LANGUAGE ? DOC_LANGUAGE : DOC_SIGNATURE, open->word);
    cmark_node *quote = cmark_node_new(CMARK_NODE_BLOCK_QUOTE);
    if (!*open->word)
        return quote;
    cmark_node *heading = cmark_node_new(CMARK_NODE_PARAGRAPH);
    cmark_node *strong = cmark_node_new(CMARK_NODE_STRONG), *text = cmark_node_new(CMARK_NODE_TEXT);
    cmark_node_set_literal(text, open->word);
    cmark_node_append_child(strong, text);
    cmark_node_append_child(heading, strong);
    cmark_node_append_child(quote, heading);
    doc_set_line(heading, open->line);
    return quote;
}

/* The lines between two, as they were written; NULL when cmark didn't say where they stand. */
static char *lines_between(const Reading *in, const Fence *open, const Fence *close)
{
    if (!open->number || !close || !close->number)
        return NULL;
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint n = open->number + 1; n < close->number; n++) {
        g_autofree char *line = placeholders_text_line(in->self->aside, n);
        g_string_append_printf(text, "%s\n", line);
    }
    return placeholders_restore(in->self->aside, text->str, PLACEHOLDER_PLAIN);
}

/* Puts what stands between two lines (up to `end`, without `close`) into a block. */
static void enclose(Reading *in, Fence *open, Fence *close, cmark_node *end)
{
    int sections = 0, least = 0;
    if (open->kind == FENCE_UNKNOWN) {
        restore(open);
        if (close)
            restore(close);
        return;
    }
    cmark_node *box = box_of(open);
    end = close ? close->node : end;
    cmark_node_insert_before(open->node, box);
    for (cmark_node *at = cmark_node_next(open->node), *next; at != end; at = next) {
        next = cmark_node_next(at);
        sections += !doc_marker(at) ? 0 : doc_marker(at)->kind == TAG_CLOSE ? -1 : 1;
        least = MIN(least, sections);
        g_assert(cmark_node_append_child(box, at));
    }
    if (sections || least)
        doc_complain(in->self, in->findings, FINDING_ERROR, open->line, "section-crossed",
                     "a section begins or ends within the block '%s', and the other of its tags "
                     "stands outside: put both within it, or both around it",
                     open->text);
    if (open->kind == FENCE_SIGNATURE)
        keep_lines(box);
    if (open->kind == FENCE_QUESTION || open->kind == FENCE_EVENT) {
        g_autofree char *body = lines_between(in, open, close);
        infoblock_read(in->self, box, open->word, body, open->line, in->findings);
    } else if (!cmark_node_first_child(box)) {
        drop_range(box, cmark_node_next(box));
    }
    drop_fence(open);
    if (close)
        drop_fence(close);
}

static void end_unclosed(Reading *in, Fence *open, cmark_node *end)
{
    if (open->kind != FENCE_UNKNOWN)
        doc_complain(in->self, in->findings, FINDING_WARNING, open->line, "block-open",
                     "the block '%s' is taken to go on to the end: write ::: on a line of its own "
                     "where it ends",
                     open->text);
    enclose(in, open, NULL, end);
}

/* Which part of the source a line is of: a block doesn't reach into the next. */
static guint part_of(const Reading *in, guint number)
{
    const Placeholders *aside = in->self->aside;
    guint part = 0;
    int shift;
    for (guint i = 0; i < placeholders_count(aside); i++)
        part +=
            placeholders_is_break(aside, i, &shift) && placeholders_tag(aside, i)->before <= number;
    return part;
}

/* Ends what another part of the source has left open. */
static void end_parts(Reading *in, GPtrArray *open, cmark_node *node, guint number)
{
    while (number && open->len) {
        Fence *last = g_ptr_array_index(open, open->len - 1);
        if (!last->number || part_of(in, last->number) == part_of(in, number))
            return;
        g_ptr_array_remove_index(open, open->len - 1);
        end_unclosed(in, last, node);
    }
}

static void pair_within(Reading *in, cmark_node *parent)
{
    g_autoptr(GPtrArray) open = g_ptr_array_new();
    for (cmark_node *node = cmark_node_first_child(parent), *next; node; node = next) {
        Fence *fence =
            cmark_node_get_type(node) == CMARK_NODE_CUSTOM_BLOCK ? fence_of(in, node) : NULL;
        next = cmark_node_next(node);
        end_parts(in, open, node, fence ? fence->number : (guint)cmark_node_get_start_line(node));
        if (!fence) {
            cmark_node_type type = cmark_node_get_type(node);
            if (type == CMARK_NODE_LIST || type == CMARK_NODE_BLOCK_QUOTE ||
                (type == CMARK_NODE_ITEM && !doc_marker(node)))
                pair_within(in, node);
        } else if (fence->kind != FENCE_CLOSE) {
            g_ptr_array_add(open, fence);
        } else if (open->len) {
            enclose(in, g_ptr_array_steal_index(open, open->len - 1), fence, NULL);
        } else {
            restore(fence);
        }
    }
    while (open->len)
        end_unclosed(in, g_ptr_array_steal_index(open, open->len - 1), NULL);
}

void containers_read(Markdown *self, Findings *findings)
{
    Reading in = {self, findings, g_ptr_array_new_with_free_func(fence_free)};
    find_fences(&in);
    lift_all(&in);
    if (in.fences->len)
        pair_within(&in, self->root);
    g_ptr_array_unref(in.fences);
}
