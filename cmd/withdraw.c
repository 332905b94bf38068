/* withdraw - what of a mailing has not gone never will */
#include "text/amount.h"
#include "base/error.h"
#include "command.h"
#include "ledger/deliveries.h"
#include "planning.h"
#include "send/halt.h"
#include "workspace/workspace.h"
#include "ui.h"

enum { HAVE_SHOWN = 20 };

static gboolean option_yes;

static const GOptionEntry options[] = {
    {"yes", 'y', 0, G_OPTION_ARG_NONE, &option_yes, "don't ask; needed without a terminal", NULL},
    {0},
};

static gboolean confirm(const Mailing *mailing, GError **error)
{
    if (option_yes)
        return TRUE;
    if (!ui_is_terminal()) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                    "there is no terminal to ask on: give --yes to withdraw '%s'", mailing->id);
        return FALSE;
    }
    g_autofree char *subject = ui_safe(mailing->subject, 0);
    ui_heading("\nSubject   %s", subject);
    ui_print("Audience  %s", mailing->audience);
    g_autofree char *answer = ui_ask("Type 'withdraw' to end it for good, anything else to leave "
                                     "it as it is:");
    if (g_strcmp0(answer, "withdraw") == 0)
        return TRUE;
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_STOPPED, "nothing was withdrawn");
    return FALSE;
}

static gboolean say_one(void *user, const Delivery *delivery)
{
    guint *shown = user;
    switch (delivery->state) {
    case DELIVERY_SENT:
    case DELIVERY_UNKNOWN:
    case DELIVERY_COMPLAINED:
        break;
    case DELIVERY_PLANNED:
    case DELIVERY_SENDING:
    case DELIVERY_DEFERRED:
    case DELIVERY_REFUSED:
    case DELIVERY_BOUNCED:
    case DELIVERY_WRITTEN:
    case DELIVERY_LEFT_OUT:
    case DELIVERY_STATES:
        return TRUE;
    }
    g_autofree char *name = ui_safe(*delivery->label ? delivery->label : delivery->name, 60);
    ui_say("  %-12s %s%s<%s>%s", delivery->key, name, *name ? " " : "", delivery->address,
           delivery->state == DELIVERY_UNKNOWN ? " (perhaps: the answer was lost)" : "");
    return ++*shown < HAVE_SHOWN;
}

static gboolean say_who_has_it(Ledger *ledger, const Mailing *mailing, const Halt *halt,
                               GError **error)
{
    guint shown = 0;
    guint64 have = halt->counts[DELIVERY_SENT] + halt->counts[DELIVERY_UNKNOWN] +
                   halt->counts[DELIVERY_COMPLAINED];
    if (!have) {
        ui_say("Nobody has it.");
        return TRUE;
    }
    g_autofree char *people = amount_of(have, "recipient has", "recipients have");
    ui_say("%s it already:", people);
    if (!deliveries_each(ledger, mailing, DELIVERY_STATES, say_one, &shown, error))
        return FALSE;
    if (have > shown)
        ui_say("  … and %" G_GUINT64_FORMAT " more: circular status %s --recipients", have - shown,
               mailing->id);
    return TRUE;
}

static gboolean run(char **words, GError **error)
{
    Halt halt;
    Actor actor = actor_self("circular withdraw");
    g_autoptr(Workspace) workspace = workspace_open(option_config, error);
    g_autoptr(Mailing) mailing = workspace ? planning_find_in(workspace, words[0], error) : NULL;
    if (!mailing || !confirm(mailing, error))
        return FALSE;
    g_autoptr(Ledger) ledger = workspace_ledger(workspace, LEDGER_WRITE, error);
    if (!ledger || !halt_withdraw(ledger, mailing, &actor, &halt, error))
        return FALSE;
    g_autofree char *letters = amount_of(halt.withdrawn, "letter", "letters");
    ui_say("%s is withdrawn: %s will not go.", mailing->id, letters);
    return say_who_has_it(ledger, mailing, &halt, error);
}

const Command command_withdraw = {
    .name = "withdraw",
    .usage = "ID",
    .summary = "end a mailing: what has not gone never will",
    .description = "Scheduled, stopped or being sent. It says who has the letter already.",
    .options = options,
    .min_words = 1,
    .max_words = 1,
    .run = run,
};
