/* test-weblink - what can be said of a link by looking at it; slips in domains; private addresses
 */
#include <string.h>

#include "base/netplace.h"
#include "rules/typos.h"
#include "rules/weblink.h"

static void judged(const char *url, WeblinkFault fault)
{
    g_autofree char *detail = NULL;
    WeblinkFault found = weblink_judge(url, &detail);
    if (found != fault)
        g_error("%s: %d (%s), not %d", url, found, detail ? detail : "", fault);
}

static void test_judge(void)
{
    judged("https://example.org/a?b=c#d", WEBLINK_FINE);
    judged("https://example.org:8443/%C3%A9", WEBLINK_FINE);
    judged("tel:+441632960001", WEBLINK_FINE);
    judged("ftp://anything", WEBLINK_FINE);
    judged("https://", WEBLINK_NO_ADDRESS);
    judged("https:example.org", WEBLINK_NO_ADDRESS);
    judged("https://exa mple.org/", WEBLINK_NO_ADDRESS);
    judged("https://example..org/", WEBLINK_NO_ADDRESS);
    judged("https://[::1/", WEBLINK_NO_ADDRESS);
    judged("https://example.org/\xc3\xa9", WEBLINK_FINE);
    judged("https://u@example.org/", WEBLINK_PASSWORD);
    judged("https://u:p@example.org/", WEBLINK_PASSWORD);
    judged("https://example.org/~u@x", WEBLINK_FINE);
    judged("https://[::1]/", WEBLINK_PRIVATE);
    judged("https://10.0.0.1/", WEBLINK_PRIVATE);
    judged("https://LOCALHOST/", WEBLINK_PRIVATE);
    judged("https://printer.local./", WEBLINK_PRIVATE);
    judged("https://192.0.2.1/", WEBLINK_FINE);
    judged("http://example.org/", WEBLINK_INSECURE);
    judged("HTTP://example.org/", WEBLINK_INSECURE);
    judged("https://example.org/?UTM_Source=a", WEBLINK_TRACKING);
    judged("https://example.org/?a=1;fbclid=2", WEBLINK_TRACKING);
    judged("https://example.org/?a=utm_source", WEBLINK_FINE);
    judged("https://example.org/utm_source", WEBLINK_FINE);
    judged("https://x.safelinks.protection.outlook.com/?url=a", WEBLINK_WRAPPED);
    judged("https://notsafelinks.protection.outlook.com.example.org/?url=a", WEBLINK_FINE);
    judged("https://www.google.co.uk/url?q=a", WEBLINK_WRAPPED);
    judged("mailto:a@example.org", WEBLINK_FINE);
    judged("mailto:a@example.org,b@example.org?subject=x", WEBLINK_FINE);
    judged("mailto:a%40example.org", WEBLINK_FINE);
    judged("mailto:", WEBLINK_MAILTO);
    judged("mailto:a@@example.org", WEBLINK_MAILTO);
    judged("mailto:%zz", WEBLINK_MAILTO);
}

static void test_length(void)
{
    g_autofree char *path = g_strnfill(WEBLINK_MAX - strlen("https://example.org/"), 'a');
    g_autofree char *at = g_strconcat("https://example.org/", path, NULL);
    g_autofree char *below = g_strndup(at, WEBLINK_MAX - 1);
    g_autofree char *above = g_strconcat(at, "a", NULL);
    judged(below, WEBLINK_FINE);
    judged(at, WEBLINK_FINE);
    judged(above, WEBLINK_NO_ADDRESS);
}

static void test_private(void)
{
    static const guint8 open4[] = {192, 0, 2, 1}, ten[] = {10, 1, 2, 3},
                        carrier[] = {100, 64, 0, 1}, beside[] = {100, 128, 0, 1},
                        b16[] = {172, 31, 0, 1}, b32[] = {172, 32, 0, 1},
                        link[] = {169, 254, 169, 254}, zero[] = {0, 0, 0, 0},
                        multi[] = {224, 0, 0, 1};
    guint8 six[16] = {0x20, 0x01, 0x0d, 0xb8};
    g_assert_false(netplace_is_private(open4, 4));
    g_assert_false(netplace_is_private(beside, 4));
    g_assert_false(netplace_is_private(b32, 4));
    g_assert_true(netplace_is_private(ten, 4));
    g_assert_true(netplace_is_private(carrier, 4));
    g_assert_true(netplace_is_private(b16, 4));
    g_assert_true(netplace_is_private(link, 4));
    g_assert_true(netplace_is_private(zero, 4));
    g_assert_true(netplace_is_private(multi, 4));
    g_assert_true(netplace_is_private(open4, 3));
    g_assert_false(netplace_is_private(six, 16));
    six[0] = 0xfd;
    g_assert_true(netplace_is_private(six, 16));
    six[0] = 0xfe;
    six[1] = 0x80;
    g_assert_true(netplace_is_private(six, 16));
    guint8 mapped[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 168, 0, 1};
    g_assert_true(netplace_is_private(mapped, 16));
    memcpy(mapped + 12, open4, 4);
    g_assert_false(netplace_is_private(mapped, 16));
    guint8 one[16] = {[15] = 1};
    g_assert_true(netplace_is_private(one, 16));
}

