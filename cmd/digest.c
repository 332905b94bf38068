/* digest - what is new since the last one, to whom it concerns */
#include "digest_show.h"

#include "allowed.h"
#include "base/clock.h"
#include "base/error.h"
#include "text/when.h"
#include "command.h"
#include "digest/digest_missed.h"
#include "digest/digest_slot.h"
#include "ledger/digests.h"
#include "ledger/exclusive.h"
#include "planning.h"
#include "plan/seeds.h"
#include "sending.h"
#include "ui.h"

enum { LOCK_SECONDS = 30 }; /* how long another run of the same digest is waited for */

static char *option_since, *option_out;
static gboolean option_due, option_send, option_now, option_dry_run, option_preview, option_json,
    option_yes;

static const GOptionEntry options[] = {
    {"send", 0, 0, G_OPTION_ARG_NONE, &option_send, "send it, too; asks first on a terminal", NULL},
    {"due", 0, 0, G_OPTION_ARG_NONE, &option_due,
     "make and send every digest whose run was missed; for cron", NULL},
    {"now", 0, 0, G_OPTION_ARG_NONE, &option_now,
     "with --send: don't wait for the hours of sending (send.hours)", NULL},
    {"dry-run", 'n', 0, G_OPTION_ARG_NONE, &option_dry_run,
     "show who would get what, and why; write nothing", NULL},
    {"preview", 'p', 0, G_OPTION_ARG_NONE, &option_preview,
     "write each recipient's letter as pages to look at; plan nothing", NULL},
    {"out", 'o', 0, G_OPTION_ARG_FILENAME, &option_out,
     "with --preview: the folder to write to (default: preview)", "FOLDER"},
    {"since", 0, 0, G_OPTION_ARG_STRING, &option_since,
     "notices from this day on, instead of those since the last digest", "DATE"},
    {"yes", 'y', 0, G_OPTION_ARG_NONE, &option_yes, "with --send: don't ask", NULL},
    {"json", 0, 0, G_OPTION_ARG_NONE, &option_json, "print JSON for machines", NULL},
    {0},
};

typedef struct {
    Workspace *workspace;
    DigestConfig config;
    Ledger *ledger; /* NULL: nothing is on record yet */
    Findings *findings;
    SendHours *hours;
    Day since;
    char *waits; /* why this run makes nothing, and which one does; or NULL */
} Run;

/* --- one run at a time ----------------------------------------------------------------------- */

/* Waits for another run of this digest to end; NULL with error. */
static Exclusive *take_lock(const Run *in, GError **error)
{
    g_autofree char *name = g_strconcat("digest-", in->config.name, NULL);
    for (gint64 start = clock_ticks();;) {
        GError *inner = NULL;
        g_autofree char *holder = NULL;
        Exclusive *lock = exclusive_take(in->ledger, name, &holder, &inner);
        if (holder && clock_ticks() - start < LOCK_SECONDS * (gint64)G_USEC_PER_SEC) {
            g_error_free(inner);
            clock_sleep(G_USEC_PER_SEC / 5);
            continue;
        }
        if (holder)
            g_prefix_error(&inner, "digest '%s' is being made or sent already: ", in->config.name);
        if (!lock)
            g_propagate_error(error, inner);
        return lock;
    }
}

/* --- sending --------------------------------------------------------------------------------- */

static SendingOptions as_asked(void)
{
    /* Without a terminal --send is the answer: it is what cron says. */
    return (SendingOptions){.yes = option_yes || option_json || !ui_is_terminal(),
                            .wait = TRUE,
                            .now = option_now,
                            .is_cron = !ui_is_terminal()};
}

/* One that was paused has a time of its own, and is nothing that is left over. */
static gboolean is_paused(const Mailing *mailing)
{
    return mailing->state == MAILING_SCHEDULED && mailing->send_at > clock_now();
}

static gboolean is_left(const Run *in, char *const *ids)
{
    for (; ids && *ids; ids++) {
        g_autoptr(Mailing) mailing = mailings_find(in->ledger, *ids, NULL);
        if (!mailing || !is_paused(mailing))
            return TRUE;
    }
    return !ids;
}

