/* section - block sections, found a place in the tree by the lines on which their tags stood */
#include "markup/doc.h"

#include <string.h>

typedef struct {
    guint start, end; /* lines of placeholders_text(), both included */
} Extent;

typedef enum { FOUND_BLOCKS, FOUND_WORDS, FOUND_CODE, FOUND_CROSSED } Found;

/* --- extents --------------------------------------------------------------------------------- */

static guint count_lines(const char *literal)
{
    guint lines = 0;
    for (const char *p = literal; *p; p++)
        lines += *p == '\n' || p[1] == '\0';
    return lines;
}

/* cmark doesn't say which kind of code block it is. An indented one begins with its own first line.
 */
gboolean doc_is_fenced(const Markdown *self, cmark_node *code)
{
    if (*cmark_node_get_fence_info(code))
        return TRUE;
    const char *literal = cmark_node_get_literal(code);
    g_autofree char *first = g_strndup(literal, strcspn(literal, "\n"));
    g_autofree char *line =
        placeholders_text_line(self->aside, (guint)cmark_node_get_start_line(code));
    return !*first || !g_str_has_suffix(line, first) ||
           (strlen(line) > strlen(first) && !strchr(" \t", line[strlen(line) - strlen(first) - 1]));
}

/* The lines of a node. cmark counts the blank lines after a list to its end, so the end of a
 * container is that of its last child. */
static Extent extent(const Markdown *self, cmark_node *node)
{
    guint start = (guint)cmark_node_get_start_line(node);
    Extent found = {start, (guint)MAX(cmark_node_get_end_line(node), (int)start)};
    switch (cmark_node_get_type(node)) {
    case CMARK_NODE_CODE_BLOCK:
        if (!doc_is_fenced(self, node))
            found.end = start + MAX(count_lines(cmark_node_get_literal(node)), 1) - 1;
        break;
    case CMARK_NODE_HTML_BLOCK:
        found.end = start + MAX(count_lines(cmark_node_get_literal(node)), 1) - 1;
        break;
    case CMARK_NODE_BLOCK_QUOTE:
    case CMARK_NODE_LIST:
    case CMARK_NODE_ITEM:
        found.end = start;
        if (cmark_node_last_child(node))
            found.end = extent(self, cmark_node_last_child(node)).end;
        found.end = MAX(start, found.end);
        break;
    default: /* the document, and leaves: cmark is right */
        break;
    }
    return found;
}

static gboolean is_container(cmark_node *node)
{
    switch (cmark_node_get_type(node)) {
    case CMARK_NODE_DOCUMENT:
    case CMARK_NODE_BLOCK_QUOTE:
    case CMARK_NODE_LIST:
    case CMARK_NODE_ITEM:
        return TRUE;
    default:
        return FALSE;
    }
}

/* --- finding a place ------------------------------------------------------------------------- */

static Found find(const Markdown *self, cmark_node **node, guint open, guint close)
{
    for (;;) {
        cmark_node *child = cmark_node_first_child(*node), *into = NULL;
        Extent e = {0, 0};
        gboolean opens_in = FALSE, closes_in = FALSE;
        for (; child && !into; child = cmark_node_next(child)) {
            if ((guint)cmark_node_get_start_line(child) > close)
                break;
            e = extent(self, child);
            opens_in = e.start < open && open <= e.end;
            closes_in = e.start < close && close <= e.end;
            if (opens_in || closes_in)
                into = child;
        }
        if (!into)
            return FOUND_BLOCKS;
        *node = into;
        /* A tag just at the edge counts as inside when the other one is. */
        gboolean both =
            (opens_in && (closes_in || close == e.end + 1)) || (closes_in && open == e.start);
        if (!both)
            return FOUND_CROSSED;
        if (is_container(into))
            continue;
        if (cmark_node_get_type(into) == CMARK_NODE_CODE_BLOCK)
            return opens_in && closes_in ? FOUND_CODE : FOUND_CROSSED;
        return opens_in ? FOUND_WORDS : FOUND_CROSSED;
    }
}

