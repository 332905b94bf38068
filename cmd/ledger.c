/* ledger - what is done with a ledger as a whole: moved to a server or back, and who may use it there */
#include "ledger/ledgercopy.h"

#include <string.h>

#include "text/amount.h"
#include "base/error.h"
#include "command.h"
#include "ledger/serverlook.h"
#include "ui.h"
#include "workspace/workspace.h"

static const GOptionEntry options[] = {{0}};

static gboolean grants(const Workspace *workspace)
{
    const Settings *settings = workspace_settings(workspace);
    g_autofree char *text = serverlook_grants(settings_text(settings, "ledger.schema"));
    ui_print("%s", text);
    return TRUE;
}

static gboolean copy(const Workspace *workspace, const char *from, const char *to, GError **error)
{
    LedgerCopy done;
    const char *file = settings_path(workspace_settings(workspace), "ledger.file");
    g_autoptr(Ledger) source = workspace_ledger_at(workspace, from, LEDGER_READ, error);
    g_autoptr(Ledger) target =
        source ? workspace_ledger_at(workspace, to, LEDGER_COPY, error) : NULL;
    if (!target || !ledgercopy_run(source, target, &done, error))
        return FALSE;
    if (done.is_anew)
        ui_say("What an earlier copy had left was not as it is now: it was begun anew.");
    else if (done.were)
        ui_say("An earlier copy was gone on with, after its %" G_GUINT64_FORMAT " %s.", done.were,
               amount_form(done.were, "row", "rows"));
    g_autofree char *count = amount_of(done.rows, "row", "rows");
    ui_say("%s copied from %s to %s, read back and found the same.", count, ledger_path(source),
           ledger_path(target));
    ui_say("Set 'ledger' in the config to it, keep the key beside %s (its name and .key), and send "
           "from the old one no more.",
           file);
    return TRUE;
}

static gboolean run(char **words, GError **error)
{
    guint count = g_strv_length(words);
    g_autoptr(Workspace) workspace = workspace_open(option_config, error);
    if (!workspace)
        return FALSE;
    if (g_str_equal(words[0], "grants") && count == 1)
        return grants(workspace);
    if (g_str_equal(words[0], "copy") && count == 3)
        return copy(workspace, words[1], words[2], error);
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                "write 'circular ledger grants' or 'circular ledger copy FROM TO'");
    return FALSE;
}

const Command command_ledger = {
    .name = "ledger",
    .usage = "grants|copy [FILE] [FILE]",
    .summary = "copies the ledger to a server or back; prints what a server's roles need",
    .description =
        "'copy FROM TO' puts all of a ledger into an empty one and reads it back; given again "
        "after\n"
        "it was cut off, it goes on. Each is a file or the URL of a PostgreSQL server "
        "(postgresql://USER@HOST/DATABASE).\n"
        "'grants' prints the SQL for a role that owns, one that sends and one that only reads.",
    .options = options,
    .min_words = 1,
    .max_words = 3,
    .run = run,
};