/* What an earlier run began goes first. FALSE with error when some of it is still left. */
static gboolean go_on(const Run *in, GError **first)
{
    SendingOptions asked = as_asked();
    g_auto(GStrv) ids = digests_mailings(in->ledger, in->config.name, DIGESTS_BEGUN, first);
    for (char **id = ids; id && *id; id++) {
        GError *problem = NULL;
        g_autoptr(Mailing) mailing = mailings_find(in->ledger, *id, &problem);
        if (mailing && !is_paused(mailing))
            sending_run(in->workspace, in->ledger, mailing, &asked, &problem);
        if (problem && *first) {
            ui_error("%s", problem->message);
            g_error_free(problem);
        } else if (problem) {
            *first = problem;
        }
    }
    g_auto(GStrv) left =
        ids ? digests_mailings(in->ledger, in->config.name, DIGESTS_BEGUN, NULL) : NULL;
    return !is_left(in, left);
}

static void progress(void *user, guint64 done, guint64 total)
{
    ui_progress("Planning", done, total, *(const gint64 *)user);
}

static void say_empty(const Run *in)
{
    if (in->config.quiet_when_empty)
        ui_say("%s: nobody has anything new.", in->config.title);
    else
        ui_error("digest '%s': nobody has anything new; has somebody forgotten to write notices "
                 "in %s?",
                 in->config.name, in->config.notices_shown);
}

/* But for what the layout allows. */
static void show_doubts(const Run *in, const Findings *doubts)
{
    g_autoptr(Findings) told = findings_new();
    Allow *allow = in->config.layout ? allowed_by(in->workspace, in->config.layout, told) : NULL;
    allowed_pass(doubts, told);
    findings_silence(told, NULL, NULL);
    allow_free(allow);
    ui_findings(told, FINDING_WARNING);
}

static gboolean plan(const Run *in, DigestRun *issue, gboolean send, GError **error)
{
    gint64 started = clock_ticks();
    g_autoptr(Plan) made = digest_run_plan(issue, progress, &started, error);
    ui_progress_end();
    if (!made)
        return FALSE;
    if (made->doubts)
        show_doubts(in, made->doubts);
    gboolean empty = made->news == PLAN_EMPTY;
    SendingOptions asked = as_asked();
    if (empty)
        say_empty(in);
    else if (!option_json)
        digest_say_plan(in->workspace, &in->config, issue, made, send);
    gboolean ok =
        empty || !send || sending_run(in->workspace, in->ledger, made->mailing, &asked, error);
    if (option_json)
        digest_json_plan(in->ledger, &in->config, issue, made, in->findings);
    return ok;
}

/* --- what is asked --------------------------------------------------------------------------- */

/* A school without an address would have cron write every week: when quiet, warnings are of what
 * the digest itself is made of. */
static void show_findings(const Run *in)
{
    g_autoptr(Findings) own = findings_new();
    for (guint i = 0; i < findings_kept(in->findings); i++) {
        const Finding *finding = findings_get(in->findings, i);
        const char *file = finding->file ? finding->file : "";
        if (finding->severity == FINDING_ERROR || g_str_has_suffix(file, ".md") ||
            g_str_equal(finding->id, "bad-schedule") ||
            location_is_in(file, in->config.terms_shown))
            findings_copy(own, finding);
    }
    ui_findings(ui_is_quiet() ? own : in->findings,
                option_dry_run ? FINDING_NOTE : FINDING_WARNING);
}

static DigestRun *make_issue(const Run *in, GError **error)
{
    DigestRun *issue =
        digest_run_new(in->workspace, &in->config, in->since, in->ledger, in->findings, error);
    show_findings(in);
    return issue;
}

/* Who looks at the previews shouldn't miss the office's own copies. */
static gboolean say_seeds(const Run *in, GError **error)
{
    g_autoptr(Seeds) seeds = seeds_new(in->workspace, in->config.audience, error);
    if (!seeds)
        return FALSE;
    g_autofree Seed *left = seeds_left(seeds);
    if (left->spec)
        ui_say("The copies for the office (seeds) are not among them: each is the first "
               "recipient's letter, marked as a copy.");
    return TRUE;
}

