/* bundle - the files that make a letter, by name, from disk or frozen */
#include "letter/bundle.h"

#include <gio/gio.h>
#include <string.h>

#include "base/error.h"
#include "base/files.h"
#include "base/sha256.h"

#define FILE_PREFIX "file:"
#define BUILTIN "/circular/templates/"

struct Bundle {
    char *update, *folder, *templates;
    BundleOpen open;
    void *user;
    GDestroyNotify user_free;
    GHashTable *kept;  /* name -> GBytes */
    GHashTable *shown; /* name -> path as a person would write it */
};

Bundle *bundle_new(const char *update, BundleOpen open, void *user, GDestroyNotify user_free)
{
    Bundle *self = g_new0(Bundle, 1);
    self->update = g_strdup(update);
    self->folder = g_path_get_dirname(update);
    self->open = open;
    self->user = user;
    self->user_free = user_free;
    self->kept =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_bytes_unref);
    self->shown = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return self;
}

void bundle_free(Bundle *self)
{
    if (!self)
        return;
    if (self->user_free)
        self->user_free(self->user);
    g_free(self->update);
    g_free(self->folder);
    g_free(self->templates);
    g_hash_table_unref(self->kept);
    g_hash_table_unref(self->shown);
    g_free(self);
}

GBytes *bundle_builtin(const char *name)
{
    g_autofree char *path = g_strconcat(BUILTIN, name, NULL);
    return g_resources_lookup_data(path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
}

/* "./autumn.md" stands in "."; its files are shown without the "./". */
static char *beside_update(const Bundle *self, const char *path)
{
    if (g_path_is_absolute(path) || g_str_equal(self->folder, "."))
        return g_strdup(path);
    return g_build_filename(self->folder, path, NULL);
}

static GBytes *read_bytes(const char *path, gsize limit, GError **error)
{
    gsize length;
    char *bytes = file_read(path, limit, &length, error);
    return bytes ? g_bytes_new_take(bytes, length) : NULL;
}

static GBytes *open_on_disk(void *user, const char *name, GError **error)
{
    const Bundle *self = user;
    if (g_str_equal(name, "update"))
        return read_bytes(self->update, BUNDLE_UPDATE_MAX, error);
    if (g_str_has_prefix(name, FILE_PREFIX)) {
        g_autofree char *path = beside_update(self, name + strlen(FILE_PREFIX));
        return read_bytes(path, BUNDLE_FILE_MAX, error);
    }
    g_autofree char *path = self->templates ? g_build_filename(self->templates, name, NULL) : NULL;
    if (path && g_file_test(path, G_FILE_TEST_EXISTS))
        return read_bytes(path, BUNDLE_TEMPLATE_MAX, error);
    return bundle_builtin(name);
}

Bundle *bundle_from_disk(const char *update, const char *templates)
{
    Bundle *self = bundle_new(update, open_on_disk, NULL, NULL);
    self->user = self;
    self->templates = g_strdup(templates);
    return self;
}

GBytes *bundle_get(Bundle *self, const char *name, gboolean keep, GError **error)
{
    GBytes *bytes = g_hash_table_lookup(self->kept, name);
    if (bytes)
        return g_bytes_ref(bytes);
    bytes = self->open(self->user, name, error);
    if (bytes && keep)
        g_hash_table_insert(self->kept, g_strdup(name), g_bytes_ref(bytes));
    return bytes;
}

const char *bundle_shown(Bundle *self, const char *name)
{
    if (g_str_equal(name, "update"))
        return self->update;
    char *shown = g_hash_table_lookup(self->shown, name);
    if (shown)
        return shown;
    if (g_str_has_prefix(name, FILE_PREFIX))
        shown = beside_update(self, name + strlen(FILE_PREFIX));
    else
        shown = g_build_filename("templates", name, NULL);
    g_hash_table_insert(self->shown, g_strdup(name), shown);
    return shown;
}

static int by_text(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const char **bundle_names(Bundle *self)
{
    guint count;
    const char **names = (const char **)g_hash_table_get_keys_as_array(self->kept, &count);
    qsort(names, count, sizeof *names, by_text);
    return names;
}

void bundle_forget(Bundle *self)
{
    g_hash_table_remove_all(self->kept);
}

char *bundle_hash(Bundle *self)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_autofree const char **names = bundle_names(self);
    for (const char **name = names; *name; name++) {
        gsize length;
        const char *bytes = g_bytes_get_data(g_hash_table_lookup(self->kept, *name), &length);
        g_autofree char *hash = bytes_sha256(bytes ? bytes : "", length);
        g_checksum_update(sum, (const guchar *)*name, (gssize)strlen(*name) + 1);
        g_checksum_update(sum, (const guchar *)hash, (gssize)strlen(hash));
    }
    return g_strdup(g_checksum_get_string(sum));
}
