/* enrol - reads an audience's list into a roster: joins, filters, tries each key and address */
#include "list/enrol.h"

#include <string.h>

#include "base/error.h"
#include "list/cell.h"
#include "list/partners.h"
#include "list/where.h"
#include "mail/address.h"

enum { ADDRESS_SHOWN_MAX = 320 }; /* bytes of a wrong address that are kept */

G_STATIC_ASSERT((int)AUDIENCE_EMAILS_MAX <= (int)ROSTER_PLACES);

typedef struct {
    const AudienceSpec *spec;
    Findings *findings;
    Sheet *sheet, *join;
    GPtrArray *columns; /* of both sheets; borrowed, NULL-terminated */
    GArray *wanted;     /* of guint: the partner's columns that are among them */
    guint join_on;      /* in the list */
    Fieldset *fields;
    guint key, emails[AUDIENCE_EMAILS_MAX], n_emails; /* among the fields */
    gboolean derives;                                 /* one of these is derived */
    Where *where;
    Partners *partners;
    Roster *roster;
    const char **cells; /* the row: list, then partner */
    GString *packed;
    guint64 rows, chosen, alone; /* alone: chosen without a partner */
    guint alone_line;
    char *alone_value;
} Enrol;

/* Where the audience says something, "config:12". */
static char *place(const Enrol *self, guint line)
{
    return line ? g_strdup_printf("%s:%u", self->spec->config_file, line)
                : g_strdup(self->spec->config_file);
}

/* --- columns --------------------------------------------------------------------------------- */

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

static gboolean open_sheets(Enrol *self, guint *partner_on, GError **error)
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

static gboolean find_fields(Enrol *self, GError **error)
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

/* --- addresses ------------------------------------------------------------------------------- */

static gboolean holds_several(const char *cell)
{
    const char *at = strchr(cell, '@');
    return at && strchr(at + 1, '@') && strpbrk(at, ";,/| \t\n");
}

static gboolean refuse_address(Enrol *self, guint line, guint place, const char *cell,
                               const char *why, GError **error)
{
    g_autofree char *kept = strlen(cell) > ADDRESS_SHOWN_MAX ? cell_quote(cell) : g_strdup(cell);
    static const char said[] = "not an e-mail address: "; /* which "bad address" says too */
    const char *rest = g_str_has_prefix(why, said) ? why + strlen(said) : why;
    g_autofree char *reason = g_strconcat("bad address: ", rest, NULL);
    findings_add(self->findings, FINDING_WARNING, sheet_shown(self->sheet), line, "bad-address",
                 "%s (column %s)", why, self->spec->email[place]);
    return roster_exclude(self->roster, place, kept, reason, error);
}

static gboolean take_address(Enrol *self, guint line, guint place, const char *cell, GError **error)
{
    g_autoptr(GError) wrong = NULL;
    if (holds_several(cell)) {
        g_autofree char *quoted = cell_quote(cell);
        g_autofree char *why = g_strdup_printf(
            "several addresses in one cell: '%s' (give each a column of its own)", quoted);
        return refuse_address(self, line, place, cell, why, error);
    }
    g_autoptr(Address) address = address_parse(cell, &wrong);
    if (!address)
        return refuse_address(self, line, place, cell, wrong->message, error);
    g_autofree char *fold = address_fold(address->spec);
    return roster_add_letter(self->roster, place, address->spec, fold, error);
}

static gboolean take_no_address(Enrol *self, guint line, GError **error)
{
    g_autofree char *where = g_strjoinv("' or '", (char **)self->spec->email);
    findings_add(self->findings, FINDING_WARNING, sheet_shown(self->sheet), line, "no-address",
                 "no address in '%s'", where);
    return roster_exclude(self->roster, 0, "", "no address", error);
}

/* --- rows ------------------------------------------------------------------------------------ */

static gboolean check_key(Enrol *self, guint line, const char *key)
{
    const char *file = sheet_shown(self->sheet);
    if (!*key)
        findings_add(self->findings, FINDING_ERROR, file, line, "no-key",
                     "no value in '%s', which is the key", self->spec->key);
    else if (strlen(key) > AUDIENCE_KEY_MAX)
        findings_add(self->findings, FINDING_ERROR, file, line, "bad-key",
                     "the key in '%s' is over %d bytes", self->spec->key, AUDIENCE_KEY_MAX);
    else if (strpbrk(key, "\r\n"))
        findings_add(self->findings, FINDING_ERROR, file, line, "bad-key",
                     "the key in '%s' holds a line end", self->spec->key);
    else
        return TRUE;
    return FALSE;
}

static const char *field_text(const Enrol *self, const Value *map, guint field)
{
    if (field < fieldset_columns(self->fields))
        return self->cells[field];
    return value_text(value_get(map, fieldset_names(self->fields)[field]));
}

static gboolean enlist(Enrol *self, guint line, GError **error)
{
    g_autoptr(Value) map = NULL;
    if (self->derives) {
        map = fieldset_map(self->fields, self->cells);
        if (!fieldset_derive(self->fields, map, error))
            return FALSE;
    }
    const char *key = field_text(self, map, self->key);
    if (!check_key(self, line, key))
        return TRUE;
    g_string_truncate(self->packed, 0);
    cells_pack(self->packed, self->cells, fieldset_columns(self->fields));
    if (!roster_add(self->roster, line, key, self->packed->str, self->packed->len, error))
        return FALSE;
    guint filled = 0;
    for (guint i = 0; i < self->n_emails; i++) {
        const char *cell = field_text(self, map, self->emails[i]);
        if (!*cell)
            continue;
        filled++;
        if (!take_address(self, line, i, cell, error))
            return FALSE;
    }
    return filled || take_no_address(self, line, error);
}

