/* test-settings - the configuration: values and defaults, and every way to get it wrong, by line */
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "config/entry.h"
#include "config/schema.h"
#include "config/oauth2check.h"
#include "config/settings.h"

static char *folder;

/* Writes the text into FOLDER/config and loads it. */
static Settings *try_load(const char *yaml, GError **error)
{
    g_autofree char *path = g_build_filename(folder, "config", NULL);
    g_assert_true(g_file_set_contents(path, yaml, -1, NULL));
    return settings_load(path, error);
}

static Settings *load(const char *yaml)
{
    g_autoptr(GError) error = NULL;
    Settings *settings = try_load(yaml, &error);
    g_assert_no_error(error);
    return settings;
}

/* Refused with "FOLDER/config" and then exactly `message`. */
static void refused(const char *yaml, const char *message)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *full = g_strconcat(folder, "/config", message, NULL);
    g_assert_null(try_load(yaml, &error));
    g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG);
    g_assert_cmpstr(error->message, ==, full);
}

static void path_is(const Settings *settings, const char *key, const char *below)
{
    g_autofree char *full = g_build_filename(folder, below, NULL);
    g_assert_cmpstr(settings_path(settings, key), ==, full);
}

static const char sample[] = "from: Ann <ann@example.org>\n"         /* 1 */
                             "transport: relay\n"                    /* 2 */
                             "office:\n"                             /* 3 */
                             "  address: [The House, Exampleton]\n"  /* 4 */
                             "relay:\n"                              /* 5 */
                             "  host: smtp.example.org\n"            /* 6 */
                             "  port: 465\n"                         /* 7 */
                             "  tls: tls\n"                          /* 8 */
                             "  timeout: 90s\n"                      /* 9 */
                             "  user: no\n"                          /* 10 */
                             "  password_command: pass 'my key' x\n" /* 11 */
                             "bounce:\n"                             /* 12 */
                             "lists:\n"                              /* 13 */
                             "  zebra: {file: lists/z.csv}\n"        /* 14 */
                             "  ants:\n"                             /* 15 */
                             "    file: /srv/ants.csv\n"             /* 16 */
                             "    delimiter: ;\n"                    /* 17 */
                             "    join: {file: a.csv, on: URN}\n"    /* 18 */
                             "audiences:\n"                          /* 19 */
                             "  heads:\n"                            /* 20 */
                             "    list: zebra\n"                     /* 21 */
                             "    key: URN\n"                        /* 22 */
                             "    email: [HeadEmail, OfficeEmail]\n" /* 23 */
                             "    name: '{{head_name}}'\n"           /* 24 */
                             "    where: |\n"                        /* 25 */
                             "      Status = 'Open' AND\n"           /* 26 */
                             "      Phase = 'Primary'\n"             /* 27 */
                             "    fields:\n"                         /* 28 */
                             "      urn: '{{URN}}'\n"                /* 29 */
                             "      empty: ''\n"                     /* 30 */
                             "  one: {list: ants, key: URN, email: E}\n";

static void test_values(void)
{
    g_autoptr(Settings) s = load(sample);
    g_assert_cmpstr(settings_text(s, "from"), ==, "Ann <ann@example.org>");
    g_assert_cmpstr(settings_text(s, "office.address"), ==, "The House\nExampleton");
    g_assert_cmpint(settings_number(s, "relay.port"), ==, 465);
    g_assert_cmpint(settings_number(s, "relay.timeout"), ==, 90);
    g_assert_cmpstr(settings_text(s, "relay.tls"), ==, "tls");
    g_assert_cmpstr(settings_text(s, "relay.user"), ==, "no"); /* no Norway problem */
    const char *const *argv = settings_texts(s, "relay.password_command");
    g_assert_cmpuint(g_strv_length((char **)argv), ==, 3);
    g_assert_cmpstr(argv[1], ==, "my key");
    g_assert_cmpstr(settings_text(s, "audiences.heads.where"), ==,
                    "Status = 'Open' AND\nPhase = 'Primary'");
    g_assert_cmpstr(settings_text(s, "audiences.heads.fields.empty"), ==, "");
    const char *const *email = settings_texts(s, "audiences.heads.email");
    g_assert_cmpstr(email[0], ==, "HeadEmail");
    g_assert_cmpstr(email[1], ==, "OfficeEmail");
    g_assert_null(email[2]);
    email = settings_texts(s, "audiences.one.email");
    g_assert_cmpstr(email[0], ==, "E");
    g_assert_null(email[1]);
}

