/* followup - who gets a letter by who had it before: those who missed it, or those whom it corrects
 */
#include "plan/followup.h"

#include <string.h>

#include "text/amount.h"
#include "text/langtag.h"
#include "text/when.h"
#include "ledger/answers.h"
#include "ledger/digests.h"
#include "ledger/holders.h"
#include "plan/mailingid.h"

struct Followup {
    Ledger *ledger;
    const PlanOptions *options;
    const Letter *letter;
    Bundle *bundle; /* of the letter that is corrected, which is NULL otherwise */
    Letter *first;
    guint questions; /* of the letter that is reminded of */
    guint64 have, had_none;
};

void followup_free(Followup *self)
{
    if (!self)
        return;
    letter_free(self->first);
    bundle_free(self->bundle);
    g_free(self);
}

/* --- matching -------------------------------------------------------------------------------- */

/* What a digest holds differs by its reader and its day, whatever hash its frame has. */
static gboolean add_first(Ledger *ledger, const Mailing *first, GError **error)
{
    gboolean is_digest;
    return digests_has(ledger, first, &is_digest, error) &&
           holders_letter(ledger, HOLDERS_LETTER, first->content_hash, first->audience,
                          is_digest ? first->number : 0, error);
}

static gboolean add_letters(Ledger *ledger, const PlanOptions *options, const Mailing *mailing,
                            GError **error)
{
    HoldersWhich own = options->correction ? HOLDERS_CORRECTION : HOLDERS_LETTER;
    return holders_begin(ledger, error) &&
           (!options->correction || add_first(ledger, options->correction->first, error)) &&
           holders_letter(ledger, own, mailing->content_hash, mailing->audience, 0, error);
}

static gboolean add_rows(Ledger *ledger, Recipients *readers, GError **error)
{
    GError *inner = NULL;
    const AudienceRecipient *reader;
    const Exclusion *exclusion;
    if (!recipients_rewind(readers, error))
        return FALSE;
    while ((reader = recipients_next(readers, &inner)) &&
           holders_row(ledger, reader->recipient->key, reader->recipient->address, &inner))
        continue;
    while (!inner && (exclusion = recipients_next_excluded(readers, &inner)))
        holders_row(ledger, exclusion->key, exclusion->address, &inner);
    if (!inner)
        return TRUE;
    g_propagate_error(error, inner);
    return FALSE;
}

static gboolean count_questions(Followup *self, GError **error)
{
    const Correction *about = self->options->correction;
    g_autoptr(GPtrArray) all =
        about->reminder ? answers_all_questions(self->ledger, about->first->number, error)
                        : g_ptr_array_new();
    self->questions = all ? all->len : 0;
    return all != NULL;
}

Followup *followup_open(Ledger *ledger, const PlanOptions *options, const Mailing *mailing,
                        const Letter *letter, Recipients *readers, GError **error)
{
    g_autoptr(Followup) self = g_new0(Followup, 1);
    self->ledger = ledger;
    self->options = options;
    self->letter = letter;
    if (options->correction) {
        self->first = plan_thaw_letter(ledger, options->correction->first, &self->bundle, error);
        if (!self->first || !count_questions(self, error))
            return NULL;
    }
    if (!add_letters(ledger, options, mailing, error) || !add_rows(ledger, readers, error) ||
        !holders_match(ledger, error))
        return NULL;
    return g_steal_pointer(&self);
}

/* --- what a correction says of the letter before ---------------------------------------------- */

static char *day_words(const Followup *self, const Delivery *copy)
{
    const char *lang = *letter_lang(self->letter) ? letter_lang(self->letter) : "en";
    gint64 when = copy->state == DELIVERY_COMPLAINED ? copy->first_at : copy->changed_at;
    Day day = when_date(when);
    char *said = day ? langtag_day(lang, day) : NULL;
    return said ? said : when_day(when);
}

/* The ids by which the reader knows the letter and what that one followed. */
static char *thread_of(const Followup *self, const Delivery *copy, const Value *fields)
{
    const Value *mark = value_get(fields, LETTER_MARK);
    const Value *before =
        mark && value_kind(mark) == VALUE_MAP ? value_get(mark, LETTER_THREAD) : NULL;
    g_autofree char *ours =
        mailing_message_id(copy->mailing, copy->number, letter_from(self->first)->domain);
    const char *id = *copy->message_id ? copy->message_id : ours;
    return before ? g_strconcat(value_text(before), " ", id, NULL) : g_strdup(id);
}

/* Sets what differs by the reader; what there is of marks stays. */
static gboolean mark(const Followup *self, const Delivery *copy, Value *fields, GError **error)
{
    g_autoptr(Value) had = value_thaw(copy->fields, copy->fields_length, error);
    g_autofree char *subject = had ? letter_subject(self->first, had, error) : NULL;
    if (!subject)
        return FALSE;
    g_autofree char *day = day_words(self, copy), *thread = thread_of(self, copy, had);
    const Value *there = value_get(fields, LETTER_MARK);
    Value *marks = there && value_kind(there) == VALUE_MAP ? value_copy(there) : value_new_map();
    gboolean corrects = !self->options->correction->reminder;
    if (corrects && !value_get(marks, LETTER_CORRECTS))
        value_set_text(marks, LETTER_CORRECTS, subject);
    if (corrects)
        value_set_text(marks, LETTER_CORRECTS_ON, day);
    value_set_text(marks, LETTER_THREAD, thread);
    value_set(fields, LETTER_MARK, marks);
    return TRUE;
}

