/* template_compile - a template's source made into a program, step by step
 *
 * Shared by the files that compile: template.c (tags), template_literal.c (what is between them)
 * and template_uses.c (which fields they want). Private to them.
 */
#ifndef TEMPLATE_TEMPLATE_COMPILE_H
#define TEMPLATE_TEMPLATE_COMPILE_H

#include <glib.h>

#include "template/html_context.h"
#include "template/program.h"
#include "template/tags.h"

/* One text being compiled: the template's own or a partial's. */
typedef struct {
    const char *text;
    gsize length;
    const char *file;
    guint first_line;
    gboolean is_text;
    gconstpointer unit;  /* tells one text from another when tests for fields are looked for */
    const char *counted; /* lines are counted up to here: `counted_line` is its number */
    guint counted_line;
    guint mark_line; /* the author's line by the last FLOW_LINE, or 0 */
    Tags tags;
    Tags before; /* as it was before the tag at hand, to look ahead from */
} Source;

/* A section that is open, or a constant's. */
typedef struct {
    const char *name;      /* interned; the whole dotted name */
    const char *first;     /* interned; its first step */
    gboolean is_positive;  /* {{#x}} */
    gboolean pushes;       /* names within it are looked up in `constant`, */
    const Value *constant; /* or in what is only known when rendering if this is NULL */
} Open;

/* A partial that is being compiled. */
typedef struct {
    const TemplatePartial *partial;
    const char *indent;
    guint node;
} Within;

/* The end of the section just closed, in case its opposite follows at once: then one of both is
 * rendered, and each begins where the first began. */
typedef struct {
    const char *name; /* or NULL */
    gboolean is_positive;
    guint node; /* the first after the section */
    HtmlContext start, end;
} Pair;

typedef struct {
    const TemplateOptions *options;
    Findings *findings;
    Template *program;
    gboolean failed;
    gsize budget;  /* bytes of source that may still be compiled */
    gsize room;    /* bytes that constants and paragraphs may still come to */
    guint depth;   /* of sections and partials */
    guint dead;    /* sections around that a constant has switched off */
    guint barrier; /* no literal before this node can be lengthened */
    HtmlContext place;
    Pair pair;
    Open open[TEMPLATE_DEPTH_MAX];
    guint opened;
    Within within[TEMPLATE_DEPTH_MAX];
    guint withins;
    WrapLists lists;
    guint block;         /* the open paragraph's or table's node */
    guint block_barrier; /* the barrier before it */
    GPtrArray *units;    /* of each use: the unit of its text */
    GHashTable *tested;  /* "unit name" of each {{^name}} */
} Compile;

/* Adds an error finding. */
void compile_fail(Compile *self, const Source *source, guint line, const char *id,
                  const char *format, ...) G_GNUC_PRINTF(5, 6);

/* The same for a field or literal at a place where it can't stand. */
void compile_fail_place(Compile *self, Source *source, const char *at, const char *problem);

/* The author's line of a byte of the source. */
guint source_line(Source *source, const char *at);

/* The author's line of the tag at hand. */
guint source_tag_line(const Source *source, const Tag *tag);

/* Goes one section or partial deeper; FALSE with a finding at TEMPLATE_DEPTH_MAX. */
gboolean compile_deeper(Compile *self, const Source *source, guint line);

/* Spends so much of the budget; FALSE with a finding when it is used up. */
gboolean compile_spend(Compile *self, const Source *source, guint line, gsize bytes);

/* The same for what constants and constant paragraphs come to, up to TEMPLATE_OUTPUT_MAX. */
gboolean compile_give(Compile *self, const Source *source, guint line, gsize bytes);

/* Adds bytes that are fit for their place. */
void compile_emit(Compile *self, const char *bytes, gsize length);

/* Compiles a whole source. FALSE when it makes no sense to go on. */
gboolean compile_text(Compile *self, Source *source);

/* Compiles {{>partial}}. FALSE when it makes no sense to go on; template_partial.c. */
gboolean compile_partial(Compile *self, const Source *outer, const Tag *tag);

/* Compiles the literal bytes [from, to) of the source. */
void compile_literal(Compile *self, Source *source, const char *from, const char *to);

/* Compiles bytes of a TEMPLATE_TEXT or TEMPLATE_HTML with the marks of template/wrap.h;
 * template_flow.c. */
void compile_marked(Compile *self, Source *source, const char *from, const char *to);

/* Notes a use of `name` at a line; template_uses.c. */
void compile_use(Compile *self, const Source *source, guint line, const char *name, TagKind kind);

/* Says of each use whether it is guarded, when all is compiled. */
void compile_end_uses(Compile *self);

#endif
