/* test-resolver - answers of name servers: read from bytes, and asked of a real one */
#include "net/resolver.h"

#include <string.h>

#include "fake-dns.h"

/* --- bytes ----------------------------------------------------------------------------------- */

static void put16(GByteArray *out, guint value)
{
    guint8 bytes[] = {(guint8)(value >> 8), (guint8)value};
    g_byte_array_append(out, bytes, 2);
}

static void put_name(GByteArray *out, const char *name)
{
    g_auto(GStrv) labels = g_strsplit(name, ".", -1);
    for (char **label = labels; *label && **label; label++) {
        guint8 length = (guint8)strlen(*label);
        g_byte_array_append(out, &length, 1);
        g_byte_array_append(out, (guint8 *)*label, length);
    }
    g_byte_array_append(out, (guint8 *)"", 1);
}

static GByteArray *message_new(guint rcode)
{
    GByteArray *out = g_byte_array_new();
    put16(out, 7);
    put16(out, 0x8180 | rcode);
    put16(out, 1);
    put16(out, 0);
    put16(out, 0);
    put16(out, 0);
    put_name(out, "example.org");
    put16(out, 16);
    put16(out, 1);
    return out;
}

static void add(GByteArray *out, const char *owner, guint type, const void *data, guint length)
{
    guint count = (guint)(out->data[6] << 8 | out->data[7]) + 1;
    out->data[6] = (guint8)(count >> 8);
    out->data[7] = (guint8)count;
    put_name(out, owner);
    put16(out, type);
    put16(out, 1);
    put16(out, 0);
    put16(out, 60);
    put16(out, length);
    g_byte_array_append(out, data, length);
}

static ResolverAnswer *read_all(GByteArray *message, ResolverType type)
{
    ResolverAnswer *answer = resolver_read(message->data, message->len, type, "Example.ORG");
    g_byte_array_unref(message);
    return answer;
}

static const char *nth(const ResolverAnswer *answer, guint n)
{
    g_assert_cmpint(answer->status, ==, RESOLVER_FOUND);
    g_assert_cmpuint(n, <, answer->records->len);
    return g_ptr_array_index(answer->records, n);
}

static void test_texts(void)
{
    GByteArray *message = message_new(0);
    add(message, "example.org", 16,
        "\5v=spf\6"
        "1 -all",
        13);
    add(message, "other.example", 16, "\5other", 6);
    add(message, "EXAMPLE.org", 16, "\6a\tb\nc\xe9", 7);
    add(message, "example.org", 16, "", 0);
    g_autoptr(ResolverAnswer) answer = read_all(message, RESOLVER_TXT);
    g_assert_cmpstr(nth(answer, 0), ==, "v=spf1 -all");
    g_assert_cmpstr(nth(answer, 1), ==, "a\tb?c?");
    g_assert_cmpstr(nth(answer, 2), ==, "");
    g_assert_cmpuint(answer->records->len, ==, 3);
}

static void assert_failed(GByteArray *message, ResolverType type)
{
    g_autoptr(ResolverAnswer) answer = read_all(message, type);
    g_assert_cmpint(answer->status, ==, RESOLVER_FAILED);
    g_assert_nonnull(answer->problem);
    g_assert_cmpuint(answer->records->len, ==, 0);
}

static GByteArray *text_of(guint bytes)
{
    GByteArray *message = message_new(0), *data = g_byte_array_new();
    while (bytes) {
        guint8 length = (guint8)MIN(bytes, 255), x = 'x';
        g_byte_array_append(data, &length, 1);
        for (guint i = 0; i < length; i++)
            g_byte_array_append(data, &x, 1);
        bytes -= length;
    }
    add(message, "example.org", 16, data->data, data->len);
    g_byte_array_unref(data);
    return message;
}

static GByteArray *many_texts(guint count)
{
    GByteArray *message = message_new(0);
    for (guint i = 0; i < count; i++)
        add(message, "example.org", 16, "\1x", 2);
    return message;
}

static void test_limits(void)
{
    for (guint less = 0; less < 2; less++) {
        g_autoptr(ResolverAnswer) text = read_all(text_of(RESOLVER_TEXT_MAX - less), RESOLVER_TXT);
        g_assert_cmpuint(strlen(nth(text, 0)), ==, RESOLVER_TEXT_MAX - less);
        g_autoptr(ResolverAnswer) many =
            read_all(many_texts(RESOLVER_RECORDS_MAX - less), RESOLVER_TXT);
        g_assert_cmpuint(many->records->len, ==, RESOLVER_RECORDS_MAX - less);
    }
    assert_failed(text_of(RESOLVER_TEXT_MAX + 1), RESOLVER_TXT);
    assert_failed(many_texts(RESOLVER_RECORDS_MAX + 1), RESOLVER_TXT);
}

