/* lifecycle - the state machine of a mailing: where it stands, how it got there, and by whom */
#include "ledger/lifecycle.h"

#include "base/error.h"
#include "ledger/exclusions.h"
#include "ledger/connection.h"

static const char SQL_STATE[] = "SELECT state FROM mailings WHERE number = $1 AND id = $2";
static const char SQL_MOVE[] = "UPDATE mailings SET state = $1 WHERE number = $2";
static const char SQL_VIA[] = "UPDATE mailings SET transport = $1 WHERE number = $2";
static const char SQL_NOTE[] =
    "INSERT INTO mailing_events (mailing, number, event, at, \"user\", host, command, detail) "
    "VALUES "
    "($1, (SELECT coalesce(max(number), 0) + 1 FROM mailing_events WHERE mailing = $1), "
    "$2, $3, $4, $5, $6, $7)";
static const char SQL_EACH[] =
    "SELECT event, at, \"user\", host, command, detail FROM mailing_events "
    "WHERE mailing = $1 ORDER BY number";

#define OPEN "(state = 'planned' OR state = 'deferred')"
static const char SQL_WITHDRAW_EXCLUDE[] =
    "INSERT INTO exclusions (mailing, number, key, address, kind, detail, since, file, line, name, "
    "label, phone) SELECT $1, (SELECT coalesce(max(number), 0) FROM exclusions WHERE mailing = $1) "
    "+ row_number() OVER (ORDER BY d.number), d.key, d.address, $2, '', $3, '', 0, f.name, "
    "f.label, f.phone FROM deliveries d JOIN delivery_fields f ON f.mailing = d.mailing AND "
    "f.number = d.number WHERE d.mailing = $1 AND (d.state = 'planned' OR d.state = 'deferred')";
static const char SQL_WITHDRAW[] =
    "UPDATE deliveries SET state = 'left out', changed_at = $1, next_at = 0 "
    "WHERE mailing = $2 AND " OPEN;
static const char SQL_EXCLUDED[] = "UPDATE mailings SET excluded = excluded + $1 WHERE number = $2";
static const char SQL_LEAVE_OUT[] =
    "UPDATE deliveries SET state = 'left out', changed_at = $1, next_at = 0 "
    "WHERE mailing = $2 AND number = $3 AND (" OPEN " OR state = 'sending')";
static const char SQL_END_REHEARSAL[] =
    "UPDATE deliveries SET state = 'planned', attempts = 0, code = 0, enhanced = '', reply = '', "
    "transport = '', first_at = 0, changed_at = $1 WHERE mailing = $2 AND state = 'written'";

Actor actor_self(const char *command)
{
    const char *behind = g_getenv("SUDO_USER");
    return (Actor){.user = behind && *behind ? behind : g_get_user_name(),
                   .host = g_get_host_name(),
                   .command = command};
}

/* --- states ---------------------------------------------------------------------------------- */

#define TO(state) (1u << MAILING_##state)
static const guint WAYS[MAILING_STATES] = {
    [MAILING_PLANNED] = TO(SCHEDULED) | TO(HELD) | TO(SENDING) | TO(WITHDRAWN),
    [MAILING_SCHEDULED] = TO(PLANNED) | TO(HELD) | TO(SENDING) | TO(STOPPED) | TO(WITHDRAWN),
    [MAILING_HELD] = TO(PLANNED) | TO(SCHEDULED) | TO(SENDING) | TO(STOPPED) | TO(WITHDRAWN),
    [MAILING_SENDING] = TO(PLANNED) | TO(SCHEDULED) | TO(STOPPED) | TO(DONE) | TO(WITHDRAWN),
    [MAILING_STOPPED] =
        TO(PLANNED) | TO(SCHEDULED) | TO(HELD) | TO(SENDING) | TO(DONE) | TO(WITHDRAWN),
    [MAILING_DONE] = TO(SENDING),
    [MAILING_WITHDRAWN] = 0,
};

gboolean lifecycle_state(Ledger *ledger, const Mailing *mailing, MailingState *state,
                         GError **error)
{
    g_autoptr(Statement) ask = statement_begin(ledger->db, SQL_STATE, error);
    if (!ask)
        return FALSE;
    statement_bind_integer(ask, 1, mailing->number);
    statement_bind_text(ask, 2, mailing->id);
    switch (statement_lookup(ask, error)) {
    case LOOKUP_FAILED:
        break;
    case LOOKUP_NONE: /* another plan took its place, and perhaps its number */
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_NOINPUT, "%s: no mailing '%s'",
                    ledger->path, mailing->id);
        break;
    case LOOKUP_FOUND:
        *state = mailing_state_from_name(statement_text(ask, 0));
        return TRUE;
    }
    return FALSE;
}

gboolean lifecycle_note(Ledger *ledger, const Mailing *mailing, const char *event,
                        const Actor *actor, gint64 now, const char *detail, GError **error)
{
    g_autoptr(Statement) add = statement_begin(ledger->db, SQL_NOTE, error);
    if (!add)
        return FALSE;
    statement_bind_integer(add, 1, mailing->number);
    statement_bind_text(add, 2, event);
    statement_bind_integer(add, 3, now);
    statement_bind_text(add, 4, actor->user);
    statement_bind_text(add, 5, actor->host);
    statement_bind_text(add, 6, actor->command);
    statement_bind_text(add, 7, detail);
    return statement_run(add, NULL, error);
}

/* Sets one text or number of a mailing. */
static gboolean set_text(Ledger *ledger, const char *sql, const char *text, gint64 number,
                         GError **error)
{
    g_autoptr(Statement) set = statement_begin(ledger->db, sql, error);
    if (!set)
        return FALSE;
    statement_bind_text(set, 1, text);
    statement_bind_integer(set, 2, number);
    return statement_run(set, NULL, error);
}

