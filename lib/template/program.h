/* program - what a template is compiled to
 *
 * A flat array of nodes in the order of the page; a node with content is followed by it and knows
 * where it ends. Literals outside paragraphs and tables are numbered, and neighbours are one.
 * Private to the template_*.c files: everyone else uses template/template.h.
 */
#ifndef TEMPLATE_PROGRAM_H
#define TEMPLATE_PROGRAM_H

#include <glib.h>

#include "template/escape.h"
#include "template/wrap.h"
#include "template/template.h"

typedef enum {
    NODE_LITERAL,   /* numbered, straight to the sink */
    NODE_TEXT,      /* the same within a paragraph or table */
    NODE_VALUE,     /* a field */
    NODE_LATE,      /* the constant that each rendering gives */
    NODE_SECTION,   /* its content up to `end` is rendered for each item */
    NODE_INVERTED,  /* ... or when there is none */
    NODE_PARTIAL,   /* content that a NODE_CALL may name (TEMPLATE_SPEC only) */
    NODE_CALL,      /* renders the content of that NODE_PARTIAL */
    NODE_PARAGRAPH, /* its content is wrapped */
    NODE_TABLE,     /* its content is laid out */
    NODE_CELL,      /* ends a cell */
    NODE_ROW,       /* ends a row */
    NODE_RULE,      /* in a table */
    NODE_LIST,      /* begins a list with number `number` */
    NODE_LIST_END,
} NodeKind;

/* A name as its steps, interned: "a.b" is {"a", "b"}, "." has none. */
typedef struct {
    const char *const *steps;
    guint count;
} Path;

typedef struct {
    NodeKind kind;
    Escape escape;            /* of a value or late constant */
    gboolean is_prose;        /* a value in running text */
    guint end;                /* the index after the content */
    guint number;             /* of a literal or a list; the index that a NODE_CALL names */
    char rule;                /* of a paragraph or NODE_RULE, or '\0' */
    Path path;                /* of a value or section */
    const char *alignments;   /* of a table */
    const char *first_prefix; /* of a paragraph; a table's */
    const char *rest_prefix;
} Node;

struct Template {
    TemplateKind kind;
    GArray *nodes;                   /* of Node */
    GPtrArray *literals;             /* of GString */
    GPtrArray *inner;                /* of GString: the texts of paragraphs and tables */
    GPtrArray *uses;                 /* of TemplateUse */
    GStringChunk *texts;             /* what nodes and uses point to */
    const char *late[TEMPLATE_LATE]; /* the examples of late constants, or NULL; in `texts` */
    GPtrArray *paths;                /* the steps that nodes point to, each g_malloc'ed */
};

Template *program_new(TemplateKind kind);

/* The node at `index`; valid until the next one is added. */
Node *program_node(const Template *self, guint index);

/* Adds a node of this kind, all else 0; returns its index. */
guint program_add(Template *self, NodeKind kind);

/* Adds a NODE_LATE with its example. */
void program_add_late(Template *self, Escape how, guint number, const char *example);

/* Adds a NODE_LITERAL or NODE_TEXT, or lengthens that before it if it is at `barrier` or after it.
 */
void program_add_bytes(Template *self, NodeKind kind, const char *bytes, gsize length,
                       guint barrier);

/* Takes away the nodes from `index` on, none of which may be a literal. */
void program_cut(Template *self, guint index);

/* The steps of a dotted name; they live as long as the template. */
Path program_path(Template *self, const char *name);

/* What a value has under an interned step of a path: a map's item; of a list whether it has items
 * ("any", "count") and more than one ("several"); of any other value whether it is one ("any").
 * NULL for no. TEMPLATE_SPEC knows maps only. */
const Value *program_step(const Value *value, const char *step, TemplateKind kind);

/* Renders nodes [from, to), which need no field, and appends what they give. FALSE when it would
 * pass TEMPLATE_OUTPUT_MAX. */
gboolean program_render_constant(const Template *self, guint from, guint to, GString *out);

#endif
