/* report_say - the report as one screen for people */
#include "text/amount.h"
#include "text/when.h"
#include "report/report_page.h"
#include "answers_show.h"
#include "report_out.h"
#include "ui.h"

enum {
    PEOPLE_SHOWN = 40,
    GROUPS_SHOWN = 12,
    REASONS_SHOWN = 12,
    SUPPRESSED_SHOWN = 20,
    EVENTS_SHOWN = 12
};

static void say_head(const Figures *figures)
{
    if (!figures->id) {
        g_autofree char *day = when_day(figures->since);
        ui_heading("All mailings since %s", day);
        return;
    }
    g_autofree char *subject = report_page_subject(figures->subject);
    g_autofree char *safe = ui_safe(subject, 0);
    g_autofree char *when = when_short(figures->planned_at);
    ui_heading("%s", safe);
    ui_print("  plan %s of %s, audience %s", figures->id, when, figures->audience);
}

static void say_answer(const Figures *figures)
{
    Verdict verdict;
    g_autofree char *answer = figures_answer(figures, &verdict);
    g_autofree char *beside = figures_beside(figures);
    ui_print("\n%s", answer);
    ui_print("%s%s", beside, *beside ? "\n" : "");
}

static void say_counts(const Counts *counts)
{
    for (int i = 0; i < FIGURE_STATES; i++) {
        g_autofree char *number = amount_number(counts->of[i]);
        if (counts->of[i])
            ui_print("  %9s  %s", number, figure_name((FigureState)i));
    }
}

static void say_reasons(const Figures *figures)
{
    if (!figures->reasons->len)
        return;
    ui_heading("\nReasons");
    for (guint i = 0; i < MIN(figures->reasons->len, REASONS_SHOWN); i++) {
        const FigureReason *row = g_ptr_array_index(figures->reasons, i);
        g_autofree char *number = amount_number(row->count);
        ui_print("  %9s  %-10s %s", number, figure_name(row->state), row->meaning->said);
    }
}

/* "31 letters: 29 sent, 2 refused" */
static void say_group(const char *name, const Counts *counts)
{
    g_autofree char *safe = ui_safe(*name ? name : "(none)", 40);
    g_autofree char *all = amount_number(counts_letters(counts));
    g_autoptr(GString) line = g_string_new(NULL);
    for (int i = 0; i < FIGURE_LEFT_OUT; i++) {
        g_autofree char *number = amount_number(counts->of[i]);
        if (counts->of[i])
            g_string_append_printf(line, "%s%s %s", line->len ? ", " : "", number,
                                   figure_name((FigureState)i));
    }
    ui_print("  %9s  %-40s %s", all, safe, line->str);
}

static void say_groups(const char *heading, const GPtrArray *groups, const char *note)
{
    if (!groups->len)
        return;
    ui_heading("\n%s", heading);
    for (guint i = 0; i < MIN(groups->len, GROUPS_SHOWN); i++) {
        const FigureGroup *row = g_ptr_array_index(groups, i);
        say_group(row->name, &row->counts);
        if (row->note)
            ui_print("             %s", row->note);
    }
    if (groups->len > GROUPS_SHOWN)
        ui_print("  %9s  (%u more: --html or --json shows them)", "", groups->len - GROUPS_SHOWN);
    if (note && *note)
        ui_print("  %s", note);
}

/* Where something went wrong; the others are as they should be. */
static void say_domains(const Figures *figures)
{
    g_autoptr(GPtrArray) troubled = g_ptr_array_new();
    for (guint i = 0; i < figures->domains->len; i++) {
        FigureGroup *row = g_ptr_array_index(figures->domains, i);
        if (counts_missing(&row->counts) || row->counts.of[FIGURE_DEFERRED])
            g_ptr_array_add(troubled, row);
    }
    say_groups("Domains with trouble", troubled, NULL);
}

static void say_mailings(const Figures *figures)
{
    for (guint i = 0; i < figures->mailings->len; i++) {
        const FigureMailing *row = g_ptr_array_index(figures->mailings, i);
        g_autofree char *when = when_day(row->planned_at);
        g_autoptr(GString) line = g_string_new(NULL);
        for (int k = 0; k < FIGURE_STATES; k++) {
            g_autofree char *number = amount_number(row->counts.of[k]);
            if (row->counts.of[k])
                g_string_append_printf(line, "%s%s %s", line->len ? ", " : "", number,
                                       figure_name((FigureState)k));
        }
        ui_print("  %-11s  %-32s %-12s %s", when, row->id, row->audience, line->str);
    }
}

