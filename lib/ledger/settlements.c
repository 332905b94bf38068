/* settlements - the table of letters in doubt: what proves that one was sent, or where it was looked
 * for in vain */
#include "ledger/settlements.h"

#include "text/amount.h"
#include "text/when.h"
#include "ledger/connection.h"
#include "ledger/lifecycle.h"

/* A row that a person's choice to send again has made keeps that. */
static const char SQL_PUT[] =
    "INSERT INTO settlements (mailing, delivery, kind, at, mailbox, folder, uidvalidity, uid, "
    "message_id, copies, there, looked, since, notice, resent_at) VALUES ($1, $2, $3, $4, $5, $6, "
    "$7, $8, $9, $10, $11, $12, $13, $14, 0) ON CONFLICT (mailing, delivery) DO UPDATE SET "
    "kind = excluded.kind, at = excluded.at, mailbox = excluded.mailbox, "
    "folder = excluded.folder, uidvalidity = excluded.uidvalidity, uid = excluded.uid, "
    "message_id = excluded.message_id, copies = excluded.copies, there = excluded.there, "
    "looked = excluded.looked, since = excluded.since, notice = excluded.notice "
    "WHERE settlements.kind <> 'copy' AND settlements.kind <> 'report' "
    "AND settlements.kind <> 'answer'";

/* Of a delivery `o`: it may have arrived, and waits to be sent again. */
#define WAITS_AGAIN(o)                                                                             \
    "((" o ".state = 'planned' OR " o ".state = 'deferred') AND EXISTS (SELECT 1 FROM "            \
    "settlements r WHERE r.mailing = " o ".mailing AND r.delivery = " o ".number "                 \
    "AND r.resent_at > 0))"

/* When it was sent is when it fell into doubt: changed_at stays. */
static const char SQL_OVER[] = "SELECT m.id FROM mailings m WHERE m.number = $1 AND m.state = "
                               "'stopped' AND NOT EXISTS (SELECT "
                               "1 FROM deliveries d WHERE d.mailing = m.number AND (d.state = "
                               "'planned' OR d.state = 'deferred' "
                               "OR d.state = 'sending' OR d.state = 'unknown'))";
static const char SQL_PROVE[] =
    "UPDATE deliveries SET state = 'sent', code = 0, enhanced = $1, reply = $2, stage = '', "
    "given_up = '', next_at = 0, "
    "transport = CASE WHEN transport = '' THEN 'relay' ELSE transport END, "
    "message_id = CASE WHEN $3 = '' OR EXISTS (SELECT 1 FROM mailings m WHERE "
    "m.number = deliveries.mailing AND substr($3, 1, length(m.id) + 2) = '<' || m.id || '.') "
    "THEN message_id ELSE $3 END "
    "WHERE mailing = $4 AND number = $5 AND (state = 'unknown' OR " WAITS_AGAIN("deliveries") ")";
static const char SQL_RESEND[] =
    "INSERT INTO settlements (mailing, delivery, kind, at, mailbox, folder, uidvalidity, uid, "
    "message_id, copies, there, looked, since, notice, resent_at) "
    "SELECT mailing, number, '', 0, '', '', 0, 0, '', 0, 0, 0, 0, 0, $1 FROM deliveries "
    "WHERE mailing = $2 AND state = 'unknown' "
    "ON CONFLICT (mailing, delivery) DO UPDATE SET resent_at = excluded.resent_at";
static const char SQL_RESENT[] =
    "SELECT delivery FROM settlements WHERE mailing = $1 AND resent_at > 0";
