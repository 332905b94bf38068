/* indented - paragraphs that begin with four blanks, which Markdown takes for code */
#include <string.h>

#include "markup/doc.h"

enum { WORDS_MIN = 5, WORD_LETTERS = 2 };

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
        if (c < 128 && strchr("{}<>=|\\;$#_*~^`", (int)c))
            return FALSE;
        gunichar next = g_utf8_get_char(g_utf8_next_char(p));
        stops |= c < 128 && strchr(".,?!", (int)c) && (!next || g_unichar_isspace(next));
        marks += c < 128 && strchr("/()[]:+&", (int)c) != NULL;
    }
    return words >= WORDS_MIN && stops && marks * 4 <= words;
}

void indented_check(Markdown *self, Findings *findings)
{
    cmark_iter *iter = cmark_iter_new(self->root);
    while (cmark_iter_next(iter) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(iter);
        if (cmark_node_get_type(node) != CMARK_NODE_CODE_BLOCK || doc_table(node) ||
            doc_is_fenced(self, node) || !is_prose(cmark_node_get_literal(node)))
            continue;
        const char *literal = cmark_node_get_literal(node);
        g_autofree char *first = g_utf8_substring(literal, 0, MIN(40, g_utf8_strlen(literal, -1)));
        doc_complain(self, findings, FINDING_WARNING, doc_line(self, node), "indented-prose",
                     "'%s…' is shown as code, because it begins with four blanks: take them out",
                     g_strdelimit(first, "\n\t", ' '));
    }
    cmark_iter_free(iter);
}
