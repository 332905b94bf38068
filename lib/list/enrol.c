/* enrol - reads an audience's list into a roster: joins, filters, tries each key and address */
#include "list/enrol_parts.h"

#include <string.h>

#include "list/cell.h"
#include "mail/address.h"

enum { ADDRESS_SHOWN_MAX = 320 }; /* bytes of a wrong address that are kept */

G_STATIC_ASSERT((int)AUDIENCE_EMAILS_MAX <= (int)ROSTER_PLACES);

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

/* What is kept of a row: its cells, and what the flags said. */
static gboolean pack(Enrol *self, guint line, const Value *map, GError **error)
{
    g_string_truncate(self->answers, 0);
    if (!flags_ask(self->flags, self->cells, map, sheet_shown(self->sheet), line, self->findings,
                   self->answers, error))
        return FALSE;
    const char *answers = self->answers->str;
    g_string_truncate(self->packed, 0);
    cells_pack(self->packed, self->cells, fieldset_columns(self->fields));
    cells_pack(self->packed, &answers, 1);
    return TRUE;
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
    if (!pack(self, line, map, error))
        return FALSE;
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
    if (!enrol_find_fields(self, error))
        return FALSE;
    self->flags = flags_new(spec->flags, columns, self->fields, self->findings, error);
    if (!self->flags)
        return FALSE;
    self->derives |= flags_want_derived(self->flags);
    if (!spec->where)
        return TRUE;
    WhereSpec where = {.expression = spec->where,
                       .columns = columns,
                       .file = spec->config_file,
                       .line = spec->where_line};
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
    flags_free(self->flags);
    fieldset_free(self->fields);
    roster_free(self->roster);
    g_free(self->cells);
    g_string_free(self->packed, TRUE);
    g_string_free(self->answers, TRUE);
    g_free(self->alone_value);
}

gboolean enrol(const AudienceSpec *spec, Findings *findings, Enrolment *result, GError **error)
{
    Enrol self = {.spec = spec, .findings = findings};
    guint partner_on = 0;
    self.columns = g_ptr_array_new();
    self.wanted = g_array_new(FALSE, FALSE, sizeof(guint));
    self.packed = g_string_new(NULL);
    self.answers = g_string_new(NULL);
    gboolean ok = enrol_open(&self, &partner_on, error) && compile(&self, error) &&
                  read_all(&self, partner_on, error);
    if (ok)
        *result = (Enrolment){g_steal_pointer(&self.fields), g_steal_pointer(&self.flags),
                              g_steal_pointer(&self.roster), self.rows, self.chosen};
    clear(&self);
    return ok;
}
