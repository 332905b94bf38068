/* null - the transport that takes everything and keeps nothing: for rehearsals and for measuring */
#include "delivery/transport.h"

static gboolean run(Transport *self, const TransportCalls *calls, GError **error)
{
    (void)self;
    (void)error;
    while (!calls->stop(calls->user)) {
        Envelope envelope = {0};
        gint64 wait = 0;
        switch (calls->supply(calls->user, &envelope, &wait)) {
        case SUPPLY_GIVEN: {
            Outcome outcome = {.number = envelope.number,
                               .kind = OUTCOME_SENT,
                               .enhanced = "",
                               .text = "taken by the null transport: sent nowhere",
                               .stage = "message"};
            calls->outcome(calls->user, &outcome);
            break;
        }
        case SUPPLY_WAIT:
            transport_pause(calls, wait);
            break;
        case SUPPLY_END:
            return TRUE;
        }
    }
    return TRUE;
}

static void free_nothing(Transport *self)
{
    (void)self;
}

Transport *null_new(void)
{
    static const TransportClass class = {"null", run, free_nothing};
    static Transport self = {&class};
    return &self;
}
