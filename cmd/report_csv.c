/* report_csv - the report as comma-separated values (see base/rowline.h for what is safe in them)
 */
#include "base/clock.h"
#include "base/rowline.h"
#include "ledger/deliveries.h"
#include "report_out.h"
#include "report/bycolumn.h"
#include "ui.h"

typedef struct {
    const Mailing *mailing;
    ByColumn *column; /* or NULL */
    GString *line;
    GError *error;
} Writing;

static void write_line(GString *line, const char *const *cells)
{
    g_string_truncate(line, 0);
    rowline_write(line, cells);
    g_string_truncate(line, line->len - 1); /* ui_print ends it */
    ui_verbatim(line->str);
}

/* Nothing stands for a letter that is sent, or not tried yet. */
static const Meaning *meaning_of(const TallyTrouble *trouble)
{
    if (!trouble->is_left_out &&
        (trouble->state == DELIVERY_SENT || trouble->state == DELIVERY_PLANNED ||
         trouble->state == DELIVERY_SENDING || trouble->state == DELIVERY_WRITTEN))
        return NULL;
    return report_meaning(trouble);
}

static void write_trouble(Writing *w, const TallyTrouble *trouble, const char *place,
                          const char *value)
{
    const Meaning *meaning = meaning_of(trouble);
    gboolean is_later = trouble->state == DELIVERY_DEFERRED;
    g_autofree char *why = meaning ? report_why(trouble, meaning) : g_strdup("");
    g_autofree char *advice = meaning ? report_advice(trouble, meaning) : g_strdup("");
    g_autofree char *first = trouble->first_at ? clock_iso(trouble->first_at) : g_strdup("");
    g_autofree char *changed = trouble->changed_at && !trouble->is_left_out
                                   ? clock_iso(trouble->changed_at)
                                   : g_strdup("");
    char code[16], attempts[16];
    g_snprintf(code, sizeof code, "%d", trouble->code);
    g_snprintf(attempts, sizeof attempts, "%u", trouble->attempts);
    const char *state = trouble->is_left_out ? "left out" : delivery_state_name(trouble->state);
    const char *cells[] = {trouble->key,
                           trouble->label ? trouble->label : "",
                           trouble->name,
                           trouble->phone ? trouble->phone : "",
                           trouble->address,
                           state,
                           meaning ? meaning->word : "",
                           why,
                           meaning ? next_name(is_later ? NEXT_WAIT : meaning->next) : "",
                           advice,
                           trouble->code ? code : "",
                           trouble->enhanced,
                           trouble->reply,
                           attempts,
                           first,
                           changed,
                           place,
                           value, /* NULL ends the line where there is no such column */
                           NULL};
    write_line(w->line, cells);
}

static gboolean write_delivery(void *user, const Delivery *delivery)
{
    Writing *w = user;
    if (delivery->state == DELIVERY_LEFT_OUT)
        return TRUE; /* it comes among the exclusions, with the reason */
    TallyTrouble trouble = {.mailing = delivery->mailing,
                            .key = delivery->key,
                            .address = delivery->address,
                            .name = delivery->name,
                            .label = delivery->label,
                            .phone = delivery->phone,
                            .reply = delivery->reply,
                            .stage = delivery->stage,
                            .given_up = delivery->given_up,
                            .state = delivery->state,
                            .attempts = delivery->attempts,
                            .code = delivery->code,
                            .enhanced = delivery->enhanced,
                            .changed_at = delivery->attempts ? delivery->changed_at : 0,
                            .first_at = delivery->first_at,
                            .next_at = delivery->next_at};
    const char *value = NULL;
    if (w->column) {
        value = bycolumn_value(w->column, delivery->key, delivery->fields, delivery->fields_length,
                               &w->error);
        value = value ? value : "";
    }
    if (!w->error)
        write_trouble(w, &trouble, "", value);
    return !w->error;
}

static gboolean write_exclusion(void *user, const LeftOut *one)
{
    Writing *w = user;
    TallyTrouble trouble = {.mailing = one->mailing,
                            .key = one->key,
                            .address = one->address,
                            .name = one->name,
                            .label = one->label,
                            .phone = one->phone,
                            .is_left_out = TRUE,
                            .reply = "",
                            .kind = one->kind,
                            .detail = one->detail,
                            .since = one->since,
                            .file = "", /* it has a cell of its own */
                            .enhanced = ""};
    g_autofree char *place = g_strdup_printf("%s:%u", one->file, one->line);
    const char *value = w->column && !bycolumn_is_frozen(w->column)
                            ? bycolumn_value(w->column, one->key, NULL, 0, NULL)
                            : NULL;
    write_trouble(w, &trouble, place, w->column ? (value ? value : "") : NULL);
    return TRUE;
}

gboolean report_csv(const Workspace *workspace, Ledger *ledger, const Mailing *mailing,
                    const char *by, GError **error)
{
    g_autoptr(GString) line = g_string_new(NULL);
    g_autoptr(ByColumn) column = by ? bycolumn_open(workspace, ledger, mailing, by, error) : NULL;
    if (by && !column)
        return FALSE;
    Writing w = {.mailing = mailing, .column = column, .line = line};
    write_line(line,
               (const char *[]){ROWLINE_BOM "key", "label", "name", "phone", "address", "state",
                                "reason", "why", "next", "advice", "code", "status", "reply",
                                "attempts", "first_at", "changed_at", "place", by, NULL});
    if (!ledger_begin(ledger, error))
        return FALSE;
    gboolean ok =
        deliveries_each(ledger, mailing->id, DELIVERY_STATES, write_delivery, &w, error) &&
        !w.error && exclusions_each(ledger, mailing->id, write_exclusion, &w, error);
    ledger_rollback(ledger);
    if (w.error)
        g_propagate_error(error, w.error);
    return ok;
}

void report_csv_mailings(const Figures *figures)
{
    g_autoptr(GString) line = g_string_new(NULL);
    write_line(line,
               (const char *[]){ROWLINE_BOM "id", "subject", "audience", "planned_at", "letters",
                                "planned", "sending", "sent", "deferred", "refused", "unknown",
                                "bounced", "complained", "written", "left_out", NULL});
    for (guint i = 0; i < figures->mailings->len; i++) {
        const FigureMailing *row = g_ptr_array_index(figures->mailings, i);
        g_autofree char *planned = clock_iso(row->planned_at);
        char numbers[FIGURE_STATES + 1][24];
        const char *cells[6 + FIGURE_STATES] = {row->id, row->subject, row->audience, planned};
        g_snprintf(numbers[0], sizeof numbers[0], "%" G_GUINT64_FORMAT,
                   counts_letters(&row->counts));
        for (int k = 0; k < FIGURE_STATES; k++)
            g_snprintf(numbers[k + 1], sizeof numbers[0], "%" G_GUINT64_FORMAT, row->counts.of[k]);
        for (int k = 0; k <= FIGURE_STATES; k++)
            cells[4 + k] = numbers[k];
        write_line(line, cells);
    }
}
