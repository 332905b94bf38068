/* test-tokencache - tokens until they expire, in a file that nobody else may read */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/files.h"
#include "workspace/tokencache.h"

#define SECOND ((gint64)G_USEC_PER_SEC)
static const gint64 NOW = 1767603600 * SECOND;

static char *folder, *path;

static TokenCache *load(void)
{
    g_autoptr(GError) error = NULL;
    TokenCache *cache = tokencache_load(path, &error);
    g_assert_no_error(error);
    g_assert_nonnull(cache);
    return cache;
}

static void save(TokenCache *cache, gint64 now)
{
    g_autoptr(GError) error = NULL;
    g_assert_true(tokencache_save(cache, path, now, &error));
    g_assert_no_error(error);
}

static void refused(CircularError kind, const char *words)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(tokencache_load(path, &error));
    g_assert_error(error, CIRCULAR_ERROR, (gint)kind);
    g_assert_true(g_str_has_prefix(error->message, path));
    g_assert_nonnull(strstr(error->message, words));
    g_assert_null(strstr(error->message, "s3cret"));
}

static void has(const TokenCache *cache, const char *name, gint64 after, const char *token)
{
    g_autofree char *got = tokencache_access(cache, name, NOW + after * SECOND);
    g_assert_cmpstr(got, ==, token);
}

static void test_times(void)
{
    g_autoptr(TokenCache) cache = load();
    has(cache, "a", 0, NULL);
    tokencache_set_access(cache, "a", "hour", NOW, 3600);
    tokencache_set_access(cache, "b", "short", NOW, 100);
    tokencache_set_access(cache, "c", "none", NOW, 0);
    has(cache, "a", 0, "hour");
    has(cache, "a", 3299, "hour"); /* five minutes before its end */
    has(cache, "a", 3300, NULL);
    has(cache, "a", -1, NULL); /* the clock was set back */
    has(cache, "b", 74, "short");
    has(cache, "b", 75, NULL);
    has(cache, "c", 0, NULL);
    has(cache, "d", 0, NULL);
    tokencache_set_access(cache, "a", "next", NOW + 4000 * SECOND, 3600);
    has(cache, "a", 4000, "next");
}

static void test_file(void)
{
    g_autoptr(TokenCache) cache = load();
    mode_t before = umask(0);
    tokencache_set_access(cache, "over", "s3cret-1", NOW, 60);
    tokencache_set_access(cache, "name with\nlines and [brackets]", "s3cret=2\\;#", NOW, 3600);
    tokencache_set_refresh(cache, "who", "s3cret-3");
    save(cache, NOW + 100 * SECOND);
    umask(before);
    struct stat st;
    g_assert_cmpint(g_stat(path, &st), ==, 0);
    g_assert_cmpint(st.st_mode & 07777, ==, 0600);
    g_autofree char *text = file_read(path, TOKENCACHE_MAX, NULL, NULL);
    g_assert_null(strstr(text, "s3cret-1")); /* its time is over */
    g_assert_null(strstr(text, "who"));
    g_autoptr(TokenCache) again = load();
    has(again, "name with\nlines and [brackets]", 0, "s3cret=2\\;#");
    has(again, "over", 0, NULL);
    g_autofree char *refresh = tokencache_refresh(again, "who");
    g_autofree char *nobody = tokencache_refresh(again, "whoever");
    g_assert_cmpstr(refresh, ==, "s3cret-3");
    g_assert_null(nobody);
    g_unlink(path);
}

static void test_modes(void)
{
    g_autoptr(TokenCache) cache = load();
    tokencache_set_access(cache, "a", "s3cret", NOW, 3600);
    save(cache, NOW);
    static const int open[] = {0640, 0604, 0610, 0601, 0666, 0660};
    for (guint i = 0; i < G_N_ELEMENTS(open); i++) {
        g_chmod(path, open[i]);
        refused(CIRCULAR_ERROR_CONFIG, "is open to others");
    }
    g_chmod(path, 0400);
    g_autoptr(TokenCache) again = load();
    has(again, "a", 0, "s3cret");
    g_unlink(path);
}