static gboolean take_row(void *user, const SheetLine *at, char **cells, GError **error)
{
    Enrol *self = user;
    guint width = sheet_width(self->sheet);
    gboolean matches = TRUE, has_partner = TRUE;
    self->rows++;
    memcpy(self->cells, cells, width * sizeof *cells);
    if (self->partners && !partners_find(self->partners, cells[self->join_on], self->cells + width,
                                         &has_partner, error))
        return FALSE;
    if (self->where && !where_matches(self->where, (char *const *)self->cells,
                                      sheet_shown(self->sheet), at->line, &matches, error))
        return FALSE;
    if (!matches)
        return TRUE;
    self->chosen++;
    if (!has_partner && self->alone++ == 0) {
        self->alone_line = at->line;
        self->alone_value = cell_quote(cells[self->join_on]);
    }
    sheet_report(self->sheet, at, cells, self->findings);
    return enlist(self, at->line, error);
}

/* --- the whole ------------------------------------------------------------------------------- */

static void report_key_twin(void *user, const RosterTwin *twin)
{
    Enrol *self = user;
    findings_add(self->findings, FINDING_ERROR, sheet_shown(self->sheet), twin->line, "same-key",
                 "the key '%s' stands in line %u too: a key names one row", twin->key,
                 twin->first_line);
}

static char *report_letter_twin(void *user, const RosterTwin *twin)
{
    Enrol *self = user;
    const char *file = sheet_shown(self->sheet);
    if (twin->line == twin->first_line) {
        const char *column = self->spec->email[twin->first_place];
        findings_add(self->findings, FINDING_NOTE, file, twin->line, "same-address",
                     "'%s' stands in '%s' too: one letter", twin->address, column);
        return g_strdup_printf("same address as in %s", column);
    }
    findings_add(self->findings, FINDING_WARNING, file, twin->line, "same-address",
                 "'%s' is the address of %s too (line %u): one letter, to the first", twin->address,
                 twin->first_key, twin->first_line);
    return g_strdup_printf("same address as %s", twin->first_key);
}

/* What is worth knowing about the list as a whole. */
static gboolean report_whole(Enrol *self, GError **error)
{
    guint64 unused = 0;
    guint line = 0;
    g_autofree char *value = NULL;
    if (self->where && !self->chosen)
        findings_add(self->findings, FINDING_WARNING, self->spec->config_file,
                     self->spec->where_line, "nobody",
                     "where chooses none of %" G_GUINT64_FORMAT " rows", self->rows);
    else if (!self->chosen)
        findings_add(self->findings, FINDING_WARNING, sheet_shown(self->sheet), 0, "nobody",
                     "the list has no rows");
    if (!self->partners)
        return TRUE;
    if (self->alone)
        findings_add(self->findings, FINDING_WARNING, sheet_shown(self->sheet), self->alone_line,
                     "join-none",
                     "rows without a partner in %s: %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT
                     "; the first is '%s'",
                     sheet_shown(self->join), self->alone, self->chosen, self->alone_value);
    if (!partners_unused(self->partners, &unused, &line, &value, error))
        return FALSE;
    g_autofree char *quoted = value ? cell_quote(value) : NULL;
    if (unused)
        findings_add(self->findings, FINDING_NOTE, sheet_shown(self->join), line, "join-unused",
                     "rows that belong to no row of %s: %" G_GUINT64_FORMAT "; the first is '%s'",
                     sheet_shown(self->sheet), unused, quoted);
    return TRUE;
}

static gboolean compile(Enrol *self, GError **error)
{
    const AudienceSpec *spec = self->spec;
    g_ptr_array_add(self->columns, NULL);
    const char *const *columns = (const char *const *)self->columns->pdata;
    self->fields = fieldset_new(columns, spec->fields, spec->config_file, self->findings);
    self->cells = g_new0(const char *, self->columns->len);
    if (!find_fields(self, error))
        return FALSE;
    if (!spec->where)
        return TRUE;
    WhereSpec where = {spec->where, columns, spec->config_file, spec->where_line, 0};
    self->where = where_new(&where, error);
    return self->where != NULL;
}

static gboolean read_all(Enrol *self, guint partner_on, GError **error)
{
    if (self->join) {
        self->partners = partners_new(self->join, partner_on, (guint *)(void *)self->wanted->data,
                                      self->wanted->len, self->findings, error);
        if (!self->partners)
            return FALSE;
    }
    self->roster = roster_new(error);
    return self->roster && sheet_read(self->sheet, self->findings, take_row, self, error) &&
           report_whole(self, error) &&
           roster_settle(self->roster, report_key_twin, report_letter_twin, self, error);
}

static void clear(Enrol *self)
{
    sheet_close(self->sheet);
    sheet_close(self->join);
    g_ptr_array_unref(self->columns);
    g_array_unref(self->wanted);
    where_free(self->where);
    partners_free(self->partners);
    fieldset_free(self->fields);
    roster_free(self->roster);
    g_free(self->cells);
    g_string_free(self->packed, TRUE);
    g_free(self->alone_value);
}

gboolean enrol(const AudienceSpec *spec, Findings *findings, Enrolment *result, GError **error)
{
    Enrol self = {.spec = spec, .findings = findings};
    guint partner_on = 0;
    self.columns = g_ptr_array_new();
    self.wanted = g_array_new(FALSE, FALSE, sizeof(guint));
    self.packed = g_string_new(NULL);
    gboolean ok = open_sheets(&self, &partner_on, error) && compile(&self, error) &&
                  read_all(&self, partner_on, error);
    if (ok)
        *result = (Enrolment){g_steal_pointer(&self.fields), g_steal_pointer(&self.roster),
                              self.rows, self.chosen};
    clear(&self);
    return ok;
}
