/* test-senderpolicy - SPF, DMARC and DKIM records, read as receivers do */
#include "net/senderpolicy.h"

#include <string.h>

#define TEXTS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void test_organisation(void)
{
    static const char *const cases[][2] = {
        {"example.org", "example.org"},
        {"mail.example.org", "example.org"},
        {"a.b.mail.example.org", "example.org"},
        {"mail.school.example",
         "school.example"}, /* no suffix of the list: the last label is one */
        {"northmere.gov.uk", "northmere.gov.uk"},
        {"bounces.northmere.gov.uk", "northmere.gov.uk"},
        {"news.trust.org.uk", "trust.org.uk"},
        {"mail.school.example.sch.uk", "school.example.sch.uk"},
        {"school.example.sch.uk", "school.example.sch.uk"},
        {"example.sch.uk", "example.sch.uk"},
        {"x.basch.uk", "basch.uk"},
        {"mail.example.co.jp", "example.co.jp"},
        {"x.example.com.au", "example.com.au"},
        {"mail.stadt.example.de", "example.de"},
        {"co.example.com", "example.com"},
        /* What no rule about labels could know: words of a registry's own, and levels below. */
        {"mail.school.k12.ca.us", "school.k12.ca.us"},
        {"mail.ysgol.cymru", "ysgol.cymru"},
        {"mail.example.schools.nsw.edu.au", "example.schools.nsw.edu.au"},
        {"mail.example.school.nz", "example.school.nz"},
        {"mail.example.gv.at", "example.gv.at"},
        {"mail.example.gen.tr", "example.gen.tr"},
        {"mail.example.me.uk", "example.me.uk"},
        {"Mail.School.Example.SCH.uK", "school.example.sch.uk"},
        {"mail.me.de", "me.de"}, /* "me" is nothing special in Germany */
        {"gov.uk", "gov.uk"},
        {"uk", "uk"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *domain = senderpolicy_organisation(cases[i][0]);
        g_assert_cmpstr(domain, ==, cases[i][1]);
    }
}

static void test_alignment(void)
{
    g_assert_true(senderpolicy_is_aligned("example.org", "Example.Org", TRUE));
    g_assert_true(senderpolicy_is_aligned("example.org", "bounces.example.org", FALSE));
    g_assert_false(senderpolicy_is_aligned("example.org", "bounces.example.org", TRUE));
    g_assert_true(senderpolicy_is_aligned("a.example.org", "b.example.org", FALSE));
    g_assert_false(senderpolicy_is_aligned("one.gov.uk", "two.gov.uk", FALSE));
    g_assert_false(senderpolicy_is_aligned("example.org", "notexample.org", FALSE));
}

/* --- SPF -------------------------------------------------------------------------------------- */

static void test_spf_fine(void)
{
    static const struct {
        const char *text;
        guint lookups, includes;
        char all;
    } cases[] = {
        {"v=spf1 include:spf.protection.outlook.com -all", 1, 1, '-'},
        {"V=SPF1 INCLUDE:_spf.Google.com ~ALL", 1, 1, '~'},
        {"v=spf1", 0, 0, 0},
        {"v=spf1 ", 0, 0, 0},
        {"v=spf1  ip4:192.0.2.1  ip4:192.0.2.0/24 ip6:2001:db8::/32 ?all", 0, 0, '?'},
        {"v=spf1 a mx a:mail.example.org/24 mx/24//64 a//128 -all", 5, 0, '-'},
        {"v=spf1 ptr exists:%{ir}.sbl.example.org all", 2, 0, '+'},
        {"v=spf1 include:%{d2}._spf.example.org redirect=_spf.example.com", 2, 2, 0},
        {"v=spf1 redirect=_spf.example.com -all", 0, 0, '-'},
        {"v=spf1 exp=explain._spf.%{d} op=auth -all", 0, 0, '-'},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Spf) spf = senderpolicy_spf(TEXTS("other text", cases[i].text));
        g_test_message("%s: %s", cases[i].text, spf->problem);
        g_assert_cmpint(spf->state, ==, POLICY_FOUND);
        g_assert_cmpuint(spf->lookups, ==, cases[i].lookups);
        g_assert_cmpuint(spf->includes->len, ==, cases[i].includes);
        g_assert_cmpint(spf->all, ==, cases[i].all);
    }
}

