/* trace - conversations shown to whoever asks for them
 *
 * CIRCULAR_TRACE=smtp,imap,sql,step prints those topics to standard error as they happen. Callers
 * mask secrets before they call: what is traced may be pasted into a ticket.
 */
#ifndef BASE_TRACE_H
#define BASE_TRACE_H

#include <glib.h>

/* Whether `topic` is asked for; use it to spare the cost of preparing what would not be shown. */
gboolean trace_on(const char *topic);

/* Prints "topic: text" and a newline to standard error if `topic` is asked for. Control characters
 * in the text are shown as \xNN, so that a server can't drive the terminal. */
void trace(const char *topic, const char *format, ...) G_GNUC_PRINTF(2, 3);

#endif
