/* earlier - an earlier version of the same letter, and what it means for a new one */
#include "send/earlier.h"

#include "base/clock.h"
#include "text/day.h"
#include "text/when.h"
#include "ledger/digests.h"
#include "ledger/deliveries.h"
#include "send/halt.h"
#include "plan/repeat.h"

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

/* A letter alike by its subject alone is another one when it goes on another day. */
static gboolean is_a_version(const GPtrArray *all, const Mailing *mailing, const Mailing *other,
                             gint64 goes_at)
{
    gboolean is_near = ABS(goes_at - time_of(other)) < EARLIER_DAYS * DAY_LONG;
    gboolean is_titled_so = g_str_equal(mailing->subject, other->subject);
    gboolean is_tied = other->follows == mailing->number || mailing->follows == other->number ||
                       is_a_plan_of_one(mailing, other);
    if (is_a_correction(mailing, other))
        return is_under_way(other->state);
    if ((mailing->follows_as == MAILING_CORRECTION || mailing->follows_as == MAILING_REMINDER) &&
        is_plan_of(all, mailing->follows, other))
        return FALSE;
    if (other->number == mailing->number || is_tied || is_settled(mailing, other) ||
        !repeat_overlaps(mailing->audience, other->audience))
        return FALSE;
    if (is_same_file(mailing->update, other->update))
        return is_under_way(other->state) ||
               ((is_titled_so || other->state == MAILING_WITHDRAWN) && is_near);
    return is_titled_so && is_near;
}

/* Takes `other`. */
static gboolean look_at(Ledger *ledger, const Mailing *mailing, Mailing *other, GPtrArray *found,
                        GError **error)
{
    guint64 counts[DELIVERY_STATES];
    Earlier one = {.mailing = other};
    if (!deliveries_count(ledger, other, counts, error) ||
        !deliveries_shared(ledger, mailing, other, count_one, &one.have, error)) {
        mailing_free(other);
        return FALSE;
    }
    one.open = counts[DELIVERY_PLANNED] + counts[DELIVERY_DEFERRED] + counts[DELIVERY_SENDING];
    gboolean waits = one.open && is_under_way(other->state);
    if (waits || one.have) {
        one.open = waits ? one.open : 0;
        g_ptr_array_add(found, g_memdup2(&one, sizeof one));
    } else {
        mailing_free(other);
    }
    return TRUE;
}

/* Adds `other` to those found if it stands in the way. A digest's mailings are no versions of one
 * another: what each holds is its own. */
static gboolean consider(Ledger *ledger, const GPtrArray *all, const Mailing *mailing,
                         const Mailing *other, gint64 goes_at, GPtrArray *found, GError **error)
{
    gboolean is_digest;
    if (!is_a_version(all, mailing, other, goes_at))
        return TRUE;
    if (!digests_has(ledger, other, &is_digest, error))
        return FALSE;
    if (is_digest)
        return TRUE;
    Mailing *own = mailings_find(ledger, other->id, error);
    return own && look_at(ledger, mailing, own, found, error);
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

/* Who has the earlier one gets no second. */
static gboolean leave_out(Ledger *ledger, const Mailing *mailing, const Earlier *earlier,
                          guint64 *left_out, GError **error)
{
    g_autoptr(GPtrArray) have = g_ptr_array_new_with_free_func((GDestroyNotify)delivery_free);
    Why why = {.kind = EXCLUSION_HAS_IT, .detail = earlier->mailing->id};
    if (!deliveries_shared(ledger, mailing, earlier->mailing, collect, have, error))
        return FALSE;
    for (guint i = 0; i < have->len; i++)
        if (!lifecycle_leave_out(ledger, mailing, g_ptr_array_index(have, i), &why, clock_now(),
                                 error))
            return FALSE;
    *left_out += have->len;
    return TRUE;
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
