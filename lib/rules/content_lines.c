/* content_lines - the rule about line ends that were meant and aren't kept: a closing, an address
 *
 * In Markdown a line end within a paragraph is a blank. Prose that is wrapped needs just that; of
 * a line that ends although the next word would have fitted by far, and a next one that begins like
 * a line of its own, somebody thought otherwise.
 */
#include <string.h>

#include "rules/content.h"
#include "rules/rule.h"

enum {
    SHORT = 45,   /* columns of a line that was ended early, and the next word with it: */
    FITS = 52,    /* would have fitted */
    WRAPPED = 60, /* a letter with lines as long as this one is wrapped as prose */
    FIELD = 12,   /* columns that a field is taken to have */
    SHOWN_MAX = 40
};

typedef struct {
    char **lines;
    guint count, soft; /* lines; line ends that are blanks */
} Lines;

static guint columns(const char *text)
{
    guint count = 0;
    for (; *text; text = g_utf8_next_char(text)) {
        gunichar c = g_utf8_get_char(text);
        count += c == 0xfffc ? FIELD : c == 0xfffb ? 0 : 1;
    }
    return count;
}

static gboolean is_soft(const OutlineBlock *block, guint line)
{
    return line < strlen(block->ends) && block->ends[line] == 's';
}

/* Whether a line begins as one of its own would: a name, a number, an address. */
static gboolean begins_anew(const char *line)
{
    gunichar c = g_utf8_get_char(line);
    if (c == 0xfffb)
        c = g_utf8_get_char(g_utf8_next_char(line));
    return g_unichar_isupper(c) || g_unichar_isdigit(c) || c == 0xfffc || c == 0xa3 ||
           (c < 128 && strchr("[(+", (int)c)) || (strchr(line, '@') && !strchr(line, ' '));
}

/* Whether a line begins as an item of a list would, or as an answer: "a) ", "– ", "A: ". */
static gboolean begins_item(const char *line)
{
    return g_regex_match_simple("^(?:[–—☐☑□✓✔►▶→] ?\\S|[-*+]\\p{L}|§ \\p{L}|"
                                "\\(?(?:[a-z]|[ivx]{1,4}|\\d{1,2})\\) ?\\S|"
                                "(?:[a-z]|[ivx]{1,4}|\\d{1,2})\\. \\S|[A-Z]: \\S)",
                                line, 0, 0);
}

/* A word processor's bullet of the second level, pasted. */
static gboolean is_hollow(const char *line)
{
    return g_str_has_prefix(line, "o ") || g_str_has_prefix(line, "o\t");
}

static gboolean ends_sentence(const char *line)
{
    gsize length = strlen(line);
    return length && (strchr(".!?", line[length - 1]) || g_str_has_suffix(line, "…"));
}

/* Whether the end of that line was meant. */
static gboolean is_meant(const Lines *in, guint index)
{
    const char *line = in->lines[index], *next = in->lines[index + 1];
    g_autofree char *word = g_strndup(next, strcspn(next, " "));
    guint length = columns(line);
    gboolean item = begins_item(next);
    if (!*next || strchr("|:", *line) || g_str_has_prefix(line, "[!") ||
        g_str_has_prefix(line, "+\u2014"))
        return FALSE; /* markup that has a finding of its own */
    if ((item && begins_item(line)) || (is_hollow(line) && is_hollow(next)))
        return TRUE;
    return length && length <= SHORT && length + 1 + columns(word) <= FITS &&
           (item || (begins_anew(next) && !ends_sentence(line)));
}

/* A line as a finding quotes it, fields as dots. */
static char *shown(const char *line)
{
    GString *text = g_string_new(line);
    g_string_replace(text, OUTLINE_FIELD, "…", 0);
    g_string_replace(text, OUTLINE_GUARD, "", 0);
    g_autofree char *whole = g_string_free(text, FALSE);
    return g_utf8_substring(whole, 0, MIN(SHOWN_MAX, g_utf8_strlen(whole, -1)));
}

static void check_block(const Content *self, const OutlineBlock *block, gboolean wrapped)
{
    Lines in = {g_strsplit(block->text, "\n", -1), 0, 0};
    guint meant = 0, first = 0;
    in.count = g_strv_length(in.lines);
    for (guint i = 0; i + 1 < in.count; i++) {
        if (!is_soft(block, i))
            continue;
        in.soft++;
        if (!is_meant(&in, i))
            continue;
        first = meant++ ? first : i;
    }
    if (meant && (wrapped || 2 * meant >= in.soft)) {
        gsize at = 0;
        for (guint i = 0; i < first; i++)
            at += strlen(in.lines[i]) + 1;
        g_autofree char *one = shown(in.lines[first]), *other = shown(in.lines[first + 1]);
        rule_report(self->findings, "lines-run-together", self->file, outline_line(block, at),
                    "'%s' and '%s' run into one line: end the first with a backslash, or leave a "
                    "blank line between them",
                    one, other);
    }
    g_strfreev(in.lines);
}

/* Whether any line that goes on below is as long as wrapped prose has it. */
static gboolean is_wrapped(const Content *self)
{
    for (guint b = 0; b < self->outline->blocks->len; b++) {
        const OutlineBlock *block = g_ptr_array_index(self->outline->blocks, b);
        g_auto(GStrv) lines = g_strsplit(block->text, "\n", -1);
        for (guint i = 0; lines[i] && lines[i + 1]; i++)
            if (is_soft(block, i) && columns(lines[i]) >= WRAPPED)
                return TRUE;
    }
    return FALSE;
}

void content_lines(const Content *self)
{
    gboolean wrapped = is_wrapped(self);
    for (guint i = 0; i < self->outline->blocks->len; i++) {
        const OutlineBlock *block = g_ptr_array_index(self->outline->blocks, i);
        if (block->kind == OUTLINE_PARAGRAPH)
            check_block(self, block, wrapped);
    }
}
