/* plaincheck - the rules about finished letters: plain text, and values that went into them */
#include "rules/plaincheck.h"

#include <string.h>

#include "text/amount.h"
#include "template/wrap.h"
#include "rules/rule.h"
#include "rules/words.h"

enum { GREETING_LINES = 60, LINKS_IN_A_ROW = 3 };

char *plaincheck_wide(const char *text)
{
    for (const char *line = text; *line;) {
        gsize length = strcspn(line, "\n");
        if (length > PLAINCHECK_COLUMNS && wrap_columns(line, length) > PLAINCHECK_COLUMNS) {
            g_autofree char *whole = g_strndup(line, length);
            if (!strstr(whole, "://"))
                return g_steal_pointer(&whole);
        }
        line += length + (line[length] == '\n');
    }
    return NULL;
}

/* --- greetings ------------------------------------------------------------------------------- */

static gboolean is_title(const Word *word)
{
    static const char *const titles[] = {"mr", "mrs",  "ms",  "miss", "mx",
                                         "dr", "prof", "rev", NULL};
    for (const char *const *title = titles; *title; title++)
        if (word_is(word, *title))
            return TRUE;
    return FALSE;
}

/* Whether between "Dear" and the comma there stands nothing, or a title alone. */
static gboolean greets_nobody(const char *line)
{
    static const char *const greetings[] = {"Dear ", "Dear,", "Hello ,", "Hi ,", "Hello  ", "Hi  "};
    for (gsize i = 0; i < G_N_ELEMENTS(greetings); i++) {
        if (!g_str_has_prefix(line, greetings[i]))
            continue;
        g_autofree char *name = g_strndup(line, strcspn(line, ",!:"));
        const char *at = name + strcspn(name, " ");
        Word word, last = {0};
        guint words = 0;
        while (words_next(&at, &word)) {
            last = word;
            words++;
        }
        return line[strlen(name)] && (!words || (words == 1 && is_title(&last)));
    }
    return FALSE;
}

char *plaincheck_blank_greeting(const char *text)
{
    const char *line = text;
    for (guint n = 0; n < GREETING_LINES && *line; n++) {
        gsize length = strcspn(line, "\n");
        if (length < 60 && (*line == 'D' || *line == 'H')) {
            g_autofree char *whole = g_strndup(line, length);
            if (greets_nobody(whole))
                return g_steal_pointer(&whole);
        }
        line += length + (line[length] == '\n');
    }
    return NULL;
}

/* --- blocks ---------------------------------------------------------------------------------- */

static gboolean is_only_links(const OutlineBlock *block)
{
    return block->kind == OUTLINE_PARAGRAPH && block->links && !block->unlinked;
}

void plaincheck_blocks(const char *file, guint body_line, const Outline *outline,
                       gboolean has_pictures, Findings *findings)
{
    Reading all = {0};
    guint run = 0;
    for (guint i = 0; i < outline->blocks->len; i++) {
        const OutlineBlock *block = g_ptr_array_index(outline->blocks, i);
        reading_add(&all, block->text);
        run = is_only_links(block) ? run + block->links : 0;
        const OutlineBlock *next =
            i + 1 < outline->blocks->len ? g_ptr_array_index(outline->blocks, i + 1) : NULL;
        if (run >= LINKS_IN_A_ROW && !block->nested && !(next && is_only_links(next)))
            rule_report(findings, "links-only", file, outline_line(block, 0),
                        "%u links without a word between them", run);
    }
    if (all.words < (has_pictures ? PLAINCHECK_PICTURE_WORDS : PLAINCHECK_WORDS))
        rule_report(findings, "text-empty", file, outline_first_line(outline, body_line),
                    "the letter has %u word%s: as text it says next to nothing", all.words,
                    amount_form(all.words, "", "s"));
}
