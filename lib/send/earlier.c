/* earlier - an earlier version of the same letter, and what it means for a new one */
#include "send/earlier.h"

#include "base/clock.h"
#include "text/day.h"
#include "text/when.h"
#include "ledger/digests.h"
#include "ledger/deliveries.h"
#include "send/halt.h"
#include "plan/repeat.h"
#include "plan/seeds.h"

#define DAY_LONG (24 * 3600 * (gint64)G_USEC_PER_SEC)

static void earlier_free(gpointer data)
{
    Earlier *self = data;
    mailing_free(self->mailing);
    g_free(self);
}

/* "updates/../updates/u.md" is "updates/u.md". */
static gboolean is_same_file(const char *one, const char *other)
{
    g_autofree char *mine = g_canonicalize_filename(one, "/");
    g_autofree char *theirs = g_canonicalize_filename(other, "/");
    return g_str_equal(mine, theirs);
}

static gboolean is_under_way(MailingState state)
{
    switch (state) {
    case MAILING_SCHEDULED:
    case MAILING_HELD:
    case MAILING_SENDING:
    case MAILING_STOPPED:
        return TRUE;
    case MAILING_PLANNED:
    case MAILING_DONE:
    case MAILING_WITHDRAWN:
    case MAILING_STATES:
        return FALSE;
    }
    g_assert_not_reached();
}

static gboolean count_one(void *user, const Delivery *delivery)
{
    (void)delivery;
    ++*(guint64 *)user;
    return TRUE;
}

/* --- who is in two audiences ------------------------------------------------------------------- */

static gboolean is_open(const Delivery *delivery)
{
    return delivery->state == DELIVERY_PLANNED || delivery->state == DELIVERY_DEFERRED;
}

/* The office's copies are meant to come with each. */
static gboolean is_of_office(const Delivery *delivery)
{
    return g_str_has_prefix(delivery->key, SEED_KEY);
}

static gboolean keep_address(void *user, const Delivery *delivery)
{
    if (is_open(delivery) && !is_of_office(delivery))
        g_hash_table_add(user, g_ascii_strdown(delivery->address, -1));
    return TRUE;
}

typedef struct {
    GHashTable *addresses;
    GPtrArray *found; /* of Delivery */
} Match;

static gboolean match_address(void *user, const Delivery *delivery)
{
    Match *match = user;
    g_autofree char *address = g_ascii_strdown(delivery->address, -1);
    if (is_open(delivery) && !is_of_office(delivery) &&
        g_hash_table_contains(match->addresses, address))
        g_ptr_array_add(match->found, delivery_copy(delivery));
    return TRUE;
}

static gboolean collect_person(void *user, const Delivery *delivery)
{
    if (!is_of_office(delivery))
        g_ptr_array_add(user, delivery_copy(delivery));
    return TRUE;
}

static GPtrArray *deliveries_array(void)
{
    return g_ptr_array_new_with_free_func((GDestroyNotify)delivery_free);
}

/* The letters of `mailing` to people who have `other`'s, and to those who are to get it. */
static gboolean find_people(Ledger *ledger, const Mailing *mailing, const Mailing *other,
                            GPtrArray *have, GPtrArray *due, GError **error)
{
    g_autoptr(GHashTable) addresses = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    Match match = {addresses, due};
    return deliveries_shared(ledger, mailing, other, collect_person, have, error) &&
           (!is_under_way(other->state) ||
            (deliveries_each(ledger, other, DELIVERY_STATES, keep_address, addresses, error) &&
             deliveries_each(ledger, mailing, DELIVERY_STATES, match_address, &match, error)));
}

/* --- what is an earlier version ---------------------------------------------------------------- */

/* When the earlier one goes, or went. */
static gint64 time_of(const Mailing *other)
{
    return MAX(other->send_at, other->planned_at);
}

/* What the one of that number says in other words: it, and every plan with its words. */
static gboolean is_plan_of(const GPtrArray *all, gint64 number, const Mailing *other)
{
    for (guint i = 0; i < all->len; i++) {
        const Mailing *one = g_ptr_array_index(all, i);
        if (one->number == number)
            return g_str_equal(one->content_hash, other->content_hash) &&
                   g_str_equal(one->audience, other->audience);
    }
    return FALSE;
}

/* What a correction puts right is no version of it; another correction of the same is one while it
 * is under way. One that has gone was told when this one was planned. */
static gboolean is_a_correction(const Mailing *mailing, const Mailing *other)
{
    return mailing->follows_as == MAILING_CORRECTION && other->follows_as == MAILING_CORRECTION &&
           mailing->follows == other->follows && mailing->number != other->number;
}

/* Two plans for those who missed one letter. */
static gboolean is_a_plan_of_one(const Mailing *mailing, const Mailing *other)
{
    return mailing->follows_as == MAILING_MISSING && other->follows_as == MAILING_MISSING &&
           mailing->follows == other->follows;
}

