/* test-outbox - the outbox writes each letter once, whole, and says only what is true */
#include "delivery/transport.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"

/* --- a sender that notes what it is told ----------------------------------------------------- */

typedef struct {
    guint total, given;
    guint waits_every; /* SUPPLY_WAIT before every so many letters */
    gboolean has_waited;
    guint stop_at;           /* stop is TRUE once so many were given; 0 for never */
    guint wait_for_outcomes; /* give no more than so many before their outcomes; 0 for any */
    guint told;
    OutcomeKind kinds[1000];
    guint times[1000]; /* that an outcome was told of each */
    char *text;        /* of the last outcome */
    const char *body;
    const char *check_in; /* a Maildir: what is told as sent has to be in its new/ */
    const char *mailing;
} Sender;

static char *path_of(const char *folder, const char *sub, const char *mailing, guint number)
{
    return g_strdup_printf("%s/%s/%s.%06u.circular", folder, sub, mailing, number);
}

static Supply supply(void *user, Envelope *envelope, gint64 *wait)
{
    Sender *self = user;
    if (self->given == self->total)
        return self->told < self->given ? SUPPLY_WAIT : SUPPLY_END;
    if ((self->waits_every && self->given % self->waits_every == 0 && !self->has_waited) ||
        (self->wait_for_outcomes && self->given - self->told >= self->wait_for_outcomes)) {
        *wait = 2000;
        self->has_waited = TRUE;
        return SUPPLY_WAIT;
    }
    self->has_waited = FALSE;
    *envelope = (Envelope){.number = ++self->given,
                           .sender = "bounces+x@example.org",
                           .recipient = "ann@school.example",
                           .bytes = self->body,
                           .length = strlen(self->body)};
    return SUPPLY_GIVEN;
}

static void outcome(void *user, const Outcome *outcome)
{
    Sender *self = user;
    g_assert_cmpuint(outcome->number, >=, 1);
    g_assert_cmpuint(outcome->number, <=, self->given);
    g_assert_nonnull(outcome->text);
    g_assert_nonnull(outcome->enhanced);
    g_assert_nonnull(outcome->stage);
    self->kinds[outcome->number] = outcome->kind;
    self->times[outcome->number]++;
    self->told++;
    g_free(self->text);
    self->text = g_strdup(outcome->text);
    if (self->check_in && outcome->kind == OUTCOME_SENT) {
        g_autofree char *path =
            path_of(self->check_in, "new", self->mailing, (guint)outcome->number);
        g_assert_true(g_file_test(path, G_FILE_TEST_IS_REGULAR));
    }
}

static gboolean stop(void *user)
{
    Sender *self = user;
    return self->stop_at && self->given >= self->stop_at;
}

static gboolean run(Transport *transport, Sender *sender, GError **error)
{
    TransportCalls calls = {.supply = supply, .outcome = outcome, .stop = stop, .user = sender};
    if (!sender->body)
        sender->body = "Subject: x\r\n\r\nHello\r\n";
    return transport_run(transport, &calls, error);
}

static void assert_each_told_once(const Sender *sender, OutcomeKind kind)
{
    g_assert_cmpuint(sender->told, ==, sender->given);
    for (guint i = 1; i <= sender->given; i++) {
        g_assert_cmpuint(sender->times[i], ==, 1);
        g_assert_cmpint(sender->kinds[i], ==, kind);
    }
}

/* --- a temporary folder ---------------------------------------------------------------------- */

static char *folder_new(void)
{
    g_autoptr(GError) error = NULL;
    char *folder = g_dir_make_tmp("circular-outbox-XXXXXX", &error);
    g_assert_no_error(error);
    return folder;
}

static void remove_all(const char *path)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        g_autofree char *below = g_build_filename(path, name, NULL);
        remove_all(below);
    }
    g_remove(path);
}

static void folder_free(char *folder)
{
    remove_all(folder);
    g_free(folder);
}
typedef char Folder;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Folder, folder_free)

static guint count_in(const char *folder, const char *sub)
{
    g_autofree char *path = g_build_filename(folder, sub, NULL);
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    guint count = 0;
    g_assert_nonnull(dir);
    while (g_dir_read_name(dir))
        count++;
    return count;
}

static guint mode_of(const char *path)
{
    struct stat st;
    g_assert_cmpint(stat(path, &st), ==, 0);
    return st.st_mode & 0777;
}

static void deliver(const char *folder, const char *mailing, Sender *sender)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Transport) transport = outbox_new(folder, mailing, &error);
    g_assert_no_error(error);
    sender->check_in = folder;
    sender->mailing = mailing;
    g_assert_true(run(transport, sender, &error));
    g_assert_no_error(error);
    g_free(sender->text);
}