/* Which they are is asked first: they are few, and the fields of the others needn't be read. */
static const char SQL_DOUBTS[] =
    "SELECT " DELIVERY_COLUMNS ", d.mailing FROM (SELECT o.mailing AS mailing, "
    "o.number AS number FROM deliveries o WHERE ($1 = 0 OR o.mailing = $1) "
    "AND o.changed_at >= $2 AND (o.state = 'unknown' OR " WAITS_AGAIN(
        "o") ")) hit "
             "CROSS JOIN deliveries d CROSS JOIN mailings CROSS JOIN delivery_fields f "
             "WHERE d.mailing = hit.mailing AND d.number = hit.number AND mailings.number = "
             "d.mailing "
             "AND f.mailing = d.mailing AND f.number = d.number ORDER BY d.mailing, d.number";
static const char SQL_OF[] =
    "SELECT " SETTLEMENT_COLUMNS "FROM mailings m CROSS JOIN settlements s "
    "WHERE m.id = $1 AND s.mailing = m.number AND s.delivery = $2";

static const char SQL_COUNT[] =
    "SELECT count(*) FROM mailings m CROSS JOIN settlements s CROSS JOIN deliveries d WHERE "
    "($1 = 0 OR m.number = $1 OR (m.follows = $1 AND m.follows_as = 'missing')) "
    "AND m.planned_at >= $2 AND s.mailing = m.number AND (s.kind = 'copy' OR s.kind = 'report' "
    "OR s.kind = 'answer') AND d.mailing = s.mailing AND d.number = s.delivery "
    "AND d.state = 'sent'";

static const char *const NAMES[] = {"",     "not-found", "not-proven", "other-address",
                                    "copy", "report",    "answer"};
G_STATIC_ASSERT(G_N_ELEMENTS(NAMES) == SETTLEMENT_KINDS);

const char *settlement_kind_name(SettlementKind kind)
{
    g_assert(kind < SETTLEMENT_KINDS);
    return NAMES[kind];
}

static SettlementKind kind_from_name(const char *name)
{
    for (int i = 0; i < SETTLEMENT_KINDS; i++)
        if (g_str_equal(name, NAMES[i]))
            return (SettlementKind)i;
    return SETTLEMENT_NONE; /* a later circular's: nothing that this one knows */
}

gboolean settlement_is_proof(SettlementKind kind)
{
    return kind == SETTLEMENT_COPY || kind == SETTLEMENT_REPORT || kind == SETTLEMENT_ANSWER;
}

Settlement settlement_from_row(Statement *row, int first)
{
    return (Settlement){.kind = kind_from_name(statement_text(row, first)),
                        .at = statement_integer(row, first + 1),
                        .mailbox = statement_text(row, first + 2),
                        .folder = statement_text(row, first + 3),
                        .uidvalidity = (guint32)statement_integer(row, first + 4),
                        .uid = (guint32)statement_integer(row, first + 5),
                        .message_id = statement_text(row, first + 6),
                        .copies = (guint)statement_integer(row, first + 7),
                        .there = (guint)statement_integer(row, first + 8),
                        .looked = (guint)statement_integer(row, first + 9),
                        .since = statement_integer(row, first + 10),
                        .notice = statement_integer(row, first + 11),
                        .resent_at = statement_integer(row, first + 12)};
}

Settlement settlement_copy(const Settlement *self)
{
    Settlement copy = *self;
    copy.mailbox = g_strdup(self->mailbox);
    copy.folder = g_strdup(self->folder);
    copy.message_id = g_strdup(self->message_id);
    return copy;
}

void settlement_clear(Settlement *self)
{
    g_free((char *)self->mailbox);
    g_free((char *)self->folder);
    g_free((char *)self->message_id);
    *self = (Settlement){0};
}

/* --- for people ------------------------------------------------------------------------------- */

static char *looked_said(const Settlement *self)
{
    g_autofree char *messages = amount_of(self->there, "message", "messages");
    g_autofree char *looked = amount_number(self->looked);
    return self->looked == self->there ? g_strdup_printf("%s looked at", messages)
                                       : g_strdup_printf("%s of %s looked at", looked, messages);
}

