/* rule - what is looked for in a letter before it leaves, in tables */
#include "rules/rule.h"

#include <string.h>

#include "base/error.h"
#include "render/outline.h"

static const Rule *const tables[RULE_GROUPS][6] = {
    [RULES_CONTENT] = {RULES_OF_CONTENT, RULES_OF_DATES, RULES_OF_LINKS, RULES_OF_UPDATES,
                       RULES_OF_NOTICES, NULL},
    [RULES_LETTER] = {RULES_OF_LETTERS, RULES_OF_LAYOUTS, NULL},
    [RULES_LIST] = {RULES_OF_LISTS, RULES_OF_SHEETS, NULL},
    [RULES_SENDER] = {RULES_OF_SENDERS, NULL},
};

typedef struct {
    GArray *rules[RULE_GROUPS]; /* of Rule, NULL-terminated */
    GHashTable *by_id;          /* id -> Rule */
    GPtrArray *ids;             /* NULL-terminated */
} Index;

static gpointer make_index(gpointer unused)
{
    (void)unused;
    static const Rule end = {.id = NULL};
    Index *index = g_new0(Index, 1);
    index->by_id = g_hash_table_new(g_str_hash, g_str_equal);
    index->ids = g_ptr_array_new();
    for (int group = 0; group < RULE_GROUPS; group++) {
        index->rules[group] = g_array_new(FALSE, FALSE, sizeof(Rule));
        for (const Rule *const *table = tables[group]; *table; table++)
            for (const Rule *rule = *table; rule->id; rule++) {
                g_array_append_vals(index->rules[group], rule, 1);
                gboolean is_new =
                    g_hash_table_insert(index->by_id, (gpointer)rule->id, (gpointer)rule);
                g_assert(is_new && rule->group == (RuleGroup)group);
                g_ptr_array_add(index->ids, (gpointer)rule->id);
            }
        g_array_append_vals(index->rules[group], &end, 1);
    }
    g_ptr_array_add(index->ids, NULL);
    return index;
}

static const Index *the_index(void)
{
    static GOnce once = G_ONCE_INIT;
    return g_once(&once, make_index, NULL);
}

const Rule *rules_of(RuleGroup group)
{
    return (const Rule *)(const void *)the_index()->rules[group]->data;
}

const Rule *rule_find(const char *id)
{
    return g_hash_table_lookup(the_index()->by_id, id);
}

const char *rule_near(const char *typed)
{
    return nearest_word(typed, (const char *const *)the_index()->ids->pdata);
}

/* The marks that an outline has for fields and sections are no words of the author's. */
static char *without_marks(const char *text)
{
    GString *out = g_string_new(text);
    g_string_replace(out, OUTLINE_FIELD, "…", 0);
    g_string_replace(out, OUTLINE_GUARD, "", 0);
    return g_strdelimit(g_string_free(out, FALSE), "\t\n", ' ');
}

void rule_report(Findings *findings, const char *id, const char *file, guint line,
                 const char *format, ...)
{
    const Rule *rule = rule_find(id);
    g_assert(rule);
    va_list args;
    va_start(args, format);
    g_autofree char *whole = g_strdup_vprintf(format, args);
    g_autofree char *text = without_marks(whole);
    va_end(args);
    findings_add(findings, rule->severity, file, line, id, "%s", text);
}