/* Each word of a choice is its fact, whether it is written or the default. */
static void test_choices(void)
{
    static const struct {
        const char *group, *key;
        struct {
            const char *word;
            int is;
        } words[3]; /* the first is the default */
    } all[] = {
        {"relay", "tls", {{"starttls", TLS_STARTTLS}, {"tls", TLS_IMPLICIT}, {"none", TLS_NONE}}},
        {"imap", "tls", {{"tls", TLS_IMPLICIT}, {"starttls", TLS_STARTTLS}, {"none", TLS_NONE}}},
        {"bounce", "verp", {{"plus", VERP_PLUS}, {"catchall", VERP_CATCHALL}, {"none", VERP_NONE}}},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(all); i++)
        for (gsize w = 0; w <= G_N_ELEMENTS(all[i].words); w++) {
            gsize which = w % G_N_ELEMENTS(all[i].words);
            g_autofree char *set = g_strdup_printf("%s: {%s: %s}\n", all[i].group, all[i].key,
                                                   all[i].words[which].word);
            g_autofree char *key = g_strdup_printf("%s.%s", all[i].group, all[i].key);
            g_autoptr(Settings) s = load(w == G_N_ELEMENTS(all[i].words) ? "" : set);
            g_assert_cmpint(settings_choice(s, key), ==, all[i].words[which].is);
        }
    g_autoptr(Settings) s = load("lists: {l: {file: l.csv}}\n"
                                 "audiences: {h: {list: l, key: k, email: e}}\n"
                                 "digests:\n"
                                 "  a: {audience: h, outside_term: hold, broken_notices: skip}\n"
                                 "  b: {audience: h}\n");
    g_assert_cmpint(settings_choice(s, "digests.a.outside_term"), ==, OUTSIDE_HOLD);
    g_assert_cmpint(settings_choice(s, "digests.a.broken_notices"), ==, BROKEN_SKIP);
    g_assert_cmpint(settings_choice(s, "digests.b.outside_term"), ==, OUTSIDE_WAIT);
    g_assert_cmpint(settings_choice(s, "digests.b.broken_notices"), ==, BROKEN_STOP);
    g_assert_cmpint(settings_choice(s, "oauth2.grant"), ==, GRANT_AUTO);
}

static void test_defaults(void)
{
    g_autoptr(Settings) s = load(sample);
    g_assert_cmpstr(settings_text(s, "lang"), ==, "en-GB");
    g_assert_cmpint(settings_number(s, "relay.messages_per_connection"), ==, 100);
    g_assert_cmpstr(settings_text(s, "lists.zebra.encoding"), ==, "auto");
    g_assert_cmpstr(settings_text(s, "lists.zebra.join.delimiter"), ==, "auto");
    g_assert_cmpstr(settings_text(s, "lists.ants.delimiter"), ==, ";");
    g_assert_null(settings_text(s, "lists.zebra.join.file"));
    g_assert_null(settings_path(s, "lists.zebra.join.file"));
    g_assert_null(settings_text(s, "bounce.address"));
    g_assert_null(settings_text(s, "audiences.one.where"));
    g_assert_null(settings_text(s, "audiences.nobody.where"));
    g_assert_null(settings_texts(s, "audiences.nobody.email"));

    g_autoptr(Settings) none = settings_default("/srv/post");
    g_assert_cmpstr(settings_text(none, "transport"), ==, "outbox");
    g_assert_cmpint(settings_number(none, "relay.timeout"), ==, 300);
    g_assert_cmpint(settings_number(none, "relay.messages_per_connection"), ==, 100);
    g_assert_cmpstr(settings_path(none, "ledger.file"), ==, "/srv/post/ledger.db");
    g_assert_cmpstr(settings_file(none), ==, "/srv/post/config");
    g_assert_cmpstr(settings_folder(none), ==, "/srv/post");
    g_assert_cmpuint(g_strv_length((char **)settings_names(none, "lists")), ==, 0);
    g_autoptr(Settings) here = settings_default(".");
    g_assert_cmpstr(settings_path(here, "outbox.folder"), ==, "outbox");
    g_assert_cmpstr(settings_file(here), ==, "config");
}