char *settlement_said(const Settlement *self)
{
    g_autofree char *when = when_short(self->at), *looked = looked_said(self);
    switch (self->kind) {
    case SETTLEMENT_NONE:
    case SETTLEMENT_KINDS:
        return g_strdup("");
    case SETTLEMENT_NOT_FOUND:
        return g_strdup_printf("no copy of it is in the folder '%s' of %s (%s, %s), which proves "
                               "nothing",
                               self->folder, self->mailbox, when, looked);
    case SETTLEMENT_NOT_PROVEN:
        return g_strdup_printf("message %u in the folder '%s' of %s names it, but no signature of "
                               "ours proves it (%s)",
                               self->uid, self->folder, self->mailbox, when);
    case SETTLEMENT_OTHER_ADDRESS:
        return g_strdup_printf("a copy of it in the folder '%s' of %s (message %u) went to another "
                               "address (%s)",
                               self->folder, self->mailbox, self->uid, when);
    case SETTLEMENT_COPY:
        return self->copies > 1
                   ? g_strdup_printf("%u copies of it are in the folder '%s' of %s (message %u "
                                     "is the first): it may have gone more than once",
                                     self->copies, self->folder, self->mailbox, self->uid)
                   : g_strdup_printf("its copy is in the folder '%s' of %s (message %u)",
                                     self->folder, self->mailbox, self->uid);
    case SETTLEMENT_REPORT:
        return g_strdup_printf("what came back proves it (notice %" G_GINT64_FORMAT ")",
                               self->notice);
    case SETTLEMENT_ANSWER:
        return g_strdup("its reader answered it");
    }
    g_assert_not_reached();
}

/* --- the table -------------------------------------------------------------------------------- */

static gboolean put(Ledger *ledger, gint64 mailing, guint64 delivery, const Settlement *one,
                    GError **error)
{
    g_autoptr(Statement) add = statement_begin(ledger->db, SQL_PUT, error);
    if (!add)
        return FALSE;
    statement_bind_integer(add, 1, mailing);
    statement_bind_integer(add, 2, (gint64)delivery);
    statement_bind_text(add, 3, NAMES[one->kind]);
    statement_bind_integer(add, 4, one->at);
    statement_bind_text(add, 5, one->mailbox);
    statement_bind_text(add, 6, one->folder);
    statement_bind_integer(add, 7, one->uidvalidity);
    statement_bind_integer(add, 8, one->uid);
    statement_bind_text(add, 9, one->message_id);
    statement_bind_integer(add, 10, one->copies);
    statement_bind_integer(add, 11, one->there);
    statement_bind_integer(add, 12, one->looked);
    statement_bind_integer(add, 13, one->since);
    statement_bind_integer(add, 14, one->notice);
    return statement_run(add, NULL, error);
}

gboolean settlements_look(Ledger *ledger, gint64 mailing, guint64 delivery, const Settlement *found,
                          GError **error)
{
    g_assert(!settlement_is_proof(found->kind));
    return put(ledger, mailing, delivery, found, error);
}

/* A stopped mailing of which nothing is left to go is done, once its last doubt is settled. */
static gboolean close_mailing(Ledger *ledger, gint64 number, gint64 now, GError **error)
{
    g_autoptr(Statement) over = statement_begin(ledger->db, SQL_OVER, error);
    if (!over)
        return FALSE;
    statement_bind_integer(over, 1, number);
    StatementStep step = statement_step(over, error);
    if (step != STATEMENT_ROW)
        return step == STATEMENT_DONE;
    g_autofree char *id = g_strdup(statement_text(over, 0));
    g_clear_pointer(&over, statement_end);
    const Mailing mailing = {.number = number, .id = id};
    const Actor actor = actor_self("circular settle");
    return lifecycle_move(ledger, &mailing, MAILING_DONE, &actor, now, "its last doubt was settled",
                          error);
}

