/* test-gallery - a gallery's folder: whole or not at all, ours or refused, for its owner alone */
#include "gallery/gallery_page.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"

typedef struct {
    char *parent, *folder;
    Findings *findings;
} Fixture;

static void set_up(Fixture *f, gconstpointer data)
{
    (void)data;
    f->parent = g_dir_make_tmp("circular-test-XXXXXX", NULL);
    f->folder = g_build_filename(f->parent, "deep", "gallery", NULL);
    f->findings = findings_new();
}

static void remove_all(const char *path)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        g_autofree char *one = g_build_filename(path, name, NULL);
        remove_all(one);
    }
    g_remove(path);
}

static void tear_down(Fixture *f, gconstpointer data)
{
    (void)data;
    remove_all(f->parent);
    findings_free(f->findings);
    g_free(f->parent);
    g_free(f->folder);
}

static int by_text(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names in a folder, sorted and joined; "-" when it isn't there. */
static char *names_in(const char *path)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    if (!dir)
        return g_strdup("-");
    for (const char *name; (name = g_dir_read_name(dir));)
        g_ptr_array_add(names, g_strdup(name));
    g_ptr_array_sort(names, by_text);
    g_ptr_array_add(names, NULL);
    return g_strjoinv(" ", (char **)names->pdata);
}

/* The folder of files that index.html loads. */
static char *files_of(const Fixture *f)
{
    g_autofree char *index = g_build_filename(f->folder, "index.html", NULL), *text = NULL;
    g_assert_true(g_file_get_contents(index, &text, NULL, NULL));
    const char *name = strstr(text, "\"letters-");
    g_assert_nonnull(name);
    g_assert_null(strchr(text, '@'));
    g_autofree char *files = g_strndup(name + 1, strlen("letters-12345678"));
    return g_build_filename(f->folder, files, NULL);
}

static gboolean add(GalleryPage *gallery, const char *key, const char *text, GError **error)
{
    const char *const headers[] = {"Subject", "About </script>", NULL};
    GalleryLetter letter = {.key = key,
                            .name = "Ann",
                            .address = "ann@example.org",
                            .file = "schools.csv",
                            .line = 2,
                            .subject = "Hello",
                            .html = text,
                            .text = text,
                            .source = text,
                            .headers = headers};
    return gallery_page_add(gallery, &letter, error);
}

static gboolean finish(Fixture *f, GalleryPage *gallery, GError **error)
{
    GalleryAbout about = {.subject = "Hello",
                          .update = "updates/a.md",
                          .audience = "heads",
                          .made = "today",
                          .recipients = 2,
                          .findings = f->findings};
    return gallery_page_finish(gallery, &about, error);
}

static void make_gallery(Fixture *f, const char *text)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GalleryPage) gallery = gallery_page_open(f->folder, &error);
    g_assert_no_error(error);
    g_assert_true(add(gallery, "1", text, &error));
    g_assert_true(add(gallery, "2", text, &error));
    g_assert_true(finish(f, gallery, &error));
}

static mode_t mode_of(const char *path)
{
    struct stat st;
    g_assert_cmpint(stat(path, &st), ==, 0);
    return st.st_mode & 0777;
}

static void test_whole(Fixture *f, gconstpointer data)
{
    (void)data;
    make_gallery(f, "Dear Ann");
    g_autofree char *files = files_of(f), *inside = names_in(files), *outside = names_in(f->folder);
    g_autofree char *base = g_path_get_basename(files);
    g_autofree char *expected = g_strconcat("index.html ", base, NULL);
    g_assert_cmpstr(inside, ==,
                    "0.js 1.js gallery-diff.js gallery-letter.js gallery.css gallery.js list.js "
                    "page.css shared.js");
    g_assert_cmpstr(outside, ==, expected);
    g_autofree char *letter = g_build_filename(files, "1.js", NULL);
    g_autofree char *index = g_build_filename(f->folder, "index.html", NULL);
    g_assert_cmpint(mode_of(f->folder), ==, 0700);
    g_assert_cmpint(mode_of(files), ==, 0700);
    g_assert_cmpint(mode_of(letter), ==, 0600);
    g_assert_cmpint(mode_of(index), ==, 0600);
}

static void test_again(Fixture *f, gconstpointer data)
{
    (void)data;
    make_gallery(f, "old");
    g_autofree char *old = files_of(f);
    g_autofree char *mine = g_build_filename(f->folder, "notes.txt", NULL);
    g_assert_true(g_file_set_contents(mine, "keep me", -1, NULL));
    make_gallery(f, "new");
    g_autofree char *new = files_of(f);
    g_assert_cmpstr(old, !=, new);
    g_assert_false(g_file_test(old, G_FILE_TEST_EXISTS));
    g_assert_true(g_file_test(mine, G_FILE_TEST_EXISTS)); /* what isn't ours stays */
}

static void test_not_ours(Fixture *f, gconstpointer data)
{
    static const char *const names[] = {"letter.eml", "index.html", "letters-1234567", ".hidden",
                                        "letters-1234567G"};
    (void)data;
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *file = g_build_filename(f->folder, names[i], NULL);
        g_mkdir_with_parents(f->folder, 0755);
        g_assert_true(g_file_set_contents(file, "<title>circular gallery</title>", -1, NULL));
        g_assert_null(gallery_page_open(f->folder, &error));
        g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE);
        g_assert_nonnull(strstr(error->message, "name a folder that is new or empty"));
        g_autofree char *left = names_in(f->folder);
        g_assert_cmpstr(left, ==, names[i]);
        g_remove(file);
    }
}

