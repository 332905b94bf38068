/* fieldset - what a letter can name: a list's columns, and those derived from them by Mustache */
#include "list/fieldset.h"

#include <string.h>

#include "base/error.h"
#include "template/template.h"

struct Fieldset {
    GPtrArray *names;     /* of interned char *; NULL-terminated */
    GPtrArray *headings;  /* the same as the sheet has them */
    GPtrArray *templates; /* of Template *, one a derived field; NULL for one with an error */
    guint columns;
    GArray *added; /* of FieldKind: what stands behind the derived fields */
};

static void free_template(gpointer template)
{
    if (template)
        template_free(template);
}

/* Checks the names a template uses against the first `known` fields. */
static void check_uses(const Fieldset *self, const Template *template, guint known,
                       const char *config_file, guint line, Findings *findings)
{
    g_autoptr(GPtrArray) words = g_ptr_array_new();
    for (guint i = 0; i < known; i++)
        g_ptr_array_add(words, g_ptr_array_index(self->names, i));
    g_ptr_array_add(words, NULL);
    const GPtrArray *uses = template_uses(template);
    g_autoptr(GHashTable) warned = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) refused = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < uses->len; i++) {
        const TemplateUse *use = g_ptr_array_index(uses, i);
        const char *const *all = (const char *const *)words->pdata;
        if (strcmp(use->dotted, ".") == 0 || /* all fields are texts: a path leads nowhere */
            (strcmp(use->dotted, use->name) == 0 && g_strv_contains(all, use->name)))
            continue;
        gboolean harmless = use->guarded || use->is_section;
        if (!g_hash_table_add(harmless ? warned : refused, (gpointer)use->dotted))
            continue;
        const char *near = nearest_word(use->dotted, all);
        findings_add(findings, harmless ? FINDING_WARNING : FINDING_ERROR, config_file, line,
                     "unknown-field", "no column or field '%s'%s%s%s%s", use->dotted,
                     near ? " (did you mean '" : "", near ? near : "", near ? "'?)" : "",
                     harmless ? ": it is always empty" : "");
    }
}

static Template *compile(const Fieldset *self, guint known, const char *source,
                         const char *config_file, guint line, Findings *findings)
{
    TemplateOptions options = {
        .file = config_file, .first_line = line ? line : 1, .kind = TEMPLATE_FIELD};
    Template *template = template_new(source, &options, findings);
    if (template)
        check_uses(self, template, known, config_file, line, findings);
    return template;
}

/* A heading as a template can name it: no full stops (they are paths), no braces, no sign before it
 * (those are sections); newly allocated, "" when nothing is left. */
static char *template_name(const char *heading)
{
    g_autoptr(GString) name = g_string_new(NULL);
    heading += strspn(heading, "#^/!>&= ");
    for (; *heading; heading++)
        if (!strchr(".{}", *heading))
            g_string_append_c(name, *heading);
    return g_strdup(g_strstrip(name->str));
}

static gboolean check_name(const Fieldset *self, const char *name, const char *file, guint line,
                           Findings *findings)
{
    static const char *const kinds[] = {"column", "field", "flag", "field of rows"};
    g_autofree char *usable = template_name(name);
    g_autofree char *wrong = NULL;
    int place = fieldset_find(self, name);
    if (!*name)
        wrong = g_strdup("a field without a name");
    else if (strcmp(usable, name) != 0)
        wrong =
            g_strdup_printf("no template can name a field '%s': leave out '.', '{', '}', blanks "
                            "around it and a sign before it",
                            name);
    else if (place >= 0)
        wrong = g_strdup_printf("'%s' is the name of a %s already: give the field another", name,
                                kinds[fieldset_kind(self, (guint)place)]);
    if (wrong)
        findings_add(findings, FINDING_ERROR, file, line, "field-name", "%s", wrong);
    return !wrong;
}

/* Adds the columns, by their headings if a template can name them or another column has the name.
 */
static void add_columns(Fieldset *self, const char *const *columns)
{
    for (guint i = 0; columns[i]; i++) {
        g_autofree char *name = template_name(columns[i]);
        gboolean fits = *name && !g_strv_contains(columns, name) && fieldset_find(self, name) < 0;
        g_ptr_array_add(self->headings, (gpointer)g_intern_string(columns[i]));
        g_ptr_array_index(self->names, i) = (gpointer)g_intern_string(fits ? name : columns[i]);
        g_ptr_array_add(self->names, NULL);
        self->columns++;
    }
}

