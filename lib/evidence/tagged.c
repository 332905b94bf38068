/* tagged - a subject without what the office's own gateway put before it */
#include "evidence/tagged.h"

#include <glib.h>
#include <string.h>

#include "reason/pattern.h"

enum { TAG_MAX = 30 }; /* bytes of a mark with its brackets */

static const char *const IN_BRACKETS[] = {"ext", "outside", "caution", "spam?", "unverified", NULL};
static const char *const BARE[] = {"external:", "external -", "ext:", "extern:", "caution:", NULL};

/* The length of a mark that `text` begins with, or 0. */
static gsize tag_length(const char *text)
{
    static const char OPENERS[] = "[({<*", CLOSERS[] = "])}>*";
    const char *opener = *text ? strchr(OPENERS, *text) : NULL;
    if (!opener) {
        for (const char *const *word = BARE; *word; word++)
            if (g_str_has_prefix(text, *word))
                return strlen(*word);
        return 0;
    }
    const char *end = strchr(text + 1, CLOSERS[opener - OPENERS]);
    if (!end || end - text >= TAG_MAX)
        return 0;
    g_autofree char *inside = g_strndup(text + 1, end - text - 1);
    return folded_has(inside, IN_BRACKETS) ? (gsize)(end - text) + 1 : 0;
}

const char *tagged_skip(const char *folded)
{
    gsize n;
    folded += strspn(folded, " ");
    while ((n = tag_length(folded)))
        folded += n + strspn(folded + n, " :-");
    return folded;
}
