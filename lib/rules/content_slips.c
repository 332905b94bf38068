/* content_slips - what was meant as Markdown and isn't: it would stand in the letter as it was
 * typed
 */
#include <string.h>

#include "rules/content.h"
#include "rules/rule.h"

enum { SHOWN_MAX = 40 };

static char *quote(const char *at)
{
    g_autofree char *line = g_strndup(at, strcspn(at, "\n\t"));
    if (g_utf8_strlen(line, -1) <= SHOWN_MAX)
        return g_steal_pointer(&line);
    g_autofree char *cut = g_utf8_substring(line, 0, SHOWN_MAX);
    return g_strconcat(cut, "…", NULL);
}

/* The second line of a table drawn with pipes; smart punctuation has made dashes of hyphens. */
static gboolean is_pipe_rule(const char *line)
{
    gboolean pipe = FALSE, dash = FALSE;
    for (const char *p = line; *p && *p != '\n'; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        pipe |= c == '|';
        dash |= c == '-' || c == 0x2013 || c == 0x2014;
        if (c != '|' && c != '-' && c != ':' && c != ' ' && c != 0x2013 && c != 0x2014)
            return FALSE;
    }
    return pipe && dash;
}

static void check_pipes(const Content *self, const OutlineBlock *block)
{
    const char *second = strchr(block->text, '\n');
    gsize first = strcspn(block->text, "\n");
    if (second && is_pipe_rule(second + 1) && memchr(block->text, '|', first))
        rule_report(self->findings, "pipe-table", self->file, outline_line(block, 0),
                    "a table drawn with | stays as it is: write a block ```table with commas");
}

/* Bullets that were typed or pasted, at the beginning of lines. */
static void check_bullets(const Content *self, const OutlineBlock *block)
{
    static const char *const bullets[] = {"•", "·", "▪",   "◦", "●",
                                          "‣", "■", "–\t", "➢", "\xef\x82\xb7"};
    guint found = 0;
    for (const char *line = block->text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        for (gsize i = 0; i < G_N_ELEMENTS(bullets); i++)
            found += g_str_has_prefix(line, bullets[i]);
    }
    if (!found)
        return;
    g_autofree char *shown = quote(block->text);
    rule_report(self->findings, "typed-bullets", self->file, outline_line(block, 0),
                "'%s': a typed bullet makes no list: begin the line with a hyphen", shown);
}

/* "** bold **", "[text] (address)", "##Heading", "~~no~~", "[ ] to do". */
static void check_marks(const Content *self, const OutlineBlock *block)
{
    static const struct {
        const char *mark, *why;
    } marks[] = {
        {"**", "these asterisks make nothing bold: they want blanks outside, and none within"},
        {"] (http", "a link wants no blank between its two brackets"},
        {"](", "the link is broken: [words](address), on one line"},
        {"~~", "there is no strike-through"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(marks); i++) {
        const char *at = strstr(block->text, marks[i].mark);
        if (!at)
            continue;
        g_autofree char *shown = quote(at);
        rule_report(self->findings, "stray-markup", self->file,
                    outline_line(block, (gsize)(at - block->text)), "'%s': %s", shown,
                    marks[i].why);
        return;
    }
    gsize hashes = strspn(block->text, "#");
    if (hashes >= 2 && hashes <= 6 && g_ascii_isalpha(block->text[hashes])) {
        g_autofree char *shown = quote(block->text);
        rule_report(self->findings, "stray-markup", self->file, outline_line(block, 0),
                    "'%s': a heading wants a blank after its #", shown);
    }
}

void content_slips(const Content *self)
{
    for (guint i = 0; i < self->outline->blocks->len; i++) {
        const OutlineBlock *block = g_ptr_array_index(self->outline->blocks, i);
        if (block->kind == OUTLINE_ROW || block->kind == OUTLINE_CAPTION)
            continue;
        check_pipes(self, block);
        check_bullets(self, block);
        check_marks(self, block);
    }
}
