/* restore - ledger, key and config brought back from a backup, and nothing sent by it */
#include <string.h>
#include <unistd.h>

#include "text/amount.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "command.h"
#include "ledger/backup.h"
#include "ledger/lifecycle.h"
#include "ledger/mailings.h"
#include "ui.h"
#include "workspace/signing_key.h"

static gboolean option_check;

static const GOptionEntry options[] = {
    {"check", 0, 0, G_OPTION_ARG_NONE, &option_check, "only look whether the backup is whole",
     NULL},
    {0},
};

static const BackupPart *find(const GPtrArray *parts, const char *name)
{
    for (guint i = 0; i < parts->len; i++) {
        const BackupPart *part = g_ptr_array_index(parts, i);
        if (g_str_equal(part->name, name))
            return part;
    }
    return NULL;
}

/* Writes a part where there is nothing yet; what is there is left. */
static gboolean write_part(const GPtrArray *parts, const char *name, const char *path,
                           GError **error)
{
    const BackupPart *part = find(parts, name);
    if (!part || access(path, F_OK) == 0)
        return TRUE;
    return file_write(path, part->bytes, part->length, 0600, error);
}

/* What went after the backup was made isn't on record: nothing may go on by itself. */
static gboolean stop_all(Ledger *ledger, guint *stopped, GError **error)
{
    Actor actor = actor_self("circular restore");
    g_autoptr(GPtrArray) all = mailings_all(ledger, error);
    if (!all || !ledger_begin(ledger, error))
        return FALSE;
    for (guint i = 0; i < all->len; i++) {
        const Mailing *one = g_ptr_array_index(all, i);
        if (one->state != MAILING_SENDING && one->state != MAILING_SCHEDULED)
            continue;
        if (!lifecycle_move(ledger, one, MAILING_STOPPED, &actor, clock_now(),
                            "restored from a backup", error)) {
            ledger_rollback(ledger);
            return FALSE;
        }
        ++*stopped;
    }
    return ledger_commit(ledger, error);
}

static gboolean bring_back(const char *file, const GPtrArray *parts, GError **error)
{
    guint stopped = 0;
    gboolean is_there;
    if (!write_part(parts, "config", option_config ? option_config : "config", error))
        return FALSE;
    g_autoptr(Workspace) workspace = workspace_open(option_config, error);
    if (!workspace)
        return FALSE;
    const char *path = settings_path(workspace_settings(workspace), "ledger.file");
    if (settings_has(workspace_settings(workspace), "ledger.server")) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                    "the ledger is on a server (ledger.server): whoever looks after it brings it "
                    "back there with pg_restore");
        return FALSE;
    }
    g_autofree char *key = g_strconcat(path, ".key", NULL);
    if (!backup_restore(file, path, error) || !write_part(parts, "key", key, error))
        return FALSE;
    g_autoptr(Ledger) ledger = workspace_ledger(workspace, LEDGER_WRITE, error);
    if (!ledger || !stop_all(ledger, &stopped, error) ||
        !signing_key_check(workspace, ledger, &is_there, error))
        return FALSE;
    const BackupPart *made = find(parts, "made");
    ui_say("The ledger is back as it was on %s. What went after that isn't on record.",
           made ? made->bytes : "a day that the backup doesn't say");
    if (stopped) {
        g_autofree char *count = amount_of(stopped, "mailing", "mailings");
        ui_say("%s had letters left and stopped: look into the relay's log or the Sent folder "
               "before 'circular send' goes on, or somebody gets a second copy.",
               count);
    }
    return TRUE;
}

static gboolean run(char **words, GError **error)
{
    g_autoptr(GPtrArray) parts = backup_check(words[0], error);
    if (!parts)
        return FALSE;
    if (!option_check)
        return bring_back(words[0], parts, error);
    const BackupPart *made = find(parts, "made");
    ui_say("%s is whole; it was made on %s.", words[0], made ? made->bytes : "an unknown day");
    return TRUE;
}

const Command command_restore = {
    .name = "restore",
    .usage = "FILE",
    .summary = "brings ledger, key and config back from a backup; sends nothing",
    .description = "A ledger that is there is never written over, nor is a config or a key. What "
                   "was being sent, or\nhad a time, is stopped: letters that went after the backup "
                   "aren't on record.",
    .options = options,
    .min_words = 1,
    .max_words = 1,
    .run = run,
};
