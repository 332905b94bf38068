/* seeds - the people of the office who get a copy of every letter, marked as one */
#include "run/seeds.h"

#include "base/error.h"
#include "mail/address.h"
#include "run/readers.h"

struct Seeds {
    GPtrArray *specs;  /* of char * */
    GHashTable *folds; /* of those that are left */
};

static gboolean add(Seeds *self, const Settings *settings, const char *key, GError **error)
{
    const char *const *texts = settings_texts(settings, key);
    for (; texts && *texts; texts++) {
        g_autoptr(GError) wrong = NULL;
        g_autoptr(Address) address = address_parse(*texts, &wrong);
        if (!address) {
            settings_complain(settings, error, key, "%s", wrong->message);
            return FALSE;
        }
        if (!g_hash_table_add(self->folds, address_fold(address->spec)))
            continue;
        if (self->specs->len == SEEDS_MAX) {
            settings_complain(settings, error, key, "over %d seeds", SEEDS_MAX);
            return FALSE;
        }
        g_ptr_array_add(self->specs, g_strdup(address->spec));
    }
    return TRUE;
}

Seeds *seeds_new(const Workspace *workspace, const char *audiences, GError **error)
{
    g_autoptr(Seeds) self = g_new0(Seeds, 1);
    const Settings *settings = workspace_settings(workspace);
    g_auto(GStrv) names = readers_split(audiences);
    self->specs = g_ptr_array_new_with_free_func(g_free);
    self->folds = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    if (!add(self, settings, "seeds", error))
        return NULL;
    for (char **name = names; *name; name++) {
        g_autofree char *key = g_strconcat("audiences.", *name, ".seeds", NULL);
        if (!add(self, settings, key, error))
            return NULL;
    }
    return g_steal_pointer(&self);
}

void seeds_free(Seeds *self)
{
    if (!self)
        return;
    g_ptr_array_unref(self->specs);
    g_hash_table_unref(self->folds);
    g_free(self);
}

void seeds_met(Seeds *self, const char *address)
{
    if (!g_hash_table_size(self->folds))
        return;
    g_autofree char *fold = address_fold(address);
    g_hash_table_remove(self->folds, fold);
}

const char **seeds_left(const Seeds *self)
{
    const char **left = g_new0(const char *, self->specs->len + 1);
    guint count = 0;
    for (guint i = 0; i < self->specs->len; i++) {
        const char *spec = g_ptr_array_index(self->specs, i);
        g_autofree char *fold = address_fold(spec);
        if (g_hash_table_contains(self->folds, fold))
            left[count++] = spec;
    }
    return left;
}
