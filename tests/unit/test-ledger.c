/* test-ledger - one file: made, shared, refused, damaged, full, and never lost */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/version.h"
#include "ledger-fixture.h"

enum { NOBODY = 65534 }; /* the user that root becomes where rights are tested */

static char *contents(const char *path)
{
    gsize length;
    g_autofree char *bytes = NULL;
    g_assert_true(g_file_get_contents(path, &bytes, &length, NULL));
    return g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)bytes, length);
}

static void close_ledger(Fixture *f)
{
    g_clear_pointer(&f->ledger, ledger_close);
}

/* Both ways of opening fail so, and the file stays as it is. */
static void assert_refused(const char *path, int kind, const char *part)
{
    for (LedgerMode mode = LEDGER_READ; mode <= LEDGER_WRITE; mode++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *before = contents(path);
        g_assert_null(ledger_open(path, mode, &error));
        assert_message(error, kind, part);
        g_autofree char *after = contents(path);
        g_assert_cmpstr(before, ==, after);
    }
}

/* Runs `work` in a child, as nobody if `unprivileged`; it returns the child's exit status. */
static int in_child(int (*work)(Fixture *f), Fixture *f, gboolean unprivileged)
{
    int status;
    pid_t child = fork();
    g_assert_cmpint(child, >=, 0);
    if (child == 0) {
        if (unprivileged && geteuid() == 0 && (setgid(NOBODY) || setuid(NOBODY)))
            _exit(99);
        _exit(work(f));
    }
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* For a child: 0 when the error is of this kind and says this, else 1 with what it was. */
static int expect(const GError *error, int kind, const char *part)
{
    if (g_error_matches(error, CIRCULAR_ERROR, kind) && strstr(error->message, part))
        return 0;
    g_printerr("unexpected: %s\n", error ? error->message : "no error");
    return 1;
}

/* --- making and opening ---------------------------------------------------------------------- */

static void test_modes(Fixture *f, gconstpointer data)
{
    static const mode_t masks[] = {0, 022, 0777};
    static const char *const suffixes[] = {"", "-wal", "-shm"};
    (void)data;
    for (gsize i = 0; i < G_N_ELEMENTS(masks); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *name = g_strdup_printf("mode%zu.db", i);
        g_autofree char *path = g_build_filename(f->folder, name, NULL);
        mode_t before = umask(masks[i]);
        g_autoptr(Ledger) ledger = ledger_open(path, LEDGER_WRITE, &error);
        umask(before);
        g_assert_no_error(error);
        g_assert_nonnull(ledger);
        for (gsize j = 0; j < G_N_ELEMENTS(suffixes); j++) {
            GStatBuf st;
            g_autofree char *file = g_strconcat(path, suffixes[j], NULL);
            g_assert_cmpint(g_stat(file, &st), ==, 0);
            g_assert_cmpint(st.st_mode & 07777, ==, 0600);
        }
    }
}

static void test_reopen(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    (void)data;
    fixture_plan(f->ledger, "m", 3);
    g_assert_cmpstr(ledger_path(f->ledger), ==, f->path);
    close_ledger(f);
    g_autofree char *wal = g_strconcat(f->path, "-wal", NULL);
    g_assert_false(g_file_test(wal, G_FILE_TEST_EXISTS)); /* all is in the one file */
    for (LedgerMode mode = LEDGER_READ; mode <= LEDGER_WRITE; mode++) {
        g_autoptr(Ledger) ledger = ledger_open(f->path, mode, &error);
        g_assert_no_error(error);
        g_autoptr(Mailing) mailing = mailings_find(ledger, "m", &error);
        g_assert_no_error(error);
        g_assert_nonnull(mailing);
    }
    g_autofree char *version = fixture_ask(f->path, "SELECT group_concat(version) FROM migrations");
    g_assert_cmpstr(version, ==, "1,2,3,4,5,6,7");
    g_autofree char *program = fixture_ask(f->path, "SELECT DISTINCT program FROM migrations");
    g_assert_cmpstr(program, ==, CIRCULAR_VERSION);
    g_autofree char *id = fixture_ask(f->path, "PRAGMA application_id");
    g_assert_cmpint(atoi(id), ==, 0x43495243);
}

static void test_missing(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *file = g_build_filename(f->folder, "none.db", NULL);
    g_autofree char *nowhere = g_build_filename(f->folder, "none", "ledger.db", NULL);
    (void)data;
    g_assert_null(ledger_open(file, LEDGER_READ, &error));
    assert_message(error, CIRCULAR_ERROR_NOINPUT, "no ledger yet");
    g_assert_false(g_file_test(file, G_FILE_TEST_EXISTS));
    g_assert_null(ledger_open(nowhere, LEDGER_READ, &error));
    assert_message(error, CIRCULAR_ERROR_NOINPUT, "no ledger yet");
    g_assert_null(ledger_open(nowhere, LEDGER_WRITE, &error));
    assert_message(error, CIRCULAR_ERROR_IO, "can't make the ledger: No such file or directory");
    for (LedgerMode mode = LEDGER_READ; mode <= LEDGER_WRITE; mode++) {
        g_assert_null(ledger_open(f->folder, mode, &error));
        assert_message(error, CIRCULAR_ERROR_IO, "is a folder, not a ledger");
        g_assert_null(ledger_open("/dev/null", mode, &error));
        assert_message(error, CIRCULAR_ERROR_IO, "is no regular file, not a ledger");
    }
}

/* As a first plan leaves it that is stopped before the schema is in: nothing to read, fine to fill.
 */
static void test_empty(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(f->folder, "empty.db", NULL);
    (void)data;
    g_assert_true(g_file_set_contents(path, "", 0, NULL));
    g_assert_null(ledger_open(path, LEDGER_READ, &error));
    assert_message(error, CIRCULAR_ERROR_NOINPUT, "the ledger is empty");
    g_autoptr(Ledger) ledger = ledger_open(path, LEDGER_WRITE, &error);
    g_assert_no_error(error);
    fixture_plan(ledger, "m", 1);
}

static void test_symlink(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *link = g_build_filename(f->folder, "link.db", NULL);
    (void)data;
    fixture_plan(f->ledger, "m", 1);
    g_assert_cmpint(symlink("ledger.db", link), ==, 0);
    g_autoptr(Ledger) ledger = ledger_open(link, LEDGER_READ, &error);
    g_assert_no_error(error);
    g_autoptr(Mailing) mailing = mailings_find(ledger, "m", &error);
    g_assert_no_error(error);
    g_assert_nonnull(mailing); /* through the same -wal, which is not yet in the file */
}

static int open_and_plan(Fixture *f)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *id = g_strdup_printf("m%d", (int)getpid());
    g_autofree char *path = g_build_filename(f->folder, "shared.db", NULL);
    g_autoptr(Ledger) ledger = ledger_open(path, LEDGER_WRITE, &error);
    if (!ledger)
        return expect(error, -1, "");
    fixture_plan(ledger, id, 5);
    return 0;
}

