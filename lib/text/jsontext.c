/* jsontext - JSON from bytes that nobody vouches for */
#include "text/jsontext.h"

#include <string.h>

/* What follows the string that begins at the quote `at`, or NULL when it doesn't end. */
static const char *after_string(const char *at, const char *end)
{
    for (at++; at < end && *at != '"'; at++)
        at += *at == '\\' && at + 1 < end;
    return at < end ? at + 1 : NULL;
}

/* json-glib also takes comments, in which a quote would hide what follows from us: what can't stand
 * outside quotes in JSON is refused. */
static gboolean is_flat(const char *bytes, gsize length, guint depth_max)
{
    static const char others[] = "{}[]:,+-. \t\r\n";
    const char *end = bytes + length;
    guint depth = 0;
    for (const char *at = bytes; at && at < end;) {
        char c = *at;
        if (c == '"') {
            at = after_string(at, end);
            continue;
        }
        if (!c || (!g_ascii_isalnum(c) && !strchr(others, c)))
            return FALSE;
        if ((c == '{' || c == '[') && ++depth > depth_max)
            return FALSE;
        if ((c == '}' || c == ']') && depth)
            depth--;
        at++;
    }
    return TRUE;
}

JsonObject *jsontext_parse(const char *bytes, gsize length, guint depth_max)
{
    if (!length || !g_utf8_validate(bytes, (gssize)length, NULL) ||
        !is_flat(bytes, length, depth_max))
        return NULL;
    g_autoptr(JsonParser) parser = json_parser_new();
    if (!json_parser_load_from_data(parser, bytes, (gssize)length, NULL))
        return NULL;
    JsonNode *root = json_parser_get_root(parser);
    return root && JSON_NODE_HOLDS_OBJECT(root) ? json_node_dup_object(root) : NULL;
}

gsize jsontext_extent(const char *text)
{
    const char *end = text + strlen(text);
    guint depth = 0;
    if (*text != '{' && *text != '[')
        return 0;
    for (const char *at = text; at && at < end;) {
        char c = *at;
        if (c == '"') {
            at = after_string(at, end);
            continue;
        }
        at++;
        if (c == '{' || c == '[')
            depth++;
        else if ((c == '}' || c == ']') && --depth == 0)
            return (gsize)(at - text);
    }
    return 0;
}

static JsonNode *member(JsonObject *object, const char *name)
{
    return object ? json_object_get_member(object, name) : NULL;
}

const char *jsontext_string(JsonObject *object, const char *name)
{
    JsonNode *node = member(object, name);
    return node && JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_STRING
               ? json_node_get_string(node)
               : NULL;
}

JsonObject *jsontext_object(JsonObject *object, const char *name)
{
    JsonNode *node = member(object, name);
    return node && JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
}

JsonArray *jsontext_list(JsonObject *object, const char *name)
{
    JsonNode *node = member(object, name);
    return node && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
}

JsonObject *jsontext_element(JsonArray *list, guint place)
{
    JsonNode *node = json_array_get_element(list, place);
    return JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
}
