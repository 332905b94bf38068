/* stop - a mailing stopped until a person says send, whoever is sending it */
#include "command.h"
#include "planning.h"
#include "send/halt.h"
#include "workspace/workspace.h"
#include "ui.h"

static gboolean run(char **words, GError **error)
{
    Halt halt;
    Actor actor = actor_self("circular stop");
    g_autoptr(Workspace) workspace = workspace_open(option_config, error);
    g_autoptr(Mailing) mailing = workspace ? planning_find_in(workspace, words[0], error) : NULL;
    g_autoptr(Ledger) ledger = mailing ? workspace_ledger(workspace, LEDGER_WRITE, error) : NULL;
    if (!ledger || !halt_stop(ledger, mailing, &actor, &halt, error))
        return FALSE;
    g_autofree char *line = planning_counts(halt.counts);
    ui_say("%s is stopped: %s.", mailing->id, line);
    if (halt.is_at_work)
        ui_note("The process that sends it waits for a server's answer, and ends after it.");
    ui_hint("'circular send %s' goes on with it, 'circular withdraw %s' ends it; by itself it does "
            "neither.",
            mailing->id, mailing->id);
    return TRUE;
}

const Command command_stop = {
    .name = "stop",
    .usage = "ID",
    .summary = "stop a mailing until a person says send",
    .description = "Also one that another terminal or cron is sending, or that waits for its time. "
                   "'circular\nsend --due' leaves it alone from then on.",
    .min_words = 1,
    .max_words = 1,
    .run = run,
};
