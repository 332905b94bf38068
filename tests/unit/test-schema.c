/* test-schema - the table of keys, and that config.example and circular-config(5) are made from it
 *
 * CIRCULAR_BLESS=1 rewrites both files; git diff reviews.
 */
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "config/entry.h"
#include "config/oauth2check.h"
#include "config/schema.h"
#include "config/settings.h"

static void same_as_file(GString *written, const char *path)
{
    g_autofree char *file = NULL;
    if (g_getenv("CIRCULAR_BLESS"))
        g_assert_true(g_file_set_contents(path, written->str, (gssize)written->len, NULL));
    g_assert_true(g_file_get_contents(path, &file, NULL, NULL));
    if (!g_str_equal(file, written->str))
        g_error("%s is not what the schema says: run this test with CIRCULAR_BLESS=1", path);
}

static void test_example_is_written(void)
{
    g_autoptr(GString) out = g_string_new(NULL);
    schema_write_example(out);
    same_as_file(out, "config.example");
}

static void test_man_is_written(void)
{
    g_autoptr(GString) out = g_string_new(NULL);
    schema_write_man(out);
    same_as_file(out, "cmd/man/circular-config.5");
    for (const SchemaKey *row = schema_keys(); row->key; row++) {
        g_autofree char *item = g_strdup_printf("\n.It Va %s\n", row->key);
        g_assert_nonnull(strstr(out->str, item));
    }
}

/* Loads the text; the settings as from a file "config". */
static Settings *load(const char *text)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = NULL;
    int fd = g_file_open_tmp("circular-schema-XXXXXX", &path, &error);
    g_assert_no_error(error);
    close(fd);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    Settings *settings = settings_load(path, &error);
    g_assert_no_error(error);
    g_unlink(path);
    return settings;
}

static char *example(void)
{
    GString *out = g_string_new(NULL);
    schema_write_example(out);
    return g_string_free(out, FALSE);
}

/* A fresh workspace mails nobody, and all that is uncommented means what is said. */
static void test_example_loads(void)
{
    g_autofree char *text = example();
    g_autoptr(Settings) s = load(text);
    g_assert_cmpstr(settings_text(s, "transport"), ==, "outbox");
    g_assert_cmpstr(settings_text(s, "from"), ==,
                    "Director of Schools <schools@northmere.example.org>");
    g_autofree char *lists = g_strjoinv(" ", (char **)settings_names(s, "lists"));
    g_autofree char *audiences = g_strjoinv(" ", (char **)settings_names(s, "audiences"));
    g_assert_cmpstr(lists, ==, "schools trusts");
    g_assert_cmpstr(audiences, ==, "heads primary-heads trust-ceos");
    g_assert_cmpstr(settings_text(s, "audiences.heads.where"), ==, "Status = 'Open'");
    g_assert_cmpstr(settings_text(s, "audiences.primary-heads.fields.head_name"), ==,
                    "{{#HeadLastName}}{{HeadTitle}} {{HeadLastName}}{{/HeadLastName}}");
    g_assert_cmpstr(settings_text(s, "audiences.trust-ceos.fields.trust_name"), ==,
                    "{{TrustName}}");
}

/* Each "#key: value" uncommented is a configuration too: what the file shows can be used. */
static void test_example_uncommented(void)
{
    g_autofree char *text = example();
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    GString *all = g_string_new(NULL);
    for (char **line = lines; *line; line++) {
        char *hash = *line + strspn(*line, " ");
        gboolean key = *hash == '#' && hash[1] && !strchr(" #", hash[1]);
        gboolean either_or =
            strstr(*line, "_file: ") || strstr(*line, "_env: ") || strstr(*line, "token_command: ");
        if (key && (!either_or || strstr(*line, "ca_file")))
            memmove(hash, hash + 1, strlen(hash));
        if (hash > *line && g_str_has_prefix(hash, "#  "))
            memmove(hash, hash + 1, strlen(hash)); /* below "#register:" */
        g_string_append_printf(all, "%s\n", *line);
    }
    g_autofree char *bare = g_string_free(all, FALSE);
    g_autoptr(Settings) s = load(bare);
    for (const SchemaKey *row = schema_keys(); row->key; row++) {
        if (strchr(row->key, '*') || g_str_has_suffix(row->key, "_file") ||
            g_str_has_suffix(row->key, "_env") || g_str_has_suffix(row->key, "token_command"))
            continue;
        if (!settings_has(s, row->key))
            g_error("config.example doesn't show '%s'", row->key);
    }
    g_assert_cmpint(settings_number(s, "relay.timeout"), ==, 300);
    g_assert_true(settings_has(s, "lists.register.join.on"));
}

/* The examples of the manual page work: all that are configurations. */
static void test_man_example(void)
{
    g_autoptr(GString) out = g_string_new(NULL);
    schema_write_man(out);
    guint loaded = 0;
    for (const char *from = out->str; (from = strstr(from, "\n.Bd -literal"));) {
        from = strchr(from + 1, '\n') + 1;
        const char *to = strstr(from, ".Ed\n");
        g_assert_nonnull(to);
        g_autofree char *text = g_strndup(from, (gsize)(to - from));
        if (g_str_has_prefix(text, "New-ServicePrincipal "))
            continue; /* of PowerShell */
        g_autoptr(Settings) s = load(text);
        g_assert_true(g_str_has_prefix(settings_text(s, "relay.host"), "smtp."));
        g_assert_true(oauth2check_serves(s, "relay"));
        loaded++;
    }
    g_assert_cmpuint(loaded, ==, 3);
}

/* What every row owes to those who read it. */
static void test_rows(void)
{
    for (const SchemaKey *row = schema_keys(); row->key; row++) {
        g_autoptr(Entry) value = entry_default(row); /* aborts if it doesn't fit */
        g_assert_true((value != NULL) == (row->value != NULL));
        g_assert_true(g_str_has_suffix(row->help, "."));
        g_assert_cmpuint(strlen(row->help), <=, 85);
        g_assert_true((row->kind == SCHEMA_CHOICE) == (row->words != NULL));
        g_assert_true(row->max >= row->min);
        g_assert_true(!row->required || !row->value);
        if (!strchr(row->key, '*'))
            g_assert_true(row->value || (row->sample && row->otherwise));
        g_assert_true(schema_match(row->key) == row);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/schema/rows", test_rows);
    g_test_add_func("/schema/example-is-written", test_example_is_written);
    g_test_add_func("/schema/example-loads", test_example_loads);
    g_test_add_func("/schema/example-uncommented", test_example_uncommented);
    g_test_add_func("/schema/man-is-written", test_man_is_written);
    g_test_add_func("/schema/man-example", test_man_example);
    return g_test_run();
}
