/* signing_key - the key that proves what comes back, and whether it is this ledger's */
#include "workspace/signing_key.h"

#include <errno.h>
#include <stdio.h> /* rename */
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "ledger/meta.h"
#include "ledger/schedule.h"

static char *path_of(const Workspace *workspace)
{
    return g_strconcat(settings_path(workspace_settings(workspace), "ledger.file"), ".key", NULL);
}

static gboolean has_mailed(Ledger *ledger, gboolean *mailed, GError **error)
{
    guint64 sent;
    *mailed = FALSE;
    if (!schedule_sent_since(ledger, 0, &sent, error))
        return FALSE;
    *mailed = sent > 0;
    return TRUE;
}

/* Whether this is the key that the ledger has on record; TRUE where it has none. */
static gboolean is_its_own(Ledger *ledger, const TokenKey *key, gboolean *is_on_record,
                           gboolean *is_own, GError **error)
{
    g_autofree char *recorded = NULL;
    if (meta_get(ledger, META_TOKEN_KEY, &recorded, error) == LOOKUP_FAILED)
        return FALSE;
    g_autofree char *fingerprint = token_key_fingerprint(key);
    *is_on_record = recorded != NULL;
    *is_own = !recorded || g_str_equal(recorded, fingerprint);
    return TRUE;
}

static gboolean put_on_record(Ledger *ledger, const TokenKey *key, GError **error)
{
    g_autofree char *fingerprint = token_key_fingerprint(key);
    if (!ledger_begin(ledger, error))
        return FALSE;
    if (meta_set(ledger, META_TOKEN_KEY, fingerprint, error))
        return ledger_commit(ledger, error);
    ledger_rollback(ledger);
    return FALSE;
}

static gboolean complain(GError **error, const char *path, const char *what)
{
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG,
                "%s %s: what comes back of the letters that went out couldn't be told from "
                "forgeries; restore %s from a backup, or if it is lost for good make a new one by "
                "'circular doctor --new-key'",
                path, what, path);
    return FALSE;
}

gboolean signing_key_check(const Workspace *workspace, Ledger *ledger, gboolean *is_there,
                           GError **error)
{
    gboolean mailed, is_on_record, is_own;
    g_autofree char *path = path_of(workspace);
    *is_there = access(path, F_OK) == 0 || errno != ENOENT;
    if (!has_mailed(ledger, &mailed, error))
        return FALSE;
    if (!*is_there)
        return !mailed || complain(error, path, "isn't there");
    g_autoptr(TokenKey) key = token_key_open(path, error);
    if (!key || !is_its_own(ledger, key, &is_on_record, &is_own, error))
        return FALSE;
    return is_own || !mailed || complain(error, path, "isn't the key of this ledger");
}

TokenKey *signing_key_open(const Workspace *workspace, Ledger *ledger, GError **error)
{
    gboolean is_there, is_on_record, is_own;
    g_autofree char *path = path_of(workspace);
    if (!signing_key_check(workspace, ledger, &is_there, error))
        return NULL;
    g_autoptr(TokenKey) key = token_key_open(path, error);
    if (!key || !is_its_own(ledger, key, &is_on_record, &is_own, error))
        return NULL;
    if ((!is_on_record || !is_own) && !put_on_record(ledger, key, error))
        return NULL;
    return g_steal_pointer(&key);
}

TokenKey *signing_key_peek(const Workspace *workspace)
{
    g_autofree char *path = path_of(workspace);
    return access(path, F_OK) == 0 ? token_key_open(path, NULL) : NULL;
}

gboolean signing_key_renew(const Workspace *workspace, Ledger *ledger, GError **error)
{
    g_autofree char *path = path_of(workspace);
    g_autofree char *when = clock_iso(clock_now());
    g_autofree char *aside = g_strconcat(path, ".", when, NULL);
    if (rename(path, aside) < 0 && errno != ENOENT) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_IO, "%s: can't set it aside: %s", path,
                    g_strerror(errno));
        return FALSE;
    }
    g_autoptr(TokenKey) key = token_key_open(path, error);
    return key && put_on_record(ledger, key, error);
}