static void complain(const Markdown *self, const PlaceholderTag *open, const PlaceholderTag *close,
                     Findings *findings)
{
    findings_add(findings, FINDING_ERROR, self->file, close->line, "section-crossed",
                 "the section '%s' opens on line %u and closes here, but one of them stands within "
                 "a list, quote or paragraph and the other doesn't: put both tags around whole "
                 "paragraphs or whole list items, with blank lines around them",
                 close->name, open->line);
}

static gboolean is_block(const PlaceholderTag *tag)
{
    return tag->place == PLACEHOLDER_LINE || tag->place == PLACEHOLDER_BLANK ||
           tag->place == PLACEHOLDER_SPLIT;
}

static gboolean opens(const PlaceholderTag *tag)
{
    return tag->kind == TAG_SECTION || tag->kind == TAG_INVERTED;
}

/* What to try next for a section that crosses the structure; its own place when nothing is left. A
 * list is parted only by tags at the margin: one that is indented belongs to its item. */
static PlaceholderPlace next_place(const PlaceholderTag *open, const PlaceholderTag *close)
{
    if (open->place == PLACEHOLDER_LINE)
        return PLACEHOLDER_BLANK;
    return open->flush && close->flush ? PLACEHOLDER_SPLIT : open->place;
}

/* Whether a line of colons stands in a paragraph: it is to be parted from what is around it. */
static gboolean has_fence(const Markdown *self, cmark_node *paragraph)
{
    for (int n = cmark_node_get_start_line(paragraph); n && n <= cmark_node_get_end_line(paragraph);
         n++) {
        g_autofree char *line = placeholders_text_line(self->aside, (guint)n);
        if (container_is_fence(line + strspn(line, " >")))
            return TRUE;
    }
    return FALSE;
}

/* Gives every section that was found so another place. TRUE when there was one. */
static gboolean move(Markdown *self, Found found, gboolean last, Findings *findings)
{
    gboolean moved = FALSE;
    for (guint i = 0; i < placeholders_count(self->aside); i++) {
        PlaceholderTag *open = placeholders_tag(self->aside, i);
        if (!opens(open) || !is_block(open))
            continue;
        PlaceholderTag *close = placeholders_tag(self->aside, open->mate);
        cmark_node *node = self->root;
        if (find(self, &node, open->before, close->before) != found)
            continue;
        PlaceholderPlace place = found != FOUND_WORDS || has_fence(self, node)
                                     ? next_place(open, close)
                                 : open->in_line ? PLACEHOLDER_WORD
                                                 : PLACEHOLDER_JOINED;
        if (last || open->place == place)
            complain(self, open, close, findings);
        open->place = close->place = place;
        moved = TRUE;
    }
    return moved;
}

/* Crossing comes first: what it runs into may be why another section seems to stand within words.
 */
gboolean sections_settle(Markdown *self, gboolean last, Findings *findings)
{
    return !move(self, FOUND_CROSSED, last, findings) && !move(self, FOUND_WORDS, last, findings);
}

/* --- putting the tags back ------------------------------------------------------------------- */

static void insert_marker(const Markdown *self, cmark_node *container, guint before,
                          PlaceholderTag *tag)
{
    gboolean in_list = cmark_node_get_type(container) == CMARK_NODE_LIST;
    cmark_node *marker = cmark_node_new(in_list ? CMARK_NODE_ITEM : CMARK_NODE_CUSTOM_BLOCK);
    cmark_node_set_user_data(marker, tag);
    cmark_node *child = cmark_node_first_child(container);
    while (child && (doc_marker(child) || extent(self, child).start < before))
        child = cmark_node_next(child);
    if (child)
        g_assert(cmark_node_insert_before(child, marker));
    else
        g_assert(cmark_node_append_child(container, marker));
}

/* Puts a tag's word on a line of its own before line `number` (from 0) of the code. */
static void insert_line(cmark_node *code, guint number, const char *word)
{
    g_autoptr(GString) literal = g_string_new(NULL);
    const char *rest = cmark_node_get_literal(code);
    for (guint i = 0; i < number && *rest; i++) {
        gsize length = strcspn(rest, "\n");
        length += rest[length] == '\n';
        g_string_append_len(literal, rest, (gssize)length);
        rest += length;
    }
    /* In code the line end goes too, as Mustache takes it from a tag alone on its line. */
    g_string_append_printf(literal, "%s%s%s", word,
                           table_is_asked(cmark_node_get_fence_info(code)) ? "\n" : "", rest);
    cmark_node_set_literal(code, literal->str);
}

