/* template_limits - what compiling a template may spend, and how it says where it failed */
#include <stdarg.h>

#include "markup/template_compile.h"

void compile_fail(Compile *self, const Source *source, guint line, const char *id,
                  const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    findings_add(self->findings, FINDING_ERROR, source->file, line, id, "%s", text);
    self->failed = TRUE;
}

guint source_line(Source *source, const char *at)
{
    if (source->mark_line)
        return source->mark_line;
    if (!source->counted || at < source->counted) {
        source->counted = source->text;
        source->counted_line = source->first_line;
    }
    for (; source->counted < at; source->counted++)
        source->counted_line += *source->counted == '\n';
    return source->counted_line;
}

guint source_tag_line(const Source *source, const Tag *tag)
{
    return source->mark_line ? source->mark_line : tag->line;
}

gboolean compile_spend(Compile *self, const Source *source, guint line, gsize bytes)
{
    if (bytes <= self->budget) {
        self->budget -= bytes;
        return TRUE;
    }
    self->budget = 0;
    compile_fail(self, source, line, "template-limit",
                 "a template and its partials are over %d bytes: use fewer or shorter ones",
                 TEMPLATE_SOURCE_MAX);
    return FALSE;
}

gboolean compile_give(Compile *self, const Source *source, guint line, gsize bytes)
{
    if (bytes <= self->room) {
        self->room -= bytes;
        return TRUE;
    }
    self->room = 0;
    compile_fail(self, source, line, "template-limit",
                 "what is the same in every letter is over %d bytes: shorten it",
                 TEMPLATE_OUTPUT_MAX);
    return FALSE;
}

gboolean compile_deeper(Compile *self, const Source *source, guint line)
{
    if (self->depth < TEMPLATE_DEPTH_MAX) {
        self->depth++;
        return TRUE;
    }
    compile_fail(self, source, line, "template-limit",
                 "over %d sections and partials within one another: take some out",
                 TEMPLATE_DEPTH_MAX);
    return FALSE;
}
