/* connector - a connection being opened on a thread of its own */
#include "delivery/connector.h"

#include <glib-unix.h>
#include <unistd.h>

#include "base/error.h"
#include "delivery/quietthread.h"

struct Connector {
    gatomicrefcount owners; /* who started it, and its thread */
    GThread *thread;
    Connection *connection;
    gboolean is_open;
    GError *error;
    int done[2]; /* a pipe of which the thread closes the second end */
};

static void release(Connector *self)
{
    if (!g_atomic_ref_count_dec(&self->owners))
        return;
    connection_free(self->connection);
    g_clear_error(&self->error);
    close(self->done[0]);
    g_free(self);
}

static gpointer work(gpointer data)
{
    Connector *self = data;
    self->is_open = connection_open(self->connection, &self->error);
    close(self->done[1]);
    release(self);
    return NULL;
}

Connector *connector_start(Connection *connection, GError **error)
{
    g_autoptr(GError) inner = NULL;
    Connector *self = g_new0(Connector, 1);
    self->connection = connection;
    g_atomic_ref_count_init(&self->owners);
    g_atomic_ref_count_inc(&self->owners);
    if (g_unix_open_pipe(self->done, FD_CLOEXEC, &inner)) {
        self->thread = quietthread_start("connect", work, self, &inner);
        if (self->thread)
            return self;
        close(self->done[0]);
        close(self->done[1]);
    }
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_TEMPORARY, "can't begin to connect: %s",
                inner->message);
    connection_free(connection);
    g_free(self);
    return NULL;
}

int connector_fd(const Connector *self)
{
    return self->done[0];
}

Connection *connector_finish(Connector *self, GError **error)
{
    Connection *connection = NULL;
    g_thread_join(self->thread);
    if (self->is_open)
        connection = g_steal_pointer(&self->connection);
    else
        g_propagate_error(error, g_steal_pointer(&self->error));
    release(self);
    return connection;
}

void connector_abandon(Connector *self)
{
    if (!self)
        return;
    connection_cancel(self->connection);
    g_thread_unref(self->thread);
    release(self);
}
