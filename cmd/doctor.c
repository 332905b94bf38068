/* doctor - everything that the next letter needs, tried, and what to mend */
#include "command.h"
#include "run/examine.h"
#include "ui.h"

static gboolean option_json, option_offline;

static const GOptionEntry options[] = {
    {"offline", 0, 0, G_OPTION_ARG_NONE, &option_offline, "skip whatever needs the network", NULL},
    {"json", 0, 0, G_OPTION_ARG_NONE, &option_json, "print JSON for machines", NULL},
    {0},
};

static void say_result(void *user, const ExamineResult *result)
{
    (void)user;
    const char *mark = result->mark == EXAMINE_FAIL ? "FAIL" : examine_mark_name(result->mark);
    g_autofree char *line = g_strdup_printf("%-4s  %-8s %s", mark, result->check, result->what);
    switch (result->mark) {
    case EXAMINE_OK:
    case EXAMINE_SKIP:
        ui_say("%s", line);
        return;
    case EXAMINE_WARN:
    case EXAMINE_FAIL:
        ui_print("%s", line);
        if (result->mend)
            ui_print("%-4s  %-8s to mend it: %s", "", "", result->mend);
        return;
    }
}

static void json_result(void *user, const ExamineResult *result)
{
    JsonBuilder *json = user;
    json_builder_begin_object(json);
    json_text(json, "check", result->check);
    json_text(json, "mark", examine_mark_name(result->mark));
    json_text(json, "what", result->what);
    json_text(json, "mend", result->mend);
    json_builder_end_object(json);
}

static JsonBuilder *json_begin(void)
{
    JsonBuilder *json = json_builder_new();
    json_builder_begin_object(json);
    json_text(json, "schema", "circular-doctor/1");
    json_builder_set_member_name(json, "checks");
    json_builder_begin_array(json);
    return json;
}

static void json_end(JsonBuilder *json, const ExamineSummary *summary)
{
    json_builder_end_array(json);
    for (int mark = EXAMINE_OK; mark <= EXAMINE_FAIL; mark++)
        json_number(json, examine_mark_name((ExamineMark)mark), summary->marks[mark]);
    json_builder_end_object(json);
    ui_json(json);
}

static gboolean run(char **words, GError **error)
{
    (void)words;
    ExamineSummary summary;
    JsonBuilder *json = option_json ? json_begin() : NULL;
    ExamineOptions how = {
        .offline = option_offline, .tell = json ? json_result : say_result, .user = json};
    gboolean ok = examine_run(option_config, &how, &summary);
    if (json)
        json_end(json, &summary);
    g_autofree char *failed = ui_count(summary.marks[EXAMINE_FAIL], "check", "checks");
    g_autofree char *warned = ui_count(summary.marks[EXAMINE_WARN], "warning", "warnings");
    if (!ok)
        g_set_error(error, CIRCULAR_ERROR, summary.kind, "%s failed", failed);
    else if (!json)
        ui_say(summary.marks[EXAMINE_WARN] ? "Nothing failed; %s." : "All is well.", warned);
    return ok;
}

const Command command_doctor = {
    .name = "doctor",
    .usage = "",
    .summary = "tries all that the next letter needs, and says what to mend",
    .description =
        "Config, ledger, key, lists, schedules, relay, clock, the mailbox of bounces, and the DNS "
        "of the "
        "sender.\nNo letter is sent and nothing is changed. Exit status: 0 when nothing failed, "
        "else by the\nkind of the first failure, see sysexits(3).",
    .options = options,
    .min_words = 0,
    .max_words = 0,
    .run = run,
};