typedef struct {
    cmark_node *node;
    Found found;
    guint at; /* the code's line, from 0, before any tag is put into it */
} Spot;

static guint code_line(const Markdown *self, cmark_node *code, guint before)
{
    guint first = (guint)cmark_node_get_start_line(code) + (doc_is_fenced(self, code) ? 1 : 0);
    return before > first ? before - first : 0;
}

static void find_spots(const Markdown *self, Spot *spots)
{
    for (guint i = 0; i < placeholders_count(self->aside); i++) {
        PlaceholderTag *open = placeholders_tag(self->aside, i);
        if (!opens(open) || !is_block(open))
            continue;
        PlaceholderTag *close = placeholders_tag(self->aside, open->mate);
        cmark_node *node = self->root;
        Found found = find(self, &node, open->before, close->before);
        if (found == FOUND_CODE) {
            spots[i] = (Spot){node, found, code_line(self, node, open->before)};
            spots[open->mate] = (Spot){node, found, code_line(self, node, close->before)};
        } else {
            spots[i] = spots[open->mate] = (Spot){node, found, 0};
        }
    }
}

/* The block that is all that stands between a section's tags, with no other section's tag beside
 * it; or NULL. */
static cmark_node *lone_block(const Markdown *self, const Spot *spots, guint open)
{
    const PlaceholderTag *tag = placeholders_tag(self->aside, open);
    guint close = tag->mate, from = tag->before, to = placeholders_tag(self->aside, close)->before;
    cmark_node *child = cmark_node_first_child(spots[open].node);
    for (guint i = open + 1; i < close; i++)
        if (spots[i].node == spots[open].node)
            return NULL;
    while (child && extent(self, child).start < from)
        child = cmark_node_next(child);
    cmark_node *next = child ? cmark_node_next(child) : NULL;
    if (!child || extent(self, child).end >= to || (next && extent(self, next).start < to))
        return NULL;
    return child;
}

/* The list that a block is; for tags with a quote's mark before them, also the one that is all
 * there is in a quote. NULL when there is none. */
static cmark_node *list_of(cmark_node *block, gboolean quoted)
{
    while (quoted && block && cmark_node_get_type(block) == CMARK_NODE_BLOCK_QUOTE &&
           cmark_node_first_child(block) == cmark_node_last_child(block))
        block = cmark_node_first_child(block);
    return block && cmark_node_get_type(block) == CMARK_NODE_LIST ? block : NULL;
}

/* What a section's guard goes around, and the guard's first tag; 0 for none. */
typedef struct {
    cmark_node *block;
    guint tag;
} Guard;

/* A section around a whole list is one around its items: rows make one list, not a list each. That
 * there is no list without items, its guard goes around it. */
static Guard *move_into_lists(const Markdown *self, Spot *spots, guint count)
{
    Guard *guards = g_new0(Guard, count + 1);
    for (guint i = 0; i < count; i++) {
        const PlaceholderTag *tag = placeholders_tag(self->aside, i);
        if (!spots[i].node || spots[i].found != FOUND_BLOCKS || tag->kind != TAG_SECTION ||
            g_str_equal(tag->name, ".") || cmark_node_get_type(spots[i].node) == CMARK_NODE_LIST)
            continue;
        cmark_node *block = lone_block(self, spots, i);
        cmark_node *list = list_of(block, tag->is_quoted);
        int guard = list ? placeholders_add_guard(self->aside, i) : -1;
        if (guard < 0)
            continue;
        guards[i] = (Guard){block, (guint)guard};
        spots[i].node = spots[placeholders_tag(self->aside, i)->mate].node = list;
    }
    return guards;
}

