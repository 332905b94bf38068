/* plain - the tree as plain text that a person likes to read
 *
 * Wrapping, numbering and the layout of tables are left to the marks of markup/flow.h: the template
 * does once, when it is compiled, what holds no field, and the rest at each rendering.
 */
#include <string.h>

#include "markup/doc.h"
#include "markup/flow.h"

enum {
    INDENT_MAX = 32,       /* columns of a prefix; deeper lists and quotes move no further */
    LINE_MAX_COLUMNS = 78, /* of a line of code, before it is broken at a blank */
    FIELD_COLUMNS = 12     /* what a field in a table's cell is taken to need */
};

typedef struct {
    const Markdown *doc;
    GString *out;
    char *first, *rest; /* prefixes of the next line and of those after it */
    guint columns;      /* of `rest` */
    guint sections;     /* open ones */
    GPtrArray *links;   /* of char *: the lines of the list of links */
} Plain;

/* --- paragraphs ----------------------------------------------------------------------------------
 */

/* Literal text without control characters, which are marks here. */
static void literal(GString *out, const char *text)
{
    for (const char *p = text; *p; p++)
        if ((guchar)*p >= 0x20 && *p != 0x7f)
            g_string_append_c(out, *p);
        else if (*p == '\n' || *p == '\t')
            g_string_append_c(out, ' ');
}

/* Writes a paragraph; what comes after it no longer stands beside its item's bullet. */
static void put(Plain *in, const char *text)
{
    g_string_append_printf(in->out, "%c%s%c%s%c%s%c", FLOW_BEGIN, in->first, FLOW_PART, in->rest,
                           FLOW_PART, text, FLOW_END);
    g_free(in->first);
    in->first = g_strdup(in->rest);
}

static void gap(Plain *in)
{
    gboolean blank = strspn(in->rest, " \x1a") == strlen(in->rest);
    if (blank)
        g_string_append_c(in->out, '\n');
    else
        g_string_append_printf(in->out, "%c%s%c%s%c%c", FLOW_BEGIN, in->rest, FLOW_PART, in->rest,
                               FLOW_PART, FLOW_END);
}

/* Writes the bullet of an item that doesn't begin with a paragraph on a line of its own. */
static void settle_bullet(Plain *in)
{
    if (!g_str_equal(in->first, in->rest))
        put(in, "");
}

/* --- links ---------------------------------------------------------------------------------------
 */

/* The number of a link in the list at the end; the same target has the same number. */
static guint link_number(Plain *in, char *line)
{
    for (guint i = 0; i < in->links->len; i++) {
        if (g_str_equal(g_ptr_array_index(in->links, i), line)) {
            g_free(line);
            return i + 1;
        }
    }
    g_ptr_array_add(in->links, line);
    return in->links->len;
}

static char *marked_url(const Plain *in, cmark_node *link)
{
    g_autofree char *url = doc_url(cmark_node_get_url(link));
    if (!aside_has(in->doc->aside, url))
        return g_steal_pointer(&url);
    return g_strdup_printf("%c%s%c", FLOW_URL_BEGIN, url, FLOW_URL_END);
}

/* Whether the text of a link says where it leads. */
static gboolean says_target(const char *text, const char *url)
{
    const char *mailto = "mailto:";
    return g_str_equal(text, url) ||
           (g_str_has_prefix(url, mailto) && g_str_equal(text, url + strlen(mailto)));
}

static void inlines(Plain *in, cmark_node *parent, GString *text);

/* In a section the target stands beside the text: a list of links must not show what the section
 * doesn't, nor one number with the target of many rows. */
static void link(Plain *in, cmark_node *node, GString *text)
{
    g_autoptr(GString) words = g_string_new(NULL);
    g_autofree char *plain_url = doc_url(cmark_node_get_url(node));
    g_autofree char *url = marked_url(in, node);
    g_autoptr(GString) title = g_string_new(NULL);
    inlines(in, node, words);
    literal(title, cmark_node_get_title(node));
    gboolean says = says_target(words->str, plain_url);
    g_string_append(text,
                    says ? (g_str_equal(words->str, plain_url) ? url : words->str) : words->str);
    if (!says && (in->sections || doc_button(cmark_node_parent(cmark_node_parent(node))) == node))
        g_string_append_printf(text, in->sections ? " (%s)" : ": %s", url);
    else if (!says)
        g_string_append_printf(text, " [%u]", link_number(in, g_strdup(url)));
    if (title->len)
        g_string_append_printf(text, " (%s)", title->str);
}

/* --- within a line
 * -------------------------------------------------------------------------------- */

