/* tallies - a ledger's figures, counted where the rows are: one statement a figure */
#include "ledger/tallies.h"

#include <string.h>

#include "ledger/connection.h"
#include "ledger/suppressions.h"

/* The mailings of a scope: $1 is one's number or 0, $2 since when. Every statement begins with it.
 */
#define WITH_SCOPE                                                                                 \
    "WITH chosen AS (SELECT number FROM mailings WHERE ($1 = 0 OR number = $1 OR "                 \
    "(follows = $1 AND follows_as = 'missing')) AND planned_at >= $2) "
#define SCOPE "(SELECT number FROM chosen) "

/* Of one letter with its later plans for those who missed it, a key's copy that nobody has counts
 * only if no later plan has one for it; one that somebody has always does: a school with two rows
 * may have one of them from each. */
#define LATER_COPY(row)                                                                            \
    "EXISTS (SELECT 1 FROM chosen c CROSS JOIN deliveries y WHERE c.number > " row ".mailing AND " \
    "y.mailing = c.number AND y.key = " row ".key) "
#define LATEST_COPY                                                                                \
    "AND ($1 = 0 OR d.state = 'sent' OR d.state = 'complained' OR d.state = 'unknown' OR "         \
    "NOT " LATER_COPY("d") ") "
#define LATEST_LEFT_OUT "AND ($1 = 0 OR NOT " LATER_COPY("e") ") "
/* Who was left out of the later plan only for having the letter isn't left out, and nobody is who
 * had nothing that a correction could put right. */
#define LEFT_OUT_YET                                                                               \
    "AND e.kind <> 'had-none' AND ($1 = 0 OR (e.mailing = $1 AND NOT EXISTS (SELECT 1 FROM "       \
    "chosen c CROSS JOIN exclusions "                                                              \
    "z WHERE c.number > e.mailing AND z.mailing = c.number AND z.key = e.key)) OR "                \
    "(e.mailing <> $1 AND e.kind <> 'has-it' AND e.kind <> 'on-its-way' AND e.kind <> "            \
    "'may-have-it' AND e.kind <> 'came-back')) "

#define COUNT(state) "sum(CASE WHEN d.state = '" state "' THEN 1 ELSE 0 END)"
#define COUNTS_GONE COUNT("sent") ", " COUNT("deferred") ", " COUNT("refused") ", " COUNT("unknown")
#define COUNTS_BACK COUNT("bounced") ", " COUNT("complained")
#define COUNTS_NOT COUNT("written") ", " COUNT("left out")
/* In the order of DeliveryState. */
#define COUNTS                                                                                     \
    COUNT("planned")                                                                               \
    ", " COUNT("sending") ", " COUNTS_GONE ", " COUNTS_BACK ", " COUNTS_NOT " "

static const char SQL_MAILINGS[] =
    WITH_SCOPE "SELECT m.id, " COUNTS "FROM mailings m JOIN deliveries d ON d.mailing = m.number "
               "WHERE m.number IN " SCOPE LATEST_COPY
               "GROUP BY m.number, m.id ORDER BY m.planned_at DESC, m.number DESC";

/* What stands after the last @: rtrim takes off every character that is no @. */
#define DOMAIN "lower(substr(d.address, length(rtrim(d.address, replace(d.address, '@', ''))) + 1))"
#define ARRIVED                                                                                    \
    "(d.state = 'sent' OR d.state = 'planned' OR d.state = 'sending' OR d.state = 'written' "      \
    "OR d.state = 'left out')"

static const char SQL_DOMAINS[] = WITH_SCOPE
    "SELECT " DOMAIN " AS domain, " COUNTS "FROM deliveries d WHERE d.mailing IN " SCOPE LATEST_COPY
    "GROUP BY " DOMAIN " ORDER BY sum(CASE WHEN " ARRIVED " THEN 0 ELSE 1 END) DESC, "
    "count(*) DESC, domain LIMIT $3";

#define RETURNED "(d.state = 'bounced' OR d.state = 'complained')"
#define WHEN "CASE WHEN " RETURNED " THEN d.first_at ELSE d.changed_at END"
#define DONE                                                                                       \
    "d.state <> 'planned' AND d.state <> 'sending' AND d.state <> 'written' "                      \
    "AND d.state <> 'left out' "

static const char SQL_OUTCOMES[] = WITH_SCOPE
    "SELECT (" WHEN ") / $3 AS step, d.state, count(*) FROM deliveries d WHERE d.mailing IN " SCOPE
    "AND " DONE "GROUP BY step, d.state ORDER BY step";
static const char SQL_RETURNS[] =
    WITH_SCOPE "SELECT d.changed_at / $3 AS step, d.state, count(*) FROM deliveries d "
               "WHERE d.mailing IN " SCOPE "AND " RETURNED " GROUP BY step, d.state ORDER BY step";
