/* template_literal - what stands between a template's tags */
#include "markup/template_compile.h"

void compile_fail_place(Compile *self, Source *source, const char *at, const char *problem)
{
    compile_fail(self, source, source_line(source, at), "template-place", "%s", problem);
}

void compile_emit(Compile *self, const char *bytes, gsize length)
{
    NodeKind kind = self->place.text == TEXT_OPEN ? NODE_LITERAL : NODE_TEXT;
    program_add_bytes(self->program, kind, bytes, length, self->barrier);
}

/* Text that is to be escaped like a value. */
static void compile_escaped(Compile *self, Source *source, const char *from, const char *to,
                            Escape how)
{
    gsize length;
    g_autoptr(GString) scratch = g_string_new(NULL);
    const char *problem = escape_problem(how, from, (gsize)(to - from));
    if (problem)
        compile_fail(self, source, source_line(source, from), "template-place",
                     "a text that can't be part of a file's name: it %s", problem);
    const char *bytes = escape_bytes(how, from, (gsize)(to - from), scratch, &length);
    compile_emit(self, bytes, length);
}

static void compile_text_partial(Compile *self, Source *source, const char *from, const char *to)
{
    Escape how;
    const char *problem = place_value(&self->place, &how);
    if (!problem && (how == ESCAPE_URL_HTML || how == ESCAPE_URL_TEXT))
        problem = "a text can't be a whole link: write the link's beginning before it";
    if (problem)
        compile_fail_place(self, source, from, problem);
    else
        compile_escaped(self, source, from, to, how);
}

void compile_literal(Compile *self, Source *source, const char *from, const char *to)
{
    if (from == to || self->dead)
        return;
    self->pair.name = NULL;
    switch (self->options->kind) {
    case TEMPLATE_SPEC:
    case TEMPLATE_FIELD:
        compile_emit(self, from, (gsize)(to - from));
        break;
    case TEMPLATE_HEADER:
        compile_escaped(self, source, from, to, ESCAPE_HEADER);
        break;
    case TEMPLATE_PATH:
        if (source->is_text)
            compile_escaped(self, source, from, to, ESCAPE_PATH);
        else
            compile_emit(self, from, (gsize)(to - from));
        break;
    case TEMPLATE_HTML:
    case TEMPLATE_TEXT:
        if (source->is_text)
            compile_text_partial(self, source, from, to);
        else
            compile_marked(self, source, from, to);
        break;
    }
}
