/* fieldcheck - whether an audience has every field that a letter uses */
#include "letter/fieldcheck.h"

#include <string.h>

#include "text/amount.h"
#include "base/error.h"
#include "letter/twincheck.h"
#include "template/template.h"

typedef struct {
    Audience *audience;
    const char *name; /* the audience's */
    Findings *findings;
    GHashTable *checked;    /* "field" or "field of rows" that lacks were counted of */
    const FieldsHook *hook; /* or NULL */
} Check;

/* --- whose name it is ------------------------------------------------------------------------ */

static gboolean has_column(const ChildRows *rows, const char *name)
{
    return g_strv_contains(child_rows_columns(rows), name);
}

/* The innermost rows around a use that have such a column, or NULL: then it is a field. With
 * `has_guard`, whether a section within those rows asks for it. */
static ChildRows *rows_with(const Check *self, const TemplateUse *use, gboolean *has_guard)
{
    gboolean guard = FALSE;
    for (const char *const *section = use->sections; *section; section++) {
        ChildRows *rows = audience_many(self->audience, *section);
        if (rows && has_column(rows, use->name)) {
            *has_guard = guard;
            return rows;
        }
        guard |= g_str_equal(*section, use->name);
    }
    *has_guard = FALSE;
    return NULL;
}

/* The innermost rows around a use, or NULL. */
static ChildRows *rows_around(const Check *self, const TemplateUse *use)
{
    ChildRows *rows = NULL;
    for (const char *const *section = use->sections; *section && !rows; section++)
        rows = audience_many(self->audience, *section);
    return rows;
}

/* --- findings -------------------------------------------------------------------------------- */

static void add(const Check *self, const TemplateUse *use, Severity severity, const char *id,
                char *text)
{
    findings_add(self->findings, severity, use->file, use->line, id, "%s", text);
    g_free(text);
}

static void add_unknown(const Check *self, const TemplateUse *use)
{
    /* With a guard the letter reads well for everyone; it may still be a slip of the finger. */
    Severity severity = use->guarded || use->is_section ? FINDING_WARNING : FINDING_ERROR;
    const ChildRows *rows = rows_around(self, use);
    const char *near = rows ? nearest_word(use->name, child_rows_columns(rows)) : NULL;
    g_autofree char *nor =
        rows ? g_strdup_printf(", nor a column of '%s'", child_rows_name(rows)) : g_strdup("");
    if (!near)
        near = nearest_word(use->name, audience_fields(self->audience));
    if (near)
        add(self, use, severity, "unknown-field",
            g_strdup_printf("no field '%s' in audience '%s'%s: did you mean '%s'?", use->name,
                            self->name, nor, near));
    else
        add(self, use, severity, "unknown-field",
            g_strdup_printf("no field '%s' in audience '%s'%s: 'circular lists %s' shows its "
                            "fields",
                            use->name, self->name, nor, self->name));
}

/* So many of `whom` (in the right number) have no value there; the first is `first`, at `at`. */
static void add_missing(const Check *self, const TemplateUse *use, guint64 without,
                        const char *whom, const char *first, const Location *at)
{
    const char *name = use->name;
    g_autofree char *place = location_text(at);
    add(self, use, FINDING_ERROR, "missing-value",
        g_strdup_printf("%" G_GUINT64_FORMAT
                        " %s %s no '%s', the first is %s (%s): fill it in, or write "
                        "{{#%s}}…{{/%s}} and {{^%s}}…{{/%s}} around what needs it",
                        without, whom, amount_form(without, "has", "have"), name, first, place,
                        name, name, name, name));
}

/* Of recipients; or of the rows of an address, which stand in one letter. */
static gboolean add_lacking(Check *self, const TemplateUse *use, gboolean grouped, GError **error)
{
    GError *inner = NULL;
    Recipient first = {0};
    const char *name = use->name;
    char *key = grouped ? g_strdup_printf("%s of %s", name, AUDIENCE_ROWS) : g_strdup(name);
    if (!g_hash_table_add(self->checked, key))
        return TRUE;
    guint64 without = grouped ? audience_rows_without(self->audience, name, &first, &inner)
                              : audience_without(self->audience, name, &first, &inner);
    if (inner) {
        g_propagate_error(error, inner);
        return FALSE;
    }
    const Location at = recipient_location(&first, name);
    if (without)
        add_missing(self, use, without,
                    grouped ? amount_form(without, "row of '" AUDIENCE_ROWS "'",
                                          "rows of '" AUDIENCE_ROWS "'")
                            : amount_form(without, "recipient", "recipients"),
                    first.key, &at);
    return TRUE;
}