gboolean followup_mark_seed(Followup *self, const char *key, Value *fields, GError **error)
{
    g_autoptr(Delivery) copy = NULL;
    if (!self->first)
        return TRUE;
    if (!deliveries_of_key(self->ledger, self->options->correction->first, key, &copy, error))
        return FALSE;
    if (copy && copy->state == DELIVERY_SENT)
        return mark(self, copy, fields, error);
    /* It had none: the reader's thread is not the office's. */
    Value *marks = value_copy(value_get(fields, LETTER_MARK));
    value_set_text(marks, LETTER_THREAD, "");
    value_set(fields, LETTER_MARK, marks);
    return TRUE;
}

/* --- deciding -------------------------------------------------------------------------------- */

/* Who has it, or may, gets no second. */
static ExclusionKind kind_of(Had had)
{
    switch (had) {
    case HAD_NONE:
        return EXCLUSION_NONE;
    case HAD_IT:
        return EXCLUSION_HAS_IT;
    case HAD_PERHAPS:
        return EXCLUSION_MAY_HAVE_IT;
    case HAD_ON_ITS_WAY:
        return EXCLUSION_ON_ITS_WAY;
    case HAD_BACK:
        return EXCLUSION_CAME_BACK;
    }
    g_assert_not_reached();
}

/* Who had nothing has nothing to be corrected. */
static ExclusionKind kind_of_first(const Followup *self, Had had)
{
    switch (had) {
    case HAD_IT:
        return EXCLUSION_NONE;
    case HAD_PERHAPS:
        return self->options->correction->with_unknown ? EXCLUSION_NONE : EXCLUSION_MAY_HAVE_IT;
    case HAD_ON_ITS_WAY:
        return EXCLUSION_ON_ITS_WAY;
    case HAD_NONE:
    case HAD_BACK:
        return EXCLUSION_HAD_NONE;
    }
    g_assert_not_reached();
}

static gboolean ask_own(Followup *self, HoldersWhich own, const char *key, const char *address,
                        Why *why, GError **error)
{
    Had had;
    g_autofree char *mailing = NULL;
    if (!holders_find(self->ledger, own, key, address, &had, &mailing, NULL, error))
        return FALSE;
    why->kind = kind_of(had);
    why->detail = why->kind ? g_steal_pointer(&mailing) : NULL;
    self->have += had == HAD_IT || had == HAD_ON_ITS_WAY;
    return TRUE;
}

/* Whoever has answered, or has written what nobody has read yet, isn't asked again. */
static gboolean ask_answered(Followup *self, const char *key, Why *why, GError **error)
{
    AnswerStanding standing;
    const Reminder *reminder = self->options->correction->reminder;
    if (!answers_standing(self->ledger, self->options->correction->first->number, key, &standing,
                          error))
        return FALSE;
    gint64 since = reminder->now - reminder->days * 24 * 60 * 60 * (gint64)G_USEC_PER_SEC;
    if (standing.answered >= self->questions)
        why->kind = EXCLUSION_ANSWERED;
    else if (standing.waiting)
        why->kind = EXCLUSION_ANSWER_WAITS;
    else if (standing.reminded >= reminder->most)
        *why = (Why){EXCLUSION_REMINDED, amount_of(standing.reminded, "time", "times"), 0};
    else if (standing.last_at > since)
        *why = (Why){EXCLUSION_TOO_SOON, NULL, standing.last_at};
    return TRUE;
}

/* A reminder is told from the one before by when it went, and not by its words. */
static gboolean ask_reminder(Followup *self, const char *key, const Delivery *copy, Why *why,
                             GError **error)
{
    if (!ask_answered(self, key, why, error))
        return FALSE;
    if (!why->kind && copy && g_strcmp0(copy->key, key) != 0)
        return ask_answered(self, copy->key, why, error);
    return TRUE;
}

gboolean followup_ask(Followup *self, const char *key, const char *address, Why *why, Value *fields,
                      GError **error)
{
    Had had;
    g_autofree char *mailing = NULL;
    g_autoptr(Delivery) copy = NULL;
    if (!self->first)
        return ask_own(self, HOLDERS_LETTER, key, address, why, error);
    if (!holders_find(self->ledger, HOLDERS_LETTER, key, address, &had, &mailing, &copy, error))
        return FALSE;
    why->kind = kind_of_first(self, had);
    self->had_none += why->kind == EXCLUSION_HAD_NONE;
    if (why->kind) {
        why->detail = why->kind == EXCLUSION_HAD_NONE ? NULL : g_steal_pointer(&mailing);
        return TRUE;
    }
    gboolean ok = self->options->correction->reminder
                      ? ask_reminder(self, key, copy, why, error)
                      : ask_own(self, HOLDERS_CORRECTION, key, address, why, error);
    return ok && (why->kind || !fields || mark(self, copy, fields, error));
}

GPtrArray *followup_gone(Followup *self, GError **error)
{
    if (!self->first)
        return g_ptr_array_new();
    return holders_gone(self->ledger, self->options->correction->with_unknown, error);
}

guint64 followup_have(const Followup *self)
{
    return self->have;
}

guint64 followup_had_none(const Followup *self)
{
    return self->had_none;
}
