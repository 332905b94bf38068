/* fieldcheck - whether an audience has every field that a letter uses */
#include "run/fieldcheck.h"

#include <string.h>

#include "base/error.h"
#include "markup/template.h"

static void add_unknown(const TemplateUse *use, const char *const *known, const char *audience,
                        Findings *findings)
{
    /* With a guard the letter reads well for everyone; it may still be a slip of the finger. */
    Severity severity = use->guarded || use->is_section ? FINDING_WARNING : FINDING_ERROR;
    const char *near = nearest_word(use->name, known);
    if (near)
        findings_add(findings, severity, use->file, use->line, "unknown-field",
                     "no field '%s' in audience '%s': did you mean '%s'?", use->name, audience,
                     near);
    else
        findings_add(findings, severity, use->file, use->line, "unknown-field",
                     "no field '%s' in audience '%s': 'circular lists %s' shows its fields",
                     use->name, audience, audience);
}

static gboolean add_lacking(const TemplateUse *use, Audience *audience, Findings *findings,
                            GError **error)
{
    GError *inner = NULL;
    Recipient first = {0};
    guint64 without = audience_without(audience, use->name, &first, &inner);
    if (inner) {
        g_propagate_error(error, inner);
        return FALSE;
    }
    if (without)
        findings_add(findings, FINDING_ERROR, use->file, use->line, "missing-value",
                     "%" G_GUINT64_FORMAT " recipient%s no '%s', the first is %s (%s:%u): fill it "
                     "in, or write {{#%s}}…{{/%s}} and {{^%s}}…{{/%s}} around what needs it",
                     without, without == 1 ? " has" : "s have", use->name, first.key, first.file,
                     first.line, use->name, use->name, use->name, use->name);
    return TRUE;
}

gboolean fields_check(const Letter *letter, Audience *audience, const char *audience_name,
                      Findings *findings, GError **error)
{
    const char *const *known = audience_fields(audience);
    const GPtrArray *uses = letter_uses(letter);
    g_autoptr(GHashTable) checked = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < uses->len; i++) {
        const TemplateUse *use = g_ptr_array_index(uses, i);
        FieldKind kind;
        if (!audience_field_kind(audience, use->name, &kind))
            kind = FIELD_COLUMN;
        if (!g_str_equal(use->name, use->dotted))
            findings_add(findings, FINDING_ERROR, use->file, use->line, "unknown-field",
                         "no field '%s' in audience '%s': a field has no parts, write {{%s}}",
                         use->dotted, audience_name, use->name);
        else if (!g_strv_contains(known, use->name))
            add_unknown(use, known, audience_name, findings);
        else if (kind == FIELD_FLAG && !use->is_section)
            findings_add(findings, FINDING_ERROR, use->file, use->line, "flag-value",
                         "'%s' is a yes or no: write {{#%s}}…{{/%s}} around what it stands for",
                         use->name, use->name, use->name);
        else if (!use->guarded && !use->is_section &&
                 g_hash_table_add(checked, (gpointer)use->name) &&
                 !add_lacking(use, audience, findings, error))
            return FALSE;
    }
    return TRUE;
}

Value *fields_as_names(const Letter *letter)
{
    Value *map = value_new_map();
    for (const char *const *name = letter_fields(letter); *name; name++) {
        g_autofree char *shown = g_strdup_printf("[%s]", *name);
        value_set_text(map, *name, shown);
    }
    return map;
}
