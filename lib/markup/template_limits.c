/* template_limits - how large and how deep a template may become */
#include "markup/template_compile.h"

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
