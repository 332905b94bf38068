/* pace - when the next letter may go, by what the provider allows */
#include "delivery/pace.h"

#include <stdatomic.h>
#include <string.h>

enum {
    DOMAINS_MAX = 100000, /* remembered; beyond it all are forgotten, which a minute fixes */
    SHARERS_MAX = 64      /* processes: what is due later than they could make it is no pace */
};

struct Pace {
    PaceLimits limits;
    guint among; /* how many keep it together */
    PaceShared own, *shared;
    GHashTable *domains; /* domain -> when one may go to it (gint64 *) */
};

static gint64 interval(guint per_minute)
{
    return 60 * G_USEC_PER_SEC / per_minute;
}

/* Of those letters that go from here. */
static gint64 step_of(const Pace *self, guint per_minute)
{
    return interval(per_minute) * self->among;
}

Pace *pace_new(const PaceLimits *limits)
{
    Pace *self = g_new0(Pace, 1);
    self->limits = *limits;
    self->shared = &self->own;
    self->among = 1;
    self->domains = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return self;
}

void pace_share(Pace *self, PaceShared *with)
{
    self->shared = with;
}

void pace_divide(Pace *self, guint among)
{
    self->among = MAX(among, 1);
}

void pace_free(Pace *self)
{
    if (!self)
        return;
    g_hash_table_unref(self->domains);
    g_free(self);
}

gboolean pace_is_limited(const Pace *self)
{
    return self->limits.per_minute || self->limits.per_day || self->limits.per_domain_minute;
}

gint64 pace_wait(const Pace *self, gint64 now)
{
    if (!self->limits.per_minute)
        return 0;
    gint64 wait = MAX(self->shared->next - now, 0);
    return wait > SHARERS_MAX * step_of(self, self->limits.per_minute) ? 0 : wait;
}

/* Another process may note one at the same time: then it is one step more for both. */
static void take_turn(Pace *self, gint64 now)
{
    gint64 step = step_of(self, self->limits.per_minute), before = self->shared->next, after;
    do {
        gint64 due = before - now > SHARERS_MAX * step ? now : before;
        after = MAX(due, now - step) + step;
    } while (!atomic_compare_exchange_weak(&self->shared->next, &before, after));
}

static char *domain_of(const char *recipient)
{
    const char *at = strrchr(recipient, '@');
    return g_ascii_strdown(at ? at + 1 : recipient, -1);
}

gint64 pace_wait_domain(Pace *self, const char *recipient, gint64 now)
{
    if (!self->limits.per_domain_minute)
        return 0;
    g_autofree char *domain = domain_of(recipient);
    const gint64 *next = g_hash_table_lookup(self->domains, domain);
    return next ? MAX(*next - now, 0) : 0;
}

void pace_note(Pace *self, const char *recipient, gint64 now)
{
    /* From when it was due and not from now, or every late wake-up would slow the whole mailing;
     * but never more than one interval behind, or a pause would be followed by a burst. */
    if (self->limits.per_minute)
        take_turn(self, now);
    if (!self->limits.per_domain_minute)
        return;
    if (g_hash_table_size(self->domains) >= DOMAINS_MAX)
        g_hash_table_remove_all(self->domains);
    gint64 next = now + step_of(self, self->limits.per_domain_minute);
    g_hash_table_replace(self->domains, domain_of(recipient), g_memdup2(&next, sizeof next));
}

gint64 pace_estimate(const PaceLimits *limits, guint64 letters)
{
    if (!limits->per_minute || !letters)
        return 0;
    return (gint64)(letters - 1) * interval(limits->per_minute);
}