static void test_spf_includes(void)
{
    g_autoptr(Spf) spf =
        senderpolicy_spf(TEXTS("v=spf1 include:A.example -include:b.example redirect=c.example"));
    const SpfInclude *all = (const SpfInclude *)(void *)spf->includes->data;
    g_assert_cmpuint(spf->includes->len, ==, 3);
    g_assert_cmpstr(all[0].domain, ==, "a.example");
    g_assert_true(all[0].passes);
    g_assert_cmpstr(all[1].domain, ==, "b.example");
    g_assert_false(all[1].passes);
    g_assert_cmpstr(all[2].domain, ==, "c.example");
    g_assert_true(all[2].passes);
}

static void test_spf_broken(void)
{
    static const char *const cases[] = {
        "v=spf1 include: -all",
        "v=spf1 include=example.org -all",
        "v=spf1 include:example -all",
        "v=spf1 include:exa mple.org -all",
        "v=spf1 ipv4:192.0.2.1 -all",
        "v=spf1 ip4:mail.example.org -all",
        "v=spf1 ip4:192.0.2.1/33 -all",
        "v=spf1 ip4:192.0.2.1/ -all",
        "v=spf1 ip4:192.0.2.256 -all",
        "v=spf1 ip6:2001:db8::/129 -all",
        "v=spf1 a:-all",
        "v=spf1 a/x -all",
        "v=spf1 include:_spf.example.com-all all:x",
        "v=spf1 -all:x",
        "v=spf1 --all",
        "v=spf1 redirect=a.example redirect=b.example",
        "v=spf1 exp=a.example exp=b.example -all",
        "v=spf1 exists:%{z}.example -all",
        "v=spf1 include:a..example -all",
        "v=spf1 =x",
        "v=spf1 mx;-all",
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Spf) spf = senderpolicy_spf(TEXTS(cases[i]));
        g_test_message("%s", cases[i]);
        g_assert_cmpint(spf->state, ==, POLICY_BROKEN);
        g_assert_nonnull(spf->problem);
    }
}

static void test_spf_count(void)
{
    g_autoptr(Spf) none = senderpolicy_spf(TEXTS("v=spf10 -all", "google-site-verification=x", ""));
    g_assert_cmpint(none->state, ==, POLICY_NONE);
    g_autoptr(Spf) two = senderpolicy_spf(TEXTS("v=spf1 -all", "x", "v=spf1 ~all"));
    g_assert_cmpint(two->state, ==, POLICY_SEVERAL);
    g_autoptr(Spf) late = senderpolicy_spf(TEXTS("v=spf1 -all include:late.example"));
    g_assert_true(late->ends_early);
    g_assert_cmpuint(late->includes->len, ==, 0);
}

static char *spf_of_terms(guint count)
{
    GString *text = g_string_new("v=spf1");
    for (guint i = 1; i < count; i++) /* the blank before the first makes one, too */
        g_string_append(text, " mx");
    return g_string_free(text, FALSE);
}

static char *padded(const char *start, char filler, gsize length)
{
    g_autofree char *fill = g_strnfill(length - strlen(start), filler);
    return g_strconcat(start, fill, NULL);
}

static void test_limits(void)
{
    for (guint i = 0; i < 3; i++) {
        PolicyState expected = i < 2 ? POLICY_FOUND : POLICY_BROKEN;
        g_autofree char *terms = spf_of_terms(SENDERPOLICY_TERMS_MAX - 1 + i);
        g_autoptr(Spf) many = senderpolicy_spf(TEXTS(terms));
        g_assert_cmpint(many->state, ==, expected);
        g_autofree char *longest = padded("v=spf1 x=", 'x', SENDERPOLICY_TEXT_MAX - 1 + i);
        g_autoptr(Spf) spf = senderpolicy_spf(TEXTS(longest));
        g_assert_cmpint(spf->state, ==, expected);
        g_autofree char *text = padded("v=DMARC1; p=none; ", ' ', SENDERPOLICY_TEXT_MAX - 1 + i);
        g_autoptr(Dmarc) dmarc = senderpolicy_dmarc(TEXTS(text));
        g_assert_cmpint(dmarc->state, ==, expected);
    }
}

/* --- DMARC ------------------------------------------------------------------------------------ */

