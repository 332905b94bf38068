/* test-provider - whose relay it is, and which hosts are this machine */
#include "config/provider.h"

#include <string.h>

#include "base/netplace.h"

static void test_this_machine(void)
{
    static const char *const here[] = {
        "localhost", "LocalHost", "localhost.", "relay.localhost",  "127.0.0.1",
        "127.3.2.1", "::1",       "[::1]",      "::ffff:127.0.0.1", "0:0:0:0:0:0:0:1"};
    static const char *const elsewhere[] = {"",
                                            ".",
                                            "[",
                                            "[]",
                                            "127.example.org",
                                            "127.0.0.1.example.org",
                                            "127.1",
                                            "128.0.0.1",
                                            "10.0.0.1",
                                            "::",
                                            "fe80::1",
                                            "::ffff:10.0.0.1",
                                            "notlocalhost",
                                            "localhost.example.org",
                                            "[127.0.0.1]",
                                            "0.0.0.0"};
    for (gsize i = 0; i < G_N_ELEMENTS(here); i++) {
        g_test_message("%s", here[i]);
        g_assert_true(netplace_is_this_machine(here[i]));
    }
    for (gsize i = 0; i < G_N_ELEMENTS(elsewhere); i++) {
        g_test_message("%s", elsewhere[i]);
        g_assert_false(netplace_is_this_machine(elsewhere[i]));
    }
}

static void test_hosts(void)
{
    static const char *const cases[][2] = {
        {"smtp.office365.com", "microsoft365"},
        {"SMTP.Office365.COM", "microsoft365"},
        {"northmere-gov-uk.mail.protection.outlook.com", "microsoft365"},
        {"outlook.com", "microsoft365"},
        {"smtp.gmail.com", "google"},
        {"smtp-relay.gmail.com", "google"},
        {"aspmx.l.google.com", "google"},
        {"127.0.0.1", "relay"},
        {"smtp.notgmail.com", NULL},
        {"gmail.com.example.org", NULL},
        {"relay.northmere.example", NULL},
        {"127.example.org", NULL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const Provider *provider = provider_of_host(cases[i][0]);
        g_assert_cmpstr(provider ? provider->name : NULL, ==, cases[i][1]);
    }
    g_assert_null(provider_of_host(NULL));
    g_assert_null(provider_find("auto"));
}

static Settings *of(const char *config)
{
    g_autoptr(GError) error = NULL;
    Settings *settings = settings_parse(config, strlen(config), "config", &error);
    g_assert_no_error(error);
    return settings;
}

/* The gentlest pace where nobody knows; the include only where somebody does. */
static void test_relay(void)
{
    static const struct {
        const char *config, *pace, *include;
    } cases[] = {
        {"", "microsoft365", NULL},
        {"relay: {host: relay.northmere.example}", "microsoft365", NULL},
        {"relay: {host: relay.northmere.example, preset: relay}", "relay", NULL},
        {"relay: {host: relay.northmere.example, preset: google}", "google", "_spf.google.com"},
        {"relay: {host: localhost}", "relay", NULL},
        {"relay: {host: smtp.gmail.com}", "google", "_spf.google.com"},
        {"relay: {host: smtp.office365.com, preset: relay}", "relay", "spf.protection.outlook.com"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Settings) settings = of(cases[i].config);
        g_assert_cmpstr(provider_of_relay(settings)->name, ==, cases[i].pace);
        g_assert_cmpstr(provider_spf_include(settings), ==, cases[i].include);
    }
}

static void check_token(const char *more, const char *url, const char *person,
                        const char *application)
{
    g_autofree char *config =
        g_strconcat("oauth2:\n  client_id: c\n  client_secret_env: S\n", more, NULL);
    g_autoptr(Settings) settings = of(config);
    g_autofree char *got = provider_token_url(settings);
    g_assert_cmpstr(got, ==, url);
    g_assert_cmpstr(provider_scope(settings, "relay", TRUE), ==, person);
    g_assert_cmpstr(provider_scope(settings, "imap", FALSE), ==, application);
}

static void test_tokens(void)
{
    check_token("  preset: microsoft365\n  tenant: northmere.example\n",
                "https://login.microsoftonline.com/northmere.example/oauth2/v2.0/token",
                "https://outlook.office.com/SMTP.Send offline_access",
                "https://outlook.office365.com/.default");
    check_token("  preset: google\n  refresh_token_env: R\n", "https://oauth2.googleapis.com/token",
                NULL, NULL);
    check_token("  token_url: https://id.example.org/token\n", NULL, NULL, NULL);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/provider/this-machine", test_this_machine);
    g_test_add_func("/provider/hosts", test_hosts);
    g_test_add_func("/provider/relay", test_relay);
    g_test_add_func("/provider/tokens", test_tokens);
    return g_test_run();
}
