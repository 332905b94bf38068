/* readers - the recipients of one or several audiences as one stream, each person once */
#include "run/readers.h"

#include "base/error.h"
#include "list/seen.h"
#include "run/fieldcheck.h"

struct Readers {
    char **names;
    GPtrArray *audiences; /* of Audience, one a name */
    guint at, at_excluded;
    Seen *seen; /* NULL for one audience, which has each address once */
    Reader reader;
    char *same_as;
};

char **readers_split(const char *names)
{
    g_auto(GStrv) parts = g_strsplit_set(names, ", \t", -1);
    GPtrArray *found = g_ptr_array_new();
    for (char **part = parts; *part; part++)
        if (**part)
            g_ptr_array_add(found, g_strdup(*part));
    g_ptr_array_add(found, NULL);
    return (char **)g_ptr_array_free(found, FALSE);
}

char *readers_join(const char *const *names)
{
    return g_strjoinv(", ", (char **)names);
}

static gboolean check_names(char **names, GError **error)
{
    if (g_strv_length(names) > READERS_MAX) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                    "%u audiences: one mailing can go to %d", g_strv_length(names), READERS_MAX);
        return FALSE;
    }
    for (guint i = 0; names[i]; i++)
        for (guint j = 0; j < i; j++)
            if (g_str_equal(names[i], names[j])) {
                g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                            "the audience '%s' is named twice", names[i]);
                return FALSE;
            }
    return TRUE;
}

static gboolean open_one(Readers *self, const Workspace *workspace, const char *name,
                         const Letter *letter, Findings *findings, GError **error)
{
    Audience *audience = workspace_audience(workspace, name, findings, error);
    if (!audience)
        return FALSE;
    g_ptr_array_add(self->audiences, audience);
    return fields_check(letter, audience, name, findings, error);
}

Readers *readers_open(const Workspace *workspace, const char *names, const Letter *letter,
                      Findings *findings, GError **error)
{
    g_autoptr(Readers) self = g_new0(Readers, 1);
    self->names = readers_split(names);
    self->audiences = g_ptr_array_new_with_free_func((GDestroyNotify)audience_free);
    if (!check_names(self->names, error))
        return NULL;
    for (char **name = self->names; *name; name++)
        if (!open_one(self, workspace, *name, letter, findings, error))
            return NULL;
    if (self->audiences->len > 1 && !(self->seen = seen_new(error)))
        return NULL;
    return g_steal_pointer(&self);
}

Readers *readers_of(Audience *audience, const char *name)
{
    Readers *self = g_new0(Readers, 1);
    const char *const names[] = {name, NULL};
    self->names = g_strdupv((char **)names);
    self->audiences = g_ptr_array_new();
    g_ptr_array_add(self->audiences, audience);
    return self;
}

void readers_free(Readers *self)
{
    if (!self)
        return;
    g_ptr_array_unref(self->audiences);
    seen_free(self->seen);
    g_strfreev(self->names);
    g_free(self->same_as);
    g_free(self);
}

static guint64 sum(const Readers *self, guint64 (*of)(const Audience *))
{
    guint64 all = 0;
    for (guint i = 0; i < self->audiences->len; i++)
        all += of(g_ptr_array_index(self->audiences, i));
    return all;
}

guint64 readers_rows(const Readers *self)
{
    return sum(self, audience_rows);
}

guint64 readers_chosen(const Readers *self)
{
    return sum(self, audience_chosen);
}

guint64 readers_most(const Readers *self)
{
    return sum(self, audience_count);
}

static gboolean find_twin(Readers *self, const Recipient *recipient, GError **error)
{
    g_autofree char *owner = g_strdup_printf("%s in %s", recipient->key, self->names[self->at]);
    g_clear_pointer(&self->same_as, g_free);
    if (!self->seen)
        return TRUE;
    return seen_add(self->seen, recipient->address, owner, &self->same_as, error);
}

const Reader *readers_next(Readers *self, GError **error)
{
    const Recipient *recipient = NULL;
    GError *inner = NULL;
    while (self->at < self->audiences->len && !recipient && !inner) {
        recipient = audience_next(g_ptr_array_index(self->audiences, self->at), &inner);
        if (!recipient && !inner)
            self->at++;
    }
    if (inner)
        g_propagate_error(error, inner);
    if (!recipient || !find_twin(self, recipient, error))
        return NULL;
    self->reader = (Reader){recipient, self->names[self->at], self->same_as};
    return &self->reader;
}

gboolean readers_rewind(Readers *self, GError **error)
{
    self->at = 0;
    for (guint i = 0; i < self->audiences->len; i++)
        audience_rewind(g_ptr_array_index(self->audiences, i));
    return !self->seen || seen_clear(self->seen, error);
}

const Exclusion *readers_next_excluded(Readers *self, GError **error)
{
    GError *inner = NULL;
    while (self->at_excluded < self->audiences->len) {
        const Exclusion *exclusion =
            audience_next_excluded(g_ptr_array_index(self->audiences, self->at_excluded), &inner);
        if (exclusion)
            return exclusion;
        if (inner) {
            g_propagate_error(error, inner);
            return NULL;
        }
        self->at_excluded++;
    }
    return NULL;
}
