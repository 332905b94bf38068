/* plaintext - the tree as plain text that a person likes to read
 *
 * Wrapping, numbering and the layout of tables are left to the marks of template/wrap.h: the template
 * does once, when it is compiled, what holds no field, and the rest at each rendering.
 */
#include <string.h>

#include "render/body.h"
#include "render/plain_parts.h"
#include "template/wrap.h"

enum {
    INDENT_MAX = 32,      /* columns of a prefix; deeper lists and quotes move no further */
    LINE_MAX_COLUMNS = 78 /* of a line of code, before it is broken at a blank */
};

/* --- paragraphs ------------------------------------------------------------------------------ */

/* Writes a paragraph; what comes after it no longer stands beside its item's bullet. */
void plain_put(Plain *in, const char *text)
{
    g_string_append_printf(in->out, "%c%s%c%s%c%s%c", FLOW_BEGIN, in->first, FLOW_PART, in->rest,
                           FLOW_PART, text, FLOW_END);
    g_free(in->first);
    in->first = g_strdup(in->rest);
}

void plain_gap(Plain *in)
{
    gboolean blank = strspn(in->rest, " \x1a") == strlen(in->rest);
    if (blank)
        g_string_append_c(in->out, '\n');
    else
        g_string_append_printf(in->out, "%c%s%c%s%c%c", FLOW_BEGIN, in->rest, FLOW_PART, in->rest,
                               FLOW_PART, FLOW_END);
}

/* Writes the bullet of an item that doesn't begin with a paragraph on a line of its own. */
void plain_settle(Plain *in)
{
    if (!g_str_equal(in->first, in->rest))
        plain_put(in, "");
}

/* --- blocks ---------------------------------------------------------------------------------- */

static void blocks(Plain *in, cmark_node *parent, gboolean gaps, gboolean past);
static void block(Plain *in, cmark_node *node, gboolean past);
static void marker(Plain *in, const PlaceholderTag *tag);
static cmark_node *find_anchor(cmark_node *parent);
static gboolean parts_itself(cmark_node *node);

static void paragraph(Plain *in, cmark_node *node)
{
    g_autoptr(GString) text = g_string_new(NULL);
    plain_line(in, node, text);
    plain_put(in, text->str);
}

static void heading(Plain *in, cmark_node *node)
{
    int level = GPOINTER_TO_INT(cmark_node_get_user_data(node));
    g_autoptr(GString) text = g_string_new(NULL);
    plain_line(in, node, text);
    if (level <= 2)
        g_string_append_printf(text, "%c%c", FLOW_RULE, level == 1 ? '=' : '-');
    plain_put(in, text->str);
}

/* Appends a line of code, broken at blanks where it would be too long for mail. */
static void code_line(const Plain *in, GString *text, const char *line)
{
    guint room = LINE_MAX_COLUMNS - in->columns - 4;
    g_autoptr(GString) clean = g_string_new(NULL);
    g_autofree char *exact = placeholders_exact(in->doc->aside, line);
    for (const char *p = exact; *p; p++) {
        if (*p == '\t')
            g_string_append_len(clean, "    ", 4 - (gssize)(clean->len % 4));
        else if (((guchar)*p >= 0x20 && *p != 0x7f) || *p == PLACEHOLDER_EXACT)
            g_string_append_c(clean, *p);
    }
    const char *rest = clean->str, *inked = rest + strspn(rest, " ");
    gsize first = strcspn(inked, " "); /* a first word that would pass the edge moves to the left */
    while (*rest == ' ' && wrap_columns(rest, (gsize)(inked + first - rest)) > room)
        rest++;
    while (wrap_columns(rest, strlen(rest)) > room && !placeholders_has(in->doc->aside, rest)) {
        const char *best = NULL;
        inked = rest + strspn(rest, " ");
        for (const char *p = inked; (p = strchr(p, ' ')); p++)
            if (!best || wrap_columns(rest, (gsize)(p - rest)) <= room)
                best = p;
            else
                break;
        if (!best)
            break;
        g_string_append_len(text, rest, best - rest);
        g_string_append_c(text, '\n');
        rest = best + 1;
    }
    g_string_append(text, rest);
}

