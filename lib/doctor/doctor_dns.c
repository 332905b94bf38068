/* doctor_dns - what the DNS says about the addresses that letters carry: SPF, DKIM, DMARC, MX */
#include <string.h>

#include "config/provider.h"
#include "net/resolver.h"
#include "mail/address.h"
#include "net/senderpolicy.h"
#include "doctor/doctor_parts.h"

enum {
    SPF_DEPTH = 11,    /* of includes within includes: each is a lookup, and ten are allowed */
    SPF_COUNT_MAX = 40 /* lookups after which nobody counts on */
};

typedef struct {
    DoctorRun *examination;
    Resolver *resolver;
    gboolean is_signed;   /* a DKIM key of the From domain is in place */
    gboolean from_exists; /* the From domain has a mail server or an address */
    const char *problem;  /* why nobody could say; borrowed */
    /* Of the SPF records that are reached from the first one. */
    const char *wanted; /* an include that must be there, or NULL */
    gboolean has_wanted;
    guint lookups;
    char *broken; /* what is wrong with one of them, or NULL */
    gboolean is_unknown;
} Dns;

static const char *const *texts_of(const ResolverAnswer *answer, GPtrArray *list)
{
    for (guint i = 0; i < answer->records->len; i++)
        g_ptr_array_add(list, g_ptr_array_index(answer->records, i));
    g_ptr_array_add(list, NULL);
    return (const char *const *)list->pdata;
}

/* The TXT records of a name in an array that ends with NULL; NULL when nobody can say. */
static GPtrArray *ask_texts(Dns *self, const char *name, const char **problem)
{
    const ResolverAnswer *answer = resolver_ask(self->resolver, RESOLVER_TXT, name);
    *problem = answer->problem;
    if (answer->status == RESOLVER_FAILED)
        return NULL;
    GPtrArray *list = g_ptr_array_new();
    texts_of(answer, list);
    return list;
}

/* Nobody can say: try again, or fix the name servers. */
static void tell_unknown(Dns *self, const char *name, const char *problem)
{
    doctor_fail(self->examination, CIRCULAR_ERROR_TEMPORARY,
                "check this machine's name servers (/etc/resolv.conf) and try again",
                "%s can't be looked up: %s", name, problem);
}

/* --- SPF -------------------------------------------------------------------------------------- */

static Spf *ask_spf(Dns *self, const char *domain, const char **problem)
{
    g_autoptr(GPtrArray) texts = ask_texts(self, domain, problem);
    return texts ? senderpolicy_spf((const char *const *)texts->pdata) : NULL;
}

static void walk_spf(Dns *self, const Spf *spf, guint depth)
{
    self->lookups += spf->lookups;
    for (guint i = 0; i < spf->includes->len; i++) {
        const SpfInclude *include = &g_array_index(spf->includes, SpfInclude, i);
        const char *problem;
        if (self->wanted && include->passes && g_str_equal(include->domain, self->wanted))
            self->has_wanted = TRUE;
        if (strchr(include->domain, '%')) /* depends on each letter: RFC 7208 section 7 */
            continue;
        if (depth >= SPF_DEPTH || self->lookups > SPF_COUNT_MAX || self->broken)
            return;
        g_autoptr(Spf) inner = ask_spf(self, include->domain, &problem);
        if (!inner)
            self->is_unknown = TRUE;
        else if (inner->state == POLICY_FOUND)
            walk_spf(self, inner, depth + 1);
        else
            self->broken =
                g_strdup_printf("it includes %s, which has %s", include->domain,
                                inner->state == POLICY_NONE      ? "no SPF record"
                                : inner->state == POLICY_SEVERAL ? "more than one SPF record"
                                                                 : "a broken SPF record");
    }
}

static char *spf_advice(const Dns *self)
{
    return self->wanted
               ? g_strdup_printf("publish the TXT record \"v=spf1 include:%s -all\" there",
                                 self->wanted)
               : g_strdup("ask whoever runs the relay which SPF record lets it send, and publish "
                          "that there");
}

