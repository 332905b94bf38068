/* bycolumn - a field of each letter's recipient: frozen with the letter, or of the list of today */
#include "report/bycolumn.h"

#include "base/error.h"
#include "base/value.h"
#include "ledger/tallies.h"

struct ByColumn {
    char *field;
    gboolean is_frozen;
    Value *thawed;      /* the last delivery's fields */
    GHashTable *today;  /* key -> value, one of `values` */
    GHashTable *values; /* the different texts of `today` */
    GError *error;      /* of a look at the ledger */
};

static const char *text_of(const Value *value)
{
    if (!value)
        return "";
    switch (value_kind(value)) {
    case VALUE_TEXT:
        return value_text(value);
    case VALUE_FLAG:
        return value_is_true(value) ? "yes" : "no";
    case VALUE_LIST:
    case VALUE_MAP:
        return value_is_true(value) ? "(rows)" : "";
    }
    g_assert_not_reached();
}

/* --- the list of today ----------------------------------------------------------------------- */

static gboolean has_field(const ByColumn *self, const Audience *audience, const char *name,
                          GError **error)
{
    const char *const *fields = audience_fields(audience);
    if (g_strv_contains(fields, self->field))
        return TRUE;
    const char *near = nearest_word(self->field, fields);
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                "no column '%s': neither the letter nor the list of audience '%s' has it%s%s%s",
                self->field, name, near ? "; did you mean '" : "", near ? near : "",
                near ? "'?" : "");
    return FALSE;
}

static void remember(ByColumn *self, const Recipient *recipient)
{
    const char *text = text_of(value_get(recipient->fields, self->field));
    char *kept = g_hash_table_lookup(self->values, text);
    if (!kept) {
        kept = g_strdup(text);
        g_hash_table_add(self->values, kept);
    }
    g_hash_table_insert(self->today, g_strdup(recipient->key), kept);
}

static gboolean read_list(ByColumn *self, const Workspace *workspace, const char *name,
                          GError **error)
{
    GError *inner = NULL;
    g_autoptr(Findings) findings = findings_new();
    g_autoptr(Audience) audience = workspace_audience(workspace, name, findings, error);
    if (!audience) {
        g_prefix_error(error,
                       "the letter did not use '%s', and the list can't be asked: ", self->field);
        return FALSE;
    }
    if (!has_field(self, audience, name, error))
        return FALSE;
    for (const Recipient *one; (one = audience_next(audience, &inner));)
        remember(self, one);
    if (!inner)
        return TRUE;
    g_propagate_error(error, inner);
    return FALSE;
}

/* --- opening --------------------------------------------------------------------------------- */

/* All deliveries of a mailing froze the same fields. */
static gboolean look(void *user, const char *key, DeliveryState state, const char *fields,
                     gsize length)
{
    ByColumn *self = user;
    (void)key;
    (void)state;
    self->thawed = value_thaw(fields, length, &self->error);
    self->is_frozen = self->thawed && value_get(self->thawed, self->field);
    return FALSE;
}

ByColumn *bycolumn_open(const Workspace *workspace, Ledger *ledger, const Mailing *mailing,
                        const char *field, GError **error)
{
    TallyScope scope = {.mailing = mailing->number};
    g_autoptr(ByColumn) self = g_new0(ByColumn, 1);
    self->field = g_strdup(field);
    self->today = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    self->values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    if (!tallies_fields(ledger, &scope, look, self, error))
        return NULL;
    if (self->error) {
        g_propagate_error(error, g_steal_pointer(&self->error));
        return NULL;
    }
    if (!self->is_frozen && !read_list(self, workspace, mailing->audience, error))
        return NULL;
    return g_steal_pointer(&self);
}

void bycolumn_free(ByColumn *self)
{
    if (!self)
        return;
    g_free(self->field);
    value_free(self->thawed);
    g_hash_table_unref(self->today);
    g_hash_table_unref(self->values);
    g_clear_error(&self->error);
    g_free(self);
}

gboolean bycolumn_is_frozen(const ByColumn *self)
{
    return self->is_frozen;
}

const char *bycolumn_value(ByColumn *self, const char *key, const char *fields, gsize length,
                           GError **error)
{
    if (!self->is_frozen)
        return g_hash_table_lookup(self->today, key);
    value_free(self->thawed);
    self->thawed = value_thaw(fields, length, error);
    return self->thawed ? text_of(value_get(self->thawed, self->field)) : NULL;
}