/* Of one that was withdrawn some may have the letter, and whoever fixed it hasn't been asked about
 * them yet. Once the new one was begun that is settled: it may be why the other was withdrawn. */
static gboolean is_settled(const Mailing *mailing, const Mailing *other)
{
    return other->state == MAILING_WITHDRAWN && mailing->state != MAILING_PLANNED;
}

/* What follows another letter goes to its readers, whatever else they had. */
static gboolean is_of_its_own(const Mailing *mailing)
{
    return mailing->follows_as == MAILING_ALONE || mailing->follows_as == MAILING_MISSING;
}

/* For another audience the words may well be others, but not when the file is the same. */
static gboolean is_aside(const Mailing *mailing, const Mailing *other, gboolean is_near)
{
    return is_of_its_own(mailing) && is_of_its_own(other) &&
           is_same_file(mailing->update, other->update) &&
           (is_under_way(other->state) ||
            (g_str_equal(mailing->subject, other->subject) && is_near));
}

/* A letter alike by its subject alone is another one when it goes on another day. */
static gboolean is_a_version(const GPtrArray *all, const Mailing *mailing, const Mailing *other,
                             gint64 goes_at, EarlierKind *kind)
{
    gboolean is_near = ABS(goes_at - time_of(other)) < EARLIER_DAYS * DAY_LONG;
    gboolean is_titled_so = g_str_equal(mailing->subject, other->subject);
    gboolean is_tied = other->follows == mailing->number || mailing->follows == other->number ||
                       is_a_plan_of_one(mailing, other);
    *kind = EARLIER_VERSION;
    if (is_a_correction(mailing, other))
        return is_under_way(other->state);
    if ((mailing->follows_as == MAILING_CORRECTION || mailing->follows_as == MAILING_REMINDER) &&
        is_plan_of(all, mailing->follows, other))
        return FALSE;
    if (other->number == mailing->number || is_tied || is_settled(mailing, other))
        return FALSE;
    if (!repeat_overlaps(mailing->audience, other->audience)) {
        *kind = EARLIER_ASIDE;
        return is_aside(mailing, other, is_near);
    }
    if (!is_same_file(mailing->update, other->update))
        return is_titled_so && is_near;
    if (is_under_way(other->state) || other->state == MAILING_WITHDRAWN || is_near)
        return is_under_way(other->state) ||
               ((is_titled_so || other->state == MAILING_WITHDRAWN) && is_near);
    *kind = EARLIER_LONG_AGO;
    return is_titled_so && mailing->follows_as == MAILING_ALONE && is_of_its_own(other);
}

static gboolean count_version(Ledger *ledger, const Mailing *mailing, Earlier *one, GError **error)
{
    guint64 counts[DELIVERY_STATES];
    if (!deliveries_count(ledger, one->mailing, counts, error) ||
        !deliveries_shared(ledger, mailing, one->mailing, count_one, &one->have, error))
        return FALSE;
    if (one->kind == EARLIER_VERSION && is_under_way(one->mailing->state))
        one->open = counts[DELIVERY_PLANNED] + counts[DELIVERY_DEFERRED] + counts[DELIVERY_SENDING];
    return TRUE;
}

static gboolean count_aside(Ledger *ledger, const Mailing *mailing, Earlier *one, GError **error)
{
    g_autoptr(GPtrArray) have = deliveries_array(), due = deliveries_array();
    if (!find_people(ledger, mailing, one->mailing, have, due, error))
        return FALSE;
    one->have = have->len;
    one->due = due->len;
    return TRUE;
}

static gboolean has_long_ago(const GPtrArray *found)
{
    for (guint i = 0; i < found->len; i++)
        if (((const Earlier *)g_ptr_array_index(found, i))->kind == EARLIER_LONG_AGO)
            return TRUE;
    return FALSE;
}

/* Takes `other`. */
static gboolean look_at(Ledger *ledger, const Mailing *mailing, Mailing *other, EarlierKind kind,
                        GPtrArray *found, GError **error)
{
    Earlier one = {.kind = kind, .mailing = other};
    if (!(kind == EARLIER_ASIDE ? count_aside : count_version)(ledger, mailing, &one, error)) {
        mailing_free(other);
        return FALSE;
    }
    if (one.open || one.have || one.due)
        g_ptr_array_add(found, g_memdup2(&one, sizeof one));
    else
        mailing_free(other);
    return TRUE;
}

/* Adds `other` to those found if it stands in the way. A digest's mailings are no versions of one
 * another: what each holds is its own. */