/* The record is there and can be read: does it do? */
static void judge_spf(Dns *self, const char *domain, const Spf *spf)
{
    DoctorRun *out = self->examination;
    walk_spf(self, spf, 1);
    if (self->broken)
        doctor_fail(out, CIRCULAR_ERROR_CONFIG, "take the include out, or have it fixed",
                    "the SPF record of %s counts for nothing: %s", domain, self->broken);
    else if (self->lookups > SENDERPOLICY_LOOKUPS_MAX)
        doctor_fail(out, CIRCULAR_ERROR_CONFIG, "take out includes that are no longer needed",
                    "the SPF record of %s counts for nothing: it needs %s%u lookups, over %d",
                    domain, self->lookups > SPF_COUNT_MAX ? "over " : "",
                    MIN(self->lookups, (guint)SPF_COUNT_MAX), SENDERPOLICY_LOOKUPS_MAX);
    else if (self->is_unknown)
        doctor_warn(out, "try again", "not all that the SPF record of %s includes can be looked up",
                    domain);
    else if (self->wanted && !self->has_wanted) {
        g_autofree char *fix = g_strdup_printf("add include:%s to it", self->wanted);
        doctor_fail(out, CIRCULAR_ERROR_CONFIG, fix,
                    "the SPF record of %s doesn't let the relay's provider send", domain);
    } else if (spf->all == '+')
        doctor_warn(out, "end it with -all or ~all",
                    "the SPF record of %s lets anybody send (+all)", domain);
    else if (spf->ends_early)
        doctor_warn(out, "put 'all' at its end",
                    "the SPF record of %s goes on after 'all', and nobody reads that", domain);
    else
        doctor_ok(out, "SPF: the record of %s %s (%u of %d lookups)", domain,
                  self->wanted ? "lets the relay's provider send"
                               : "says who may send; whether that is your relay is for its owner "
                                 "to say",
                  self->lookups, SENDERPOLICY_LOOKUPS_MAX);
}

static void doctor_spf(Dns *self, const char *domain)
{
    DoctorRun *out = self->examination;
    const char *problem;
    g_autoptr(Spf) spf = ask_spf(self, domain, &problem);
    g_autofree char *advice = spf_advice(self);
    if (!spf) {
        tell_unknown(self, domain, problem);
        return;
    }
    switch (spf->state) {
    case POLICY_NONE:
        if (self->is_signed)
            doctor_warn(out, advice, "%s has no SPF record", domain);
        else
            doctor_fail(out, CIRCULAR_ERROR_CONFIG, advice,
                        "%s has no SPF record: many receivers will take your letters for spam",
                        domain);
        return;
    case POLICY_SEVERAL:
        doctor_fail(out, CIRCULAR_ERROR_CONFIG, "make one of them",
                    "%s has more than one SPF record: receivers take none", domain);
        return;
    case POLICY_BROKEN:
        doctor_fail(out, CIRCULAR_ERROR_CONFIG, "fix the TXT record",
                    "the SPF record of %s is broken: %s", domain, spf->problem);
        return;
    case POLICY_FOUND:
        judge_spf(self, domain, spf);
        return;
    }
}

/* --- DKIM ------------------------------------------------------------------------------------- */

static void judge_dkim(Dns *self, const char *name, const Dkim *dkim)
{
    DoctorRun *out = self->examination;
    static const char fix[] = "switch DKIM on at your mail server and publish the record that it "
                              "shows, or correct dkim.selector";
    if (dkim->state == POLICY_NONE)
        doctor_fail(out, CIRCULAR_ERROR_CONFIG, fix, "DKIM: there is no key at %s", name);
    else if (dkim->state == POLICY_SEVERAL)
        doctor_fail(out, CIRCULAR_ERROR_CONFIG, "leave one", "DKIM: more than one record at %s",
                    name);
    else if (dkim->state == POLICY_BROKEN)
        doctor_fail(out, CIRCULAR_ERROR_CONFIG, fix, "DKIM: the record at %s is broken: %s", name,
                    dkim->problem);
    else if (dkim->revoked)
        doctor_fail(out, CIRCULAR_ERROR_CONFIG, fix, "DKIM: the key at %s was taken back (p=)",
                    name);
    else if (dkim->weak)
        doctor_warn(out, "have a key of 2048 bits made",
                    "DKIM: the key at %s is too short to be believed", name);
    else if (dkim->testing)
        doctor_warn(out, "take t=y out once signing works",
                    "DKIM: the key at %s is marked as a trial", name);
    else
        doctor_ok(out, "DKIM: a key is at %s", name);
    self->is_signed = dkim->state == POLICY_FOUND && !dkim->revoked && !dkim->weak;
}