static void test_broken(void)
{
    GByteArray *lies = message_new(0);
    add(lies, "example.org", 16, "\377abc", 4); /* the string says that it is longer */
    assert_failed(lies, RESOLVER_TXT);
    GByteArray *no_host = message_new(0);
    add(no_host, "example.org", 15, "\0\1", 2);
    assert_failed(no_host, RESOLVER_MX);
    GByteArray *loop = message_new(0);
    add(loop, "example.org", 15, "\0\1\xc0\x2a", 4); /* a name that points at itself */
    loop->data[loop->len - 1] = (guint8)(loop->len - 2);
    assert_failed(loop, RESOLVER_MX);
    GByteArray *short_ip = message_new(0);
    add(short_ip, "example.org", 1, "\1\2\3", 3);
    assert_failed(short_ip, RESOLVER_IP4);
    assert_failed(g_byte_array_new(), RESOLVER_TXT);
    GByteArray *cut = text_of(300);
    for (guint length = 0; length < cut->len; length++) {
        g_autoptr(ResolverAnswer) answer =
            resolver_read(cut->data, length, RESOLVER_TXT, "example.org");
        g_assert_cmpint(answer->status, ==, RESOLVER_FAILED);
    }
    g_byte_array_unref(cut);
    GByteArray *truncated = text_of(3);
    truncated->data[2] |= 2; /* TC */
    assert_failed(truncated, RESOLVER_TXT);
}

/* How many aliases lead to the record; the last one of a circle leads back. */
static GByteArray *aliases(guint count, gboolean circle)
{
    GByteArray *message = message_new(0);
    for (guint i = 0; i < count; i++) {
        g_autoptr(GByteArray) target = g_byte_array_new();
        g_autofree char *from = i ? g_strdup_printf("a%u.example", i) : g_strdup("example.org");
        g_autofree char *to = g_strdup_printf("a%u.example", i + 1);
        put_name(target, circle && i + 1 == count ? "example.org" : to);
        add(message, from, 5, target->data, target->len);
    }
    g_autofree char *last = count ? g_strdup_printf("a%u.example", count) : g_strdup("example.org");
    add(message, last, 16, "\1x", 2);
    return message;
}

static void test_aliases(void)
{
    static const guint fine[] = {0, 1, RESOLVER_ALIASES_MAX - 1, RESOLVER_ALIASES_MAX};
    for (guint i = 0; i < G_N_ELEMENTS(fine); i++) {
        g_autoptr(ResolverAnswer) answer = read_all(aliases(fine[i], FALSE), RESOLVER_TXT);
        g_assert_cmpstr(nth(answer, 0), ==, "x");
    }
    assert_failed(aliases(RESOLVER_ALIASES_MAX + 1, FALSE), RESOLVER_TXT);
    assert_failed(aliases(3, TRUE), RESOLVER_TXT);
    assert_failed(aliases(1, TRUE), RESOLVER_TXT);
}

static void test_rcodes(void)
{
    static const struct {
        guint rcode;
        ResolverStatus status;
    } cases[] = {{0, RESOLVER_NO_DATA}, {3, RESOLVER_NO_NAME}, {2, RESOLVER_FAILED},
                 {5, RESOLVER_FAILED},  {1, RESOLVER_FAILED},  {9, RESOLVER_FAILED}};
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(ResolverAnswer) answer = read_all(message_new(cases[i].rcode), RESOLVER_MX);
        g_assert_cmpint(answer->status, ==, cases[i].status);
    }
}

static void test_names(void)
{
    g_autofree char *label = g_strnfill(63, 'a');
    g_autofree char *at = g_strconcat(label, ".", label, ".", label, ".", label + 2, NULL);
    g_autofree char *over = g_strconcat(label, ".", label, ".", label, ".", label + 1, NULL);
    g_autofree char *wide = g_strconcat(label, "a.example", NULL);
    g_assert_cmpuint(strlen(at), ==, 253);
    const char *fine[] = {"example.org", "_dmarc.example.org", "s1._domainkey.x-y.example", at};
    const char *wrong[] = {
        "",   ".", "a..b", "example.org.", "a b", "a\\.b", "b\xc3\xbc.example", "%{i}.example",
        over, wide};
    for (guint i = 0; i < G_N_ELEMENTS(fine); i++)
        g_assert_true(resolver_is_name(fine[i]));
    for (guint i = 0; i < G_N_ELEMENTS(wrong); i++)
        g_assert_false(resolver_is_name(wrong[i]));
}

/* --- a real name server ---------------------------------------------------------------------- */

static const char ZONE[] = "example.org TXT 'v=spf1 ' 'include:_spf.example.com -all'\n"
                           "example.org MX 20 mx2.example.org\n"
                           "example.org MX 10 MX1.example.org\n"
                           "alias.example.org CNAME example.org\n"
                           "nowhere.example.org CNAME gone.example.org\n"
                           "ip4.example.org A 192.0.2.1\n"
                           "ip6.example.org AAAA 2001:db8::1\n"
                           "null.example.org MX 0 .\n"
                           "bare.example.org TXT nothing\n"
                           "fails.example.org SERVFAIL\n"
                           "refuses.example.org REFUSED\n"
                           "silent.example.org SILENT\n"
                           "garbage.example.org GARBAGE\n"
                           "long.example.org TRUNCATED\n"
                           "long.example.org TXT by-tcp\n";