static const char SQL_SPAN[] =
    WITH_SCOPE "SELECT coalesce(min(" WHEN "), 0), coalesce(max(" WHEN "), 0) FROM deliveries d "
               "WHERE d.mailing IN " SCOPE "AND " DONE;

#define ROW                                                                                        \
    "m.id, d.key, d.address, f.name, 0 AS part, d.reply, d.state, d.attempts, d.code, "            \
    "d.enhanced, d.changed_at, d.first_at, d.next_at, '' AS file, 0 AS line, d.stage, "            \
    "d.given_up, "                                                                                 \
    "d.transport, '' AS kind, '' AS detail, 0 AS since, f.label, f.phone, "                        \
    "f.fields, 0 AS sheet_column, " SETTLEMENT_COLUMNS ", "
#define ROW_TABLES                                                                                 \
    "FROM mailings m CROSS JOIN deliveries d CROSS JOIN delivery_fields f " SETTLEMENT_JOIN        \
    "WHERE m.number IN " SCOPE "AND d.mailing = m.number "                                         \
    "AND f.mailing = d.mailing AND f.number = d.number " LATEST_COPY
#define NO_SETTLEMENT "'', 0, '', '', 0, 0, '', 0, 0, 0, 0, 0, 0, "
/* A list without names may have had one when a letter went. */
#define KNOWN_NAME                                                                                 \
    "coalesce(nullif(e.name, ''), (SELECT f.name FROM mailings l CROSS JOIN deliveries o CROSS "   \
    "JOIN delivery_fields "                                                                        \
    "f "                                                                                           \
    "WHERE e.key <> '' AND l.audience = m.audience AND o.mailing = l.number AND o.key = e.key "    \
    "AND f.mailing = o.mailing AND f.number = o.number ORDER BY l.planned_at DESC LIMIT 1), '')"
#define LEFT_OUT                                                                                   \
    "UNION ALL SELECT m.id, e.key, e.address, " KNOWN_NAME ", 1, '', 'planned', 0, 0, '', "        \
    "m.planned_at, 0, " SUPPRESSION_RETRIAL                                                        \
    ", e.file, e.line, '', '', '', e.kind, e.detail, e.since, e.label, "                           \
    "e.phone, '', e.sheet_column, " NO_SETTLEMENT
#define TROUBLE                                                                                    \
    "AND (d.state = 'refused' OR d.state = 'unknown' OR d.state = 'bounced' "                      \
    "OR d.state = 'complained' OR d.state = 'deferred') "

/* Who was left out for the address of another row has missed the letter if that did not arrive: then
 * it is told what became of it. */
#define LETTER_OF_TWIN                                                                             \
    "e.kind = 'same-address' AND lower(d.address) = lower(e.address) AND d.mailing = "             \
    "e.mailing " TROUBLE
#define LEFT_OUT_TABLES                                                                            \
    "FROM mailings m JOIN exclusions e ON e.mailing = m.number WHERE m.number IN " SCOPE           \
        LATEST_LEFT_OUT LEFT_OUT_YET                                                               \
    "AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE " LETTER_OF_TWIN ") "
#define TWIN                                                                                       \
    "UNION ALL SELECT m.id, e.key, e.address, " KNOWN_NAME ", 1, d.reply, d.state, d.attempts, "   \
    "d.code, d.enhanced, d.changed_at, d.first_at, d.next_at, e.file, e.line, d.stage, "           \
    "d.given_up, d.transport, e.kind, e.detail, e.since, e.label, e.phone, "                       \
    "'', e.sheet_column, " SETTLEMENT_COLUMNS ", "
#define TWIN_TABLES                                                                                \
    "FROM mailings m JOIN exclusions e ON e.mailing = m.number CROSS JOIN deliveries "             \
    "d " SETTLEMENT_JOIN "WHERE m.number IN " SCOPE LATEST_LEFT_OUT LEFT_OUT_YET                   \
    "AND " LETTER_OF_TWIN

/* A key without text names nobody: an exclusion may have none. */
#define HERE(row)                                                                                  \
    row ".key <> '' AND EXISTS (SELECT 1 FROM deliveries o WHERE o.mailing = " row ".mailing "     \
        "AND o.key = " row ".key AND o.state = 'sent'), "
#define LATER(row)                                                                                 \
    row ".key <> '' AND EXISTS (SELECT 1 FROM mailings l CROSS JOIN deliveries o WHERE "           \
        "l.planned_at >= m.planned_at AND o.mailing = l.number AND o.key = " row ".key "           \
        "AND o.state = 'sent'), "

