/* plan - an update and an audience frozen under an id, before anything is sent */
#include "run/plan.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "ledger/deliveries.h"
#include "ledger/suppressions.h"
#include "run/fieldcheck.h"
#include "run/mailingid.h"
#include "run/readers.h"
#include "run/repeat.h"
#include "run/seeds.h"
#include "run/signing.h"

void plan_free(Plan *self)
{
    if (!self)
        return;
    mailing_free(self->mailing);
    g_free(self);
}

static Letter *compile(const Workspace *workspace, Bundle *bundle, const char *audience_name,
                       gboolean draft, Findings *findings, GError **error)
{
    g_autoptr(Value) settings = workspace_letter_settings(workspace, audience_name);
    Letter *letter = letter_compile(bundle, settings, draft, findings);
    if (!letter)
        findings_pass(findings, error);
    return letter;
}

Letter *plan_prepare(const Workspace *workspace, Bundle *bundle, const char *audience_name,
                     gboolean draft, Audience **audience, Findings *findings, GError **error)
{
    g_autoptr(Letter) letter = compile(workspace, bundle, audience_name, draft, findings, error);
    if (!letter || !audience_name)
        return g_steal_pointer(&letter);
    g_autoptr(Audience) opened = workspace_audience(workspace, audience_name, findings, error);
    if (!opened || !fields_check(letter, opened, audience_name, findings, error))
        return NULL;
    if (audience)
        *audience = g_steal_pointer(&opened);
    return g_steal_pointer(&letter);
}

/* --- freezing -------------------------------------------------------------------------------- */

typedef struct {
    const PlanOptions *options;
    Bundle *bundle;
    Letter *letter;
    Readers *readers;
    Seeds *seeds;
    Value *first; /* the fields of the first letter, for copies; NULL before */
    guint64 copies;
    Ledger *ledger;
    Mailing *mailing;
    GChecksum *recipients; /* over all that is frozen of them */
} Freezing;

static gboolean freeze_contents(Freezing *f, GError **error)
{
    g_autofree const char **names = bundle_names(f->bundle);
    for (const char **name = names; *name; name++) {
        gsize length;
        g_autoptr(GBytes) bytes = bundle_get(f->bundle, *name, TRUE, error);
        if (!bytes)
            return FALSE;
        const char *data = g_bytes_get_data(bytes, &length);
        if (!contents_add(f->ledger, f->mailing->id, *name, data ? data : "", length, error))
            return FALSE;
    }
    return TRUE;
}

/* The attachments that only this recipient gets. */
static gboolean freeze_own_files(Freezing *f, const Recipient *recipient, GError **error)
{
    GError *inner = NULL;
    g_auto(GStrv) names = letter_own_files(f->letter, recipient->fields, &inner);
    for (char **name = names; name && *name; name++) {
        gsize length;
        g_autoptr(GBytes) bytes = bundle_get(f->bundle, *name, FALSE, &inner);
        if (!bytes)
            break;
        const char *data = g_bytes_get_data(bytes, &length);
        g_autofree char *hash = bytes_sha256(data ? data : "", length);
        g_checksum_update(f->recipients, (const guchar *)hash, -1);
        if (!contents_add(f->ledger, f->mailing->id, *name, data ? data : "", length, &inner))
            break;
    }
    if (!inner)
        return TRUE;
    g_propagate_prefixed_error(error, inner, "%s (%s:%u): ", recipient->key, recipient->file,
                               recipient->line);
    return FALSE;
}

static void update_sum(GChecksum *sum, const char *text)
{
    g_checksum_update(sum, (const guchar *)text, (gssize)strlen(text) + 1);
}

static gboolean add_exclusion(Freezing *f, const char *key, const char *address, const char *reason,
                              const char *file, guint line, GError **error)
{
    f->mailing->excluded++;
    update_sum(f->recipients, key);
    update_sum(f->recipients, reason);
    return exclusions_add(f->ledger, f->mailing->id, key, address, reason, file, line, error);
}

/* Whoever asked for no more letters, or can't be reached, is left out with the reason. */
static gboolean is_suppressed(Freezing *f, const Reader *reader, char **reason, GError **error)
{
    GError *inner = NULL;
    Suppression *found =
        suppressions_find(f->ledger, reader->recipient->address, reader->audience, &inner);
    if (inner)
        g_propagate_error(error, inner);
    if (!found)
        return FALSE;
    g_autofree char *since = clock_iso(found->since);
    since[10] = '\0';
    *reason = g_strdup_printf("suppressed since %s: %s", since, found->reason);
    suppression_free(found);
    return TRUE;
}

/* The fields that a letter uses, and the mark of a copy. */
static const char **copy_names(const Letter *letter)
{
    const char *const *fields = letter_fields(letter);
    guint count = g_strv_length((char **)fields);
    const char **names = g_new0(const char *, count + 2);
    for (guint i = 0; i < count; i++)
        names[i] = fields[i];
    names[count] = LETTER_COPY_OF;
    return names;
}