static void test_paths(void)
{
    g_autoptr(Settings) s = load(sample);
    path_is(s, "lists.zebra.file", "lists/z.csv");
    path_is(s, "lists.ants.join.file", "a.csv");
    path_is(s, "templates", "templates");
    g_assert_cmpstr(settings_path(s, "lists.ants.file"), ==, "/srv/ants.csv");
    g_assert_cmpstr(settings_text(s, "lists.zebra.file"), ==, "lists/z.csv");
    g_autoptr(Settings) home = load("ledger: ~/ledger.db\n");
    g_autofree char *expected = g_build_filename(g_get_home_dir(), "ledger.db", NULL);
    g_assert_cmpstr(settings_path(home, "ledger.file"), ==, expected);
    /* What it was before it had a group is short for its file; a group alone leaves the default. */
    g_autoptr(Settings) shared = load("ledger:\n  group: officers\n");
    g_assert_cmpstr(settings_text(shared, "ledger.file"), ==, "ledger.db");
    g_assert_cmpstr(settings_text(shared, "ledger.group"), ==, "officers");
    g_autoptr(Settings) none_of_it = load("ledger:\n  #file: ledger.db\n");
    g_assert_cmpstr(settings_text(none_of_it, "ledger.file"), ==, "ledger.db");
}

static void test_names(void)
{
    g_autoptr(Settings) s = load(sample);
    const char *const *lists = settings_names(s, "lists");
    g_assert_cmpstr(lists[0], ==, "zebra"); /* the order of the file */
    g_assert_cmpstr(lists[1], ==, "ants");
    g_assert_null(lists[2]);
    const char *const *fields = settings_names(s, "audiences.heads.fields");
    g_assert_cmpstr(fields[0], ==, "urn");
    g_assert_cmpstr(fields[1], ==, "empty");
    g_assert_null(fields[2]);
    g_assert_null(settings_names(s, "audiences.one.fields")[0]);
}

static void test_lines(void)
{
    g_autoptr(Settings) s = load(sample);
    g_assert_cmpuint(settings_line(s, "relay.port"), ==, 7);
    g_assert_cmpuint(settings_line(s, "audiences.heads.where"), ==, 25);
    g_assert_cmpuint(settings_line(s, "audiences.heads"), ==, 20);
    g_assert_cmpuint(settings_line(s, "lang"), ==, 0);
    g_assert_true(settings_has(s, "from"));
    g_assert_false(settings_has(s, "lang"));
    g_assert_true(settings_has(s, "lists.ants.join"));
    g_assert_false(settings_has(s, "lists.zebra.join"));

    g_autoptr(GError) error = NULL;
    settings_complain(s, &error, "audiences.heads.title", "no title for %d", 3);
    g_autofree char *full = g_strconcat(folder, "/config:20: no title for 3", NULL);
    g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG);
    g_assert_cmpstr(error->message, ==, full);
    g_clear_error(&error);
    settings_complain(s, &error, "lang", "no such language");
    g_assert_true(g_str_has_suffix(error->message, "/config: no such language"));
}

static void test_files(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *missing = g_build_filename(folder, "missing", NULL);
    g_assert_null(settings_load(missing, &error));
    g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_NOINPUT);
    g_clear_error(&error);
    g_assert_null(settings_load(folder, &error));
    g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG);
    g_clear_error(&error);
    g_autofree char *large = g_strnfill(1 << 21, '#');
    g_assert_null(try_load(large, &error));
    g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG);
    refused("just words\n", ":1: not a configuration: it must hold lines of 'key: value'");
    refused("- a\n", ":1: not a configuration: it must hold lines of 'key: value'");
    refused("from: a\nfrom: b\n", ":2: 'from' is given twice: first on line 1");
    g_autoptr(Settings) empty = load("# nothing\nrelay:\nlists:\naudiences:\n");
    g_assert_false(settings_has(empty, "from"));
}

