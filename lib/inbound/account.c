/* account - which mailboxes are read: whose, where, and by one reader at a time */
#include "inbound/account.h"

#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/files.h"
#include "base/sha256.h"
#include "ledger/exclusive.h"

/* Whether copies are in a mailbox of their own. */
static gboolean is_another(const Settings *settings, AccountUse use)
{
    return use == ACCOUNT_OF_COPIES && settings_text(settings, "settle.user");
}

gboolean account_is_set(const Workspace *workspace, AccountUse use, GError **error)
{
    const Settings *settings = workspace_settings(workspace);
    if (settings_text(settings, "imap.host") || is_another(settings, use))
        return TRUE;
    settings_complain(settings, error,
                      use == ACCOUNT_OF_BOUNCES ? "bounce.address" : "settle.folder",
                      use == ACCOUNT_OF_BOUNCES
                          ? "no mailbox to read: set imap.host, imap.user and its password"
                          : "no mailbox to look at: set imap.host, imap.user and its password, or "
                            "settle.host, settle.user and its password");
    return FALSE;
}

Credential *account_credential(const Workspace *workspace, AccountUse use)
{
    gboolean another = is_another(workspace_settings(workspace), use);
    return workspace_credential(workspace, another ? "settle" : "imap");
}

/* Each key of the mailbox of copies that isn't set is imap's; but a port is its host's. */
static void name_another(const Settings *settings, InboxOptions *options)
{
    if (settings_has(settings, "settle.host")) {
        options->host = settings_text(settings, "settle.host");
        options->port = 0;
    }
    if (settings_has(settings, "settle.port"))
        options->port = (guint)settings_number(settings, "settle.port");
    if (settings_has(settings, "settle.tls"))
        options->tls = settings_choice(settings, "settle.tls");
    if (settings_has(settings, "settle.ca_file"))
        options->ca_file = settings_path(settings, "settle.ca_file");
    options->user = settings_text(settings, "settle.user");
}

InboxOptions account_options(const Workspace *workspace, AccountUse use)
{
    const Settings *settings = workspace_settings(workspace);
    Credential *credential = account_credential(workspace, use);
    InboxOptions options = {
        .host = settings_text(settings, "imap.host"),
        .port = (guint)settings_number(settings, "imap.port"),
        .tls = settings_choice(settings, "imap.tls"),
        .ca_file = settings_path(settings, "imap.ca_file"),
        .user = settings_text(settings, "imap.user"),
        .auth = credential_auth(credential),
        .secret = credential_secret,
        .secret_user = credential,
        .renew_secret = credential_renew,
        .folder = settings_text(settings, "imap.folder"),
        .processed = settings_text(settings, "imap.processed"),
        .review = settings_text(settings, "imap.review"),
        .timeout = (guint)settings_number(settings, "imap.timeout"),
    };
    if (is_another(settings, use))
        name_another(settings, &options);
    if (use == ACCOUNT_OF_COPIES) {
        options.folder = settings_text(settings, "settle.folder");
        options.processed = options.review = NULL;
    }
    return options;
}

/* --- one reader a mailbox --------------------------------------------------------------------- */

/* A file of the user's own goes with its reader: what another config has named, nobody would tidy. */
struct AccountLock {
    Exclusive *of_ledger;
    int of_user; /* or -1 */
    char *path;
};

/* Host, user, folder and all, as a word for a file's name. Who only looks at copies hinders nobody
 * who reads the same mailbox's bounces. */
static char *account_word(const Workspace *workspace, AccountUse use)
{
    InboxOptions options = account_options(workspace, use);
    g_autofree char *name =
        g_strdup_printf("%s@%s:%d/%s", options.user, options.host, (int)options.port,
                        options.folder ? options.folder : "");
    g_autofree char *folded = g_utf8_casefold(name, -1);
    g_autofree char *sum = bytes_sha256(folded, strlen(folded));
    return use == ACCOUNT_OF_COPIES ? g_strdup_printf("copies-%.16s", sum) : g_strndup(sum, 16);
}

/* Takes `inner`; `is_other`: somebody else reads it. NULL. */
static AccountLock *say_held(GError *inner, gboolean is_other, GError **error)
{
    if (!is_other) {
        g_propagate_error(error, inner);
        return NULL;
    }
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_TEMPORARY,
                "the mailbox is being read already: %s", inner->message);
    g_error_free(inner);
    return NULL;
}

void account_unlock(AccountLock *lock)
{
    if (!lock)
        return;
    file_unlock_away(lock->of_user, lock->path);
    exclusive_end(lock->of_ledger);
    g_free(lock->path);
    g_free(lock);
}

/* Where no folder of the user's own can be written to (a service's account), that of the ledger has to
 * do. */
AccountLock *account_lock(const Workspace *workspace, const Ledger *ledger, AccountUse use,
                          GError **error)
{
    GError *inner = NULL;
    g_autofree char *word = account_word(workspace, use), *other = NULL;
    g_autofree char *name = g_strconcat("mailbox-", word, NULL);
    g_autofree char *file = g_strconcat(name, ".lock", NULL);
    g_autofree char *folder = g_build_filename(g_get_user_cache_dir(), "circular", NULL);
    g_autofree char *holder = g_strdup_printf("circular (process %d)", (int)getpid());
    g_autoptr(AccountLock) lock = g_new0(AccountLock, 1);
    lock->path = g_build_filename(folder, file, NULL);
    lock->of_user = -1;
    lock->of_ledger = exclusive_take(ledger, name, &other, &inner);
    if (!lock->of_ledger)
        return say_held(inner, other != NULL, error);
    if (g_mkdir_with_parents(folder, 0700) == 0)
        lock->of_user = file_lock(lock->path, holder, NULL, &inner);
    if (g_error_matches(inner, CIRCULAR_ERROR, CIRCULAR_ERROR_TEMPORARY))
        return say_held(inner, TRUE, error);
    g_clear_error(&inner);
    return g_steal_pointer(&lock);
}