static gboolean add_delivery(Freezing *f, const Recipient *recipient, GError **error)
{
    g_autofree const char **names = copy_names(f->letter);
    g_autofree char *fields = value_freeze(recipient->fields, names);
    Delivery delivery = {.mailing = f->mailing->id,
                         .number = ++f->mailing->planned,
                         .key = (char *)recipient->key,
                         .address = (char *)recipient->address,
                         .name = (char *)recipient->name,
                         .fields = fields,
                         .fields_length = strlen(fields)};
    update_sum(f->recipients, delivery.key);
    update_sum(f->recipients, delivery.address);
    update_sum(f->recipients, delivery.name);
    update_sum(f->recipients, delivery.fields);
    return deliveries_add(f->ledger, &delivery, error);
}

static gboolean freeze_recipient(Freezing *f, const Reader *reader, GError **error)
{
    GError *inner = NULL;
    const Recipient *recipient = reader->recipient;
    g_autofree char *reason = g_strdup(reader->twin);
    if (reason || is_suppressed(f, reader, &reason, &inner))
        return add_exclusion(f, recipient->key, recipient->address, reason, recipient->file,
                             recipient->line, error);
    if (inner) {
        g_propagate_error(error, inner);
        return FALSE;
    }
    if (!f->first) {
        f->first = value_copy(recipient->fields);
        value_set_text(f->first, LETTER_COPY_OF, recipient->key);
    }
    seeds_met(f->seeds, recipient->address);
    return add_delivery(f, recipient, error) && freeze_own_files(f, recipient, error);
}

/* Copies for the office: the first letter, with its subject marked. */
static gboolean freeze_seeds(Freezing *f, GError **error)
{
    g_autofree const char **seeds = seeds_left(f->seeds);
    g_auto(GStrv) audiences = readers_split(f->mailing->audience);
    for (const char **seed = seeds; f->first && *seed; seed++) {
        GError *inner = NULL;
        g_autofree char *key = g_strconcat("seed:", *seed, NULL), *reason = NULL;
        Recipient copy = {.key = key, .address = *seed, .name = "", .fields = f->first};
        Reader reader = {.recipient = &copy, .audience = audiences[0]};
        if (is_suppressed(f, &reader, &reason, &inner)) {
            if (!add_exclusion(f, key, *seed, reason, "config", 0, error))
                return FALSE;
            continue;
        }
        if (inner) {
            g_propagate_error(error, inner);
            return FALSE;
        }
        if (!add_delivery(f, &copy, error))
            return FALSE;
        f->copies++;
    }
    return TRUE;
}

static gboolean freeze_recipients(Freezing *f, GError **error)
{
    GError *inner = NULL;
    const Reader *reader;
    const Exclusion *exclusion;
    guint64 done = 0, total = readers_most(f->readers);
    if (!readers_rewind(f->readers, error))
        return FALSE;
    while (!inner && (reader = readers_next(f->readers, &inner))) {
        if (!freeze_recipient(f, reader, &inner))
            break;
        if (f->options->progress)
            f->options->progress(f->options->user, ++done, total);
    }
    if (!inner)
        freeze_seeds(f, &inner);
    while (!inner && (exclusion = readers_next_excluded(f->readers, &inner)))
        add_exclusion(f, exclusion->key, exclusion->address, exclusion->reason, exclusion->file,
                      exclusion->line, &inner);
    if (inner) {
        g_propagate_error(error, inner);
        return FALSE;
    }
    g_free(f->mailing->recipients_hash);
    f->mailing->recipients_hash = g_strdup(g_checksum_get_string(f->recipients));
    return mailings_finish(f->ledger, f->mailing, error);
}

static gboolean freeze(Freezing *f, GError **error)
{
    f->recipients = g_checksum_new(G_CHECKSUM_SHA256);
    gboolean ok = mailings_add(f->ledger, f->mailing, error) && freeze_contents(f, error) &&
                  freeze_recipients(f, error);
    g_checksum_free(f->recipients);
    value_free(f->first);
    return ok;
}

/* --- deciding -------------------------------------------------------------------------------- */

/* What an earlier plan of the same content for the same audience means for this one. Sets `copy` to
 * the number that this plan gets, and `old` to the plan that it replaces, if any. */
