/* value - what a field can hold: a text, a yes or no, rows of other fields
 *
 * The tree that a merge reads: a map of names to values, where a value is a text, a flag, a list or
 * a map again. A tree owns all below it. Names are interned, so that looking one up compares
 * pointers.
 *
 * A map freezes to bencode (BEP 3: "d5:email15:ann@example.org3:urn6:100001e"), which is length
 * prefixed - so no value can be mistaken for structure -, readable in the ledger, and the same
 * bytes for the same map. Flags are i0e and i1e, nothing is an empty text.
 */
#ifndef BASE_VALUE_H
#define BASE_VALUE_H

#include <glib.h>

typedef enum { VALUE_FLAG, VALUE_TEXT, VALUE_LIST, VALUE_MAP } ValueKind;

typedef struct Value Value;

enum { VALUE_DEPTH_MAX = 32 }; /* levels that value_thaw follows */

Value *value_new_flag(gboolean flag);
Value *value_new_text(const char *text);
Value *value_new_text_len(const char *bytes, gsize length);
Value *value_new_list(void);
Value *value_new_map(void);
void value_free(Value *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Value, value_free)

/* A flag that is shared by all and never freed. */
const Value *value_flag(gboolean flag);

/* A tree of its own, equal to `self`. */
Value *value_copy(const Value *self);

/* Adds to the end of a list; takes `item`. */
void value_append(Value *list, Value *item);

/* Sets or replaces a name of a map; takes `item`. */
void value_set(Value *map, const char *name, Value *item);
void value_set_text(Value *map, const char *name, const char *text);

ValueKind value_kind(const Value *self);

/* The text of a VALUE_TEXT, "" for any other kind. Borrowed; NUL-terminated. */
const char *value_text(const Value *self);
gsize value_text_length(const Value *self);

/* How many items a list or names a map has; 0 for the others. */
guint value_length(const Value *self);
const Value *value_at(const Value *self, guint index); /* a list's or map's item. Borrowed */
const char *value_name_at(const Value *map, guint index);

/* The item of that name, or NULL when `self` is no map or has none. Borrowed. value_get_interned
 * wants a name from g_intern_string() and spares the hashing. */
const Value *value_get(const Value *self, const char *name);
const Value *value_get_interned(const Value *self, const char *interned);

/* What a Mustache section asks: not NULL, not FALSE, not "", not an empty list. */
gboolean value_is_true(const Value *self);

/* Bencode, names sorted; newly allocated. NULL `names` freezes all, else only those that it
 * (NULL-terminated) holds: of the top level, and of the maps in a list there. */
char *value_freeze(const Value *map, const char *const *names);

/* The map that was frozen. NULL and an error (IO: the ledger is damaged) for anything else. */
Value *value_thaw(const char *frozen, gsize length, GError **error);

#endif
