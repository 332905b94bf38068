/* audience_read - reads an audience's list into a roster: joins, filters, tries each key and address */
#include "list/audience_read.h"

#include <string.h>

#include "base/error.h"
#include "sheet/cell.h"
#include "list/addresscell.h"
#include "list/listsource.h"
#include "where/where.h"
#include "mail/address.h"

enum { ADDRESS_SHOWN_MAX = 320 }; /* bytes of a wrong address that are kept */

G_STATIC_ASSERT((int)AUDIENCE_EMAILS_MAX <= (int)ROSTER_PLACES);

typedef struct {
    const AudienceSpec *spec;
    Findings *findings;
    ListSource *source;
    Fieldset *fields;
    guint key, emails[AUDIENCE_EMAILS_MAX], n_emails; /* among the fields */
    gboolean derives; /* one of these is derived, or a flag reads such a field */
    Flags *flags;
    GPtrArray *many; /* of Many */
    GArray *matches; /* of guint, among the fields */
    Where *where;
    Roster *roster;
    const char *const *cells; /* the row at hand, */
    const ListLine *at;       /* and where it stands */
    GString *packed, *answers;
    /* Of each email column: whether an address stood in it, and how often something else did. Until
     * one did nothing is told: a column that has none is one finding, not a hundred. */
    gboolean had_address[AUDIENCE_EMAILS_MAX];
    guint64 wrong[AUDIENCE_EMAILS_MAX];
    Findings *waiting[AUDIENCE_EMAILS_MAX];
    guint64 without;    /* rows without any address, while no row had one */
    Findings *unfilled; /* what is to be said of them */
    guint *at_signs; /* a column of the list: cells that look like addresses, until one was found */
} Enrol;

/* --- fields ---------------------------------------------------------------------------------- */

/* Where the audience says something, "config:12". */
static char *place_of(const Enrol *self, guint line)
{
    return line ? g_strdup_printf("%s:%u", self->spec->config_file, line)
                : g_strdup(self->spec->config_file);
}

static gboolean unset(const Enrol *self, const char *what, guint line, GError **error)
{
    g_autofree char *where = place_of(self, line);
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG, "%s: audience '%s' has no %s", where,
                self->spec->name, what);
    return FALSE;
}