static void test_unknown_keys(void)
{
    refused("from: a\nrelay:\n  hots: x\n", ":3: unknown key 'relay.hots': did you mean "
                                            "'relay.host'?");
    refused("form: a\n", ":1: unknown key 'form': did you mean 'from'?");
    refused("realy: {host: a}\n", ":1: unknown key 'realy': did you mean 'relay'?");
    refused("lists:\n  a:\n    fiel: x\n", ":3: unknown key 'lists.a.fiel': did you mean "
                                           "'lists.a.file'?");
    refused("audiences: {a: {list: l, key: k, emial: e}}\n",
            ":1: unknown key 'audiences.a.emial': did you mean 'audiences.a.email'?");
    refused("lists: {a: {file: x, join: {file: y, om: z}}}\n",
            ":1: unknown key 'lists.a.join.om': did you mean 'lists.a.join.on'?");
    refused("host: x\n", ":1: unknown key 'host': did you mean 'relay.host'?");
    refused("relay:\n  where: x\n", ":2: unknown key 'relay.where': did you mean "
                                    "'audiences.NAME.where'?");
    refused("colour: red\n", ":1: unknown key 'colour': circular-config(5) lists all");
    refused("relay:\n  password: hunter2\n",
            ":2: unknown key 'relay.password': did you mean 'relay.password_env'?");
    refused("relay.host: x\n", ":1: write 'relay.host' as 'host:', indented under 'relay:'");
    refused("relay.hots: x\n", ":1: unknown key 'relay.hots': did you mean 'relay.host'?");
}

static void test_kinds(void)
{
    refused("relay: {port: 0}\n", ":1: 'relay.port' must be a number from 1 to 65535, not '0'");
    refused("relay: {port: 65536}\n",
            ":1: 'relay.port' must be a number from 1 to 65535, not '65536'");
    refused("relay: {port: 5e2}\n", ":1: 'relay.port' must be a number from 1 to 65535, not '5e2'");
    refused("relay: {port: -5}\n", ":1: 'relay.port' must be a number from 1 to 65535, not '-5'");
    refused("relay: {port: 99999999999999999999}\n", ":1: 'relay.port' must be a number from 1 to "
                                                     "65535, not '99999999999999999999'");
    refused("relay: {port: [25]}\n",
            ":1: 'relay.port' must be a number from 1 to 65535, not a list");
    refused("transport: relayy\n", ":1: 'transport' must be one of 'outbox', 'relay', 'null', not "
                                   "'relayy': did you mean 'relay'?");
    refused("transport: smtp\n",
            ":1: 'transport' must be one of 'outbox', 'relay', 'null', not 'smtp'");
    refused("lang: {a: b}\n", ":1: 'lang' must be a text on one line, not a group of keys");
    refused("lang: |\n  a\n  b\n", ":1: 'lang' must be a text on one line, not 'a\nb\n'");
    refused("lang: \"a\\tb\"\n", ":1: 'lang' must be a text on one line, not 'a\tb'");
    refused("templates:\n", ":1: 'templates' has no value: give it one or delete the line");
    refused("templates: ''\n", ":1: 'templates' has no value: give it one or delete the line");
    refused("templates: ' '\n", ":1: 'templates' has no value: give it one or delete the line");
    refused("relay: x\n", ":1: 'relay' is a group of keys: indent them under it, one a line");
    refused("lists: [a]\n", ":1: 'lists' is a group of keys: indent them under it, one a line");
    refused("relay: {user: a, password_command: pass 'x}\n",
            ":1: 'relay.password_command' must be a list of a program and its arguments, or one "
            "text of them, not 'pass 'x'");
    refused("relay: {user: a, password_command: []}\n",
            ":1: 'relay.password_command' has no value: give it one or delete the line");
    refused("from: \"a\\r\\nBcc: b\"\n", ":1: a control character in a value: U+000D");
    refused("lists: {a: {file: f}}\naudiences:\n  b:\n    list: a\n    key: k\n    where:\n"
            "    email: [e, [f]]\n",
            ":6: 'audiences.b.where' has no value: give it one or delete the line");
    refused("lists: {a: {file: f}}\naudiences: {b: {list: a, key: k, email: [e, [f]]}}\n",
            ":2: 'audiences.b.email' must be a text or a list of texts, not a list");
}

