/* history - what one school or person was sent, and what came of it, gathered from the ledger */
#include "report/history.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/value.h"
#include "ledger/answers.h"
#include "ledger/deliveries.h"
#include "ledger/mailings.h"
#include "ledger/inbound_reports.h"
#include "ledger/settlements.h"
#include "ledger/suppressions.h"
#include "template/template.h"
#include "report/report_page.h"
#include "report/report.h"

typedef struct {
    HistoryPage *dossier;
    Ledger *ledger;
    GError *error;        /* of what is asked while rows come; or NULL */
    GHashTable *subjects; /* mailing's id -> its subject, a template */
    GHashTable *planned;  /* mailing's id -> when, of gint64 */
    GHashTable *addresses;
} Past;

/* --- subjects -------------------------------------------------------------------------------- */

static gboolean read_mailings(Past *past, Ledger *ledger, GError **error)
{
    g_autoptr(GPtrArray) all = mailings_all(ledger, error);
    if (!all)
        return FALSE;
    for (guint i = 0; i < all->len; i++) {
        const Mailing *mailing = g_ptr_array_index(all, i);
        g_hash_table_insert(past->subjects, g_strdup(mailing->id), g_strdup(mailing->subject));
        g_hash_table_insert(past->planned, g_strdup(mailing->id),
                            g_memdup2(&mailing->planned_at, sizeof(gint64)));
    }
    return TRUE;
}

static const char *subject_template(const Past *past, const char *mailing)
{
    const char *subject = g_hash_table_lookup(past->subjects, mailing);
    return subject ? subject : "";
}

/* As the recipient got it; what a later circular can't merge any more keeps its ellipses. */
static char *subject_of(const Past *past, const Delivery *delivery)
{
    const char *source = subject_template(past, delivery->mailing);
    TemplateOptions options = {.first_line = 1, .kind = TEMPLATE_HEADER};
    g_autoptr(Findings) findings = findings_new();
    g_autoptr(Template) template = template_new(source, &options, findings);
    g_autoptr(Value) fields = value_thaw(delivery->fields, delivery->fields_length, NULL);
    char *merged = template && fields ? template_render_text(template, fields, NULL) : NULL;
    return merged ? merged : report_page_subject(source);
}

/* --- what happened --------------------------------------------------------------------------- */

static void keep(void *user, const Settlement *one)
{
    *(Settlement *)user = settlement_copy(one);
}

static gboolean add_delivery(void *user, const Delivery *delivery)
{
    Past *past = user;
    if (delivery->state == DELIVERY_LEFT_OUT)
        return TRUE; /* it comes again among the exclusions, with the reason */
    TallyTrouble trouble = {.mailing = delivery->mailing,
                            .reply = delivery->reply,
                            .stage = delivery->stage,
                            .given_up = delivery->given_up,
                            .state = delivery->state,
                            .attempts = delivery->attempts,
                            .code = delivery->code,
                            .enhanced = delivery->enhanced,
                            .next_at = delivery->next_at};
    g_auto(Settlement) settled = {0};
    if (!settlements_of(past->ledger, delivery->mailing, delivery->number, keep, &settled,
                        &past->error))
        return FALSE;
    trouble.settlement = settled;
    gboolean has_returned =
        delivery->state == DELIVERY_BOUNCED || delivery->state == DELIVERY_COMPLAINED;
    gint64 tried = delivery->attempts ? delivery->changed_at : 0;
    HistoryEvent *event =
        history_page_add(past->dossier, HAPPENED_LETTER, has_returned ? delivery->first_at : tried);
    gboolean is_well = delivery->state == DELIVERY_SENT || delivery->state == DELIVERY_PLANNED ||
                       delivery->state == DELIVERY_SENDING || delivery->state == DELIVERY_WRITTEN;
    event->state = (FigureState)delivery->state;
    event->known_at = tried;
    event->what = g_strdup(figure_title(event->state));
    event->subject = subject_of(past, delivery);
    event->mailing = g_strdup(delivery->mailing);
    event->address = g_strdup(delivery->address);
    if (!is_well) {
        const Meaning *meaning = report_meaning(&trouble);
        event->why = report_why(&trouble, meaning);
        event->advice = report_advice(&trouble, meaning);
        event->detail = report_said(&trouble);
    } else if (settlement_is_proof(settled.kind)) {
        event->why = settlement_said(&settled);
    }
    past->dossier->letters++;
    past->dossier->arrived +=
        delivery->state == DELIVERY_SENT || delivery->state == DELIVERY_COMPLAINED;
    if (!*past->dossier->name) {
        g_free(past->dossier->name);
        past->dossier->name = g_strdup(delivery->name);
    }
    g_hash_table_add(past->addresses, g_utf8_strdown(delivery->address, -1));
    return TRUE;
}

