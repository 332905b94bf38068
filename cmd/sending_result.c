/* sending_result - what became of a mailing when a run of it is over: told, and judged */
#include "sending_result.h"

#include <string.h>

#include "text/amount.h"
#include "base/error.h"
#include "ledger/deliveries.h"
#include "ledger/lifecycle.h"
#include "planning.h"
#include "send/refused.h"
#include "ui.h"

/* A rehearsal is no delivery, and is not to be taken for one. */
static void say_rehearsal(const Workspace *workspace, const Mailing *mailing, const guint64 *counts)
{
    guint64 others[DELIVERY_STATES];
    memcpy(others, counts, sizeof others);
    others[DELIVERY_WRITTEN] = 0;
    g_autofree char *place = workspace_transport_place(workspace), *line = planning_counts(others);
    ui_say("%s: %" G_GUINT64_FORMAT " sent to %s only, nobody was mailed%s%s", mailing->id,
           counts[DELIVERY_WRITTEN], place, *line ? "; " : "", line);
    ui_hint("A rehearsal. With 'transport: relay' in the config, 'circular send %s' mails them.",
            mailing->id);
}

gboolean sending_result_say(const Workspace *workspace, Ledger *ledger, const Mailing *mailing,
                            guint64 *counts, GError **error)
{
    if (!deliveries_count(ledger, mailing, counts, error))
        return FALSE;
    g_autofree char *line = planning_counts(counts);
    if (counts[DELIVERY_WRITTEN])
        say_rehearsal(workspace, mailing, counts);
    else
        ui_say("%s: %s", mailing->id, *line ? line : "nobody has it, and nobody is to get it");
    return TRUE;
}

static gboolean say_left(guint64 open)
{
    g_autofree char *letters = amount_of(open, "letter", "letters");
    ui_hint("%s put off; 'circular send --due' goes on with them", letters);
    return TRUE;
}

/* After a first wave that nothing follows by itself: cron has to tell somebody. */
static gboolean say_first(const Mailing *mailing, const SendingOptions *options, guint64 open,
                          GError **error)
{
    const char *id = mailing->id;
    g_autofree char *said = g_strdup_printf(
        "the first wave of '%s' has gone, and %" G_GUINT64_FORMAT " wait: 'circular send %s' goes "
        "on with them, 'circular withdraw %s' ends it; by itself it does neither (first.wait)",
        id, open, id, id);
    if (options->goes_on)
        g_set_error_literal(error, CIRCULAR_ERROR, CIRCULAR_ERROR_STOPPED, said);
    else
        ui_hint("%s", said);
    return !options->goes_on;
}

gboolean sending_result_judge(Ledger *ledger, const Mailing *mailing, const SendingOptions *options,
                              const guint64 *counts, gboolean is_first, GError **error)
{
    MailingState now;
    guint64 open = counts[DELIVERY_PLANNED] + counts[DELIVERY_DEFERRED] + counts[DELIVERY_SENDING];
    /* A rehearsal that was to go so far has ended, and cron goes on with nothing of it. */
    if (open && options->goes_on && !is_first)
        return !lifecycle_state(ledger, mailing, &now, NULL) || now == MAILING_PLANNED ||
               say_left(open);
    if (open && is_first)
        return say_first(mailing, options, open, error);
    if (open && !options->limit) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_TEMPORARY,
                    "%" G_GUINT64_FORMAT " not sent yet: 'circular send %s' goes on", open,
                    mailing->id);
        return FALSE;
    }
    if (counts[DELIVERY_UNKNOWN]) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_REMOTE,
                    "%" G_GUINT64_FORMAT
                    " unknown: the answer was lost, they may have it or not; 'circular status %s "
                    "--recipients' lists them, 'circular settle %s' looks for proof in sent mail, "
                    "'circular "
                    "send %s --resend-unknown' sends those again",
                    counts[DELIVERY_UNKNOWN], mailing->id, mailing->id, mailing->id);
        return FALSE;
    }
    if (counts[DELIVERY_REFUSED]) {
        g_auto(RefusedAlike) alike = {0};
        refused_alike(ledger, mailing, &alike, NULL);
        g_autofree char *advice = refused_advice(&alike, mailing->id);
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_REMOTE,
                    "%" G_GUINT64_FORMAT " refused: 'circular status %s --recipients' lists them"
                    "%s%s",
                    counts[DELIVERY_REFUSED], mailing->id, advice ? "; " : "",
                    advice ? advice : "");
        return FALSE;
    }
    if (open)
        ui_hint("%" G_GUINT64_FORMAT " left by --limit: 'circular send %s' goes on, 'circular "
                "withdraw %s' ends it; cron leaves it alone",
                open, mailing->id, mailing->id);
    return TRUE;
}