/* Whether a use stands among the rows of an address, with no section of its own name within them. */
static gboolean is_grouped(const Check *self, const TemplateUse *use, gboolean *has_guard)
{
    FieldKind kind;
    gboolean guard = FALSE;
    for (const char *const *section = use->sections; *section; section++) {
        if (g_str_equal(*section, AUDIENCE_ROWS) && !audience_many(self->audience, *section) &&
            audience_field_kind(self->audience, *section, &kind) && kind == FIELD_ROWS) {
            *has_guard = guard;
            return TRUE;
        }
        guard |= g_str_equal(*section, use->name);
    }
    return FALSE;
}

static gboolean add_lacking_rows(Check *self, const TemplateUse *use, ChildRows *rows,
                                 GError **error)
{
    GError *inner = NULL;
    ChildRowsPlace first;
    const char *name = use->name;
    if (!g_hash_table_add(self->checked, g_strdup_printf("%s of %s", name, child_rows_name(rows))))
        return TRUE;
    guint64 without = child_rows_without(rows, name, &first, &inner);
    if (inner) {
        g_propagate_error(error, inner);
        return FALSE;
    }
    g_autofree char *whom =
        g_strdup_printf("row%s of '%s'", amount_form(without, "", "s"), child_rows_name(rows));
    g_autofree char *one = g_strdup_printf("one of %s", first.value);
    if (without)
        add_missing(self, use, without, whom, one, &first.at);
    return TRUE;
}

/* --- the kinds of fields --------------------------------------------------------------------- */

static void check_flag(const Check *self, const TemplateUse *use)
{
    if (!use->is_section)
        add(self, use, FINDING_ERROR, "flag-value",
            g_strdup_printf("'%s' is a yes or no: write {{#%s}}…{{/%s}} around what it stands for",
                            use->name, use->name, use->name));
}

/* Rows as such: only as a section, or for their number. */
static void check_rows(const Check *self, const TemplateUse *use)
{
    const char *name = use->name, *part = use->dotted + strlen(name);
    ChildRows *rows = audience_many(self->audience, name);
    if (g_str_equal(part, ".count") ||
        (use->is_section && (!*part || g_str_equal(part, ".several"))))
        return;
    if (!*part)
        add(self, use, FINDING_ERROR, "rows-value",
            g_strdup_printf("'%s' are rows: write {{#%s}}…{{/%s}} around what is said of each, or "
                            "{{%s.count}} for how many there are",
                            name, name, name, name));
    else if (g_str_equal(part, ".several"))
        add(self, use, FINDING_ERROR, "flag-value",
            g_strdup_printf("'%s' is a yes or no: write {{#%s}}…{{/%s}} around what it stands for",
                            use->dotted, use->dotted, use->dotted));
    else if (rows ? has_column(rows, part + 1)
                  : g_strv_contains(audience_fields(self->audience), part + 1))
        add(self, use, FINDING_ERROR, "rows-value",
            g_strdup_printf("'%s' are rows, each with its own '%s': write "
                            "{{#%s}}{{%s}}{{/%s}}",
                            name, part + 1, name, part + 1, name));
    else
        add(self, use, FINDING_ERROR, "unknown-field",
            g_strdup_printf("'%s' are rows: there is {{%s.count}} and {{#%s.several}}, but no "
                            "'%s'",
                            name, name, name, use->dotted));
}