static gboolean consider(Ledger *ledger, const GPtrArray *all, const Mailing *mailing,
                         const Mailing *other, gint64 goes_at, GPtrArray *found, GError **error)
{
    gboolean is_digest;
    EarlierKind kind;
    if (!is_a_version(all, mailing, other, goes_at, &kind) ||
        (kind == EARLIER_LONG_AGO && has_long_ago(found)))
        return TRUE;
    if (!digests_has(ledger, other, &is_digest, error))
        return FALSE;
    if (is_digest)
        return TRUE;
    Mailing *own = mailings_find(ledger, other->id, error);
    return own && look_at(ledger, mailing, own, kind, found, error);
}

GPtrArray *earlier_find(Ledger *ledger, const Mailing *mailing, gint64 goes_at, GError **error)
{
    gboolean is_digest;
    g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(earlier_free);
    g_autoptr(GPtrArray) all = mailings_all(ledger, error);
    /* As it is in the ledger: one that was just planned doesn't know its number. */
    g_autoptr(Mailing) self = all ? mailings_find(ledger, mailing->id, error) : NULL;
    if (!self || !digests_has(ledger, self, &is_digest, error))
        return NULL;
    for (guint i = 0; !is_digest && i < all->len; i++)
        if (!consider(ledger, all, self, g_ptr_array_index(all, i), goes_at, found, error))
            return NULL;
    return g_steal_pointer(&found);
}

char *earlier_said(const Earlier *self)
{
    const Mailing *mailing = self->mailing;
    GString *said = g_string_new(mailing->id);
    if (self->kind == EARLIER_ASIDE)
        g_string_append_printf(said, " for %s", mailing->audience);
    if (mailing->state == MAILING_SCHEDULED) {
        g_autofree char *when = when_text(mailing->send_at);
        g_string_append_printf(said, " is to go on %s", when);
    } else {
        g_autofree char *when = when_text(mailing->planned_at);
        g_string_append_printf(said, " of %s", when);
    }
    if (self->have)
        g_string_append_printf(said, ", %" G_GUINT64_FORMAT " of these people already have it",
                               self->have);
    if (self->due)
        g_string_append_printf(said, ", %" G_GUINT64_FORMAT " of these people are to get it",
                               self->due);
    if (self->open && mailing->state != MAILING_SCHEDULED)
        g_string_append_printf(said, ", %" G_GUINT64_FORMAT " of its letters are still to go",
                               self->open);
    return g_string_free(said, FALSE);
}

static gboolean collect(void *user, const Delivery *delivery)
{
    g_ptr_array_add(user, delivery_copy(delivery));
    return TRUE;
}

static gboolean leave_out_these(Ledger *ledger, const Mailing *mailing, const GPtrArray *these,
                                const Why *why, GError **error)
{
    for (guint i = 0; i < these->len; i++)
        if (!lifecycle_leave_out(ledger, mailing, g_ptr_array_index(these, i), why, clock_now(),
                                 error))
            return FALSE;
    return TRUE;
}

/* Who has the earlier one, or is to get it beside this one, gets no second. */
static gboolean leave_out(Ledger *ledger, const Mailing *mailing, const Earlier *earlier,
                          guint64 *left_out, GError **error)
{
    g_autoptr(GPtrArray) have = deliveries_array(), due = deliveries_array();
    const Why has_it = {.kind = EXCLUSION_HAS_IT, .detail = earlier->mailing->id},
              gets_it = {.kind = EXCLUSION_ON_ITS_WAY, .detail = earlier->mailing->id};
    gboolean found =
        earlier->kind == EARLIER_ASIDE
            ? find_people(ledger, mailing, earlier->mailing, have, due, error)
            : deliveries_shared(ledger, mailing, earlier->mailing, collect, have, error);
    *left_out += have->len + due->len;
    return found && leave_out_these(ledger, mailing, have, &has_it, error) &&
           leave_out_these(ledger, mailing, due, &gets_it, error);
}

static gboolean leave_out_all(Ledger *ledger, const Mailing *mailing, const Earlier *earlier,
                              guint64 *left_out, GError **error)
{
    if (!ledger_begin(ledger, error))
        return FALSE;
    if (leave_out(ledger, mailing, earlier, left_out, error))
        return ledger_commit(ledger, error);
    ledger_rollback(ledger);
    return FALSE;
}

gboolean earlier_settle(Ledger *ledger, const Mailing *mailing, const Earlier *earlier,
                        EarlierChoice choice, const Actor *actor, guint64 *left_out, GError **error)
{
    Halt halt;
    if (earlier->open && !halt_withdraw(ledger, earlier->mailing, actor, &halt, error))
        return FALSE;
    switch (choice) {
    case EARLIER_AGAIN:
        return TRUE;
    case EARLIER_REPLACE:
        return leave_out_all(ledger, mailing, earlier, left_out, error);
    }
    g_assert_not_reached();
}
