/* sheetfile - temporary CSV files for the tests of sheets and audiences */
#ifndef TESTS_SHEETFILE_H
#define TESTS_SHEETFILE_H

#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

typedef struct {
    char *folder;
} SheetFolder;

static inline void sheetfile_setup(SheetFolder *self, gconstpointer data)
{
    (void)data;
    self->folder = g_dir_make_tmp("circular-list-XXXXXX", NULL);
    g_assert_nonnull(self->folder);
}

static inline void sheetfile_teardown(SheetFolder *self, gconstpointer data)
{
    (void)data;
    g_autoptr(GDir) dir = g_dir_open(self->folder, 0, NULL);
    for (const char *name; (name = g_dir_read_name(dir));) {
        g_autofree char *path = g_build_filename(self->folder, name, NULL);
        g_assert_cmpint(g_unlink(path), ==, 0);
    }
    g_assert_cmpint(g_rmdir(self->folder), ==, 0);
    g_free(self->folder);
}

/* Writes the bytes to `name` in the folder; gives its path, to be freed. */
static inline char *sheetfile_write_len(const SheetFolder *self, const char *name,
                                        const char *bytes, gsize length)
{
    char *path = g_build_filename(self->folder, name, NULL);
    g_assert_true(g_file_set_contents(path, bytes, (gssize)length, NULL));
    return path;
}

static inline char *sheetfile_write(const SheetFolder *self, const char *name, const char *text)
{
    return sheetfile_write_len(self, name, text, strlen(text));
}

#endif