/* What a record says in one line: its state, policies, what else is on, and what isn't heeded. */
static char *dmarc_in_short(const Dmarc *dmarc)
{
    static const char *const states[] = {"none", "found", "several", "broken"};
    static const char *const psds[] = {"", " psd", " no-psd"};
    return g_strdup_printf(
        "%s %s/%s/%s%s%s%s%s%s", states[dmarc->state], senderpolicy_dmarc_word(dmarc->policy),
        senderpolicy_dmarc_word(dmarc->subdomains), senderpolicy_dmarc_word(dmarc->nonexistent),
        psds[dmarc->psd], dmarc->testing ? " test" : "", dmarc->strict_dkim ? " dkim" : "",
        dmarc->strict_spf ? " spf" : "", dmarc->ignored ? " ignored" : "");
}

static void test_dmarc(void)
{
    static const char *const cases[][2] = {
        {"v=DMARC1; p=none", "found none/none/none"},
        {"v = DMARC1 ;p = Reject ; sp=none;aspf=s;adkim=S;", "found reject/none/none dkim spf"},
        {"v=DMARC1;p=reject;np=quarantine", "found reject/reject/quarantine"},
        {"v=DMARC1;p=none;sp=quarantine;np=reject;psd=y", "found none/quarantine/reject psd"},
        {"v=DMARC1;p=reject;t=Y;psd=n", "found reject/reject/reject no-psd test"},
        {"v=DMARC1;p=reject;t=n;psd=u", "found reject/reject/reject"},
        {"v=DMARC1;p=reject;t=yes;psd=maybe;aspf=x", "found reject/reject/reject"},
        /* Tags that nobody knows, in any order, and those that RFC 7489 had. */
        {"v=DMARC1;colour=blue;rua=mailto:d@example.org;p=quarantine;fo=1",
         "found quarantine/quarantine/quarantine"},
        {"v=DMARC1;p=reject;pct=100;rf=afrf;ri=86400", "found reject/reject/reject"},
        {"v=DMARC1;p=reject;pct=0", "found reject/reject/reject ignored"},
        {"v=DMARC1;p=reject;pct=200", "found reject/reject/reject ignored"},
        {"v=DMARC1; p=none; whatever", "found none/none/none ignored"},
        {"v=DMARC1; p=none; =x;", "found none/none/none ignored"},
        /* A policy that can't be read: p=none where reports are asked for, else nothing at all. */
        {"v=DMARC1; rua=mailto:d@example.org", "found none/none/none ignored"},
        {"v=DMARC1; p=strict; rua=https://x, mailto:d@example.org", "found none/none/none ignored"},
        {"v=DMARC1; p=reject; sp=strict; rua=mailto:d@example.org", "found none/none/none ignored"},
        {"v=DMARC1; p=reject; np=strict", "broken none/none/none"},
        {"v=DMARC1; p=strict; rua=d@example.org", "broken none/none/none"},
        {"v=DMARC1", "broken none/none/none"},
        {"v=DMARC1; p=none; p=reject", "broken none/none/none"},
        {"v=dmarc1; p=none", "none none/none/none"},
        {"p=none; v=DMARC1", "none none/none/none"},
        {"v=DMARC12; p=none", "none none/none/none"},
        {"v=spf1 -all", "none none/none/none"},
        {"", "none none/none/none"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Dmarc) dmarc = senderpolicy_dmarc(TEXTS("x", cases[i][0]));
        g_autofree char *got = dmarc_in_short(dmarc);
        g_test_message("%s: %s", cases[i][0], dmarc->problem ? dmarc->problem : dmarc->ignored);
        g_assert_cmpstr(got, ==, cases[i][1]);
        g_assert_true((dmarc->state == POLICY_BROKEN) == (dmarc->problem != NULL));
    }
    g_autoptr(Dmarc) two = senderpolicy_dmarc(TEXTS("v=DMARC1; p=none", "v=DMARC1; p=reject"));
    g_assert_cmpint(two->state, ==, POLICY_SEVERAL);
}

/* --- the walk up the DNS ---------------------------------------------------------------------- */

typedef struct {
    const char *const *zone; /* "example.org p=reject", one a domain */
    GString *asked;
} Zone;

