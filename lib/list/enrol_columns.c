/* enrol_columns - the columns and fields that an audience is made of */
#include <string.h>

#include "base/error.h"
#include "list/enrol_parts.h"

/* Where the audience says something, "config:12". */
static char *place(const Enrol *self, guint line)
{
    return line ? g_strdup_printf("%s:%u", self->spec->config_file, line)
                : g_strdup(self->spec->config_file);
}

static gboolean no_column(const Enrol *self, const Sheet *sheet, const char *name, const char *what,
                          guint line, const char *const *among, GError **error)
{
    const char *near = nearest_word(name, among);
    g_autofree char *where = place(self, line);
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA,
                "%s:%u: no column '%s', %s of audience '%s' (%s)%s%s%s", sheet_shown(sheet),
                sheet_header_line(sheet), name, what, self->spec->name, where,
                near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
    return FALSE;
}

static gboolean unset(const Enrol *self, const char *what, guint line, GError **error)
{
    g_autofree char *where = place(self, line);
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG, "%s: audience '%s' has no %s", where,
                self->spec->name, what);
    return FALSE;
}

/* Adds the partner's columns behind the list's own. */
static void combine_columns(Enrol *self, guint partner_on)
{
    const char *const *names = sheet_columns(self->join);
    for (guint i = 0; names[i]; i++) {
        if (i == partner_on)
            continue;
        int mine = -1;
        for (guint j = 0; j < sheet_width(self->sheet) && mine < 0; j++)
            if (g_ascii_strcasecmp(g_ptr_array_index(self->columns, j), names[i]) == 0)
                mine = (int)j;
        if (mine < 0) {
            g_ptr_array_add(self->columns, (gpointer)names[i]);
            g_array_append_val(self->wanted, i);
            continue;
        }
        findings_add(self->findings, FINDING_WARNING, sheet_shown(self->join),
                     sheet_header_line(self->join), "join-column",
                     "'%s' is a column of %s too: that one is used (rename one to have both)",
                     names[i], sheet_shown(self->sheet));
    }
}

gboolean enrol_open(Enrol *self, guint *partner_on, GError **error)
{
    const AudienceSpec *spec = self->spec;
    self->sheet = sheet_open(&spec->sheet, error);
    if (!self->sheet)
        return FALSE;
    for (const char *const *name = sheet_columns(self->sheet); *name; name++)
        g_ptr_array_add(self->columns, (gpointer)*name);
    if (!spec->join.file)
        return TRUE;
    self->join = sheet_open(&spec->join, error);
    if (!self->join)
        return FALSE;
    if (!spec->join_on)
        return unset(self, "column to join by", spec->join_line, error);
    int here = sheet_find(self->sheet, spec->join_on),
        there = sheet_find(self->join, spec->join_on);
    if (here < 0)
        return no_column(self, self->sheet, spec->join_on, "which joins the sheets",
                         spec->join_line, sheet_columns(self->sheet), error);
    if (there < 0)
        return no_column(self, self->join, spec->join_on, "which joins the sheets", spec->join_line,
                         sheet_columns(self->join), error);
    self->join_on = (guint)here;
    *partner_on = (guint)there;
    combine_columns(self, *partner_on);
    return TRUE;
}

/* Finds a column or derived field that a row can't do without. */
static gboolean find_field(Enrol *self, const char *name, const char *what, guint line,
                           guint *found, GError **error)
{
    int place = fieldset_find(self->fields, name);
    if (place < 0)
        return no_column(self, self->sheet, name, what, line, fieldset_names(self->fields), error);
    *found = (guint)place;
    self->derives |= *found >= fieldset_columns(self->fields);
    return TRUE;
}

gboolean enrol_find_fields(Enrol *self, GError **error)
{
    const AudienceSpec *spec = self->spec;
    if (!spec->key)
        return unset(self, "key", spec->key_line, error);
    if (!spec->email || !spec->email[0])
        return unset(self, "email", spec->email_line, error);
    if (!find_field(self, spec->key, "the key", spec->key_line, &self->key, error))
        return FALSE;
    for (guint i = 0; spec->email[i]; i++) {
        if (i == AUDIENCE_EMAILS_MAX) {
            g_autofree char *where = place(self, spec->email_line);
            g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG,
                        "%s: audience '%s' has over %d email columns", where, spec->name,
                        AUDIENCE_EMAILS_MAX);
            return FALSE;
        }
        if (!find_field(self, spec->email[i], "an email", spec->email_line, &self->emails[i],
                        error))
            return FALSE;
        self->n_emails++;
    }
    return TRUE;
}
