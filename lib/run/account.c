/* account - what became of a mailing, or of all of a year, gathered from the ledger into figures */
#include "run/account.h"

#include "base/clock.h"
#include "ledger/suppressions.h"
#include "run/accounting.h"

G_STATIC_ASSERT((int)FIGURE_PLANNED == (int)DELIVERY_PLANNED);
G_STATIC_ASSERT((int)FIGURE_SENT == (int)DELIVERY_SENT);
G_STATIC_ASSERT((int)FIGURE_COMPLAINED == (int)DELIVERY_COMPLAINED);
G_STATIC_ASSERT((int)FIGURE_WRITTEN == (int)DELIVERY_WRITTEN);
G_STATIC_ASSERT((int)FIGURE_LEFT_OUT == (int)DELIVERY_LEFT_OUT);

/* Those left out are counted among all who were (ledger/exclusions.h). */
static void add_counts(Counts *sum, const guint64 *counts)
{
    for (int i = 0; i < DELIVERY_LEFT_OUT; i++)
        sum->of[i] += counts[i];
}

/* --- mailings -------------------------------------------------------------------------------- */

static FigureMailing *mailing_row(const Mailing *mailing)
{
    FigureMailing *row = g_new0(FigureMailing, 1);
    row->id = g_strdup(mailing->id);
    row->subject = g_strdup(mailing->subject);
    row->audience = g_strdup(mailing->audience);
    row->planned_at = mailing->planned_at;
    row->counts.of[FIGURE_LEFT_OUT] = mailing->excluded;
    return row;
}

static gboolean count_mailing(void *user, const char *id, const guint64 *counts)
{
    const Accounting *self = user;
    add_counts(&self->figures->counts, counts);
    for (guint i = 0; i < self->figures->mailings->len; i++) {
        FigureMailing *row = g_ptr_array_index(self->figures->mailings, i);
        if (g_str_equal(row->id, id))
            add_counts(&row->counts, counts);
    }
    return TRUE;
}

static gboolean gather_mailings(Accounting *self, GError **error)
{
    g_autoptr(GPtrArray) all = mailings_all(self->ledger, error);
    if (!all)
        return FALSE;
    for (guint i = 0; i < all->len; i++) {
        const Mailing *mailing = g_ptr_array_index(all, i);
        if (mailing->planned_at >= self->scope.since)
            g_ptr_array_add(self->figures->mailings, mailing_row(mailing));
    }
    return TRUE;
}

/* Where a rehearsal's letters went; the folder as the config names it today. */
static char *rehearsal_of(const Workspace *workspace, const Mailing *mailing)
{
    switch (mailing->via) {
    case VIA_OUTBOX:
        return g_strdup_printf("written into %s",
                               settings_path(workspace_settings(workspace), "outbox.folder"));
    case VIA_NULL:
        return g_strdup("written to nowhere (transport 'null')");
    case VIA_NOTHING:
    case VIA_RELAY:
    case VIAS:
        return g_strdup("");
    }
    g_assert_not_reached();
}

static void describe_mailing(Figures *figures, const Workspace *workspace, const Mailing *mailing)
{
    figures->is_withdrawn = mailing->state == MAILING_WITHDRAWN;
    figures->rehearsal = rehearsal_of(workspace, mailing);
    figures->id = g_strdup(mailing->id);
    figures->subject = g_strdup(mailing->subject);
    figures->audience = g_strdup(mailing->audience);
    figures->sender = g_strdup(mailing->sender);
    figures->update = g_strdup(mailing->update);
    figures->planned_at = mailing->planned_at;
}

/* --- domains --------------------------------------------------------------------------------- */

/* Domains without trouble are shown up to so many rows in all: the rest would only be a wall. */
enum { DOMAINS_WELL_MAX = 10 };

static guint64 sum_of(const guint64 *counts)
{
    guint64 sum = 0;
    for (int i = 0; i < DELIVERY_STATES; i++)
        sum += counts[i];
    return sum;
}

