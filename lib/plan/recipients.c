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
    /* Addresses with a letter, and whose it is; without one, and why. NULL for one audience, which
     * has each address once. */
    AddressIndex *seen, *without;
    AudienceRecipient reader;
    char *twin;
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

static gboolean remember(Recipients *self, GError **error)
{
    self->seen = address_index_new(error);
    self->without = self->seen ? address_index_new(error) : NULL;
    return self->without != NULL;
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
    if (self->audiences->len > 1 && !remember(self, error))
        return NULL;
    return g_steal_pointer(&self);
}

Recipients *recipients_of(Audience *audience, const char *name, GError **error)
{
    g_autoptr(Recipients) self = g_new0(Recipients, 1);
    const char *const names[] = {name, NULL};
    self->names = g_strdupv((char **)names);
    self->audiences = g_ptr_array_new();
    g_ptr_array_add(self->audiences, audience);
    return remember(self, error) ? g_steal_pointer(&self) : NULL;
}

void recipients_free(Recipients *self)
{
    if (!self)
        return;
    g_ptr_array_unref(self->audiences);
    address_index_free(self->seen);
    address_index_free(self->without);
    g_strfreev(self->names);
    g_free(self->twin);
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

/* Whose letter has gone to the address: it is taken when it is frozen, and not before. */
static gboolean find_twin(Recipients *self, const Recipient *recipient, GError **error)
{
    g_autofree char *first = NULL;
    g_clear_pointer(&self->twin, g_free);
    if (self->seen && !address_index_find(self->seen, recipient->address, &first, error))
        return FALSE;
    if (first)
        self->twin = g_strconcat("same address as ", first, NULL);
    return TRUE;
}

gboolean recipients_take(Recipients *self, GError **error)
{
    const Recipient *recipient = self->reader.recipient;
    g_autofree char *owner = g_strdup_printf("%s in %s", recipient->key, self->reader.audience),
                    *first = NULL;
    return !self->seen || address_index_add(self->seen, recipient->address, owner, &first, error);
}

gboolean recipients_leave_out(Recipients *self, const char *reason, GError **error)
{
    g_autofree char *first = NULL;
    return !self->without ||
           address_index_add(self->without, self->reader.recipient->address, reason, &first, error);
}

const char *recipients_excluded_audience(const Recipients *self)
{
    return self->names[self->at_excluded];
}

gboolean recipients_twin(Recipients *self, const Exclusion *twin, char **reason, gboolean *taken,
                         GError **error)
{
    g_autofree char *owner = NULL;
    *reason = NULL;
    *taken = TRUE;
    if (!self->seen)
        return TRUE;
    if (!address_index_find(self->seen, twin->address, &owner, error))
        return FALSE;
    g_autofree char *ours = g_strconcat(" in ", self->names[self->at_excluded], NULL);
    *taken = owner != NULL;
    if (owner && !g_str_has_suffix(owner, ours))
        *reason = g_strconcat("same address as ", owner, NULL);
    return owner || address_index_find(self->without, twin->address, reason, error);
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
    self->reader = (AudienceRecipient){recipient, self->names[self->at], self->twin};
    return &self->reader;
}

gboolean recipients_rewind(Recipients *self, GError **error)
{
    self->at = 0;
    for (guint i = 0; i < self->audiences->len; i++)
        audience_rewind(g_ptr_array_index(self->audiences, i));
    return !self->seen ||
           (address_index_clear(self->seen, error) && address_index_clear(self->without, error));
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