static gboolean look(const Run *in, const char *why_not, GError **error)
{
    g_autoptr(DigestRun) issue = make_issue(in, error);
    if (!issue)
        return FALSE;
    if (option_preview)
        return digest_preview(issue, option_out ? option_out : "preview", error) &&
               say_seeds(in, error);
    if (option_json)
        return digest_json_dry_run(&in->config, issue, in->findings, error);
    if (why_not || in->waits)
        ui_print("%s: %s.", in->config.title, why_not ? why_not : in->waits);
    return digest_say_dry_run(&in->config, issue, error);
}

static gboolean make(const Run *in, const char *why_not, GError **error)
{
    GError *first = NULL;
    gboolean send = option_send, fine = TRUE;
    if (option_send && !go_on(in, &first)) {
        g_propagate_error(error, first);
        return FALSE;
    }
    if (in->waits && option_send) {
        show_findings(in);
        ui_say("%s: %s.", in->config.title, in->waits);
    } else if (why_not && in->config.outside == OUTSIDE_WAIT) {
        show_findings(in);
        ui_say("%s: %s; what is new waits.", in->config.title, why_not);
    } else {
        if (why_not && in->config.outside == OUTSIDE_HOLD) {
            ui_say("%s: %s; it is planned and held.", in->config.title, why_not);
            send = FALSE;
        }
        GError *problem = NULL;
        g_autoptr(DigestRun) issue = make_issue(in, &problem);
        fine = issue && plan(in, issue, send, &problem);
        if (problem && first) {
            ui_error("%s", first->message);
            g_clear_error(&first);
        }
        first = problem ? problem : first;
    }
    if (first)
        g_propagate_error(error, first);
    return fine && !first;
}

/* Somebody must hear that a run was missed, once; cron mails what stands on standard error. */
static void say_missed(const Run *in, const DigestMissed *missed)
{
    g_autofree char *when = when_text(missed->last);
    if (missed->runs == 1)
        ui_error("digest '%s': its run of %s was missed, and is made up for now", in->config.name,
                 when);
    else if (missed->runs)
        ui_error("digest '%s': %u runs were missed, the last that of %s; one is made for all of "
                 "them now",
                 in->config.name, missed->runs, when);
}

/* A run is on record when it has ended: what is killed is made up for by the next. */
static gboolean make_noted(Run *in, const char *why_not, GError **error)
{
    gint64 now = clock_now();
    DigestMissed missed;
    gboolean is_new;
    if (!option_send)
        return make(in, why_not, error);
    if (!digest_missed_find(in->ledger, &in->config, now, &missed, &is_new, error))
        return FALSE;
    if (option_due && is_new)
        return digest_missed_note(in->ledger, &in->config, now, error);
    if (option_due && !missed.runs)
        return TRUE;
    say_missed(in, &missed);
    gboolean ok = make(in, why_not, error);
    return digest_missed_note(in->ledger, &in->config, now, ok ? error : NULL) && ok;
}

static gboolean make_locked(Run *in, const char *why_not, GError **error)
{
    in->ledger = workspace_ledger(in->workspace, LEDGER_WRITE, error);
    g_autoptr(Exclusive) lock = in->ledger ? take_lock(in, error) : NULL;
    return lock && make_noted(in, why_not, error);
}

/* Looking makes no ledger where there is none. */
static gboolean open_to_look(Run *in, GError **error)
{
    GError *inner = NULL;
    in->ledger = workspace_ledger(in->workspace, LEDGER_READ, &inner);
    if (!inner || g_error_matches(inner, CIRCULAR_ERROR, CIRCULAR_ERROR_NOINPUT)) {
        g_clear_error(&inner);
        return TRUE;
    }
    g_propagate_error(error, inner);
    return FALSE;
}

/* Outside the hours of sending the letters leave when they begin; or the run makes nothing, where
 * another one comes no later. FALSE with error when they never begin again. */
