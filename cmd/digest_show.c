/* digest_show - a digest for people and for machines: the plan, the dry run, the previews */
#include "digest_show.h"

#include <string.h>

#include "text/amount.h"
#include "base/clock.h"
#include "base/files.h"
#include "ledger/deliveries.h"
#include "planning.h"
#include "ui.h"

static guint64 given(const DigestRunNotice *row)
{
    return row->count[NEWNESS_NEW] + row->count[NEWNESS_UPDATED] - row->waiting;
}

/* --- for people ------------------------------------------------------------------------------ */

/* "goes to 412, 31 had it, 7 are others": what becomes of one notice. Newly allocated. */
static char *fate(const DigestRunNotice *row)
{
    static const struct {
        Newness newness;
        const char *words;
    } rest[] = {{NEWNESS_HAD, "%s had it"},
                {NEWNESS_OTHERS, "not for %s"},
                {NEWNESS_OLD, "too old for %s"}};
    const Notice *notice = row->notice;
    if (row->count[NEWNESS_EARLY])
        return g_strdup("waits for its date");
    if (row->count[NEWNESS_OVER])
        return g_strdup(notice->expires ? "has expired" : "is over");
    g_autofree char *number = amount_number(given(row));
    GString *text = g_string_new(NULL);
    g_string_append_printf(text, "goes to %s", number);
    if (row->waiting)
        g_string_append_printf(text, ", %" G_GUINT64_FORMAT " wait for more", row->waiting);
    for (guint i = 0; i < G_N_ELEMENTS(rest); i++) {
        guint64 count = row->count[rest[i].newness];
        g_autofree char *shown = amount_number(count);
        g_autoptr(GString) words = g_string_new(rest[i].words);
        g_string_replace(words, "%s", shown, 1);
        if (count)
            g_string_append_printf(text, ", %s", words->str);
    }
    return g_string_free(text, FALSE);
}

static void say_notice(const DigestRunNotice *row)
{
    g_autofree char *day = day_brief(row->notice->date), *becomes = fate(row);
    g_autofree char *title = notice_title(row->notice), *safe = ui_safe(title, 48);
    g_autofree char *revision =
        row->notice->revision > 1 ? g_strdup_printf(" (revision %u)", row->notice->revision) : NULL;
    ui_print("  %-24s %-11s  %s%s: %s", row->notice->name, day, safe, revision ? revision : "",
             becomes);
}

void digest_say_plan(const Workspace *workspace, const DigestConfig *config, const DigestRun *issue,
                     const Plan *plan, gboolean sent_now)
{
    const Mailing *mailing = plan->mailing;
    g_autofree char *subject = ui_safe(mailing->subject, 0);
    g_autofree char *letters = amount_number(mailing->planned),
                    *out = amount_number(mailing->excluded);
    g_autofree char *place = workspace_transport_place(workspace);
    ui_heading("%s", subject);
    ui_say("  from      %s", mailing->sender);
    ui_say("  to        %s", mailing->audience);
    ui_say("  letters   %s", letters);
    ui_say("  left out  %s", out);
    ui_say("  notices   %u", digest_run_length(issue));
    for (guint i = 0; i < digest_run_notices(issue); i++) {
        const DigestRunNotice *row = digest_run_notice(issue, i);
        g_autofree char *title = notice_title(row->notice), *safe = ui_safe(title, 60);
        g_autofree char *number = amount_number(given(row));
        if (given(row))
            ui_say("    %-24s to %s: %s", row->notice->name, number, safe);
    }
    ui_say("  through   %s", place);
    ui_say("  plan      %s", mailing->id);
    if (!sent_now)
        ui_hint("\nNothing has been sent. Next:\n"
                "  circular digest %s --dry-run    who gets what, and why\n"
                "  circular digest %s --preview    see every letter\n"
                "  circular send %s    send them",
                config->name, config->name, mailing->id);
}

static gboolean say_recipient(void *user, const Recipient *recipient, const GPtrArray *notices,
                              const Why *why)
{
    (void)user;
    g_autofree char *reason = exclusion_said(why->kind, why->detail, why->since);
    g_autoptr(GString) names = g_string_new(NULL);
    for (guint i = 0; i < notices->len; i++)
        g_string_append_printf(names, "%s%s", i ? " " : "",
                               ((const Notice *)g_ptr_array_index(notices, i))->name);
    g_autofree char *key = ui_pad(g_strdup(recipient->key), 12),
                    *address = ui_pad(g_strdup(recipient->address), 36);
    ui_print("  %s %s %s%s%s", key, address, *reason ? "-- " : "", reason, names->str);
    return TRUE;
}

gboolean digest_say_dry_run(const DigestConfig *config, DigestRun *issue, GError **error)
{
    g_autofree char *letters = amount_of(digest_run_letters(issue), "letter", "letters");
    ui_heading("%s, for %s: %s with %u of the notices in %s", config->title, config->audience,
               letters, digest_run_length(issue), config->notices_shown);
    if (config->schedule)
        ui_say("  sent  %s", config->schedule);
    for (guint i = 0; i < digest_run_notices(issue); i++)
        say_notice(digest_run_notice(issue, i));
    ui_print("%s", "");
    return digest_run_each(issue, say_recipient, NULL, error);
}

/* --- for machines ---------------------------------------------------------------------------- */

