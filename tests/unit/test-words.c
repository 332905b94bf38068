/* test-words - no word of an author's is lost: random Markdown of blocks within blocks, whose every
 * word is in the page and in the text, or named by a finding */
#include <string.h>

#include "markup/markdown.h"
#include "render/body.h"
#include "template/template.h"

enum { ROUNDS = 400, DEPTH = 4 };

typedef struct {
    GString *out;
    GPtrArray *words; /* all that must be found */
    guint notes;
} Author;

static int dice(int sides)
{
    return g_test_rand_int_range(0, sides);
}

/* A word that stands nowhere else. */
static const char *word(Author *in)
{
    char *made = g_strdup_printf("w%ux", in->words->len + 100);
    g_ptr_array_add(in->words, made);
    return made;
}

static void add_inline(Author *in, GString *line, int depth)
{
    static const char *const around[][2] = {{"*", "*"},
                                            {"**", "**"},
                                            {"~~", "~~"},
                                            {"`", "`"},
                                            {"[", "](https://example.org/a)"},
                                            {"<b>", "</b>"},
                                            {"<del>", "</del>"},
                                            {"<span style='x'>", "</span>"},
                                            {"<sup>", "</sup>"},
                                            {"(", ")"},
                                            {"“", "”"},
                                            {"{{#yes}}", "{{/yes}}"},
                                            {"<u>", "</u>"},
                                            {"_", "_"},
                                            {"[", "]"},
                                            {"<", ">"},
                                            {"==", "=="},
                                            {"\\", ""},
                                            {"<i>", ""},
                                            {"[[", "]]"},
                                            {"^[", "]"},
                                            {"~", "~"},
                                            {"$", "$"},
                                            {"<!-- -->", ""},
                                            {"[", "][]"}};
    const char *const *pair = around[dice(G_N_ELEMENTS(around))];
    g_string_append(line, pair[0]);
    if (depth && dice(3) == 0)
        add_inline(in, line, depth - 1);
    else
        g_string_append(line, word(in));
    g_string_append(line, pair[1]);
}

static char *line_of(Author *in)
{
    GString *line = g_string_new(NULL);
    for (int i = 0, count = 1 + dice(4); i < count; i++) {
        g_string_append(line, i ? " " : "");
        if (dice(3))
            g_string_append(line, word(in));
        else
            add_inline(in, line, 2);
    }
    return g_string_free(line, FALSE);
}

static void put(Author *in, const char *first, const char *text)
{
    g_string_append_printf(in->out, "%s%s\n", first, text);
}

static void block(Author *in, const char *first, const char *rest, int depth);

static void blocks(Author *in, const char *first, const char *rest, int depth)
{
    for (int i = 0, count = 1 + dice(3); i < count; i++) {
        block(in, i ? rest : first, rest, depth);
        put(in, rest, "");
    }
}

static void paragraph(Author *in, const char *first, const char *rest)
{
    static const char *const ends[] = {"", "", "", "\\", "  "};
    for (int i = 0, count = 1 + dice(3); i < count; i++) {
        g_autofree char *line = line_of(in);
        g_autofree char *whole = g_strconcat(line, i + 1 < count ? ends[dice(5)] : "", NULL);
        put(in, i ? rest : first, whole);
    }
}

static void list(Author *in, const char *first, const char *rest, int depth)
{
    gboolean numbered = dice(2);
    g_autofree char *mark = g_strconcat(rest, numbered ? "1. " : "- ", NULL);
    g_autofree char *begin = g_strconcat(first, numbered ? "1. " : "- ", NULL);
    g_autofree char *inner = g_strconcat(rest, numbered ? "   " : "  ", NULL);
    for (int i = 0, count = 1 + dice(3); i < count; i++) {
        if (depth && dice(3) == 0)
            blocks(in, i ? mark : begin, inner, depth - 1);
        else
            paragraph(in, i ? mark : begin, inner);
    }
}

static void fenced(Author *in, const char *first, const char *rest, const char *open,
                   const char *close, int depth)
{
    put(in, first, open);
    if (dice(2))
        put(in, rest, "");
    if (depth)
        blocks(in, rest, rest, depth - 1);
    else
        paragraph(in, rest, rest);
    put(in, rest, close);
}

static void table(Author *in, const char *first, const char *rest)
{
    const char *a = word(in), *b = word(in);
    gboolean csv = dice(2);
    g_autofree char *head = g_strdup_printf(csv ? "%s,%s" : "| %s | %s |", a, b);
    put(in, first, csv ? "```table" : head);
    put(in, rest, csv ? head : "|:--|---|");
    for (int i = 0, count = 1 + dice(3); i < count; i++) {
        GString *cell = g_string_new(NULL);
        add_inline(in, cell, 0);
        g_autofree char *row =
            g_strdup_printf(csv ? "%s,\"%s\"" : "| %s | %s |", word(in), cell->str);
        put(in, rest, row);
        g_string_free(cell, TRUE);
    }
    if (csv)
        put(in, rest, "```");
}

