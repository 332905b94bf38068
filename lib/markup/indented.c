/* indented - what Markdown takes for code and the author may not: paragraphs that begin with four
 * blanks, and all that follows a fence that nothing closes */
#include <string.h>

#include "markup/doc.h"

enum { WORDS_MIN = 5, WORD_LETTERS = 2, SHOWN_MAX = 40 };

/* Whether a star or a line at `p` begins or ends stress, as in **all**, and isn't a sign of a sum, a
 * pointer or a snake_case name. */
static gboolean is_stress(const char *text, const char *p)
{
    const char *left = p, *right = p;
    while (left > text && *left == *p)
        left = g_utf8_find_prev_char(text, left);
    while (*right == *p)
        right++;
    gboolean before = *left != *p && g_unichar_isalnum(g_utf8_get_char(left));
    gboolean after = g_unichar_isalnum(g_utf8_get_char(right));
    return before != after;
}

/* Whether the text reads like prose: words, nothing that only code has, and marks of a sentence. */
static gboolean is_prose(const char *text)
{
    guint words = 0, letters = 0, marks = 0;
    gboolean stops = FALSE;
    for (const char *p = text;; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (g_unichar_isalpha(c)) {
            letters++;
            continue;
        }
        words += letters >= WORD_LETTERS;
        letters = 0;
        if (!c)
            break;
        gunichar next = g_utf8_get_char(g_utf8_next_char(p));
        if (c == ';' ? next != ' ' : (c == '*' || c == '_') && !is_stress(text, p))
            return FALSE;
        if (c < 128 && strchr("{}<>=|\\$#~^`", (int)c))
            return FALSE;
        stops |= c < 128 && strchr(".,?!", (int)c) && (!next || g_unichar_isspace(next));
        marks += c < 128 && strchr("/()[]:+&", (int)c) != NULL;
    }
    return words >= WORDS_MIN && stops && marks * 4 <= words;
}

/* Whether every line is a name, a title or an address: a capital or a digit, then words. */
static gboolean is_lines(const char *text)
{
    guint letters = 0, others = 0, words = 0;
    for (const char *p = text; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        gboolean at_start = p == text || p[-1] == '\n';
        if (at_start && !g_unichar_isupper(c) && !g_unichar_isdigit(c) && c != '+')
            return FALSE;
        if (c < 128 && strchr("{}<>=|\\;$#_*~^`\"[]%!?", (int)c))
            return FALSE;
        words += g_unichar_isspace(c);
        letters += g_unichar_isalpha(c) != 0;
        others += !g_unichar_isalpha(c) && !g_unichar_isspace(c);
    }
    return words >= 2 && letters > 2 * others;
}

/* Whether every line begins as an item of a list does. */
static gboolean is_list(const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    guint items = 0;
    for (char **line = lines; *line; line++) {
        if (!**line)
            continue;
        if (!g_regex_match_simple("^ *(?:[-*+•–]|\\d{1,2}[.)]) +\\p{L}", *line, 0, 0))
            return FALSE;
        items++;
    }
    return items > 0;
}

/* Whether a fence ends with the text around it, and not with a line of its own. */
static gboolean is_open(const Markdown *self, cmark_node *code)
{
    int first = cmark_node_get_start_line(code), last = cmark_node_get_end_line(code);
    if (first <= 0 || last < first)
        return FALSE;
    g_autofree char *line = placeholders_text_line(self->aside, (guint)last);
    return last == first || !g_regex_match_simple("^[ >\\t]*(?:`{3,}|~{3,})[ \\t]*$", line, 0, 0);
}

static void check_open(const Markdown *self, cmark_node *code, Findings *findings)
{
    if (is_open(self, code))
        doc_complain(self, findings, FINDING_WARNING, doc_line(self, code), "block-open",
                     "the block '```%s' is taken to go on to the end: write ``` on a line of its "
                     "own where it ends",
                     cmark_node_get_fence_info(code));
}

void indented_check(Markdown *self, Findings *findings)
{
    cmark_iter *iter = cmark_iter_new(self->root);
    while (cmark_iter_next(iter) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(iter);
        if (cmark_node_get_type(node) != CMARK_NODE_CODE_BLOCK || doc_table(node))
            continue;
        const char *literal = cmark_node_get_literal(node);
        gboolean fenced = doc_is_fenced(self, node);
        if (fenced)
            check_open(self, node, findings);
        if (fenced || (!is_prose(literal) && !is_lines(literal) && !is_list(literal)))
            continue;
        gboolean cut = g_utf8_strlen(literal, -1) > SHOWN_MAX;
        g_autofree char *first = cut ? g_utf8_substring(literal, 0, SHOWN_MAX) : g_strdup(literal);
        doc_complain(self, findings, FINDING_WARNING, doc_line(self, node), "indented-prose",
                     "'%s%s' is shown as code, because it begins with four blanks: take them out",
                     g_strchomp(g_strdelimit(first, "\n\t", ' ')), cut ? "…" : "");
    }
    cmark_iter_free(iter);
}