/* Finds a column or derived field that a row can't do without. */
static gboolean find_field(Enrol *self, const char *name, const char *what, guint line,
                           guint *found, GError **error)
{
    int place = fieldset_find(self->fields, name);
    if (place < 0)
        return listsource_no_column(self->source, name, what, line, error);
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
            g_autofree char *where = place_of(self, spec->email_line);
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

/* Where the value of a field stands: in the list, or in what is joined to it. */
static Location field_location(const Enrol *self, guint field)
{
    if (field < fieldset_columns(self->fields))
        return listsource_location(self->source, self->at, field);
    return (Location){listsource_shown(self->source), self->at->at.line, 0};
}

/* The line of the second sheet in which a fault at that place stands, or 0. */
static guint joined_line(const Enrol *self, const Location *at)
{
    return at->file == listsource_shown(self->source) ? 0 : at->line;
}

/* Says what had to wait. */
static void pass_on(Enrol *self, Findings *waiting)
{
    findings_copy_all(self->findings, waiting);
}

static void meet_address(Enrol *self, guint place)
{
    if (!self->had_address[place])
        pass_on(self, self->waiting[place]);
    if (self->without)
        pass_on(self, self->unfilled);
    self->without = 0;
    self->had_address[place] = TRUE;
}

static gboolean has_met_address(const Enrol *self)
{
    for (guint i = 0; i < self->n_emails; i++)
        if (self->had_address[i])
            return TRUE;
    return FALSE;
}

static void count_at_signs(Enrol *self)
{
    for (guint i = 0; !has_met_address(self) && i < fieldset_columns(self->fields); i++) {
        const char *at = strchr(self->cells[i], '@');
        self->at_signs[i] += at && strchr(at, '.') != NULL;
    }
}

/* The column that has what was looked for elsewhere, or NULL. */
static const char *column_with_addresses(const Enrol *self)
{
    guint best = 0;
    for (guint i = 0; i < fieldset_columns(self->fields); i++)
        if (self->at_signs[i] > self->at_signs[best])
            best = i;
    return self->at_signs[best] ? fieldset_names(self->fields)[best] : NULL;
}

/* Of a column in which no address stood at all. */
static void report_no_column(Enrol *self, const char *id, const char *column, guint64 rows,
                             const Findings *waiting)
{
    const Finding *first = findings_get(waiting, 0);
    const char *other = column_with_addresses(self);
    g_autofree char *meant =
        other && !g_str_equal(other, column)
            ? g_strdup_printf("; '%s' has addresses: is it the email of the audience?", other)
            : g_strdup("");
    g_autofree char *why =
        g_str_equal(id, "bad-address") ? g_strdup_printf(" (%s)", first->text) : g_strdup("");
    const Location at = finding_location(first);
    findings_add_at(self->findings, FINDING_WARNING, &at, id,
                    "'%s' has no address in any of %" G_GUINT64_FORMAT
                    " rows, of which this is the first%s%s",
                    column, rows, why, meant);
}

static void report_no_addresses(Enrol *self)
{
    for (guint i = 0; i < self->n_emails; i++) {
        if (self->had_address[i] || !self->wrong[i])
            continue;
        if (self->wrong[i] > 1)
            report_no_column(self, "bad-address", self->spec->email[i], self->wrong[i],
                             self->waiting[i]);
        else
            pass_on(self, self->waiting[i]);
    }
    if (self->without > 1 && !has_met_address(self))
        report_no_column(self, "no-address", self->spec->email[0], self->without, self->unfilled);
    else if (self->without)
        pass_on(self, self->unfilled);
}

/* `what` is of the finding only: the kind of the exclusion says it too. */
static gboolean refuse_address(Enrol *self, guint place, const char *cell, const char *what,
                               const char *why, GError **error)
{
    const Location at = field_location(self, self->emails[place]);
    g_autofree char *kept = strlen(cell) > ADDRESS_SHOWN_MAX ? cell_quote(cell) : g_strdup(cell);
    self->wrong[place]++;
    findings_add_at(self->had_address[place] ? self->findings : self->waiting[place],
                    FINDING_WARNING, &at, "bad-address", "%s%s (column %s)", what, why,
                    self->spec->email[place]);
    return roster_exclude(self->roster, place, kept, EXCLUSION_BAD_ADDRESS, why,
                          joined_line(self, &at), error);
}

static gboolean take_address(Enrol *self, guint place, const char *cell, GError **error)
{
    g_autofree char *reason = NULL;
    g_autofree char *bare = addresscell_bare(cell);
    char *same = addresscell_is_several(bare) ? addresscell_same(cell) : NULL;
    if (same) {
        g_free(bare);
        bare = same;
    } else if (addresscell_is_several(bare)) {
        g_autofree char *quoted = cell_quote(cell);
        g_autofree char *why = g_strdup_printf(
            "several addresses in one cell: '%s' (give each a column of its own)", quoted);
        return refuse_address(self, place, cell, "", why, error);
    }
    g_autoptr(Address) address = address_read(bare, &reason);
    if (!address)
        return refuse_address(self, place, cell, "not an e-mail address: ", reason, error);
    g_autofree char *fold = address_fold(address->spec);
    meet_address(self, place);
    return roster_add_letter(self->roster, place, address->spec, fold, error);
}

static gboolean take_no_address(Enrol *self, GError **error)
{
    const Location at = field_location(self, self->emails[0]);
    g_autofree char *where = g_strjoinv("' or '", (char **)self->spec->email);
    gboolean waits = at.line && !has_met_address(self);
    self->without += waits;
    if (at.line)
        findings_add_at(waits ? self->unfilled : self->findings, FINDING_WARNING, &at, "no-address",
                        "no address in '%s'", where);
    else
        listsource_lost(self->source);
    g_autofree char *none = at.line ? NULL : g_strdup_printf("no row in %s", at.file);
    return roster_exclude(self->roster, 0, "", EXCLUSION_NO_ADDRESS, none ? none : "",
                          joined_line(self, &at), error);
}

/* --- rows ------------------------------------------------------------------------------------ */

static gboolean check_key(Enrol *self, const char *key)
{
    const Location at = field_location(self, self->key);
    if (!*key)
        findings_add_at(self->findings, FINDING_ERROR, &at, "no-key",
                        "no value in '%s', which is the key", self->spec->key);
    else if (strlen(key) > AUDIENCE_KEY_MAX)
        findings_add_at(self->findings, FINDING_ERROR, &at, "bad-key",
                        "the key in '%s' is over %d bytes", self->spec->key, AUDIENCE_KEY_MAX);
    else if (strpbrk(key, "\r\n"))
        findings_add_at(self->findings, FINDING_ERROR, &at, "bad-key",
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
static gboolean pack(Enrol *self, const WhereRow *row, const Value *map, GError **error)
{
    g_string_truncate(self->answers, 0);
    if (!flags_ask(self->flags, row, map, self->findings, self->answers, error))
        return FALSE;
    const char *answers = self->answers->str;
    g_string_truncate(self->packed, 0);
    cells_pack(self->packed, self->cells, fieldset_columns(self->fields));
    cells_pack(self->packed, &answers, 1);
    return TRUE;
}

/* Whose rows there have to be. */
static gboolean ask_many(Enrol *self, const char *key, const Value *map, GError **error)
{
    for (guint i = 0; i < self->many->len; i++) {
        guint match = g_array_index(self->matches, guint, i);
        if (!child_rows_ask(g_ptr_array_index(self->many, i), key, field_text(self, map, match),
                            error))
            return FALSE;
    }
    return TRUE;
}

/* The derived fields of a row beside its cells; NULL with error. */
static Value *derive(const Enrol *self, GError **error)
{
    g_autoptr(Value) map = fieldset_map(self->fields, self->cells);
    return fieldset_derive(self->fields, map, error) ? g_steal_pointer(&map) : NULL;
}

static gboolean enlist(Enrol *self, const WhereRow *row, GError **error)
{
    g_autoptr(Value) map = NULL;
    WhereRow keyed = *row;
    if (self->derives && !(map = derive(self, error)))
        return FALSE;
    const char *key = field_text(self, map, self->key);
    if (!check_key(self, key))
        return TRUE;
    keyed.key = key;
    if (!pack(self, &keyed, map, error))
        return FALSE;
    count_at_signs(self);
    const RosterRow one = {row->line, row->joined_line, key, self->packed->str, self->packed->len};
    if (!roster_add(self->roster, &one, error))
        return FALSE;
    guint filled = 0;
    guint64 letters = roster_letters(self->roster);
    for (guint i = 0; i < self->n_emails; i++) {
        const char *cell = field_text(self, map, self->emails[i]);
        if (!*cell)
            continue;
        filled++;
        if (!take_address(self, i, cell, error))
            return FALSE;
    }
    if (roster_letters(self->roster) > letters && !ask_many(self, key, map, error))
        return FALSE;
    return filled || take_no_address(self, error);
}

/* Whoever watches hears whom `where` leaves out, and why. */
static gboolean tell_unchosen(Enrol *self, const WhereRow *row, GError **error)
{
    const AudienceWatch *watch = self->spec->watch;
    g_autoptr(Value) map = NULL;
    if (!watch)
        return TRUE;
    if (self->key >= fieldset_columns(self->fields) && !(map = derive(self, error)))
        return FALSE;
    g_autofree char *why = where_why(self->where, row, error);
    if (!why)
        return FALSE;
    const Unchosen one = {field_text(self, map, self->key), why, row->file, row->line};
    watch->unchosen(watch->user, &one);
    return TRUE;
}

static gboolean take_row(void *user, const ListLine *line, const char *const *cells, GError **error)
{
    Enrol *self = user;
    Truth answer = TRUTH_TRUE;
    g_autoptr(Value) map = NULL;
    WhereRow row = listsource_where_row(self->source, line, cells);
    self->cells = cells;
    self->at = line;
    if (self->where && where_asks_answers(self->where)) {
        if (self->key >= fieldset_columns(self->fields) && !(map = derive(self, error)))
            return FALSE;
        row.key = field_text(self, map, self->key);
    }
    if (self->where && !where_ask(self->where, &row, &answer, error))
        return FALSE;
    if (answer != TRUTH_TRUE)
        return tell_unchosen(self, &row, error);
    listsource_chosen(self->source, line, cells);
    return enlist(self, &row, error);
}

/* --- the whole ------------------------------------------------------------------------------- */

/* A field of another row of the list; of what is joined the row itself. */
static Location twin_location(const Enrol *self, guint field, guint line)
{
    const WhereColumn *columns = listsource_where_columns(self->source);
    gboolean has_cell = field < fieldset_columns(self->fields) && !columns[field].is_joined;
    return (Location){listsource_shown(self->source), line, has_cell ? columns[field].number : 0};
}

static void report_key_twin(void *user, const RosterTwin *twin)
{
    Enrol *self = user;
    const Location at = twin_location(self, self->key, twin->line);
    if (twin->is_like) {
        findings_add_at(self->findings, FINDING_WARNING, &at, "like-key",
                        "the key '%s' only looks like '%s' of line %u: if that is one school, it "
                        "stands here twice",
                        twin->key, twin->first_key, twin->first_line);
        return;
    }
    if (twin->is_same) {
        findings_add_at(self->findings, FINDING_NOTE, &at, "same-key",
                        "the row says the same as line %u: it is one", twin->first_line);
        return;
    }
    findings_add_at(self->findings, FINDING_ERROR, &at, "same-key",
                    "the key '%s' stands in line %u too: a key names one row", twin->key,
                    twin->first_line);
}

static char *report_letter_twin(void *user, const RosterTwin *twin)
{
    Enrol *self = user;
    const Location at = twin_location(self, self->emails[twin->place], twin->line);
    if (twin->line == twin->first_line) {
        const char *column = self->spec->email[twin->first_place];
        findings_add_at(self->findings, FINDING_NOTE, &at, "same-address",
                        "'%s' stands in '%s' too: one letter", twin->address, column);
        return g_strdup_printf("in %s", column);
    }
    gboolean groups = self->spec->groups;
    findings_add_at(self->findings, groups ? FINDING_NOTE : FINDING_WARNING, &at, "same-address",
                    "'%s' is the address of %s too (line %u): one letter, %s", twin->address,
                    twin->first_key, twin->first_line,
                    groups ? "with the rows of both" : "to the first");
    return g_strdup(twin->first_key);
}

/* Whether Mustache of the audience may name the column: it is enough that the name stands there. */
static gboolean is_in_template(const AudienceSpec *spec, const char *name)
{
    const char *const texts[] = {spec->to_name, spec->label, spec->phone};
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
        if (texts[i] && strstr(texts[i], name))
            return TRUE;
    for (const FieldSpec *field = spec->fields; field && field->name; field++)
        if (strstr(field->template, name))
            return TRUE;
    return FALSE;
}

/* Whether the audience uses a column; what a letter does with it is asked for each letter. */
static gboolean uses_column(void *user, guint column)
{
    const Enrol *self = user;
    gboolean used = column == self->key || (self->where && where_reads(self->where, column)) ||
                    flags_read(self->flags, column);
    for (guint i = 0; i < self->n_emails; i++)
        used |= column == self->emails[i];
    for (guint i = 0; i < self->matches->len; i++)
        used |= column == g_array_index(self->matches, guint, i);
    return used || is_in_template(self->spec, fieldset_names(self->fields)[column]) ||
           is_in_template(self->spec, listsource_columns(self->source)[column]);
}

/* The columns in which partners of one key differ; one for each. */
static JoinDiffer *copy_differs(const Enrol *self)
{
    guint columns = fieldset_columns(self->fields);
    JoinDiffer *differs = g_new0(JoinDiffer, columns + 1);
    for (guint i = 0; i < columns; i++) {
        differs[i] = *listsource_differ(self->source, i);
        differs[i].value = g_strdup(differs[i].value);
    }
    return differs;
}

/* What is worth knowing about the list as a whole. */
static gboolean report_whole(Enrol *self, GError **error)
{
    guint64 rows = listsource_rows(self->source);
    gboolean nobody = !listsource_rows_chosen(self->source);
    if (self->where && nobody)
        findings_add(self->findings, FINDING_WARNING, self->spec->config_file,
                     self->spec->where_line, "nobody",
                     "where chooses none of %" G_GUINT64_FORMAT " rows", rows);
    else if (nobody)
        findings_add(self->findings, FINDING_WARNING, listsource_shown(self->source), 0, "nobody",
                     "the list has no rows");
    if (self->where)
        where_report(self->where, TRUE, self->findings);
    report_no_addresses(self);
    flags_report(self->flags, self->findings);
    for (guint i = 0; i < self->many->len; i++)
        if (!child_rows_settle(g_ptr_array_index(self->many, i), self->findings, error))
            return FALSE;
    return listsource_report(self->source, uses_column, self, error);
}

static gboolean open_many(Enrol *self, GError **error)
{
    if (self->spec->groups)
        fieldset_add(self->fields, AUDIENCE_ROWS, FIELD_ROWS, self->spec->config_file,
                     self->spec->group_line, self->findings);
    for (const ChildRowsSpec *spec = self->spec->many; spec && spec->name; spec++) {
        guint match;
        g_autofree char *what = g_strdup_printf("'match' of '%s'", spec->name);
        if (self->many->len == CHILD_ROWS_MAX) {
            g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG,
                        "%s:%u: audience '%s' has rows of over %d lists", spec->config_file,
                        spec->line, self->spec->name, CHILD_ROWS_MAX);
            return FALSE;
        }
        if (!find_field(self, spec->match ? spec->match : spec->on, what,
                        spec->match ? spec->match_line : spec->on_line, &match, error))
            return FALSE;
        if (!fieldset_add(self->fields, spec->name, FIELD_ROWS, spec->config_file, spec->line,
                          self->findings))
            continue;
        ChildRows *many = child_rows_new(spec, self->findings, error);
        if (!many)
            return FALSE;
        g_ptr_array_add(self->many, many);
        g_array_append_val(self->matches, match);
    }
    return TRUE;
}

static gboolean compile(Enrol *self, GError **error)
{
    const AudienceSpec *spec = self->spec;
    const char *const *columns = listsource_columns(self->source);
    self->fields = fieldset_new(columns, spec->fields, spec->config_file, self->findings);
    if (!find_fields(self, error))
        return FALSE;
    self->flags =
        flags_new(spec->flags, columns, spec->answers, self->fields, self->findings, error);
    if (!self->flags)
        return FALSE;
    self->derives |= flags_want_derived(self->flags);
    if (!open_many(self, error))
        return FALSE;
    if (!spec->where)
        return TRUE;
    WhereSpec where = {.expression = spec->where,
                       .columns = columns,
                       .file = spec->config_file,
                       .line = spec->where_line,
                       .answers = spec->answers};
    self->where = where_new(&where, error);
    return self->where != NULL;
}

static gboolean open_list(Enrol *self, GError **error)
{
    const AudienceSpec *spec = self->spec;
    g_autofree char *owner = g_strdup_printf("audience '%s'", spec->name);
    ListSpec list = {spec->sheet, spec->join,        spec->join_on,
                     owner,       spec->config_file, spec->join_line};
    self->source = listsource_open(&list, self->findings, error);
    return self->source != NULL;
}

static gboolean read_all(Enrol *self, GError **error)
{
    self->roster = roster_new(error);
    self->at_signs = g_new0(guint, fieldset_columns(self->fields) + 1);
    return self->roster && listsource_read(self->source, take_row, self, error) &&
           report_whole(self, error) &&
           roster_settle(self->roster, report_key_twin, report_letter_twin, self, error);
}

static void clear(Enrol *self)
{
    listsource_free(self->source);
    where_free(self->where);
    flags_free(self->flags);
    g_clear_pointer(&self->many, g_ptr_array_unref);
    g_clear_pointer(&self->matches, g_array_unref);
    fieldset_free(self->fields);
    roster_free(self->roster);
    g_string_free(self->packed, TRUE);
    g_string_free(self->answers, TRUE);
    for (guint i = 0; i < AUDIENCE_EMAILS_MAX; i++)
        findings_free(self->waiting[i]);
    findings_free(self->unfilled);
    g_free(self->at_signs);
}

gboolean audience_read(const AudienceSpec *spec, Findings *findings, AudienceRead *result,
                       GError **error)
{
    Enrol self = {.spec = spec, .findings = findings};
    self.packed = g_string_new(NULL);
    self.answers = g_string_new(NULL);
    for (guint i = 0; i < AUDIENCE_EMAILS_MAX; i++)
        self.waiting[i] = findings_new();
    self.unfilled = findings_new();
    self.many = g_ptr_array_new_with_free_func((GDestroyNotify)child_rows_free);
    self.matches = g_array_new(FALSE, FALSE, sizeof(guint));
    gboolean ok = open_list(&self, error) && compile(&self, error) && read_all(&self, error);
    const Fieldset *fields = self.fields;
    JoinDiffer *differs = ok ? copy_differs(&self) : NULL;
    if (ok)
        *result = (AudienceRead){g_steal_pointer(&self.fields),
                                 g_steal_pointer(&self.flags),
                                 g_steal_pointer(&self.many),
                                 g_steal_pointer(&self.matches),
                                 g_steal_pointer(&self.roster),
                                 listsource_rows(self.source),
                                 listsource_rows_chosen(self.source),
                                 g_strdup(listsource_shown(self.source)),
                                 g_strdup(listsource_joined_shown(self.source)),
                                 g_memdup2(listsource_where_columns(self.source),
                                           sizeof(WhereColumn) * fieldset_columns(fields)),
                                 g_memdup2(self.emails, sizeof self.emails),
                                 differs};
    clear(&self);
    return ok;
}
