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

/* A line of a table drawn in the way of other programs: "+-----+-----+". */
static gboolean is_grid_rule(const char *line)
{
    gsize length = strcspn(line, "\n");
    g_autofree char *whole = g_strndup(line, length);
    return *line == '+' && length > 3 && g_strrstr(whole + 1, "+") &&
           g_regex_match_simple("^\\+[-=:+\u2013\u2014]{2,}\\+$", whole, 0, 0);
}

static void check_grid(const Content *self, const OutlineBlock *block)
{
    if (is_grid_rule(block->text))
        rule_report(self->findings, "pipe-table", self->file, outline_line(block, 0),
                    "a table drawn with + stays as it is: take those lines out but for one of "
                    "|---|---| below the header, or write a block ```table with commas");
}

/* "| a | b |", and no line of dashes that makes a table of it. */
static void check_pipes(const Content *self, const OutlineBlock *block)
{
    static const char row[] = "(?m)^\\|[^\\n]*\\|$", rule[] = "(?m)^[|+]?[ :|+–—-]+[|+]?$";
    if (block->kind != OUTLINE_PARAGRAPH || !g_regex_match_simple(row, block->text, 0, 0) ||
        g_regex_match_simple(rule, block->text, 0, 0))
        return;
    g_autofree char *shown = quote(block->text);
    rule_report(self->findings, "pipe-table", self->file, outline_line(block, 0),
                "'%s' stays as it is: a line |---|---| below the first makes a table of it", shown);
}