/* Writes lines as they are, further in. */
static void put_lines(Plain *in, const char *lines)
{
    g_autofree char *first = in->first, *rest = in->rest;
    g_autofree char *text = g_strdup_printf("%c%s", FLOW_VERBATIM, lines);
    in->first = g_strconcat(first, "    ", NULL);
    in->rest = g_strconcat(rest, "    ", NULL);
    plain_put(in, text);
    g_free(in->first);
    g_free(in->rest);
    in->first = g_strdup(rest);
    in->rest = g_steal_pointer(&rest);
}

static const char *language_around(const Plain *in, cmark_node *node)
{
    cmark_node *parent = cmark_node_parent(node);
    return doc_box(parent) == DOC_LANGUAGE ? doc_language(parent) : in->doc->lang;
}

/* In place of the buttons: the subjects that they would write, to be copied. */
static void question(Plain *in, cmark_node *node)
{
    const Question *asked = g_hash_table_lookup(in->doc->facts, node);
    g_autofree char *token = placeholders_word(in->doc->aside, (guint)in->doc->answer_tag);
    g_autoptr(GString) lines = g_string_new(NULL), how = NULL;
    for (cmark_node *at = cmark_node_first_child(node); at; at = cmark_node_next(at)) {
        if (doc_button(at))
            continue;
        block(in, at, FALSE);
        plain_gap(in);
    }
    how = g_string_new(doc_answer_words(language_around(in, node),
                                        asked->choices->len > 1 ? DOC_ANSWER_HOW : DOC_ANSWER_SO));
    g_string_replace(how, "%s", in->doc->answers, 1);
    plain_put(in, how->str);
    for (guint i = 0; i < asked->choices->len; i++) {
        g_autofree char *subject = question_subject(asked, i, token);
        g_string_append_printf(lines, "%s%s", i ? "\n" : "", subject);
    }
    plain_gap(in);
    put_lines(in, lines->str);
}

static void code_block(Plain *in, cmark_node *node)
{
    if (doc_table(node)) {
        plain_table(in, doc_table(node));
        return;
    }
    g_autoptr(GString) text = g_string_new(NULL);
    g_auto(GStrv) lines = g_strsplit(cmark_node_get_literal(node), "\n", -1);
    guint count = g_strv_length(lines);
    if (count && !*lines[count - 1])
        count--;
    for (guint i = 0; i < count; i++) {
        if (i)
            g_string_append_c(text, '\n');
        code_line(in, text, lines[i]);
    }
    put_lines(in, text->str);
}

/* Whether a prefix that much wider would leave too little of the line. */
static gboolean is_deep(const Plain *in, guint columns)
{
    return in->columns + columns > INDENT_MAX;
}

/* Goes into a quote or item: its lines begin with these, until leave(). */
typedef struct {
    char *rest;
    guint columns;
} Outer;

static Outer enter(Plain *in, const char *first, const char *rest, guint columns)
{
    gboolean deep = is_deep(in, columns);
    if (deep)
        plain_settle(in);
    Outer outer = {in->rest, in->columns};
    g_autofree char *old = in->first;
    in->first = g_strconcat(old, first, NULL);
    in->rest = g_strconcat(outer.rest, deep ? "" : rest, NULL);
    in->columns += deep ? 0 : columns;
    return outer;
}

static void leave(Plain *in, Outer outer)
{
    g_free(in->first);
    g_free(in->rest);
    in->first = g_strdup(outer.rest);
    in->rest = outer.rest;
    in->columns = outer.columns;
}

static void quote(Plain *in, cmark_node *node)
{
    Outer outer = enter(in, is_deep(in, 2) ? "" : "> ", "> ", 2);
    blocks(in, node, TRUE, FALSE);
    plain_settle(in);
    leave(in, outer);
}

static guint count_digits(guint number)
{
    guint digits = 1;
    while (number /= 10)
        digits++;
    return digits;
}

static PlainNumbers numbers_of(cmark_node *list)
{
    guint number = (guint)cmark_node_get_list_start(list);
    PlainNumbers of = {number, 1, FALSE};
    for (cmark_node *item = cmark_node_first_child(list); item; item = cmark_node_next(item)) {
        of.varies |= doc_marker(item) != NULL;
        of.digits = count_digits(number);
        number += doc_marker(item) ? 0 : 1;
    }
    return of;
}

/* The prefixes of an ordered list's item. Numbers end in one column, unless sections decide which
 * there are. A list too deep to have marks of its own counts here. */
