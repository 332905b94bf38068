/* template_partial - one template used within another */
#include <string.h>

#include "template/template_compile.h"

/* The partial's text with `indent` before each line that holds anything. */
static char *indent_lines(const char *text, const char *indent)
{
    GString *out = g_string_new(NULL);
    while (*text) {
        const char *end = strchr(text, '\n');
        end = end ? end + 1 : text + strlen(text);
        if (*text != '\n' && *text != '\r')
            g_string_append(out, indent);
        g_string_append_len(out, text, end - text);
        text = end;
    }
    return g_string_free(out, FALSE);
}

/* The blanks before a partial that stands alone on its line go before each of its lines. Not in a
 * page, where they mean nothing but within <pre>, and not in paragraphs, which are wrapped. */
static char *find_indent(const Compile *self, const Tag *tag, const char *text)
{
    gboolean is_flowed = self->options->kind == TEMPLATE_TEXT && strchr(text, FLOW_BEGIN);
    if (!tag->standalone || self->options->kind == TEMPLATE_HTML || is_flowed)
        return g_strdup("");
    return g_strndup(tag->line_start, (gsize)(tag->start - tag->line_start));
}

/* The same partial, indented alike, that is being compiled around this place; or NULL. */
static const Within *find_within(const Compile *self, const TemplatePartial *partial,
                                 const char *indent)
{
    for (guint i = 0; i < self->withins; i++)
        if (self->within[i].partial == partial &&
            (!indent || g_str_equal(self->within[i].indent, indent)))
            return &self->within[i];
    return NULL;
}

static gboolean compile_found(Compile *self, const TemplatePartial *partial, const char *indent,
                              const Source *outer, guint line)
{
    g_autofree char *text = indent_lines(partial->source, *indent ? indent : "");
    gboolean has_lines = self->options->partials_file && strchr(text, FLOW_LINE);
    Source source = {.text = text,
                     .length = strlen(text),
                     .file = has_lines ? self->options->partials_file : partial->name,
                     .first_line = 1,
                     .is_text = partial->is_text,
                     .unit = partial};
    if (!compile_spend(self, outer, line, source.length) || !compile_deeper(self, outer, line))
        return FALSE;

    gboolean may_recur = self->options->kind == TEMPLATE_SPEC;
    guint node = may_recur ? program_add(self->program, NODE_PARTIAL) : 0;
    self->barrier = MAX(self->barrier, may_recur ? node + 1 : 0);
    self->within[self->withins++] = (Within){partial, indent, node};
    gboolean ok = compile_text(self, &source);
    self->withins--;
    self->depth--;
    if (may_recur) {
        program_node(self->program, node)->end = self->program->nodes->len;
        self->barrier = self->program->nodes->len;
    }
    return ok;
}

gboolean compile_partial(Compile *self, const Source *outer, const Tag *tag)
{
    guint line = source_tag_line(outer, tag);
    const TemplatePartial *partial = self->options->partials;
    while (partial && partial->name && !g_str_equal(partial->name, tag->name))
        partial++;
    if (!partial || !partial->name) {
        if (self->options->strict_partials)
            compile_fail(self, outer, line, "template-partial",
                         "no such partial: '%s': correct its name", tag->name);
        return TRUE;
    }
    g_autofree char *indent = find_indent(self, tag, partial->source);
    const Within *within =
        find_within(self, partial, self->options->kind == TEMPLATE_SPEC ? indent : NULL);
    if (!within)
        return compile_found(self, partial, indent, outer, line);
    if (self->options->kind != TEMPLATE_SPEC) {
        compile_fail(self, outer, line, "template-partial",
                     "the partial '%s' uses itself: take that out", tag->name);
        return FALSE;
    }
    guint node = program_add(self->program, NODE_CALL);
    program_node(self->program, node)->number = within->node;
    return TRUE;
}
