/* templates.h - what the tests of templates share: compiling, rendering, hostile values, reading
 * back
 */
#ifndef TESTS_TEMPLATES_H
#define TESTS_TEMPLATES_H

#include <string.h>

#include "base/error.h"
#include "template/template.h"

#define BLOCKED "#blocked-link"

/* Values that have tried to be more than text. */
static const char *const hostile[] = {
    "",
    "plain",
    "<b>bold</b>",
    "*x* _y_ `z`",
    "{{y}}",
    "{{{y}}}",
    "\"><script>alert(1)</script>",
    "' onmouseover='alert(1)",
    "a\r\nBcc: x@example.org",
    "' OR 1=1 --",
    "javascript:alert(1)",
    " \tJaVaScRiPt:alert(1)",
    "java\nscript:alert(1)",
    "\x01javascript:alert(1)",
    "data:text/html,<script>",
    "vbscript:x",
    "&lt;&amp;&#39;&copy",
    "--><img src=x>",
    "]]><![endif]-->",
    "</title><script>",
    "</textarea>",
    "\x0e\x1f\x1f\x0f\x11\x12\x1c\x1d\x1e\x0b\x01",
    "Zo\xc3\xab \xe2\x80\x94 \xf0\x9f\x98\x80",
    "\xff\xfe broken \xc3",
    "../../etc/passwd",
    ".",
    "..",
    "a b%20c+d&e=f#g?h/i\\j;k,l:m@n",
    "\xc2\x85\xe2\x80\xa8line ends",
    "-",
    "--",
    ">",
};

static inline Template *compile(TemplateKind kind, const char *source,
                                const TemplatePartial *partials, const Value *constants,
                                Findings *findings)
{
    TemplateOptions options = {.file = "t.html",
                               .first_line = 1,
                               .kind = kind,
                               .partials = partials,
                               .constants = constants,
                               .strict_partials = TRUE};
    return template_new(source, &options, findings);
}

static inline char *render_with(TemplateKind kind, const char *source,
                                const TemplatePartial *partials, const Value *constants,
                                const Value *map)
{
    g_autoptr(Findings) findings = findings_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(Template) template = compile(kind, source, partials, constants, findings);
    findings_pass(findings, &error);
    g_assert_no_error(error);
    g_assert_nonnull(template);
    char *got = template_render_text(template, map, &error);
    g_assert_no_error(error);
    return got;
}

static inline char *render(TemplateKind kind, const char *source, const char *x)
{
    g_autoptr(Value) map = value_new_map();
    value_set_text(map, "x", x);
    return render_with(kind, source, NULL, NULL, map);
}

static inline void check(TemplateKind kind, const char *source, const char *x, const char *expected)
{
    g_autofree char *got = render(kind, source, x);
    g_assert_cmpstr(got, ==, expected);
}

/* The first finding must be at `line` and hold `text`. */
static inline void check_fails_with(TemplateKind kind, const char *source,
                                    const TemplatePartial *partials, const Value *constants,
                                    const char *place, const char *text)
{
    g_autoptr(Findings) findings = findings_new();
    g_autoptr(Template) template = compile(kind, source, partials, constants, findings);
    if (template)
        g_error("compiled: %s", source);
    g_assert_cmpuint(findings_count(findings, FINDING_ERROR), >, 0);
    g_autofree char *got = finding_text(findings_get(findings, 0));
    if (!g_str_has_prefix(got, place) || !strstr(got, text))
        g_error("%s\ngives: %s\nnot:   %s %s", source, got, place, text);
}

static inline void check_fails(TemplateKind kind, const char *source, const char *text)
{
    check_fails_with(kind, source, NULL, NULL, "t.html:1: ", text);
}

/* What a browser makes of character references; only those that our escaping writes. */
static inline char *decode(const char *html, gsize length)
{
    static const struct {
        const char *reference;
        char c;
    } known[] = {{"&amp;", '&'},  {"&lt;", '<'},   {"&gt;", '>'},
                 {"&quot;", '"'}, {"&#39;", '\''}, {"&#45;", '-'}};
    GString *out = g_string_new(NULL);
    for (const char *p = html; p < html + length;) {
        gsize i = 0;
        while (*p == '&' && i < G_N_ELEMENTS(known) && !g_str_has_prefix(p, known[i].reference))
            i++;
        if (*p == '&') {
            g_assert_cmpuint(i, <, G_N_ELEMENTS(known)); /* a bare '&' would be the value's own */
            g_string_append_c(out, known[i].c);
            p += strlen(known[i].reference);
        } else {
            g_assert_true(*p != '<' && *p != '>' && *p != '"' && *p != '\'');
            g_string_append_c(out, *p++);
        }
    }
    return g_string_free(out, FALSE);
}

/* What a value may at most become: controls blanks, CR LF a newline, bad bytes U+FFFD. */
static inline char *neutral(const char *value)
{
    g_autofree char *valid = g_utf8_make_valid(value, -1);
    GString *out = g_string_new(NULL);
    for (const char *p = valid; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (c == '\r' && p[1] == '\n')
            continue;
        if (c == '\r')
            c = '\n';
        if (g_unichar_iscntrl(c) && c != '\n' && c != '\t')
            c = ' ';
        g_string_append_unichar(out, c);
    }
    return g_string_free(out, FALSE);
}

#endif
