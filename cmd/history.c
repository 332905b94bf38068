/* history - all that one school was sent, and what became of it */
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "text/when.h"
#include "bounces_review.h"
#include "command.h"
#include "ledger/answers.h"
#include "ledger/deliveries.h"
#include "ledger/readings.h"
#include "ledger/suppressions.h"
#include "report/history.h"
#include "settle_show.h"
#include "workspace/workspace.h"
#include "ui.h"

static gboolean option_json;
static char *option_html;

static const GOptionEntry options[] = {
    {"html", 'o', 0, G_OPTION_ARG_FILENAME, &option_html,
     "write a page for a browser that holds all it needs", "FILE"},
    {"json", 0, 0, G_OPTION_ARG_NONE, &option_json, "print JSON for machines", NULL},
    {0},
};

typedef struct {
    JsonBuilder *json; /* NULL for people */
    Ledger *ledger;
    GError *error;
    guint64 found;
    GHashTable *addresses; /* folded, that the key had; a set */
} History;

static void note_address(History *history, const char *address)
{
    if (*address)
        g_hash_table_add(history->addresses, g_utf8_strdown(address, -1));
}

static gboolean add_delivery(void *user, const Delivery *delivery)
{
    History *history = user;
    if (delivery->state == DELIVERY_LEFT_OUT)
        return TRUE; /* it comes among the exclusions, with the reason */
    history->found++;
    note_address(history, delivery->address);
    if (history->json) {
        json_builder_begin_object(history->json);
        json_text(history->json, "mailing", delivery->mailing);
        json_text(history->json, "key", delivery->key);
        json_text(history->json, "address", delivery->address);
        json_text(history->json, "state", delivery_state_name(delivery->state));
        json_number(history->json, "code", delivery->code);
        json_text(history->json, "enhanced", delivery->enhanced);
        json_text(history->json, "stage", stage_name(delivery->stage));
        json_text(history->json, "given_up", given_up_name(delivery->given_up));
        json_text(history->json, "through", via_name(delivery->via));
        json_text(history->json, "reply", delivery->reply);
        g_autofree char *iso = delivery->changed_at ? clock_iso(delivery->changed_at) : NULL;
        json_text(history->json, "changed_at", iso);
        gboolean ok = settle_json_of(history->json, history->ledger, delivery->mailing,
                                     delivery->number, &history->error);
        json_builder_end_object(history->json);
        return ok;
    }
    g_autofree char *known =
        settle_said_of(history->ledger, delivery->mailing, delivery->number, &history->error);
    if (!known)
        return FALSE;
    g_autofree char *when = when_short(delivery->changed_at);
    g_autofree char *said = delivery_said(delivery->stage, delivery->given_up, delivery->reply);
    g_autofree char *reply = ui_safe(said, 120), *more = ui_safe(known, 0);
    g_autofree char *called = ui_called(delivery->label, delivery->key);
    ui_print("%-27s  %-32s %-10s %s <%s>%s%s%s", *when ? when : "not yet", delivery->mailing,
             delivery_state_name(delivery->state), called, delivery->address, *reply ? ": " : "",
             reply, more);
    return TRUE;
}

static gboolean add_exclusion(void *user, const LeftOut *one)
{
    History *history = user;
    history->found++;
    note_address(history, one->address);
    g_autofree char *said = exclusion_said(one->kind, one->detail, one->since);
    if (history->json) {
        json_builder_begin_object(history->json);
        json_text(history->json, "mailing", one->mailing);
        json_text(history->json, "key", one->key);
        json_text(history->json, "address", one->address);
        json_text(history->json, "state", "left out");
        json_text(history->json, "kind", exclusion_name(one->kind));
        json_text(history->json, "reply", said);
        json_builder_end_object(history->json);
        return TRUE;
    }
    g_autofree char *safe = ui_safe(said, 0);
    g_autofree char *place = ui_place(&one->at);
    g_autofree char *called = ui_called(one->label, one->key), *phone = ui_safe(one->phone, 30);
    ui_print("%-27s  %-32s %-10s %s <%s>%s%s: %s%s", "-", one->mailing, "left out", called,
             one->address, *phone ? " " : "", phone, safe, place);
    return TRUE;
}