gboolean lifecycle_move(Ledger *ledger, const Mailing *mailing, MailingState state,
                        const Actor *actor, gint64 now, const char *detail, GError **error)
{
    MailingState from;
    if (!lifecycle_state(ledger, mailing, &from, error))
        return FALSE;
    if (from == state)
        return TRUE;
    if (!(WAYS[from] & (1u << state))) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                    "mailing '%s' is %s: it can't be %s", mailing->id, mailing_state_name(from),
                    mailing_state_name(state));
        return FALSE;
    }
    return set_text(ledger, SQL_MOVE, mailing_state_name(state), mailing->number, error) &&
           lifecycle_note(ledger, mailing, mailing_state_name(state), actor, now, detail, error);
}

gboolean lifecycle_set_via(Ledger *ledger, const Mailing *mailing, Via via, GError **error)
{
    return set_text(ledger, SQL_VIA, via_name(via), mailing->number, error);
}

gboolean lifecycle_each(Ledger *ledger, const Mailing *mailing, LifeEventFound found, void *user,
                        GError **error)
{
    g_autoptr(Statement) each = statement_begin(ledger->db, SQL_EACH, error);
    if (!each)
        return FALSE;
    statement_bind_integer(each, 1, mailing->number);
    StatementStep step;
    while ((step = statement_step(each, error)) == STATEMENT_ROW) {
        LifeEvent event = {.event = statement_text(each, 0),
                           .at = statement_integer(each, 1),
                           .actor = {.user = statement_text(each, 2),
                                     .host = statement_text(each, 3),
                                     .command = statement_text(each, 4)},
                           .detail = statement_text(each, 5)};
        if (!found(user, &event))
            return TRUE;
    }
    return step == STATEMENT_DONE;
}

/* --- what doesn't go ------------------------------------------------------------------------- */

static gboolean add_excluded(Ledger *ledger, gint64 number, guint64 count, GError **error)
{
    g_autoptr(Statement) add = statement_begin(ledger->db, SQL_EXCLUDED, error);
    if (!add)
        return FALSE;
    statement_bind_integer(add, 1, (gint64)count);
    statement_bind_integer(add, 2, number);
    return statement_run(add, NULL, error);
}

/* Runs an update of a mailing's deliveries at `now`. */
static gboolean update_all(Ledger *ledger, const char *sql, gint64 number, gint64 now,
                           guint64 *count, GError **error)
{
    g_autoptr(Statement) update = statement_begin(ledger->db, sql, error);
    if (!update)
        return FALSE;
    statement_bind_integer(update, 1, now);
    statement_bind_integer(update, 2, number);
    return statement_run(update, count, error);
}

static gboolean exclude_open(Ledger *ledger, gint64 number, gint64 now, GError **error)
{
    g_autoptr(Statement) exclude = statement_begin(ledger->db, SQL_WITHDRAW_EXCLUDE, error);
    if (!exclude)
        return FALSE;
    statement_bind_integer(exclude, 1, number);
    statement_bind_text(exclude, 2, exclusion_name(EXCLUSION_WITHDRAWN));
    statement_bind_integer(exclude, 3, now);
    return statement_run(exclude, NULL, error);
}

gboolean lifecycle_withdraw(Ledger *ledger, const Mailing *mailing, const Actor *actor, gint64 now,
                            guint64 *count, GError **error)
{
    return lifecycle_move(ledger, mailing, MAILING_WITHDRAWN, actor, now, NULL, error) &&
           exclude_open(ledger, mailing->number, now, error) &&
           update_all(ledger, SQL_WITHDRAW, mailing->number, now, count, error) &&
           add_excluded(ledger, mailing->number, *count, error);
}

/* `changed` is FALSE when the delivery was in another state. */
static gboolean mark_left_out(Ledger *ledger, gint64 mailing, guint64 number, gint64 now,
                              gboolean *changed, GError **error)
{
    guint64 rows;
    g_autoptr(Statement) update = statement_begin(ledger->db, SQL_LEAVE_OUT, error);
    if (!update)
        return FALSE;
    statement_bind_integer(update, 1, now);
    statement_bind_integer(update, 2, mailing);
    statement_bind_integer(update, 3, (gint64)number);
    if (!statement_run(update, &rows, error))
        return FALSE;
    *changed = rows > 0;
    return TRUE;
}

gboolean lifecycle_leave_out(Ledger *ledger, const Mailing *mailing, const Delivery *delivery,
                             const Why *why, gint64 now, GError **error)
{
    gboolean changed;
    LeftOut one = {.key = delivery->key,
                   .name = delivery->name,
                   .label = delivery->label,
                   .phone = delivery->phone,
                   .address = delivery->address,
                   .kind = why->kind,
                   .detail = why->detail,
                   .since = why->since};
    if (!mark_left_out(ledger, mailing->number, delivery->number, now, &changed, error))
        return FALSE;
    if (changed)
        return exclusions_add(ledger, mailing, &one, error) &&
               add_excluded(ledger, mailing->number, 1, error);
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA,
                "%s: delivery %" G_GUINT64_FORMAT " of '%s' has gone: it can't be left out",
                ledger->path, delivery->number, mailing->id);
    return FALSE;
}

gboolean lifecycle_end_rehearsal(Ledger *ledger, const Mailing *mailing, gint64 now, guint64 *count,
                                 GError **error)
{
    return update_all(ledger, SQL_END_REHEARSAL, mailing->number, now, count, error);
}
