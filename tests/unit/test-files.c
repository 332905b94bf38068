/* test-files - whole files or none, and locks that end with who holds them */
#include "base/files.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "base/sha256.h"

typedef struct {
    char *folder, *path;
} Fixture;

static void set_up(Fixture *self, gconstpointer data)
{
    (void)data;
    self->folder = g_dir_make_tmp("circular-test-XXXXXX", NULL);
    g_assert_nonnull(self->folder);
    self->path = g_build_filename(self->folder, "file", NULL);
}

/* Also proves that nothing else was left in the folder. */
static void tear_down(Fixture *self, gconstpointer data)
{
    (void)data;
    g_remove(self->path);
    g_assert_cmpint(g_rmdir(self->folder), ==, 0);
    g_free(self->folder);
    g_free(self->path);
}

#define assert_message(error, kind, part)                                                          \
    do {                                                                                           \
        g_assert_error(error, CIRCULAR_ERROR, kind);                                               \
        if (!strstr((error)->message, part))                                                       \
            g_error("'%s' does not say '%s'", (error)->message, part);                             \
        g_clear_error(&(error));                                                                   \
    } while (0)

static void put(const char *path, const char *bytes, gssize length)
{
    g_assert_true(g_file_set_contents(path, bytes, length, NULL));
}

/* --- reading --------------------------------------------------------------------------------- */

static void test_read(Fixture *f, gconstpointer data)
{
    static const char odd[] = "a\0b\r\n\xff";
    g_autoptr(GError) error = NULL;
    gsize length = 99;
    (void)data;
    put(f->path, "", 0);
    g_autofree char *empty = file_read(f->path, 0, &length, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(length, ==, 0);
    g_assert_cmpstr(empty, ==, "");
    put(f->path, odd, sizeof odd - 1);
    g_autofree char *bytes = file_read(f->path, 100, &length, &error);
    g_assert_cmpmem(bytes, length + 1, odd, sizeof odd); /* with the NUL */
    g_autofree char *unmeasured = file_read(f->path, 100, NULL, &error);
    g_assert_nonnull(unmeasured);
}

static void test_read_limit(Fixture *f, gconstpointer data)
{
    static const struct {
        gsize size, limit;
        gboolean fits;
    } cases[] = {
        {9, 10, TRUE},        {10, 10, TRUE},       {11, 10, FALSE},       {1, 0, FALSE},
        {65535, 65536, TRUE}, {65536, 65536, TRUE}, {65537, 65536, FALSE},
    };
    g_autofree char *bytes = g_strnfill(70000, 'x');
    (void)data;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        gsize length = 0;
        put(f->path, bytes, (gssize)cases[i].size);
        g_autofree char *got = file_read(f->path, cases[i].limit, &length, &error);
        g_autofree char *over = g_strdup_printf("too large: over %zu bytes", cases[i].limit);
        g_assert_true((got != NULL) == cases[i].fits);
        if (got)
            g_assert_cmpuint(length, ==, cases[i].size);
        else
            assert_message(error, CIRCULAR_ERROR_DATA, over);
    }
}

/* What grows while it is read, or has no size as the files of /proc, is counted all the same. */
static void test_read_unsized(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    gsize length;
    (void)f, (void)data;
    g_autofree char *whole = file_read("/proc/self/maps", 1 << 20, &length, &error);
    if (!whole) {
        g_test_skip("no /proc here");
        return;
    }
    g_assert_cmpuint(length, >, 100);
    g_assert_null(file_read("/proc/self/maps", 100, &length, &error));
    assert_message(error, CIRCULAR_ERROR_DATA, "too large: over 100 bytes");
}

static void test_read_refused(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    (void)data;
    g_assert_null(file_read(f->path, 10, NULL, &error));
    assert_message(error, CIRCULAR_ERROR_NOINPUT, "can't open: No such file");
    g_assert_null(file_read("", 10, NULL, &error));
    g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_NOINPUT);
    g_clear_error(&error);
    g_assert_null(file_read(f->folder, 10, NULL, &error));
    assert_message(error, CIRCULAR_ERROR_DATA, "is a folder, not a file");
    g_assert_null(file_read("/dev/zero", 10, NULL, &error));
    assert_message(error, CIRCULAR_ERROR_DATA, "is a device or pipe, not a file");
    g_assert_cmpint(mkfifo(f->path, 0600), ==, 0); /* nobody writes to it: not to be waited for */
    g_assert_null(file_read(f->path, 10, NULL, &error));
    assert_message(error, CIRCULAR_ERROR_DATA, "is a device or pipe, not a file");
}

/* --- writing --------------------------------------------------------------------------------- */

static void assert_holds(const char *path, const char *bytes, gsize length)
{
    gsize got;
    g_autofree char *there = NULL;
    g_assert_true(g_file_get_contents(path, &there, &got, NULL));
    g_assert_cmpmem(there, got, bytes, length);
}