static gboolean add_notice(void *user, const InboundRow *row)
{
    History *history = user;
    history->found++;
    if (history->json) {
        notice_json(history->json, row);
        return TRUE;
    }
    g_autofree char *when = when_short(row->received_at);
    g_autofree char *said = ui_safe(row->diagnostic, 120);
    g_autofree char *why = ui_safe(row->why, 0);
    ui_print("%-27s  %-32s %-10s %s%s%s%s%s%s", when, row->mailing, "came back",
             inbound_kind_name(row->kind), row->verified ? ", " : ", not proven, ",
             inbound_done_name(row->action), *why ? ": " : "", why, *said ? ": " : "");
    if (*said)
        ui_print("%29s%s", "", said);
    return TRUE;
}

static void json_answer(JsonBuilder *json, const AnswerRow *row)
{
    g_autofree char *iso = clock_iso(row->said_at);
    json_builder_begin_object(json);
    json_text(json, "mailing", row->mailing_id);
    json_text(json, "key", row->key);
    json_text(json, "address", row->address);
    json_text(json, "state", "answered");
    json_text(json, "answer", answer_state_name(row->state));
    json_text(json, "question", row->question);
    json_text(json, "choice", row->choice);
    json_text(json, "said_at", iso);
    json_text(json, "from", row->sender);
    json_flag(json, "late", row->late);
    json_text(json, "why", row->why);
    json_text(json, "text", row->text);
    json_builder_end_object(json);
}

static gboolean add_answer(void *user, const AnswerRow *row)
{
    History *history = user;
    static const char *const states[] = {"", "waits for a person: ", "taken off the list: "};
    history->found++;
    if (history->json) {
        json_answer(history->json, row);
        return TRUE;
    }
    g_autofree char *when = when_short(row->said_at);
    g_autofree char *sender = ui_safe(row->sender, 0), *text = ui_safe(row->text, 120);
    g_autofree char *said =
        row->state == ANSWER_COUNTED
            ? g_strdup_printf("%s: %s%s", row->question, row->choice, row->late ? " (late)" : "")
            : g_strdup_printf("%s%s", states[row->state], row->why);
    g_autofree char *safe = ui_safe(said, 0);
    ui_print("%-27s  %-32s %-10s %s <%s>: %s", when, *row->mailing_id ? row->mailing_id : "-",
             "answered", *row->key ? row->key : "-", sender, safe);
    if (*text)
        ui_print("%29s%s", "", text);
    return TRUE;
}

/* A notice that a digest held. */
static gboolean add_reading(void *user, const char *mailing, const char *key, const char *notice,
                            guint revision, const char *title)
{
    History *history = user;
    history->found++;
    if (history->json) {
        json_builder_begin_object(history->json);
        json_text(history->json, "mailing", mailing);
        json_text(history->json, "key", key);
        json_text(history->json, "notice", notice);
        json_number(history->json, "revision", revision);
        json_text(history->json, "title", title);
        json_builder_end_object(history->json);
        return TRUE;
    }
    g_autofree char *safe = ui_safe(title, 60);
    g_autofree char *again = revision > 1 ? g_strdup_printf(", revision %u", revision) : NULL;
    ui_print("%-27s  %-32s %-10s %s (%s%s) %s", "-", mailing, "notice", safe, notice,
             again ? again : "", key);
    return TRUE;
}

static gboolean say_suppression(void *user, const Suppression *one)
{
    (void)user;
    g_autofree char *since = when_short(one->since);
    g_autofree char *ended = one->removed_at ? when_short(one->removed_at) : NULL;
    ui_print("%-27s  %-32s %-10s %s: %s%s%s", since, *one->audience ? one->audience : "-",
             "suppressed", one->address, one->reason, ended ? ", until " : "",
             ended ? ended : "; 'circular suppress remove' lets letters go again");
    return TRUE;
}

/* Whether letters to the addresses are held back, for people; the JSON is 'suppress list --json's.
 */
static gboolean say_suppressions(const History *history, Ledger *ledger, GError **error)
{
    GHashTableIter each;
    gpointer address;
    g_hash_table_iter_init(&each, history->addresses);
    while (!history->json && g_hash_table_iter_next(&each, &address, NULL))
        if (!suppressions_each(ledger, address, TRUE, say_suppression, NULL, error))
            return FALSE;
    return TRUE;
}

