/* content_phrases - the rules about words that should not be there: placeholders, promises */
#include <string.h>

#include "rules/content.h"
#include "rules/rule.h"

/* A pattern (GRegex) and what is said of what it finds. */
typedef struct {
    const char *id;
    const char *pattern;
    gboolean english;   /* only where the letter is in English */
    const char *format; /* takes the words that were found */
} Phrase;

/* What a person writes to be replaced, and the fields of other programs. In brackets only words
 * that nobody would write for a reader; "[sic]" and "[name withheld]" are left alone. */
static const Phrase phrases[] = {
    {"placeholder", "\\b(?:TO[D]O|FIX[M]E|X{3,})\\b(?![-'])", FALSE, "'%s' was to be replaced"},
    {"placeholder", "(?i)\\blorem ipsum\\b", FALSE, "'%s' was to be replaced"},
    {"placeholder",
     "(?i)\\[ ?(?:(?:insert|enter|add|type|fill in|put|your) [^\\]\\n]{1,60}|(?:first |last |full |"
     "school |head |event |venue |your )?(?:name|date|time|title|school|venue|link|url|deadline|"
     "surname|forename|salutation|recipient|signature|job title|phone number|"
     "number|xx+|\\.\\.\\.|…|tbc|tba)) ?\\]",
     FALSE, "'%s' was to be replaced"},
    {"placeholder", "<<+ ?[A-Za-z][^<>\\n]{0,40}>>+|</?[A-Za-z][A-Za-z0-9’' _-]{0,40}/?>", FALSE,
     "'%s' was to be replaced"},
    {"placeholder",
     "«[A-Za-z][A-Za-z0-9_]{0,40}»|«[A-Z][A-Za-z]+ [A-Z][A-Za-z ]{0,40}»|"
     "‹[A-Z][A-Za-z0-9_]{0,40}›",
     FALSE, "'%s' is a field of a word processor's mail merge: write {{name}}"},
    {"placeholder",
     "\\*?\\|[A-Z_:0-9]{2,40}\\|\\*?|%%[A-Za-z_]{2,40}%%|\\[\\[[A-Za-z_ ]{2,40}\\]\\]|"
     "\\$\\{[A-Za-z_.]{2,40}\\}|\\(\\([A-Za-z][A-Za-z0-9 _?’'-]{0,60}\\)\\)|@@[A-Za-z_]{2,40}@@|"
     "(?<![\\w%])%[A-Za-z][A-Za-z_]{1,40}%(?![\\w%])|(?<![\\w$])\\$[A-Za-z_]{2,40}\\$(?![\\w$])|"
     "(?<![\\w#&])#[A-Za-z_]{2,40}#(?![\\w#])|\\{%[^%\\n]{1,60}%\\}|<%[^%\\n]{1,60}%>|"
     "\\[%[^%\\n]{1,60}%\\]|\\{\\$[A-Za-z][^{}\\n]{0,40}\\}|\\[\\[[+*$][A-Za-z_.]{2,40}\\]\\]|"
     "\\{ ?(?:MERGEFIELD|INCLUDETEXT|NEXT|ASK|FILLIN|IF)\\b[^{}\\n]*[\"“”\\\\*][^{}\\n]*\\}|"
     "\\{ (?:MERGEFIELD|NEXT|ASK|FILLIN)\\b[^{}\\n]*\\}",
     FALSE, "'%s' is a field of another program: write {{name}}"},
    {"placeholder", "\\{\\{?[A-Za-z][A-Za-z0-9_ ]{0,40}\\}\\}?", FALSE,
     "'%s' is left as it is: a field is written {{name}}"},
    {"placeholder",
     "\\b(?:[dD]{2}|[xX]{2})[/.-](?:[mM]{2}|[xX]{2})(?:[/.-](?:[yY]{2,4}|[xX]{2,4}|20\\d\\d))?\\b",
     FALSE, "'%s' was to be replaced by a date"},
    {"link-file", "(?<![\\w\\\\:/])(?:[A-Za-z]:\\\\|\\\\{1,2}[A-Za-z0-9_.-]+\\\\)[^\\s<>\"”]+",
     FALSE, "'%s': that file is on your computer or network, and no reader can open it"},
    {"to-be-confirmed", "\\bTB[CAD]\\b", FALSE, "'%s': is it known by now?"},
    {"punctuation", "(?:\\w+|(?<![./\\w]))\\.\\.(?![./\\w])|\\w*,,|\\w+ ,(?=\\s)", FALSE,
     "'%s': is that a slip?"},
    {"no-attachment",
     "(?i)\\b(?:(?:please )?(?:find|see|read|complete|use|with|in) (?:the )?(?:attached|enclosed)|"
     "(?:is|are|have) (?:attached|enclosed|now attached)(?! to (?!this (?:e-?mail|letter|message|"
     "update)))|(?:i|we) (?:attach|enclose|have attached|have enclosed)|"
     "attached (?:is|are|you will find|to this (?:e-?mail|letter|message|update)|"
     "(?:document|form|letter|file|pdf|spreadsheet|poster|flyer|leaflet|template|report|guidance|"
     "agenda|minutes)s?)|see attachments?)\\b",
     TRUE, "'%s', and nothing is attached"},
    {"see-picture",
     "(?i)\\b(?:see|as shown in|look at|in|shown in) the "
     "(?:image|picture|photo|photograph|poster|screenshot|graphic|chart|diagram) "
     "(?:below|above|attached|on the (?:left|right))\\b",
     TRUE, "'%s' says nothing to those who don't see it"},
};

