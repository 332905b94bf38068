/* report_people - who does not have it, why, and whom to call (a part of report/report) */
#include <string.h>

#include "base/clock.h"
#include "text/when.h"
#include "reason/reason.h"
#include "reason/sentence.h"
#include "report/report_parts.h"

/* --- why ------------------------------------------------------------------------------------- */

static SmtpCommand command_of(DeliveryStage stage)
{
    switch (stage) {
    case STAGE_CONNECT:
        return SMTP_CONNECT;
    case STAGE_MAIL:
        return SMTP_MAIL;
    case STAGE_RCPT:
        return SMTP_RCPT;
    case STAGE_DATA:
    case STAGE_MESSAGE:
        return SMTP_DATA;
    case STAGE_NONE:
    case STAGE_GREETING:
    case STAGE_EHLO:
    case STAGE_STARTTLS:
    case STAGE_SIGN_IN:
    case STAGE_RSET:
    case STAGE_QUIT:
    case STAGES:
        return SMTP_UNKNOWN;
    }
    g_assert_not_reached();
}

/* The words are those of the server: where it says that it knows no such user they are told so, though
 * the letter may have been refused at a place that makes the classifier doubt it. */
static Reason told(const ReasonEvidence *evidence)
{
    Reason reason = reason_find(evidence);
    ReasonEvidence believed = *evidence;
    believed.own_words = TRUE;
    if (reason == REASON_FILTERED && !g_str_has_prefix(evidence->status, "5.7.") &&
        (reason_told(&believed) == REASON_USERUNKNOWN ||
         sentence_reason(evidence->text) == REASON_USERUNKNOWN))
        return REASON_USERUNKNOWN;
    return reason;
}

static Reason reason_of(const TallyTrouble *trouble)
{
    g_autofree char *folded = scan_fold(trouble->reply, strlen(trouble->reply));
    ReasonEvidence evidence = {.text = folded,
                               .remote = "",
                               .status = trouble->enhanced,
                               .code = (guint)MAX(trouble->code, 0),
                               .command = command_of(trouble->stage)};
    return told(&evidence);
}

gboolean report_is_refusal(int code, const char *enhanced, const char *reply)
{
    const TallyTrouble trouble = {.code = code, .enhanced = enhanced, .reply = reply};
    RefusalAbout about = reason_about(reason_of(&trouble), enhanced);
    return about == REFUSAL_SENDER || about == REFUSAL_MESSAGE;
}

const Meaning *report_meaning_of_reply(const char *enhanced, const char *reason, const char *reply)
{
    g_autofree char *folded = scan_fold(reply, strlen(reply));
    return reason_is_greylisting(folded) ? meaning_of_failure("", "greylisted")
                                         : meaning_of_failure(enhanced, reason);
}

/* Whether a letter was tried: the own one, or that of the row with the same address. */
static gboolean has_letter(const TallyTrouble *trouble)
{
    return !trouble->is_left_out || trouble->is_twin;
}

const Meaning *report_meaning(const TallyTrouble *trouble)
{
    if (!has_letter(trouble))
        return meaning_of_exclusion(trouble->kind, trouble->detail);
    const Meaning *own = meaning_of_state(delivery_state_name(trouble->state));
    return own ? own
               : report_meaning_of_reply(trouble->enhanced, reason_name(reason_of(trouble)),
                                         trouble->reply);
}

char *report_said(const TallyTrouble *trouble)
{
    if (!has_letter(trouble))
        return exclusion_said(trouble->kind, trouble->detail, trouble->since);
    return delivery_said(trouble->stage, trouble->given_up, trouble->reply);
}

/* "(suppressed since 5 Jan 2026: moved away; lists/schools.csv:12)": the detail where the meaning
 * doesn't say as much already. */
static void add_exclusion(GString *why, const TallyTrouble *trouble, const Meaning *meaning)
{
    gboolean is_suppressed = trouble->kind == EXCLUSION_SUPPRESSED;
    gboolean is_typed = is_suppressed && g_str_equal(meaning->word, "by-hand");
    g_autofree char *more = NULL;
    if (is_suppressed || trouble->kind == EXCLUSION_OTHER)
        more = exclusion_said(trouble->kind, is_typed || !is_suppressed ? trouble->detail : NULL,
                              trouble->since);
    g_autofree char *place = location_text(&trouble->at);
    if (more || *place)
        g_string_append_printf(why, " (%s%s%s)", more ? more : "", more && *place ? "; " : "",
                               place);
}