static void json_notice(JsonBuilder *json, const DigestRunNotice *row)
{
    g_autofree char *date = day_iso(row->notice->date);
    g_autofree char *title = notice_title(row->notice);
    json_builder_begin_object(json);
    json_text(json, "notice", row->notice->name);
    json_number(json, "revision", row->notice->revision);
    json_text(json, "title", title);
    json_text(json, "date", date);
    json_number(json, "goes_to", (gint64)given(row));
    json_number(json, "waiting", (gint64)row->waiting);
    for (Newness kind = 0; kind < NEWNESS_KINDS; kind++)
        json_number(json, newness_name(kind), (gint64)row->count[kind]);
    json_builder_end_object(json);
}

static JsonBuilder *json_begin(const DigestConfig *config, const DigestRun *issue)
{
    JsonBuilder *json = json_builder_new();
    json_builder_begin_object(json);
    json_text(json, "schema", "circular-digest/1");
    json_text(json, "digest", config->name);
    json_text(json, "audience", config->audience);
    json_builder_set_member_name(json, "notices");
    json_builder_begin_array(json);
    for (guint i = 0; i < digest_run_notices(issue); i++)
        json_notice(json, digest_run_notice(issue, i));
    json_builder_end_array(json);
    return json;
}

static void json_end(JsonBuilder *json, const Findings *findings)
{
    json_findings(json, findings);
    json_builder_end_object(json);
    ui_json(json);
}

void digest_json_plan(Ledger *ledger, const DigestConfig *config, const DigestRun *issue,
                      const Plan *plan, const Findings *findings)
{
    guint64 counts[DELIVERY_STATES];
    JsonBuilder *json = json_begin(config, issue);
    json_text(json, "news", planning_news(plan));
    if (plan->news != PLAN_EMPTY && deliveries_count(ledger, plan->mailing, counts, NULL)) {
        planning_json(json, plan->mailing);
        for (int state = 0; state < DELIVERY_LEFT_OUT; state++)
            json_number(json, delivery_state_name((DeliveryState)state), (gint64)counts[state]);
    }
    json_end(json, findings);
}

static gboolean json_recipient(void *user, const Recipient *recipient, const GPtrArray *notices,
                               const Why *why)
{
    JsonBuilder *json = user;
    g_autofree char *reason = exclusion_said(why->kind, why->detail, why->since);
    json_builder_begin_object(json);
    json_text(json, "key", recipient->key);
    json_text(json, "address", recipient->address);
    json_text(json, "kind", exclusion_name(why->kind));
    json_text(json, "kind", why->kind ? exclusion_name(why->kind) : NULL);
    json_text(json, "reason", why->kind ? reason : NULL);
    json_builder_set_member_name(json, "notices");
    json_builder_begin_array(json);
    for (guint i = 0; i < notices->len; i++)
        json_builder_add_string_value(json, ((const Notice *)g_ptr_array_index(notices, i))->name);
    json_builder_end_array(json);
    json_builder_end_object(json);
    return TRUE;
}

gboolean digest_json_dry_run(const DigestConfig *config, DigestRun *issue, const Findings *findings,
                             GError **error)
{
    JsonBuilder *json = json_begin(config, issue);
    json_builder_set_member_name(json, "recipients");
    json_builder_begin_array(json);
    gboolean ok = digest_run_each(issue, json_recipient, json, error);
    json_builder_end_array(json);
    json_number(json, "letters", (gint64)digest_run_letters(issue));
    if (ok)
        json_end(json, findings);
    else
        g_object_unref(json);
    return ok;
}

/* --- previews -------------------------------------------------------------------------------- */

typedef struct {
    const DigestRun *issue;
    const char *folder;
    guint64 written;
    GError *error;
} Previews;

static gboolean write_file(Previews *in, const char *key, const char *extension, const char *bytes,
                           gsize length)
{
    g_autofree char *name =
        g_strcanon(g_strdup(key), G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "-_", '_');
    g_autofree char *file = g_strconcat(name, extension, NULL);
    g_autofree char *path = g_build_filename(in->folder, file, NULL);
    return file_write(path, bytes, length, 0600, &in->error);
}

static gboolean write_preview(void *user, const Recipient *recipient, const GPtrArray *notices,
                              const Why *why)
{
    (void)why;
    Previews *in = user;
    const Letter *letter = digest_run_letter(in->issue);
    if (!notices->len)
        return TRUE;
    g_autoptr(Value) fields = digest_run_fields(in->issue, recipient);
    g_autoptr(GString) message = g_string_new(NULL);
    g_autofree char *date = clock_rfc5322(clock_now());
    LetterCopy copy = {.to = recipient->address,
                       .to_name = recipient->name,
                       .fields = fields,
                       .message_id = "<preview@circular.invalid>",
                       .date = date};
    g_autofree char *html = letter_html(letter, fields, &in->error);
    g_autofree char *text = html ? letter_text(letter, fields, &in->error) : NULL;
    in->written++;
    return text && letter_write(letter, &copy, message, &in->error) &&
           write_file(in, recipient->key, ".eml", message->str, message->len) &&
           write_file(in, recipient->key, ".html", html, strlen(html)) &&
           write_file(in, recipient->key, ".txt", text, strlen(text));
}

gboolean digest_preview(DigestRun *issue, const char *folder, GError **error)
{
    Previews in = {.issue = issue, .folder = folder};
    if (!folder_make_private(folder, error) || !digest_run_each(issue, write_preview, &in, error))
        return FALSE;
    if (in.error) {
        g_propagate_error(error, in.error);
        return FALSE;
    }
    g_autofree char *letters = amount_of(in.written, "letter", "letters");
    ui_say("%s written to %s: .html to look at, .txt as plain text, .eml as it will be sent",
           letters, folder);
    return TRUE;
}
