/* test-secret - passwords from the environment, a file and a command; none ever in a message */
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/error.h"
#include "config/secret.h"

static char *folder, *config;

static char *below(const char *name)
{
    return g_build_filename(folder, name, NULL);
}

static char *load_bytes(const char *source, GError **error)
{
    g_autofree char *yaml = g_strdup_printf("relay:\n  user: ann\n  %s\n", source);
    g_assert_true(g_file_set_contents(config, yaml, -1, NULL));
    g_autoptr(GError) inner = NULL;
    g_autoptr(Settings) settings = settings_load(config, &inner);
    g_assert_no_error(inner);
    return secret_load(settings, "relay.password", error);
}

/* The secret that the line of the config leads to. */
static void gives(const char *source, const char *secret)
{
    g_autoptr(GError) error = NULL;
    char *got = load_bytes(source, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(got, ==, secret);
    secret_free(got);
}

/* Refused with "FOLDER/config:3: " and a message that matches the pattern, and doesn't tell. */
static void refused(const char *source, const char *pattern)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *place = g_strconcat(config, ":3: ", NULL);
    g_assert_null(load_bytes(source, &error));
    g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG);
    g_assert_true(g_str_has_prefix(error->message, place));
    if (!g_pattern_match_simple(pattern, error->message + strlen(place)))
        g_error("'%s' doesn't match '%s'", error->message + strlen(place), pattern);
    g_assert_null(strstr(error->message, "hunter2"));
}

static void write_secret(const char *bytes, gsize length, int mode)
{
    g_autofree char *path = below("secret");
    g_assert_true(g_file_set_contents(path, bytes, (gssize)length, NULL));
    g_assert_cmpint(g_chmod(path, mode), ==, 0);
}

static void test_none(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Settings) settings = settings_default(folder);
    g_assert_null(secret_load(settings, "relay.password", &error));
    g_assert_no_error(error);
    secret_free(NULL);
}

static void test_env(void)
{
    g_setenv("CIRCULAR_TEST_SECRET", "hunter2 \xc3\xa9\r\nsecond", TRUE);
    gives("password_env: CIRCULAR_TEST_SECRET", "hunter2 \xc3\xa9");
    g_setenv("CIRCULAR_TEST_SECRET", "", TRUE);
    refused("password_env: CIRCULAR_TEST_SECRET",
            "the environment variable 'CIRCULAR_TEST_SECRET' has nothing on its first line; *");
    g_unsetenv("CIRCULAR_TEST_SECRET");
    refused("password_env: CIRCULAR_TEST_SECRET", "the environment variable 'CIRCULAR_TEST_SECRET' "
                                                  "is not set; set it where circular is run*");
}

static void test_file(void)
{
    write_secret("hunter2\n", 8, 0600);
    gives("password_file: secret", "hunter2");
    write_secret(" hunter2 \r\nmore", 15, 0400);
    gives("password_file: secret", " hunter2 ");
    write_secret("hunter2", 7, 0600);
    gives("password_file: secret", "hunter2");
    write_secret("", 0, 0600);
    refused("password_file: secret", "'*/secret' has nothing on its first line; *");
    write_secret("\nhunter2\n", 9, 0600);
    refused("password_file: secret", "'*/secret' has nothing on its first line; *");
    write_secret("hun\0ter2\n", 9, 0600);
    refused("password_file: secret", "'*/secret' has a NUL byte in its first line");
    refused("password_file: missing",
            "there is no '*/missing'; write the password on the first line of */missing, *");
    refused("password_file: .", "'*' is no regular file");
    refused("password_file: /dev/null", "'/dev/null' is no regular file");
}

static void test_mode(void)
{
    static const int open_modes[] = {0640, 0604, 0660, 0601, 0620, 0644, 0777};
    for (guint i = 0; i < G_N_ELEMENTS(open_modes); i++) {
        write_secret("hunter2\n", 8, open_modes[i]);
        g_autofree char *pattern = g_strdup_printf(
            "'*/secret' is open to others (mode %03o); chmod 600 */secret", open_modes[i]);
        refused("password_file: secret", pattern);
    }
    write_secret("hunter2\n", 8, 0700);
    gives("password_file: secret", "hunter2");
}

