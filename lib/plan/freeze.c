/* freeze - a letter, its files and its recipients written into the ledger (private to lib/plan) */
#include "plan/freeze.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "text/when.h"
#include "ledger/answers.h"
#include "ledger/deliveries.h"
#include "ledger/lifecycle.h"
#include "ledger/suppressions.h"

static gboolean freeze_contents(Freezing *f, GError **error)
{
    g_autofree const char **names = bundle_names(f->bundle);
    for (const char **name = names; *name; name++) {
        gsize length;
        g_autoptr(GBytes) bytes = bundle_get(f->bundle, *name, TRUE, error);
        if (!bytes)
            return FALSE;
        const char *data = g_bytes_get_data(bytes, &length);
        if (!contents_add(f->ledger, f->mailing, *name, data ? data : "", length, NULL, error))
            return FALSE;
    }
    return TRUE;
}

/* An attachment that not everybody gets, which several may share: frozen with the first of them. */
static gboolean freeze_own_file(Freezing *f, const char *name, GError **error)
{
    const char *known = g_hash_table_lookup(f->own_files, name);
    if (!known) {
        gsize length;
        char *hash = NULL;
        g_autoptr(GBytes) bytes = bundle_get(f->bundle, name, FALSE, error);
        const char *data = bytes ? g_bytes_get_data(bytes, &length) : NULL;
        if (!bytes ||
            !contents_add(f->ledger, f->mailing, name, data ? data : "", length, &hash, error))
            return FALSE;
        g_hash_table_insert(f->own_files, g_strdup(name), hash);
        known = hash;
    }
    sha256_add(f->recipients, known, strlen(known));
    return TRUE;
}

static gboolean freeze_own_files(Freezing *f, const Recipient *recipient, GError **error)
{
    GError *inner = NULL;
    g_auto(GStrv) names = letter_own_files(f->letter, recipient->fields, &inner);
    for (char **name = names; name && *name && !inner; name++)
        freeze_own_file(f, *name, &inner);
    if (!inner)
        return TRUE;
    g_propagate_prefixed_error(error, inner, "%s (%s:%u): ", recipient->key, recipient->file,
                               recipient->line);
    return FALSE;
}

static void update_sum(Sha256 *sum, const char *text)
{
    sha256_add(sum, text, strlen(text) + 1);
}

static gboolean record_exclusion(Freezing *f, LeftOut one, GError **error)
{
    f->mailing->excluded++;
    update_sum(f->recipients, one.key);
    update_sum(f->recipients, exclusion_name(one.kind));
    update_sum(f->recipients, one.detail ? one.detail : "");
    return exclusions_add(f->ledger, f->mailing, &one, error);
}

static gboolean add_exclusion(Freezing *f, LeftOut one, GError **error)
{
    const PlanHook *hook = f->options->hook;
    if (hook && !hook->left_out(hook->user, f->mailing, one.key, error))
        return FALSE;
    return record_exclusion(f, one, error);
}

/* The cell that is the reason: what holds the letter back, or the address; else the row. */
static Location place_of(const Recipient *recipient, const Why *why, const Location *held_back)
{
    const Location row = {recipient->file, recipient->line, 0};
    if (why->kind == EXCLUSION_HELD_BACK && held_back)
        return *held_back;
    if (why->kind != EXCLUSION_SUPPRESSED && why->kind != EXCLUSION_SAME_ADDRESS)
        return row;
    const Location address = recipient_location(recipient, recipient->email);
    return g_strcmp0(address.file, row.file) ? row : address;
}

static LeftOut left_out(const Recipient *recipient, const Why *why, const Location *held_back)
{
    return (LeftOut){.key = recipient->key,
                     .name = recipient->name,
                     .label = recipient->label,
                     .phone = recipient->phone,
                     .address = recipient->address,
                     .kind = why->kind,
                     .detail = why->detail,
                     .since = why->since,
                     .at = place_of(recipient, why, held_back)};
}

