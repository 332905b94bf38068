/* versions - which letters of one mailing go to people who have another mailing's */
#include "ledger/versions.h"

#include "ledger/mailings.h"
#include "ledger/connection.h"

#define HAD                                                                                        \
    "(o.state = 'sent' OR o.state = 'unknown' OR o.state = 'complained' OR o.state = 'sending')"

static const char SQL_SHARED[] =
    "SELECT " DELIVERY_COLUMNS "FROM " DELIVERY_TABLES "WHERE d.mailing = $1 "
    "AND (d.state = 'planned' OR d.state = 'deferred') AND (lower(d.address) IN "
    "(SELECT lower(o.address) FROM deliveries o WHERE o.mailing = $2 AND " HAD ") OR "
    "(mailings.audience = (SELECT audience FROM mailings WHERE number = $2) AND d.key IN "
    "(SELECT o.key FROM deliveries o WHERE o.mailing = $2 AND " HAD "))) ORDER BY d.number";

/* What is known of the key's and the address's letters, the most certain first. */
static const char SQL_HAD[] =
    "SELECT m.id, d.state, lower(d.address) = lower($1), (SELECT count(DISTINCT lower(o.address)) "
    "FROM mailings n JOIN deliveries o ON o.mailing = n.number WHERE n.content_hash = $2 AND "
    "n.audience = $3 AND o.key = $4) FROM mailings m CROSS JOIN deliveries d WHERE "
    "m.content_hash = $2 AND m.audience = $3 AND d.mailing = m.number AND d.key = $4 "
    "ORDER BY m.number, d.number";

gboolean versions_shared(Ledger *ledger, const char *mailing, const char *other, VersionFound found,
                         void *user, GError **error)
{
    gint64 number, other_number;
    if (!mailings_number(ledger, other, &other_number, error) ||
        !mailings_number(ledger, mailing, &number, error))
        return FALSE;
    g_autoptr(Statement) each = statement_begin(ledger->db, SQL_SHARED, error);
    if (!each)
        return FALSE;
    statement_bind_integer(each, 1, number);
    statement_bind_integer(each, 2, other_number);
    StatementStep step;
    while ((step = statement_step(each, error)) == STATEMENT_ROW) {
        Delivery delivery;
        if (!delivery_from_row(ledger, each, &delivery, error))
            return FALSE;
        if (!found(user, &delivery))
            return TRUE;
    }
    return step == STATEMENT_DONE;
}

static Had had_of(DeliveryState state, gboolean is_same_address)
{
    switch (state) {
    case DELIVERY_SENT:
    case DELIVERY_COMPLAINED:
        return HAD_IT;
    case DELIVERY_UNKNOWN:
        return HAD_PERHAPS;
    case DELIVERY_PLANNED:
    case DELIVERY_SENDING:
    case DELIVERY_DEFERRED:
        return HAD_ON_ITS_WAY;
    case DELIVERY_BOUNCED:
        return is_same_address ? HAD_BACK : HAD_NONE;
    case DELIVERY_REFUSED:
    case DELIVERY_WRITTEN:
    case DELIVERY_LEFT_OUT:
    case DELIVERY_STATES:
        return HAD_NONE;
    }
    g_assert_not_reached();
}

/* Which of two says more: to have it is more than to have lost it. */
static guint weight(Had had)
{
    static const guint8 weights[] = {
        [HAD_NONE] = 0, [HAD_BACK] = 1, [HAD_PERHAPS] = 2, [HAD_ON_ITS_WAY] = 3, [HAD_IT] = 4};
    return weights[had];
}

gboolean versions_had(Ledger *ledger, const char *content_hash, const char *audience,
                      const char *key, const char *address, Had *had, char **mailing,
                      GError **error)
{
    *had = HAD_NONE;
    *mailing = NULL;
    g_autoptr(Statement) each = statement_begin(ledger->db, SQL_HAD, error);
    if (!each)
        return FALSE;
    statement_bind_text(each, 1, address);
    statement_bind_text(each, 2, content_hash);
    statement_bind_text(each, 3, audience);
    statement_bind_text(each, 4, key);
    StatementStep step;
    while ((step = statement_step(each, error)) == STATEMENT_ROW) {
        DeliveryState state;
        gboolean is_same = statement_integer(each, 2) != 0;
        gboolean is_one = statement_integer(each, 3) == 1;
        if (!delivery_state_parse(ledger, statement_text(each, 1), &state, error))
            return FALSE;
        Had now = had_of(state, is_same);
        if ((!is_same && !is_one) || weight(now) <= weight(*had))
            continue;
        *had = now;
        g_free(*mailing);
        *mailing = g_strdup(statement_text(each, 0));
    }
    return step == STATEMENT_DONE;
}
