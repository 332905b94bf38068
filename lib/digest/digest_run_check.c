/* digest_run_check - what is wrong with the notices of an issue, by what the ledger and the list know */
#include <string.h>

#include "text/when.h"
#include "ledger/digests.h"
#include "letter/fieldcheck.h"
#include "digest/digest_run_parts.h"
#include "digest/digest_slot.h"

/* --- the ledger ------------------------------------------------------------------------------ */

static void check_over(const DigestRun *self, const Notice *notice, gboolean known,
                       Findings *findings)
{
    const NewnessNow *now = &self->clock;
    Notice event = {.event = notice->event, .event_minutes = notice->event_minutes};
    gboolean expired = notice->expires && now->today > notice->expires; /* as its author said */
    if (known || expired || notice->date > now->today ||
        notice->date < digest_history_begin(self->round) || !notice->event ||
        !notice_is_over(&event, now->today, now->minutes))
        return;
    g_autofree char *when = notice_when(notice);
    findings_add(findings, FINDING_ERROR, notice->file, notice->event_line, "event-past",
                 "the event was on %s, and the notice never went out: fix the date, or delete it",
                 when);
}

/* "expired on Friday 15 January 2027": its last day has gone by, and no digest held it. The author
 * said so; but did anybody notice that no digest was sent in between? */
static void check_missed(const DigestRun *self, const Notice *notice, gboolean known,
                         Findings *findings)
{
    Day today = self->clock.today;
    if (known || !notice->expires || today <= notice->expires ||
        notice->date < digest_history_begin(self->round))
        return;
    g_autofree char *when = day_text(notice->expires);
    findings_add(findings, FINDING_WARNING, notice->file, notice->expires_line, "notice-missed",
                 "expired on %s; nobody had it: no digest was sent between its date and then",
                 when);
}

/* What could go now, and is over when the letters may leave. */
static void check_late(const DigestRun *self, const Notice *notice, gboolean known,
                       Findings *findings)
{
    const NewnessNow *leaves = &self->spec.now, *now = &self->clock;
    if (!self->config.leaves || known || notice->date > now->today ||
        notice->date < digest_history_begin(self->round) ||
        notice_is_over(notice, now->today, now->minutes) ||
        !notice_is_over(notice, leaves->today, leaves->minutes))
        return;
    g_autofree char *when = when_text(self->config.leaves);
    findings_add(findings, FINDING_WARNING, notice->file,
                 notice->expires ? notice->expires_line : notice->event_line, "notice-late",
                 "is over before letters may go again, on %s (send.hours): nobody would get it; "
                 "'circular digest %s --send --now' doesn't wait",
                 when, self->config.name);
}

/* Whether the digest that comes first after the notice's date comes too late for it. */
static void check_between(const DigestRun *self, const DigestSlots *slots, const Notice *notice,
                          Findings *findings)
{
    int minutes;
    gint64 run, leaves;
    g_autofree char *date = day_iso(notice->date);
    g_autoptr(GTimeZone) zone = g_time_zone_new_local();
    g_autofree char *midnight = g_strconcat(date, "T00:00:00", NULL);
    g_autoptr(GDateTime) begins = g_date_time_new_from_iso8601(midnight, zone);
    if (notice->date <= self->spec.now.today || !begins ||
        !digest_slots_next(slots, g_date_time_to_unix(begins) * G_USEC_PER_SEC, &run, &leaves))
        return;
    Day first = day_of(leaves, &minutes);
    if (!notice_is_over(notice, first, minutes))
        return;
    g_autofree char *when = day_text(first);
    findings_add(findings, FINDING_WARNING, notice->file,
                 notice->expires ? notice->expires_line : notice->event_line, "notice-between",
                 "is over before the first digest that could hold it, that of %s: nobody would get "
                 "it; give it an earlier date, or send it as a letter of its own",
                 when);
}