/* Eight processes make one ledger at the same time. */
static void test_made_by_many(Fixture *f, gconstpointer data)
{
    enum { MANY = 8 };
    pid_t children[MANY];
    g_autoptr(GError) error = NULL;
    (void)data;
    for (int i = 0; i < MANY; i++)
        if ((children[i] = fork()) == 0)
            _exit(open_and_plan(f));
    for (int i = 0; i < MANY; i++) {
        int status;
        waitpid(children[i], &status, 0);
        g_assert_cmpint(status, ==, 0);
    }
    g_autofree char *path = g_build_filename(f->folder, "shared.db", NULL);
    g_autoptr(Ledger) ledger = ledger_open(path, LEDGER_READ, &error);
    g_autoptr(GPtrArray) all = mailings_all(ledger, &error);
    g_assert_cmpuint(all->len, ==, MANY);
}

/* --- what is no ledger ----------------------------------------------------------------------- */

static void test_foreign(Fixture *f, gconstpointer data)
{
    g_autofree char *plain = g_build_filename(f->folder, "plain.db", NULL);
    g_autofree char *other = g_build_filename(f->folder, "other.db", NULL);
    (void)data;
    fixture_sql(plain, "CREATE TABLE deliveries (x)");
    assert_refused(plain, CIRCULAR_ERROR_CONFIG, "is no ledger of circular");
    fixture_sql(other, "PRAGMA application_id = 7");
    assert_refused(other, CIRCULAR_ERROR_CONFIG, "is no ledger of circular");
}

static void test_newer(Fixture *f, gconstpointer data)
{
    (void)data;
    close_ledger(f);
    fixture_sql(f->path, "INSERT INTO migrations VALUES (99, 1, '9.9.0')");
    assert_refused(f->path, CIRCULAR_ERROR_CONFIG,
                   "was written by a newer circular (schema 99, this one knows 7)");
}