static void follow_sections(Plain *in, const char *text)
{
    const char *start, *end = text;
    int index;
    while ((index = aside_find(in->doc->aside, end, &start, &end)) >= 0) {
        TagKind kind = aside_tag(in->doc->aside, (guint)index)->kind;
        if (kind == TAG_SECTION || kind == TAG_INVERTED)
            in->sections++;
        else if (kind == TAG_CLOSE)
            in->sections--;
    }
}

static void image(cmark_node *node, GString *text)
{
    g_autofree char *alt = doc_words(node);
    g_string_append(text, "[Image: ");
    literal(text, alt);
    g_string_append_c(text, ']');
    if (*cmark_node_get_title(node)) {
        g_string_append(text, " (");
        literal(text, cmark_node_get_title(node));
        g_string_append_c(text, ')');
    }
}

static void inline_node(Plain *in, cmark_node *node, GString *text)
{
    switch (cmark_node_get_type(node)) {
    case CMARK_NODE_TEXT:
        follow_sections(in, cmark_node_get_literal(node));
        literal(text, cmark_node_get_literal(node));
        break;
    case CMARK_NODE_CODE:
        literal(text, cmark_node_get_literal(node));
        break;
    case CMARK_NODE_SOFTBREAK:
        g_string_append_c(text, ' ');
        break;
    case CMARK_NODE_LINEBREAK:
        g_string_append_c(text, FLOW_BREAK);
        break;
    case CMARK_NODE_EMPH:
    case CMARK_NODE_STRONG:
        inlines(in, node, text);
        break;
    case CMARK_NODE_LINK:
        link(in, node, text);
        break;
    case CMARK_NODE_IMAGE:
        image(node, text);
        break;
    default:
        g_assert_not_reached(); /* the reader leaves no other */
    }
}

static void inlines(Plain *in, cmark_node *parent, GString *text)
{
    for (cmark_node *node = cmark_node_first_child(parent); node; node = cmark_node_next(node))
        inline_node(in, node, text);
}

/* --- tables
 * ---------------------------------------------------------------------------------------- */

/* The columns that a cell can't do without: those of its longest word. */
static guint least_columns(const Plain *in, const char *cell)
{
    guint least = 0;
    g_auto(GStrv) words = g_strsplit_set(cell, " \t\n", -1);
    for (guint i = 0; words[i]; i++) {
        guint columns = aside_has(in->doc->aside, words[i])
                            ? FIELD_COLUMNS
                            : flow_columns(words[i], strlen(words[i]));
        least = MAX(least, columns);
    }
    return least;
}

static gboolean fits(const Plain *in, const Table *table)
{
    guint total = in->columns + 2 * (table->columns - 1);
    for (guint c = 0; c < table->columns; c++) {
        guint least = 1;
        for (guint r = 0; r < table->rows->len; r++) {
            const TableRow *row = g_ptr_array_index(table->rows, r);
            least = MAX(least, row->cells ? least_columns(in, row->cells[c]) : 0);
        }
        total += least;
    }
    return total <= FLOW_WIDTH;
}

static void cell(GString *out, const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i]; i++) {
        if (i)
            g_string_append_c(out, FLOW_BREAK);
        literal(out, lines[i]);
    }
}

static char *word_of(const Plain *in, const AsideTag *tag)
{
    return aside_word(in->doc->aside, aside_index(in->doc->aside, tag));
}

static void table_aligned(Plain *in, const Table *table)
{
    gboolean header = TRUE;
    g_string_append_c(in->out, FLOW_TABLE);
    for (guint c = 0; c < table->columns; c++)
        g_string_append_c(in->out, table->numeric[c] ? 'r' : 'l');
    g_string_append_printf(in->out, "%c%s%c", FLOW_PART, in->rest, FLOW_PART);
    for (guint r = 0; r < table->rows->len; r++) {
        const TableRow *row = g_ptr_array_index(table->rows, r);
        if (row->tag) { /* alone on its line, or the line end would be part of a cell */
            g_autofree char *word = word_of(in, row->tag);
            g_string_append_printf(in->out, "\n%s\n", word);
            continue;
        }
        for (guint c = 0; c < table->columns; c++) {
            cell(in->out, row->cells[c]);
            g_string_append_c(in->out, FLOW_CELL);
        }
        g_string_append_c(in->out, FLOW_ROW);
        if (header)
            g_string_append_printf(in->out, "%c-", FLOW_RULE);
        header = FALSE;
    }
    g_string_append_c(in->out, FLOW_TABLE_END);
}