static void test_durations(void)
{
    static const struct {
        const char *text;
        gint64 seconds; /* -1: refused */
    } cases[] = {{"1s", 1},
                 {"0s", -1},
                 {"60m", 3600},
                 {"61m", -1},
                 {"1h", 3600},
                 {"2h", -1},
                 {"1d", -1},
                 {"300", -1},
                 {"5 m", 300},
                 {"m", -1},
                 {"10 min", 600},
                 {"5  m", -1},
                 {"5 mn", -1},
                 {"0", -1},
                 {"5M", -1},
                 {"-5m", -1},
                 {"5ms", -1},
                 {"1.5m", -1},
                 {"9999999999999s", -1}};
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *yaml = g_strdup_printf("relay: {timeout: '%s'}\n", cases[i].text);
        if (cases[i].seconds >= 0) {
            g_autoptr(Settings) s = load(yaml);
            g_assert_cmpint(settings_number(s, "relay.timeout"), ==, cases[i].seconds);
        } else {
            g_autofree char *message =
                g_strdup_printf(":1: 'relay.timeout' must be a time such as 30s, 5m, 24h or 7d, "
                                "from 1s to 1h, not '%s'",
                                cases[i].text);
            refused(yaml, message);
        }
    }
}

static void test_percents(void)
{
    static const struct {
        const char *text;
        gint64 share; /* -1: refused */
    } cases[] = {{"5", 5},      {"5%", 5},    {"5 %", 5},       {"0 %", 0},   {"100%", 100},
                 {"101", -1},   {"101%", -1}, {"5  %", -1},     {"5 %%", -1}, {"%", -1},
                 {"5.5 %", -1}, {"-5 %", -1}, {"5 percent", -1}};
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *yaml = g_strdup_printf("first: {refused: %s}\n", cases[i].text);
        g_autofree char *quoted = g_strdup_printf("first: {refused: '%s'}\n", cases[i].text);
        if (cases[i].share >= 0) {
            g_autoptr(Settings) s = load(yaml);
            g_assert_cmpint(settings_number(s, "first.refused"), ==, cases[i].share);
        } else {
            g_autofree char *message =
                g_strdup_printf(":1: 'first.refused' must be a number from 0 to 100, with or "
                                "without %%, not '%s'",
                                cases[i].text);
            refused(quoted, message);
        }
    }
}

/* No key is a flag yet; the next that is must find it working. */
static void test_flags(void)
{
    static const SchemaKey row = {.key = "x", .kind = SCHEMA_FLAG};
    static const struct {
        const char *text;
        int flag;
    } cases[] = {{"yes", 1}, {"no", 0}, {"true", 1}, {"False", 0}, {"on", 1},
                 {"OFF", 0}, {"1", -1}, {"y", -1},   {"", -1},     {"nope", -1}};
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        Tree node = {.kind = TREE_TEXT, .line = 3, .text = (char *)cases[i].text};
        g_autoptr(GError) error = NULL;
        g_autoptr(Entry) entry = entry_parse(&row, "x", &node, "f", &error);
        g_assert_true((entry != NULL) == (cases[i].flag >= 0));
        if (entry)
            g_assert_cmpint(entry->number, ==, cases[i].flag);
        else
            g_assert_true(g_str_has_prefix(error->message, "f:3: 'x' "));
    }
}

/* The most digits with the largest unit still fit. */
static void test_digits(void)
{
    static const SchemaKey row = {.key = "x", .kind = SCHEMA_DURATION, .max = G_MAXINT64};
    for (guint digits = ENTRY_DIGITS_MAX - 1; digits <= ENTRY_DIGITS_MAX + 1; digits++) {
        g_autofree char *nines = g_strnfill(digits, '9');
        g_autofree char *text = g_strconcat(nines, "d", NULL);
        Tree node = {.kind = TREE_TEXT, .line = 1, .text = text};
        g_autoptr(Entry) entry = entry_parse(&row, "x", &node, "f", NULL);
        g_assert_true((entry != NULL) == (digits <= ENTRY_DIGITS_MAX));
        if (entry)
            g_assert_cmpint(entry->number, ==, g_ascii_strtoll(nines, NULL, 10) * 86400);
    }
}

