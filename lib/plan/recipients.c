/* recipients - the recipients of one or several audiences as one stream, each person once */
#include "plan/recipients.h"

#include "base/error.h"
#include "list/address_index.h"
#include "letter/fieldcheck.h"
#include "list/audience_names.h"

struct Recipients {
    char **names;
    GPtrArray *audiences; /* of Audience, one a name */
    guint at, at_excluded;
    AddressIndex *seen; /* NULL for one audience, which has each address once */
    AudienceRecipient reader;
    char *same_as;
};

static gboolean check_names(char **names, GError **error)
{
    if (g_strv_length(names) > RECIPIENTS_MAX) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                    "%u audiences: one mailing can go to %d", g_strv_length(names), RECIPIENTS_MAX);
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

static gboolean open_one(Recipients *self, const Workspace *workspace, const char *name,
                         const Letter *letter, Findings *findings, GError **error)
{
    Audience *audience = workspace_audience(workspace, name, findings, error);
    if (!audience)
        return FALSE;
    g_ptr_array_add(self->audiences, audience);
    return fields_check(letter, audience, name, findings, error);
}

Recipients *recipients_open(const Workspace *workspace, const char *names, const Letter *letter,
                            Findings *findings, GError **error)
{
    g_autoptr(Recipients) self = g_new0(Recipients, 1);
    self->names = audience_names_split(names);
    self->audiences = g_ptr_array_new_with_free_func((GDestroyNotify)audience_free);
    if (!check_names(self->names, error))
        return NULL;
    for (char **name = self->names; *name; name++)
        if (!open_one(self, workspace, *name, letter, findings, error))
            return NULL;
    if (self->audiences->len > 1 && !(self->seen = address_index_new(error)))
        return NULL;
    return g_steal_pointer(&self);
}

Recipients *recipients_of(Audience *audience, const char *name)
{
    Recipients *self = g_new0(Recipients, 1);
    const char *const names[] = {name, NULL};
    self->names = g_strdupv((char **)names);
    self->audiences = g_ptr_array_new();
    g_ptr_array_add(self->audiences, audience);
    return self;
}

void recipients_free(Recipients *self)
{
    if (!self)
        return;
    g_ptr_array_unref(self->audiences);
    address_index_free(self->seen);
    g_strfreev(self->names);
    g_free(self->same_as);
    g_free(self);
}

static guint64 sum(const Recipients *self, guint64 (*of)(const Audience *))
{
    guint64 all = 0;
    for (guint i = 0; i < self->audiences->len; i++)
        all += of(g_ptr_array_index(self->audiences, i));
    return all;
}

guint64 recipients_rows(const Recipients *self)
{
    return sum(self, audience_rows);
}

guint64 recipients_chosen(const Recipients *self)
{
    return sum(self, audience_chosen);
}

guint64 recipients_most(const Recipients *self)
{
    return sum(self, audience_count);
}

static gboolean find_twin(Recipients *self, const Recipient *recipient, GError **error)
{
    g_autofree char *owner = g_strdup_printf("%s in %s", recipient->key, self->names[self->at]);
    g_clear_pointer(&self->same_as, g_free);
    if (!self->seen)
        return TRUE;
    return address_index_add(self->seen, recipient->address, owner, &self->same_as, error);
}

const AudienceRecipient *recipients_next(Recipients *self, GError **error)
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
    self->reader = (AudienceRecipient){recipient, self->names[self->at], self->same_as};
    return &self->reader;
}

gboolean recipients_rewind(Recipients *self, GError **error)
{
    self->at = 0;
    for (guint i = 0; i < self->audiences->len; i++)
        audience_rewind(g_ptr_array_index(self->audiences, i));
    return !self->seen || address_index_clear(self->seen, error);
}

const Exclusion *recipients_next_excluded(Recipients *self, GError **error)
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