static gboolean write_page(const Workspace *workspace, Ledger *ledger, const char *asked,
                           GError **error)
{
    const char *office = settings_text(workspace_settings(workspace), "office.name");
    g_autoptr(GString) page = g_string_new(NULL);
    g_autoptr(HistoryPage) dossier = history_gather(ledger, asked, error);
    if (!dossier)
        return FALSE;
    g_free(dossier->office);
    dossier->office = g_strdup(office ? office : "");
    history_page_write(page, dossier);
    if (!file_write(option_html, page->str, page->len, 0600, error))
        return FALSE;
    ui_say("%s holds the history. Only you can read it: it holds names and addresses.",
           option_html);
    return TRUE;
}

/* The one key that was meant by a school's name; several, or none, are told. */
static char *key_of_label(Ledger *ledger, const char *asked, GError **error)
{
    enum { SHOWN = 8 };
    g_autoptr(GPtrArray) found = deliveries_labelled(ledger, asked, error);
    g_autoptr(GHashTable) keys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GString) names = g_string_new(NULL);
    for (guint i = 0; found && i < found->len; i++) {
        g_auto(GStrv) pair = g_strsplit(g_ptr_array_index(found, i), "\t", 2);
        if (g_hash_table_add(keys, g_strdup(pair[0])) && g_hash_table_size(keys) <= SHOWN)
            g_string_append_printf(names, "%s%s (%s)", names->len ? ", " : "", pair[1], pair[0]);
    }
    guint count = g_hash_table_size(keys);
    if (count == 1)
        return g_strndup(g_ptr_array_index(found, 0), strcspn(g_ptr_array_index(found, 0), "\t"));
    if (found && count)
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                    "several are called so: %s%s; give the key", names->str,
                    count > SHOWN ? " …" : "");
    else if (found)
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_NOINPUT,
                    "the ledger knows no key, address or name '%s'", asked);
    return NULL;
}

static gboolean count_delivery(void *user, const Delivery *delivery)
{
    (void)delivery;
    *(gboolean *)user = TRUE;
    return FALSE;
}

static gboolean count_exclusion(void *user, const LeftOut *one)
{
    (void)one;
    *(gboolean *)user = TRUE;
    return FALSE;
}

/* The key or address that was meant; newly allocated. */
static char *meant(Ledger *ledger, const char *asked, GError **error)
{
    gboolean is_known = FALSE;
    if (!deliveries_history(ledger, asked, count_delivery, &is_known, error) ||
        (!is_known && !exclusions_history(ledger, asked, count_exclusion, &is_known, error)))
        return NULL;
    return is_known || strchr(asked, '@') ? g_strdup(asked) : key_of_label(ledger, asked, error);
}

static gboolean run(char **words, GError **error)
{
    if (option_html && (option_json || g_str_equal(option_html, "-"))) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE, "%s",
                    option_json ? "--html and --json are two reports: give one of them"
                                : "--html wants the name of a file: the page holds names and "
                                  "addresses");
        return FALSE;
    }
    g_autoptr(Workspace) workspace = workspace_open(option_config, error);
    g_autoptr(Ledger) ledger = workspace ? workspace_ledger(workspace, LEDGER_READ, error) : NULL;
    g_autofree char *asked = ledger ? meant(ledger, words[0], error) : NULL;
    if (!asked)
        return FALSE;
    if (option_html)
        return write_page(workspace, ledger, asked, error);
    g_autoptr(GHashTable) addresses = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    History history = {
        .json = option_json ? json_builder_new() : NULL, .ledger = ledger, .addresses = addresses};
    if (history.json)
        json_builder_begin_array(history.json);
    gboolean ok = deliveries_history(ledger, asked, add_delivery, &history, error) &&
                  exclusions_history(ledger, asked, add_exclusion, &history, error) &&
                  readings_history(ledger, asked, add_reading, &history, error) &&
                  inbound_reports_history(ledger, asked, add_notice, &history, error) &&
                  answers_history(ledger, asked, add_answer, &history, error) &&
                  say_suppressions(&history, ledger, error);
    if (history.error) {
        g_propagate_error(error, history.error);
        ok = FALSE;
    }
    if (history.json)
        json_builder_end_array(history.json);
    if (ok && history.json)
        ui_json(history.json);
    else
        g_clear_object(&history.json);
    if (ok && !history.found) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_NOINPUT,
                    "the ledger knows no key or address '%s'", asked);
        return FALSE;
    }
    return ok;
}

const Command command_history = {
    .name = "history",
    .usage = "KEY|ADDRESS|NAME",
    .summary = "all that one school was sent, and what became of it",
    .options = options,
    .min_words = 1,
    .max_words = 1,
    .run = run,
};