/* A table too wide for the page: each row as lines "Header: cell". */
static void table_rows(Plain *in, const Table *table)
{
    const TableRow *header = NULL;
    gboolean any = FALSE;
    for (guint r = 0; r < table->rows->len; r++) {
        const TableRow *row = g_ptr_array_index(table->rows, r);
        g_autofree char *word = row->tag ? word_of(in, row->tag) : NULL;
        if (word)
            g_string_append(in->out, word);
        if (!word && header) {
            g_autoptr(GString) text = g_string_new(NULL);
            for (guint c = 0; c < table->columns; c++) {
                g_autoptr(GString) value = g_string_new(NULL);
                cell(value, row->cells[c]);
                if (text->len)
                    g_string_append_c(text, FLOW_BREAK);
                literal(text, header->cells[c]);
                g_string_append_printf(text, "%s%s", *header->cells[c] ? ": " : "", value->str);
            }
            if (any)
                gap(in);
            put(in, text->str);
            any = TRUE;
        }
        if (!word && !header)
            header = row;
    }
}

static void table(Plain *in, const Table *self)
{
    if (self->caption) {
        g_autoptr(GString) caption = g_string_new(NULL);
        literal(caption, self->caption);
        put(in, caption->str);
    }
    settle_bullet(in);
    if (fits(in, self))
        table_aligned(in, self);
    else
        table_rows(in, self);
}

/* --- blocks
 * ---------------------------------------------------------------------------------------- */

static void blocks(Plain *in, cmark_node *parent, gboolean gaps);

static void paragraph(Plain *in, cmark_node *node)
{
    g_autoptr(GString) text = g_string_new(NULL);
    inlines(in, node, text);
    put(in, text->str);
}

static void heading(Plain *in, cmark_node *node)
{
    int level = GPOINTER_TO_INT(cmark_node_get_user_data(node));
    g_autoptr(GString) text = g_string_new(NULL);
    inlines(in, node, text);
    if (level <= 2)
        g_string_append_printf(text, "%c%c", FLOW_RULE, level == 1 ? '=' : '-');
    put(in, text->str);
}

/* Appends a line of code, broken at blanks where it would be too long for mail. */
static void code_line(const Plain *in, GString *text, const char *line)
{
    guint room = LINE_MAX_COLUMNS - in->columns - 4;
    g_autoptr(GString) clean = g_string_new(NULL);
    for (const char *p = line; *p; p++) {
        if (*p == '\t')
            g_string_append_len(clean, "    ", 4 - (gssize)(clean->len % 4));
        else if ((guchar)*p >= 0x20 && *p != 0x7f)
            g_string_append_c(clean, *p);
    }
    const char *rest = clean->str;
    while (flow_columns(rest, strlen(rest)) > room && !aside_has(in->doc->aside, rest)) {
        const char *best = NULL, *inked = rest + strspn(rest, " ");
        for (const char *p = inked; (p = strchr(p, ' ')); p++)
            if (!best || flow_columns(rest, (gsize)(p - rest)) <= room)
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

static void code_block(Plain *in, cmark_node *node)
{
    if (doc_table(node)) {
        table(in, doc_table(node));
        return;
    }
    g_autofree char *first = in->first, *rest = in->rest;
    g_autoptr(GString) text = g_string_new(NULL);
    g_auto(GStrv) lines = g_strsplit(cmark_node_get_literal(node), "\n", -1);
    guint count = g_strv_length(lines);
    if (count && !*lines[count - 1])
        count--;
    g_string_append_c(text, FLOW_VERBATIM);
    for (guint i = 0; i < count; i++) {
        if (i)
            g_string_append_c(text, '\n');
        code_line(in, text, lines[i]);
    }
    in->first = g_strconcat(first, "    ", NULL);
    in->rest = g_strconcat(rest, "    ", NULL);
    put(in, text->str);
    g_free(in->first);
    g_free(in->rest);
    in->first = g_strdup(rest);
    in->rest = g_steal_pointer(&rest);
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
    Outer outer = {in->rest, in->columns};
    g_autofree char *old = in->first;
    gboolean deep = is_deep(in, columns);
    if (deep)
        settle_bullet(in);
    in->first = g_strconcat(deep ? outer.rest : old, first, NULL);
    in->rest = deep ? g_strdup(outer.rest) : g_strconcat(outer.rest, rest, NULL);
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
    Outer outer = enter(in, "> ", "> ", 2);
    blocks(in, node, TRUE);
    settle_bullet(in);
    leave(in, outer);
}

static guint count_digits(guint number)
{
    guint digits = 1;
    while (number /= 10)
        digits++;
    return digits;
}

typedef struct {
    guint number;    /* of the item, if none is left out */
    guint digits;    /* of the last item's number */
    gboolean varies; /* sections stand around items */
} Numbering;

static Numbering number_of(cmark_node *list, cmark_node *item)
{
    Numbering of = {0, 1, FALSE};
    guint number = (guint)cmark_node_get_list_start(list);
    for (cmark_node *one = cmark_node_first_child(list); one; one = cmark_node_next(one)) {
        of.number = one == item ? number : of.number;
        of.varies |= doc_marker(one) != NULL;
        of.digits = count_digits(number);
        number += doc_marker(one) ? 0 : 1;
    }
    return of;
}

/* The prefixes of an ordered list's item. Numbers end in one column, unless sections decide which
 * there are. A list too deep to have marks of its own counts here. */
static Outer enter_numbered(Plain *in, cmark_node *list, cmark_node *node)
{
    Numbering of = number_of(list, node);
    guint blanks = of.varies ? 0 : of.digits - count_digits(of.number);
    g_autofree char *first = g_strdup_printf("%*s%c. ", (int)blanks, "", FLOW_NUMBER);
    g_autofree char *rest = g_strdup_printf("%*s%c  ", (int)blanks, "", FLOW_PAD);
    g_autofree char *counted = g_strdup_printf("%u. ", of.number);
    return enter(in, is_deep(in, of.digits + 2) ? counted : first, rest, of.digits + 2);
}

static void item(Plain *in, cmark_node *node)
{
    cmark_node *parent = cmark_node_parent(node), *child = cmark_node_first_child(node);
    Outer outer = cmark_node_get_list_type(parent) == CMARK_ORDERED_LIST
                      ? enter_numbered(in, parent, node)
                      : enter(in, "- ", "  ", 2);
    if (!child || doc_marker(child)) /* the bullet must stand whatever a section leaves */
        put(in, "");
    blocks(in, node, !cmark_node_get_list_tight(parent));
    settle_bullet(in);
    leave(in, outer);
}

static void list(Plain *in, cmark_node *node)
{
    gboolean numbered = cmark_node_get_list_type(node) == CMARK_ORDERED_LIST &&
                        !is_deep(in, number_of(node, NULL).digits + 2);
    if (numbered)
        g_string_append_printf(in->out, "%c%d%c", FLOW_LIST, cmark_node_get_list_start(node),
                               FLOW_PART);
    blocks(in, node, !cmark_node_get_list_tight(node));
    if (numbered)
        g_string_append_c(in->out, FLOW_LIST_END);
}

static void block(Plain *in, cmark_node *node)
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
        list(in, node);
        break;
    case CMARK_NODE_ITEM:
        item(in, node);
        break;
    case CMARK_NODE_CODE_BLOCK:
        code_block(in, node);
        break;
    case CMARK_NODE_THEMATIC_BREAK:
        put(in, "----------------------------------------");
        break;
    default:
        g_assert_not_reached(); /* the reader leaves no other */
    }
}

