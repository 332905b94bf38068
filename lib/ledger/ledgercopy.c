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

/* A walk over a table's rows: up to `most`, and those from `skip` on go into another ledger. */
typedef struct {
    const Table *table;
    guint64 most, skip;
    Ledger *into; /* NULL: they are only read */
    guint64 rows;
    char *sum;
} Walk;

/* A transaction each so many rows. */
enum { ROWS_AT_ONCE = 5000 };

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

/* `values` are the columns': what is bound is not copied. */
static void take_row(Statement *row, Statement *add, const char *kinds, GChecksum *sum,
                     GPtrArray *values)
{
    for (int i = 0; kinds[i]; i++) {
        gint64 number = 0;
        GString *value = g_ptr_array_index(values, i);
        take_column(row, i, kinds[i], value, &number);
        guint64 length = value->len;
        g_checksum_update(sum, (const guchar *)&length, sizeof length);
        g_checksum_update(sum, (const guchar *)value->str, (gssize)value->len);
        if (add)
            bind_column(add, i + 1, kinds[i], value, number);
    }
}

static void free_value(gpointer value)
{
    g_string_free(value, TRUE);
}

static gboolean put_row(Walk *walk, Statement *add, GError **error)
{
    if (!statement_queue(add, NULL, error))
        return FALSE;
    return walk->rows % ROWS_AT_ONCE ||
           (ledger_commit(walk->into, error) && ledger_begin(walk->into, error));
}

static gboolean each_row(Walk *walk, Statement *rows, Statement *add, GChecksum *sum,
                         GError **error)
{
    StatementStep step = STATEMENT_DONE;
    g_autoptr(GPtrArray) values = g_ptr_array_new_with_free_func(free_value);
    for (gsize i = 0; i < strlen(walk->table->kinds); i++)
        g_ptr_array_add(values, g_string_new(NULL));
    while (walk->rows < walk->most && (step = statement_step(rows, error)) == STATEMENT_ROW) {
        gboolean is_new = add && walk->rows >= walk->skip;
        take_row(rows, is_new ? add : NULL, walk->table->kinds, sum, values);
        walk->rows++;
        if (is_new && !put_row(walk, add, error))
            return FALSE;
    }
    return step != STATEMENT_FAILED;
}

static gboolean walk_table(Walk *walk, Ledger *ledger, GError **error)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_autoptr(Statement) rows = read_table(ledger, walk->table, error);
    g_autoptr(Statement) add =
        rows && walk->into ? add_to_table(walk->into, walk->table, error) : NULL;
    if (!rows || (walk->into && !add) || !each_row(walk, rows, add, sum, error) ||
        (add && !database_flush(walk->into->db, error)))
        return FALSE;
    walk->sum = g_strdup(g_checksum_get_string(sum));
    return TRUE;
}

static gboolean count_rows(Ledger *ledger, const Table *table, guint64 *rows, GError **error)
{
    g_autofree char *sql = g_strdup_printf("SELECT count(*) FROM %s", table->name);
    g_autoptr(Statement) count = statement_prepare(ledger->db, sql, error);
    if (!count || statement_step(count, error) != STATEMENT_ROW)
        return FALSE;
    *rows = (guint64)statement_integer(count, 0);
    return TRUE;
}

/* Takes both sums. */
static gboolean is_same_walk(Walk *one, Walk *other)
{
    gboolean is_same = one->rows == other->rows && g_str_equal(one->sum, other->sum);
    g_clear_pointer(&one->sum, g_free);
    g_clear_pointer(&other->sum, g_free);
    return is_same;
}