/* "?" stands for a name server that doesn't answer. */
static Dmarc *ask(void *user, const char *domain)
{
    Zone *zone = user;
    g_string_append_printf(zone->asked, "%s%s", zone->asked->len ? " " : "", domain);
    for (const char *const *row = zone->zone; *row; row++) {
        const char *space = strchr(*row, ' ');
        if (strncmp(*row, domain, strlen(domain)) || *row + strlen(domain) != space)
            continue;
        if (g_str_equal(space, " ?"))
            return NULL;
        g_autofree char *text = g_strconcat("v=DMARC1;", space, NULL);
        return senderpolicy_dmarc(g_str_has_suffix(text, "twice") ? TEXTS(text, text)
                                                                  : TEXTS(text));
    }
    return senderpolicy_dmarc(TEXTS("v=spf1"));
}

static void check_walk(const char *domain, const char *const *zone, const char *found,
                       const char *asked)
{
    Zone user = {.zone = zone, .asked = g_string_new(NULL)};
    g_autoptr(DmarcDiscovery) discovery = senderpolicy_discover(domain, ask, &user);
    g_autofree char *got =
        discovery ? g_strdup_printf(
                        "%s at %s of %s: %s",
                        senderpolicy_dmarc_word(senderpolicy_dmarc_for(discovery, domain, TRUE)),
                        discovery->at, discovery->organisation,
                        discovery->dmarc->state == POLICY_FOUND     ? "found"
                        : discovery->dmarc->state == POLICY_SEVERAL ? "several"
                                                                    : "none")
                  : g_strdup("nobody can say");
    g_assert_cmpstr(got, ==, found);
    if (asked)
        g_assert_cmpstr(user.asked->str, ==, asked);
    g_string_free(user.asked, TRUE);
}

static void test_walk(void)
{
    check_walk("example.org", TEXTS("example.org p=reject"),
               "reject at example.org of example.org: found", "example.org org");
    check_walk("a.b.example.org", TEXTS("example.org p=reject; sp=quarantine"),
               "quarantine at example.org of example.org: found",
               "a.b.example.org b.example.org example.org org");
    /* Its own record holds, and the topmost says whose it is. */
    check_walk("news.example.org", TEXTS("news.example.org p=none", "example.org p=reject"),
               "none at news.example.org of example.org: found", NULL);
    /* psd=n: the organisation begins here, and nobody above is asked. */
    check_walk("a.schools.example.org",
               TEXTS("schools.example.org p=quarantine; psd=n", "example.org p=reject"),
               "quarantine at schools.example.org of schools.example.org: found",
               "a.schools.example.org schools.example.org");
    /* psd=y: others register below it, so the organisation is one label below. */
    check_walk("mail.northmere.gov.example", TEXTS("gov.example p=reject; sp=none; psd=y"),
               "none at gov.example of northmere.gov.example: found", NULL);
    check_walk("mail.northmere.gov.example",
               TEXTS("gov.example p=reject; psd=y", "northmere.gov.example p=quarantine"),
               "quarantine at northmere.gov.example of northmere.gov.example: found", NULL);
    check_walk("gov.example", TEXTS("gov.example p=reject; psd=y"),
               "reject at gov.example of gov.example: found", "gov.example");
    /* No record is no record, wherever it isn't. */
    check_walk("mail.example.org", TEXTS("other.org p=reject"),
               "none at mail.example.org of mail.example.org: none",
               "mail.example.org example.org org");
    check_walk("mail.example.org", TEXTS("mail.example.org p=none; twice", "example.org p=reject"),
               "none at mail.example.org of example.org: several", NULL);
    /* Two records above count for none, and the walk goes on. */
    check_walk("mail.news.example.org",
               TEXTS("news.example.org p=none; twice", "example.org p=reject"),
               "reject at example.org of example.org: found", NULL);
    check_walk("mail.example.org", TEXTS("example.org ?"), "nobody can say", NULL);
    /* Eight questions at most: a long name is cut to its last seven labels after the first. */
    check_walk(
        "a.b.c.d.e.f.g.h.i.j.mail.example.org", TEXTS("example.org p=reject"),
        "reject at example.org of example.org: found",
        "a.b.c.d.e.f.g.h.i.j.mail.example.org g.h.i.j.mail.example.org h.i.j.mail.example.org "
        "i.j.mail.example.org j.mail.example.org mail.example.org example.org org");
}