/* Alone on a line of its own the tag would take a blank line with it: the mark of its line, which
 * is always written before it, sees to that. */
static void marker(Plain *in, const AsideTag *tag)
{
    g_autofree char *word = word_of(in, tag);
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

/* The blank line between two blocks belongs to the one that a section may leave out: before each
 * block, but up to the first that nothing can leave out, after it. */
static void blocks(Plain *in, cmark_node *parent, gboolean gaps)
{
    cmark_node *anchor = find_anchor(parent);
    gboolean past = FALSE;
    for (cmark_node *node = cmark_node_first_child(parent); node; node = cmark_node_next(node)) {
        if (doc_marker(node)) {
            marker(in, doc_marker(node));
            continue;
        }
        if (gaps && past)
            gap(in);
        block(in, node);
        past |= node == anchor;
        if (gaps && !past)
            gap(in);
    }
}

char *markdown_text(const Markdown *self)
{
    Plain in = {self,
                g_string_new(NULL),
                g_strdup(""),
                g_strdup(""),
                0,
                0,
                g_ptr_array_new_with_free_func(g_free)};
    blocks(&in, self->root, TRUE);
    for (guint i = 0; i < in.links->len; i++) {
        char rest[] = "        ";
        g_autofree char *first = g_strdup_printf("[%u] ", i + 1);
        rest[MIN(strlen(first), strlen(rest))] = '\0';
        if (i == 0)
            g_string_append(in.out, "\nLinks:\n");
        g_string_append_printf(in.out, "%c%s%c%s%c%s%c", FLOW_BEGIN, first, FLOW_PART, rest,
                               FLOW_PART, (char *)g_ptr_array_index(in.links, i), FLOW_END);
    }
    char *source = aside_restore(self->aside, in.out->str, ASIDE_TEXT);
    g_string_free(in.out, TRUE);
    g_ptr_array_unref(in.links);
    g_free(in.first);
    g_free(in.rest);
    return source;
}
