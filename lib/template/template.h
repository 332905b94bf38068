/* template - Mustache, compiled to a program and escaped by place
 *
 * The full core specification of Mustache (mustache(5)): variables, sections, inverted sections,
 * comments, partials, delimiters. Beyond it, escaping follows the place where a field stands, as in
 * Go's html/template: the kind of template and, in HTML, the text around the tag decide it, never
 * the author. In every kind but TEMPLATE_SPEC, {{{x}}} and {{&x}} are escaped just like {{x}}: a
 * value is never markup.
 *
 * Of a list, {{x.count}} is the number of items (as a section: whether there are any), and
 * {{#x.several}} is for more than one. {{#x.any}} asks of any value what {{#x}} does, and renders
 * its content once.
 *
 * A template is compiled once and rendered many times. A rendering hands its caller the literals by
 * number and the values as bytes, so that what never changes can be encoded once.
 */
#ifndef TEMPLATE_TEMPLATE_H
#define TEMPLATE_TEMPLATE_H

#include <glib.h>

#include "base/finding.h"
#include "base/value.h"
#include "template/typeset.h"

enum {
    TEMPLATE_SOURCE_MAX = 1 << 20, /* bytes of a source, partials counted each time they are used */
    TEMPLATE_DEPTH_MAX = 64,       /* sections and partials within one another */
    TEMPLATE_LATE = 2,             /* constants that differ by rendering */
    TEMPLATE_OUTPUT_MAX = 16 << 20 /* bytes that one rendering may give */
};

typedef enum {
    TEMPLATE_SPEC,  /* as the specification says: {{x}} HTML-escaped, {{{x}}} raw */
    TEMPLATE_FIELD, /* a derived field: the values as they are */
    TEMPLATE_HTML,  /* a page: text, attribute or URL, whichever the place is */
    TEMPLATE_TEXT,  /* plain text; paragraphs marked by template/wrap.h are wrapped when rendered */
    TEMPLATE_HEADER, /* a header's value: control characters and line ends become one space */
    TEMPLATE_PATH, /* a file's path: a value that is empty, holds '/', '\' or a control character or
                    * begins with '.' fails */
} TemplateKind;

/* A partial. Its text is markup of the template's own kind, or (`is_text`) plain text whose literal
 * bytes are escaped for the place where the partial is used, as a value would be; tags in it work
 * either way. Only in TEMPLATE_SPEC may a partial use itself. The blanks before a partial that
 * stands alone on its line go before each of its lines, but not in TEMPLATE_HTML nor before the
 * paragraphs of template/wrap.h. */
typedef struct {
    const char *name;
    const char *source;
    gboolean is_text;
} TemplatePartial;

typedef struct {
    const char *file; /* for findings; may be NULL */
    guint first_line; /* of `source` in that file; 1 for a whole file */
    TemplateKind kind;
    const TemplatePartial *partials;  /* ends with a NULL name; may be NULL */
    const Value *constants;           /* names resolved once, when compiling; a map, may be NULL.
                                      * They go before the fields. A section over a constant is
                                      * decided once too. Only constants may stand in a style. */
    const Value *late[TEMPLATE_LATE]; /* of the constants (their very Values), or NULL: their texts
                                       * are examples, of the kind that every letter's are; each
                                       * rendering gives its own */
    const char *const *open_steps;    /* steps that constants may lack: {{letter.copy_of}} is then
                                    * asked of the fields, at each rendering. NULL: none */
    const char *partials_file; /* for findings in partials that hold FLOW_LINE marks: the file
                                * that their lines are of. NULL, and for others: their name */
    gboolean strict_partials;  /* an unknown partial is an error, not an empty text */
} TemplateOptions;

typedef struct Template Template;

/* Compiles; NULL when an error was added to `findings` (unclosed or crossed section, unclosed tag,
 * bad delimiter, recursion, a constant without the step that is asked for, a tag in a place where
 * no value can be safe - an unquoted attribute, an on* or style attribute, inside <script> or
 * <style>, a link's scheme or the end of its site -, limits), each with file and line and a fix.
 * Ids: template-tag, -section, -place, -partial, -constant, -mark, -encoding, -limit.
 *
 * Whether a section is rendered or not, or many times over, the page must be at the same place
 * after it: a section that opens a tag, quote, comment or paragraph and doesn't close it is an
 * error. Only within a link may {{#x}}...{{/x}}{{^x}}...{{/x}}, with nothing between, each write
 * their own. */
Template *template_new(const char *source, const TemplateOptions *options, Findings *findings);
void template_free(Template *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Template, template_free)

/* One use of a name, in the order of the source, for checking against a list's columns. */
typedef struct {
    const char *name; /* the first step of a dotted name */
    const char *dotted;
    const char *file;
    guint line;
    gboolean is_section; /* {{#x}} or {{^x}} */
    gboolean guarded;    /* stands within {{#name}}, or the same template tests it with {{^name}} */
    const char *within; /* innermost enclosing {{#section}} that is not the name itself, or NULL: in
                         * a list section the name may be a column of the inner rows */
    const char *const *sections; /* all {{#sections}} around it, `name` among them, the innermost
                                  * first; dotted names, NULL-terminated */
    gboolean is_tested;          /* the same template tests it with {{^name}} */
} TemplateUse;

/* The uses; of TemplateUse, owned by the template. */
const GPtrArray *template_uses(const Template *self);

/* Literals are numbered from 0 to template_literals()-1. Borrowed bytes. */
guint template_literals(const Template *self);
const char *template_literal(const Template *self, guint number, gsize *length);

/* Receives a rendering in order. `value` gets escaped bytes. `late` is what the late constants say
 * this time, in the order of the options; NULL: the example. */
typedef struct {
    void (*literal)(void *user, guint number);
    void (*value)(void *user, const char *bytes, gsize length);
    void *user;
    const char *late[TEMPLATE_LATE];
    TypesetMemo *memo; /* of renderings with the same map, or NULL */
} TemplateSink;

/* Renders with a map. FALSE with DATA when the output passes TEMPLATE_OUTPUT_MAX or a path's value
 * is unsafe; what the sink then has is incomplete. Any number of threads may render one template.
 */
gboolean template_render(const Template *self, const Value *map, const TemplateSink *sink,
                         GError **error);

/* Whether the late constant of that number stands anywhere in it. */
gboolean template_has_late(const Template *self, guint number);

/* The same into a new string, the late constants as their examples; NULL with error. */
char *template_render_text(const Template *self, const Value *map, GError **error);

#endif
