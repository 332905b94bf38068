/* seeds - the people of the office who get a copy of every letter, marked as one */
#include "plan/seeds.h"

#include "base/error.h"
#include "fact/audience_names.h"
#include "mail/address.h"
#include "plan/recipients.h"

struct Seeds {
    GArray *all;         /* of Seed */
    GHashTable *folds;   /* of those that are left */
    GStringChunk *texts; /* that seeds hold */
};

static gboolean add(Seeds *self, const Settings *settings, const char *key, const char *audience,
                    GError **error)
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
        if (self->all->len == SEEDS_MAX) {
            settings_complain(settings, error, key, "over %d seeds", SEEDS_MAX);
            return FALSE;
        }
        Seed seed = {.spec = g_string_chunk_insert(self->texts, address->spec),
                     .audience = g_string_chunk_insert(self->texts, audience),
                     .line = settings_line(settings, key)};
        g_array_append_val(self->all, seed);
    }
    return TRUE;
}

Seeds *seeds_new(const Workspace *workspace, const char *audiences, GError **error)
{
    g_autoptr(Seeds) self = g_new0(Seeds, 1);
    const Settings *settings = workspace_settings(workspace);
    g_auto(GStrv) names = audience_names_split(audiences);
    self->all = g_array_new(FALSE, FALSE, sizeof(Seed));
    self->texts = g_string_chunk_new(256);
    self->folds = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    if (!add(self, settings, "seeds", *names ? *names : "", error))
        return NULL;
    for (char **name = names; *name; name++) {
        g_autofree char *key = g_strconcat("audiences.", *name, ".seeds", NULL);
        if (!add(self, settings, key, *name, error))
            return NULL;
    }
    return g_steal_pointer(&self);
}

void seeds_free(Seeds *self)
{
    if (!self)
        return;
    g_array_unref(self->all);
    g_string_chunk_free(self->texts);
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

Seed *seeds_left(const Seeds *self)
{
    Seed *left = g_new0(Seed, self->all->len + 1);
    guint count = 0;
    for (guint i = 0; i < self->all->len; i++) {
        const Seed *seed = &g_array_index(self->all, Seed, i);
        g_autofree char *fold = address_fold(seed->spec);
        if (g_hash_table_contains(self->folds, fold))
            left[count++] = *seed;
    }
    return left;
}