static void doctor_dkim(Dns *self, const char *domain)
{
    const char *selector = settings_text(self->examination->settings, "dkim.selector");
    const char *problem;
    if (!selector) {
        doctor_skip(self->examination, "DKIM: dkim.selector isn't set, so no key was looked for");
        return;
    }
    g_autofree char *name = g_strconcat(selector, "._domainkey.", domain, NULL);
    g_autoptr(GPtrArray) texts = ask_texts(self, name, &problem);
    if (!texts) {
        tell_unknown(self, name, problem);
        return;
    }
    g_autoptr(Dkim) dkim = senderpolicy_dkim((const char *const *)texts->pdata);
    judge_dkim(self, name, dkim);
}

/* --- DMARC ------------------------------------------------------------------------------------ */

static Dmarc *ask_dmarc(void *user, const char *domain)
{
    Dns *self = user;
    g_autofree char *name = g_strconcat("_dmarc.", domain, NULL);
    g_autoptr(GPtrArray) texts = ask_texts(self, name, &self->problem);
    return texts ? senderpolicy_dmarc((const char *const *)texts->pdata) : NULL;
}

/* Whether the envelope sender's domain may vouch for From: the same domain, or unless From's record
 * is strict, one of the same organisation, which the DNS knows (RFC 9989 section 4.4). */
static gboolean is_aligned(Dns *self, const DmarcDiscovery *from, const char *domain,
                           const char *sender)
{
    if (from->dmarc->strict_spf || g_str_equal(domain, sender))
        return g_str_equal(domain, sender);
    g_autoptr(DmarcDiscovery) theirs = senderpolicy_discover(sender, ask_dmarc, self);
    return theirs ? g_str_equal(from->organisation, theirs->organisation)
                  : senderpolicy_is_aligned(domain, sender, FALSE);
}

/* Receivers ask for one of the two: an SPF pass, or a DKIM signature, in the name of the From
 * domain. */
static void judge_alignment(Dns *self, const DmarcDiscovery *found, const char *from,
                            const char *sender)
{
    DoctorRun *out = self->examination;
    static const char fix[] = "set bounce.address to an address of the From domain, or have your "
                              "mail server sign as it and set dkim.selector";
    DmarcPolicy policy = senderpolicy_dmarc_for(found, from, self->from_exists);
    gboolean testing = found->dmarc->testing && policy != DMARC_DO_NONE;
    g_autofree char *word =
        g_strconcat("p=", senderpolicy_dmarc_word(policy), testing ? ", on trial: t=y" : "", NULL);
    if (is_aligned(self, found, from, sender))
        doctor_ok(out, "DMARC: %s (%s) accepts the envelope sender's domain %s", from, word,
                  sender);
    else if (self->is_signed)
        doctor_ok(out, "DMARC: %s (%s) accepts letters for their DKIM signature alone", from, word);
    else if (policy == DMARC_DO_NONE)
        doctor_warn(out, fix,
                    "DMARC: the envelope sender's domain %s isn't %s's, and no DKIM key is known",
                    sender, from);
    else if (testing)
        doctor_warn(out, fix,
                    "DMARC: the envelope sender's domain %s isn't %s's, and no DKIM key is known: "
                    "once the trial (t=y) ends, letters are to be %s",
                    sender, from, policy == DMARC_REJECT ? "rejected" : "put aside");
    else
        doctor_fail(out, CIRCULAR_ERROR_CONFIG, fix,
                    "DMARC: %s asks receivers to %s letters whose envelope sender is of %s, "
                    "unless a DKIM signature of %s saves them",
                    from, policy == DMARC_REJECT ? "reject" : "put aside", sender, from);
}