static gboolean add_exclusion(void *user, const LeftOut *one)
{
    Past *past = user;
    TallyTrouble trouble = {.mailing = one->mailing,
                            .is_left_out = TRUE,
                            .reply = "",
                            .kind = one->kind,
                            .detail = one->detail,
                            .since = one->since,
                            .next_at = one->until,
                            .at = one->at};
    const gint64 *planned = g_hash_table_lookup(past->planned, one->mailing);
    const Meaning *meaning = report_meaning(&trouble);
    HistoryEvent *event =
        history_page_add(past->dossier, HAPPENED_LEFT_OUT, planned ? *planned : 0);
    event->state = FIGURE_LEFT_OUT;
    event->known_at = event->when;
    event->what = g_strdup(figure_title(FIGURE_LEFT_OUT));
    event->subject = report_page_subject(subject_template(past, one->mailing));
    event->mailing = g_strdup(one->mailing);
    event->address = g_strdup(one->address);
    event->why = report_why(&trouble, meaning);
    event->advice = report_advice(&trouble, meaning);
    if (one->kind != EXCLUSION_SUPPRESSED && one->kind != EXCLUSION_NO_ADDRESS)
        event->detail = report_said(&trouble);
    if (*one->address)
        g_hash_table_add(past->addresses, g_utf8_strdown(one->address, -1));
    return TRUE;
}

static gboolean add_notice(void *user, const InboundRow *row)
{
    Past *past = user;
    const Meaning *meaning = meaning_of_notice(row->kind);
    HistoryEvent *event = history_page_add(past->dossier, HAPPENED_BACK, row->received_at);
    event->what = g_strdup(meaning->said);
    event->subject = report_page_subject(subject_template(past, row->mailing));
    event->mailing = g_strdup(row->mailing);
    event->address = g_strdup(row->address);
    event->is_doubtful = !row->verified;
    if (inbound_kind_is_failure(row->kind))
        event->why =
            g_strdup(report_meaning_of_reply(row->status, row->reason, row->diagnostic)->said);
    else if (*row->successor)
        event->why = g_strdup_printf("it names %s as the one to write to now", row->successor);
    event->detail = g_strdup(*row->diagnostic ? row->diagnostic : row->why);
    return TRUE;
}

static gboolean add_answer(void *user, const AnswerRow *row)
{
    Past *past = user;
    static const char *const said[] = {
        "answered", "an answer that waits for a person ('circular answers --review')",
        "an answer that a person took off the list"};
    HistoryEvent *event = history_page_add(past->dossier, HAPPENED_ANSWERED, row->said_at);
    gboolean counts = row->state == ANSWER_COUNTED;
    event->what =
        counts ? g_strdup_printf("answered %s", row->question) : g_strdup(said[row->state]);
    event->subject = report_page_subject(subject_template(past, row->mailing_id));
    event->mailing = g_strdup(row->mailing_id);
    event->address = g_strdup(row->sender);
    event->why = counts ? g_strdup_printf("%s%s", row->choice, row->late ? " (late)" : "")
                        : g_strdup(row->why);
    event->detail = g_strdup(row->text);
    event->is_doubtful = !row->verified;
    return TRUE;
}

static gboolean add_suppression(void *user, const Suppression *one)
{
    Past *past = user;
    const Meaning *meaning = meaning_of_suppression(one->reason);
    HistoryEvent *event = history_page_add(past->dossier, HAPPENED_SUPPRESSED, one->since);
    event->what = *one->audience
                      ? g_strdup_printf("no more letters to the audience %s", one->audience)
                      : g_strdup("no more letters");
    event->address = g_strdup(one->address);
    event->why = g_strdup(meaning->said ? meaning->said : one->reason);
    event->detail = g_strdup(one->source);
    past->dossier->is_suppressed = past->dossier->is_suppressed || !one->removed_at;
    if (!one->removed_at)
        return TRUE;
    HistoryEvent *end = history_page_add(past->dossier, HAPPENED_RESTORED, one->removed_at);
    end->what = g_strdup("letters again");
    end->address = g_strdup(one->address);
    end->why = g_strdup(one->removed_why);
    return TRUE;
}

/* --- all of it ------------------------------------------------------------------------------- */

static gboolean add_suppressions(Past *past, Ledger *ledger, GError **error)
{
    GHashTableIter iter;
    gpointer address;
    g_hash_table_iter_init(&iter, past->addresses);
    while (g_hash_table_iter_next(&iter, &address, NULL))
        if (!suppressions_each(ledger, address, TRUE, add_suppression, past, error))
            return FALSE;
    return TRUE;
}

static gboolean gather(Past *past, Ledger *ledger, const char *asked, GError **error)
{
    past->ledger = ledger;
    if (!read_mailings(past, ledger, error) ||
        !deliveries_history(ledger, asked, add_delivery, past, error))
        return FALSE;
    if (past->error) {
        g_propagate_error(error, past->error);
        return FALSE;
    }
    if (!exclusions_history(ledger, asked, add_exclusion, past, error) ||
        !inbound_reports_history(ledger, asked, add_notice, past, error) ||
        !answers_history(ledger, asked, add_answer, past, error) ||
        !add_suppressions(past, ledger, error))
        return FALSE;
    if (past->dossier->events->len)
        return TRUE;
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_NOINPUT,
                "the ledger knows no key or address '%s'", asked);
    return FALSE;
}

HistoryPage *history_gather(Ledger *ledger, const char *key_or_address, GError **error)
{
    g_autoptr(HistoryPage) dossier = history_page_new(key_or_address, clock_now());
    g_autoptr(GHashTable) subjects = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_autoptr(GHashTable) planned = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_autoptr(GHashTable) addresses = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    Past past = {
        .dossier = dossier, .subjects = subjects, .planned = planned, .addresses = addresses};
    if (!ledger_begin(ledger, error))
        return NULL;
    gboolean ok = gather(&past, ledger, key_or_address, error);
    ledger_rollback(ledger);
    if (!ok)
        return NULL;
    history_page_sort(dossier);
    return g_steal_pointer(&dossier);
}