static gboolean heed_hours(Run *in, GError **error)
{
    gint64 now = clock_now();
    in->config.hours = in->hours;
    if (option_now || sendhours_is_open(in->hours, now))
        return TRUE;
    g_autofree char *why = sendhours_why(in->hours, now);
    in->config.leaves = sendhours_opens(in->hours, now);
    if (!in->config.leaves && option_send) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG, "the digest '%s' can't go: %s",
                    in->config.name, why);
        return FALSE;
    }
    g_auto(DigestSlots) slots = digest_slots_of(&in->config);
    gint64 next = digest_slots_run(&slots, now + 60 * (gint64)G_USEC_PER_SEC);
    g_autofree char *when = when_text(next);
    if (next && in->config.leaves && next <= in->config.leaves)
        in->waits = g_strdup_printf("%s; what is new waits for the digest of %s", why, when);
    return TRUE;
}

static gboolean digest(Run *in, GError **error)
{
    gboolean is_term;
    g_autofree char *why_not = NULL;
    if (option_since && !(in->since = day_parse(option_since, error)))
        return FALSE;
    Day today = day_of(clock_now(), NULL);
    if (!(in->hours = sendhours_load(in->workspace, error)) || !heed_hours(in, error))
        return FALSE;
    if (!digest_source_term(&in->config, today, in->findings, &is_term, &why_not, error))
        return FALSE;
    if (!findings_pass(in->findings, error)) {
        ui_findings(in->findings, FINDING_WARNING);
        return FALSE;
    }
    if (option_dry_run || option_preview)
        return open_to_look(in, error) && look(in, why_not, error);
    return make_locked(in, why_not, error);
}

static gboolean run_one(Workspace *workspace, const char *name, GError **error)
{
    Run in = {.workspace = workspace, .findings = findings_new()};
    gboolean ok = digest_source_config(workspace, name, &in.config, error) && digest(&in, error);
    if (in.ledger)
        ledger_close(in.ledger);
    sendhours_free(in.hours);
    g_free(in.waits);
    findings_free(in.findings);
    return ok;
}

/* Every digest that has a schedule; the first trouble is the exit status, and stops none of the
 * others. */
static gboolean run_due(Workspace *workspace, GError **error)
{
    GError *first = NULL;
    const Settings *settings = workspace_settings(workspace);
    const char *const *name = settings_names(settings, "digests");
    option_send = option_yes = TRUE;
    for (; *name; name++) {
        GError *problem = NULL;
        g_autofree char *key = g_strconcat("digests.", *name, ".schedule", NULL);
        if (settings_text(settings, key))
            run_one(workspace, *name, &problem);
        ui_keep_first(&first, problem);
    }
    if (first)
        g_propagate_error(error, first);
    return !first;
}

static gboolean is_right(char **words, GError **error)
{
    const char *wrong =
        option_due == (words[0] != NULL)
            ? "usage: circular digest NAME, or circular digest --due ('circular digest --help' "
              "says more)"
        : option_due && (option_send || option_dry_run || option_preview || option_since)
            ? "--due makes and sends what was missed: not with --send, --dry-run, --preview or "
              "--since"
        : option_send && (option_dry_run || option_preview)
            ? "--send doesn't go with --dry-run or --preview, which send nothing"
        : option_now && !option_send    ? "--now goes with --send"
        : option_out && !option_preview ? "--out goes with --preview"
                                        : NULL;
    if (wrong)
        g_set_error_literal(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE, wrong);
    return !wrong;
}

static gboolean run(char **words, GError **error)
{
    if (!is_right(words, error))
        return FALSE;
    if (option_json)
        ui_init(TRUE);
    g_autoptr(Workspace) workspace = workspace_open(option_config, error);
    if (!workspace)
        return FALSE;
    return option_due ? run_due(workspace, error) : run_one(workspace, words[0], error);
}

const Command command_digest = {
    .name = "digest",
    .usage = "NAME | --due",
    .summary = "what is new since the last one, to whom it concerns",
    .description =
        "Plans a digest of the notices that are new to each recipient; with --send it is sent, "
        "too.\nWithout a terminal it asks nothing: 'circular digest weekly --send --quiet' is a "
        "line for cron.",
    .options = options,
    .min_words = 0,
    .max_words = 1,
    .run = run,
};