static Outer enter_numbered(Plain *in)
{
    PlainNumbers *of = in->numbers;
    guint number = of->next++;
    guint blanks = of->varies ? 0 : of->digits - count_digits(number);
    g_autofree char *first = g_strdup_printf("%*s%c. ", (int)blanks, "", FLOW_NUMBER);
    g_autofree char *rest = g_strdup_printf("%*s%c  ", (int)blanks, "", FLOW_PAD);
    g_autofree char *counted = g_strdup_printf("%u. ", number);
    return enter(in, is_deep(in, of->digits + 2) ? counted : first, rest, of->digits + 2);
}

static void item(Plain *in, cmark_node *node)
{
    cmark_node *parent = cmark_node_parent(node), *child = cmark_node_first_child(node);
    gboolean numbered = cmark_node_get_list_type(parent) == CMARK_ORDERED_LIST;
    Outer outer = numbered ? enter_numbered(in) : enter(in, doc_is_task(node) ? "" : "- ", "  ", 2);
    if (!child || doc_marker(child)) /* the bullet must stand whatever a section leaves */
        plain_put(in, "");
    blocks(in, node, !cmark_node_get_list_tight(parent), FALSE);
    plain_settle(in);
    leave(in, outer);
}

static void list(Plain *in, cmark_node *node, gboolean past)
{
    PlainNumbers numbers = numbers_of(node), *outer = in->numbers;
    gboolean marked =
        cmark_node_get_list_type(node) == CMARK_ORDERED_LIST && !is_deep(in, numbers.digits + 2);
    in->numbers = &numbers;
    if (marked &&
        strchr(in->first, FLOW_NUMBER)) /* a line has one number: the item's stands alone */
        plain_settle(in);
    if (marked)
        g_string_append_printf(in->out, "%c%d%c", FLOW_LIST, cmark_node_get_list_start(node),
                               FLOW_PART);
    blocks(in, node, !cmark_node_get_list_tight(node), past && parts_itself(node));
    if (marked)
        g_string_append_c(in->out, FLOW_LIST_END);
    in->numbers = outer;
}

/* The footnotes below a short rule, each with its number. */
static void notes(Plain *in, cmark_node *node)
{
    guint number = 0;
    plain_put(in, "----------");
    for (cmark_node *at = cmark_node_first_child(node); at; at = cmark_node_next(at)) {
        if (doc_marker(at)) {
            marker(in, doc_marker(at));
            continue;
        }
        g_autofree char *raised = plain_raised(++number);
        g_autofree char *first = g_strconcat(raised, " ", NULL);
        Outer outer = enter(in, first, "  ", 2);
        paragraph(in, at);
        leave(in, outer);
    }
}

static void block(Plain *in, cmark_node *node, gboolean past)
{
    switch (cmark_node_get_type(node)) {
    case CMARK_NODE_PARAGRAPH:
        paragraph(in, node);
        break;
    case CMARK_NODE_HEADING:
        heading(in, node);
        break;
    case CMARK_NODE_BLOCK_QUOTE:
        quote(in, node);
        break;
    case CMARK_NODE_LIST:
        list(in, node, past);
        break;
    case CMARK_NODE_ITEM:
        item(in, node);
        break;
    case CMARK_NODE_CODE_BLOCK:
        code_block(in, node);
        break;
    case CMARK_NODE_CUSTOM_BLOCK:
        if (doc_box(node) == DOC_NOTES)
            notes(in, node);
        else if (doc_box(node) == DOC_QUESTION)
            question(in, node);
        else
            blocks(in, node, doc_box(node) == DOC_LANGUAGE, past && parts_itself(node));
        break;
    case CMARK_NODE_THEMATIC_BREAK:
        plain_put(in, "----------------------------------------");
        break;
    default:
        g_assert_not_reached(); /* the reader leaves no other */
    }
}

/* Alone on a line of its own the tag would take a blank line with it: the mark of its line, which
 * is always written before it, sees to that. */
static void marker(Plain *in, const PlaceholderTag *tag)
{
    g_autofree char *word = plain_word(in, tag);
    g_string_append(in->out, word);
    if (tag->kind == TAG_CLOSE)
        in->sections--;
    else
        in->sections++;
}

/* The first child that every recipient has, or NULL. */
static cmark_node *find_anchor(cmark_node *parent)
{
    guint depth = 0;
    for (cmark_node *node = cmark_node_first_child(parent); node; node = cmark_node_next(node)) {
        if (!doc_marker(node) && depth == 0)
            return node;
        if (doc_marker(node))
            depth += doc_marker(node)->kind == TAG_CLOSE ? -1u : 1u;
    }
    return NULL;
}