/* Whoever asked for no more letters, or can't be reached, is left out with the reason. */
static gboolean ask_suppressed(Freezing *f, const AudienceRecipient *reader, Why *why,
                               GError **error)
{
    return suppressions_why(f->ledger, reader->recipient->address, reader->audience, clock_now(),
                            why, error);
}

/* The fields that a letter uses, and the mark of a copy. */
static const char **copy_names(const Letter *letter)
{
    const char *const *fields = letter_fields(letter);
    guint count = g_strv_length((char **)fields);
    const char **names = g_new0(const char *, count + 2);
    for (guint i = 0; i < count; i++)
        names[i] = fields[i];
    names[count] = LETTER_MARK;
    return names;
}

static gboolean add_delivery(Freezing *f, const Recipient *recipient, GError **error)
{
    g_autofree const char **names = copy_names(f->letter);
    g_autofree char *fields = value_freeze(recipient->fields, names);
    Delivery delivery = {.number = ++f->mailing->planned,
                         .key = (char *)recipient->key,
                         .address = (char *)recipient->address,
                         .name = (char *)recipient->name,
                         .label = (char *)recipient->label,
                         .phone = (char *)recipient->phone,
                         .fields = fields,
                         .fields_length = strlen(fields)};
    update_sum(f->recipients, delivery.key);
    update_sum(f->recipients, delivery.address);
    update_sum(f->recipients, delivery.name);
    update_sum(f->recipients, delivery.label ? delivery.label : "");
    update_sum(f->recipients, delivery.phone ? delivery.phone : "");
    update_sum(f->recipients, delivery.fields);
    return deliveries_add(f->ledger, f->mailing, &delivery, error);
}

/* The first letter is kept for the copies, marked as one. */
static void keep_first(Freezing *f, const Recipient *recipient)
{
    const Value *there = value_get(recipient->fields, LETTER_MARK);
    Value *mark = there && value_kind(there) == VALUE_MAP ? value_copy(there) : value_new_map();
    g_autofree char *of = *recipient->name
                              ? g_strconcat(recipient->key, ", ", recipient->name, ",", NULL)
                              : g_strdup(recipient->key);
    value_set_text(mark, LETTER_COPY_KEY, recipient->key);
    value_set_text(mark, LETTER_COPY_OF, of);
    f->first = value_copy(recipient->fields);
    value_set(f->first, LETTER_MARK, mark);
}

/* What a spreadsheet left in a value that the letter shows never leaves: it stops the plan, or where
 * nobody watches holds back the one whose it is. What is hardly meant is told. */
static gboolean check_values(Freezing *f, const Recipient *recipient, Why *why, Location *at,
                             GError **error)
{
    g_autofree char *said = NULL;
    if (!leftovers_look(f->leftovers, recipient, &said, at))
        return TRUE;
    if (!f->options->hook || !f->options->hook->holds_back) {
        g_autofree char *place = location_text(at);
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA,
                    "%s: %s, for %s, which a spreadsheet or another program left: fix it in the "
                    "list ('circular check' finds all of its kind)",
                    place, said, recipient->key);
        return FALSE;
    }
    findings_add_at(f->doubts, FINDING_WARNING, at, "value-leftover",
                    "%s is held back and gets no letter: %s", recipient->key, said);
    *why = (Why){EXCLUSION_HELD_BACK, g_steal_pointer(&said), 0};
    return TRUE;
}

static gboolean freeze_delivery(Freezing *f, const Recipient *recipient, GError **error)
{
    if (!f->first)
        keep_first(f, recipient);
    seeds_met(f->seeds, recipient->address);
    return add_delivery(f, recipient, error) && freeze_own_files(f, recipient, error) &&
           recipients_take(f->readers, error);
}

