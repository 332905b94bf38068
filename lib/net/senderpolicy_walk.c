/* senderpolicy_walk - up the DNS to the record that holds for a domain (RFC 9989 section 4.10) */
#include <string.h>

#include "net/senderpolicy.h"

enum { LABELS_WALKED = 8 }; /* of a longer name, the last seven follow the whole of it */

typedef struct {
    const char *domain; /* a tail of the one where the walk began */
    Dmarc *dmarc;
} Step;

static void step_clear(void *step)
{
    dmarc_free(((Step *)step)->dmarc);
}

void dmarc_discovery_free(DmarcDiscovery *discovery)
{
    if (!discovery)
        return;
    dmarc_free(discovery->dmarc);
    g_free(discovery->at);
    g_free(discovery->organisation);
    g_free(discovery);
}

static guint labels_of(const char *domain)
{
    guint labels = 1;
    for (; *domain; domain++)
        labels += *domain == '.';
    return labels;
}

static const char *above(const char *domain)
{
    const char *dot = strchr(domain, '.');
    return dot ? dot + 1 : NULL;
}

static const char *next_of(const char *domain)
{
    const char *next = above(domain);
    while (next && labels_of(next) >= LABELS_WALKED)
        next = above(next);
    return next;
}

/* Every name on the way with what stands there, as far as the walk goes; FALSE when nobody can say. */
static gboolean walk(GArray *steps, const char *domain, DmarcAsk ask, void *user)
{
    for (const char *at = domain; at && steps->len < DMARC_WALK_MAX; at = next_of(at)) {
        Step step = {.domain = at, .dmarc = ask(user, at)};
        if (!step.dmarc)
            return FALSE;
        g_array_append_val(steps, step);
        if (step.dmarc->state == POLICY_FOUND && step.dmarc->psd != DMARC_PSD_UNKNOWN)
            break;
    }
    return TRUE;
}

/* The part of `domain` that has one label more than its tail `parent`. */
static const char *below(const char *domain, const char *parent)
{
    const char *at = parent - 1; /* the dot in front of it */
    while (at > domain && at[-1] != '.')
        at--;
    return at;
}

/* RFC 9989 section 4.10.2; the last step alone can have a psd. */
static const char *organisation_of(const GArray *steps, const char *domain)
{
    const char *organisation = domain;
    for (guint i = 0; i < steps->len; i++) {
        const Step *step = &g_array_index(steps, Step, i);
        if (step->dmarc->state != POLICY_FOUND)
            continue;
        if (step->dmarc->psd == DMARC_PSD_YES && i > 0)
            return below(domain, step->domain);
        organisation = step->domain;
    }
    return organisation;
}

/* The domain's own record, else its organisation's, else that of whom it is registered with (RFC
 * 9989 section 4.10.1). */
static Step *holding(const GArray *steps, const char *organisation)
{
    Step *own = &g_array_index(steps, Step, 0), *last = own;
    if (own->dmarc->state != POLICY_NONE)
        return own;
    for (guint i = 1; i < steps->len; i++) {
        Step *step = &g_array_index(steps, Step, i);
        if (step->dmarc->state == POLICY_FOUND)
            last = step;
        if (last == step && step->domain == organisation)
            return step;
    }
    return last->dmarc->psd == DMARC_PSD_YES ? last : own;
}

DmarcDiscovery *senderpolicy_discover(const char *domain, DmarcAsk ask, void *user)
{
    g_autoptr(GArray) steps = g_array_new(FALSE, FALSE, sizeof(Step));
    g_array_set_clear_func(steps, step_clear);
    if (!walk(steps, domain, ask, user))
        return NULL;
    const char *organisation = organisation_of(steps, domain);
    Step *step = holding(steps, organisation);
    DmarcDiscovery *discovery = g_new0(DmarcDiscovery, 1);
    discovery->organisation = g_strdup(organisation);
    discovery->at = g_strdup(step->domain);
    discovery->dmarc = g_steal_pointer(&step->dmarc);
    return discovery;
}

DmarcPolicy senderpolicy_dmarc_for(const DmarcDiscovery *discovery, const char *domain,
                                   gboolean exists)
{
    const Dmarc *dmarc = discovery->dmarc;
    if (g_str_equal(discovery->at, domain))
        return dmarc->policy;
    return exists ? dmarc->subdomains : dmarc->nonexistent;
}