static const char SQL_TROUBLES[] =
    WITH_SCOPE "SELECT " ROW HERE("d") "d.number AS place " ROW_TABLES TROUBLE LEFT_OUT HERE(
        "e") "e.number " LEFT_OUT_TABLES TWIN HERE("e") "e.number " TWIN_TABLES
                                                        "ORDER BY part, place";
static const char SQL_TROUBLES_OF_MANY[] = WITH_SCOPE
    "SELECT " ROW LATER("d") "m.planned_at AS planned " ROW_TABLES TROUBLE LEFT_OUT LATER(
        "e") "m.planned_at " LEFT_OUT_TABLES TWIN LATER("e") "m.planned_at " TWIN_TABLES
                                                             "ORDER BY 2, planned DESC, part, 3";

static const char SQL_COPIES[] =
    WITH_SCOPE "SELECT " ROW "0, d.number AS place, m.number AS nth " ROW_TABLES
               "AND d.state <> 'left out' " LEFT_OUT "0, e.number, m.number " LEFT_OUT_TABLES TWIN
               "0, e.number, m.number " TWIN_TABLES "ORDER BY part, nth, place";

#define TRIED "AND (d.state = 'sent' OR d.state = 'refused') AND d.attempts > 1 "
static const char SQL_SLOWEST[] =
    WITH_SCOPE "SELECT " ROW "0 " ROW_TABLES TRIED
               "ORDER BY d.changed_at - d.first_at DESC, d.number LIMIT $3";
static const char SQL_MOST_TRIED[] =
    WITH_SCOPE "SELECT " ROW "0 " ROW_TABLES TRIED "ORDER BY d.attempts DESC, d.number LIMIT $3";

static const char SQL_FIELDS[] = WITH_SCOPE
    "SELECT d.key, d.state, f.fields FROM deliveries d JOIN delivery_fields f "
    "ON f.mailing = d.mailing AND f.number = d.number WHERE d.mailing IN " SCOPE LATEST_COPY;

static Statement *begin(Ledger *ledger, const char *sql, const TallyScope *scope, gint64 third,
                        GError **error)
{
    Statement *rows = statement_begin(ledger->db, sql, error);
    if (!rows)
        return NULL;
    statement_bind_integer(rows, 1, scope->mailing);
    statement_bind_integer(rows, 2, scope->since);
    if (third)
        statement_bind_integer(rows, 3, third);
    return rows;
}

/* --- groups ---------------------------------------------------------------------------------- */

static gboolean each_group(Ledger *ledger, const char *sql, const TallyScope *scope, guint limit,
                           TallyFound found, void *user, GError **error)
{
    g_autoptr(Statement) rows = begin(ledger, sql, scope, limit, error);
    if (!rows)
        return FALSE;
    StatementStep step;
    while ((step = statement_step(rows, error)) == STATEMENT_ROW) {
        guint64 counts[DELIVERY_STATES];
        for (int i = 0; i < DELIVERY_STATES; i++)
            counts[i] = (guint64)statement_integer(rows, i + 1);
        if (!found(user, statement_text(rows, 0), counts))
            return TRUE;
    }
    return step == STATEMENT_DONE;
}

gboolean tallies_mailings(Ledger *ledger, const TallyScope *scope, TallyFound found, void *user,
                          GError **error)
{
    return each_group(ledger, SQL_MAILINGS, scope, 0, found, user, error);
}

gboolean tallies_domains(Ledger *ledger, const TallyScope *scope, guint limit, TallyFound found,
                         void *user, GError **error)
{
    g_assert(limit > 0);
    return each_group(ledger, SQL_DOMAINS, scope, limit, found, user, error);
}

/* --- times ----------------------------------------------------------------------------------- */

static gboolean each_moment(Ledger *ledger, const char *sql, const TallyScope *scope, gint64 size,
                            TallyMoment found, void *user, GError **error)
{
    g_assert(size > 0);
    g_autoptr(Statement) rows = begin(ledger, sql, scope, size, error);
    if (!rows)
        return FALSE;
    StatementStep step;
    while ((step = statement_step(rows, error)) == STATEMENT_ROW) {
        DeliveryState state;
        if (!delivery_state_parse(ledger, statement_text(rows, 1), &state, error))
            return FALSE;
        if (!found(user, statement_integer(rows, 0) * size, state,
                   (guint64)statement_integer(rows, 2)))
            return TRUE;
    }
    return step == STATEMENT_DONE;
}

gboolean tallies_outcomes(Ledger *ledger, const TallyScope *scope, gint64 step, TallyMoment found,
                          void *user, GError **error)
{
    return each_moment(ledger, SQL_OUTCOMES, scope, step, found, user, error);
}

gboolean tallies_returns(Ledger *ledger, const TallyScope *scope, gint64 step, TallyMoment found,
                         void *user, GError **error)
{
    return each_moment(ledger, SQL_RETURNS, scope, step, found, user, error);
}

