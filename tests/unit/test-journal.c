/* test-journal - what a process leaves behind in its journal, and when it is believed */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "send/journal.h"

enum { BOOT_AT = 32, AT_WORK_AT = 96 }; /* in the file */

typedef struct {
    char *folder, *path;
} Fixture;

static void set_up(Fixture *self, gconstpointer data)
{
    (void)data;
    self->folder = g_dir_make_tmp("journal-XXXXXX", NULL);
    self->path = g_build_filename(self->folder, "m.flight", NULL);
}

static void tear_down(Fixture *self, gconstpointer data)
{
    (void)data;
    g_unlink(self->path);
    g_rmdir(self->folder);
    g_free(self->path);
    g_free(self->folder);
}

static Journal *open_journal(const Fixture *self)
{
    g_autoptr(GError) error = NULL;
    Journal *journal = journal_open(self->path, &error);
    g_assert_no_error(error);
    return journal;
}

/* A process of its own notes what `flight` does and is killed. */
static void crash_after(const Fixture *self, void (*flight)(Journal *))
{
    pid_t child = fork();
    g_assert_cmpint(child, >=, 0);
    if (child == 0) {
        Journal *journal = open_journal(self);
        journal_start(journal);
        flight(journal);
        raise(SIGKILL);
    }
    int status;
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_true(WIFSIGNALED(status));
}

static void some_letters(Journal *journal)
{
    for (guint64 number = 1; number <= 7; number++)
        journal_claim(journal, number);
    journal_set(journal, 2, PHASE_BEGUN, 0);
    journal_set(journal, 3, PHASE_BEGUN, 0);
    journal_set(journal, 3, PHASE_DOT, 0);
    journal_set(journal, 4, PHASE_SENT, 250);
    journal_set(journal, 5, PHASE_DEFERRED, 451);
    journal_set(journal, 6, PHASE_REFUSED, 550);
    journal_set(journal, 7, PHASE_SENT, 250);
    journal_release(journal, 7);
}

static void assert_phase(const Journal *journal, guint64 number, Phase phase, int code)
{
    JournalEntry flown = journal_lookup(journal, number);
    g_assert_cmpuint(flown.number, ==, number);
    g_assert_cmpint(flown.phase, ==, phase);
    g_assert_cmpint(flown.code, ==, code);
}

static void patch(const Fixture *self, goffset at, const void *bytes, gsize length)
{
    int fd = open(self->path, O_WRONLY);
    g_assert_cmpint(pwrite(fd, bytes, length, at), ==, length);
    close(fd);
}

static gboolean is_believed(const Fixture *self)
{
    Journal *journal = open_journal(self);
    gboolean trusted = journal_is_trusted(journal);
    g_assert_true(g_file_test(self->path, G_FILE_TEST_EXISTS));
    journal_close(journal);
    return trusted;
}

/* --- tests ----------------------------------------------------------------------------------- */

static void test_survives_kill(Fixture *self, gconstpointer data)
{
    (void)data;
    crash_after(self, some_letters);
    Journal *journal = open_journal(self);
    g_assert_true(journal_is_trusted(journal));
    assert_phase(journal, 1, PHASE_CLAIMED, 0);
    assert_phase(journal, 2, PHASE_BEGUN, 0);
    assert_phase(journal, 3, PHASE_DOT, 0);
    assert_phase(journal, 4, PHASE_SENT, 250);
    assert_phase(journal, 5, PHASE_DEFERRED, 451);
    assert_phase(journal, 6, PHASE_REFUSED, 550);
    assert_phase(journal, 7, PHASE_CLAIMED, 0); /* given back: nothing stands there of it */
    assert_phase(journal, 99, PHASE_CLAIMED, 0);
    journal_start(journal);
    assert_phase(journal, 3, PHASE_CLAIMED, 0);
    journal_close(journal);
    g_assert_false(g_file_test(self->path, G_FILE_TEST_EXISTS));
}

/* Looked at and closed without a new start, it is there for the next one to look at. */
static void test_looking_changes_nothing(Fixture *self, gconstpointer data)
{
    (void)data;
    crash_after(self, some_letters);
    for (int i = 0; i < 3; i++)
        g_assert_true(is_believed(self));
    Journal *journal = open_journal(self);
    assert_phase(journal, 3, PHASE_DOT, 0);
    journal_close(journal);
}

static void test_a_new_file_is_not_believed(Fixture *self, gconstpointer data)
{
    (void)data;
    GStatBuf st;
    Journal *journal = open_journal(self);
    g_assert_false(journal_is_trusted(journal));
    g_assert_cmpint(g_stat(self->path, &st), ==, 0);
    g_assert_cmpuint(st.st_mode & 0777, ==, 0600);
    journal_close(journal);
}

