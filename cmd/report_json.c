/* report_json - the report as JSON: the schema circular-report/1, described in circular(1) */
#include "base/clock.h"
#include "answers_show.h"
#include "report_out.h"
#include "settle_show.h"
#include "ui.h"

static void json_time(JsonBuilder *json, const char *name, gint64 when)
{
    g_autofree char *text = when ? clock_iso(when) : NULL;
    json_text(json, name, text);
}

static void json_counts(JsonBuilder *json, const Counts *counts)
{
    json_builder_set_member_name(json, "counts");
    json_builder_begin_object(json);
    for (int i = 0; i < FIGURE_STATES; i++)
        json_number(json, i == FIGURE_LEFT_OUT ? "left_out" : figure_name((FigureState)i),
                    (gint64)counts->of[i]);
    json_builder_end_object(json);
}

/* An array with `one` called for each item. */
static void json_list(JsonBuilder *json, const char *name, const GPtrArray *items,
                      void (*one)(JsonBuilder *json, gconstpointer item))
{
    json_builder_set_member_name(json, name);
    json_builder_begin_array(json);
    for (guint i = 0; i < items->len; i++) {
        json_builder_begin_object(json);
        one(json, g_ptr_array_index(items, i));
        json_builder_end_object(json);
    }
    json_builder_end_array(json);
}

static void json_mailing(JsonBuilder *json, gconstpointer item)
{
    const FigureMailing *row = item;
    json_text(json, "id", row->id);
    json_text(json, "subject", row->subject);
    json_text(json, "audience", row->audience);
    json_time(json, "planned_at", row->planned_at);
    json_counts(json, &row->counts);
}

static void json_moment(JsonBuilder *json, gconstpointer item)
{
    const FigureMoment *row = item;
    json_time(json, "from", row->when);
    json_counts(json, &row->counts);
}

static void json_group(JsonBuilder *json, gconstpointer item)
{
    const FigureGroup *row = item;
    json_text(json, "value", row->name);
    json_counts(json, &row->counts);
    if (row->note)
        json_text(json, "note", row->note);
}

static void json_reason(JsonBuilder *json, gconstpointer item)
{
    const FigureReason *row = item;
    json_text(json, "state", figure_name(row->state));
    json_text(json, "reason", row->meaning->word);
    json_text(json, "said", row->meaning->said);
    json_text(json, "next",
              next_name(row->state == FIGURE_DEFERRED ? NEXT_WAIT : row->meaning->next));
    json_number(json, "count", (gint64)row->count);
    json_text(json, "example", row->example);
}

static void json_person(JsonBuilder *json, gconstpointer item)
{
    const FigurePerson *row = item;
    json_text(json, "mailing", row->mailing);
    json_text(json, "key", row->key);
    json_text(json, "label", row->label);
    json_text(json, "name", row->name);
    json_text(json, "phone", row->phone);
    json_text(json, "address", row->address);
    json_text(json, "state", figure_name(row->state));
    json_text(json, "reason", row->meaning->word);
    json_text(json, "why", row->why);
    json_text(json, "advice", row->advice);
    json_number(json, "code", row->code);
    json_text(json, "status", row->enhanced);
    json_text(json, "reply", row->reply);
    json_number(json, "attempts", row->attempts);
    json_time(json, "first_at", row->first_at);
    json_time(json, "since", row->since);
    json_time(json, "next_at", row->next_at);
    settle_json_one(json, "settlement", &row->settlement);
}

static void json_event(JsonBuilder *json, gconstpointer item)
{
    const FigureEvent *row = item;
    json_text(json, "mailing", row->mailing);
    json_text(json, "event", row->event);
    json_time(json, "at", row->at);
    json_text(json, "user", row->user);
    json_text(json, "host", row->host);
    json_text(json, "command", row->command);
    json_text(json, "detail", row->detail);
}

static void json_suppression(JsonBuilder *json, gconstpointer item)
{
    const FigureSuppression *row = item;
    json_text(json, "address", row->address);
    json_text(json, "audience", row->audience);
    json_text(json, "reason", row->reason);
    json_text(json, "source", row->source);
    json_time(json, "since", row->since);
    json_time(json, "until", row->until);
}

static void json_head(JsonBuilder *json, const Figures *figures)
{
    static const char *const words[] = {"good", "care", "bad"};
    Verdict verdict;
    g_autofree char *answer = figures_answer(figures, &verdict);
    g_autofree char *beside = figures_beside(figures);
    json_text(json, "schema", "circular-report/1");
    json_time(json, "made_at", figures->made_at);
    if (figures->id) {
        json_text(json, "id", figures->id);
        json_text(json, "subject", figures->subject);
        json_text(json, "audience", figures->audience);
        json_text(json, "from", figures->sender);
        json_text(json, "update", figures->update);
        json_time(json, "planned_at", figures->planned_at);
    } else {
        json_time(json, "since", figures->since);
    }
    json_text(json, "answer", answer);
    json_text(json, "beside", beside);
    json_text(json, "verdict", words[verdict]);
    json_number(json, "letters", (gint64)counts_letters(&figures->counts));
    json_counts(json, &figures->counts);
    json_number(json, "calls_count", (gint64)figures->calls_count);
    json_number(json, "others_count", (gint64)figures->others_count);
    json_number(json, "reached_count", (gint64)figures->reached_count);
    json_number(json, "settled_count", (gint64)figures->settled_count);
    json_number(json, "suppressions_count", (gint64)figures->suppressions_count);
    json_time(json, "first_at", figures->first_at);
    json_time(json, "last_at", figures->last_at);
}

void report_json(const Figures *figures)
{
    JsonBuilder *json = json_builder_new();
    json_builder_begin_object(json);
    json_head(json, figures);
    if (!figures->id)
        json_list(json, "mailings", figures->mailings, json_mailing);
    else
        json_list(json, "events", figures->events, json_event);
    if (figures->answers) {
        json_builder_set_member_name(json, "answers");
        json_builder_begin_object(json);
        json_number(json, "waiting", figures->answers->waiting);
        answers_json_sheet(json, figures->answers);
        json_builder_end_object(json);
    }
    json_list(json, "calls", figures->calls, json_person);
    json_list(json, "others", figures->others, json_person);
    json_list(json, "reasons", figures->reasons, json_reason);
    json_text(json, "outcomes_step", figures->outcomes_step);
    json_list(json, "outcomes", figures->outcomes, json_moment);
    json_text(json, "returns_step", figures->returns_step);
    json_list(json, "returns", figures->returns, json_moment);
    json_list(json, "domains", figures->domains, json_group);
    if (figures->by) {
        json_text(json, "by", figures->by);
        json_text(json, "by_note", figures->by_note);
        json_list(json, "by_values", figures->by_rows, json_group);
    }
    json_list(json, "slowest", figures->slowest, json_person);
    json_list(json, "most_tried", figures->most_tried, json_person);
    json_list(json, "suppressions", figures->suppressions, json_suppression);
    json_builder_end_object(json);
    ui_json(json);
}
