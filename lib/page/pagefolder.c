/* pagefolder - a page and the files it loads, shown whole or not at all */
#include "page/pagefolder.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/sharing.h"

#define FILES "letters-"
enum { FILES_DIGITS = 8, INDEX_MAX = 1 << 20 };

struct PageFolder {
    char *path, *generator;
    char *name;  /* of the folder of files */
    char *files; /* its path */
    gboolean made, shown;
};

const char *pagefolder_files(const PageFolder *self)
{
    return self->name;
}

/* --- what is there --------------------------------------------------------------------------- */

static gboolean is_files_name(const char *name)
{
    if (!g_str_has_prefix(name, FILES) || strlen(name) != strlen(FILES) + FILES_DIGITS)
        return FALSE;
    const char *digits = name + strlen(FILES);
    return strspn(digits, "0123456789abcdef") == FILES_DIGITS;
}

/* Whether index.html is a page that we made. */
static gboolean is_our_index(const char *path, const char *generator)
{
    gsize length;
    g_autofree char *text = file_read(path, INDEX_MAX, &length, NULL);
    g_autofree char *sign = g_strdup_printf("<meta name=\"generator\" content=\"%s\">", generator);
    return text && g_strstr_len(text, (gssize)MIN(length, PAGEFOLDER_HEAD), sign);
}

/* An empty folder, one with a page of ours, or what a killed process left of the first: then there
 * are folders of files and nothing else. */
static gboolean may_use(const char *path, const char *generator, GError **error)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    if (!dir) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_IO, "%s: can't read the folder: %s", path,
                    g_strerror(errno));
        return FALSE;
    }
    g_autofree char *index = g_build_filename(path, "index.html", NULL);
    if (g_file_test(index, G_FILE_TEST_EXISTS) && is_our_index(index, generator))
        return TRUE;
    for (const char *name; (name = g_dir_read_name(dir));) {
        if (is_files_name(name))
            continue;
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                    "%s: holds other files ('%s') and no %s: name a folder that is new or empty",
                    path, name, generator);
        return FALSE;
    }
    return TRUE;
}

/* --- removing -------------------------------------------------------------------------------- */

/* The files in a folder of ours, and the folder unless something else is in it, such as a folder
 * that somebody made: then that stays. */
static void remove_files(const char *path)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        g_autofree char *file = g_build_filename(path, name, NULL);
        if (g_str_has_suffix(name, ".js") || g_str_has_suffix(name, ".css"))
            g_unlink(file);
    }
    g_rmdir(path);
}

static void remove_earlier(const PageFolder *self)
{
    g_autoptr(GDir) dir = g_dir_open(self->path, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        g_autofree char *path = g_build_filename(self->path, name, NULL);
        gboolean ours = is_files_name(name) && !g_str_equal(name, self->name);
        if (ours && !g_file_test(path, G_FILE_TEST_IS_SYMLINK))
            remove_files(path);
    }
}

/* --- making ---------------------------------------------------------------------------------- */

static gboolean make(PageFolder *self, GError **error)
{
    self->made = !g_file_test(self->path, G_FILE_TEST_EXISTS);
    g_autofree char *parent = g_path_get_dirname(self->path);
    if (!self->made && !g_file_test(self->path, G_FILE_TEST_IS_DIR)) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                    "%s: is a file: name a folder that is new or empty", self->path);
        return FALSE;
    }
    if (!self->made && !may_use(self->path, self->generator, error))
        return FALSE;
    if (self->made && !folder_make(parent, error))
        return FALSE;
    if ((!self->made || (g_mkdir(self->path, 0700) == 0 && sharing_give_path(self->path, 0700))) &&
        g_mkdir(self->files, 0700) == 0 && sharing_give_path(self->files, 0700))
        return TRUE;
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_IO, "%s: can't make the folder: %s",
                self->path, g_strerror(errno));
    return FALSE;
}

PageFolder *pagefolder_open(const char *path, const char *generator, GError **error)
{
    guint8 chance[FILES_DIGITS / 2];
    g_autoptr(PageFolder) self = g_new0(PageFolder, 1);
    GString *name = g_string_new(FILES);
    random_bytes(chance, sizeof chance);
    for (gsize i = 0; i < sizeof chance; i++)
        g_string_append_printf(name, "%02x", chance[i]);
    self->path = g_strdup(path);
    self->generator = g_strdup(generator);
    self->name = g_string_free(name, FALSE);
    self->files = g_build_filename(path, self->name, NULL);
    return make(self, error) ? g_steal_pointer(&self) : NULL;
}

void pagefolder_free(PageFolder *self)
{
    if (!self)
        return;
    if (!self->shown)
        remove_files(self->files);
    if (!self->shown && self->made)
        g_rmdir(self->path); /* only if it is empty */
    g_free(self->path);
    g_free(self->generator);
    g_free(self->name);
    g_free(self->files);
    g_free(self);
}

gboolean pagefolder_put(PageFolder *self, const char *name, const char *bytes, gsize length,
                        GError **error)
{
    g_autoptr(GError) inner = NULL;
    g_autofree char *path = g_build_filename(self->files, name, NULL);
    /* In place and without fsync, unlike file_write: no one looks here before pagefolder_show, and
     * what a power cut takes can be made again. */
    if (g_file_set_contents_full(path, bytes, (gssize)length, G_FILE_SET_CONTENTS_NONE, 0600,
                                 &inner))
        return sharing_give_path(path, 0600);
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_IO, "%s: can't write: %s", path,
                inner->message);
    return FALSE;
}

gboolean pagefolder_show(PageFolder *self, const char *index, gsize length, GError **error)
{
    g_autofree char *path = g_build_filename(self->path, "index.html", NULL);
    if (!file_write(path, index, length, 0600, error))
        return FALSE;
    self->shown = TRUE;
    remove_earlier(self);
    return TRUE;
}
