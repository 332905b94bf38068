/* merger - letters merged ahead of their turn, on a thread of their own */
#include "send/merger.h"

#include "delivery/quietthread.h"
#include "base/value.h"
#include "plan/mailingid.h"

struct Merger {
    const Letter *letter;
    Signing *signing; /* the thread's alone, once there is one */
    const char *mailing;

    GThread *thread; /* NULL: the caller does the work */
    GMutex lock;
    GCond put, merged;
    GQueue waiting;      /* of Flight */
    gboolean is_awaited; /* somebody waits for a flight: a signal to nobody still costs a call */
    gboolean ends;
};

static gboolean merge(Merger *self, Flight *flight, GError **error)
{
    const Delivery *delivery = flight->delivery;
    g_autoptr(Value) fields = value_thaw(delivery->fields, delivery->fields_length, error);
    if (!fields)
        return FALSE;
    g_autofree char *id =
        mailing_message_id(self->mailing, delivery->number, letter_from(self->letter)->domain);
    Signatures signatures = signing_sign(self->signing, delivery->number);
    g_strlcpy(flight->sender, signatures.sender, sizeof flight->sender);
    LetterCopy copy = {.to = delivery->address,
                       .to_name = delivery->name,
                       .fields = fields,
                       .message_id = id,
                       .date = flight->date,
                       .delivery = signatures.delivery,
                       .unsubscribe = signatures.unsubscribe,
                       .answer = signatures.answer};
    return letter_splice(self->letter, &copy, flight->message, error);
}

static gpointer work(gpointer data)
{
    Merger *self = data;
    Flight *flight;
    g_mutex_lock(&self->lock);
    for (;;) {
        while (!(flight = g_queue_pop_head(&self->waiting)) && !self->ends)
            g_cond_wait(&self->put, &self->lock);
        if (!flight)
            break;
        g_mutex_unlock(&self->lock);
        merge(self, flight, &flight->error);
        g_mutex_lock(&self->lock);
        flight->is_merged = TRUE;
        if (self->is_awaited)
            g_cond_signal(&self->merged);
    }
    g_mutex_unlock(&self->lock);
    return NULL;
}

Merger *merger_new(const Letter *letter, Signing *signing, const char *mailing, gboolean ahead)
{
    Merger *self = g_new0(Merger, 1);
    self->letter = letter;
    self->signing = signing;
    self->mailing = mailing;
    g_mutex_init(&self->lock);
    g_cond_init(&self->put);
    g_cond_init(&self->merged);
    g_queue_init(&self->waiting);
    self->thread = ahead ? quietthread_start("merge", work, self, NULL) : NULL;
    return self;
}

void merger_free(Merger *self)
{
    if (!self)
        return;
    g_mutex_lock(&self->lock);
    self->ends = TRUE;
    g_cond_signal(&self->put);
    g_mutex_unlock(&self->lock);
    if (self->thread)
        g_thread_join(self->thread);
    g_mutex_clear(&self->lock);
    g_cond_clear(&self->put);
    g_cond_clear(&self->merged);
    g_free(self);
}

gboolean merger_is_ahead(const Merger *self)
{
    return self->thread != NULL;
}

void merger_put(Merger *self, Flight *const *flights, guint count)
{
    if (!self->thread) {
        for (guint i = 0; i < count; i++) {
            merge(self, flights[i], &flights[i]->error);
            flights[i]->is_merged = TRUE;
        }
        return;
    }
    g_mutex_lock(&self->lock);
    for (guint i = 0; i < count; i++)
        g_queue_push_tail(&self->waiting, flights[i]);
    g_cond_signal(&self->put);
    g_mutex_unlock(&self->lock);
}

gboolean merger_wait(Merger *self, Flight *flight, GError **error)
{
    g_mutex_lock(&self->lock);
    self->is_awaited = TRUE;
    while (!flight->is_merged)
        g_cond_wait(&self->merged, &self->lock);
    self->is_awaited = FALSE;
    g_mutex_unlock(&self->lock);
    if (!flight->error)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&flight->error));
    return FALSE;
}