/* --- damage ---------------------------------------------------------------------------------- */

static void overwrite(const char *path, gint64 at, const char *bytes, gsize length)
{
    int fd = open(path, O_WRONLY);
    g_assert_cmpint(pwrite(fd, bytes, length, at), ==, (gssize)length);
    close(fd);
}

static void test_text_file(Fixture *f, gconstpointer data)
{
    g_autofree char *path = g_build_filename(f->folder, "notes.txt", NULL);
    g_autofree char *text = g_strnfill(5000, 'x');
    (void)data;
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    assert_refused(path, CIRCULAR_ERROR_IO, "is no ledger, or damaged at its very beginning");
    g_assert_true(g_file_set_contents(path, "short", -1, NULL));
    assert_refused(path, CIRCULAR_ERROR_IO, "is no ledger, or damaged at its very beginning");
}

static void test_damaged_header(Fixture *f, gconstpointer data)
{
    (void)data;
    fixture_plan(f->ledger, "m", 200);
    close_ledger(f);
    overwrite(f->path, 0, "garbage garbage ", 16);
    assert_refused(f->path, CIRCULAR_ERROR_IO, "restore a backup");
}

static void test_cut_short(Fixture *f, gconstpointer data)
{
    GStatBuf st;
    (void)data;
    fixture_plan(f->ledger, "m", 200);
    close_ledger(f);
    g_assert_cmpint(g_stat(f->path, &st), ==, 0);
    for (gint64 size = st.st_size - 1; size > 0; size -= 4096) {
        g_assert_cmpint(truncate(f->path, size), ==, 0);
        assert_refused(f->path, CIRCULAR_ERROR_IO, "restore a backup");
    }
}

/* Each page in turn is overwritten. What matters is told when it is opened; a page without any
 * structure, as one that is free, may pass. */
static void test_damaged_page(Fixture *f, gconstpointer data)
{
    gsize length;
    g_autofree char *whole = NULL, *junk = g_strnfill(4096, '\xa5');
    guint found = 0, pages;
    (void)data;
    fixture_plan(f->ledger, "m", 200);
    close_ledger(f);
    g_assert_true(g_file_get_contents(f->path, &whole, &length, NULL));
    pages = (guint)(length / 4096);
    for (guint page = 1; page < pages; page++) {
        g_autoptr(GError) error = NULL;
        overwrite(f->path, page * 4096, junk, 4096);
        g_autoptr(Ledger) ledger = ledger_open(f->path, LEDGER_WRITE, &error);
        found += !ledger;
        if (!ledger)
            assert_message(error, CIRCULAR_ERROR_IO, "the ledger is damaged");
        g_clear_pointer(&ledger, ledger_close);
        overwrite(f->path, page * 4096, whole + page * 4096, 4096);
    }
    g_assert_cmpuint(found, ==, pages - 1);
}

static gboolean count_one(void *user, const Delivery *delivery)
{
    (void)delivery;
    ++*(guint *)user;
    return TRUE;
}

/* A ledger too large to be read through when it is opened: damage is told where it is met. */
static void test_damaged_later(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *junk = g_strnfill(1 << 20, '\xa5');
    guint seen = 0;
    GStatBuf st;
    (void)data;
    fixture_plan(f->ledger, "m", 30000);
    close_ledger(f);
    g_assert_cmpint(g_stat(f->path, &st), ==, 0);
    g_assert_cmpint(st.st_size, >, 5 << 20);
    overwrite(f->path, 2 << 20, junk, 1 << 20);
    f->ledger = ledger_open(f->path, LEDGER_WRITE, &error);
    g_assert_no_error(error);
    g_assert_false(
        deliveries_each(f->ledger, the(f->ledger, "m"), DELIVERY_STATES, count_one, &seen, &error));
    assert_message(error, CIRCULAR_ERROR_IO, "the ledger is damaged");
    g_assert_cmpuint(seen, <, 30000);
}

/* --- rights ---------------------------------------------------------------------------------- */

static int read_only_file(Fixture *f)
{
    g_autoptr(GError) error = NULL, inner = NULL;
    g_autoptr(Ledger) reader = ledger_open(f->path, LEDGER_READ, &error);
    g_autoptr(Mailing) found = reader ? mailings_find(reader, "m", &error) : NULL;
    if (!found)
        return expect(error, -1, "");
    if (ledger_open(f->path, LEDGER_WRITE, &inner))
        return 2;
    return expect(inner, CIRCULAR_ERROR_IO, "read-only");
}

