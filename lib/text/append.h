/* append - bytes added to a GString without a call for each
 *
 * A letter is put together of some hundreds of short pieces: GLib's own function, which also moves
 * what stands behind and takes a text that lies within the string itself, takes longer for one than
 * to copy it.
 */
#ifndef TEXT_APPEND_H
#define TEXT_APPEND_H

#include <glib.h>
#include <string.h>

/* As g_string_append_len, of bytes that are none of `out`'s own. */
static inline void append_bytes(GString *out, const char *bytes, gsize length)
{
    if (length >= out->allocated_len - out->len) {
        g_string_append_len(out, bytes, (gssize)length);
        return;
    }
    memcpy(out->str + out->len, bytes, length);
    out->len += length;
    out->str[out->len] = '\0';
}

#endif