static void test_write(Fixture *f, gconstpointer data)
{
    static const char odd[] = "\0\xff\r\n";
    g_autoptr(GError) error = NULL;
    GStatBuf st;
    (void)data;
    mode_t mask = umask(027);
    g_assert_true(file_write(f->path, "old", 3, 0644, &error));
    g_stat(f->path, &st);
    g_assert_cmpint(st.st_mode & 07777, ==, 0640); /* less the umask */
    g_assert_true(file_write(f->path, odd, sizeof odd, 0600, &error));
    umask(mask);
    g_assert_no_error(error);
    assert_holds(f->path, odd, sizeof odd);
    g_stat(f->path, &st);
    g_assert_cmpint(st.st_mode & 07777, ==, 0600); /* a secret is not left open by the old file */
    g_assert_true(file_write(f->path, "", 0, 0600, &error));
    assert_holds(f->path, "", 0);
}

static void test_write_symlink(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *target = g_build_filename(f->folder, "target", NULL);
    (void)data;
    put(target, "precious", 8);
    g_assert_cmpint(symlink("target", f->path), ==, 0);
    g_assert_true(file_write(f->path, "new", 3, 0600, &error));
    assert_holds(target, "precious", 8);
    assert_holds(f->path, "new", 3);
    g_assert_false(g_file_test(f->path, G_FILE_TEST_IS_SYMLINK));
    g_remove(target);
}

static void test_write_refused(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *nowhere = g_build_filename(f->folder, "none", "file", NULL);
    (void)data;
    g_assert_false(file_write(nowhere, "x", 1, 0600, &error));
    assert_message(error, CIRCULAR_ERROR_IO, "can't write: ");
    g_assert_false(file_write(f->folder, "x", 1, 0600, &error));
    assert_message(error, CIRCULAR_ERROR_IO, "can't write: ");
}

/* With no room for the new file the old one stands, and no part of the new one is left. */
static void test_write_no_room(Fixture *f, gconstpointer data)
{
    int status;
    (void)data;
    put(f->path, "old", 3);
    pid_t child = fork();
    if (child == 0) {
        struct rlimit limit = {5000, 5000};
        g_autofree char *large = g_strnfill(6000, 'x');
        g_autoptr(GError) error = NULL;
        signal(SIGXFSZ, SIG_IGN);
        setrlimit(RLIMIT_FSIZE, &limit);
        gboolean ok = file_write(f->path, large, 6000, 0600, &error);
        _exit(!ok && g_error_matches(error, CIRCULAR_ERROR, CIRCULAR_ERROR_IO) ? 0 : 1);
    }
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_cmpint(status, ==, 0);
    assert_holds(f->path, "old", 3);
}

/* A file that was written is a step after which a crash drill stops. */
static void test_write_is_a_step(Fixture *f, gconstpointer data)
{
    (void)data;
    if (g_test_subprocess()) {
        const char *path = g_getenv("TEST_FILE");
        g_rmdir(f->folder); /* this process's own: it will not live to tear it down */
        file_write(path, "one", 3, 0600, NULL);
        file_write(path, "two", 3, 0600, NULL);
        file_write(path, "three", 5, 0600, NULL);
        return;
    }
    g_setenv("TEST_FILE", f->path, TRUE);
    g_setenv("CIRCULAR_TEST", "stop-after=2", TRUE);
    g_test_trap_subprocess(NULL, 0, 0);
    g_unsetenv("CIRCULAR_TEST");
    g_test_trap_assert_failed();
    assert_holds(f->path, "two", 3);
}

static void test_folder(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *parent = g_build_filename(f->folder, "a", NULL);
    g_autofree char *deep = g_build_filename(parent, "b", NULL);
    g_autofree char *below_file = g_build_filename(f->path, "c", NULL);
    (void)data;
    g_assert_true(folder_make(deep, &error));
    g_assert_true(folder_make(deep, &error));
    g_assert_true(g_file_test(deep, G_FILE_TEST_IS_DIR));
    put(f->path, "x", 1);
    g_assert_false(folder_make(f->path, &error));
    assert_message(error, CIRCULAR_ERROR_IO, "can't make the folder: ");
    g_assert_false(folder_make(below_file, &error));
    assert_message(error, CIRCULAR_ERROR_IO, "can't make the folder: ");
    g_rmdir(deep);
    g_rmdir(parent);
}

/* What holds names and addresses is its owner's alone, whatever the umask; and what somebody has
 * made stays as it was made. */