/* A list of which nothing may be left, and whose items stand apart: they have the blank line. */
static gboolean parts_itself(cmark_node *node)
{
    gboolean loose =
        cmark_node_get_type(node) == CMARK_NODE_LIST && !cmark_node_get_list_tight(node);
    return (loose || doc_box(node) == DOC_LANGUAGE) && !find_anchor(node);
}

static void two_blocks(Plain *in, cmark_node *one, cmark_node *other)
{
    block(in, one, FALSE);
    plain_gap(in);
    block(in, other, FALSE);
}

/* Two languages, for some readers the other way round. */
static void either_way(Plain *in, cmark_node *one, cmark_node *other)
{
    const PlaceholderTag *tags = placeholders_tag(in->doc->aside, (guint)in->doc->swap);
    for (guint i = 0; i < 4; i += 2) {
        g_autofree char *open = plain_word(in, &tags[i]), *close = plain_word(in, &tags[i + 1]);
        g_string_append(in->out, open);
        two_blocks(in, i ? other : one, i ? one : other);
        g_string_append(in->out, close);
    }
}

/* A portrait above the name that it shows: a reader of plain text has it once. */
static gboolean repeats_name(cmark_node *node)
{
    cmark_node *next = cmark_node_next(node), *picture = cmark_node_first_child(node);
    if (doc_box(cmark_node_parent(node)) != DOC_SIGNATURE || cmark_node_previous(node) || !next ||
        !picture || cmark_node_next(picture) || cmark_node_get_type(picture) != CMARK_NODE_IMAGE ||
        *cmark_node_get_title(picture))
        return FALSE;
    g_autofree char *alt = doc_words(picture), *name = doc_words(next);
    return *alt && g_str_has_prefix(name, alt);
}

/* The blank line between two blocks belongs to the one that a section may leave out: before each
 * block, but up to the first that nothing can leave out, after it. That one has been already where
 * `past` says so. */
static void blocks(Plain *in, cmark_node *parent, gboolean gaps, gboolean past)
{
    cmark_node *anchor = find_anchor(parent);
    for (cmark_node *node = cmark_node_first_child(parent); node; node = cmark_node_next(node)) {
        if (doc_marker(node)) {
            marker(in, doc_marker(node));
            continue;
        }
        if (repeats_name(node))
            continue;
        cmark_node *other = doc_swapped(in->doc, node);
        gboolean gap = gaps && !parts_itself(node);
        if (gap && past)
            plain_gap(in);
        if (other)
            either_way(in, node, other);
        else
            block(in, node, past);
        past |= node == anchor || other == anchor;
        if (gap && !past)
            plain_gap(in);
        node = other ? other : node;
    }
}

static void plain_link_free(gpointer data)
{
    PlainLink *link = data;
    g_free(link->line);
    g_free(link);
}

static void list_links(const Plain *in)
{
    for (guint i = 0; i < in->links->len; i++) {
        const PlainLink *link = g_ptr_array_index(in->links, i);
        char rest[] = "        ";
        g_autofree char *first = g_strdup_printf("[%u] ", link->number);
        rest[MIN(strlen(first), strlen(rest))] = '\0';
        if (i == 0)
            g_string_append(in->out, "\nLinks:\n");
        g_string_append_printf(in->out, "%c%s%c%s%c%s%c", FLOW_BEGIN, first, FLOW_PART, rest,
                               FLOW_PART, link->line, FLOW_END);
    }
}

char *body_text(const Markdown *self)
{
    Plain in = {.doc = self,
                .out = g_string_new(NULL),
                .first = g_strdup(""),
                .rest = g_strdup(""),
                .links = g_ptr_array_new_with_free_func(plain_link_free),
                .taken = g_hash_table_new(NULL, NULL)};
    plain_find_numbers(&in);
    blocks(&in, self->root, TRUE, FALSE);
    list_links(&in);
    char *source = placeholders_restore(self->aside, in.out->str, PLACEHOLDER_TEXT);
    g_string_free(in.out, TRUE);
    g_ptr_array_unref(in.links);
    g_hash_table_unref(in.taken);
    g_free(in.first);
    g_free(in.rest);
    return source;
}
