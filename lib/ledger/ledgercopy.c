/* ledgercopy - all of one ledger put into another, empty one: from a file to a server, or back */
#include "ledger/ledgercopy.h"

#include <string.h>

#include "base/error.h"
#include "ledger/connection.h"

/* A table's columns, the kind of each (i: a number, t: a text, r: a text of any bytes, b: bytes), and
 * by what its rows are in order. Those that others refer to stand first. `migrations` is each
 * ledger's own. */
typedef struct {
    const char *name, *columns, *kinds, *order;
} Table;

static const Table TABLES[] = {
    {"mailings",
     "number, id, update_path, audience, subject, sender, envelope_sender, content_hash, "
     "recipients_hash, version, settings, planned_at, planned, excluded, send_at, state, "
     "transport, "
     "follows, follows_as",
     "ittttttttttiiiittit", "number"},
    {"contents", "hash, bytes", "tb", "hash"},
    {"mailing_contents", "mailing, name, hash", "itt", "mailing, name"},
    {"leases", "number, mailing, name, holder, since, until", "iittii", "number"},
    {"deliveries",
     "mailing, number, key, address, state, attempts, code, enhanced, reply, changed_at, next_at, "
     "first_at, stage, given_up, transport, message_id, lease",
     "iitttiittiiitttti", "mailing, number"},
    {"delivery_fields", "mailing, number, name, fields, label, phone", "iitrtt", "mailing, number"},
    {"exclusions",
     "mailing, number, key, address, file, line, name, kind, detail, since, label, phone, "
     "sheet_column",
     "iitttitttitti", "mailing, number"},
    {"suppressions",
     "number, address, audience, reason, source, since, removed_at, removed_why, kind, evidence, "
     "until",
     "ittttiittii", "number"},
    {"notices",
     "number, message, part, uidvalidity, uid, received_at, kind, judged, status, reason, "
     "feedback, recipient, diagnostic, sender, subject, text, successor, mailing, delivery, key, "
     "address, verified, action, why, review, reviewed_at",
     "itiiiittttttttttttittittii", "number"},
    {"inboxes", "name, uidvalidity, uid", "tii", "name"},
    {"digests", "name, since", "ti", "name"},
    {"digest_mailings", "mailing, digest", "it", "mailing"},
    {"digest_notices", "digest, notice, revision, date, title, hash, noted_at", "ttiitti",
     "digest, notice, revision"},
    {"digest_readers", "digest, key, since, seen", "ttii", "digest, key"},
    {"digest_items", "digest, notice, revision, key, mailing", "ttiti",
     "digest, notice, revision, key, mailing"},
    {"meta", "name, value", "tt", "name"},
    {"mailing_events", "mailing, number, event, at, \"user\", host, command, detail", "iititttt",
     "mailing, number"},
    {"questions", "mailing, number, slug, kind, text, choices, until", "iitttti",
     "mailing, number"},
    {"answers",
     "number, message, uidvalidity, uid, received_at, said_at, mailing, delivery, key, address, "
     "question, choice, state, late, verified, why, sender, sender_name, subject, text",
     "itiiiiiitttttiittttt", "number"},
    {"settlements",
     "mailing, delivery, kind, at, mailbox, folder, uidvalidity, uid, message_id, copies, there, "
     "looked, since, notice, resent_at",
     "iitittiitiiiiii", "mailing, delivery"},
};

static const char SQL_HOLDS[] = "SELECT (SELECT count(*) FROM mailings) + (SELECT count(*) FROM "
                                "suppressions) + (SELECT count(*) FROM answers) WHERE $1 = 0";
static const char SQL_SENDING[] =
    "SELECT count(*) FROM deliveries WHERE state = 'sending' AND $1 = 0";

/* --- a row ------------------------------------------------------------------------------------ */

/* What a column holds, the same of whichever engine it is. */
static void take_column(Statement *row, int index, char kind, GString *value, gint64 *number)
{
    gsize length = 0;
    const char *text = "";
    switch (kind) {
    case 'i':
        *number = statement_integer(row, index);
        g_string_printf(value, "%" G_GINT64_FORMAT, *number);
        return;
    case 'r':
        text = statement_text_len(row, index, &length);
        break;
    case 'b':
        text = statement_bytes(row, index, &length);
        break;
    default: {
        g_autofree char *valid = g_utf8_make_valid(statement_text(row, index), -1);
        g_string_assign(value, valid);
        return;
    }
    }
    g_string_truncate(value, 0);
    g_string_append_len(value, text, (gssize)length);
}

static void bind_column(Statement *add, int index, char kind, const GString *value, gint64 number)
{
    switch (kind) {
    case 'i':
        statement_bind_integer(add, index, number);
        break;
    case 'r':
        statement_bind_text_len(add, index, value->str, value->len);
        break;
    case 'b':
        statement_bind_bytes(add, index, value->str, value->len);
        break;
    default:
        statement_bind_text(add, index, value->str);
    }
}