static void check_change(const DigestRun *self, const Notice *notice, Day date, gboolean same,
                         Findings *findings)
{
    const NewnessNow *now = &self->spec.now;
    if (same || notice_is_over(notice, now->today, now->minutes))
        return;
    g_autofree char *then = day_text(date);
    if (date == notice->date)
        findings_add(findings, FINDING_NOTE, notice->file, 0, "notice-changed",
                     "changed since it was in a digest: who had it won't get it again, unless you "
                     "write 'revision: %u'",
                     notice->revision + 1);
    else
        findings_add(findings, FINDING_WARNING, notice->file, notice->date_line, "notice-changed",
                     "a notice of this name was in a digest with the date %s: who had it won't get "
                     "it again, unless you write 'revision: %u'; a new notice wants a new file",
                     then, notice->revision + 1);
}

static gboolean check_notice(const DigestRun *self, const DigestSlots *slots, const Notice *notice,
                             Findings *findings, GError **error)
{
    DigestNotice row = {.name = notice->name, notice->revision, .hash = notice->hash};
    gboolean known = FALSE, same = FALSE;
    Day date = 0;
    if (self->ledger &&
        !digests_knows(self->ledger, self->config.name, &row, &known, &date, &same, error))
        return FALSE;
    check_over(self, notice, known, findings);
    check_missed(self, notice, known, findings);
    check_late(self, notice, known, findings);
    if (slots->timetable)
        check_between(self, slots, notice, findings);
    if (known)
        check_change(self, notice, date, same, findings);
    return TRUE;
}

/* By a schedule that can't be read nothing runs, and no missed run is made up for. */
static void check_schedule(const DigestConfig *config, const DigestSlots *slots, Findings *findings)
{
    g_autoptr(GError) wrong = NULL;
    if (!config->schedule || slots->timetable)
        return;
    g_autoptr(Timetable) none = timetable_parse(config->schedule, &wrong);
    findings_add(findings, FINDING_WARNING, config->config_file, config->schedule_line,
                 "bad-schedule", "%s", none ? config->schedule : wrong->message);
}

gboolean digest_run_check_known(const DigestRun *self, Findings *findings, GError **error)
{
    gboolean ok = TRUE;
    g_auto(DigestSlots) slots = digest_slots_of(&self->config);
    check_schedule(&self->config, &slots, findings);
    for (guint i = 0; ok && i < self->notices->len; i++)
        ok = check_notice(self, &slots, g_ptr_array_index(self->notices, i), findings, error);
    return ok;
}

/* --- for whom --------------------------------------------------------------------------------- */

/* The text that no row has is told already, with what was meant, or what else is wrong with it: that
 * is the reason. */
static gboolean is_told(const Notice *notice, const Findings *findings)
{
    for (guint i = 0; i < findings_kept(findings); i++) {
        const Finding *one = findings_get(findings, i);
        if (g_strcmp0(one->file, notice->file) == 0 && one->line == notice->chosen.line &&
            (g_str_equal(one->id, "no-such-value") || one->severity == FINDING_ERROR))
            return TRUE;
    }
    return FALSE;
}

void digest_run_check_nobody(const DigestRun *self, Findings *findings)
{
    for (guint i = 0; i < self->tallies->len; i++) {
        const DigestRunNotice *tally = &g_array_index(self->tallies, DigestRunNotice, i);
        const Notice *notice = tally->notice;
        guint64 all = 0, others = tally->count[NEWNESS_OTHERS];
        for (guint kind = 0; kind < NEWNESS_KINDS; kind++)
            all += tally->count[kind];
        if (notice->chosen.text && all && others == all && !is_told(notice, findings))
            findings_add(
                findings, FINDING_WARNING, notice->file, notice->chosen.line, "notice-nobody",
                "'for' chooses none of %" G_GUINT64_FORMAT " recipients: nobody gets it", all);
    }
}

/* --- the fields ------------------------------------------------------------------------------ */

/* A field that some recipients must have: all who get the notice on whose line it stands, or
 * everybody where that is none. */
typedef struct {
    const TemplateUse *use;
    const char *file;
    guint line;
    int notice;       /* index, or -1 */
    gboolean of_rows; /* each row of the address has to have it */
    guint64 without;  /* recipients; or their rows */
    char *first;      /* "900001 (lists/schools.csv:2)" */
} Want;

static void want_clear(gpointer data)
{
    g_free(((Want *)data)->first);
}

