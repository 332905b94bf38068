/* tagged - a subject without what the office's own gateway put before it */
#include "evidence/tagged.h"

#include <glib.h>
#include <string.h>

#include "reason/pattern.h"

enum { TAG_MAX = 30 }; /* bytes of a mark with its brackets */

static const char *const IN_BRACKETS[] = {"ext", "outside", "caution", "spam?", "unverified", NULL};
static const char *const BARE[] = {"external:", "external -", "ext:", "extern:", "caution:", NULL};

/* The length of a bracket with its text, at most TAG_MAX, that `text` begins with, or 0. */
static gsize bracket_length(const char *text)
{
    static const char OPENERS[] = "[({<*", CLOSERS[] = "])}>*";
    const char *opener = *text ? strchr(OPENERS, *text) : NULL;
    const char *end = opener ? strchr(text + 1, CLOSERS[opener - OPENERS]) : NULL;
    return end && end - text < TAG_MAX ? (gsize)(end - text) + 1 : 0;
}

/* The length of a mark that `text` begins with, or 0. */
static gsize tag_length(const char *text)
{
    gsize bracket = bracket_length(text);
    if (!bracket) {
        for (const char *const *word = BARE; *word; word++)
            if (g_str_has_prefix(text, *word))
                return strlen(*word);
        return 0;
    }
    g_autofree char *inside = g_strndup(text + 1, bracket - 2);
    return folded_has(inside, IN_BRACKETS) ? bracket : 0;
}

const char *tagged_skip(const char *folded)
{
    gsize n;
    folded += strspn(folded, " ");
    while ((n = tag_length(folded)))
        folded += n + strspn(folded + n, " :-");
    return folded;
}

/* The length of a mail program's "Re:" that `text` begins with, or 0; "re[2]:" and "re :", too. */
static gsize reply_length(const char *text)
{
    static const char *const WORDS[] = {
        "re",  "fw",  "fwd", "aw", "wg",     "sv", "antw",    "tr",   "rv",  "vs", "odp", "ynt",
        "res", "enc", "rif", "vl", "doorst", "vb", "antwort", "ateb", "ref", "pd", NULL};
    for (const char *const *word = WORDS; *word; word++) {
        gsize n = strlen(*word);
        if (strncmp(text, *word, n) != 0)
            continue;
        if (text[n] == '[' && g_ascii_isdigit(text[n + 1]))
            n += strcspn(text + n, "]:") + 1;
        n += strspn(text + n, " ");
        if (text[n] == ':')
            return n + 1;
    }
    return 0;
}

gboolean tagged_is_reply(const char *folded)
{
    return reply_length(tagged_skip(folded)) > 0;
}

const char *tagged_bare(const char *folded)
{
    for (gsize n = 1; n;) {
        folded = tagged_skip(folded);
        n = reply_length(folded);
        n = n ? n : bracket_length(folded);
        folded += n;
    }
    return folded;
}
