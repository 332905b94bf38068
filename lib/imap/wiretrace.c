/* wiretrace - an IMAP conversation as whoever debugs may see it */
#include "imap/wiretrace.h"

#include <string.h>

#include "base/error.h"
#include "base/trace.h"

void wiretrace_init(WireTrace *self)
{
    *self = (WireTrace){.received = g_string_new(NULL), .sent = g_string_new(NULL)};
}

void wiretrace_clear(WireTrace *self)
{
    wiretrace_hush(self, NULL);
    g_string_free(self->received, TRUE);
    g_string_free(self->sent, TRUE);
}

void wiretrace_hush(WireTrace *self, const char *const *words)
{
    for (guint i = 0; self->hushed && self->hushed[i]; i++)
        explicit_bzero(self->hushed[i], strlen(self->hushed[i]));
    g_strfreev(self->hushed);
    self->hushed = g_strdupv((char **)words);
}

char *wiretrace_shown(const WireTrace *self, const char *text)
{
    for (guint i = 0; self->hushed && self->hushed[i]; i++)
        if (*self->hushed[i] && strstr(text, self->hushed[i]))
            return g_strdup("***");
    return text_visible(text);
}

/* A line is hushed before it is cut: a word must not be missed because half of it is. */
static void show(const WireTrace *self, const char *arrow, GString *line)
{
    g_autofree char *shown = wiretrace_shown(self, line->str);
    if (*arrow == '>' && self->hushed)
        trace("imap", "> ***");
    else
        trace("imap", "%s %.*s", arrow, WIRETRACE_LINE_MAX, shown);
    g_string_truncate(line, 0);
}

static void take(const WireTrace *self, const char *arrow, GString *line, const char *bytes,
                 gsize length)
{
    if (!trace_on("imap"))
        return;
    for (gsize i = 0; i < length; i++) {
        if (bytes[i] == '\n')
            show(self, arrow, line);
        else if (bytes[i] != '\r' && bytes[i])
            g_string_append_c(line, bytes[i]);
    }
}

void wiretrace_received(WireTrace *self, const char *bytes, gsize length)
{
    take(self, "<", self->received, bytes, length);
}

void wiretrace_sent(WireTrace *self, const char *bytes, gsize length)
{
    take(self, ">", self->sent, bytes, length);
}
