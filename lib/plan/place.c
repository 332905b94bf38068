/* place - where a new plan stands among those that were made before it */
#include "plan/place.h"

#include <string.h>

#include "base/error.h"
#include "plan/mailingid.h"
#include "plan/repeat.h"

void place_clear(Place *self)
{
    g_clear_pointer(&self->old, mailing_free);
}

/* "letter-7c2e91-2" is the second. */
static guint copy_of(const char *id)
{
    const char *dash = strrchr(id, '-');
    return dash && strlen(dash) < 6 ? (guint)g_ascii_strtoull(dash + 1, NULL, 10) : 1;
}

static gboolean is_taken(const GPtrArray *all, const char *id, const Mailing *old)
{
    for (guint i = 0; i < all->len; i++) {
        const Mailing *mailing = g_ptr_array_index(all, i);
        if (g_str_equal(mailing->id, id) && !(old && old->number == mailing->number))
            return TRUE;
    }
    return FALSE;
}

/* The first number from `place->copy` on that no other mailing has. */
static void set_copy(const GPtrArray *all, const PlanOptions *options, const char *content,
                     Place *place)
{
    for (;; place->copy++) {
        g_autofree char *id = mailing_id(options->update, options->audience, content, place->copy);
        if (!is_taken(all, id, place->old))
            return;
    }
}

/* --- a letter -------------------------------------------------------------------------------- */

/* An earlier text of the same update of which nothing was sent, and that waits for nobody but us:
 * this plan takes its place. */
static gboolean heed_planned(Ledger *ledger, const PlanOptions *options, Mailing **old,
                             GError **error)
{
    gboolean sent = FALSE;
    g_autoptr(Mailing) planned = NULL;
    switch (mailings_find_planned(ledger, options->audience, options->update, &planned, error)) {
    case LOOKUP_FAILED:
        return FALSE;
    case LOOKUP_NONE:
        return TRUE;
    case LOOKUP_FOUND:
        break;
    }
    if (!repeat_is_begun(ledger, planned, &sent, error))
        return FALSE;
    if (!sent)
        *old = g_steal_pointer(&planned);
    return TRUE;
}

static gboolean nothing_sent(const PlanOptions *options, GError **error)
{
    g_set_error(
        error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
        "nothing of this very letter was sent to audience '%s' yet: plan it without "
        "--missing (if its words were changed since: 'circular correct' sends them to those "
        "who had it)",
        options->audience);
    return FALSE;
}

static gboolean was_sent(const PlanOptions *options, const Mailing *earlier, GError **error)
{
    g_autofree char *on =
        earlier->state == MAILING_WITHDRAWN || earlier->state == MAILING_DONE
            ? NULL
            : g_strdup_printf(", 'circular send %s' goes on with it", earlier->id);
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                "this very letter was already sent to audience '%s' as %s%s: 'circular status %s' "
                "shows how far%s, --missing plans it for those who have none, and --again sends "
                "everyone a second copy",
                options->audience, earlier->id,
                earlier->state == MAILING_WITHDRAWN ? ", and the rest withdrawn" : "", earlier->id,
                on ? on : "");
    return FALSE;
}

/* The letter that an earlier plan of the same content belongs to. */
static gint64 letter_of(const Mailing *earlier)
{
    return earlier->follows_as == MAILING_MISSING ? earlier->follows : earlier->number;
}

/* What follows a letter with words of its own. */
static gboolean is_another_letter(MailingTie tie)
{
    return tie == MAILING_CORRECTION || tie == MAILING_REMINDER;
}

/* The latest plan of these very words of which something was sent; a correction only where there is
 * no other. NULL for none; borrowed from `all`. */
static gboolean find_sent(Ledger *ledger, const PlanOptions *options, const char *content,
                          const GPtrArray *all, const Mailing **found, GError **error)
{
    *found = NULL;
    for (guint i = 0; i < all->len; i++) {
        const Mailing *other = g_ptr_array_index(all, i);
        gboolean sent = FALSE;
        if (!g_str_equal(other->content_hash, content) ||
            !g_str_equal(other->audience, options->audience) ||
            (*found && is_another_letter(other->follows_as)))
            continue;
        if (!repeat_is_begun(ledger, other, &sent, error))
            return FALSE;
        if (sent && !is_another_letter(other->follows_as)) {
            *found = other;
            return TRUE;
        }
        if (sent)
            *found = other;
    }
    return TRUE;
}

