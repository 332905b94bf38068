/* verdict - what a notice and all that came before it mean for the next letter to an address */
#include "inbound/verdict.h"

#include <string.h>

#include "ledger/marks.h"
#include "ledger/suppressions.h"

#define DAY (24 * 60 * 60 * (gint64)G_USEC_PER_SEC)

/* One event with the letter that it is about. */
typedef struct {
    PolicyEvent event;
    gint64 letter_at;
    char *letter, *status, *feedback; /* letter: "autumn-7c2e91/12", or "" for one that arrived */
} Happening;

static void happening_clear(gpointer data)
{
    Happening *self = data;
    g_free(self->letter);
    g_free(self->status);
    g_free(self->feedback);
}

/* What the ledger holds is ours, and yet a later circular may have written it. */
static Reason reason_of(const char *word)
{
    Reason reason = reason_from_name(word);
    return reason == REASON_COUNT ? REASON_UNDEFINED : reason;
}

static gboolean add_row(void *user, const InboundRow *row, gint64 letter_at)
{
    GArray *all = user;
    g_autofree char *letter = g_strdup_printf("%s/%" G_GUINT64_FORMAT, row->mailing, row->delivery);
    InboundKind kind = row->judged;
    for (guint i = 0; i < all->len; i++) {
        const Happening *other = &g_array_index(all, Happening, i);
        if (other->event.kind == kind && g_str_equal(other->letter, letter))
            return TRUE;
    }
    Happening one = {.event = {.when = row->received_at,
                               .kind = kind,
                               .reason = reason_of(row->reason),
                               .proven = TRUE},
                     .letter_at = letter_at,
                     .letter = g_steal_pointer(&letter),
                     .status = g_strdup(row->status),
                     .feedback = row->feedback && *row->feedback ? g_strdup(row->feedback) : NULL};
    g_array_append_val(all, one);
    return TRUE;
}

/* --- what it is asked from ------------------------------------------------------------------- */

static gboolean later_removal(void *user, const Suppression *suppression)
{
    gint64 *since = user;
    if (!*suppression->audience)
        *since = MAX(*since, suppression->removed_at);
    return TRUE;
}

/* Letters that arrived are asked for only where a run of soft bounces would end in a suppression:
 * to find them every delivery is looked at. */
static gboolean add_arrived(Ledger *ledger, GArray *all, const char *address, gint64 since,
                            gint64 now, GError **error)
{
    g_autoptr(GArray) times =
        deliveries_arrived(ledger, address, since, now - VERDICT_QUIET_DAYS * DAY, error);
    if (!times)
        return FALSE;
    for (guint i = 0; i < times->len; i++) {
        gint64 when = g_array_index(times, gint64, i);
        Happening one = {.event = {.when = when, .kind = INBOUND_DELIVERED, .proven = TRUE},
                         .letter_at = when,
                         .letter = g_strdup(""),
                         .status = g_strdup("")};
        g_array_append_val(all, one);
    }
    return TRUE;
}

static gint by_letter(gconstpointer a, gconstpointer b)
{
    const Happening *one = a, *other = b;
    if (one->letter_at != other->letter_at)
        return one->letter_at < other->letter_at ? -1 : 1;
    return one->event.when < other->event.when ? -1 : one->event.when > other->event.when;
}

static PolicyVerdict judge(GArray *all, const PolicyLimits *limits, const char **why)
{
    g_array_sort(all, by_letter);
    g_autofree PolicyEvent *events = g_new0(PolicyEvent, all->len);
    for (guint i = 0; i < all->len; i++) {
        const Happening *one = &g_array_index(all, Happening, i);
        events[i] = one->event;
        events[i].status = one->status;
        events[i].feedback_type = one->feedback;
    }
    return policy_judge(events, all->len, limits, why);
}

gboolean verdict_reach(Ledger *ledger, const PolicyLimits *limits, const Delivery *delivery,
                       const InboundRow *row, PolicyVerdict *verdict, const char **why,
                       GError **error)
{
    gint64 since = 0;
    *verdict = POLICY_KEEP;
    *why = "";
    g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(Happening));
    g_array_set_clear_func(all, happening_clear);
    if (!suppressions_each(ledger, delivery->address, TRUE, later_removal, &since, error))
        return FALSE;
    /* A complaint is a wish, and counts whatever letter it is about. */
    gboolean is_wish = row->judged == INBOUND_COMPLAINT;
    if (delivery->first_at < since && !is_wish)
        return TRUE;
    if (!is_wish && !inbound_reports_judged(ledger, delivery->address, since, add_row, all, error))
        return FALSE;
    add_row(all, row, delivery->first_at);
    *verdict = judge(all, limits, why);
    if (*verdict != POLICY_SUPPRESS || is_wish || all->len < 2)
        return TRUE;
    if (!add_arrived(ledger, all, delivery->address, since, row->received_at, error))
        return FALSE;
    *verdict = judge(all, limits, why);
    return TRUE;
}