static void test_nonexistent(void)
{
    Zone zone = {.zone = TEXTS("example.org p=none; sp=quarantine; np=reject"),
                 .asked = g_string_new(NULL)};
    g_autoptr(DmarcDiscovery) discovery = senderpolicy_discover("x.example.org", ask, &zone);
    g_assert_cmpint(senderpolicy_dmarc_for(discovery, "x.example.org", TRUE), ==, DMARC_QUARANTINE);
    g_assert_cmpint(senderpolicy_dmarc_for(discovery, "x.example.org", FALSE), ==, DMARC_REJECT);
    g_assert_cmpint(senderpolicy_dmarc_for(discovery, "example.org", FALSE), ==, DMARC_DO_NONE);
    g_string_free(zone.asked, TRUE);
}

/* --- DKIM ------------------------------------------------------------------------------------- */

/* A record with a key of so many bytes. */
static char *dkim_of(gsize bytes)
{
    g_autofree guint8 *key = g_malloc0(bytes);
    g_autofree char *text = g_base64_encode(key, bytes);
    return g_strconcat("v=DKIM1; k=rsa; p=", text, NULL);
}

static void test_dkim(void)
{
    static const struct {
        const char *text;
        PolicyState state;
        gboolean revoked, testing;
    } cases[] = {
        {"v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=", POLICY_FOUND, FALSE,
         FALSE},
        {"p=11qYAYKxCrfVS/7TyWQ HOg7hcvPapiMl rwIaaPcHURo=; t=s : y", POLICY_FOUND, FALSE, TRUE},
        {"v=DKIM1; p=", POLICY_FOUND, TRUE, FALSE},
        {"v=DKIM1; p=; t=y", POLICY_FOUND, TRUE, TRUE},
        {"v=DKIM1", POLICY_BROKEN, FALSE, FALSE},
        {"v=DKIM2; p=AAAA", POLICY_BROKEN, FALSE, FALSE},
        {"k=dsa; p=AAAA", POLICY_BROKEN, FALSE, FALSE},
        {"v=DKIM1; p=A-A", POLICY_BROKEN, FALSE, FALSE},
        {"v=DKIM1; p=AAAAA", POLICY_BROKEN, FALSE, FALSE},
        {"v=DKIM1; p=AA=A", POLICY_BROKEN, FALSE, FALSE},
        {"v=spf1 -all", POLICY_BROKEN, FALSE, FALSE},
        {"nonsense", POLICY_BROKEN, FALSE, FALSE},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Dkim) dkim = senderpolicy_dkim(TEXTS(cases[i].text));
        g_test_message("%s: %s", cases[i].text, dkim->problem);
        g_assert_cmpint(dkim->state, ==, cases[i].state);
        g_assert_cmpint(dkim->revoked, ==, cases[i].revoked);
        g_assert_cmpint(dkim->testing, ==, cases[i].testing);
    }
    g_autofree char *weak = dkim_of(126), *strong = dkim_of(162);
    g_autoptr(Dkim) few = senderpolicy_dkim(TEXTS(weak));
    g_autoptr(Dkim) enough = senderpolicy_dkim(TEXTS(strong));
    g_assert_true(few->weak && !enough->weak);
    g_autoptr(Dkim) none = senderpolicy_dkim(TEXTS(NULL));
    g_assert_cmpint(none->state, ==, POLICY_NONE);
    g_autoptr(Dkim) two = senderpolicy_dkim(TEXTS("p=", "p="));
    g_assert_cmpint(two->state, ==, POLICY_SEVERAL);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/senderpolicy/organisation", test_organisation);
    g_test_add_func("/senderpolicy/alignment", test_alignment);
    g_test_add_func("/senderpolicy/spf/fine", test_spf_fine);
    g_test_add_func("/senderpolicy/spf/includes", test_spf_includes);
    g_test_add_func("/senderpolicy/spf/broken", test_spf_broken);
    g_test_add_func("/senderpolicy/spf/count", test_spf_count);
    g_test_add_func("/senderpolicy/limits", test_limits);
    g_test_add_func("/senderpolicy/dmarc", test_dmarc);
    g_test_add_func("/senderpolicy/walk", test_walk);
    g_test_add_func("/senderpolicy/nonexistent", test_nonexistent);
    g_test_add_func("/senderpolicy/dkim", test_dkim);
    return g_test_run();
}