static void give_to_nobody(Fixture *f)
{
    if (geteuid() == 0) {
        g_assert_cmpint(chown(f->folder, NOBODY, NOBODY), ==, 0);
        g_assert_cmpint(chown(f->path, NOBODY, NOBODY), ==, 0);
    }
}

static void remove_beside(Fixture *f)
{
    g_autofree char *wal = g_strconcat(f->path, "-wal", NULL);
    g_autofree char *shm = g_strconcat(f->path, "-shm", NULL);
    g_remove(wal);
    g_remove(shm);
}

static void test_read_only(Fixture *f, gconstpointer data)
{
    (void)data;
    fixture_plan(f->ledger, "m", 1);
    close_ledger(f);
    give_to_nobody(f);
    g_chmod(f->path, 0400);
    g_assert_cmpint(in_child(read_only_file, f, TRUE), ==, 0);
    remove_beside(f);
    g_chmod(f->folder, 0500);
    g_assert_cmpint(in_child(read_only_file, f, TRUE), ==, 0);
    g_chmod(f->path, 0600); /* the file could be written to, but a WAL can't be made */
    g_assert_cmpint(in_child(read_only_file, f, TRUE), ==, 0);
    g_chmod(f->folder, 0700);
}

static int not_readable(Fixture *f)
{
    for (LedgerMode mode = LEDGER_READ; mode <= LEDGER_WRITE; mode++) {
        g_autoptr(GError) error = NULL;
        if (ledger_open(f->path, mode, &error))
            return 2;
        if (expect(error, CIRCULAR_ERROR_IO, "yours to read and write"))
            return 1;
    }
    return 0;
}

static void test_not_readable(Fixture *f, gconstpointer data)
{
    (void)data;
    close_ledger(f);
    give_to_nobody(f);
    g_chmod(f->path, 0);
    g_assert_cmpint(in_child(not_readable, f, TRUE), ==, 0);
    g_chmod(f->path, 0600);
}

static int unread_wal(Fixture *f)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Ledger) reader = ledger_open(f->path, LEDGER_READ, &error);
    g_autoptr(Mailing) found = reader ? mailings_find(reader, "late", &error) : NULL;
    return found ? 0 : expect(error, CIRCULAR_ERROR_IO, "can't open the ledger");
}

static int plan_and_die(Fixture *f)
{
    g_autoptr(GError) error = NULL;
    Ledger *ledger = ledger_open(f->path, LEDGER_WRITE, &error);
    fixture_plan(ledger, "late", 1);
    raise(SIGKILL);
    return 0;
}

/* What a process that was killed left in the WAL is never passed over, whatever the rights. */
static void test_read_only_with_wal(Fixture *f, gconstpointer data)
{
    g_autofree char *shm = g_strconcat(f->path, "-shm", NULL);
    (void)data;
    close_ledger(f);
    give_to_nobody(f);
    g_assert_cmpint(in_child(plan_and_die, f, TRUE), ==, 128 + SIGKILL);
    g_chmod(f->folder, 0500);
    g_assert_cmpint(in_child(unread_wal, f, TRUE), ==, 0);
    g_remove(shm);
    g_assert_cmpint(in_child(unread_wal, f, TRUE), ==, 0);
    g_chmod(f->folder, 0700);
}

/* --- sharing --------------------------------------------------------------------------------- */

static void test_reader_beside_writer(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    (void)data;
    fixture_plan(f->ledger, "m", 1);
    g_autoptr(Ledger) reader = ledger_open(f->path, LEDGER_READ, &error);
    g_assert_no_error(error);

    fixture_begin(f->ledger); /* a reader opens and reads while a plan is being written */
    fixture_mailing(f->ledger, "n", 1);
    g_autoptr(Ledger) another = ledger_open(f->path, LEDGER_READ, &error);
    g_assert_no_error(error);
    g_autoptr(GPtrArray) before = mailings_all(another, &error);
    g_assert_cmpuint(before->len, ==, 1);
    fixture_begin(reader); /* and keeps its view while it likes */
    g_autoptr(GPtrArray) begun = mailings_all(reader, &error);
    g_assert_cmpuint(begun->len, ==, 1);
    fixture_commit(f->ledger);
    g_autoptr(GPtrArray) same = mailings_all(reader, &error);
    g_assert_cmpuint(same->len, ==, 1);
    fixture_commit(reader);
    g_autoptr(GPtrArray) after = mailings_all(reader, &error);
    g_assert_cmpuint(after->len, ==, 2);

    fixture_begin(reader);
    Mailing mailing = {.id = TEXT("no")};
    g_assert_false(mailings_add(reader, &mailing, &error));
    assert_message(error, CIRCULAR_ERROR_IO, "read-only");
    ledger_rollback(reader);
}