static void test_required(void)
{
    refused("from: a\nlists:\n  a:\n    encoding: auto\n", ":3: 'lists.a' lacks 'file:'");
    refused("lists:\n  a:\n", ":2: 'lists.a' lacks 'file:'");
    refused("lists:\n  a:\n    file: x\n    join:\n      file: y\n",
            ":4: 'lists.a.join' lacks 'on:'");
    refused("lists: {a: {file: x}}\naudiences:\n  b:\n    list: a\n    key: URN\n",
            ":3: 'audiences.b' lacks 'email:'");
    refused("audiences:\n\n  b:\n    key: URN\n", ":3: 'audiences.b' lacks 'list:'");
}

static void test_free_names(void)
{
    static const char *const bad[] = {"'a b'", "a.b", "-a", "é", "'*'", "a/b", "'{{a}}'", NULL};
    for (guint i = 0; bad[i]; i++) {
        g_autofree char *yaml = g_strdup_printf("lists:\n  %s: {file: x}\n", bad[i]);
        g_autofree char *plain = g_strdup(bad[i]);
        g_strdelimit(plain, "'", ' ');
        g_autofree char *message =
            g_strdup_printf(":2: '%s' is no name for one of 'lists': use up to 64 letters (a-z), "
                            "digits, _ and -",
                            g_strstrip(plain));
        refused(yaml, message);
    }
    for (guint length = SETTINGS_NAME_MAX - 1; length <= SETTINGS_NAME_MAX + 1; length++) {
        g_autofree char *name = g_strnfill(length, 'a');
        g_autofree char *yaml = g_strdup_printf("lists: {%s: {file: x}}\n", name);
        g_autoptr(Settings) settings = try_load(yaml, NULL);
        g_assert_true((settings != NULL) == (length <= SETTINGS_NAME_MAX));
    }
}

static void test_crosscheck(void)
{
    refused("lists: {schools: {file: x}}\naudiences:\n  b:\n    list: shcools\n    key: k\n"
            "    email: e\n",
            ":4: no list 'shcools': did you mean 'schools'?");
    refused(
        "lists: {a: {file: x}, c: {file: y}}\naudiences: {b: {list: trusts, key: k, email: e}}\n",
        ":2: no list 'trusts': there is 'a', 'c'");
    refused("audiences: {b: {list: a, key: k, email: e}}\n",
            ":1: no list 'a': name it under 'lists:'");
    refused("from: a\ntransport: relay\n", ":2: the transport 'relay' needs 'relay.host'");
    refused("relay:\n  user: a\n  password_env: B\n  password_file: c\n",
            ":4: 'relay.password_env' and 'relay.password_file' are both set: give one");
    refused("relay:\n  user: a\n",
            ":2: 'relay.user' needs a password: set 'relay.password_env', "
            "'relay.password_file' or 'relay.password_command', or see 'oauth2'");
    refused("relay:\n  password_env: A\n", ":2: 'relay.password_env' needs 'relay.user'");
    refused("relay:\n  auth: xoauth2\n", ":2: 'relay.auth' needs 'relay.user'");
    refused("relay:\n  user: a\n  password_env: A\n  auth: none\n",
            ":4: 'relay.auth' is 'none' and yet 'relay.user' is set: delete one");
    refused("imap:\n  host: a.example\n", ":2: 'imap.host' needs 'imap.user'");
    refused("imap:\n  user: a\n  password_env: A\n", ":2: 'imap.user' needs 'imap.host'");
    refused("imap:\n  host: a.example\n  user: a\n",
            ":3: 'imap.user' needs a password: set 'imap.password_env', "
            "'imap.password_file' or 'imap.password_command', or see 'oauth2'");
    refused("imap:\n  password_env: A\n", ":2: 'imap.password_env' needs 'imap.user'");
    refused("imap:\n  password_env: A\n  password_file: b\n",
            ":3: 'imap.password_env' and 'imap.password_file' are both set: give one");
}

#define TOKENS "oauth2:\n  client_id: c\n"

