/* test-outbox-faults - whatever fails, the outbox says only what is true and leaves nothing
 * half-done */
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "sender.h"

/* Killed after each of its steps and begun again, it ends as if nothing had been. */
static void test_killed_anywhere(void)
{
    g_autoptr(Folder) folder = folder_new();
    for (guint step = 1; step <= 5; step++) {
        pid_t child = fork();
        g_assert_cmpint(child, >=, 0);
        if (child == 0) {
            g_autofree char *hook = g_strdup_printf("stop-after=%u", step);
            g_setenv("CIRCULAR_TEST", hook, TRUE);
            Sender sender = {.total = 5};
            deliver(folder, "m", &sender);
            _exit(0);
        }
        int status;
        g_assert_cmpint(waitpid(child, &status, 0), ==, child);
        g_assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
        g_assert_cmpuint(count_in(folder, "new"), ==, step);
    }
    Sender sender = {.total = 5};
    deliver(folder, "m", &sender);
    assert_each_told_once(&sender, OUTCOME_SENT);
    g_assert_cmpuint(count_in(folder, "new"), ==, 5);
    g_assert_cmpuint(count_in(folder, "tmp"), ==, 0);
}

/* What a broken run left in tmp/ is in nobody's way. */
static void test_stale_tmp(void)
{
    g_autoptr(Folder) folder = folder_new();
    Sender nobody = {.total = 0}, sender = {.total = 1};
    deliver(folder, "m", &nobody);
    g_autofree char *tmp = path_of(folder, "tmp", "m", 1), *path = path_of(folder, "new", "m", 1);
    g_autofree char *stale = g_strnfill(5000, 'x'), *text = NULL;
    g_assert_true(g_file_set_contents(tmp, stale, -1, NULL));
    deliver(folder, "m", &sender);
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_assert_cmpuint(strlen(text), <, 200);
    g_assert_true(g_str_has_suffix(text, "\nHello\n"));
    g_assert_cmpuint(count_in(folder, "tmp"), ==, 0);
}

/* A link in the way is not written through. */
static void test_no_following(void)
{
    g_autoptr(Folder) folder = folder_new();
    Sender nobody = {.total = 0};
    deliver(folder, "m", &nobody);
    g_autofree char *victim = g_build_filename(folder, "victim", NULL), *text = NULL;
    g_autofree char *tmp = path_of(folder, "tmp", "m", 1);
    g_assert_true(g_file_set_contents(victim, "dear", -1, NULL));
    g_assert_cmpint(symlink(victim, tmp), ==, 0);

    g_autoptr(GError) error = NULL;
    g_autoptr(Transport) transport = outbox_new(folder, "m", &error);
    Sender sender = {.total = 1};
    g_assert_false(run(transport, &sender, &error));
    g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_IO);
    assert_each_told_once(&sender, OUTCOME_UNTRIED);
    g_free(sender.text);
    g_assert_true(g_file_get_contents(victim, &text, NULL, NULL));
    g_assert_cmpstr(text, ==, "dear");
}

static void test_not_a_folder(void)
{
    g_autoptr(Folder) folder = folder_new();
    g_autofree char *file = g_build_filename(folder, "file", NULL);
    g_assert_true(g_file_set_contents(file, "x", -1, NULL));
    g_autoptr(GError) error = NULL;
    g_assert_null(outbox_new(file, "m", &error));
    g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_IO);
    g_assert_true(g_str_has_prefix(error->message, file));
}

/* A file size limit stands in for a full disk: the letter that doesn't fit is given back, the ones
 * before it are sent, nothing half-written stays. */
static void test_full(void)
{
    g_autoptr(Folder) folder = folder_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(Transport) transport = outbox_new(folder, "m", &error);
    Sender sender = {.total = 3};
    g_assert_true(run(transport, &sender, &error));
    g_free(sender.text);

    struct rlimit before, low;
    signal(SIGXFSZ, SIG_IGN);
    g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &before), ==, 0);
    low = before;
    low.rlim_cur = 100;
    g_autofree char *large = g_strnfill(4096, 'x');
    Sender unlucky = {.total = 3, .body = large};
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &low), ==, 0);
    gboolean ok = run(transport, &unlucky, &error);
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &before), ==, 0);

    g_assert_false(ok);
    g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_IO);
    g_assert_true(g_str_has_prefix(error->message, folder));
    g_assert_cmpuint(unlucky.given, ==, 1);
    assert_each_told_once(&unlucky, OUTCOME_UNTRIED);
    g_assert_cmpuint(count_in(folder, "tmp"), ==, 0);
    g_assert_cmpuint(count_in(folder, "new"), ==, 3); /* and the old twin is still there, whole */
    g_free(unlucky.text);
}

/* Those written before the disk failed are told as sent, all the same. */
static void test_broken_midway(void)
{
    g_autoptr(Folder) folder = folder_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(Transport) transport = outbox_new(folder, "m", &error);
    g_autofree char *blocked = path_of(folder, "tmp", "m", 8);
    g_assert_cmpint(g_mkdir(blocked, 0700), ==, 0);
    Sender sender = {.total = 20};
    g_assert_false(run(transport, &sender, &error));
    g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_IO);
    g_assert_cmpuint(sender.given, ==, 8);
    g_assert_cmpuint(sender.told, ==, 8);
    for (guint i = 1; i <= 8; i++)
        g_assert_cmpint(sender.kinds[i], ==, i < 8 ? OUTCOME_SENT : OUTCOME_UNTRIED);
    g_assert_cmpuint(count_in(folder, "new"), ==, 7);
    g_free(sender.text);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/outbox-faults/killed-anywhere", test_killed_anywhere);
    g_test_add_func("/outbox-faults/stale-tmp", test_stale_tmp);
    g_test_add_func("/outbox-faults/no-following", test_no_following);
    g_test_add_func("/outbox-faults/not-a-folder", test_not_a_folder);
    g_test_add_func("/outbox-faults/full", test_full);
    g_test_add_func("/outbox-faults/broken-midway", test_broken_midway);
    return g_test_run();
}