static void insert_guard(const Markdown *self, const Guard *guard)
{
    for (guint i = 0; i < 2; i++) {
        cmark_node *marker = cmark_node_new(CMARK_NODE_CUSTOM_BLOCK);
        cmark_node_set_user_data(marker, placeholders_tag(self->aside, guard->tag + i));
        g_assert(i ? cmark_node_insert_after(guard->block, marker)
                   : cmark_node_insert_before(guard->block, marker));
    }
}

void sections_attach(Markdown *self)
{
    guint count = placeholders_count(self->aside);
    g_autofree Spot *spots = g_new0(Spot, count + 1);
    find_spots(self, spots);
    g_autofree Guard *guards = move_into_lists(self, spots, count);
    for (guint i = 0; i < count; i++)
        if (spots[i].node && spots[i].found == FOUND_BLOCKS)
            insert_marker(self, spots[i].node, placeholders_tag(self->aside, i)->before,
                          placeholders_tag(self->aside, i));
    for (guint i = 0; i < count; i++)
        if (guards[i].tag)
            insert_guard(self, &guards[i]);
    for (guint i = count; i-- > 0;) { /* from the last, so that the line numbers stay right */
        if (!spots[i].node || spots[i].found != FOUND_CODE)
            continue;
        g_autofree char *word = placeholders_word(self->aside, i);
        insert_line(spots[i].node, spots[i].at, word);
    }
}

/* --- sections within words ------------------------------------------------------------------- */

typedef struct {
    const Markdown *self;
    guint *homes; /* of each tag: the number of the run of text it was seen in, 0 for none */
    guint run;
} Check;

static void see(Check *check, const char *text)
{
    const char *start, *end = text;
    int index;
    while (end && (index = placeholders_find(check->self->aside, end, &start, &end)) >= 0)
        check->homes[index] = check->run;
}

static void see_alone(void *user, const char *text)
{
    Check *check = user;
    check->run++;
    see(check, text);
}

/* The tags that stand around rows are of one run. */
static void see_rows(Check *check, const Table *table)
{
    check->run++;
    for (guint i = 0; i < table->rows->len; i++) {
        const TableRow *row = g_ptr_array_index(table->rows, i);
        if (row->tag)
            check->homes[placeholders_index(check->self->aside, row->tag)] = check->run;
    }
}

static void see_node(Check *check, cmark_node *node)
{
    cmark_node_type type = cmark_node_get_type(node);
    if (type == CMARK_NODE_LINK || type == CMARK_NODE_IMAGE) {
        see_alone(check, cmark_node_get_url(node));
        see_alone(check, cmark_node_get_title(node));
    } else if (doc_table(node)) {
        see_alone(check, doc_table(node)->caption ? doc_table(node)->caption : "");
        see_rows(check, doc_table(node));
    } else if (type == CMARK_NODE_CODE || type == CMARK_NODE_CODE_BLOCK) {
        see_alone(check, cmark_node_get_literal(node));
    }
    check->run++;
    for (cmark_node *child = cmark_node_first_child(node); child; child = cmark_node_next(child))
        if (cmark_node_get_type(child) == CMARK_NODE_TEXT)
            see(check, cmark_node_get_literal(child));
}

static void see_all(Check *check, cmark_node *root)
{
    cmark_iter *iter = cmark_iter_new(root);
    while (cmark_iter_next(iter) != CMARK_EVENT_DONE)
        if (cmark_iter_get_event_type(iter) == CMARK_EVENT_ENTER)
            see_node(check, cmark_iter_get_node(iter));
    cmark_iter_free(iter);
}

gboolean sections_check(Markdown *self, Findings *findings)
{
    g_autofree guint *homes = g_new0(guint, placeholders_count(self->aside) + 1);
    Check check = {self, homes, 0};
    see_all(&check, self->root);
    see_all(&check, self->cells);

    gboolean fine = TRUE;
    for (guint i = 0; i < placeholders_count(self->aside); i++) {
        const PlaceholderTag *tag = placeholders_tag(self->aside, i);
        if (!opens(tag) || homes[i] == homes[tag->mate])
            continue;
        complain(self, tag, placeholders_tag(self->aside, tag->mate), findings);
        fine = FALSE;
    }
    return fine;
}