static void test_asked(void)
{
    static const struct {
        const char *name;
        ResolverType type;
        ResolverStatus status;
        const char *first;
    } cases[] = {
        {"example.org", RESOLVER_TXT, RESOLVER_FOUND, "v=spf1 include:_spf.example.com -all"},
        {"EXAMPLE.org", RESOLVER_MX, RESOLVER_FOUND, "mx1.example.org"},
        {"alias.example.org", RESOLVER_MX, RESOLVER_FOUND, "mx1.example.org"},
        {"nowhere.example.org", RESOLVER_TXT, RESOLVER_NO_NAME, NULL},
        {"ip4.example.org", RESOLVER_IP4, RESOLVER_FOUND, "192.0.2.1"},
        {"ip6.example.org", RESOLVER_IP6, RESOLVER_FOUND, "2001:db8::1"},
        {"ip4.example.org", RESOLVER_IP6, RESOLVER_NO_DATA, NULL},
        {"null.example.org", RESOLVER_MX, RESOLVER_FOUND, ""},
        {"missing.example.org", RESOLVER_TXT, RESOLVER_NO_NAME, NULL},
        {"not a name", RESOLVER_TXT, RESOLVER_NO_NAME, NULL},
        {"fails.example.org", RESOLVER_TXT, RESOLVER_FAILED, NULL},
        {"refuses.example.org", RESOLVER_TXT, RESOLVER_FAILED, NULL},
        {"garbage.example.org", RESOLVER_TXT, RESOLVER_FAILED, NULL},
        {"long.example.org", RESOLVER_TXT, RESOLVER_FOUND, "by-tcp"},
    };
    g_autoptr(Resolver) resolver = resolver_new(0);
    fake_dns_zone(ZONE);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        const ResolverAnswer *answer = resolver_ask(resolver, cases[i].type, cases[i].name);
        g_test_message("%s", cases[i].name);
        g_assert_cmpint(answer->status, ==, cases[i].status);
        if (cases[i].first)
            g_assert_cmpstr(nth(answer, 0), ==, cases[i].first);
    }
}

static void test_remembered(void)
{
    g_autoptr(Resolver) resolver = resolver_new(0);
    fake_dns_zone("example.org TXT one\n");
    const ResolverAnswer *first = resolver_ask(resolver, RESOLVER_TXT, "example.org");
    fake_dns_zone("example.org TXT two\n");
    g_assert_true(resolver_ask(resolver, RESOLVER_TXT, "Example.Org") == first);
    g_assert_cmpstr(nth(first, 0), ==, "one");
}

/* A second of patience is used up by the first question; the next ones don't wait. */
static void test_silent(void)
{
    g_autoptr(Resolver) resolver = resolver_new(1);
    fake_dns_zone("a.example SILENT\nb.example TXT here\n");
    g_assert_cmpint(resolver_ask(resolver, RESOLVER_TXT, "a.example")->status, ==, RESOLVER_FAILED);
    const ResolverAnswer *next = resolver_ask(resolver, RESOLVER_TXT, "b.example");
    g_assert_cmpint(next->status, ==, RESOLVER_FAILED);
    g_assert_nonnull(strstr(next->problem, "no time is left"));
}

static void test_mail(void)
{
    static const struct {
        const char *domain;
        ResolverMail mail;
        const char *detail;
    } cases[] = {
        {"example.org", RESOLVER_MAIL_HOSTS, "mx1.example.org"},
        {"ip4.example.org", RESOLVER_MAIL_IMPLICIT, "192.0.2.1"},
        {"ip6.example.org", RESOLVER_MAIL_IMPLICIT, "2001:db8::1"},
        {"null.example.org", RESOLVER_MAIL_NULL, ""},
        {"bare.example.org", RESOLVER_MAIL_NOWHERE, ""},
        {"missing.example.org", RESOLVER_MAIL_NO_NAME, ""},
        {"fails.example.org", RESOLVER_MAIL_FAILED, NULL},
    };
    g_autoptr(Resolver) resolver = resolver_new(0);
    fake_dns_zone(ZONE);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *detail = NULL;
        g_assert_cmpint(resolver_mail(resolver, cases[i].domain, &detail), ==, cases[i].mail);
        if (cases[i].detail)
            g_assert_cmpstr(detail, ==, cases[i].detail);
        else
            g_assert_true(*detail);
    }
}

int main(int argc, char **argv)
{
    gboolean is_there = fake_dns_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/resolver/read/texts", test_texts);
    g_test_add_func("/resolver/read/limits", test_limits);
    g_test_add_func("/resolver/read/broken", test_broken);
    g_test_add_func("/resolver/read/aliases", test_aliases);
    g_test_add_func("/resolver/read/rcodes", test_rcodes);
    g_test_add_func("/resolver/names", test_names);
    if (is_there) {
        g_test_add_func("/resolver/asked", test_asked);
        g_test_add_func("/resolver/remembered", test_remembered);
        g_test_add_func("/resolver/silent", test_silent);
        g_test_add_func("/resolver/mail", test_mail);
    } else {
        g_test_message("no python3: the name server of tests/fake can't run");
    }
    int status = g_test_run();
    if (is_there)
        fake_dns_stop();
    return status;
}