static void test_oauth2(void)
{
    refused("oauth2:\n  tenant: t\n", ":1: 'oauth2' needs 'oauth2.client_id', or "
                                      "'oauth2.token_command'");
    refused(TOKENS, ":2: 'oauth2' needs 'oauth2.preset' or 'oauth2.token_url'");
    refused(TOKENS "  preset: microsoft365\n",
            ":3: the preset 'microsoft365' needs 'oauth2.tenant'");
    refused(TOKENS "  preset: microsoft365\n  tenant: a/b\n",
            ":4: 'oauth2.tenant' must be the directory's id or a domain of it");
    refused(TOKENS "  preset: google\n  client_secret_env: A\n",
            ":3: the preset 'google' needs 'oauth2.refresh_token_file' (or _env, or _command): "
            "Google has no client credentials");
    refused(TOKENS "  preset: microsoft365\n  tenant: t\n",
            ":2: 'oauth2' needs 'oauth2.client_secret_file' or 'oauth2.refresh_token_file' (or "
            "_env, or _command)");
    refused(TOKENS "  preset: microsoft365\n  tenant: t\n  grant: client_credentials\n"
                   "  client_secret_env: A\n  refresh_token_file: b\n",
            ":7: 'oauth2.refresh_token_file' means nothing to the grant 'client_credentials': "
            "delete one");
    refused(TOKENS "  preset: google\n  grant: refresh_token\n",
            ":4: the grant 'refresh_token' needs 'oauth2.refresh_token_file' (or _env, or "
            "_command)");
    refused(TOKENS "  refresh_token_env: A\n  refresh_token_file: b\n",
            ":4: 'oauth2.refresh_token_env' and 'oauth2.refresh_token_file' are both set: give "
            "one");
    refused("oauth2:\n  token_command: a\n  client_id: b\n",
            ":3: 'oauth2.client_id' means nothing beside 'oauth2.token_command': delete one");
    refused("oauth2:\n  token_command: a\nrelay:\n  user: u\n  auth: xoauth2\n"
            "  password_env: A\n",
            ":6: 'relay.password_env' and 'oauth2' would both give the token: delete one");
    refused("oauth2:\n  token_command: a\nrelay:\n  user: u\n  auth: plain\n",
            ":4: 'relay.user' needs a password: set 'relay.password_env', "
            "'relay.password_file' or 'relay.password_command', or see 'oauth2'");
}

static void test_oauth2_serves(void)
{
    static const struct {
        const char *yaml;
        gboolean relay, imap;
    } rows[] = {
        {"relay: {user: u}\nimap: {user: u, host: h}\n", TRUE, TRUE},
        {"relay: {user: u, auth: xoauth2}\nimap: {user: u, host: h, auth: oauthbearer}\n", TRUE,
         TRUE},
        {"relay: {user: u, password_env: A}\nimap: {user: u, host: h}\n", FALSE, TRUE},
        {"relay: {user: u}\nimap: {user: u, host: h, auth: plain, password_env: A}\n", TRUE, FALSE},
        {"relay: {host: h}\n", FALSE, FALSE},
    };
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *yaml = g_strconcat("oauth2: {token_command: a}\n", rows[i].yaml, NULL);
        g_autoptr(GError) error = NULL;
        g_autoptr(Settings) s = try_load(yaml, &error);
        g_assert_no_error(error);
        g_assert_cmpint(oauth2check_serves(s, "relay"), ==, rows[i].relay);
        g_assert_cmpint(oauth2check_serves(s, "imap"), ==, rows[i].imap);
    }
}

static void test_oauth2_urls(void)
{
    static const char *const good[] = {"https://a.example/token", "https://a.example:8443/?x=1",
                                       "https://[2001:db8::1]/",  "HTTPS://a.example/",
                                       "http://localhost:9/",     "http://127.0.0.1/t",
                                       "http://[::1]:9/"};
    static const char *const bad[] = {"http://a.example/",     "http://localhost.example/",
                                      "http://127.0.0.2.nip/", "https://",
                                      "https:///token",        "a.example/token",
                                      "file:///etc/passwd",    "https://u@a.example/",
                                      "https://a.example/#x",  "https://a.example/ b",
                                      "https://a.example/\n",  "//a.example/"};
    for (guint i = 0; i < G_N_ELEMENTS(good); i++)
        g_assert_true(oauth2check_is_url(good[i]));
    for (guint i = 0; i < G_N_ELEMENTS(bad); i++)
        g_assert_false(oauth2check_is_url(bad[i]));
    g_autofree char *path = g_strnfill(2000 - strlen("https://a/"), 'p');
    g_autofree char *longest = g_strconcat("https://a/", path, NULL);
    g_autofree char *longer = g_strconcat(longest, "p", NULL);
    g_assert_true(oauth2check_is_url(longest));
    g_assert_false(oauth2check_is_url(longer));
}

