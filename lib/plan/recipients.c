/* recipients - the recipients of one or several audiences as one stream, each person once */
#include "plan/recipients.h"

#include "base/error.h"
#include "list/address_index.h"
#include "letter/fieldcheck.h"
#include "fact/audience_names.h"

struct Recipients {
    char **names;
    GPtrArray *audiences; /* of Audience, one a name */
    guint at, at_excluded;
    /* Addresses with a letter, and whose it is; without one, and why. NULL for one audience, which
     * has each address once. */
    AddressIndex *seen, *without;
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

gboolean recipients_remember(Recipients *self, GError **error)
{
    if (self->seen)
        return TRUE;
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
    if (self->audiences->len > 1 && !recipients_remember(self, error))
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
    address_index_free(self->without);
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

/* Whose letter has gone to the address: it is taken when it is frozen, and not before. */
static gboolean find_twin(Recipients *self, const Recipient *recipient, GError **error)
{
    g_clear_pointer(&self->same_as, g_free);
    return !self->seen || address_index_find(self->seen, recipient->address, &self->same_as, error);
}

gboolean recipients_take(Recipients *self, GError **error)
{
    const Recipient *recipient = self->reader.recipient;
    g_autofree char *owner = g_strdup_printf("%s in %s", recipient->key, self->reader.audience),
                    *first = NULL;
    return !self->seen || address_index_add(self->seen, recipient->address, owner, &first, error);
}

/* A reason as the index keeps it, and back. */
static char *pack_why(const Why *why)
{
    return g_strdup_printf("%d %" G_GINT64_FORMAT " %s", (int)why->kind, why->since,
                           why->detail ? why->detail : "");
}

static void unpack_why(const char *packed, Why *why)
{
    char *since, *detail;
    why->kind = (ExclusionKind)g_ascii_strtoll(packed, &since, 10);
    why->since = g_ascii_strtoll(since, &detail, 10);
    why->detail = g_strdup(detail + 1);
}

gboolean recipients_leave_out(Recipients *self, const Why *why, GError **error)
{
    g_autofree char *first = NULL, *packed = pack_why(why);
    return !self->without ||
           address_index_add(self->without, self->reader.recipient->address, packed, &first, error);
}

const char *recipients_excluded_audience(const Recipients *self)
{
    return self->names[self->at_excluded];
}

gboolean recipients_twin(Recipients *self, const Exclusion *twin, Why *why, gboolean *taken,
                         GError **error)
{
    g_autofree char *owner = NULL, *packed = NULL;
    *taken = FALSE;
    if (!self->seen)
        return TRUE;
    if (!address_index_find(self->seen, twin->address, &owner, error) ||
        (!owner && !address_index_find(self->without, twin->address, &packed, error)))
        return FALSE;
    g_autofree char *ours = g_strconcat(" in ", self->names[self->at_excluded], NULL);
    *taken = owner != NULL;
    if (owner && !g_str_has_suffix(owner, ours))
        *why = (Why){EXCLUSION_SAME_ADDRESS, g_steal_pointer(&owner), 0};
    else if (packed)
        unpack_why(packed, why);
    return TRUE;
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
    self->at = self->at_excluded = 0;
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
