/* backup - a copy of the ledger, its key and the config, made while letters may be going */
#include "ledger/backup.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "command.h"
#include "ui.h"
#include "workspace/workspace.h"

enum { PART_MAX = 1 << 20 };

static const GOptionEntry options[] = {{0}};

static void add(GPtrArray *parts, const char *name, char *bytes, gsize length)
{
    BackupPart *part = g_new0(BackupPart, 1);
    *part = (BackupPart){g_strdup(name), bytes, length};
    g_ptr_array_add(parts, part);
}

static gboolean add_file(GPtrArray *parts, const char *name, const char *path, GError **error)
{
    gsize length;
    char *bytes = file_read(path, PART_MAX, &length, error);
    if (bytes)
        add(parts, name, bytes, length);
    return bytes != NULL;
}

static gboolean run(char **words, GError **error)
{
    g_autoptr(Workspace) workspace = workspace_open(option_config, error);
    g_autoptr(Ledger) ledger = workspace ? workspace_ledger(workspace, LEDGER_READ, error) : NULL;
    if (!ledger)
        return FALSE;
    if (ledger_is_on_server(ledger)) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                    "%s: the ledger is on a server: 'pg_dump --schema=%s' copies it there, and "
                    "whoever looks after the server brings it back; keep %s.key beside that copy",
                    ledger_path(ledger),
                    settings_text(workspace_settings(workspace), "ledger.schema"),
                    settings_path(workspace_settings(workspace), "ledger.file"));
        return FALSE;
    }
    g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func(backup_part_free);
    g_autofree char *key = g_strconcat(ledger_path(ledger), ".key", NULL);
    char *now = clock_iso(clock_now());
    add(parts, "made", now, strlen(now));
    if (!add_file(parts, "config", settings_file(workspace_settings(workspace)), error) ||
        (g_file_test(key, G_FILE_TEST_EXISTS) && !add_file(parts, "key", key, error)) ||
        !backup_write(ledger, words[0], parts, error))
        return FALSE;
    ui_say("%s holds the ledger, its key and the config, and is whole. Keep it as safe as them; "
           "lists, templates and passwords aren't in it.",
           words[0]);
    return TRUE;
}

const Command command_backup = {
    .name = "backup",
    .usage = "FILE",
    .summary = "copies ledger, key and config into one file, also while letters are going",
    .description = "The file is made anew and checked. 'circular restore FILE' brings it back.",
    .options = options,
    .min_words = 1,
    .max_words = 1,
    .run = run,
};
