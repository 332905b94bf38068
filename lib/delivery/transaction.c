/* transaction - what has become of one envelope, as a session finds it out */
#include "delivery/transaction.h"

#include <string.h>

void transaction_init(Transaction *self)
{
    memset(self, 0, sizeof *self);
    self->text = g_string_new(NULL);
}

void transaction_finish(Transaction *self)
{
    g_string_free(self->text, TRUE);
}

void transaction_begin(Transaction *self, guint64 number)
{
    self->result = SESSION_NOTHING;
    self->has_failed = FALSE;
    self->outcome.number = number;
}

void transaction_note(Transaction *self, SessionResult result, OutcomeKind kind, const Reply *reply,
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

SessionResult transaction_give(const Transaction *self, Outcome *outcome)
{
    *outcome = self->outcome;
    outcome->text = self->text->str;
    return self->result;
}