char *report_why(const TallyTrouble *trouble, const Meaning *meaning)
{
    GString *why = g_string_new(meaning->said);
    if (trouble->is_twin)
        g_string_append_printf(why, "; one letter for %s, which has the same address",
                               trouble->detail);
    if (!has_letter(trouble)) {
        add_exclusion(why, trouble, meaning);
        return g_string_free(why, FALSE);
    }
    if (trouble->attempts > 1 && trouble->state != DELIVERY_BOUNCED)
        g_string_append_printf(why, "; %stried %u times", trouble->given_up ? "given up, " : "",
                               trouble->attempts);
    g_autofree char *settled = settlement_said(&trouble->settlement);
    if (*settled && trouble->state == DELIVERY_UNKNOWN)
        g_string_append_printf(why, "; %s", settled);
    if (trouble->state == DELIVERY_DEFERRED && trouble->next_at) {
        g_autofree char *when = when_short(trouble->next_at);
        g_string_append_printf(why, "; to be tried again from %s", when);
    }
    return g_string_free(why, FALSE);
}

/* When a suppression ends: "from 3 Sep 2026". */
static char *retrial_said(gint64 until)
{
    if (!until)
        return g_strdup("later");
    if (until <= clock_now())
        return g_strdup("with the next one");
    g_autofree char *day = when_day(until);
    return g_strdup_printf("from %s", day);
}

/* An advice with a word of it replaced. */
static char *advice_with(const char *advice, const char *word, const char *value)
{
    const char *at = strstr(advice, word);
    return at ? g_strdup_printf("%.*s%s%s", (int)(at - advice), advice, value, at + strlen(word))
              : g_strdup(advice);
}

char *report_advice(const TallyTrouble *trouble, const Meaning *meaning)
{
    gboolean is_later = has_letter(trouble) && trouble->state == DELIVERY_DEFERRED;
    g_autofree char *id = g_strdup_printf(" %s", trouble->mailing);
    g_autofree char *when = retrial_said(has_letter(trouble) ? 0 : trouble->next_at);
    g_autofree char *named = advice_with(is_later ? FIGURES_RETRY : meaning->advice, " ID", id);
    return advice_with(named, "WHEN", when);
}

/* --- rows ------------------------------------------------------------------------------------ */

static FigurePerson *person_of(const TallyTrouble *trouble, const Meaning *meaning)
{
    FigurePerson *person = g_new0(FigurePerson, 1);
    person->mailing = g_strdup(trouble->mailing);
    person->key = g_strdup(trouble->key);
    person->name = g_strdup(trouble->name);
    person->label = g_strdup(trouble->label ? trouble->label : "");
    person->phone = g_strdup(trouble->phone ? trouble->phone : "");
    person->address = g_strdup(trouble->address);
    person->state = trouble->is_left_out ? FIGURE_LEFT_OUT : (FigureState)trouble->state;
    person->meaning = meaning;
    person->why = report_why(trouble, meaning);
    person->advice = report_advice(trouble, meaning);
    person->reply = report_said(trouble);
    person->enhanced = g_strdup(trouble->enhanced);
    person->code = trouble->code;
    person->attempts = trouble->attempts;
    person->first_at = trouble->first_at;
    person->since = trouble->changed_at;
    person->next_at = trouble->next_at;
    person->settlement = settlement_copy(&trouble->settlement);
    return person;
}

static void add_reason(Figures *figures, const TallyTrouble *trouble, const Meaning *meaning)
{
    FigureState state = trouble->is_left_out ? FIGURE_LEFT_OUT : (FigureState)trouble->state;
    for (guint i = 0; i < figures->reasons->len; i++) {
        FigureReason *row = g_ptr_array_index(figures->reasons, i);
        if (row->meaning == meaning && row->state == state) {
            row->count++;
            return;
        }
    }
    FigureReason *row = g_new0(FigureReason, 1);
    row->meaning = meaning;
    row->state = state;
    row->count = 1;
    row->advice = report_advice(trouble, meaning);
    row->example = report_said(trouble);
    g_ptr_array_add(figures->reasons, row);
}

/* Reading on, and the key that was last listed or passed over as reached. */
typedef struct {
    ReportWork *self;
    char *key;
} People;

/* A key's rows stand together. Of one mailing they are its addresses; of many the first is of the
 * latest mailing, and that one counts. */