/* --- tests ----------------------------------------------------------------------------------- */

static void test_each_once(void)
{
    g_autoptr(Folder) base = folder_new();
    g_autofree char *folder = g_build_filename(base, "a", "b", NULL);
    for (guint total = 0; total <= 200; total += total < 62 || total > 66 ? 31 : 1) {
        g_autofree char *mailing = g_strdup_printf("m%u", total);
        Sender sender = {.total = total};
        deliver(folder, mailing, &sender);
        g_assert_cmpuint(sender.given, ==, total);
        assert_each_told_once(&sender, OUTCOME_SENT);
        g_assert_cmpuint(count_in(folder, "new"), ==, total);
        g_assert_cmpuint(count_in(folder, "tmp"), ==, 0);
        g_autofree char *sub = g_build_filename(folder, "new", NULL);
        remove_all(sub);
    }
}

static void test_modes(void)
{
    g_autoptr(Folder) base = folder_new();
    g_autofree char *folder = g_build_filename(base, "out", NULL);
    Sender sender = {.total = 1};
    deliver(folder, "m", &sender);
    static const char *const subs[] = {".", "tmp", "new", "cur"};
    for (guint i = 0; i < G_N_ELEMENTS(subs); i++) {
        g_autofree char *sub = g_build_filename(folder, subs[i], NULL);
        g_assert_cmpuint(mode_of(sub), ==, 0700);
    }
    g_autofree char *path = path_of(folder, "new", "m", 1);
    g_assert_cmpuint(mode_of(path), ==, 0600);
}

static void test_text(void)
{
    static const struct {
        const char *bytes, *text;
    } cases[] = {
        {"A: b\r\n\r\nc\r\n", "A: b\n\nc\n"},
        {"", ""},
        {"\r\n", "\n"},
        {"a\rb\r\r\nc\r", "a\rb\r\nc\r"},
        {"a\nb", "a\nb"},
        {"\r\n\r\n.\r\nFrom x\r\n", "\n\n.\nFrom x\n"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Folder) folder = folder_new();
        Sender sender = {.total = 1, .body = cases[i].bytes};
        deliver(folder, "m", &sender);
        g_autofree char *path = path_of(folder, "new", "m", 1), *text = NULL;
        g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
        g_autofree char *wanted = g_strconcat("Return-Path: <bounces+x@example.org>\n"
                                              "Delivered-To: ann@school.example\n",
                                              cases[i].text, NULL);
        g_assert_cmpstr(text, ==, wanted);
    }
}

static void test_repetition_replaces(void)
{
    g_autoptr(Folder) folder = folder_new();
    Sender first = {.total = 3}, second = {.total = 3, .body = "Subject: new\r\n\r\n"};
    deliver(folder, "m", &first);

    /* One unread, one moved by a reader, one moved and flagged; and a stranger's. */
    g_autofree char *new1 = path_of(folder, "new", "m", 1), *new2 = path_of(folder, "new", "m", 2);
    g_autofree char *cur1 = g_strdup_printf("%s/cur/m.000001.circular:2,", folder);
    g_autofree char *cur2 = g_strdup_printf("%s/cur/m.000002.circular:2,RS", folder);
    g_autofree char *other = g_strdup_printf("%s/cur/1700000000.1.host:2,S", folder);
    g_autofree char *longer = g_strdup_printf("%s/cur/m.more.000001.circular:2,S", folder);
    g_assert_cmpint(g_rename(new1, cur1), ==, 0);
    g_assert_cmpint(g_rename(new2, cur2), ==, 0);
    g_assert_true(g_file_set_contents(other, "x", -1, NULL));
    g_assert_true(g_file_set_contents(longer, "x", -1, NULL));

    deliver(folder, "m", &second);
    assert_each_told_once(&second, OUTCOME_SENT);
    g_assert_cmpuint(count_in(folder, "new"), ==, 3);
    g_assert_cmpuint(count_in(folder, "cur"), ==, 2);
    for (guint i = 1; i <= 3; i++) {
        g_autofree char *path = path_of(folder, "new", "m", i), *text = NULL;
        g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
        g_assert_nonnull(strstr(text, "Subject: new\n"));
    }
}

