/* test-senderpolicy - SPF, DMARC and DKIM records, read as receivers do */
#include "mail/senderpolicy.h"

#include <string.h>

#define TEXTS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void test_organisation(void)
{
    static const char *const cases[][2] = {
        {"example.org", "example.org"},
        {"mail.example.org", "example.org"},
        {"a.b.mail.example.org", "example.org"},
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

static void test_dmarc(void)
{
    static const struct {
        const char *text;
        PolicyState state;
        DmarcPolicy policy, subdomains;
        gboolean dkim, spf;
        guint percent;
    } cases[] = {
        {"v=DMARC1; p=none", POLICY_FOUND, DMARC_DO_NONE, DMARC_DO_NONE, FALSE, FALSE, 100},
        {"v = DMARC1 ;p = Reject ; sp=none;aspf=s;adkim=S; pct=20;", POLICY_FOUND, DMARC_REJECT,
         DMARC_DO_NONE, TRUE, TRUE, 20},
        {"v=DMARC1;p=quarantine;rua=mailto:d@example.org;fo=1;pct=200;aspf=x", POLICY_FOUND,
         DMARC_QUARANTINE, DMARC_QUARANTINE, FALSE, FALSE, 100},
        {"v=DMARC1; rua=mailto:d@example.org", POLICY_BROKEN, 0, 0, FALSE, FALSE, 100},
        {"v=DMARC1; p=strict", POLICY_BROKEN, 0, 0, FALSE, FALSE, 100},
        {"v=DMARC1; p=none; p=reject", POLICY_BROKEN, 0, 0, FALSE, FALSE, 0},
        {"v=DMARC1; p=none; whatever", POLICY_BROKEN, 0, 0, FALSE, FALSE, 0},
        {"v=dmarc1; p=none", POLICY_NONE, 0, 0, FALSE, FALSE, 0},
        {"p=none; v=DMARC1", POLICY_NONE, 0, 0, FALSE, FALSE, 0},
        {"v=DMARC12; p=none", POLICY_NONE, 0, 0, FALSE, FALSE, 0},
        {"v=spf1 -all", POLICY_NONE, 0, 0, FALSE, FALSE, 0},
        {"", POLICY_NONE, 0, 0, FALSE, FALSE, 0},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Dmarc) dmarc = senderpolicy_dmarc(TEXTS("x", cases[i].text));
        g_test_message("%s: %s", cases[i].text, dmarc->problem);
        g_assert_cmpint(dmarc->state, ==, cases[i].state);
        g_assert_cmpint(dmarc->policy, ==, cases[i].policy);
        g_assert_cmpint(dmarc->subdomains, ==, cases[i].subdomains);
        g_assert_cmpint(dmarc->strict_dkim, ==, cases[i].dkim);
        g_assert_cmpint(dmarc->strict_spf, ==, cases[i].spf);
        g_assert_cmpuint(dmarc->percent, ==, cases[i].percent);
    }
    g_autoptr(Dmarc) two = senderpolicy_dmarc(TEXTS("v=DMARC1; p=none", "v=DMARC1; p=reject"));
    g_assert_cmpint(two->state, ==, POLICY_SEVERAL);
    g_assert_cmpstr(senderpolicy_dmarc_word(DMARC_QUARANTINE), ==, "quarantine");
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
    g_test_add_func("/senderpolicy/dkim", test_dkim);
    return g_test_run();
}
