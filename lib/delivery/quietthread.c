/* quietthread - a thread that no signal is delivered to */
#include "delivery/quietthread.h"

#include <signal.h>

GThread *quietthread_start(const char *name, GThreadFunc work, void *data, GError **error)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before); /* a thread begins with its maker's mask */
    GThread *thread = g_thread_try_new(name, work, data, error);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return thread;
}
