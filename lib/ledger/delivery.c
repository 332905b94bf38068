/* delivery - one recipient's copy of a mailing, its states, and a row of it */
#include "ledger/delivery.h"

#include "ledger/statement.h"

static const char *const STATES[] = {"planned", "sending", "sent",    "deferred",
                                     "refused", "unknown", "bounced", "complained"};
G_STATIC_ASSERT(G_N_ELEMENTS(STATES) == DELIVERY_STATES);

const char *delivery_state_name(DeliveryState state)
{
    g_assert(state < DELIVERY_STATES);
    return STATES[state];
}

gboolean delivery_state_parse(Ledger *ledger, const char *name, DeliveryState *state,
                              GError **error)
{
    for (int i = 0; i < DELIVERY_STATES; i++) {
        if (g_str_equal(name, STATES[i])) {
            *state = (DeliveryState)i;
            return TRUE;
        }
    }
    g_autofree char *what = g_strdup_printf("unknown state '%s'", name);
    return ledger_damaged(ledger, error, what);
}

Delivery *delivery_copy(const Delivery *self)
{
    Delivery *other = g_new(Delivery, 1);
    *other = *self;
    other->mailing = g_strdup(self->mailing);
    other->key = g_strdup(self->key);
    other->address = g_strdup(self->address);
    other->name = g_strdup(self->name);
    other->fields = g_strndup(self->fields, self->fields_length);
    other->enhanced = g_strdup(self->enhanced);
    other->reply = g_strdup(self->reply);
    return other;
}

void delivery_free(Delivery *self)
{
    if (!self)
        return;
    g_free(self->mailing);
    g_free(self->key);
    g_free(self->address);
    g_free(self->name);
    g_free(self->fields);
    g_free(self->enhanced);
    g_free(self->reply);
    g_free(self);
}

gboolean delivery_from_row(Ledger *ledger, Statement *row, Delivery *delivery, GError **error)
{
    delivery->mailing = (char *)statement_text(row, 0);
    delivery->number = (guint64)statement_integer(row, 1);
    delivery->key = (char *)statement_text(row, 2);
    delivery->address = (char *)statement_text(row, 3);
    delivery->name = (char *)statement_text(row, 4);
    delivery->fields = (char *)statement_text_len(row, 5, &delivery->fields_length);
    delivery->attempts = (guint)statement_integer(row, 7);
    delivery->code = (int)statement_integer(row, 8);
    delivery->enhanced = (char *)statement_text(row, 9);
    delivery->reply = (char *)statement_text(row, 10);
    delivery->changed_at = statement_integer(row, 11);
    delivery->next_at = statement_integer(row, 12);
    delivery->first_at = statement_integer(row, 13);
    return delivery_state_parse(ledger, statement_text(row, 6), &delivery->state, error);
}