static void test_private_folder(Fixture *f, gconstpointer data)
{
    GStatBuf st;
    g_autoptr(GError) error = NULL;
    g_autofree char *parent = g_build_filename(f->folder, "a", NULL);
    g_autofree char *deep = g_build_filename(parent, "b", NULL);
    (void)data;
    mode_t before = umask(0);
    g_assert_true(folder_make_private(deep, &error));
    umask(before);
    g_assert_cmpint(g_stat(deep, &st), ==, 0);
    g_assert_cmpint(st.st_mode & 0777, ==, 0700);
    g_chmod(deep, 0755);
    g_assert_true(folder_make_private(deep, &error));
    g_stat(deep, &st);
    g_assert_cmpint(st.st_mode & 0777, ==, 0755);
    put(f->path, "x", 1);
    g_assert_false(folder_make_private(f->path, &error));
    assert_message(error, CIRCULAR_ERROR_IO, "can't make the folder: ");
    g_rmdir(deep);
    g_rmdir(parent);
}

/* --- locking --------------------------------------------------------------------------------- */

static void test_lock(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    GStatBuf st;
    (void)data;
    int lock = file_lock(f->path, "process 17 on host\n", NULL, &error);
    g_assert_cmpint(lock, >=, 0);
    g_stat(f->path, &st);
    g_assert_cmpint(st.st_mode & 0777, ==, 0600);
    g_assert_true(fcntl(lock, F_GETFD) & FD_CLOEXEC); /* no child of ours keeps it */
    g_assert_cmpint(file_lock(f->path, "second", NULL, &error), ==, -1);
    assert_message(error, CIRCULAR_ERROR_TEMPORARY, "held by process 17 on host");
    file_unlock(lock);
    assert_holds(f->path, "", 0);
    lock = file_lock(f->path, "third", NULL, &error);
    g_assert_cmpint(lock, >=, 0);
    assert_holds(f->path, "third", 5);
    file_unlock(lock);
    file_unlock(-1);
    /* One that is taken away is no longer anybody's, and never another's file. */
    lock = file_lock(f->path, "fourth", NULL, &error);
    file_unlock_away(lock, f->path);
    g_assert_false(g_file_test(f->path, G_FILE_TEST_EXISTS));
    lock = file_lock(f->path, "fifth", NULL, &error);
    g_assert_cmpint(unlink(f->path), ==, 0);
    int other = file_lock(f->path, "sixth", NULL, &error);
    g_assert_cmpint(other, >=, 0);
    file_unlock_away(lock, f->path);
    g_assert_true(g_file_test(f->path, G_FILE_TEST_EXISTS));
    file_unlock_away(other, f->path);
    file_unlock_away(-1, f->path);
}

/* What stands in the file is another's word: one line, bounded, and harmless. */
static void test_lock_holder(Fixture *f, gconstpointer data)
{
    g_autofree char *below = g_strnfill(254, 'x');
    g_autofree char *at = g_strnfill(255, 'x');
    g_autofree char *above = g_strnfill(256, 'x');
    const char *const cases[][2] = {
        {"", "another process"},
        {"one\ntwo", "one"},
        {"\x1b[2Jx", "\\x1b[2Jx"},
        {"\nx", "another process"},
        {below, below},
        {at, at},
        {above, at},
    };
    (void)data;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *said = g_strdup_printf("%s: held by %s", f->path, cases[i][1]);
        int lock = file_lock(f->path, cases[i][0], NULL, &error);
        g_assert_cmpint(lock, >=, 0);
        g_autofree char *other = NULL;
        g_assert_cmpint(file_lock(f->path, "second", &other, &error), ==, -1);
        g_assert_cmpstr(error->message, ==, said);
        g_assert_cmpstr(other, ==, cases[i][1]);
        file_unlock(lock);
    }
}

/* Held by another process until kill -9 ends it, and then free, its old text gone. */
static void test_lock_of_the_dead(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    int ready[2], status;
    char byte;
    (void)data;
    g_assert_cmpint(pipe(ready), ==, 0);
    pid_t child = fork();
    if (child == 0) {
        if (file_lock(f->path, "the child, with a long name", NULL, NULL) >= 0)
            status = (int)write(ready[1], "x", 1);
        pause();
    }
    g_assert_cmpint(read(ready[0], &byte, 1), ==, 1);
    g_assert_cmpint(file_lock(f->path, "parent", NULL, &error), ==, -1);
    assert_message(error, CIRCULAR_ERROR_TEMPORARY, "held by the child");
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
    int lock = file_lock(f->path, "parent", NULL, &error);
    g_assert_cmpint(lock, >=, 0);
    assert_holds(f->path, "parent", 6);
    file_unlock(lock);
    close(ready[0]);
    close(ready[1]);
}

