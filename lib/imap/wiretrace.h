/* wiretrace - an IMAP conversation as whoever debugs may see it (topic "imap" of base/trace.h)
 */
#ifndef IMAP_WIRETRACE_H
#define IMAP_WIRETRACE_H

#include <glib.h>

enum { WIRETRACE_LINE_MAX = 300 }; /* bytes of a line that are shown */

typedef struct {
    GString *received, *sent; /* lines that are not complete */
    char **hushed;            /* or NULL */
} WireTrace;

void wiretrace_init(WireTrace *self);
void wiretrace_clear(WireTrace *self);

/* While these words (copied; NULL to end it) are set, what is sent is shown as "***", and what is
 * received only where none of them stands in it. */
void wiretrace_hush(WireTrace *self, const char *const *words);

/* The text with control characters shown as \xNN, or "***" if a hushed word stands in it; newly
 * allocated. */
char *wiretrace_shown(const WireTrace *self, const char *text);

/* Traces the lines of these bytes, as they become complete. */
void wiretrace_received(WireTrace *self, const char *bytes, gsize length);
void wiretrace_sent(WireTrace *self, const char *bytes, gsize length);

#endif
