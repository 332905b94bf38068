/* test-address - addresses are read strictly, and what is wrong is said with a fix */
#include "mail/address.h"

#include <string.h>

#include "base/error.h"

/* What every address must be, whatever it was read from. */
static void assert_safe(const Address *address)
{
    g_assert_true(g_utf8_validate(address->spec, -1, NULL));
    g_assert_null(strpbrk(address->spec, " \t\r\n<>,;:\"()[]\\"));
    for (const char *p = address->spec; *p; p = g_utf8_next_char(p)) {
        g_assert_true(g_unichar_isgraph(g_utf8_get_char(p)));
        g_assert_cmpint(g_utf8_get_char(p), !=, 0x7f);
    }
    g_assert_true(g_str_is_ascii(address->domain));
    g_assert_cmpuint(strlen(address->local), <=, ADDRESS_LOCAL_MAX);
    g_assert_cmpuint(strlen(address->domain), <=, ADDRESS_DOMAIN_MAX);
    g_assert_cmpuint(strlen(address->spec), <=, ADDRESS_SPEC_MAX);
    g_autofree char *joined = g_strconcat(address->local, "@", address->domain, NULL);
    g_assert_cmpstr(address->spec, ==, joined);
    g_assert_true(address->is_utf8 == !g_str_is_ascii(address->local));
    /* An address that was read reads as itself. */
    g_autoptr(Address) again = address_parse(address->spec, NULL);
    g_assert_nonnull(again);
    g_assert_cmpstr(again->spec, ==, address->spec);
}

static void assert_reads(const char *text, const char *spec)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Address) address = address_parse(text, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(address->spec, ==, spec);
    g_assert_cmpstr(address->name, ==, "");
    assert_safe(address);
}

static void assert_refused(const char *text, const char *words)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Address) address = address_parse(text, &error);
    g_assert_null(address);
    g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA);
    g_assert_true(g_str_has_prefix(error->message, "not an e-mail address: '"));
    g_assert_true(g_utf8_validate(error->message, -1, NULL));
    if (!strstr(error->message, words))
        g_error("'%s' is refused with: %s", text, error->message);
    for (const char *p = error->message; *p; p++)
        g_assert_true((guchar)*p >= ' ' && *p != 0x7f);
}