static void test_a_file_in_the_way(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autofree char *parent = g_path_get_dirname(f->folder);
    g_assert_true(g_file_set_contents(parent, "a file", -1, NULL));
    g_assert_null(gallery_page_open(f->folder, &error));
    g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_IO);
    g_clear_error(&error);
    g_assert_null(gallery_page_open(parent, &error));
    g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE);
}

static void test_given_up(Fixture *f, gconstpointer data)
{
    (void)data;
    GalleryPage *gallery = gallery_page_open(f->folder, NULL);
    g_assert_true(add(gallery, "1", "text", NULL));
    gallery_page_free(gallery);
    g_assert_false(g_file_test(f->folder, G_FILE_TEST_EXISTS));
    make_gallery(f, "old");
    g_autofree char *before = names_in(f->folder);
    gallery = gallery_page_open(f->folder, NULL);
    g_assert_true(add(gallery, "1", "text", NULL));
    gallery_page_free(gallery);
    g_autofree char *after = names_in(f->folder);
    g_assert_cmpstr(before, ==, after);
}

/* What a killed process left is taken away by the next gallery, also where no page was shown. */
static void test_leftovers(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autofree char *left = g_build_filename(f->folder, "letters-00000000", NULL);
    g_autofree char *file = g_build_filename(left, "0.js", NULL);
    g_mkdir_with_parents(left, 0700);
    g_assert_true(g_file_set_contents(file, "x", -1, NULL));
    make_gallery(f, "new");
    g_assert_false(g_file_test(left, G_FILE_TEST_EXISTS));
}

/* A link that somebody put there isn't followed when old letters are removed. */
static void test_symlink(Fixture *f, gconstpointer data)
{
    (void)data;
    make_gallery(f, "old");
    g_autofree char *other = g_build_filename(f->parent, "other", NULL);
    g_autofree char *file = g_build_filename(other, "precious.js", NULL);
    g_autofree char *link = g_build_filename(f->folder, "letters-00000000", NULL);
    g_mkdir(other, 0755);
    g_assert_true(g_file_set_contents(file, "x", -1, NULL));
    g_assert_cmpint(symlink(other, link), ==, 0);
    make_gallery(f, "new");
    g_assert_true(g_file_test(file, G_FILE_TEST_EXISTS));
}

/* A disk that is full looks like a file that may not grow. */
static void test_full_disk(Fixture *f, gconstpointer data)
{
    (void)data;
    struct rlimit old;
    make_gallery(f, "old");
    g_autofree char *before = names_in(f->folder);
    g_autofree char *long_text = g_strnfill(1 << 20, 'x');
    g_autoptr(GError) error = NULL;
    GalleryPage *gallery = gallery_page_open(f->folder, &error);
    g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &old), ==, 0);
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){.rlim_cur = 4096, .rlim_max = old.rlim_max});
    gboolean added = add(gallery, "1", "short", NULL) && add(gallery, "2", long_text, &error);
    setrlimit(RLIMIT_FSIZE, &old);
    g_assert_false(added);
    g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_IO);
    g_assert_nonnull(strstr(error->message, "can't write"));
    gallery_page_free(gallery);
    g_autofree char *after = names_in(f->folder);
    g_assert_cmpstr(before, ==, after);
}

/* No text that a letter or a finding holds stands unescaped in a file that a browser runs. */
static void test_hostile(Fixture *f, gconstpointer data)
{
    static const char hostile[] = "</script><img src=x onerror=alert(1)>\"); alert(1); //"
                                  "\xe2\x80\xa8\xff";
    (void)data;
    findings_add(f->findings, FINDING_ERROR, hostile, 1, "bad", "%s", hostile);
    g_autoptr(GalleryPage) gallery = gallery_page_open(f->folder, NULL);
    gallery_page_leave_out(gallery, hostile, hostile, hostile, &(Location){hostile, 3, 0});
    g_assert_true(add(gallery, hostile, hostile, NULL));
    g_assert_true(finish(f, gallery, NULL));
    static const char *const names[] = {"list.js", "shared.js", "0.js"};
    g_autofree char *files = files_of(f);
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = g_build_filename(files, names[i], NULL), *text = NULL;
        gsize length;
        g_assert_true(g_file_get_contents(path, &text, &length, NULL));
        g_assert_true(g_utf8_validate_len(text, length, NULL));
        g_assert_null(strpbrk(text, "<>&"));
        g_assert_null(strstr(text, "\"); alert"));
        g_assert_null(strstr(text, "\xe2\x80\xa8"));
        g_assert_true(strchr(text, '\n') == text + length - 1); /* one line */
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name, function) g_test_add(name, Fixture, NULL, set_up, function, tear_down)
    TEST("/gallery/whole", test_whole);
    TEST("/gallery/again", test_again);
    TEST("/gallery/not-ours", test_not_ours);
    TEST("/gallery/a-file-in-the-way", test_a_file_in_the_way);
    TEST("/gallery/given-up", test_given_up);
    TEST("/gallery/leftovers", test_leftovers);
    TEST("/gallery/symlink", test_symlink);
    TEST("/gallery/full-disk", test_full_disk);
    TEST("/gallery/hostile", test_hostile);
    return g_test_run();
}