/* --- a table ---------------------------------------------------------------------------------- */

typedef struct {
    guint64 rows;
    char *sum;
} Account;

/* Each row of a table, into `add` where that isn't NULL, and the account of all. */
static gboolean each_row(Statement *rows, Statement *add, const char *kinds, Account *account,
                         GError **error)
{
    StatementStep step;
    int columns = (int)strlen(kinds);
    g_autoptr(GPtrArray) values = g_ptr_array_new_with_free_func(NULL);
    GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
    gboolean ok = TRUE;
    for (int i = 0; i < columns; i++)
        g_ptr_array_add(values, g_string_new(NULL));
    *account = (Account){0};
    while (ok && (step = statement_step(rows, error)) == STATEMENT_ROW) {
        for (int i = 0; i < columns; i++) {
            gint64 number = 0;
            GString *value = g_ptr_array_index(values, i);
            take_column(rows, i, kinds[i], value, &number);
            guint64 length = value->len;
            g_checksum_update(sum, (const guchar *)&length, sizeof length);
            g_checksum_update(sum, (const guchar *)value->str, (gssize)value->len);
            if (add)
                bind_column(add, i + 1, kinds[i], value, number);
        }
        account->rows++;
        ok = !add || statement_run(add, NULL, error);
    }
    account->sum = g_strdup(g_checksum_get_string(sum));
    g_checksum_free(sum);
    for (int i = 0; i < columns; i++)
        g_string_free(g_ptr_array_index(values, i), TRUE);
    return ok && step == STATEMENT_DONE;
}

static Statement *read_table(Ledger *ledger, const Table *table, GError **error)
{
    g_autofree char *sql =
        g_strdup_printf("SELECT %s FROM %s ORDER BY %s", table->columns, table->name, table->order);
    return statement_prepare(ledger->db, sql, error);
}

static Statement *add_to_table(Ledger *ledger, const Table *table, GError **error)
{
    g_autoptr(GString) sql = g_string_new(NULL);
    g_string_printf(sql, "INSERT INTO %s (%s) VALUES (", table->name, table->columns);
    for (gsize i = 0; i < strlen(table->kinds); i++)
        g_string_append_printf(sql, "%s$%d", i ? ", " : "", (int)i + 1);
    g_string_append_c(sql, ')');
    return statement_prepare(ledger->db, sql->str, error);
}

static gboolean copy_table(Ledger *from, Ledger *to, const Table *table, guint64 *rows,
                           GError **error)
{
    Account there = {0}, arrived = {0};
    g_autoptr(Statement) read = read_table(from, table, error);
    g_autoptr(Statement) add = read ? add_to_table(to, table, error) : NULL;
    g_autoptr(Statement) again = add ? read_table(to, table, error) : NULL;
    gboolean ok = again && each_row(read, add, table->kinds, &there, error) &&
                  each_row(again, NULL, table->kinds, &arrived, error);
    if (ok && (there.rows != arrived.rows || !g_str_equal(there.sum, arrived.sum))) {
        ok = FALSE;
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA,
                    "%s: the table '%s' arrived otherwise than it is in %s: nothing was copied",
                    to->path, table->name, from->path);
    }
    *rows += there.rows;
    g_free(there.sum);
    g_free(arrived.sum);
    return ok;
}

/* --- all of it -------------------------------------------------------------------------------- */

static gboolean may_copy(Ledger *from, Ledger *to, GError **error)
{
    gint64 held, sending;
    if (!ledger_ask(to, SQL_HOLDS, 0, &held, error) ||
        !ledger_ask(from, SQL_SENDING, 0, &sending, error))
        return FALSE;
    if (held)
        g_set_error(
            error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA,
            "%s: has mailings or suppressions already: a ledger is copied into an empty one",
            to->path);
    else if (sending)
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA,
                    "%s: letters are being sent, or were when something was cut off: let 'circular "
                    "send' end first",
                    from->path);
    return !held && !sending;
}

/* The key's fingerprint and the like may be there already: what is copied stands in its place. */
static gboolean copy_all(Ledger *from, Ledger *to, guint64 *rows, GError **error)
{
    if (!may_copy(from, to, error) || !database_run(to->db, "DELETE FROM meta", error))
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(TABLES); i++)
        if (!copy_table(from, to, &TABLES[i], rows, error))
            return FALSE;
    return TRUE;
}

gboolean ledgercopy_run(Ledger *from, Ledger *to, guint64 *rows, GError **error)
{
    *rows = 0;
    if (!ledger_begin(from, error))
        return FALSE;
    gboolean ok = ledger_begin(to, error) && copy_all(from, to, rows, error);
    if (ok)
        ok = ledger_commit(to, error);
    else
        ledger_rollback(to);
    ledger_rollback(from);
    return ok;
}
