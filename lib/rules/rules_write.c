/* rules_write - circular-check(7), written from the tables of rules */
#include "rules/rule.h"

#include <string.h>

enum { COLUMNS = 78 };

static const struct {
    const char *title, *about;
} chapters[RULE_GROUPS] = {
    [RULES_CONTENT] = {"Content", "What the update says, and how it is written."},
    [RULES_LETTER] = {"Letter", "What comes out when the update is set into its layouts and merged "
                                "with each recipient."},
    [RULES_LIST] = {"List", "Who gets it. These are looked at when an audience is given."},
    [RULES_SENDER] = {"Sender", "Who it is from, and whether it will be believed."},
};

static const char head[] =
    ".Dd November 23, 2026\n"
    ".Dt CIRCULAR-CHECK 7\n"
    ".Os\n"
    ".Sh NAME\n"
    ".Nm circular-check\n"
    ".Nd what circular finds in a letter before it leaves\n"
    ".Sh DESCRIPTION\n"
    ".Ql circular check\n"
    "reads an update, its layouts and its list as they would be sent, sends nothing, and prints "
    "what\n"
    "it finds, a line each, as a compiler does:\n"
    ".Bd -literal -offset indent\n"
    "updates/spring.md:12: warning: Monday 7 January 2025 is a Tuesday [wrong-weekday]\n"
    ".Ed\n"
    ".Pp\n"
    "An\n"
    ".Em error\n"
    "stops a plan.\n"
    "A\n"
    ".Em warning\n"
    "is something that a careful office would fix first.\n"
    "A\n"
    ".Em note\n"
    "is good to know.\n"
    "The word in brackets is the rule; each has a section below: what it is, why it is looked for "
    "and\n"
    "on whose authority, and how to fix it.\n"
    ".Ss Silencing\n"
    "For the whole update, name the rule in the front matter:\n"
    ".Bd -literal -offset indent\n"
    "allow: [no-preheader, reading-age]\n"
    ".Ed\n"
    ".Pp\n"
    "For one place, write a comment on a line of its own before it;\n"
    "it holds for what follows up to the next blank line:\n"
    ".Bd -literal -offset indent\n"
    "<!-- circular: allow capitals, link-text -->\n"
    "THIS WAY UP, says the box. Read more [here](https://northmere.example.org/box).\n"
    ".Ed\n"
    ".Pp\n"
    "At the end of a line the comment holds for that line.\n"
    "It is nowhere in the letter.\n"
    "What is found in a list, the config or the theme is silenced for the whole update only.\n"
    "Errors can't be silenced; an\n"
    ".Ic allow\n"
    "that silences nothing is itself found.\n"
    ".Sh RULES\n";

static const char tail[] =
    ".Sh JSON\n"
    "With\n"
    ".Fl -json\n"
    "one object is printed, with\n"
    ".Bl -tag -width \"silenced\" -compact\n"
    ".It Va schema\n"
    ".Dq circular-check/1 ;\n"
    "a member may be added without a new number, none is renamed or taken away.\n"
    ".It Va update , audience\n"
    "As they were given; the audience may be\n"
    ".Ql null .\n"
    ".It Va letters\n"
    "How many would be planned; 0 without an audience.\n"
    ".It Va counts\n"
    "An object with\n"
    ".Va error , warning\n"
    "and\n"
    ".Va note :\n"
    "how many of each, also where only the first 100 of a kind are listed.\n"
    ".It Va silenced\n"
    "How many an\n"
    ".Ic allow\n"
    "took out.\n"
    ".It Va findings\n"
    "An array of objects with\n"
    ".Va file\n"
    "(or\n"
    ".Ql null ) ,\n"
    ".Va line\n"
    "(0 for the whole file),\n"
    ".Va severity , id , text\n"
    "and\n"
    ".Va fix .\n"
    ".It Va variety\n"
    "The recipients in whom the letter shows what it can do, as\n"
    ".Ql circular preview --variety\n"
    "writes them; not without an audience.\n"
    ".El\n"
    ".Sh SEE ALSO\n"
    ".Xr circular 1 ,\n"
    ".Xr circular-config 5\n"
    ".Rs\n"
    ".%T Web Content Accessibility Guidelines (WCAG) 2.2\n"
    ".%U https://www.w3.org/TR/WCAG22/\n"
    ".Re\n";

/* Appends the words, wrapped; each sentence begins a line, as mdoc wants it. */
static void append_words(GString *out, const char *text)
{
    g_auto(GStrv) words = g_strsplit(text, " ", -1);
    gsize column = 0;
    gboolean ended = FALSE;
    for (char **word = words; *word; word++) {
        gsize length = strlen(*word);
        if (column && (ended || column + 1 + length > COLUMNS)) {
            g_string_append_c(out, '\n');
            column = 0;
        } else if (column) {
            g_string_append_c(out, ' ');
            column++;
        }
        if (!column && strchr(".'", **word))
            g_string_append(out, "\\&"); /* else it would be a macro */
        g_string_append(out, *word);
        column += length;
        ended = length && (*word)[length - 1] == '.';
    }
    g_string_append_c(out, '\n');
}

static const char *needs_text(RuleNeeds needs)
{
    switch (needs) {
    case RULE_ALWAYS:
        return NULL;
    case RULE_WITH_AUDIENCE:
        return "Looked for when an audience is given.";
    case RULE_WITH_LEDGER:
        return "Looked for when an audience is given and something was planned before.";
    case RULE_WITH_LINKS:
        return "Looked for with --links.";
    case RULE_WITH_DNS:
        return "Looked for with --dns.";
    }
    g_assert_not_reached();
}

static void write_rule(GString *out, const Rule *rule)
{
    g_string_append_printf(out, ".It Ic %s Pq %s\n", rule->id, severity_name(rule->severity));
    g_autofree char *what = g_strdup_printf("%s.", rule->what);
    what[0] = g_ascii_toupper(what[0]);
    append_words(out, what);
    append_words(out, rule->why);
    if (needs_text(rule->needs))
        append_words(out, needs_text(rule->needs));
    g_string_append(out, ".br\n.Em To fix it :\n");
    append_words(out, rule->fix);
}

void rules_write_man(GString *out)
{
    g_string_append(out, head);
    for (int group = 0; group < RULE_GROUPS; group++) {
        g_string_append_printf(out, ".Ss %s\n", chapters[group].title);
        append_words(out, chapters[group].about);
        g_string_append(out, ".Bl -tag -width Ds\n");
        for (const Rule *rule = rules_of((RuleGroup)group); rule->id; rule++)
            write_rule(out, rule);
        g_string_append(out, ".El\n");
    }
    g_string_append(out, tail);
}
