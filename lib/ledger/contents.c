/* contents - the files that make a letter, frozen with their mailing */
#include "ledger/contents.h"

#include "base/error.h"
#include "base/sha256.h"
#include "ledger/mailings.h"
#include "ledger/connection.h"

static const char SQL_KEEP[] =
    "INSERT INTO contents (hash, bytes) VALUES ($1, $2) ON CONFLICT (hash) DO NOTHING";
static const char SQL_NAME[] = "INSERT INTO mailing_contents (mailing, name, hash) "
                               "VALUES ($1, $2, $3) ON CONFLICT (mailing, name) DO NOTHING";
static const char SQL_GET[] =
    "SELECT contents.hash, contents.bytes FROM mailing_contents "
    "JOIN contents ON contents.hash = mailing_contents.hash WHERE mailing = $1 AND name = $2";
static const char SQL_NAMES[] =
    "SELECT name FROM mailing_contents WHERE mailing = $1 ORDER BY name";

static gboolean keep(Ledger *ledger, const char *hash, const char *bytes, gsize length,
                     GError **error)
{
    g_autoptr(Statement) add = statement_begin(ledger->db, SQL_KEEP, error);
    if (!add)
        return FALSE;
    statement_bind_text(add, 1, hash);
    statement_bind_bytes(add, 2, bytes, length);
    return statement_run(add, NULL, error);
}

gboolean contents_add(Ledger *ledger, const Mailing *mailing, const char *name, const char *bytes,
                      gsize length, char **hash, GError **error)
{
    g_autofree char *sum = bytes_sha256(bytes, length);
    if (!keep(ledger, sum, bytes, length, error))
        return FALSE;
    g_autoptr(Statement) add = statement_begin(ledger->db, SQL_NAME, error);
    if (!add)
        return FALSE;
    statement_bind_integer(add, 1, mailing->number);
    statement_bind_text(add, 2, name);
    statement_bind_text(add, 3, sum);

    guint64 added;
    if (!statement_run(add, &added, error))
        return FALSE;
    if (!added)
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA,
                    "%s: mailing '%s' has a file '%s' already", ledger->path, mailing->id, name);
    else if (hash)
        *hash = g_steal_pointer(&sum);
    return added == 1;
}

Lookup contents_get(Ledger *ledger, const Mailing *mailing, const char *name, GBytes **found,
                    GError **error)
{
    *found = NULL;
    g_autoptr(Statement) find = statement_begin(ledger->db, SQL_GET, error);
    if (!find)
        return LOOKUP_FAILED;
    statement_bind_integer(find, 1, mailing->number);
    statement_bind_text(find, 2, name);
    Lookup result = statement_lookup(find, error);
    if (result != LOOKUP_FOUND)
        return result;

    gsize length;
    const char *bytes = statement_bytes(find, 1, &length);
    g_autofree char *hash = bytes_sha256(bytes, length);
    if (!g_str_equal(hash, statement_text(find, 0))) {
        g_autofree char *what =
            g_strdup_printf("'%s' of mailing '%s' is not what was frozen", name, mailing->id);
        ledger_damaged(ledger, error, what);
        return LOOKUP_FAILED;
    }
    *found = g_bytes_new(bytes, length);
    return result;
}

char **contents_names(Ledger *ledger, const Mailing *mailing, GError **error)
{
    g_autoptr(Statement) each = statement_begin(ledger->db, SQL_NAMES, error);
    if (!each)
        return NULL;
    statement_bind_integer(each, 1, mailing->number);

    g_autoptr(GStrvBuilder) names = g_strv_builder_new();
    StatementStep step;
    while ((step = statement_step(each, error)) == STATEMENT_ROW)
        g_strv_builder_add(names, statement_text(each, 0));
    return step == STATEMENT_DONE ? g_strv_builder_end(names) : NULL;
}