static void test_no_file(void)
{
    g_autofree char *elsewhere = g_build_filename(folder, "elsewhere", NULL);
    g_assert_true(g_file_set_contents_full(elsewhere, "", 0, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
    g_assert_cmpint(symlink(elsewhere, path), ==, 0);
    refused(CIRCULAR_ERROR_CONFIG, "is a symbolic link");
    g_unlink(path);
    g_unlink(elsewhere);
    g_assert_cmpint(mkfifo(path, 0600), ==, 0);
    refused(CIRCULAR_ERROR_CONFIG, "is no regular file");
    g_unlink(path);
    g_assert_cmpint(g_mkdir(path, 0700), ==, 0);
    refused(CIRCULAR_ERROR_CONFIG, "is no regular file");
    g_rmdir(path);
}

static void write_bytes(const char *bytes, gsize length)
{
    g_unlink(path);
    g_assert_true(g_file_set_contents_full(path, bytes, (gssize)length, G_FILE_SET_CONTENTS_NONE,
                                           0600, NULL));
}

/* What can't be understood is as if there were none. */
static void test_garbage(void)
{
    static const char *const texts[] = {"",           "token=x\n",         "[access", "\xff\xfe",
                                        "{\"a\": 1}", "[a]\n[a]\ntoken\n", "\n\n\n"};
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
        write_bytes(texts[i], strlen(texts[i]));
        g_autoptr(TokenCache) cache = load();
        has(cache, "a", 0, NULL);
        tokencache_set_access(cache, "a", "new", NOW, 3600);
        save(cache, NOW);
        g_autoptr(TokenCache) again = load();
        has(again, "a", 0, "new");
    }
    g_unlink(path);
}

static void test_limit(void)
{
    g_autoptr(TokenCache) cache = load();
    tokencache_set_access(cache, "a", "token", NOW, 3600);
    save(cache, NOW);
    gsize length;
    g_autofree char *text = file_read(path, TOKENCACHE_MAX, &length, NULL);
    for (int more = -1; more <= 1; more++) {
        gsize whole = (gsize)(TOKENCACHE_MAX + more);
        g_autofree char *blanks = g_strnfill(whole - length - 2, ' ');
        g_autofree char *padded = g_strdup_printf("#%s\n%s", blanks, text);
        g_assert_cmpuint(strlen(padded), ==, whole);
        write_bytes(padded, whole);
        g_autoptr(TokenCache) again = load();
        has(again, "a", 0, more <= 0 ? "token" : NULL);
        padded[10] = '\0'; /* a NUL hides what follows */
        write_bytes(padded, MIN(whole, TOKENCACHE_MAX));
        g_autoptr(TokenCache) cut = load();
        has(cut, "a", 0, NULL);
    }
    g_unlink(path);
}

static gpointer let_go(gpointer lock)
{
    g_usleep(200 * 1000);
    tokencache_unlock(GPOINTER_TO_INT(lock));
    return NULL;
}

static void test_lock(void)
{
    g_autoptr(GError) error = NULL;
    int lock = tokencache_lock(path, 1, NULL, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpint(lock, >=, 0);
    g_assert_cmpint(tokencache_lock(path, 0, NULL, NULL, &error), ==, -1);
    g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_TEMPORARY);
    g_assert_nonnull(strstr(error->message, "asks for an access token"));
    g_clear_error(&error);
    GThread *other = g_thread_new("other", let_go, GINT_TO_POINTER(lock));
    lock = tokencache_lock(path, 60, NULL, NULL, &error); /* waited for */
    g_assert_no_error(error);
    g_thread_join(other);
    tokencache_unlock(lock);
    g_autofree char *nowhere = g_build_filename(folder, "no", "such", "folder", NULL);
    g_assert_cmpint(tokencache_lock(nowhere, 60, NULL, NULL, &error), ==, -1);
    g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_IO);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    folder = g_dir_make_tmp("circular-tokens-XXXXXX", NULL);
    path = g_build_filename(folder, "cache", NULL);
    g_test_add_func("/tokencache/times", test_times);
    g_test_add_func("/tokencache/file", test_file);
    g_test_add_func("/tokencache/modes", test_modes);
    g_test_add_func("/tokencache/no-file", test_no_file);
    g_test_add_func("/tokencache/garbage", test_garbage);
    g_test_add_func("/tokencache/limit", test_limit);
    g_test_add_func("/tokencache/lock", test_lock);
    int status = g_test_run();
    g_autofree char *lock = g_strconcat(path, ".lock", NULL);
    g_unlink(lock);
    g_rmdir(folder);
    g_free(path);
    g_free(folder);
    return status;
}