static gboolean is_seen(People *people, const char *key)
{
    if (*key && g_strcmp0(people->key, key) == 0)
        return TRUE;
    g_free(people->key);
    people->key = g_strdup(key);
    return FALSE;
}

static void list(People *people, const TallyTrouble *trouble, const Meaning *meaning)
{
    Figures *figures = people->self->figures;
    gboolean is_later = has_letter(trouble) && trouble->state == DELIVERY_DEFERRED;
    g_autofree char *refused = meaning->next == NEXT_IT && has_letter(trouble)
                                   ? gateways_said(people->self->gateways, trouble->address)
                                   : NULL;
    gboolean is_call =
        (meaning->next == NEXT_CALL || refused) && !is_later && !figures->is_withdrawn;
    if (is_call)
        figures->calls_count++;
    else
        figures->others_count++;
    GPtrArray *rows = is_call ? figures->calls : figures->others;
    if (rows->len >= FIGURES_PEOPLE_MAX)
        return;
    FigurePerson *person = person_of(trouble, meaning);
    if (refused) {
        char *why = g_strdup_printf("%s; %s", person->why, refused);
        g_free(person->why);
        g_free(person->advice);
        person->why = why;
        person->advice = gateways_advice(trouble->address);
    }
    g_ptr_array_add(rows, person);
}

static gboolean add_trouble(void *user, const TallyTrouble *trouble)
{
    People *people = user;
    Figures *figures = people->self->figures;
    const Meaning *meaning = report_meaning(trouble);
    gboolean is_many = !people->self->wanted->mailing;
    figures->counts.of[FIGURE_LEFT_OUT] += trouble->is_left_out;
    add_reason(figures, trouble, meaning);
    if (meaning->next == NEXT_NOTHING) {
        if (is_many)
            is_seen(people, trouble->key); /* what was before is past */
        return TRUE;
    }
    gboolean has_arrived = has_letter(trouble) && trouble->state == DELIVERY_COMPLAINED;
    if (trouble->is_reached && !has_arrived) {
        figures->reached_count += !trouble->is_left_out && trouble->state != DELIVERY_DEFERRED &&
                                  !is_seen(people, trouble->key);
        return TRUE;
    }
    if (!is_seen(people, trouble->key))
        list(people, trouble, meaning);
    return TRUE;
}

static gboolean add_person(void *user, const TallyTrouble *trouble)
{
    static const Meaning arrived = {"sent", "sent in the end", NEXT_NOTHING, ""};
    GPtrArray *rows = user;
    const Meaning *meaning = trouble->state == DELIVERY_SENT ? &arrived : report_meaning(trouble);
    g_ptr_array_add(rows, person_of(trouble, meaning));
    return TRUE;
}

static gint by_count(gconstpointer a, gconstpointer b)
{
    const FigureReason *one = *(const FigureReason *const *)a;
    const FigureReason *other = *(const FigureReason *const *)b;
    if (one->count != other->count)
        return one->count > other->count ? -1 : 1;
    if (one->state != other->state)
        return one->state < other->state ? -1 : 1;
    return strcmp(one->meaning->said ? one->meaning->said : "",
                  other->meaning->said ? other->meaning->said : "");
}

/* A gateway may stand before many heads: it is told once by its domain, with the call to make. */
static void note_domains(const Figures *figures, const Gateways *gateways)
{
    for (guint i = 0; i < figures->domains->len; i++) {
        FigureGroup *row = g_ptr_array_index(figures->domains, i);
        g_autofree char *address = g_strconcat("@", row->name, NULL);
        g_autofree char *said = gateways_said(gateways, address);
        g_autofree char *advice = said ? gateways_advice(address) : NULL;
        row->note = said ? g_strdup_printf("%s: %s", advice, said) : NULL;
    }
}

gboolean report_people(ReportWork *self, GError **error)
{
    Figures *figures = self->figures;
    People people = {.self = self};
    g_autoptr(Gateways) gateways = self->gateways = gateways_read(self->ledger, error);
    if (!gateways)
        return FALSE;
    note_domains(figures, gateways);
    gboolean ok = tallies_troubles(self->ledger, &self->scope, add_trouble, &people, error);
    g_free(people.key);
    g_ptr_array_sort(figures->reasons, by_count);
    return ok &&
           tallies_slowest(self->ledger, &self->scope, FIGURES_TOP_MAX, add_person,
                           figures->slowest, error) &&
           tallies_most_tried(self->ledger, &self->scope, FIGURES_TOP_MAX, add_person,
                              figures->most_tried, error);
}
