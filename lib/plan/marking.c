/* marking - what a correction says to each reader, before it is planned */
#include "plan/marking.h"

#include "plan/followup.h"

struct Marking {
    Ledger *ledger;
    Mailing *first;
    Correction correction;
    PlanOptions options;
    Followup *followup;
    gboolean is_begun; /* what is matched holds within a transaction */
};

Marking *marking_open(const Workspace *workspace, const Mailing *first, const Letter *letter,
                      Audience *audience, const char *name, GError **error)
{
    g_autoptr(Marking) self = g_new0(Marking, 1);
    g_autoptr(Recipients) readers = recipients_of(audience, name);
    self->ledger = workspace_ledger(workspace, LEDGER_READ, error);
    self->is_begun = self->ledger && ledger_begin(self->ledger, error);
    self->first = self->is_begun ? mailings_find(self->ledger, first->id, error) : NULL;
    if (!self->first)
        return NULL;
    self->correction = (Correction){.first = self->first, .with_unknown = TRUE};
    self->options = (PlanOptions){.correction = &self->correction};
    /* No content has this hash: nobody has the correction yet. */
    const Mailing own = {.content_hash = (char *)"", .audience = self->first->audience};
    self->followup = followup_open(self->ledger, &self->options, &own, letter, readers, error);
    audience_rewind(audience);
    return self->followup ? g_steal_pointer(&self) : NULL;
}

void marking_free(Marking *self)
{
    if (!self)
        return;
    followup_free(self->followup);
    mailing_free(self->first);
    if (self->is_begun)
        ledger_rollback(self->ledger);
    ledger_close(self->ledger);
    g_free(self);
}

gboolean marking_ask(Marking *self, const Recipient *recipient, Value *fields, Why *why,
                     GError **error)
{
    return followup_ask(self->followup, recipient->key, recipient->address, why, fields, error);
}