/* Bullets that were typed or pasted, at the beginning of lines. */
static void check_bullets(const Content *self, const OutlineBlock *block)
{
    static const char *const bullets[] = {
        "•", "·", "▪", "◦", "●", "‣", "■", "–\t", "➢", "\xef\x82\xb7", "\xef\x82\xa7"};
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

/* "** bold **", "[text] (address)", "~~no~~", each once in a block. */
static void check_marks(const Content *self, const OutlineBlock *block)
{
    static const struct {
        const char *mark, *why;
    } marks[] = {
        {"**", "these asterisks make nothing bold: they want blanks outside, and none within"},
        {"] (http", "a link wants no blank between its two brackets"},
        {"](", "the link is broken: [words](address), on one line"},
        {"~~", "words are struck out ~~so~~, without blanks on the inner side"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(marks); i++) {
        const char *at = strstr(block->text, marks[i].mark);
        if (!at)
            continue;
        g_autofree char *shown = quote(at);
        rule_report(self->findings, "stray-markup", self->file,
                    outline_line(block, (gsize)(at - block->text)), "'%s': %s", shown,
                    marks[i].why);
    }
}

/* What other dialects of Markdown know, and this one doesn't. */
static const struct {
    const char *pattern, *why;
} dialects[] = {
    {"\\[\\^[^\\]\\s]{1,40}\\](?!:)", "no line '[^…]: …' says what the note is"},
    {"\\[![A-Za-z]{2,20}\\]", "a callout is a block quote: take the mark out"},
    {"\\[[^\\[\\]\\n]{1,60}\\]\\[[^\\[\\]\\n]{0,60}\\]",
     "the link leads nowhere: no line '[…]: https://…' gives its address"},
    {"\\{:? ?[.#][A-Za-z][^{}\\n]{0,60}\\}|(?<=[\\])\uFFFC])\\{[a-z-]+=[^{}\\n]{1,60}\\}",
     "there are no such attributes: take it out"},
    {"(?m)^:::+.*$", "no such block: '::: answer NAME' asks a question, '::: acknowledge NAME' "
                     "whether it was read, "
                     "'::: event NAME' is a date for the calendar, '::: cy' a language, '::: "
                     "signature' a signature, "
                     "'::: note' a callout"},
    {"(?<=[\\w)])~[^\\s~]{1,12}~(?!~)", "written so nothing is lowered: write <sub>…</sub>"},
    {"(?<=[\\w)])\\^[^\\s^]{1,12}\\^", "written so nothing is raised: write <sup>…</sup>"},
    {"(?<![=\\w])==[^\\s=][^=\\n]{0,80}==(?![=\\w])", "nothing is marked so: **write it in bold**"},
    {"(?<![+\\w])\\+\\+[^\\s+][^+\\n]{0,80}\\+\\+(?![+\\w])", "there is no such mark: take it out"},
    {"(?<![|\\w])\\|\\|[^\\s|][^|\\n]{0,80}\\|\\|(?![|\\w])", "there is no such mark: take it out"},
    {"(?<![~\\w])~[^\\s~][^~\\n]{0,80}~(?![~\\w])", "to strike it out write ~~ on either side"},
    {"</?[a-z]{1,8}:[A-Za-z][A-Za-z0-9]*[^<>\\n]{0,60}>",
     "a tag that a word processor left: take it out"},
    {"(?<![\\w:]):(?!https?:)[a-z+-][a-z0-9_+-]{1,30}:(?![\\w:])",
     "no picture is made of it: write a word, or the character itself"},
    {"(?m)^!!!\\+? ?\"?[A-Za-z].*$|^\\?\\?\\?\\+? [a-z].*$",
     "there are no such blocks: a callout is a block quote, with > before its lines"},
    {"(?m)^: {1,3}\\S.*$", "there are no lists of terms: write **the term:** what it means"},
    {"(?mi)^\\[\\[?_?toc_?\\]?\\]$|^\\{:?toc\\}$",
     "for a list of the sections write 'contents: yes' in the front matter"},
    {"(?m)^\\\\(?:pagebreak|newpage|clearpage|hfill|vspace|hspace)\\b.*$",
     "a letter has no pages: take it out"},
    {"(?m)^h[1-6]\\. \\S.*$", "a heading begins with ##"},
    {"(?m)^={2,6} \\S.* ={2,6}$", "a heading begins with ##"},
    {"(?m)^\\*\\[[^\\]\\n]{1,40}\\]: .*$",
     "there are no such notes: explain the word where it stands"},
    {"\\[\\[[^\\[\\]\\n]{1,60}[|#/][^\\[\\]\\n]{0,60}\\]\\]",
     "the link leads nowhere: write [words](https://…)"},
    {"(?m)^\\[[-~/>?!]?\\] ", "a box is written [ ], or [x] when it is ticked"},
    {"(?<![:/\\w])//[^\\s/][^/\\n]{0,80}[^\\s/:]//(?![/\\w])",
     "*to stress it* put asterisks on either side"},
    {"(?m)^#{2,6}[A-Za-z][^\\n]*$|^#[A-Z][a-z]*(?: [^\\n]{0,60})?(?<![.!?,])$",
     "a heading wants a blank after its #"},
    {"(?<![\\w*])\\*[^\\s*][^*\\n]{0,40} \\*(?![\\w*])",
     "these asterisks stress nothing: they want no blanks within"},
    {"(?<!\\w)\\^\\^[^\\s^][^^\\n]{0,80}\\^\\^", "there is no such mark: take it out"},
    {"\\$\\$[^$\\n]{1,80}\\$\\$|(?<![\\w$])\\$[^\\s$][^$\\n]{0,60}[\\^_\\\\][^$\\n]{0,60}\\$(?!"
     "\\w)",
     "no formula is made of it: write it in words, or save a picture"},
    {"(?m)^-> \\S[^\\n]*<-$", "nothing is centred so: take the marks out"},
    {"\\[/(?:b|i|u|s|url|img|quote|color|size|list|center|code|email)\\]",
     "a forum's mark: *to stress it* put asterisks on either side"},
    {"(?m)^\\.\\. [a-z-]+::.*$",
     "there are no such blocks: a callout is a block quote, with > before its lines"},
    {"\\\\(?:textbf|textit|emph|section|begin|end|item|href|footnote)\\b[^\\n]{0,40}",
     "LaTeX isn't read: write it in Markdown"},
    {"[”\"]:https?://[^\\s]+|\\[https?://[^\\s\\]]+ [^\\]\\n]{1,60}\\]",
     "a link is written [words](https://…)"},
    {"[‘’']{3}[^‘’'\\n]{1,80}[‘’']{3}", "to stress it write **so**"},
    {"&(?:nbsp|amp|lt|gt|quot|pound|copy)(?![;\\w])",
     "the semicolon behind it is missing: write the character itself"},
    {"(?:(?<=\\t)|(?<![^\\n]))(?:\\^\\^?|[<>]|(?:col|row)span(?:=\\d+)?)(?=\\t|$)",
     "cells aren't joined: write the words in each"},
    {"(?m)^(?:caption|title|class|width)=.*$",
     "there are no such attributes: write the words alone"},
    {"&[A-Za-z][A-Za-z0-9]{1,30};", "it is seen as it stands here: write the character itself"},
    {"(?m)^%%[^%\\n]+%%$", "there are no such comments: take it out, or write <!-- … -->"},
    {"(?m)^\\[[ xX]\\] (?=\\S)", "a box stands in a list: begin the line with - [ ]"},
    {"(?<=\\S)\\^\\[", "the note isn't closed: ^[write it so]"},
};

static gpointer compile(gpointer unused)
{
    (void)unused;
    GPtrArray *all = g_ptr_array_new();
    for (gsize i = 0; i < G_N_ELEMENTS(dialects); i++) {
        GError *error = NULL;
        GRegex *regex = g_regex_new(dialects[i].pattern, G_REGEX_OPTIMIZE, 0, &error);
        if (!regex)
            g_error("%s: %s", dialects[i].pattern, error->message);
        g_ptr_array_add(all, regex);
    }
    return all;
}

static void check_dialects(const Content *self, const OutlineBlock *block)
{
    static GOnce once = G_ONCE_INIT;
    const GPtrArray *regexes = g_once(&once, compile, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(dialects); i++) {
        g_autoptr(GMatchInfo) match = NULL;
        g_regex_match(g_ptr_array_index(regexes, i), block->text, 0, &match);
        for (; g_match_info_matches(match); g_match_info_next(match, NULL)) {
            int start = 0;
            g_autofree char *found = g_match_info_fetch(match, 0);
            g_autofree char *shown = quote(found);
            g_match_info_fetch_pos(match, 0, &start, NULL);
            rule_report(self->findings, "stray-markup", self->file,
                        outline_line(block, (gsize)start), "'%s': %s", shown, dialects[i].why);
        }
    }
}

/* What is struck out on the page is read out like all the rest. */
static void check_deleted(const Content *self)
{
    for (guint i = 0; i < self->outline->deleted->len; i++) {
        const OutlineDeleted *deleted = g_ptr_array_index(self->outline->deleted, i);
        g_autofree char *shown = quote(deleted->text);
        rule_report(self->findings, "struck-out", self->file, deleted->line,
                    "'%s' is struck out: who listens to the letter hears it as if it stood", shown);
    }
}

/* Markdown isn't read in the subject and the preheader: all its marks would be seen. */
static void check_front(const Content *self, const FrontText *text)
{
    static const char marks[] =
        "\\*\\*\\S[^*]*\\*\\*|!?\\[[^\\]]+\\]\\([^)\\s]+\\)|__\\w[^_]*__|~~\\S[^~]*~~|"
        "`[^`]+`|^#{1,6} ";
    OutlineBlock block;
    g_autoptr(GMatchInfo) match = NULL;
    if (!content_front(text, &block))
        return;
    check_dialects(self, &block);
    g_autoptr(GRegex) regex = g_regex_new(marks, 0, 0, NULL);
    if (g_regex_match(regex, block.text, 0, &match)) {
        g_autofree char *found = g_match_info_fetch(match, 0);
        g_autofree char *shown = quote(found);
        rule_report(self->findings, "stray-markup", self->file, text->line,
                    "'%s': marks are seen as they were typed here: take them out", shown);
    }
    content_front_free(&block);
}

void content_slips(const Content *self)
{
    check_deleted(self);
    check_front(self, &self->front->subject);
    check_front(self, &self->front->preheader);
    for (guint i = 0; i < self->outline->blocks->len; i++) {
        const OutlineBlock *block = g_ptr_array_index(self->outline->blocks, i);
        check_dialects(self, block);
        check_marks(self, block);
        if (block->kind == OUTLINE_ROW || block->kind == OUTLINE_CAPTION)
            continue;
        check_grid(self, block);
        check_pipes(self, block);
        check_bullets(self, block);
    }
}
