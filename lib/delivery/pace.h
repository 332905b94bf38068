/* pace - when the next letter may go, by what the provider allows
 *
 * Pure: it is told the time. Letters are spread evenly over a minute rather than sent in bursts;
 * recipients of one domain may have a limit of their own. A limit by the day counts over the last 24
 * hours, as providers count, and is kept where letters are claimed (ledger/claims.h).
 */
#ifndef DELIVERY_PACE_H
#define DELIVERY_PACE_H

#include <glib.h>

typedef struct {
    guint per_minute;        /* 0: no limit */
    guint per_day;           /* 0: no limit */
    guint per_domain_minute; /* 0: no limit */
} PaceLimits;

typedef struct Pace Pace;

/* All times here are microseconds that only go forward. */
Pace *pace_new(const PaceLimits *limits);
void pace_free(Pace *self);

/* Keeps the pace by the minute together with every other process that shares the same memory (that
 * they all map, zero at first, borrowed until pace_free). A time that is found there and can't be a
 * pace, as after the machine began to count anew, isn't heeded. */
typedef struct {
    _Atomic gint64 next; /* when any letter may go */
} PaceShared;
void pace_share(Pace *self, PaceShared *with);

/* So many keep it together who share no memory, on other machines: each has its part. */
void pace_divide(Pace *self, guint among);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pace, pace_free)

/* Whether there is any limit. */
gboolean pace_is_limited(const Pace *self);

/* How long until any letter may go: 0 for now. */
gint64 pace_wait(const Pace *self, gint64 now);

/* How long until one may go to the domain of `recipient` (an address). */
gint64 pace_wait_domain(Pace *self, const char *recipient, gint64 now);

/* One goes to `recipient` now. */
void pace_note(Pace *self, const char *recipient, gint64 now);

/* How long `letters` take at this pace on one day, in microseconds; 0 without a limit by the
 * minute. */
gint64 pace_estimate(const PaceLimits *limits, guint64 letters);

#endif
