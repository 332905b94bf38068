/* quietthread - a thread that no signal is delivered to
 *
 * Signals belong to the thread that waits in poll: any other would take Ctrl-C and have nothing to
 * do with it.
 */
#ifndef DELIVERY_QUIETTHREAD_H
#define DELIVERY_QUIETTHREAD_H

#include <glib.h>

/* As g_thread_try_new, with every signal blocked in the new thread. NULL with G_THREAD_ERROR. */
GThread *quietthread_start(const char *name, GThreadFunc work, void *data, GError **error);

#endif