static gboolean add_domain(void *user, const char *domain, const guint64 *counts)
{
    Figures *figures = user;
    gboolean is_well = counts[DELIVERY_SENT] + counts[DELIVERY_PLANNED] + counts[DELIVERY_SENDING] +
                           counts[DELIVERY_WRITTEN] + counts[DELIVERY_LEFT_OUT] ==
                       sum_of(counts);
    if (figures->domains->len >= (is_well ? DOMAINS_WELL_MAX : FIGURES_GROUPS_MAX)) {
        figures->more_domains = TRUE;
        return FALSE;
    }
    FigureGroup *row = g_new0(FigureGroup, 1);
    row->name = g_strdup(domain);
    add_counts(&row->counts, counts);
    g_ptr_array_add(figures->domains, row);
    return TRUE;
}

/* --- suppressions ---------------------------------------------------------------------------- */

/* The latest are kept: they come oldest first. */
static gboolean add_suppression(void *user, const Suppression *one)
{
    const Accounting *self = user;
    GPtrArray *rows = self->figures->suppressions;
    const Mailing *mailing = self->wanted->mailing;
    if (mailing && *one->audience && !g_str_equal(one->audience, mailing->audience))
        return TRUE;
    self->figures->suppressions_count++;
    FigureSuppression *row = g_new0(FigureSuppression, 1);
    row->address = g_strdup(one->address);
    row->audience = g_strdup(one->audience);
    row->reason = g_strdup(one->reason);
    row->source = g_strdup(one->source);
    row->since = one->since;
    g_ptr_array_add(rows, row);
    if (rows->len >= 2 * FIGURES_PEOPLE_MAX)
        g_ptr_array_remove_range(rows, 0, FIGURES_PEOPLE_MAX);
    return TRUE;
}

static gboolean gather_suppressions(Accounting *self, GError **error)
{
    GPtrArray *rows = self->figures->suppressions;
    if (!suppressions_each(self->ledger, NULL, FALSE, add_suppression, self, error))
        return FALSE;
    for (guint i = 0; i < rows->len / 2; i++) {
        gpointer other = rows->pdata[rows->len - 1 - i];
        rows->pdata[rows->len - 1 - i] = rows->pdata[i];
        rows->pdata[i] = other;
    }
    if (rows->len > FIGURES_PEOPLE_MAX)
        g_ptr_array_set_size(rows, FIGURES_PEOPLE_MAX);
    return TRUE;
}

/* --- all of it ------------------------------------------------------------------------------- */

static gboolean gather(Accounting *self, GError **error)
{
    Ledger *ledger = self->ledger;
    Figures *figures = self->figures;
    if (self->wanted->mailing)
        describe_mailing(figures, self->workspace, self->wanted->mailing);
    else if (!gather_mailings(self, error))
        return FALSE;
    return tallies_mailings(ledger, &self->scope, count_mailing, self, error) &&
           account_times(self, error) &&
           tallies_domains(ledger, &self->scope, FIGURES_GROUPS_MAX + 1, add_domain, figures,
                           error) &&
           account_people(self, error) && (!self->wanted->by || account_by(self, error)) &&
           gather_suppressions(self, error);
}

Figures *account_gather(const Workspace *workspace, Ledger *ledger, const AccountWanted *wanted,
                        GError **error)
{
    g_autoptr(Figures) figures = figures_new(clock_now());
    g_assert(!wanted->by || wanted->mailing);
    Accounting self = {
        .workspace = workspace,
        .ledger = ledger,
        .wanted = wanted,
        .figures = figures,
        .scope = {.mailing = wanted->mailing ? wanted->mailing->number : 0,
                  .since = wanted->mailing ? 0 : wanted->since},
    };
    const char *office = settings_text(workspace_settings(workspace), "office.name");
    figures->since = self.scope.since;
    figures->office = g_strdup(office ? office : "");
    if (!ledger_begin(ledger, error))
        return FALSE;
    gboolean ok = gather(&self, error);
    ledger_rollback(ledger);
    return ok ? g_steal_pointer(&figures) : NULL;
}
