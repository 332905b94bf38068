/* delivery - one recipient's copy of a mailing, its states, and a row of it */
#include "ledger/delivery.h"

#include <string.h>

#include "ledger/connection.h"

static const char *const STATES[] = {"planned", "sending", "sent",       "deferred", "refused",
                                     "unknown", "bounced", "complained", "written",  "left out"};
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

static const char *const STAGE_NAMES[] = {"",         "connect", "greeting", "EHLO",
                                          "STARTTLS", "sign-in", "RSET",     "MAIL",
                                          "RCPT",     "DATA",    "message",  "QUIT"};
static const char *const GIVEN_UP_NAMES[] = {"", "deadline", "attempts"};
static const char *const VIA_NAMES[] = {"", "relay", "outbox", "null"};
G_STATIC_ASSERT(G_N_ELEMENTS(STAGE_NAMES) == STAGES);
G_STATIC_ASSERT(G_N_ELEMENTS(GIVEN_UP_NAMES) == GIVEN_UP_KINDS);
G_STATIC_ASSERT(G_N_ELEMENTS(VIA_NAMES) == VIAS);

/* The place of a name in a table of which the first stands for all that is unknown. */
static guint place_of(const char *const *names, guint count, const char *name)
{
    for (guint i = 0; name && i < count; i++)
        if (g_str_equal(names[i], name))
            return i;
    return 0;
}

const char *stage_name(DeliveryStage stage)
{
    g_assert(stage < STAGES);
    return STAGE_NAMES[stage];
}

DeliveryStage stage_from_name(const char *name)
{
    return (DeliveryStage)place_of(STAGE_NAMES, STAGES, name);
}

const char *given_up_name(GivenUp why)
{
    g_assert(why < GIVEN_UP_KINDS);
    return GIVEN_UP_NAMES[why];
}

GivenUp given_up_from_name(const char *name)
{
    return (GivenUp)place_of(GIVEN_UP_NAMES, GIVEN_UP_KINDS, name);
}

const char *via_name(Via via)
{
    g_assert(via < VIAS);
    return VIA_NAMES[via];
}

Via via_from_name(const char *name)
{
    return (Via)place_of(VIA_NAMES, VIAS, name);
}

char *delivery_said(DeliveryStage stage, GivenUp given_up, const char *reply)
{
    return g_strconcat(given_up ? "given up; the last answer was " : "", stage_name(stage),
                       stage ? ": " : "", reply, NULL);
}

gboolean via_mails(Via via)
{
    switch (via) {
    case VIA_NOTHING:
    case VIA_RELAY:
        return TRUE;
    case VIA_OUTBOX:
    case VIA_NULL:
    case VIAS:
        return FALSE;
    }
    g_assert_not_reached();
}

/* Moves `*text` to `*at`, and `*at` behind it. */
static void put(char **text, gsize length, char **at)
{
    memcpy(*at, *text, length);
    (*at)[length] = '\0';
    *text = *at;
    *at += length + 1;
}

/* All in one piece of memory: a mailing has a million. */
Delivery *delivery_copy(const Delivery *self)
{
    enum { TEXTS = 9 };
    Delivery all = *self;
    char **const texts[TEXTS] = {&all.mailing,    &all.key,      &all.address,
                                 &all.name,       &all.label,    &all.phone,
                                 &all.message_id, &all.enhanced, &all.reply};
    gsize lengths[TEXTS], room = sizeof all + all.fields_length + 1;
    for (guint i = 0; i < TEXTS; i++) {
        lengths[i] = *texts[i] ? strlen(*texts[i]) : 0;
        room += lengths[i] + 1;
    }
    Delivery *other = g_malloc(room);
    char *at = (char *)(other + 1);
    for (guint i = 0; i < TEXTS; i++)
        if (*texts[i])
            put(texts[i], lengths[i], &at);
    if (all.fields)
        put(&all.fields, all.fields_length, &at);
    *other = all;
    return other;
}

void delivery_free(Delivery *self)
{
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
    delivery->stage = stage_from_name(statement_text(row, 14));
    delivery->given_up = given_up_from_name(statement_text(row, 15));
    delivery->via = via_from_name(statement_text(row, 16));
    delivery->message_id = (char *)statement_text(row, 17);
    delivery->label = (char *)statement_text(row, 18);
    delivery->phone = (char *)statement_text(row, 19);
    return delivery_state_parse(ledger, statement_text(row, 6), &delivery->state, error);
}
