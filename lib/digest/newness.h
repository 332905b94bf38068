/* newness - whether a notice is new to one reader: the rule of a digest
 *
 * A notice is given to a reader once a revision: when its date has come, it is not over, its
 * expression chooses the reader's row, no earlier digest gave it to that reader, and it is not
 * older than what the reader began with.
 */
#ifndef DIGEST_NEWNESS_H
#define DIGEST_NEWNESS_H

#include "digest/notice.h"

typedef enum {
    NEWNESS_NEW,
    NEWNESS_UPDATED, /* the reader had an earlier revision */
    NEWNESS_EARLY,   /* its date is still to come */
    NEWNESS_OVER,    /* it has expired, or its event has begun */
    NEWNESS_OTHERS,  /* it is for others */
    NEWNESS_HAD,     /* the reader was given it */
    NEWNESS_OLD,     /* it is older than what the reader began with */
    NEWNESS_KINDS
} Newness;

typedef struct {
    Day today;
    int minutes; /* since midnight */
} NewnessNow;

/* The rule. `had` is the highest revision that the reader was given, 0 for none; `since` the day of
 * the oldest notices that are meant for the reader. */
Newness newness_of(const Notice *notice, const NewnessNow *now, gboolean is_for, guint had,
                   Day since);

/* "new", "updated", "early" ...; the word in --json. */
const char *newness_name(Newness newness);

#endif