/* A key that the schema doesn't have, or of another kind, is our own fault. */
static void test_own_faults(void)
{
    static const char *const faults[] = {"text", "number", "flag", "names", "line", NULL};
    if (g_test_subprocess())
        return;
    for (guint i = 0; faults[i]; i++) {
        g_autofree char *path = g_strconcat("/settings/fault/subprocess/", faults[i], NULL);
        g_test_trap_subprocess(path, 0, 0);
        g_test_trap_assert_failed();
        g_test_trap_assert_stderr("*settings: *");
    }
}

static void fault(gconstpointer which)
{
    g_autoptr(Settings) s = settings_default(".");
    if (g_str_equal(which, "text"))
        settings_text(s, "relay.hots");
    else if (g_str_equal(which, "number"))
        settings_number(s, "relay.host");
    else if (g_str_equal(which, "flag"))
        settings_flag(s, "relay.host");
    else if (g_str_equal(which, "names"))
        settings_names(s, "relay");
    else
        settings_line(s, "lists..file");
}

static void test_wildcards_stay_patterns(void)
{
    g_assert_null(schema_match("lists.*"));
    g_assert_null(schema_match("lists"));
    g_assert_null(schema_match(""));
    g_assert_null(schema_match("relay.host."));
    g_assert_null(schema_match(".relay.host"));
    g_assert_null(schema_match("relay.host.x"));
    g_assert_null(schema_match("relay.hos"));
    g_assert_cmpstr(schema_match("audiences.a.fields.b")->key, ==, "audiences.*.fields.*");
    g_assert_true(schema_is_group(""));
    g_assert_true(schema_is_group("audiences.a.fields"));
    g_assert_false(schema_is_group("relay.host"));
    g_assert_false(schema_is_free(""));
    g_assert_true(schema_is_free("lists"));
    g_assert_false(schema_is_free("lists.a"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    folder = g_dir_make_tmp("circular-settings-XXXXXX", NULL);
    g_assert_nonnull(folder);
    g_test_add_func("/settings/values", test_values);
    g_test_add_func("/settings/choices", test_choices);
    g_test_add_func("/settings/defaults", test_defaults);
    g_test_add_func("/settings/paths", test_paths);
    g_test_add_func("/settings/names", test_names);
    g_test_add_func("/settings/lines", test_lines);
    g_test_add_func("/settings/files", test_files);
    g_test_add_func("/settings/unknown-keys", test_unknown_keys);
    g_test_add_func("/settings/kinds", test_kinds);
    g_test_add_func("/settings/durations", test_durations);
    g_test_add_func("/settings/percents", test_percents);
    g_test_add_func("/settings/flags", test_flags);
    g_test_add_func("/settings/digits", test_digits);
    g_test_add_func("/settings/required", test_required);
    g_test_add_func("/settings/free-names", test_free_names);
    g_test_add_func("/settings/crosscheck", test_crosscheck);
    g_test_add_func("/settings/oauth2", test_oauth2);
    g_test_add_func("/settings/oauth2/serves", test_oauth2_serves);
    g_test_add_func("/settings/oauth2/urls", test_oauth2_urls);
    g_test_add_func("/settings/own-faults", test_own_faults);
    g_test_add_func("/settings/wildcards", test_wildcards_stay_patterns);
    g_test_add_data_func("/settings/fault/subprocess/text", "text", fault);
    g_test_add_data_func("/settings/fault/subprocess/number", "number", fault);
    g_test_add_data_func("/settings/fault/subprocess/flag", "flag", fault);
    g_test_add_data_func("/settings/fault/subprocess/names", "names", fault);
    g_test_add_data_func("/settings/fault/subprocess/line", "line", fault);
    int status = g_test_run();
    g_autofree char *path = g_build_filename(folder, "config", NULL);
    g_unlink(path);
    g_rmdir(folder);
    g_free(folder);
    return status;
}