static void judge_dmarc(Dns *self, const DmarcDiscovery *found, const char *from,
                        const char *sender)
{
    if (found->dmarc->ignored)
        doctor_warn(self->examination, "correct the TXT record at _dmarc of that domain",
                    "DMARC: the record of %s doesn't do all that it says: %s", found->at,
                    found->dmarc->ignored);
    judge_alignment(self, found, from, sender);
}

static void doctor_dmarc(Dns *self, const char *from, const char *sender)
{
    DoctorRun *out = self->examination;
    g_autoptr(DmarcDiscovery) found = senderpolicy_discover(from, ask_dmarc, self);
    if (!found) {
        tell_unknown(self, from, self->problem);
        return;
    }
    switch (found->dmarc->state) {
    case POLICY_NONE:
        doctor_warn(out, "publish \"v=DMARC1; p=none; rua=mailto:...\" at _dmarc of that domain",
                    "DMARC: %s has no record; large providers ask bulk senders for one", from);
        return;
    case POLICY_SEVERAL:
        doctor_fail(out, CIRCULAR_ERROR_CONFIG, "leave one",
                    "DMARC: %s has more than one record: receivers take none", found->at);
        return;
    case POLICY_BROKEN:
        doctor_fail(out, CIRCULAR_ERROR_CONFIG, "fix the TXT record at _dmarc of that domain",
                    "DMARC: the record of %s is broken: %s", found->at, found->dmarc->problem);
        return;
    case POLICY_FOUND:
        judge_dmarc(self, found, from, sender);
        return;
    }
}

/* --- where answers go ------------------------------------------------------------------------- */

static gboolean doctor_mail(Dns *self, const char *domain, const char *whose)
{
    DoctorRun *out = self->examination;
    g_autofree char *detail = NULL;
    ResolverMail mail = resolver_mail(self->resolver, domain, &detail);
    self->from_exists = mail != RESOLVER_MAIL_NOWHERE; /* the From domain comes last */
    switch (mail) {
    case RESOLVER_MAIL_HOSTS:
        doctor_ok(out, "mail for %s (%s) goes to %s", domain, whose, detail);
        return TRUE;
    case RESOLVER_MAIL_IMPLICIT:
        doctor_warn(out, "publish an MX record",
                    "%s (%s) has no MX record: mail goes to its address %s", domain, whose, detail);
        return TRUE;
    case RESOLVER_MAIL_NULL:
    case RESOLVER_MAIL_NOWHERE:
        doctor_fail(out, CIRCULAR_ERROR_CONFIG, "use an address that can get mail",
                    "%s (%s) takes no mail: what is sent back is lost", domain, whose);
        return TRUE;
    case RESOLVER_MAIL_NO_NAME:
        doctor_fail(out, CIRCULAR_ERROR_CONFIG, "correct the address in the config",
                    "there is no domain %s (%s)", domain, whose);
        return FALSE;
    case RESOLVER_MAIL_FAILED:
        tell_unknown(self, domain, detail);
        return FALSE;
    }
    g_assert_not_reached();
}

void doctor_dns(DoctorRun *self)
{
    g_autoptr(Address) from = doctor_run_from(self);
    g_autoptr(Address) sender = doctor_run_sender(self);
    if (!doctor_run_has_relay(self) || !from || !sender) {
        doctor_skip(self, doctor_run_has_relay(self) ? "there is no From address to look up"
                                                     : "relay.host isn't set: nothing is mailed");
        return;
    }
    g_autoptr(Resolver) resolver = resolver_new(0);
    Dns dns = {
        .examination = self, .resolver = resolver, .wanted = provider_spf_include(self->settings)};
    gboolean is_same = g_str_equal(from->domain, sender->domain);
    if (!doctor_mail(&dns, sender->domain, is_same ? "From and bounces" : "bounces"))
        return;
    if (!is_same && !doctor_mail(&dns, from->domain, "From"))
        return;
    doctor_dkim(&dns, from->domain);
    doctor_spf(&dns, sender->domain);
    doctor_dmarc(&dns, from->domain, sender->domain);
    g_free(dns.broken);
}
