/* settlement - what has become of one envelope, as a session finds it out */
#include "delivery/settlement.h"

#include <string.h>

void settlement_init(Settlement *self)
{
    memset(self, 0, sizeof *self);
    self->text = g_string_new(NULL);
}

void settlement_finish(Settlement *self)
{
    g_string_free(self->text, TRUE);
}

void settlement_begin(Settlement *self, guint64 number)
{
    self->result = SESSION_NOTHING;
    self->has_failed = FALSE;
    self->outcome.number = number;
}

void settlement_note(Settlement *self, SessionResult result, OutcomeKind kind, const Reply *reply,
                     const char *text, const char *stage)
{
    if (self->has_failed)
        return;
    self->has_failed = kind != OUTCOME_SENT;
    self->result = result;
    g_string_assign(self->text, text);
    g_strlcpy(self->enhanced, reply ? reply->enhanced : "", sizeof self->enhanced);
    self->outcome = (Outcome){.number = self->outcome.number,
                              .kind = kind,
                              .code = reply ? reply->code : 0,
                              .enhanced = self->enhanced,
                              .stage = stage};
}

SessionResult settlement_give(const Settlement *self, Outcome *outcome)
{
    *outcome = self->outcome;
    outcome->text = self->text->str;
    return self->result;
}