static void say_people(const char *heading, const GPtrArray *people, guint64 count)
{
    if (!people->len)
        return;
    g_autofree char *number = amount_number(count);
    ui_heading("\n%s (%s)", heading, number);
    for (guint i = 0; i < MIN(people->len, PEOPLE_SHOWN); i++) {
        const FigurePerson *row = g_ptr_array_index(people, i);
        g_autofree char *key = ui_called(row->label, row->key);
        g_autofree char *phone = ui_safe(row->phone, 30);
        /* Said once, where the audience calls its letters by the school. */
        gboolean is_told = g_strcmp0(row->name, row->label) == 0;
        g_autofree char *name = ui_safe(is_told ? "" : row->name, 32);
        g_autofree char *address = ui_safe(row->address, 44);
        g_autofree char *why = ui_safe(row->why, 0);
        g_autofree char *since = when_day(row->since);
        ui_print("  %-12s %s%s%s%s%s", key, phone, *phone ? "  " : "", name, *name ? "  " : "",
                 *address ? address : "-");
        ui_print("  %12s %s: %s (%s)", "", figure_name(row->state), why, since);
    }
    if (count > PEOPLE_SHOWN)
        ui_print("  ... --csv lists all of them");
}

static void say_suppressions(const Figures *figures)
{
    const GPtrArray *rows = figures->suppressions;
    if (!rows->len)
        return;
    g_autofree char *number = amount_number(figures->suppressions_count);
    ui_heading("\nAddresses that get no more letters (%s)", number);
    for (guint i = 0; i < MIN(rows->len, SUPPRESSED_SHOWN); i++) {
        const FigureSuppression *row = g_ptr_array_index(rows, i);
        const Meaning *meaning = meaning_of_suppression(row->reason);
        g_autofree char *since = when_day(row->since);
        g_autofree char *address = ui_safe(row->address, 44);
        g_autofree char *reason = ui_safe(meaning->said ? meaning->said : row->reason, 80);
        g_autofree char *day = when_day(row->until);
        ui_print("  %-12s %-44s %s%s%s%s%s", since, address, reason, *row->audience ? ", for " : "",
                 row->audience, *day ? "; tried again from " : "", day);
    }
    if (rows->len > SUPPRESSED_SHOWN)
        ui_print("  ... 'circular suppress list' lists all of them");
}

/* "planned by ann at office1, Tue 1 Dec 2026, 16:00 GMT (circular plan)", a line each. */
static void say_events(const Figures *figures)
{
    guint count = figures->events->len, first = count > EVENTS_SHOWN ? count - EVENTS_SHOWN : 0;
    if (!count)
        return;
    ui_heading("\nWho did what");
    if (first)
        ui_print("  ... 'circular status ID' has what was before");
    for (guint i = first; i < count; i++) {
        const FigureEvent *row = g_ptr_array_index(figures->events, i);
        g_autofree char *when = when_short(row->at);
        g_autofree char *who =
            *row->user ? g_strdup_printf(", %s at %s (%s)", row->user, row->host, row->command)
                       : g_strdup("");
        g_autofree char *safe = ui_safe(who, 120), *detail = ui_safe(row->detail, 120);
        ui_print("  %-10s %s%s%s%s", row->event, when, safe, *detail ? ": " : "", detail);
    }
}

static void say_answers(const Figures *figures)
{
    const AnswerSheet *sheet = figures->answers;
    g_autofree char *waiting =
        sheet ? amount_of(sheet->waiting, "answer waits", "answers wait") : NULL;
    if (!sheet)
        return;
    answers_say_sheet(sheet);
    if (sheet->waiting)
        ui_print("  %s to be read by a person: 'circular answers --review' lists them", waiting);
}

void report_say(const Figures *figures)
{
    say_head(figures);
    say_answer(figures);
    say_mailings(figures);
    if (figures->mailings->len)
        ui_print("%s", "");
    say_counts(&figures->counts);
    say_reasons(figures);
    if (figures->by) {
        g_autofree char *heading = g_strdup_printf("By %s", figures->by);
        say_groups(heading, figures->by_rows, figures->by_note);
    }
    say_domains(figures);
    say_people("Not there yet, for reasons that a call won't fix", figures->others,
               figures->others_count);
    if (!figures->id)
        say_suppressions(figures);
    say_answers(figures);
    say_events(figures);
    say_people("Who needs a phone call", figures->calls, figures->calls_count);
}