static void meant(const char *domain, const char *right)
{
    g_autofree char *found = typos_meant(domain);
    g_assert_cmpstr(found, ==, right);
}

static void test_slips(void)
{
    meant("gmial.com", "gmail.com");
    meant("gmai.com", "gmail.com");
    meant("hotmial.com", "hotmail.com");
    meant("hotmail.co.uj", "hotmail.co.uk");
    meant("outlok.com", "outlook.com");
    meant("elm.north.sch.ul", "elm.north.sch.uk");
    meant("elm.north.shc.uk", "elm.north.sch.uk");
    meant("trust.org.ik", "trust.org.uk");
    meant("school.con", "school.com");
    meant("trust.ogr.uk", "trust.org.uk");
    static const char *const right[] = {"gmail.com",
                                        "ymail.com",
                                        "mail.com",
                                        "elm.north.sch.uk",
                                        "trust.org.uk",
                                        "a.co.us",
                                        "school.co.ua",
                                        "x.com",
                                        "example.cm",
                                        "school.uk",
                                        "council.gov.uk",
                                        "gov.uk",
                                        "outlook.de",
                                        "live.com",
                                        "hotmail.de",
                                        "yahoo.fr",
                                        "uk",
                                        "com",
                                        "",
                                        "school.london",
                                        "school.wales",
                                        "academy.eu",
                                        "trust.me.uk",
                                        "a.ltd.uk"};
    for (gsize i = 0; i < G_N_ELEMENTS(right); i++)
        meant(right[i], NULL);
}

static void test_apart(void)
{
    g_assert_true(typos_apart("abc", "abd"));
    g_assert_true(typos_apart("abc", "acb"));
    g_assert_true(typos_apart("abc", "ab"));
    g_assert_true(typos_apart("abc", "abcc"));
    g_assert_true(typos_apart("a", ""));
    g_assert_false(typos_apart("abc", "abc"));
    g_assert_false(typos_apart("abc", "cba"));
    g_assert_false(typos_apart("abcd", "badc"));
    g_assert_false(typos_apart("", ""));
}

static void test_index(void)
{
    TypoIndex *index = typo_index_new();
    typo_index_add(index, "northmere.sch.uk");
    typo_index_add(index, "northmere.sch.uk");
    typo_index_add(index, "short");
    g_assert_cmpstr(typo_index_find(index, "nothmere.sch.uk"), ==, "northmere.sch.uk");
    g_assert_cmpstr(typo_index_find(index, "norhtmere.sch.uk"), ==, "northmere.sch.uk");
    g_assert_cmpstr(typo_index_find(index, "northmerre.sch.uk"), ==, "northmere.sch.uk");
    g_assert_cmpstr(typo_index_find(index, "nortxmere.sch.uk"), ==, "northmere.sch.uk");
    g_assert_null(typo_index_find(index, "northmere.sch.uk"));
    g_assert_null(typo_index_find(index, "southmere.sch.uk"));
    g_assert_null(typo_index_find(index, "shor"));
    typo_index_free(index);
    g_assert_cmpstr(typos_parent("elm.bham.sch.uk"), ==, "bham.sch.uk");
    g_assert_null(typos_parent("bham.sch.uk"));
    g_assert_null(typos_parent("elm.example.org"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/weblink/judge", test_judge);
    g_test_add_func("/weblink/length", test_length);
    g_test_add_func("/weblink/private", test_private);
    g_test_add_func("/slips/meant", test_slips);
    g_test_add_func("/slips/apart", test_apart);
    g_test_add_func("/slips/index", test_index);
    return g_test_run();
}