gboolean tallies_span(Ledger *ledger, const TallyScope *scope, gint64 *first, gint64 *last,
                      GError **error)
{
    g_autoptr(Statement) ask = begin(ledger, SQL_SPAN, scope, 0, error);
    if (!ask || statement_step(ask, error) != STATEMENT_ROW)
        return FALSE;
    *first = statement_integer(ask, 0);
    *last = statement_integer(ask, 1);
    return TRUE;
}

/* --- rows ------------------------------------------------------------------------------------ */

enum { SETTLEMENT = 25 }; /* the first column of it */

static gboolean trouble_from_row(Ledger *ledger, Statement *row, TallyTrouble *trouble,
                                 GError **error)
{
    *trouble = (TallyTrouble){
        .mailing = statement_text(row, 0),
        .key = statement_text(row, 1),
        .address = statement_text(row, 2),
        .name = statement_text(row, 3),
        .is_left_out = statement_integer(row, 4) != 0,
        .is_twin = statement_integer(row, 4) && strcmp(statement_text(row, 6), "planned") != 0,
        .reply = statement_text(row, 5),
        .attempts = (guint)statement_integer(row, 7),
        .code = (int)statement_integer(row, 8),
        .enhanced = statement_text(row, 9),
        .changed_at = statement_integer(row, 10),
        .first_at = statement_integer(row, 11),
        .next_at = statement_integer(row, 12),
        .at = {statement_text(row, 13), (guint)statement_integer(row, 14),
               (guint)statement_integer(row, 24)},
        .stage = stage_from_name(statement_text(row, 15)),
        .given_up = given_up_from_name(statement_text(row, 16)),
        .via = via_from_name(statement_text(row, 17)),
        .kind = exclusion_from_name(statement_text(row, 18)),
        .detail = statement_text(row, 19),
        .since = statement_integer(row, 20),
        .label = statement_text(row, 21),
        .phone = statement_text(row, 22),
        .settlement = settlement_from_row(row, SETTLEMENT),
        .is_reached = statement_integer(row, SETTLEMENT + SETTLEMENT_COLUMNS_COUNT) != 0,
    };
    trouble->fields = statement_text_len(row, 23, &trouble->fields_length);
    return delivery_state_parse(ledger, statement_text(row, 6), &trouble->state, error);
}

static gboolean each_trouble(Ledger *ledger, const char *sql, const TallyScope *scope, guint limit,
                             TallyTroubleFound found, void *user, GError **error)
{
    g_autoptr(Statement) rows = begin(ledger, sql, scope, limit, error);
    if (!rows)
        return FALSE;
    StatementStep step;
    while ((step = statement_step(rows, error)) == STATEMENT_ROW) {
        TallyTrouble trouble;
        if (!trouble_from_row(ledger, rows, &trouble, error))
            return FALSE;
        if (!found(user, &trouble))
            return TRUE;
    }
    return step == STATEMENT_DONE;
}

gboolean tallies_troubles(Ledger *ledger, const TallyScope *scope, TallyTroubleFound found,
                          void *user, GError **error)
{
    const char *sql = scope->mailing ? SQL_TROUBLES : SQL_TROUBLES_OF_MANY;
    return each_trouble(ledger, sql, scope, 0, found, user, error);
}

gboolean tallies_copies(Ledger *ledger, const TallyScope *scope, TallyTroubleFound found,
                        void *user, GError **error)
{
    g_assert(scope->mailing);
    return each_trouble(ledger, SQL_COPIES, scope, 0, found, user, error);
}

gboolean tallies_slowest(Ledger *ledger, const TallyScope *scope, guint limit,
                         TallyTroubleFound found, void *user, GError **error)
{
    g_assert(limit > 0);
    return each_trouble(ledger, SQL_SLOWEST, scope, limit, found, user, error);
}

gboolean tallies_most_tried(Ledger *ledger, const TallyScope *scope, guint limit,
                            TallyTroubleFound found, void *user, GError **error)
{
    g_assert(limit > 0);
    return each_trouble(ledger, SQL_MOST_TRIED, scope, limit, found, user, error);
}

gboolean tallies_fields(Ledger *ledger, const TallyScope *scope, TallyFields found, void *user,
                        GError **error)
{
    g_autoptr(Statement) rows = begin(ledger, SQL_FIELDS, scope, 0, error);
    if (!rows)
        return FALSE;
    StatementStep step;
    while ((step = statement_step(rows, error)) == STATEMENT_ROW) {
        DeliveryState state;
        gsize length;
        const char *fields = statement_text_len(rows, 2, &length);
        if (!delivery_state_parse(ledger, statement_text(rows, 1), &state, error))
            return FALSE;
        if (!found(user, statement_text(rows, 0), state, fields, length))
            return TRUE;
    }
    return step == STATEMENT_DONE;
}