static void test_good(void)
{
    static const struct {
        const char *text, *spec;
    } cases[] = {
        {"ann@example.org", "ann@example.org"},
        {"  ann@example.org\r\n", "ann@example.org"},
        {"\xc2\xa0"
         "ann@example.org\xe2\x80\x8b",
         "ann@example.org"}, /* no-break, zero-width */
        {"\xef\xbb\xbf"
         "ann@example.org",
         "ann@example.org"}, /* BOM */
        {"Ann.Smith@EXAMPLE.Org", "Ann.Smith@example.org"},
        /* all of one alphabet */
        {"\xD0\xB0\xD0\xBD\xD0\xBD\xD0\xB0@example.org",
         "\xD0\xB0\xD0\xBD\xD0\xBD\xD0\xB0@example.org"},
        {"a@b.c", "a@b.c"},
        {"o'neill+tag@example.org", "o'neill+tag@example.org"},
        {"!#$%&'*+-/=?^_`{|}~@example.org", "!#$%&'*+-/=?^_`{|}~@example.org"},
        {"head@st-marys.bham.sch.uk", "head@st-marys.bham.sch.uk"},
        {"a@3com.example", "a@3com.example"},
        {"a@1.2.3.x4", "a@1.2.3.x4"},
        {"a@xn--cole-9oa.example", "a@xn--cole-9oa.example"},
        {"a@école.example", "a@xn--cole-9oa.example"},
        {"a@ÉCOLE.example", "a@xn--cole-9oa.example"},
        {"a@e\xcc\x81"
         "cole.example",
         "a@xn--cole-9oa.example"},
        {"a@straße.example", "a@xn--strae-oqa.example"},
        {"a@ŵyn.cymru", "a@xn--yn-9ua.cymru"},
        {"a@ΣΊΣΥΦΟΣ.example", "a@xn--kxa6ajbbmh.example"},
        {"a@σίσυφος.example",
         "a@xn--kxa6ajbbmh.example"}, /* a final sigma is a letter of its own */
        {"a@l·l.cat", "a@xn--ll-0ea.cat"},
        {"a@xn--mgba3gch31f060k.example", "a@xn--mgba3gch31f060k.example"}, /* with a joiner */
        {"a@xn--i-7iq.example", "a@xn--i-7iq.example"}, /* no IDNA 2008, but somebody has it */
        {"siân@example.org", "siân@example.org"},
        {"sia\xcc\x82n@example.org", "siân@example.org"},
        {"用户@例子.example", "用户@xn--fsqu00a.example"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
        assert_reads(cases[i].text, cases[i].spec);
}

static void test_bad(void)
{
    static const struct {
        const char *text, *words;
    } cases[] = {
        {"", "it is empty"},
        {"\xEF\xBD\x81nn@example.org", "did you mean 'ann@example.org'"}, /* full width */
        {"ann@ex\xD0\xB0mple.org", "another alphabet (U+0430)"},
        {"\xD0\xB0nn@example.org", "another alphabet (U+0430)"},
        {"  \t ", "it is empty"},
        {"ann", "no @"},
        {"ann at example.org", "no @"},
        {"@example.org", "nothing stands before"},
        {"ann@", "nothing stands after"},
        {"@", "nothing"},
        {"n/a", "no @"},
        {"ann@localhost", "no dot"},
        {"ann@example", "no dot"},
        {"ann@[127.0.0.1]", "address literal"},
        {"ann@[IPv6:::1]", "address literal"},
        {"ann@127.0.0.1", "number"},
        {"ann@example.42", "number"},
        {"\"ann smith\"@example.org", "quotes"},
        {"\"ann\"@example.org", "quotes"},
        {"ann(x)@example.org", "bracket"},
        {"ann\\@example.org", "'\\' can't"},
        {"ann@-example.org", "hyphen"},
        {"ann@example-.org", "hyphen"},
        {"ann@exam_ple.org", "'_' can't"},
        {"ann@exam ple.org", "space"},
        {"ann@exam/ple.org", "'/' can't"},
        {"ann@xn--.example", "hyphen"},
        {"ann@xn--99999999.example", "xn--"},
        {"ann smith@example.org", "space"},
        {"ann@example.org; bob@example.org", "one address only"},
        {"ann@example.org,bob@example.org", "one address only"},
        {"ann@example.org bob@example.org", "one address only"},
        {"ann@example.org\r\nBcc: bob@example.org", "one address only"},
        {"ann@example.org\r\nRCPT TO:<x>", "angle"},
        {"ann\r\n@example.org", "invisible character (U+000D)"},
        {"ann@exam\nple.org", "invisible character (U+000A)"},
        {"ann\x7f@example.org", "U+007F"},
        {"ann\xc2\x85@example.org", "U+0085"},
        {"ann\xe2\x80\xae@example.org", "U+202E"},
        {"ann@exam\xe2\x80\x8bple.org", "U+200B"},
        {"\xff@example.org", "UTF-8"},
        {"ann@\xff.org", "UTF-8"},
        {"ann@example.org> SIZE=1", "angle"},
        {"ann@ﬁne.example", "two ways"},
        {"ann@ｅxample.org", "two ways"},
        {"ann@école-.example", "hyphen"},
        {"ann@ab--école.example", "no international name"},
        {"ann@example。org", "'。' can't"},
        {"ann@st–mary.example", "'–' can't"},
        {"ann@😀.example", "'😀' can't"},
        {"o’neill@example.org", "'’' can't"},
        {"“ann”@example.org", "can't stand"},
        {"#REF!", "no @"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
        assert_refused(cases[i].text, cases[i].words);
}

static void test_fixes(void)
{
    static const struct {
        const char *text, *mended;
    } cases[] = {
        {"ann@@example.org", "ann@example.org"},
        {"ann@example,org", "ann@example.org"},
        {"ann,smith@example.org", "ann.smith@example.org"},
        {"ann@example.org.", "ann@example.org"},
        {"ann@example.org,", "ann@example.org"},
        {"ann@example.org;", "ann@example.org"},
        {".ann@example.org", "ann@example.org"},
        {"ann.@example.org", "ann@example.org"},
        {"ann@.example.org", "ann@example.org"},
        {"ann..smith@example...org", "ann.smith@example.org"},
        {"ann @ example.org", "ann@example.org"},
        {"ann@example. org", "ann@example.org"},
        {"mailto:ann@example.org", "ann@example.org"},
        {"MAILTO:ann@example.org", "ann@example.org"},
        {"<ann@example.org>", "ann@example.org"},
        {"Ann Smith <ann@example.org>", "ann@example.org"},
        {"<mailto:ann@example.org>", "ann@example.org"},
        {"ann＠example.org", "ann@example.org"},
        {"ann\xe2\x80\x8b@example.org", "ann@example.org"},
        {"ann@ﬁne.example", "ann@fine.example"},
        {"o’neill@st–mary.example", "o'neill@st-mary.example"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *words = g_strdup_printf("; did you mean '%s'?", cases[i].mended);
        assert_refused(cases[i].text, words);
    }
}

/* What could be meant in two ways gets no guess. */
static void test_no_fixes(void)
{
    static const char *const cases[] = {
        "ann smith@example.org", "ann@localhost", "a@b.example, c@d.example",
        "ann\r\n@example.org",   "ann@example",   "@@"};
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(address_parse(cases[i], &error));
        g_assert_null(strstr(error->message, "did you mean"));
    }
}

/* --- limits: one below, at, above ------------------------------------------------------------ */

static void assert_limit(const char *below, const char *at, const char *above, const char *words)
{
    assert_reads(below, below);
    assert_reads(at, at);
    assert_refused(above, words);
}

/* "a@<label>.<label>...example" whose domain has so many bytes. */
static char *of_domain(guint length)
{
    GString *out = g_string_new("x.example");
    while (out->len < length) {
        guint n = MIN(length - (guint)out->len - 1, ADDRESS_LABEL_MAX);
        g_autofree char *label = g_strnfill(n ? n : 1, 'd');
        g_string_prepend_c(out, '.');
        g_string_prepend(out, label);
        if (out->len == length - 1)
            g_string_prepend_c(out, 'd'); /* a label of two rather than an empty one */
    }
    return g_string_free(out, FALSE);
}

static char *of_lengths(guint local, guint domain)
{
    g_autofree char *before = g_strnfill(local, 'l'), *after = of_domain(domain);
    return g_strconcat(before, "@", after, NULL);
}

static void test_limits(void)
{
    g_autofree char *local63 = of_lengths(63, 20), *local64 = of_lengths(64, 20);
    g_autofree char *local65 = of_lengths(65, 20);
    assert_limit(local63, local64, local65, "before the @ is over 64");

    g_autofree char *label62 = g_strnfill(62, 'd'), *label63 = g_strnfill(63, 'd');
    g_autofree char *label64 = g_strnfill(64, 'd');
    g_autofree char *a = g_strdup_printf("a@%s.example", label62);
    g_autofree char *b = g_strdup_printf("a@%s.example", label63);
    g_autofree char *c = g_strdup_printf("a@%s.example", label64);
    assert_limit(a, b, c, "over 63");

    /* The domain's limit can only be met where the whole is over its own. */
    g_autofree char *spec253 = of_lengths(1, 251), *spec254 = of_lengths(1, 252);
    g_autofree char *spec255 = of_lengths(1, 253), *spec256 = of_lengths(1, 254);
    g_assert_cmpuint(strlen(spec254), ==, ADDRESS_SPEC_MAX);
    assert_limit(spec253, spec254, spec255, "over 254");
    assert_refused(spec256, "domain is over 253");

    /* Octets, not characters. */
    g_autoptr(GString) accents = g_string_new(NULL);
    for (guint i = 0; i < 32; i++)
        g_string_append(accents, "é");
    g_autofree char *utf64 = g_strconcat(accents->str, "@example.org", NULL);
    g_autofree char *utf65 = g_strconcat("a", utf64, NULL);
    assert_reads(utf64, utf64);
    assert_refused(utf65, "over 64");

    for (int excess = -1; excess <= 1; excess++) {
        g_autofree char *padded = g_strdup_printf("%*s", ADDRESS_TEXT_MAX + excess, "a@b.example");
        if (excess > 0)
            assert_refused(padded, "far too long");
        else
            assert_reads(padded, "a@b.example");
    }
}

/* A message never repeats more than a line of what is wrong. */
static void test_message_length(void)
{
    g_autofree char *megabyte = g_strnfill(1 << 20, 'a');
    g_autoptr(GError) error = NULL;
    g_assert_null(address_parse(megabyte, &error));
    g_assert_cmpuint(strlen(error->message), <, 200);
    assert_refused(megabyte, "far too long");
}

/* --- comparing ------------------------------------------------------------------------------- */

static void test_fold(void)
{
    static const struct {
        const char *a, *b;
        gboolean equal;
    } cases[] = {
        {"ann@example.org", "ANN@Example.ORG", TRUE},
        {"siân@example.org", "SIA\xcc\x82N@example.org", TRUE},
        {"ann@école.example", "Ann@XN--COLE-9OA.example", TRUE},
        {"ann@example.org", "anne@example.org", FALSE},
        {"ann.smith@example.org", "annsmith@example.org", FALSE},
        {"siân@example.org", "sian@example.org", FALSE},
        {"ann+a@example.org", "ann@example.org", FALSE},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *a = address_fold(cases[i].a), *b = address_fold(cases[i].b);
        g_autofree char *again = address_fold(a);
        g_assert_true(g_str_equal(a, b) == cases[i].equal);
        g_assert_cmpstr(a, ==, again);
    }
    g_autofree char *bad = address_fold("\xff@\xff");
    g_assert_true(g_utf8_validate(bad, -1, NULL));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/address/good", test_good);
    g_test_add_func("/address/bad", test_bad);
    g_test_add_func("/address/fixes", test_fixes);
    g_test_add_func("/address/no-fixes", test_no_fixes);
    g_test_add_func("/address/limits", test_limits);
    g_test_add_func("/address/message-length", test_message_length);
    g_test_add_func("/address/fold", test_fold);
    return g_test_run();
}
