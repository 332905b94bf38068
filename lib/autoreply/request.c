/* request - whether a message asks for no more letters */
#include "autoreply/request.h"

#include <string.h>

#include "evidence/tagged.h"

enum { MARK_MAX = 40 }; /* bytes of what a gateway puts before a subject */

static const char WORD[] = "unsubscribe";

static const char *skip_blanks(const char *text)
{
    while (g_ascii_isspace(*text))
        text++;
    return text;
}

/* Whether what stands before the word is a gateway's mark and no sentence: it ends like one ("SPAM:",
 * "[x] |", "***") or is nothing but words of such marks. */
static gboolean is_mark(const char *text, gsize length)
{
    static const char *const WORDS[] = {"external", "ext", "extern", "spam", "warning", "caution",
                                        "re",       "fw",  "fwd",    "aw",   "sv",      NULL};
    while (length && g_ascii_isspace(text[length - 1]))
        length--;
    if (!length || (length <= MARK_MAX && strchr(":])}>*|-#!", text[length - 1])))
        return TRUE;
    g_autofree char *before = g_strndup(text, length);
    g_auto(GStrv) words = g_strsplit(before, " ", -1);
    for (char **word = words; *word; word++)
        if (**word && !g_strv_contains(WORDS, *word))
            return FALSE;
    return TRUE;
}

/* What follows the word where the text begins with it, after marks and any "Re:"; else NULL. */
static const char *after_word(const char *folded)
{
    folded = tagged_bare(folded);
    const char *at = strstr(folded, WORD);
    if (!at || !is_mark(folded, (gsize)(at - folded)))
        return NULL;
    at += strlen(WORD);
    return g_ascii_isalnum(*at) ? NULL : skip_blanks(at);
}

/* "all" as a word of its own, at the beginning. */
static gboolean says_all(const char *folded)
{
    if (g_str_has_prefix(folded, "from "))
        folded = skip_blanks(folded + strlen("from "));
    return g_str_has_prefix(folded, "all") && !g_ascii_isalnum(folded[3]);
}

static gboolean first_line_says_all(const char *text)
{
    const char *start = skip_blanks(text);
    g_autofree char *line = g_strndup(start, strcspn(start, "\r\n"));
    g_autofree char *folded = g_ascii_strdown(line, -1);
    const char *rest = after_word(folded);
    g_strchomp(folded);
    return rest ? says_all(rest) : g_str_equal(folded, "all") || g_str_equal(folded, "all letters");
}

Request request_read(const InboundReport *notice)
{
    if (notice->kind != INBOUND_NONE && notice->kind != INBOUND_AUTO_REPLY)
        return REQUEST_NONE;
    g_autofree char *subject = g_ascii_strdown(notice->subject ? notice->subject : "", -1);
    const char *rest = after_word(subject);
    if (!rest)
        return REQUEST_NONE;
    return says_all(rest) || first_line_says_all(notice->text ? notice->text : "")
               ? REQUEST_ALL
               : REQUEST_AUDIENCE;
}