/* Asks the hook what the recipient's history makes of the letter. */
static gboolean freeze_adjusted(Freezing *f, const Recipient *recipient, GError **error)
{
    const PlanHook *hook = f->options->hook;
    g_auto(Why) why = {0};
    g_autoptr(Value) fields = value_copy(recipient->fields);
    Recipient adjusted = *recipient;
    adjusted.fields = fields;
    if (!hook->adjust(hook->user, f->mailing, recipient, fields, &why, error))
        return FALSE;
    if (why.kind)
        return recipients_leave_out(f->readers, &why, error) &&
               record_exclusion(f, left_out(recipient, &why, NULL), error);
    return freeze_delivery(f, &adjusted, error);
}

/* Asks what its reader had before, and then whether it is wanted: who has a letter isn't missing it,
 * whatever was asked for since. */
static gboolean ask_why(Freezing *f, const AudienceRecipient *reader, Why *why, Value *fields,
                        GError **error)
{
    const Recipient *recipient = reader->recipient;
    if (f->followup &&
        !followup_ask(f->followup, recipient->key, recipient->address, why, fields, error))
        return FALSE;
    return why->kind || ask_suppressed(f, reader, why, error);
}

static gboolean freeze_recipient(Freezing *f, const AudienceRecipient *reader, GError **error)
{
    const Recipient *recipient = reader->recipient;
    g_auto(Why) why = {0};
    g_autoptr(Value) fields = f->options->correction ? value_copy(recipient->fields) : NULL;
    Recipient marked = *recipient;
    Location at = {0};
    if (reader->same_as)
        why = (Why){EXCLUSION_SAME_ADDRESS, g_strdup(reader->same_as), 0};
    else if (!ask_why(f, reader, &why, fields, error) ||
             (!why.kind && !check_values(f, recipient, &why, &at, error)))
        return FALSE;
    if (why.kind)
        return recipients_leave_out(f->readers, &why, error) &&
               add_exclusion(f, left_out(recipient, &why, &at), error);
    if (f->options->hook)
        return freeze_adjusted(f, recipient, error);
    marked.fields = fields ? fields : recipient->fields;
    return freeze_delivery(f, &marked, error);
}

/* Copies for the office: the first letter, marked as one. */
static gboolean freeze_seeds(Freezing *f, GError **error)
{
    g_autofree Seed *seeds = seeds_left(f->seeds);
    /* The office had its copies with the first plan. */
    for (const Seed *seed = seeds; f->first && !f->options->missing && seed->spec; seed++) {
        g_auto(Why) why = {0};
        g_autofree char *key = g_strconcat(SEED_KEY, seed->spec, NULL);
        g_autoptr(Value) fields = value_copy(f->first);
        Recipient copy = {.key = key, .address = seed->spec, .name = "", .fields = fields};
        AudienceRecipient reader = {.recipient = &copy, .audience = seed->audience};
        if (!ask_suppressed(f, &reader, &why, error) ||
            (f->followup && !followup_mark_seed(f->followup, key, fields, error)))
            return FALSE;
        if (why.kind) {
            copy.file = "config";
            copy.line = seed->line;
            if (!record_exclusion(f, left_out(&copy, &why, NULL), error))
                return FALSE;
            continue;
        }
        if (!add_delivery(f, &copy, error))
            return FALSE;
        f->copies++;
    }
    return TRUE;
}

/* Why the twin of another row gets none: because one letter is for both, if there is that one; else
 * for the reason that the other has none. */
static gboolean find_twin_why(Freezing *f, const Exclusion *twin, Why *why, GError **error)
{
    const Recipient row = {.key = twin->key, .address = twin->address};
    const AudienceRecipient reader = {.recipient = &row,
                                      .audience = recipients_excluded_audience(f->readers)};
    gboolean taken;
    if (why->kind)
        return TRUE;
    if (!recipients_twin(f->readers, twin, why, &taken, error))
        return FALSE;
    return taken || why->kind || ask_suppressed(f, &reader, why, error);
}