/* What is there already is how the table begins (go_on). */
static gboolean copy_table(Ledger *from, Ledger *to, const Table *table, LedgerCopy *copy,
                           GError **error)
{
    Walk walk = {.table = table, .most = G_MAXUINT64, .into = to};
    Walk arrived = {.table = table, .most = G_MAXUINT64};
    if (!count_rows(to, table, &walk.skip, error) || !walk_table(&walk, from, error))
        return FALSE;
    if (!walk_table(&arrived, to, error)) {
        g_free(walk.sum);
        return FALSE;
    }
    copy->rows += walk.rows;
    copy->were += walk.skip;
    if (is_same_walk(&walk, &arrived))
        return TRUE;
    g_set_error(
        error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA,
        "%s: the table '%s' arrived otherwise than it is in %s: the copy has not ended; give "
        "the command again",
        to->path, table->name, from->path);
    return FALSE;
}

/* --- all of it -------------------------------------------------------------------------------- */

/* Whether what `to` has of the table is how the table of `from` begins. */
static gboolean begins_so(Ledger *from, Ledger *to, const Table *table, gboolean *is_same,
                          GError **error)
{
    Walk there = {.table = table, .most = G_MAXUINT64}, here = {.table = table};
    if (!walk_table(&there, to, error))
        return FALSE;
    here.most = there.rows;
    if (!walk_table(&here, from, error)) {
        g_free(there.sum);
        return FALSE;
    }
    *is_same = is_same_walk(&there, &here);
    return TRUE;
}

/* What arrived with a copy that didn't end is gone on with where it is how `from` begins. */
static gboolean is_beginning(Ledger *from, Ledger *to, gboolean *is_same, GError **error)
{
    *is_same = TRUE;
    for (gsize i = 0; *is_same && i < G_N_ELEMENTS(TABLES); i++)
        if (!begins_so(from, to, &TABLES[i], is_same, error))
            return FALSE;
    return TRUE;
}

/* The key's fingerprint and the like are there from the beginning, of a new ledger, too. */
static gboolean empty(Ledger *to, GError **error)
{
    for (gsize i = G_N_ELEMENTS(TABLES); i--;) {
        g_autofree char *sql = g_strdup_printf("DELETE FROM %s", TABLES[i].name);
        if (!database_run(to->db, sql, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean go_on(Ledger *from, Ledger *to, LedgerCopy *copy, GError **error)
{
    gboolean is_same;
    if (!is_beginning(from, to, &is_same, error))
        return FALSE;
    copy->is_anew = !is_same;
    return is_same || empty(to, error);
}

static gboolean begin(Ledger *from, Ledger *to, LedgerCopy *copy, GError **error)
{
    gboolean is_copy;
    gint64 held, sending;
    if (!migrations_is_copy(to, &is_copy, error) || !ledger_ask(to, SQL_HOLDS, 0, &held, error) ||
        !ledger_ask(from, SQL_SENDING, 0, &sending, error))
        return FALSE;
    if (sending) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA,
                    "%s: letters are being sent, or were when something was cut off: let 'circular "
                    "send' end first",
                    from->path);
        return FALSE;
    }
    if (is_copy)
        return go_on(from, to, copy, error);
    if (!held)
        return empty(to, error) && migrations_begin_copy(to, error);
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA,
                "%s: has mailings or suppressions already: a ledger is copied into an empty one",
                to->path);
    return FALSE;
}

static gboolean copy_all(Ledger *from, Ledger *to, LedgerCopy *copy, GError **error)
{
    if (!begin(from, to, copy, error))
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(TABLES); i++)
        if (!ledger_commit(to, error) || !ledger_begin(to, error) ||
            !copy_table(from, to, &TABLES[i], copy, error))
            return FALSE;
    return migrations_end_copy(to, error);
}

/* One turn after the other to write, and none left between a table's last rows and their account. */
gboolean ledgercopy_run(Ledger *from, Ledger *to, LedgerCopy *copy, GError **error)
{
    *copy = (LedgerCopy){0};
    if (!ledger_begin(from, error))
        return FALSE;
    gboolean ok = ledger_begin(to, error) && copy_all(from, to, copy, error);
    if (ok)
        ok = ledger_commit(to, error);
    else if (database_in_transaction(to->db))
        ledger_rollback(to);
    ledger_rollback(from);
    return ok;
}
