/* quotes - apostrophes that begin a word: the '90s, 'tis, Welsh 'dyn
 *
 * cmark takes a straight mark before a word for the beginning of a quotation as soon as any other
 * follows that may end one, and to it the mark in "school's" may. Here a mark within a word ends
 * nothing. Marks that their author typed as curly ones stay what they are.
 */
#include <string.h>

#include "markup/doc.h"

#define OPENING "\xe2\x80\x98" /* U+2018 */
#define CLOSING "\xe2\x80\x99" /* U+2019 */

enum { MARK = 3 }; /* bytes of either */

/* A mark in one of the texts of a block. */
typedef struct {
    cmark_node *node;
    gsize at;           /* in its literal */
    gboolean opens;     /* as cmark took it */
    gboolean may_close; /* ends a word */
    gboolean after_s;   /* and may be a plural's: "the schools' choice" */
    gboolean elides;    /* a word follows that is written so, or a year */
} Mark;

/* Whether a word stands there that loses its beginning: "90s", "26", "tis", "n". */
static gboolean is_elided(const char *word)
{
    static const char *const words[] = {"tis", "twas", "twere", "til", "em", "n", "cause", NULL};
    gsize digits = strspn(word, "0123456789");
    if (digits == 2)
        return !g_ascii_isalpha(word[2]) || (word[2] == 's' && !g_ascii_isalpha(word[3]));
    gsize letters = 0;
    while (g_ascii_isalpha(word[letters]))
        letters++;
    for (gsize i = 0; words[i]; i++)
        if (strlen(words[i]) == letters && g_ascii_strncasecmp(words[i], word, letters) == 0)
            return TRUE;
    return FALSE;
}

/* Between two nodes stands a mark of Markdown, which is as good as a blank. */
static Mark mark_at(cmark_node *node, const char *text, const char *at)
{
    gunichar left = at > text ? g_utf8_get_char(g_utf8_prev_char(at)) : ' ';
    gunichar right = g_utf8_get_char(at + MARK);
    gboolean wordless = at == text && cmark_node_previous(node) == NULL;
    return (Mark){.node = node,
                  .at = (gsize)(at - text),
                  .opens = strncmp(at, OPENING, MARK) == 0,
                  .may_close = !wordless && (at == text || !g_unichar_isspace(left)) &&
                               !g_unichar_isalnum(right),
                  .after_s = left == 's' || left == 'S',
                  .elides = is_elided(at + MARK)};
}

static void add_marks(GArray *marks, cmark_node *node)
{
    const char *text = cmark_node_get_literal(node);
    for (const char *at = text; (at = strstr(at, "\xe2\x80")); at += MARK)
        if (at[2] == OPENING[2] || at[2] == CLOSING[2]) {
            Mark mark = mark_at(node, text, at);
            g_array_append_val(marks, mark);
        }
}

static void make_apostrophe(Mark *mark)
{
    g_autofree char *text = g_strdup(cmark_node_get_literal(mark->node));
    memcpy(text + mark->at, CLOSING, MARK);
    cmark_node_set_literal(mark->node, text);
    mark->opens = FALSE;
}

/* From the last one: what ends the quotation that a mark begins is known by then. */
static void settle_marks(GArray *marks)
{
    for (guint i = marks->len; i-- > 0;) {
        Mark *open = &g_array_index(marks, Mark, i);
        gboolean closed = FALSE;
        for (guint j = i + 1; open->opens && !closed && j < marks->len; j++) {
            const Mark *close = &g_array_index(marks, Mark, j);
            if (close->opens)
                break;
            closed = close->may_close && !(open->elides && close->after_s);
        }
        /* "rock 'n' roll": a letter that is closed at once. */
        const char *word = cmark_node_get_literal(open->node) + open->at + MARK;
        gboolean is_and =
            open->elides && g_ascii_tolower(*word) == 'n' && strncmp(word + 1, CLOSING, MARK) == 0;
        if (open->opens && (!closed || is_and))
            make_apostrophe(open);
    }
}

/* Whether the author typed curly marks there, of all lines of the source; anywhere, for a block
 * without lines of its own. */
static gboolean has_curly(GStrv lines, cmark_node *block)
{
    int count = (int)g_strv_length(lines);
    int first = cmark_node_get_start_line(block), last = cmark_node_get_end_line(block);
    if (first <= 0 || last < first) {
        first = 1;
        last = count;
    }
    for (int i = first - 1; i < MIN(last, count); i++)
        if (strstr(lines[i], OPENING))
            return TRUE;
    return FALSE;
}

static void settle_block(GStrv lines, cmark_node *block)
{
    g_autoptr(GArray) marks = g_array_new(FALSE, FALSE, sizeof(Mark));
    gboolean any = FALSE;
    cmark_iter *iter = cmark_iter_new(block);
    while (cmark_iter_next(iter) != CMARK_EVENT_DONE)
        if (cmark_node_get_type(cmark_iter_get_node(iter)) == CMARK_NODE_TEXT)
            add_marks(marks, cmark_iter_get_node(iter));
    cmark_iter_free(iter);
    for (guint i = 0; i < marks->len; i++)
        any |= g_array_index(marks, Mark, i).opens;
    if (any && !has_curly(lines, block))
        settle_marks(marks);
}

static void settle_below(GStrv lines, cmark_node *root)
{
    g_autoptr(GPtrArray) blocks = g_ptr_array_new();
    cmark_iter *iter = cmark_iter_new(root);
    while (cmark_iter_next(iter) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(iter);
        cmark_node_type type = cmark_node_get_type(node);
        if (cmark_iter_get_event_type(iter) == CMARK_EVENT_ENTER &&
            (type == CMARK_NODE_PARAGRAPH || type == CMARK_NODE_HEADING))
            g_ptr_array_add(blocks, node);
    }
    cmark_iter_free(iter);
    for (guint i = 0; i < blocks->len; i++)
        settle_block(lines, g_ptr_array_index(blocks, i));
}

void quotes_settle(const Markdown *self)
{
    const char *text = placeholders_last_text(self->aside);
    g_auto(GStrv) lines = g_strsplit(strstr(text, OPENING) ? text : "", "\n", -1);
    settle_below(lines, self->root);
    settle_below(lines, self->cells);
}