static void test_fifo(void)
{
    g_autofree char *path = below("fifo");
    g_assert_cmpint(mkfifo(path, 0600), ==, 0);
    refused("password_file: fifo", "'*/fifo' is no regular file");
    g_unlink(path);
}

static void test_length(void)
{
    static const char *const ends[] = {"", "\n", "\r\n", "\r\nand more and more", NULL};
    for (guint i = 0; ends[i]; i++) {
        for (gsize length = SECRET_MAX - 1; length <= SECRET_MAX + 1; length++) {
            g_autofree char *secret = g_strnfill(length, 'x');
            g_autofree char *bytes = g_strconcat(secret, ends[i], NULL);
            write_secret(bytes, strlen(bytes), 0600);
            if (length <= SECRET_MAX) {
                gives("password_file: secret", secret);
                gives("password_command: cat secret", secret);
            } else {
                refused("password_file: secret", "'*' has a first line of over 16384 bytes");
                refused("password_command: cat secret",
                        "the output of 'cat' has a first line of over 16384 bytes");
            }
        }
    }
}

static void test_command(void)
{
    gives("password_command: [printf, 'hunter2\\nsecond\\n']", "hunter2");
    gives("password_command: echo \"two  words\" '$HOME;*'", "two  words $HOME;*"); /* no shell */
    gives("password_command: [echo, a b, $(id)]", "a b $(id)");
    gives("password_command: [sh, -c, 'echo hunter2; yes | head -c 300000']", "hunter2");
    g_autofree char *script = below("script");
    g_assert_true(g_file_set_contents(script, "#!/bin/sh\npwd\n", -1, NULL));
    g_assert_cmpint(g_chmod(script, 0700), ==, 0);
    char *real = realpath(folder, NULL);
    gives("password_command: ./script", real); /* found and run in the config's folder */
    free(real);
    g_unlink(script);
}

static void test_command_fails(void)
{
    refused("password_command: [sh, -c, 'echo hunter2; echo hunter2 >&2; exit 3']",
            "'sh' ended with status 3; try it by hand");
    refused("password_command: [sh, -c, 'echo hunter2; kill -9 $$']", "'sh' was ended by signal 9");
    refused("password_command: 'true'", "the output of 'true' has nothing on its first line; *");
    refused("password_command: [cat]", "the output of 'cat' has nothing on its first line; *");
    refused("password_command: ./nowhere", "can't start './nowhere': *No such file*");
    refused("password_command: no-such-program-of-ours x",
            "can't start 'no-such-program-of-ours'*");
}

/* One that hangs, with its output open or closed, is stopped. */
static void test_command_hangs(void)
{
    static const char *const scripts[] = {"exec sleep 60", "exec >&-; exec sleep 60",
                                          "echo hunter2; exec sleep 60", NULL};
    for (guint i = 0; scripts[i]; i++) {
        const char *const argv[] = {"sh", "-c", scripts[i], NULL};
        g_autoptr(GError) error = NULL;
        gint64 start = clock_ticks();
        g_assert_null(secret_command(argv, folder, 1, &error));
        g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG);
        g_assert_cmpstr(error->message, ==, "'sh' took over 1 s and was stopped");
        g_assert_cmpint(clock_ticks() - start, <, 10 * G_USEC_PER_SEC);
        g_assert_cmpint(clock_ticks() - start, >=, G_USEC_PER_SEC);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    folder = g_dir_make_tmp("circular-secret-XXXXXX", NULL);
    g_assert_nonnull(folder);
    config = below("config");
    g_test_add_func("/secret/none", test_none);
    g_test_add_func("/secret/env", test_env);
    g_test_add_func("/secret/file", test_file);
    g_test_add_func("/secret/mode", test_mode);
    g_test_add_func("/secret/fifo", test_fifo);
    g_test_add_func("/secret/length", test_length);
    g_test_add_func("/secret/command", test_command);
    g_test_add_func("/secret/command-fails", test_command_fails);
    g_test_add_func("/secret/command-hangs", test_command_hangs);
    int status = g_test_run();
    g_autofree char *secret = below("secret");
    g_unlink(secret);
    g_unlink(config);
    g_rmdir(folder);
    g_free(config);
    g_free(folder);
    return status;
}
