/* confirm_show - what whoever is asked to send should know: who is left out, how long it takes */
#include "confirm_show.h"

#include "text/amount.h"
#include "base/clock.h"
#include "text/when.h"
#include "ledger/exclusions.h"
#include "ledger/schedule.h"
#include "ui.h"

#define DAY (24 * 3600 * (gint64)G_USEC_PER_SEC)

typedef struct {
    guint64 of[EXCLUSION_KINDS];
} Kinds;

static gboolean count_one(void *user, const LeftOut *one)
{
    Kinds *kinds = user;
    kinds->of[one->kind]++;
    return TRUE;
}

/* "4: 2 no address, 1 suppressed, 1 bad address" */
static void show_left_out(Ledger *ledger, const Mailing *mailing)
{
    Kinds kinds = {0};
    guint64 all = 0;
    if (!exclusions_each(ledger, mailing, count_one, &kinds, NULL))
        return;
    g_autoptr(GString) line = g_string_new(NULL);
    for (int kind = 0; kind < EXCLUSION_KINDS; kind++) {
        if (!kinds.of[kind] || kind == EXCLUSION_HAD_NONE)
            continue;
        g_autofree char *number = amount_number(kinds.of[kind]);
        g_autofree char *said = exclusion_said((ExclusionKind)kind, NULL, 0);
        g_string_append_printf(line, "%s%s %s", line->len ? ", " : ": ", number, said);
        all += kinds.of[kind];
    }
    g_autofree char *total = amount_number(all);
    ui_print("Left out  %s%s", all ? total : "nobody", line->str);
}

/* How long letters take from `start`, in microseconds, by the minute and by the day. */
static gint64 duration_of(const WorkspacePace *pace, guint64 open, guint64 sent_today)
{
    guint per_day = pace->limits.per_day;
    guint64 today = per_day > sent_today ? per_day - sent_today : 0;
    if (!per_day || open <= today)
        return pace_estimate(&pace->limits, open);
    guint64 rest = open - today, days = (rest + per_day - 1) / per_day;
    return (gint64)days * DAY + pace_estimate(&pace->limits, rest - (days - 1) * per_day);
}

/* When what takes so long from `start` is done; 0 when the hours end before. */
static gint64 done_at(const SendHours *hours, gint64 start, gint64 takes)
{
    gint64 at = start;
    for (gint64 left = takes; hours;) {
        at = sendhours_opens(hours, at);
        gint64 closes = at ? sendhours_closes(hours, at) : 0;
        if (!at || left <= closes - at)
            return at ? at + left : 0;
        left -= closes - at;
        at = closes;
    }
    return start + takes;
}

static void show_duration(const Workspace *workspace, Ledger *ledger, guint64 open, gint64 at,
                          const SendHours *hours)
{
    guint64 sent_today = 0;
    gint64 now = clock_now(), start = MAX(at, now);
    WorkspacePace pace = workspace_pace(workspace);
    if (at <= now)
        schedule_sent_since(ledger, now - DAY, &sent_today, NULL);
    gint64 takes = duration_of(&pace, open, sent_today);
    if (!takes)
        return;
    /* A limit by the day counts the nights too. */
    gint64 end = takes < DAY ? done_at(hours, start, takes) : done_at(hours, start + takes, 0);
    g_autofree char *lasts = amount_duration(takes);
    g_autofree char *done = end ? when_soon(end, now) : g_strdup("");
    g_autofree char *most = pace.limits.per_day && takes >= DAY
                                ? g_strdup_printf(", at most %u a day", pace.limits.per_day)
                                : g_strdup("");
    ui_print("Takes     %s%s%s%s", lasts, end ? ", done at " : "", done, most);
}

void confirm_show(const Workspace *workspace, const Mailing *mailing, guint64 open, gint64 at,
                  const SendHours *hours)
{
    g_autoptr(Ledger) ledger = workspace_ledger(workspace, LEDGER_READ, NULL);
    if (!ledger)
        return;
    show_left_out(ledger, mailing);
    show_duration(workspace, ledger, open, at, hours);
}