/* Two rows of the joined sheet have it otherwise. */
static void check_ambiguous(const Check *self, const TemplateUse *use)
{
    Location at;
    const char *key = audience_ambiguous(self->audience, use->name, &at);
    if (!key || !g_hash_table_add(self->checked, g_strdup_printf("%s, ambiguous", use->name)))
        return;
    g_autofree char *place = location_text(&at);
    add(self, use, FINDING_ERROR, "join-twins",
        g_strdup_printf(
            "two rows of '%s' have another '%s', the second is %s: take one of them out", key,
            use->name, place));
}

static gboolean check_text(Check *self, const TemplateUse *use, ChildRows *rows, gboolean has_guard,
                           GError **error)
{
    if (!g_str_equal(use->name, use->dotted)) {
        add(self, use, FINDING_ERROR, "unknown-field",
            g_strdup_printf("no field '%s' in audience '%s': a field has no parts, write {{%s}}",
                            use->dotted, self->name, use->name));
        return TRUE;
    }
    gboolean grouped = !rows && is_grouped(self, use, &has_guard);
    if (use->is_section || use->is_tested || (rows || grouped ? has_guard : use->guarded))
        return TRUE;
    if (grouped && !self->hook)
        return add_lacking(self, use, TRUE, error);
    if (rows)
        return add_lacking_rows(self, use, rows, error);
    if (!self->hook)
        return add_lacking(self, use, FALSE, error);
    self->hook->wanted(self->hook->user, use, grouped);
    return TRUE;
}

static gboolean check_use(Check *self, const TemplateUse *use, GError **error)
{
    gboolean has_guard;
    FieldKind kind = FIELD_COLUMN;
    if (self->hook && g_strv_contains(self->hook->own, use->name))
        return TRUE;
    ChildRows *rows = rows_with(self, use, &has_guard);
    if (!rows && !audience_field_kind(self->audience, use->name, &kind)) {
        add_unknown(self, use);
        return TRUE;
    }
    switch (kind) {
    case FIELD_FLAG:
        if (g_str_equal(use->name, use->dotted)) {
            check_flag(self, use);
            return TRUE;
        }
        return check_text(self, use, rows, has_guard, error);
    case FIELD_ROWS:
        check_rows(self, use);
        return TRUE;
    case FIELD_COLUMN:
        if (!rows)
            check_ambiguous(self, use);
        return check_text(self, use, rows, has_guard, error);
    case FIELD_DERIVED:
        return check_text(self, use, rows, has_guard, error);
    }
    g_assert_not_reached();
}

gboolean fields_check(const Letter *letter, Audience *audience, const char *audience_name,
                      Findings *findings, GError **error)
{
    return fields_check_hooked(letter, audience, audience_name, NULL, findings, error) &&
           twins_check(letter, audience, findings, error);
}

gboolean fields_check_hooked(const Letter *letter, Audience *audience, const char *audience_name,
                             const FieldsHook *hook, Findings *findings, GError **error)
{
    g_autoptr(GHashTable) checked = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    Check self = {audience, audience_name, findings, checked, hook};
    const GPtrArray *uses = letter_uses(letter);
    for (guint i = 0; i < uses->len; i++)
        if (!check_use(&self, g_ptr_array_index(uses, i), error))
            return FALSE;
    return TRUE;
}

/* Whether a letter asks how many there are: then it is a list. */
static gboolean is_counted(const Letter *letter, const char *name)
{
    const GPtrArray *uses = letter_uses(letter);
    for (guint i = 0; i < uses->len; i++) {
        const TemplateUse *use = g_ptr_array_index(uses, i);
        const char *part = use->dotted + strlen(use->name);
        if (g_str_equal(use->name, name) &&
            (g_str_equal(part, ".count") || g_str_equal(part, ".several")))
            return TRUE;
    }
    return FALSE;
}

Value *fields_as_names(const Letter *letter)
{
    Value *map = value_new_map();
    for (const char *const *name = letter_fields(letter); *name; name++) {
        if (is_counted(letter, *name)) {
            Value *rows = value_new_list();
            for (guint i = 0; i < 2; i++)
                value_append(rows, value_new_map());
            value_set(map, *name, rows);
            continue;
        }
        g_autofree char *shown = g_strdup_printf("[%s]", *name);
        value_set_text(map, *name, shown);
    }
    return map;
}
