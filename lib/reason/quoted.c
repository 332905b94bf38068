/* quoted - the innermost reply that a text quotes */
#include "reason/quoted.h"

#include <string.h>

#include "reason/pattern.h"
#include "reason/scan.h"

/* Whether what stands before `at` opens a quotation: a quote mark, an arrow, a colon. */
static gboolean is_opened(const char *text, const char *at, gboolean strongly)
{
    while (at > text && at[-1] == ' ')
        at--;
    if (at == text)
        return FALSE;
    if (at - text >= 3 && memcmp(at - 3, "<<<", 3) == 0) /* a transcript's mark of the other side */
        return TRUE;
    return strchr(strongly ? "'\"`>" : "'\"`>(:", at[-1]) != NULL;
}

/* Whether the words before a quoted reply say that it was about our own address. */
static gboolean is_about_sender(const char *text, const char *quoted)
{
    static const char *const WORDS[] = {"sender", "return path", "return-path", "callback", NULL};
    g_autofree char *before = g_strndup(text, quoted - text);
    return folded_has(before, WORDS);
}

const char *quoted_innermost(const char *folded)
{
    const char *found = NULL;
    for (const char *at = folded; (at = strpbrk(at, "45")); at++) {
        if (at > folded && g_ascii_isalnum(at[-1]))
            continue;
        gboolean reply = scan_is_code(folded, at) && is_opened(folded, at, FALSE);
        gboolean status = !reply && scan_status_length(at) && is_opened(folded, at, TRUE);
        if (reply || status)
            found = at;
    }
    return found && !is_about_sender(folded, found) ? found : NULL;
}
