/* jsontext - JSON (RFC 8259) from bytes that nobody vouches for
 *
 * json-glib reads by recursion and takes more than JSON: what is deeper than the caller expects, or
 * could not stand in JSON, is refused before it.
 */
#ifndef TEXT_JSONTEXT_H
#define TEXT_JSONTEXT_H

#include <json-glib/json-glib.h>

/* The object that the bytes are, or NULL; `depth_max` objects and lists may stand within one
 * another. UTF-8, at most as long as the caller allows. To be let go of with json_object_unref. */
JsonObject *jsontext_parse(const char *bytes, gsize length, guint depth_max);

/* How many bytes the object or list takes that `text` begins with; 0 when it begins with none, or
 * it doesn't end. */
gsize jsontext_extent(const char *text);

/* A member of that kind, or NULL; borrowed. `object` may be NULL. */
const char *jsontext_string(JsonObject *object, const char *name);
JsonObject *jsontext_object(JsonObject *object, const char *name);
JsonArray *jsontext_list(JsonObject *object, const char *name);

/* The element of a list, or NULL when it is no object. */
JsonObject *jsontext_element(JsonArray *list, guint place);

#endif