/* With "nodelay" the ten seconds are one. */
static void test_locked_out(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    (void)data;
    if (!g_test_subprocess()) {
        g_setenv("CIRCULAR_TEST", "nodelay", TRUE);
        g_test_trap_subprocess(NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
        g_unsetenv("CIRCULAR_TEST");
        g_test_trap_assert_passed();
        return;
    }
    fixture_plan(f->ledger, "m", 1);
    fixture_begin(f->ledger);
    g_autoptr(Ledger) second = ledger_open(f->path, LEDGER_WRITE, &error);
    g_assert_no_error(error); /* opening alone waits for nobody */
    g_assert_false(ledger_begin(second, &error));
    assert_message(error, CIRCULAR_ERROR_TEMPORARY, "kept the ledger locked for 10 s");
    g_assert_null(deliveries_claim(second, the(second, "m"), 1, 1, &error));
    assert_message(error, CIRCULAR_ERROR_TEMPORARY, "kept the ledger locked for 10 s");
    ledger_rollback(f->ledger);
    fixture_begin(second);
    fixture_commit(second);
}

static gpointer let_go(gpointer data)
{
    g_usleep(150 * 1000);
    ledger_rollback(data);
    return NULL;
}

static void test_lock_waited_for(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Ledger) second = ledger_open(f->path, LEDGER_WRITE, &error);
    (void)data;
    fixture_begin(f->ledger);
    GThread *thread = g_thread_new("let-go", let_go, f->ledger);
    fixture_begin(second);
    fixture_commit(second);
    g_thread_join(thread);
}

/* --- transactions ---------------------------------------------------------------------------- */

static void test_rollback(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    (void)data;
    fixture_begin(f->ledger);
    fixture_mailing(f->ledger, "m", 1);
    g_assert_true(fixture_delivery(f->ledger, "m", 1, &error));
    ledger_rollback(f->ledger);
    ledger_rollback(f->ledger); /* fine when there is none */
    g_autoptr(GPtrArray) all = mailings_all(f->ledger, &error);
    g_assert_cmpuint(all->len, ==, 0);

    fixture_begin(f->ledger);
    fixture_mailing(f->ledger, "m", 1);
    close_ledger(f); /* as good as a rollback */
    g_autofree char *count = fixture_ask(f->path, "SELECT count(*) FROM mailings");
    g_assert_cmpstr(count, ==, "0");
}

static void test_durability(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    (void)data;
    g_assert_true(ledger_set_durability(f->ledger, LEDGER_NORMAL, &error));
    fixture_plan(f->ledger, "m", 1);
    g_assert_true(ledger_set_durability(f->ledger, LEDGER_FULL, &error));
    fixture_plan(f->ledger, "n", 1);
    g_assert_no_error(error);
}

static void test_write_alone(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    Mailing mailing = {.id = TEXT("m")};
    (void)data;
    if (!g_test_subprocess()) {
        g_test_trap_subprocess(NULL, 0, 0);
        g_test_trap_assert_failed();
        g_test_trap_assert_stderr("*a write outside a transaction: INSERT INTO mailings*");
        return;
    }
    fixture_remove(f); /* nothing is torn down after an abort */
    mailings_add(f->ledger, &mailing, &error);
}

/* A trace shows what is done, and nobody's name or address. */
static void test_trace(Fixture *f, gconstpointer data)
{
    (void)data;
    if (!g_test_subprocess()) {
        g_setenv("CIRCULAR_TRACE", "sql", TRUE);
        g_test_trap_subprocess(NULL, 0, 0);
        g_unsetenv("CIRCULAR_TRACE");
        g_test_trap_assert_passed();
        g_test_trap_assert_stderr("*sql: INSERT INTO deliveries*VALUES ($1, $2*");
        g_test_trap_assert_stderr_unmatched("*school.example*");
        g_test_trap_assert_stderr_unmatched("*Briain*");
        return;
    }
    fixture_plan(f->ledger, "m", 1);
}

/* --- no room --------------------------------------------------------------------------------- */

static rlim_t room; /* bytes to which each file may grow in the child */