static gpointer compile(gpointer unused)
{
    (void)unused;
    GPtrArray *all = g_ptr_array_new();
    for (gsize i = 0; i < G_N_ELEMENTS(phrases); i++) {
        GError *error = NULL;
        GRegex *regex = g_regex_new(phrases[i].pattern, G_REGEX_OPTIMIZE, 0, &error);
        if (!regex)
            g_error("%s: %s", phrases[i].id, error->message);
        g_ptr_array_add(all, regex);
    }
    return all;
}

static void look(const Content *self, gsize which, const GRegex *regex, const OutlineBlock *block)
{
    g_autoptr(GMatchInfo) match = NULL;
    g_regex_match(regex, block->text, 0, &match);
    for (; g_match_info_matches(match); g_match_info_next(match, NULL)) {
        int start = 0, end = 0;
        g_match_info_fetch_pos(match, 0, &start, &end);
        g_autofree char *shown = g_strndup(block->text + start, (gsize)(end - start));
        g_autofree char *text = NULL;
        g_strdelimit(shown, "\n\t", ' ');
        GString *said = g_string_new(phrases[which].format);
        g_string_replace(said, "%s", shown, 1);
        text = g_string_free(said, FALSE);
        rule_report(self->findings, phrases[which].id, self->file,
                    outline_line(block, (gsize)start), "%s", text);
    }
}

static void look_everywhere(const Content *self, const OutlineBlock *block)
{
    static GOnce once = G_ONCE_INIT;
    const GPtrArray *regexes = g_once(&once, compile, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(phrases); i++) {
        gboolean attached = g_str_equal(phrases[i].id, "no-attachment");
        if ((phrases[i].english && !content_is_english(self, block)) ||
            (attached && self->front->attachments->len) ||
            (g_str_equal(phrases[i].id, "see-picture") && !self->images->len))
            continue;
        look(self, i, g_ptr_array_index(regexes, i), block);
    }
}

static void look_at_front(const Content *self, const FrontText *text)
{
    OutlineBlock block;
    if (!content_front(text, &block))
        return;
    look_everywhere(self, &block);
    content_front_free(&block);
}

void content_phrases(const Content *self)
{
    const GPtrArray *blocks = self->outline->blocks;
    look_at_front(self, &self->front->subject);
    look_at_front(self, &self->front->preheader);
    for (guint i = 0; i < blocks->len; i++)
        look_everywhere(self, g_ptr_array_index(blocks, i));
}
