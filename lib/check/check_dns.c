/* check_dns - what the DNS says about sender and recipients */
#include <string.h>

#include "text/amount.h"
#include "net/resolver.h"
#include "net/senderpolicy.h"
#include "check/check_parts.h"

enum {
    SECONDS = 60,       /* for all questions */
    DOMAINS_MAX = 2000, /* of recipients that are looked up */
    SILENT_MAX = 3      /* in a row: then nobody answers, and the rest isn't asked */
};

typedef struct {
    Check *preflight;
    Resolver *resolver;
    guint asked, silent, in_a_row, left;
} Looking;

/* --- sender ---------------------------------------------------------------------------------- */

/* The TXT records of a name, NULL-terminated, borrowed, to be unreffed; NULL when nobody can say.
 */
static GPtrArray *texts_of(Looking *in, const char *name)
{
    const ResolverAnswer *answer = resolver_ask(in->resolver, RESOLVER_TXT, name);
    if (answer->status == RESOLVER_FAILED) {
        in->silent++;
        return NULL;
    }
    GPtrArray *texts = g_ptr_array_new();
    for (guint i = 0; answer->status == RESOLVER_FOUND && i < answer->records->len; i++)
        g_ptr_array_add(texts, g_ptr_array_index(answer->records, i));
    g_ptr_array_add(texts, NULL);
    return texts;
}

static void check_spf(Looking *in, const char *domain)
{
    Findings *findings = in->preflight->findings;
    const char *file = settings_file(workspace_settings(in->preflight->workspace));
    g_autoptr(GPtrArray) texts = texts_of(in, domain);
    if (!texts)
        return;
    g_autoptr(Spf) spf = senderpolicy_spf((const char *const *)texts->pdata);
    switch (spf->state) {
    case POLICY_NONE:
        rule_report(findings, "spf", file, 0, "'%s' has no SPF record", domain);
        return;
    case POLICY_SEVERAL:
        rule_report(findings, "spf", file, 0, "'%s' has several SPF records: receivers take none",
                    domain);
        return;
    case POLICY_BROKEN:
        rule_report(findings, "spf", file, 0, "the SPF record of '%s' can't be read: %s", domain,
                    spf->problem);
        return;
    case POLICY_FOUND:
        break;
    }
    if (spf->all == '+')
        rule_report(findings, "spf", file, 0,
                    "the SPF record of '%s' lets everybody send in its name (+all)", domain);
    else if (spf->lookups > SENDERPOLICY_LOOKUPS_MAX)
        rule_report(findings, "spf", file, 0,
                    "the SPF record of '%s' costs %u look-ups, over the %d that receivers make",
                    domain, spf->lookups, SENDERPOLICY_LOOKUPS_MAX);
}

static Dmarc *ask_dmarc(void *user, const char *domain)
{
    g_autofree char *name = g_strconcat("_dmarc.", domain, NULL);
    g_autoptr(GPtrArray) texts = texts_of(user, name);
    return texts ? senderpolicy_dmarc((const char *const *)texts->pdata) : NULL;
}

static void check_dmarc(Looking *in, const char *domain)
{
    Findings *findings = in->preflight->findings;
    const char *file = settings_file(workspace_settings(in->preflight->workspace));
    g_autoptr(DmarcDiscovery) found = senderpolicy_discover(domain, ask_dmarc, in);
    if (!found)
        return;
    const Dmarc *dmarc = found->dmarc;
    switch (dmarc->state) {
    case POLICY_NONE:
        rule_report(findings, "dmarc", file, 0, "'%s' has no DMARC record", domain);
        return;
    case POLICY_SEVERAL:
    case POLICY_BROKEN:
        rule_report(findings, "dmarc", file, 0, "the DMARC record of '%s' doesn't hold: %s",
                    found->at, dmarc->problem ? dmarc->problem : "there are several");
        return;
    case POLICY_FOUND:
        if (dmarc->ignored)
            rule_report(findings, "dmarc", file, 0,
                        "the DMARC record of '%s' doesn't do all that it says: %s", found->at,
                        dmarc->ignored);
        return;
    }
}

/* --- recipients ------------------------------------------------------------------------------ */

static void look_up(void *user, const char *domain, guint count, const char *file, guint line)
{
    Looking *in = user;
    Findings *findings = in->preflight->findings;
    const CheckOptions *options = in->preflight->options;
    if (in->in_a_row >= SILENT_MAX || in->asked >= DOMAINS_MAX) {
        in->left++;
        return;
    }
    if (options->progress)
        options->progress(options->user, "Domains", in->asked, in->asked + 1);
    in->asked++;
    ResolverMail mail = resolver_mail(in->resolver, domain, NULL);
    in->in_a_row = mail == RESOLVER_MAIL_FAILED ? in->in_a_row + 1 : 0;
    in->silent += mail == RESOLVER_MAIL_FAILED;
    g_autofree char *whose =
        g_strdup_printf("'%s' (%u letter%s)", domain, count, amount_form(count, "", "s"));
    if (mail == RESOLVER_MAIL_NO_NAME)
        rule_report(findings, "no-mx", file, line, "%s: there is no such domain", whose);
    else if (mail == RESOLVER_MAIL_NOWHERE)
        rule_report(findings, "no-mx", file, line, "%s has no mail server", whose);
    else if (mail == RESOLVER_MAIL_NULL)
        rule_report(findings, "no-mx", file, line, "%s says that it takes no mail", whose);
}

void check_dns(Check *self)
{
    g_autoptr(Resolver) resolver = resolver_new(SECONDS);
    Looking in = {.preflight = self, .resolver = resolver};
    const char *envelope = workspace_envelope_sender(self->workspace, self->letter);
    const char *at = envelope ? strrchr(envelope, '@') : NULL;
    if (at)
        check_spf(&in, at + 1);
    check_dmarc(&in, letter_from(self->letter)->domain);
    addressbook_each(self->addressbook, look_up, &in);
    if (in.silent || in.left)
        rule_report(self->findings, "dns-silent", NULL, 0,
                    "%u look-up%s had no answer, and %u domain%s not asked for: has this machine a "
                    "connection?",
                    in.silent, amount_form(in.silent, "", "s"), in.left,
                    amount_form(in.left, " was", "s were"));
    self->ran[RULE_WITH_DNS] = !in.silent && !in.left;
}