/* Plans, claims and records, as far as it gets; 0 when all went well, 3 when there was no room. */
static int fill(Fixture *f)
{
    g_autoptr(GError) error = NULL;
    Mailing mailing = {.id = TEXT("m")};
    struct rlimit limit = {room, room};
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &limit);
    g_autoptr(Ledger) ledger = ledger_open(f->path, LEDGER_WRITE, &error);
    gboolean ok = ledger && ledger_begin(ledger, &error);
    if (ok) {
        ok = mailings_add(ledger, &mailing, &error);
        for (guint i = 1; ok && i <= 400; i++)
            ok = fixture_delivery(ledger, "m", i, &error);
        if (ok)
            ok = ledger_commit(ledger, &error);
        else
            ledger_rollback(ledger);
    }
    while (ok) {
        g_autoptr(GPtrArray) batch = deliveries_claim(ledger, &mailing, 50, 1, &error);
        DeliveryResult results[50];
        for (guint i = 0; batch && i < batch->len; i++)
            results[i] =
                (DeliveryResult){.number = ((Delivery *)g_ptr_array_index(batch, i))->number,
                                 .state = DELIVERY_SENT,
                                 .tried = TRUE,
                                 .reply = "a reply of ordinary length"};
        if (batch && batch->len == 0)
            return 0;
        ok = batch && deliveries_record(ledger, &mailing, results, batch->len, &error);
    }
    return expect(error, CIRCULAR_ERROR_IO, "no room on the disk") ? 1 : 3;
}

/* The disk is full at every stage in turn: always the same error, and what was on record stays so.
 */
static void test_no_room(Fixture *f, gconstpointer data)
{
    gboolean whole = FALSE;
    guint full = 0, partly = 0;
    (void)data;
    close_ledger(f);
    for (room = 0; !whole; room += 20000) {
        g_autoptr(GError) error = NULL;
        guint64 counts[DELIVERY_STATES];
        g_remove(f->path);
        int status = in_child(fill, f, FALSE);
        g_assert_true(status == 0 || status == 3);
        whole = status == 0;
        full += status == 3;
        g_autoptr(Ledger) ledger = ledger_open(f->path, LEDGER_WRITE, &error);
        g_assert_no_error(error);
        Mailing mailing = {.id = TEXT("m")};
        if (!mailings_number(ledger, "m", &mailing.number, NULL))
            continue; /* there was no room for the plan: nothing of it is there */
        g_assert_true(deliveries_count(ledger, &mailing, counts, NULL));
        guint64 sent = counts[DELIVERY_SENT], sending = counts[DELIVERY_SENDING];
        g_assert_cmpuint(sent + sending + counts[DELIVERY_PLANNED], ==, 400);
        g_assert_true(sent % 50 == 0 && (sending == 0 || sending == 50));
        partly += sent > 0 && sent < 400;
    }
    g_assert_cmpuint(full, >, 5);
    g_test_message("no room at %u sizes, in the midst of sending at %u", full, partly);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD_TEST("/ledger/modes", test_modes);
    ADD_TEST("/ledger/reopen", test_reopen);
    ADD_TEST("/ledger/missing", test_missing);
    ADD_TEST("/ledger/empty", test_empty);
    ADD_TEST("/ledger/symlink", test_symlink);
    ADD_TEST("/ledger/made-by-many", test_made_by_many);
    ADD_TEST("/ledger/foreign", test_foreign);
    ADD_TEST("/ledger/newer", test_newer);
    ADD_TEST("/ledger/text-file", test_text_file);
    ADD_TEST("/ledger/damaged-header", test_damaged_header);
    ADD_TEST("/ledger/cut-short", test_cut_short);
    ADD_TEST("/ledger/damaged-page", test_damaged_page);
    ADD_TEST("/ledger/damaged-later", test_damaged_later);
    ADD_TEST("/ledger/read-only", test_read_only);
    ADD_TEST("/ledger/not-readable", test_not_readable);
    ADD_TEST("/ledger/read-only-with-wal", test_read_only_with_wal);
    ADD_TEST("/ledger/reader-beside-writer", test_reader_beside_writer);
    ADD_TEST("/ledger/locked-out", test_locked_out);
    ADD_TEST("/ledger/lock-waited-for", test_lock_waited_for);
    ADD_TEST("/ledger/rollback", test_rollback);
    ADD_TEST("/ledger/durability", test_durability);
    ADD_TEST("/ledger/write-alone", test_write_alone);
    ADD_TEST("/ledger/trace", test_trace);
    ADD_TEST("/ledger/no-room", test_no_room);
    return g_test_run();
}