static gboolean freeze_exclusion(Freezing *f, const Exclusion *exclusion, GError **error)
{
    g_auto(Why) why = {0};
    if (f->followup &&
        !followup_ask(f->followup, exclusion->key, exclusion->address, &why, NULL, error))
        return FALSE;
    if (exclusion->kind == EXCLUSION_SAME_ADDRESS && !find_twin_why(f, exclusion, &why, error))
        return FALSE;
    if (!why.kind)
        why = (Why){exclusion->kind, g_strdup(exclusion->detail), 0};
    return add_exclusion(f,
                         (LeftOut){.key = exclusion->key,
                                   .name = exclusion->name,
                                   .label = exclusion->label,
                                   .phone = exclusion->phone,
                                   .address = exclusion->address,
                                   .kind = why.kind,
                                   .detail = why.detail,
                                   .since = why.since,
                                   .at = exclusion->at},
                         error);
}

/* Who had what is corrected and can't be told by it. */
static gboolean freeze_gone(Freezing *f, GError **error)
{
    g_autoptr(GPtrArray) gone = f->followup ? followup_gone(f->followup, error) : NULL;
    for (guint i = 0; gone && i < gone->len; i++) {
        const Delivery *copy = g_ptr_array_index(gone, i);
        LeftOut one = {.key = copy->key,
                       .name = copy->name,
                       .label = copy->label,
                       .phone = copy->phone,
                       .address = copy->address,
                       .kind = EXCLUSION_LEFT_LIST,
                       .detail = copy->mailing};
        f->gone++;
        if (!record_exclusion(f, one, error))
            return FALSE;
    }
    return gone || !f->followup;
}

static gboolean freeze_recipients(Freezing *f, GError **error)
{
    GError *inner = NULL;
    const AudienceRecipient *reader;
    const Exclusion *exclusion;
    guint64 done = 0, total = recipients_most(f->readers);
    if ((f->options->hook && !recipients_remember(f->readers, error)) ||
        !recipients_rewind(f->readers, error))
        return FALSE;
    while (!inner && (reader = recipients_next(f->readers, &inner))) {
        if (!freeze_recipient(f, reader, &inner))
            break;
        if (f->options->progress)
            f->options->progress(f->options->user, ++done, total);
    }
    if (!inner)
        freeze_seeds(f, &inner);
    while (!inner && (exclusion = recipients_next_excluded(f->readers, &inner)))
        freeze_exclusion(f, exclusion, &inner);
    if (!inner)
        freeze_gone(f, &inner);
    if (inner) {
        g_propagate_error(error, inner);
        return FALSE;
    }
    g_free(f->mailing->recipients_hash);
    f->mailing->recipients_hash = sha256_end(g_steal_pointer(&f->recipients));
    return mailings_finish(f->ledger, f->mailing, error);
}

static gboolean ask_history(Freezing *f, GError **error)
{
    if (!f->options->missing && !f->options->correction)
        return TRUE;
    f->followup = followup_open(f->ledger, f->options, f->mailing, f->letter, f->readers, error);
    return f->followup != NULL;
}

gboolean freeze(Freezing *f, GError **error)
{
    f->recipients = sha256_new();
    f->own_files = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    f->leftovers = leftovers_new(f->letter);
    const PlanHook *hook = f->options->hook;
    g_autoptr(GPtrArray) answerable = letter_answerable(f->letter);
    gboolean ok = (!hook || hook->begin(hook->user, f->ledger, error)) &&
                  mailings_add(f->ledger, f->mailing, error) &&
                  lifecycle_note(f->ledger, f->mailing, "planned", &f->options->actor,
                                 f->mailing->planned_at, NULL, error) &&
                  answers_ask(f->ledger, f->mailing->number, answerable, error) &&
                  ask_history(f, error) && freeze_contents(f, error) &&
                  freeze_recipients(f, error) &&
                  (!hook || hook->end(hook->user, f->mailing, error));
    if (ok)
        leftovers_report(f->leftovers, f->doubts);
    sha256_free(f->recipients);
    g_hash_table_unref(f->own_files);
    leftovers_free(f->leftovers);
    value_free(f->first);
    return ok;
}
