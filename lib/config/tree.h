/* tree - a YAML file as a tree that remembers lines
 *
 * The only user of libyaml. Mappings, sequences and scalars; anchors, aliases, tags, merge keys,
 * directives and several documents are refused, so that what a person reads is what the program
 * reads. Scalars stay text: "no" is a text until a schema says otherwise.
 */
#ifndef CONFIG_TREE_H
#define CONFIG_TREE_H

#include <glib.h>

enum {
    TREE_BYTES_MAX = 1 << 20,
    TREE_DEPTH_MAX = 16,     /* maps and lists within one another, the outermost counted */
    TREE_NODES_MAX = 100000, /* texts, lists and maps; names not counted */
};

typedef enum { TREE_TEXT, TREE_LIST, TREE_MAP } TreeKind;

typedef struct Tree Tree;
struct Tree {
    TreeKind kind;
    guint line;
    char *text;         /* of a TREE_TEXT; "" for an empty value */
    gboolean quoted;    /* it stood in quotes or in a block */
    gboolean commented; /* not quoted, and a comment follows on its line: "Update #3" is "Update" */
    GPtrArray *items;   /* of Tree, for a list or map */
    GPtrArray *names;   /* of char *, for a map, beside `items` */
    GArray *name_lines; /* of guint, for a map, beside `names` */
};

/* Reads; NULL with CONFIG "file:line: what is wrong" for anything that isn't plain YAML, a name
 * given twice, a tab used for indentation, a control character (written or as an escape; a text may
 * hold tabs and line feeds), or a limit passed. `first_line` is the number of the first line in
 * `file`. An empty file is an empty map. What stands outermost may be any of the three kinds. */
Tree *tree_parse(const char *bytes, gsize length, const char *file, guint first_line,
                 GError **error);

/* The same, but the error's message has no place; its line goes to `line`. */
Tree *tree_read(const char *bytes, gsize length, guint first_line, guint *line, GError **error);

void tree_free(Tree *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Tree, tree_free)

/* The item of that name in a map, or NULL. Borrowed. */
const Tree *tree_get(const Tree *map, const char *name);

/* "libyaml 0.2.5", of the one that runs. Newly allocated. */
char *tree_library(void);

#endif