static gboolean heed_earlier(Ledger *ledger, const PlanOptions *options, const char *content,
                             guint *copy, Mailing **old, GError **error)
{
    GError *inner = NULL;
    gboolean sent = FALSE;
    *copy = 1;
    *old = NULL;
    g_autoptr(Mailing) earlier = mailings_find_same(ledger, options->audience, content, &inner);
    if (inner || (earlier && !repeat_is_begun(ledger, earlier, &sent, &inner))) {
        g_propagate_error(error, inner);
        return FALSE;
    }
    if (!earlier)
        return TRUE;
    const char *dash = strrchr(earlier->id, '-');
    guint number = dash && strlen(dash) < 6 ? (guint)g_ascii_strtoull(dash + 1, NULL, 10) : 1;
    if (!sent) {
        *copy = number;
        *old = g_steal_pointer(&earlier);
        return TRUE;
    }
    *copy = number + 1;
    if (options->again)
        return TRUE;
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                "this very letter was already sent to audience '%s' as %s: 'circular status %s' "
                "shows how far, 'circular send %s' goes on with it, and --again sends everyone "
                "a second copy",
                options->audience, earlier->id, earlier->id, earlier->id);
    return FALSE;
}

static Mailing *describe(const Workspace *workspace, const PlanOptions *options,
                         const Letter *letter, const char *settings, const char *content,
                         guint copy)
{
    Mailing *mailing = g_new0(Mailing, 1);
    const Address *from = letter_from(letter);
    mailing->id = mailing_id(options->update, options->audience, content, copy);
    mailing->update = g_strdup(options->update);
    mailing->audience = g_strdup(options->audience);
    mailing->subject = g_strdup(letter_subject_template(letter));
    mailing->sender =
        *from->name ? g_strdup_printf("%s <%s>", from->name, from->spec) : g_strdup(from->spec);
    mailing->envelope_sender = g_strdup(workspace_envelope_sender(workspace, letter));
    mailing->content_hash = g_strdup(content);
    mailing->recipients_hash = g_strdup("");
    mailing->version = g_strdup(CIRCULAR_VERSION);
    mailing->settings = g_strdup(settings);
    mailing->planned_at = clock_now();
    return mailing;
}

/* Freezes in one transaction, in the place of `old` where there is one. */
static gboolean record(Freezing *f, const Mailing *old, Plan *plan, GError **error)
{
    if (!ledger_begin(f->ledger, error))
        return FALSE;
    if ((old && !mailings_remove(f->ledger, old->id, error)) || !freeze(f, error)) {
        ledger_rollback(f->ledger);
        return FALSE;
    }
    if (old && g_str_equal(old->recipients_hash, f->mailing->recipients_hash)) {
        ledger_rollback(f->ledger); /* the same to the byte: the plan that stands is the plan */
        plan->news = PLAN_UNCHANGED;
        f->mailing->planned_at = old->planned_at;
        return TRUE;
    }
    plan->news = old ? PLAN_REPLACED : PLAN_NEW;
    return ledger_commit(f->ledger, error);
}

static gboolean plan_into(const Workspace *workspace, const PlanOptions *options, Bundle *bundle,
                          Letter *letter, Readers *readers, Plan *plan, GError **error)
{
    guint copy;
    g_autoptr(Mailing) old = NULL;
    g_autoptr(Value) settings = workspace_letter_settings(workspace, options->audience);
    g_autofree char *frozen = value_freeze(settings, NULL);
    g_autofree char *content = repeat_content_hash(bundle, frozen);
    g_autoptr(Seeds) seeds = seeds_new(workspace, options->audience, error);
    g_autoptr(Ledger) ledger = seeds ? workspace_ledger(workspace, LEDGER_WRITE, error) : NULL;
    if (!ledger || !heed_earlier(ledger, options, content, &copy, &old, error) ||
        (!options->again && !repeat_check(workspace, ledger, options->audience, bundle, error)))
        return FALSE;
    plan->mailing = describe(workspace, options, letter, frozen, content, copy);
    plan->rows = readers_rows(readers);
    plan->chosen = readers_chosen(readers);
    Freezing freezing = {.options = options,
                         .bundle = bundle,
                         .letter = letter,
                         .readers = readers,
                         .seeds = seeds,
                         .ledger = ledger,
                         .mailing = plan->mailing};
    gboolean ok = record(&freezing, old, plan, error);
    plan->copies = freezing.copies;
    return ok;
}

Plan *plan_make(const Workspace *workspace, const PlanOptions *options, Findings *findings,
                GError **error)
{
    g_autoptr(Bundle) bundle = workspace_bundle(workspace, options->update);
    g_autoptr(Letter) letter =
        compile(workspace, bundle, options->audience, FALSE, findings, error);
    g_autoptr(Readers) readers =
        letter ? readers_open(workspace, options->audience, letter, findings, error) : NULL;
    if (!readers || !findings_pass(findings, error))
        return NULL;
    if (!readers_most(readers)) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA,
                    "audience '%s' has no recipient: 'circular lists %s' shows why",
                    options->audience, options->audience);
        return NULL;
    }
    g_autoptr(Plan) plan = g_new0(Plan, 1);
    if (!signing_check(workspace, error))
        return NULL;
    if (!plan_into(workspace, options, bundle, letter, readers, plan, error))
        return NULL;
    return g_steal_pointer(&plan);
}