gboolean settlements_prove(Ledger *ledger, gint64 mailing, guint64 delivery,
                           const Settlement *proof, const char *enhanced, const char *reply,
                           gboolean *changed, GError **error)
{
    guint64 rows;
    g_assert(settlement_is_proof(proof->kind));
    g_autoptr(Statement) prove = statement_begin(ledger->db, SQL_PROVE, error);
    if (!prove)
        return FALSE;
    statement_bind_text(prove, 1, enhanced);
    statement_bind_text(prove, 2, reply);
    statement_bind_text(prove, 3, proof->message_id);
    statement_bind_integer(prove, 4, mailing);
    statement_bind_integer(prove, 5, (gint64)delivery);
    if (!statement_run(prove, &rows, error))
        return FALSE;
    if (changed)
        *changed = rows > 0;
    return !rows || (put(ledger, mailing, delivery, proof, error) &&
                     close_mailing(ledger, mailing, proof->at, error));
}

gboolean settlements_resend(Ledger *ledger, gint64 mailing, gint64 now, GError **error)
{
    g_autoptr(Statement) note = statement_begin(ledger->db, SQL_RESEND, error);
    if (!note)
        return FALSE;
    statement_bind_integer(note, 1, now);
    statement_bind_integer(note, 2, mailing);
    return statement_run(note, NULL, error);
}

GHashTable *settlements_resent(Ledger *ledger, gint64 mailing, GError **error)
{
    g_autoptr(GHashTable) numbers = g_hash_table_new(NULL, NULL);
    g_autoptr(Statement) each = statement_begin(ledger->db, SQL_RESENT, error);
    StatementStep step = STATEMENT_FAILED;
    if (!each)
        return NULL;
    statement_bind_integer(each, 1, mailing);
    while ((step = statement_step(each, error)) == STATEMENT_ROW)
        g_hash_table_add(numbers, GUINT_TO_POINTER((guint)statement_integer(each, 0)));
    return step == STATEMENT_DONE ? g_steal_pointer(&numbers) : NULL;
}

gboolean settlements_doubts(Ledger *ledger, gint64 mailing, gint64 since, DoubtFound found,
                            void *user, GError **error)
{
    StatementStep step;
    g_autoptr(Statement) each = statement_begin(ledger->db, SQL_DOUBTS, error);
    if (!each)
        return FALSE;
    statement_bind_integer(each, 1, mailing);
    statement_bind_integer(each, 2, since);
    while ((step = statement_step(each, error)) == STATEMENT_ROW) {
        Delivery delivery;
        if (!delivery_from_row(ledger, each, &delivery, error))
            return FALSE;
        if (!found(user, statement_integer(each, DELIVERY_COLUMNS_COUNT), &delivery))
            return TRUE;
    }
    return step == STATEMENT_DONE;
}

gboolean settlements_of(Ledger *ledger, const char *mailing, guint64 delivery,
                        SettlementFound found, void *user, GError **error)
{
    g_autoptr(Statement) ask = statement_begin(ledger->db, SQL_OF, error);
    if (!ask)
        return FALSE;
    statement_bind_text(ask, 1, mailing);
    statement_bind_integer(ask, 2, (gint64)delivery);
    Lookup result = statement_lookup(ask, error);
    Settlement one =
        result == LOOKUP_FOUND ? settlement_from_row(ask, 0) : (Settlement){.mailbox = ""};
    if (result != LOOKUP_FAILED)
        found(user, &one);
    return result != LOOKUP_FAILED;
}

gboolean settlements_count(Ledger *ledger, gint64 mailing, gint64 since, guint64 *count,
                           GError **error)
{
    g_autoptr(Statement) ask = statement_begin(ledger->db, SQL_COUNT, error);
    if (!ask)
        return FALSE;
    statement_bind_integer(ask, 1, mailing);
    statement_bind_integer(ask, 2, since);
    if (statement_step(ask, error) != STATEMENT_ROW)
        return FALSE;
    *count = (guint64)statement_integer(ask, 0);
    return TRUE;
}
