/* check_ledger - the suppressed, and how an audience has changed since the last mailing to it
 */
#include "base/clock.h"
#include "base/error.h"
#include "ledger/suppressions.h"
#include "plan/drift.h"
#include "check/check_parts.h"

enum { PER_CENT = 5, LEAST = 2 }; /* of the suppressed, to be many */

typedef struct {
    Check *preflight;
    Ledger *ledger;
    Drift *drift; /* NULL: nothing was sent to the audience yet */
    guint64 suppressed;
    char *file; /* the first who is suppressed */
    guint line;
    char *key;
} Comparing;

static gboolean is_over(guint64 part, guint64 whole)
{
    return part >= LEAST && part * 100 > whole * PER_CENT;
}

/* --- everyone of now ------------------------------------------------------------------------- */

static gboolean look_up(Comparing *in, const Recipient *recipient, GError **error)
{
    g_autoptr(Suppression) found = NULL;
    if (suppressions_find(in->ledger, recipient->address, in->preflight->audience_name, clock_now(),
                          &found, error) == LOOKUP_FAILED)
        return FALSE;
    if (found && !in->suppressed++) {
        in->file = g_strdup(recipient->file);
        in->line = recipient->line;
        in->key = g_strdup(recipient->key);
    }
    if (in->drift) /* who is suppressed is still of the audience */
        drift_see(in->drift, recipient->key, !found);
    return TRUE;
}

static gboolean look_up_all(Comparing *in, GError **error)
{
    GError *inner = NULL;
    const Recipient *recipient;
    audience_rewind(in->preflight->audience);
    while (!inner && (recipient = audience_next(in->preflight->audience, &inner)))
        look_up(in, recipient, &inner);
    if (inner)
        g_propagate_error(error, inner);
    return !inner;
}

static void report_suppressed(const Comparing *in)
{
    guint64 all = audience_count(in->preflight->audience);
    if (!in->suppressed)
        return;
    rule_report(in->preflight->findings,
                is_over(in->suppressed, all) ? "suppressed-many" : "suppressed", in->file, in->line,
                "%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT
                " get no more letters, the first is %s: 'circular suppress list' says why",
                in->suppressed, all, in->key);
}

static gboolean compare(Comparing *in, GError **error)
{
    GError *inner = NULL;
    in->drift = drift_new(in->ledger, in->preflight->audience_name, 0, &inner);
    if (inner) {
        g_propagate_error(error, inner);
        return FALSE;
    }
    if (!look_up_all(in, error))
        return FALSE;
    report_suppressed(in);
    if (in->drift && !in->preflight->seen) /* several together are no mailing to one of them */
        drift_report(in->drift, in->preflight->findings);
    in->preflight->letters -= MIN(in->suppressed, in->preflight->letters);
    return TRUE;
}

gboolean check_ledger(Check *self, GError **error)
{
    GError *inner = NULL;
    g_autoptr(Ledger) ledger = workspace_ledger(self->workspace, LEDGER_READ, &inner);
    if (!ledger) {
        if (g_error_matches(inner, CIRCULAR_ERROR, CIRCULAR_ERROR_NOINPUT)) {
            g_error_free(inner);
            return TRUE; /* nothing was ever planned */
        }
        g_propagate_error(error, inner);
        return FALSE;
    }
    Comparing in = {.preflight = self, .ledger = ledger};
    gboolean ok = compare(&in, error);
    self->ran[RULE_WITH_LEDGER] = ok;
    drift_free(in.drift);
    g_free(in.file);
    g_free(in.key);
    return ok;
}
