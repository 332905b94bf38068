/* newness - whether a notice is new to one reader: the rule of a digest */
#include "digest/newness.h"

Newness newness_of(const Notice *notice, const NewnessNow *now, gboolean is_for, guint had,
                   Day since)
{
    if (notice->date > now->today)
        return NEWNESS_EARLY;
    if (notice_is_over(notice, now->today, now->minutes))
        return NEWNESS_OVER;
    if (!is_for)
        return NEWNESS_OTHERS;
    if (had >= notice->revision)
        return NEWNESS_HAD;
    if (had)
        return NEWNESS_UPDATED; /* however old: who had the first must have the correction */
    return notice->date < since ? NEWNESS_OLD : NEWNESS_NEW;
}

const char *newness_name(Newness newness)
{
    static const char *const names[] = {"new",        "updated", "early", "over",
                                        "for others", "had",     "old"};
    G_STATIC_ASSERT(G_N_ELEMENTS(names) == NEWNESS_KINDS);
    return names[newness];
}
