/* tree - a YAML file as a tree that remembers lines
 *
 * The only user of libyaml. Mappings, sequences and scalars; anchors, aliases, tags, merge keys and
 * several documents are refused, so that what a person reads is what the program reads. Scalars
 * stay text: "no" is a text until a schema says otherwise.
 */
#ifndef CONFIG_TREE_H
#define CONFIG_TREE_H

#include <glib.h>

enum { TREE_BYTES_MAX = 1 << 20, TREE_DEPTH_MAX = 16, TREE_NODES_MAX = 100000 };

typedef enum { TREE_TEXT, TREE_LIST, TREE_MAP } TreeKind;

typedef struct Tree Tree;
struct Tree {
    TreeKind kind;
    guint line;
    char *text;         /* of a TREE_TEXT; "" for an empty value */
    gboolean quoted;    /* it stood in quotes or in a block */
    GPtrArray *items;   /* of Tree, for a list or map */
    GPtrArray *names;   /* of char *, for a map, beside `items` */
    GArray *name_lines; /* of guint */
};

/* Reads; NULL with CONFIG "file:line: what is wrong" for anything that isn't plain YAML, a name
 * given twice, a tab used for indentation, a control character, or a limit passed. `first_line` is
 * the number of the first line in `file`. An empty file is an empty map. */
Tree *tree_parse(const char *bytes, gsize length, const char *file, guint first_line,
                 GError **error);
void tree_free(Tree *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Tree, tree_free)

/* The item of that name in a map, or NULL. Borrowed. */
const Tree *tree_get(const Tree *map, const char *name);

#endif
