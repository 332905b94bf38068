/* report - what became of a mailing, or of all of a year: to read, to print, to hand on */
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "text/when.h"
#include "command.h"
#include "plan/corrected.h"
#include "report/report_page.h"
#include "report_out.h"
#include "planning.h"
#include "send/refused.h"
#include "ui.h"

static gboolean option_csv, option_json;
static char *option_html, *option_by, *option_since;

static const GOptionEntry options[] = {
    {"html", 'o', 0, G_OPTION_ARG_FILENAME, &option_html,
     "write a page for a browser that holds all it needs", "FILE"},
    {"csv", 0, 0, G_OPTION_ARG_NONE, &option_csv, "print a line a recipient for a spreadsheet",
     NULL},
    {"json", 0, 0, G_OPTION_ARG_NONE, &option_json, "print JSON for machines", NULL},
    {"by", 'b', 0, G_OPTION_ARG_STRING, &option_by, "of one mailing: count by this column too",
     "COLUMN"},
    {"since", 's', 0, G_OPTION_ARG_STRING, &option_since,
     "of all mailings: those planned since that day (default: a year ago)", "DATE"},
    {0},
};

#define YEAR (365 * 24 * 60 * 60 * (gint64)G_USEC_PER_SEC)

static gboolean is_usable(const char *id, GError **error)
{
    const char *wrong = NULL;
    if ((option_csv != 0) + (option_json != 0) + (option_html != NULL) > 1)
        wrong = "--html, --csv and --json are three reports: give one of them";
    else if (id && option_since)
        wrong = "--since is for the report on all mailings: give it without ID";
    else if (!id && option_by)
        wrong = "--by is for one mailing: 'circular report ID --by COLUMN' ('circular status' "
                "lists the ids)";
    else if (option_html && g_str_equal(option_html, "-"))
        wrong = "--html wants the name of a file: the page holds names and addresses";
    if (!wrong)
        return TRUE;
    g_set_error_literal(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE, wrong);
    return FALSE;
}

/* "2026-09-01": the beginning of that day in the local zone. */
static gboolean read_since(gint64 *since, GError **error)
{
    GError *inner = NULL;
    gint64 now = clock_now();
    *since = MAX(now - YEAR, 1);
    if (!option_since)
        return TRUE;
    g_autofree char *midnight = g_strconcat(option_since, " 00:00", NULL);
    if (strlen(option_since) != strlen("2026-09-01") || !when_parse(midnight, now, since, &inner)) {
        g_clear_error(&inner);
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                    "--since is no day: '%s' (write it as 2026-09-01)", option_since);
        return FALSE;
    }
    *since = MAX(*since, 1);
    return TRUE;
}

static gboolean write_page(const Figures *figures, GError **error)
{
    g_autoptr(GString) page = g_string_new(NULL);
    report_page_write(page, figures);
    if (!file_write(option_html, page->str, page->len, 0600, error))
        return FALSE;
    ui_say("%s holds the report. Only you can read it: it holds names and addresses.", option_html);
    return TRUE;
}

/* Those who were refused in the same words can have their letters once that is fixed. */
static gboolean say_way_back(Ledger *ledger, const Mailing *mailing, GError **error)
{
    g_auto(RefusedAlike) alike = {0};
    if (!refused_alike(ledger, mailing, &alike, error))
        return FALSE;
    g_autofree char *advice = refused_advice(&alike, mailing->id);
    g_autofree char *safe = advice ? ui_safe(advice, 0) : NULL;
    if (safe)
        ui_print("\n%s.", safe);
    return TRUE;
}

/* The letter that an id belongs to: all plans of it are reported as one. */
static Mailing *find_letter(Ledger *ledger, const char *id, GError **error)
{
    g_autoptr(Mailing) mailing = planning_find(ledger, id, error);
    Mailing *first = mailing ? corrected_first(ledger, mailing, error) : NULL;
    if (first && !g_str_equal(first->id, mailing->id))
        ui_note("%s is a plan of the letter %s for those who missed it: all of it is reported as "
                "one.",
                mailing->id, first->id);
    return first;
}

static gboolean run(char **words, GError **error)
{
    gint64 since;
    if (!is_usable(words[0], error) || !read_since(&since, error))
        return FALSE;
    g_autoptr(Workspace) workspace = workspace_open(option_config, error);
    g_autoptr(Ledger) ledger = workspace ? workspace_ledger(workspace, LEDGER_READ, error) : NULL;
    g_autoptr(Mailing) mailing = ledger && words[0] ? find_letter(ledger, words[0], error) : NULL;
    if (!ledger || (words[0] && !mailing))
        return FALSE;
    if (mailing && option_csv)
        return report_csv(workspace, ledger, mailing, option_by, error);
    ReportWanted wanted = {.mailing = mailing, .since = since, .by = option_by};
    g_autoptr(Figures) figures = report_gather(workspace, ledger, &wanted, error);
    if (!figures)
        return FALSE;
    if (option_html)
        return write_page(figures, error);
    if (option_csv)
        report_csv_mailings(figures);
    else if (option_json)
        report_json(figures);
    else
        report_say(figures);
    return option_csv || option_json || !mailing || say_way_back(ledger, mailing, error);
}

const Command command_report = {
    .name = "report",
    .usage = "[ID]",
    .summary = "did everyone get it: what became of a mailing, or of all of a year",
    .options = options,
    .min_words = 0,
    .max_words = 1,
    .run = run,
};