static void test_lock_refused(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *target = g_build_filename(f->folder, "target", NULL);
    g_autofree char *nowhere = g_build_filename(f->folder, "none", "lock", NULL);
    (void)data;
    put(target, "precious", 8);
    g_assert_cmpint(symlink("target", f->path), ==, 0);
    g_assert_cmpint(file_lock(f->path, "x", NULL, &error), ==, -1);
    assert_message(error, CIRCULAR_ERROR_IO, "can't open");
    assert_holds(target, "precious", 8);
    g_remove(target);
    g_assert_cmpint(file_lock(f->folder, "x", NULL, &error), ==, -1);
    assert_message(error, CIRCULAR_ERROR_IO, "can't open");
    g_assert_cmpint(file_lock(nowhere, "x", NULL, &error), ==, -1);
    assert_message(error, CIRCULAR_ERROR_IO, "can't open: No such file");
    g_remove(f->path);
    g_assert_cmpint(mkfifo(f->path, 0600), ==, 0);
    g_assert_cmpint(file_lock(f->path, "x", NULL, &error), ==, -1);
    assert_message(error, CIRCULAR_ERROR_IO, "is no regular file");
}

static void test_sha256(void)
{
    g_autofree char *empty = bytes_sha256("", 0);
    g_autofree char *abc = bytes_sha256("abc", 3); /* FIPS 180-2, B.1 */
    g_autofree char *nul = bytes_sha256("abc\0", 4);
    g_assert_cmpstr(empty, ==, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    g_assert_cmpstr(abc, ==, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    g_assert_cmpstr(nul, !=, abc);
}

/* In pieces of any length it is that of the whole, and what every other SHA-256 says: what was frozen
 * is held against it for years. */
static void test_sha256_in_pieces(void)
{
    enum { LENGTH = 1000 };
    char bytes[LENGTH];
    for (guint i = 0; i < LENGTH; i++)
        bytes[i] = (char)g_test_rand_int();
    for (gsize length = 0; length <= LENGTH; length++) {
        Sha256 *sum = sha256_new();
        for (gsize at = 0; at < length;) {
            gsize piece = (gsize)g_test_rand_int_range(0, 200);
            piece = MIN(piece, length - at);
            sha256_add(sum, bytes + at, piece);
            at += piece;
        }
        g_autofree char *whole = bytes_sha256(bytes, length), *joined = sha256_end(sum);
        g_autofree char *other =
            g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)bytes, length);
        g_assert_cmpstr(whole, ==, other);
        g_assert_cmpstr(joined, ==, other);
    }
    sha256_free(sha256_new());
    sha256_free(NULL);
}

/* One handle gives each message's, however long and in whatever pieces, and of any key. */
static void test_hmac(void)
{
    for (gsize key_length = 10; key_length <= 100; key_length += 10) {
        char key[100], text[300];
        for (gsize i = 0; i < sizeof key; i++)
            key[i] = (char)g_test_rand_int();
        Hmac *hmac = hmac_new(key, key_length);
        for (gsize length = 0; length <= sizeof text; length += 7) {
            guint8 mac[HMAC_BYTES], wanted[HMAC_BYTES];
            gsize size = sizeof wanted, first = length / 3;
            memset(text, (int)length, sizeof text);
            hmac_add(hmac, text, first);
            hmac_add(hmac, text + first, length - first);
            hmac_take(hmac, mac);
            GHmac *other = g_hmac_new(G_CHECKSUM_SHA256, (const guchar *)key, key_length);
            g_hmac_update(other, (const guchar *)text, (gssize)length);
            g_hmac_get_digest(other, wanted, &size);
            g_hmac_unref(other);
            g_assert_cmpmem(mac, sizeof mac, wanted, size);
        }
        hmac_free(hmac);
    }
    hmac_free(NULL);
}

#define ADD_TEST(path, function) g_test_add(path, Fixture, NULL, set_up, function, tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD_TEST("/files/read", test_read);
    ADD_TEST("/files/read-limit", test_read_limit);
    ADD_TEST("/files/read-unsized", test_read_unsized);
    ADD_TEST("/files/read-refused", test_read_refused);
    ADD_TEST("/files/write", test_write);
    ADD_TEST("/files/write-symlink", test_write_symlink);
    ADD_TEST("/files/write-refused", test_write_refused);
    ADD_TEST("/files/write-no-room", test_write_no_room);
    ADD_TEST("/files/write-is-a-step", test_write_is_a_step);
    ADD_TEST("/files/folder", test_folder);
    ADD_TEST("/files/private-folder", test_private_folder);
    ADD_TEST("/files/lock", test_lock);
    ADD_TEST("/files/lock-holder", test_lock_holder);
    ADD_TEST("/files/lock-of-the-dead", test_lock_of_the_dead);
    ADD_TEST("/files/lock-refused", test_lock_refused);
    g_test_add_func("/files/sha256", test_sha256);
    g_test_add_func("/files/sha256-in-pieces", test_sha256_in_pieces);
    g_test_add_func("/files/hmac", test_hmac);
    return g_test_run();
}
