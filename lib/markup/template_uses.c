/* template_uses - which fields a template wants, and which of them it can do without */
#include <string.h>

#include "markup/template_compile.h"

static char *test_key(gconstpointer unit, const char *name)
{
    return g_strdup_printf("%p %s", unit, name);
}

static const char *first_step(const char *name)
{
    const char *dot = strchr(name, '.');
    g_autofree char *first = dot ? g_strndup(name, (gsize)(dot - name)) : g_strdup(name);
    return g_intern_string(first);
}

/* The sections around, the innermost first. */
static const char *const *sections_around(Compile *self)
{
    const char **sections = g_new0(const char *, self->opened + 1);
    guint count = 0;
    for (guint i = self->opened; i > 0; i--) {
        const Open *open = &self->open[i - 1];
        if (open->is_positive && open->pushes && !open->constant)
            sections[count++] = open->name;
    }
    g_ptr_array_add(self->program->paths, sections);
    return sections;
}

void compile_use(Compile *self, const Source *source, guint line, const char *name, TagKind kind)
{
    if (g_str_equal(name, "."))
        return;
    TemplateUse *use = g_new0(TemplateUse, 1);
    use->name = first_step(name);
    use->dotted = g_intern_string(name);
    use->file = source->file ? g_intern_string(source->file) : NULL;
    use->line = line;
    use->sections = sections_around(self);
    use->is_section = kind == TAG_SECTION || kind == TAG_INVERTED;
    for (guint i = self->opened; i > 0; i--) {
        const Open *open = &self->open[i - 1];
        if (!open->is_positive || !open->pushes || open->constant)
            continue;
        if (open->first == use->name)
            use->guarded = TRUE;
        else if (!use->within)
            use->within = open->name;
    }
    if (kind == TAG_INVERTED)
        g_hash_table_add(self->tested, test_key(source->unit, use->name));
    g_ptr_array_add(self->program->uses, use);
    g_ptr_array_add(self->units, (gpointer)source->unit);
}

void compile_end_uses(Compile *self)
{
    for (guint i = 0; i < self->program->uses->len; i++) {
        TemplateUse *use = g_ptr_array_index(self->program->uses, i);
        g_autofree char *key = test_key(g_ptr_array_index(self->units, i), use->name);
        use->is_tested = g_hash_table_contains(self->tested, key);
        use->guarded |= use->is_tested;
    }
}
