/* trace - conversations shown to whoever asks for them */
#include "base/trace.h"

#include <stdio.h>

#include "base/error.h"

gboolean trace_on(const char *topic)
{
    static gsize read;
    static char **topics;
    if (g_once_init_enter(&read)) {
        topics = g_strsplit(g_getenv("CIRCULAR_TRACE") ? g_getenv("CIRCULAR_TRACE") : "", ",", -1);
        g_once_init_leave(&read, 1);
    }
    return g_strv_contains((const char *const *)topics, topic);
}

void trace(const char *topic, const char *format, ...)
{
    if (!trace_on(topic))
        return;
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    g_autofree char *shown = text_visible(text);
    /* The one place of lib that prints: a trace is for whoever debugs, not part of the interface.
     */
    fprintf(stderr, "%s: %s\n", topic, shown);
}
