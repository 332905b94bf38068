/* transport - the seam between what is sent and how */
#include "delivery/transport.h"

#include "base/clock.h"

enum { SLICE = 50 * 1000 }; /* microseconds that a pause may go on after stop says TRUE */

gboolean transport_run(Transport *self, const TransportCalls *calls, GError **error)
{
    return self->class->run(self, calls, error);
}

void transport_free(Transport *self)
{
    if (self)
        self->class->free(self);
}

gboolean transport_pause(const TransportCalls *calls, gint64 wait)
{
    do {
        if (calls->stop(calls->user))
            return FALSE;
        gint64 slice = CLAMP(wait, 1000, SLICE); /* a wait of nothing must not spin */
        clock_sleep(slice);
        wait -= slice;
    } while (wait > 0);
    return !calls->stop(calls->user);
}