static void test_mailings_apart(void)
{
    static const char *const mailings[] = {"a",  "a.b",   "a/b", "../../a",
                                           ".a", "a:2,S", "_.a", "a b"};
    g_autoptr(Folder) folder = folder_new();
    for (guint i = 0; i < G_N_ELEMENTS(mailings); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(Transport) transport = outbox_new(folder, mailings[i], &error);
        g_assert_no_error(error);
        Sender sender = {.total = 2};
        g_assert_true(run(transport, &sender, &error));
        g_free(sender.text);
        g_assert_cmpuint(count_in(folder, "new"), ==, 2 * (i + 1));
    }
    g_autofree char *path = g_build_filename(folder, "new", NULL);
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    for (const char *name; (name = g_dir_read_name(dir));) {
        g_assert_cmpint(*name, !=, '.');
        g_assert_null(strpbrk(name, ":/ ,"));
    }
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

static void test_waits(void)
{
    g_autoptr(Folder) folder = folder_new();
    Sender sender = {.total = 20, .waits_every = 5};
    deliver(folder, "waits", &sender);
    assert_each_told_once(&sender, OUTCOME_SENT);
    /* A sender that needs outcomes before it gives more gets them. */
    Sender narrow = {.total = 20, .wait_for_outcomes = 3};
    deliver(folder, "narrow", &narrow);
    assert_each_told_once(&narrow, OUTCOME_SENT);
}

static void test_stop(void)
{
    g_autoptr(Folder) folder = folder_new();
    Sender sender = {.total = 100, .stop_at = 10};
    deliver(folder, "m", &sender);
    g_assert_cmpuint(sender.given, ==, 10);
    assert_each_told_once(&sender, OUTCOME_SENT);
    g_assert_cmpuint(count_in(folder, "new"), ==, 10);
}

static Supply wait_for_ever(void *user, Envelope *envelope, gint64 *wait)
{
    (void)user;
    (void)envelope;
    *wait = (gint64)G_USEC_PER_SEC * 3600;
    return SUPPLY_WAIT;
}

static gboolean stop_soon(void *user)
{
    guint *asked = user;
    return ++*asked > 3;
}

static void test_stop_while_waiting(void)
{
    g_autoptr(Folder) folder = folder_new();
    Transport *transports[] = {null_new(), outbox_new(folder, "m", NULL)};
    for (guint i = 0; i < G_N_ELEMENTS(transports); i++) {
        guint asked = 0;
        TransportCalls calls = {
            .supply = wait_for_ever, .outcome = outcome, .stop = stop_soon, .user = &asked};
        gint64 start = g_get_monotonic_time();
        g_assert_true(transport_run(transports[i], &calls, NULL));
        g_assert_cmpint(g_get_monotonic_time() - start, <, 5 * G_USEC_PER_SEC);
        transport_free(transports[i]);
    }
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

static void test_null(void)
{
    g_autoptr(Transport) transport = null_new();
    g_autoptr(GError) error = NULL;
    Sender sender = {.total = 500, .waits_every = 100};
    g_assert_true(run(transport, &sender, &error));
    assert_each_told_once(&sender, OUTCOME_SENT);
    g_assert_cmpuint(sender.given, ==, 500);
    g_free(sender.text);
    Sender stopped = {.total = 500, .stop_at = 7};
    g_assert_true(run(transport, &stopped, &error));
    g_assert_cmpuint(stopped.told, ==, 7);
    g_free(stopped.text);
}

static void test_speed(void)
{
    g_autoptr(Folder) folder = folder_new();
    g_autofree char *line = g_strnfill(70, 'x');
    g_autoptr(GString) body = g_string_new("Subject: x\r\n\r\n");
    while (body->len < 40 << 10)
        g_string_append_printf(body, "%s\r\n", line);
    Sender sender = {.total = 450, .body = body->str};
    gint64 start = g_get_monotonic_time();
    deliver(folder, "m", &sender);
    g_test_message("450 letters of 40 KB in %.0f ms",
                   (double)(g_get_monotonic_time() - start) / 1000);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/outbox/killed-anywhere", test_killed_anywhere);
    g_test_add_func("/outbox/each-once", test_each_once);
    g_test_add_func("/outbox/modes", test_modes);
    g_test_add_func("/outbox/text", test_text);
    g_test_add_func("/outbox/repetition-replaces", test_repetition_replaces);
    g_test_add_func("/outbox/mailings-apart", test_mailings_apart);
    g_test_add_func("/outbox/stale-tmp", test_stale_tmp);
    g_test_add_func("/outbox/no-following", test_no_following);
    g_test_add_func("/outbox/waits", test_waits);
    g_test_add_func("/outbox/stop", test_stop);
    g_test_add_func("/outbox/stop-while-waiting", test_stop_while_waiting);
    g_test_add_func("/outbox/not-a-folder", test_not_a_folder);
    g_test_add_func("/outbox/full", test_full);
    g_test_add_func("/outbox/broken-midway", test_broken_midway);
    g_test_add_func("/outbox/null", test_null);
    g_test_add_func("/outbox/speed", test_speed);
    return g_test_run();
}