static gboolean heed_missing(const PlanOptions *options, const Mailing *sent, Mailing *earlier,
                             gboolean is_begun, Place *place, GError **error)
{
    gboolean is_plan = earlier && !is_begun && earlier->follows_as == MAILING_MISSING &&
                       earlier->state != MAILING_WITHDRAWN;
    if (!sent) {
        mailing_free(earlier);
        return nothing_sent(options, error);
    }
    place->follows = letter_of(sent);
    if (is_plan) {
        place->copy = copy_of(earlier->id);
        place->old = g_steal_pointer(&earlier);
    }
    mailing_free(earlier);
    return TRUE;
}

static gboolean heed_earlier(Ledger *ledger, const PlanOptions *options, const char *content,
                             const GPtrArray *all, Place *place, GError **error)
{
    gboolean is_begun = FALSE;
    const Mailing *sent;
    g_autoptr(Mailing) earlier = NULL;
    if (mailings_find_same(ledger, options->audience, content, &earlier, error) == LOOKUP_FAILED ||
        (earlier && !repeat_is_begun(ledger, earlier, &is_begun, error)) ||
        !find_sent(ledger, options, content, all, &sent, error))
        return FALSE;
    if (options->missing)
        return heed_missing(options, sent, g_steal_pointer(&earlier), is_begun, place, error);
    if (sent && !earlier && !options->again && !options->hook)
        return was_sent(options, sent, error);
    if (!earlier)
        return options->hook || heed_planned(ledger, options, &place->old, error);
    is_begun |= options->hook && earlier->send_at; /* it is meant to go as it is */
    if (is_begun)
        return options->again || options->hook || was_sent(options, earlier, error);
    /* What was withdrawn stays on record, and is no letter that was sent. */
    if (earlier->state == MAILING_WITHDRAWN)
        return TRUE;
    place->copy = copy_of(earlier->id);
    place->old = g_steal_pointer(&earlier);
    return TRUE;
}

/* --- a correction ---------------------------------------------------------------------------- */

static MailingTie tie_of(const PlanOptions *options)
{
    if (options->correction)
        return options->correction->reminder ? MAILING_REMINDER : MAILING_CORRECTION;
    return options->missing ? MAILING_MISSING : MAILING_ALONE;
}

/* A plan of the same correction of which nothing was sent: one with the same words, or from the same
 * update, then one that waits for nobody but us. */
static gboolean heed_planned_correction(Ledger *ledger, const PlanOptions *options,
                                        const char *content, const GPtrArray *all, Place *place,
                                        GError **error)
{
    for (guint i = 0; i < all->len && !place->old; i++) {
        const Mailing *other = g_ptr_array_index(all, i);
        gboolean sent = FALSE, is_ours = g_str_equal(other->content_hash, content);
        if (other->follows_as != tie_of(options) || other->follows != place->follows ||
            other->state == MAILING_WITHDRAWN ||
            !(is_ours ||
              (other->state == MAILING_PLANNED && g_str_equal(other->update, options->update))))
            continue;
        if (!repeat_is_begun(ledger, other, &sent, error))
            return FALSE;
        if (!sent && !(place->old = mailings_find(ledger, other->id, error)))
            return FALSE;
    }
    return TRUE;
}

static gboolean heed_corrected(Ledger *ledger, const PlanOptions *options, const char *content,
                               const GPtrArray *all, Place *place, GError **error)
{
    const Mailing *first = options->correction->first;
    if (!options->correction->reminder && g_str_equal(first->content_hash, content) &&
        g_str_equal(first->audience, options->audience)) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                    "%s is the very letter '%s': nothing in it was put right yet", options->update,
                    first->id);
        return FALSE;
    }
    place->follows = letter_of(first);
    if (!heed_planned_correction(ledger, options, content, all, place, error))
        return FALSE;
    if (place->old && g_str_equal(place->old->content_hash, content))
        place->copy = copy_of(place->old->id);
    return TRUE;
}

gboolean place_find(Ledger *ledger, const PlanOptions *options, const char *content,
                    gboolean beside, Place *place, GError **error)
{
    *place = (Place){.copy = 1};
    g_autoptr(GPtrArray) all = mailings_all(ledger, error);
    if (!all || !(options->correction ? heed_corrected(ledger, options, content, all, place, error)
                                      : heed_earlier(ledger, options, content, all, place, error)))
        return FALSE;
    if (beside)
        place_clear(place);
    set_copy(all, options, content, place);
    if (!options->missing && !options->correction)
        place->follows = 0;
    place->tie = tie_of(options);
    return TRUE;
}