static void test_another_boot_is_not_believed(Fixture *self, gconstpointer data)
{
    (void)data;
    crash_after(self, some_letters);
    patch(self, BOOT_AT, "????????", 8);
    g_assert_false(is_believed(self));
    patch(self, BOOT_AT, "", 1); /* none at all */
    g_assert_false(is_believed(self));
}

static void test_another_format_is_not_believed(Fixture *self, gconstpointer data)
{
    (void)data;
    crash_after(self, some_letters);
    patch(self, 0, "circular flight recorder 2", 26);
    g_assert_false(is_believed(self));
}

static void test_one_that_was_not_at_work_is_not_believed(Fixture *self, gconstpointer data)
{
    (void)data;
    crash_after(self, some_letters);
    patch(self, AT_WORK_AT, "\0\0\0\0", 4);
    g_assert_false(is_believed(self));
}

static void test_cut_off_or_garbage_is_not_believed(Fixture *self, gconstpointer data)
{
    (void)data;
    crash_after(self, some_letters);
    g_assert_cmpint(truncate(self->path, 20), ==, 0);
    g_assert_false(is_believed(self));
    g_assert_true(g_file_set_contents(self->path, "nonsense", -1, NULL));
    g_assert_false(is_believed(self));
}

static void test_kept_while_a_slot_is_taken(Fixture *self, gconstpointer data)
{
    (void)data;
    Journal *journal = open_journal(self);
    journal_start(journal);
    journal_claim(journal, 5);
    journal_set(journal, 5, PHASE_SENT, 250);
    journal_close(journal); /* the ledger could not be written to, say */
    journal = open_journal(self);
    g_assert_true(journal_is_trusted(journal));
    assert_phase(journal, 5, PHASE_SENT, 250);
    journal_close(journal);
}

static void test_all_slots(Fixture *self, gconstpointer data)
{
    (void)data;
    Journal *journal = open_journal(self);
    journal_start(journal);
    for (guint round = 0; round < 3; round++) {
        guint64 first = round * JOURNAL_SLOTS + 1;
        for (guint64 number = first; number < first + JOURNAL_SLOTS; number++)
            journal_claim(journal, number);
        for (guint64 number = first; number < first + JOURNAL_SLOTS; number++) {
            assert_phase(journal, number, PHASE_CLAIMED, 0);
            journal_release(journal, number);
        }
    }
    journal_close(journal);
    journal_close(NULL);
    g_assert_false(g_file_test(self->path, G_FILE_TEST_EXISTS));
}

static void test_one_too_many_is_our_own_fault(Fixture *self, gconstpointer data)
{
    (void)data;
    if (g_test_subprocess()) {
        Journal *journal = open_journal(self);
        journal_start(journal);
        for (guint64 number = 1; number <= JOURNAL_SLOTS + 1; number++)
            journal_claim(journal, number);
        return;
    }
    g_test_trap_subprocess(NULL, 0, 0);
    g_test_trap_assert_failed();
    g_test_trap_assert_stderr("*spare*");
}

static void test_where_it_cannot_be_made(Fixture *self, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autofree char *nowhere = g_build_filename(self->folder, "none", "m.flight", NULL);
    g_assert_null(journal_open(nowhere, &error));
    g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_IO);
    g_clear_error(&error);

    /* A link that somebody put there leads nowhere. */
    g_assert_cmpint(symlink("elsewhere", self->path), ==, 0);
    g_assert_null(journal_open(self->path, &error));
    g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_IO);
}

/* A full disk is an error when it is opened, not a SIGBUS when it is written to. */
static void test_no_room(Fixture *self, gconstpointer data)
{
    (void)data;
    struct rlimit before, little;
    g_autoptr(GError) error = NULL;
    g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &before), ==, 0);
    little = (struct rlimit){1000, before.rlim_max};
    signal(SIGXFSZ, SIG_IGN);
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &little), ==, 0);
    Journal *journal = journal_open(self->path, &error);
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &before), ==, 0);
    g_assert_null(journal);
    g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_IO);
    g_assert_nonnull(strstr(error->message, "make room"));
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*test)(Fixture *, gconstpointer);
    } tests[] = {
        {"/journal/survives-kill", test_survives_kill},
        {"/journal/looking", test_looking_changes_nothing},
        {"/journal/new", test_a_new_file_is_not_believed},
        {"/journal/boot", test_another_boot_is_not_believed},
        {"/journal/format", test_another_format_is_not_believed},
        {"/journal/not-at-work", test_one_that_was_not_at_work_is_not_believed},
        {"/journal/garbage", test_cut_off_or_garbage_is_not_believed},
        {"/journal/kept", test_kept_while_a_slot_is_taken},
        {"/journal/all-slots", test_all_slots},
        {"/journal/too-many", test_one_too_many_is_our_own_fault},
        {"/journal/nowhere", test_where_it_cannot_be_made},
        {"/journal/no-room", test_no_room},
    };
    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add(tests[i].name, Fixture, NULL, set_up, tests[i].test, tear_down);
    return g_test_run();
}
