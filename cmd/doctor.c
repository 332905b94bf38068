/* doctor - everything that the next letter needs, tried, and what to fix */
#include "command.h"
#include "text/amount.h"
#include "doctor/doctor.h"
#include "ui.h"
#include "workspace/signing_key.h"

static gboolean option_json, option_offline, option_new_key;

static const GOptionEntry options[] = {
    {"offline", 0, 0, G_OPTION_ARG_NONE, &option_offline, "skip whatever needs the network", NULL},
    {"json", 0, 0, G_OPTION_ARG_NONE, &option_json, "print JSON for machines", NULL},
    {"new-key", 0, 0, G_OPTION_ARG_NONE, &option_new_key,
     "make a new key where the old one is lost for good; nothing is tried", NULL},
    {0},
};

static gboolean make_key(GError **error)
{
    g_autoptr(Workspace) workspace = workspace_open(option_config, error);
    g_autoptr(Ledger) ledger = workspace ? workspace_ledger(workspace, LEDGER_WRITE, error) : NULL;
    if (!ledger || !signing_key_renew(workspace, ledger, error))
        return FALSE;
    ui_say(
        "There is a new key. Bounces and requests to unsubscribe that answer letters sent before "
        "can't be proven any more: they go to the folder for review.");
    return TRUE;
}

static void say_result(void *user, const DoctorResult *result)
{
    (void)user;
    const char *mark = result->mark == DOCTOR_FAIL ? "FAIL" : doctor_mark_name(result->mark);
    g_autofree char *line = g_strdup_printf("%-4s  %-8s %s", mark, result->check, result->what);
    switch (result->mark) {
    case DOCTOR_OK:
    case DOCTOR_SKIP:
        ui_say("%s", line);
        return;
    case DOCTOR_WARN:
    case DOCTOR_FAIL:
        ui_print("%s", line);
        if (result->fix)
            ui_print("%-4s  %-8s to fix it: %s", "", "", result->fix);
        return;
    }
}

static void json_result(void *user, const DoctorResult *result)
{
    JsonBuilder *json = user;
    json_builder_begin_object(json);
    json_text(json, "check", result->check);
    json_text(json, "mark", doctor_mark_name(result->mark));
    json_text(json, "what", result->what);
    json_text(json, "fix", result->fix);
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

static void json_end(JsonBuilder *json, const DoctorSummary *summary)
{
    json_builder_end_array(json);
    for (int mark = DOCTOR_OK; mark <= DOCTOR_FAIL; mark++)
        json_number(json, doctor_mark_name((DoctorMark)mark), summary->marks[mark]);
    json_builder_end_object(json);
    ui_json(json);
}

static gboolean run(char **words, GError **error)
{
    (void)words;
    DoctorSummary summary;
    if (option_new_key)
        return make_key(error);
    JsonBuilder *json = option_json ? json_begin() : NULL;
    DoctorOptions how = {
        .offline = option_offline, .tell = json ? json_result : say_result, .user = json};
    gboolean ok = doctor_run(option_config, &how, &summary);
    if (json)
        json_end(json, &summary);
    g_autofree char *failed = amount_of(summary.marks[DOCTOR_FAIL], "check", "checks");
    g_autofree char *warned = amount_of(summary.marks[DOCTOR_WARN], "warning", "warnings");
    if (!ok)
        g_set_error(error, CIRCULAR_ERROR, summary.kind, "%s failed", failed);
    else if (!json)
        ui_say(summary.marks[DOCTOR_WARN] ? "Nothing failed; %s." : "All is well.", warned);
    return ok;
}

const Command command_doctor = {
    .name = "doctor",
    .usage = "",
    .summary = "tries all that the next letter needs, and says what to fix",
    .description =
        "Config, ledger, key, lists, schedules, relay, clock, the mailbox of bounces, and the DNS "
        "of the "
        "sender.\nNo letter is sent and nothing is changed, but by --new-key. Exit status: 0 when "
        "nothing failed, "
        "else by the\nkind of the first failure, see sysexits(3).",
    .options = options,
    .min_words = 0,
    .max_words = 0,
    .run = run,
};