static void note(Author *in, const char *first, const char *rest)
{
    g_autofree char *refers = g_strdup_printf("%s[^n%u]", word(in), ++in->notes);
    g_autofree char *says =
        g_strdup_printf(dice(2) ? "[^n%u]: %s" : "[^n%u]: a %s b", in->notes, word(in));
    put(in, first, refers);
    put(in, rest, "");
    put(in, rest, says);
}

static void simple(Author *in, const char *first, const char *rest)
{
    static const char *const formats[] = {
        "## %s",         "[%s]: b", ": %s",        "    %s a b.", "%s\n---",
        "<div>%s</div>", "<p>%s",   "::: %s",      "<li>%s",      "!!! %s",
        "<!A %s>",       "[x]: %s", "<h3>%s</h3>", "%s\n===",     "<summary>%s</summary>"};
    g_autofree char *text = g_strdup_printf(formats[dice(G_N_ELEMENTS(formats))], word(in));
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i]; i++)
        put(in, i ? rest : first, lines[i]);
}

static void block(Author *in, const char *first, const char *rest, int depth)
{
    static const char *const fences[][2] = {{"::: cy", ":::"},   {"::: signature", ":::"},
                                            {"::: note", ":::"}, {"<del>", "</del>"},
                                            {"<div>", "</div>"}, {"{{#yes}}", "{{/yes}}"}};
    g_autofree char *quoted = g_strconcat(rest, "> ", NULL);
    g_autofree char *begins = g_strconcat(first, "> ", NULL);
    int kind = dice(depth ? 10 : 6);
    const char *const *fence = fences[dice(G_N_ELEMENTS(fences))];
    if (kind < 3)
        paragraph(in, first, rest);
    else if (kind == 3)
        simple(in, first, rest);
    else if (kind == 4)
        table(in, first, rest);
    else if (kind == 5)
        note(in, first, rest);
    else if (kind == 6)
        blocks(in, begins, quoted, depth - 1);
    else if (kind == 7)
        fenced(in, first, rest, fence[0], fence[1], depth);
    else
        list(in, first, rest, depth);
}

static char *rendered(const Markdown *markdown, gboolean html, Findings *findings)
{
    g_autoptr(Theme) theme = theme_new(NULL, NULL, findings);
    g_autofree char *part = html ? body_html(markdown, theme) : body_text(markdown);
    TemplateOptions options = {.first_line = 1, .kind = html ? TEMPLATE_HTML : TEMPLATE_TEXT};
    g_autoptr(Template) template = template_new(part, &options, findings);
    g_autoptr(Value) map = value_new_map();
    value_set_text(map, "yes", "1");
    return template ? template_render_text(template, map, NULL) : NULL;
}

static gboolean is_told(const Findings *findings, const char *what)
{
    for (guint i = 0; i < findings_kept(findings); i++)
        if (strstr(findings_get(findings, i)->text, what))
            return TRUE;
    return FALSE;
}

static void check(const Author *in)
{
    g_autoptr(Findings) findings = findings_new();
    g_autoptr(Markdown) markdown = markdown_new(in->out->str, in->out->len, "x.md", 1, findings);
    if (!markdown) /* refused, and not in silence */
        return;
    g_autofree char *page = rendered(markdown, TRUE, findings);
    g_autofree char *text = rendered(markdown, FALSE, findings);
    if (!page || !text)
        g_error("no template: %s\n%s", findings_get(findings, 0)->text, in->out->str);
    for (guint i = 0; i < in->words->len; i++) {
        const char *one = g_ptr_array_index(in->words, i);
        if ((!strstr(page, one) || !strstr(text, one)) && !is_told(findings, one))
            g_error("%s is lost in the %s:\n%s\n---\n%s", one, strstr(page, one) ? "text" : "page",
                    in->out->str, strstr(page, one) ? text : page);
    }
}

static void test_no_word_is_lost(void)
{
    for (int round = 0; round < ROUNDS; round++) {
        Author in = {g_string_new(NULL), g_ptr_array_new_with_free_func(g_free), 0};
        blocks(&in, "", "", DEPTH);
        check(&in);
        g_string_free(in.out, TRUE);
        g_ptr_array_unref(in.words);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/words/none is lost", test_no_word_is_lost);
    return g_test_run();
}