static void add_name(Fieldset *self, const char *name)
{
    g_ptr_array_index(self->names, self->names->len - 1) = (gpointer)g_intern_string(name);
    g_ptr_array_add(self->names, NULL);
}

void fieldset_doubt_bare(const Fieldset *self, const char *source, Severity severity,
                         const char *config_file, guint line, Findings *findings)
{
    g_autofree char *bare = g_strstrip(g_strdup(source));
    for (guint i = 0; i + 1 < self->names->len; i++) {
        const char *name = g_ptr_array_index(self->names, i);
        if (g_ascii_strcasecmp(name, bare) != 0)
            continue;
        findings_add(findings, severity, config_file, line, "bare-field",
                     "'%s' would be the word itself, the same for every row, and not what the "
                     "column has: write \"{{%s}}\"",
                     bare, name);
        return;
    }
}

Fieldset *fieldset_new(const char *const *columns, const FieldSpec *specs, const char *config_file,
                       Findings *findings)
{
    Fieldset *self = g_new0(Fieldset, 1);
    self->names = g_ptr_array_new();
    self->templates = g_ptr_array_new_with_free_func(free_template);
    self->headings = g_ptr_array_new();
    self->added = g_array_new(FALSE, FALSE, sizeof(FieldKind));
    g_ptr_array_add(self->names, NULL);
    add_columns(self, columns);
    for (; specs && specs->name; specs++) {
        if (!check_name(self, specs->name, config_file, specs->line, findings))
            continue;
        guint known = self->names->len - 1;
        fieldset_doubt_bare(self, specs->template, FINDING_WARNING, config_file, specs->line,
                            findings);
        g_ptr_array_add(self->templates,
                        compile(self, known, specs->template, config_file, specs->line, findings));
        add_name(self, specs->name);
    }
    return self;
}

gboolean fieldset_add(Fieldset *self, const char *name, FieldKind kind, const char *file,
                      guint line, Findings *findings)
{
    if (!check_name(self, name, file, line, findings))
        return FALSE;
    add_name(self, name);
    g_array_append_val(self->added, kind);
    return TRUE;
}

void fieldset_free(Fieldset *self)
{
    if (!self)
        return;
    g_ptr_array_unref(self->names);
    g_ptr_array_unref(self->headings);
    g_ptr_array_unref(self->templates);
    g_array_unref(self->added);
    g_free(self);
}

const char *const *fieldset_names(const Fieldset *self)
{
    return (const char *const *)self->names->pdata;
}

int fieldset_find(const Fieldset *self, const char *name)
{
    g_autofree char *wanted = g_utf8_normalize(name, -1, G_NORMALIZE_NFC);
    for (guint i = 0; wanted && i + 1 < self->names->len; i++)
        if (strcmp(g_ptr_array_index(self->names, i), wanted) == 0 ||
            (i < self->columns && strcmp(g_ptr_array_index(self->headings, i), wanted) == 0))
            return (int)i;
    return -1;
}

guint fieldset_columns(const Fieldset *self)
{
    return self->columns;
}

guint fieldset_derived(const Fieldset *self)
{
    return self->templates->len;
}

FieldKind fieldset_kind(const Fieldset *self, guint place)
{
    guint derived = fieldset_derived(self);
    if (place < self->columns)
        return FIELD_COLUMN;
    if (place < self->columns + derived)
        return FIELD_DERIVED;
    return g_array_index(self->added, FieldKind, place - self->columns - derived);
}

Value *fieldset_map(const Fieldset *self, const char *const *cells)
{
    Value *map = value_new_map();
    for (guint i = 0; i < self->columns; i++)
        value_set_text(map, g_ptr_array_index(self->names, i), cells[i]);
    return map;
}

gboolean fieldset_derive(const Fieldset *self, Value *map, GError **error)
{
    for (guint i = 0; i < self->templates->len; i++) {
        const Template *template = g_ptr_array_index(self->templates, i);
        const char *name = g_ptr_array_index(self->names, self->columns + i);
        g_autofree char *text =
            template ? template_render_text(template, map, error) : g_strdup("");
        if (!text)
            return FALSE;
        value_set_text(map, name, g_strstrip(text));
    }
    return TRUE;
}

struct Template *fieldset_template(const Fieldset *self, const char *source,
                                   const char *config_file, guint line, Findings *findings)
{
    return compile(self, self->names->len - 1, source, config_file, line, findings);
}