static int find_notice(const DigestRun *self, const char *file)
{
    for (guint i = 0; i < self->notices->len; i++)
        if (g_str_equal(((const Notice *)g_ptr_array_index(self->notices, i))->file, file))
            return (int)i;
    return -1;
}

typedef struct {
    const DigestRun *issue;
    GArray *wants;
} Wants;

static void add_want(void *user, const TemplateUse *use, gboolean of_rows)
{
    Wants *in = user;
    const DigestRun *issue = in->issue;
    Want want = {.use = use, .file = use->file, .line = use->line, .of_rows = of_rows};
    if (g_strcmp0(use->file, issue->shown) == 0)
        want.file = digest_origin(issue->digest, use->line, &want.line);
    want.notice = want.file ? find_notice(issue, want.file) : -1;
    g_array_append_val(in->wants, want);
}

/* The uses that recipients must have values for; what no recipient can have is said at once. FALSE
 * with error. */
static gboolean list_wants(const DigestRun *self, GArray *wants, Findings *findings, GError **error)
{
    g_autoptr(Findings) found = findings_new();
    Wants in = {self, wants};
    FieldsHook hook = {digest_fields(self->digest), add_want, &in};
    gboolean ok = fields_check_hooked(self->letter, self->audience, self->config.audience, &hook,
                                      found, error);
    digest_place_findings(self->digest, self->shown, found, findings);
    return ok;
}

static gboolean has_text(const Value *fields, const char *name)
{
    const char *text = value_text(value_get(fields, name));
    return text[strspn(text, " \t\r\n")] != '\0';
}

/* How many of the rows in the letter lack it. */
static guint rows_without(const Recipient *recipient, const char *name)
{
    guint without = 0;
    const Value *rows = value_get(recipient->fields, AUDIENCE_ROWS);
    for (guint i = 0; rows && i < value_length(rows); i++)
        without += !has_text(value_at(rows, i), name);
    return without;
}

static void try_recipient(DigestRun *self, GArray *wants, const Recipient *recipient)
{
    for (guint i = 0; i < wants->len; i++) {
        Want *want = &g_array_index(wants, Want, i);
        if (want->notice >= 0 && !self->chosen[want->notice])
            continue;
        const char *name = want->use->name;
        guint without =
            want->of_rows ? rows_without(recipient, name) : !has_text(recipient->fields, name);
        want->without += without;
        if (!without || want->first)
            continue;
        const Location at = recipient_location(recipient, want->of_rows ? NULL : name);
        g_autofree char *place = location_text(&at);
        want->first = g_strdup_printf(want->of_rows ? "in the letter of %s (%s)" : "%s (%s)",
                                      recipient->key, place);
    }
}

static void say_missing(const GArray *wants, Findings *findings)
{
    g_autoptr(GHashTable) said = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < wants->len; i++) {
        const Want *want = &g_array_index(wants, Want, i);
        const char *name = want->use->name;
        if (!want->without || !g_hash_table_add(said, g_strdup_printf("%s\n%s", want->file, name)))
            continue;
        findings_add(findings, FINDING_ERROR, want->file, want->line, "missing-value",
                     "%" G_GUINT64_FORMAT " of %s who get it lack '%s', the first is %s: fill "
                     "it in, or write {{#%s}}…{{/%s}} and {{^%s}}…{{/%s}} around what needs it",
                     want->without, want->of_rows ? "the rows of those" : "those", name,
                     want->first, name, name, name, name);
    }
}

gboolean digest_run_check_fields(DigestRun *self, Findings *findings, GError **error)
{
    GError *inner = NULL;
    const Recipient *recipient;
    g_autoptr(GArray) wants = g_array_new(FALSE, TRUE, sizeof(Want));
    g_array_set_clear_func(wants, want_clear);
    if (!list_wants(self, wants, findings, error))
        return FALSE;
    audience_rewind(self->audience);
    while (wants->len && (recipient = audience_next(self->audience, &inner))) {
        g_auto(Why) why = {0};
        if (!digest_run_suppressed(self, recipient, &why, &inner))
            break;
        if (!why.kind && digest_run_decide(self, recipient, NULL))
            try_recipient(self, wants, recipient);
    }
    say_missing(wants, findings);
    if (inner)
        g_propagate_error(error, inner);
    return !inner;
}
