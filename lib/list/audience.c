/* audience - who gets a letter: a list, filtered, joined, with derived fields, once a person */
#include "list/audience.h"

#include <string.h>

#include "sheet/cell.h"
#include "list/caption.h"
#include "list/audience_read.h"
#include "list/fieldset.h"
#include "list/roster.h"
#include "template/template.h"

/* Among the letters, who has no value in one field. */
typedef struct {
    guint64 count;
    char *key; /* of the first */
    guint line, partner;
} Absence;

struct Audience {
    char *shown, *joined; /* the sheets; the second may be NULL */
    WhereColumn *columns; /* where the cells of each column stand */
    guint *emails;        /* by place of a letter: the field that its address stands in */
    JoinDiffer *differs;  /* one a column: joined rows of one key that differ in it */
    Fieldset *fields;
    Flags *flags;
    GPtrArray *many; /* of Many */
    GArray *matches; /* of guint: the field that each goes by */
    Roster *roster;
    Template *to_name;
    Caption *captions[CAPTIONS];
    guint64 rows, chosen;
    GHashTable *grouped; /* address -> its further rows, GPtrArray of GBytes; NULL: not grouped */
    GHashTable *twins; /* address -> the flags' answers of its other rows; NULL when nobody asks */

    RosterCursor *letters, *excluded; /* opened when first read */
    char *sought;                     /* the key that `letters` is limited to, or NULL */
    const char **cells;
    Value *map;
    char *name;
    char *said[CAPTIONS]; /* of the recipient, or of the exclusion, given last */
    Recipient recipient;
    Exclusion exclusion;
    char *excluded_name;

    Absence *absences; /* one a field; counted for columns, or for all */
    gboolean counted, counted_derived;
};

/* What a flag of an address is for its other rows, too. */
static gboolean note_twin(void *user, const RosterPair *pair)
{
    Audience *self = user;
    cells_unpack(pair->packed, self->cells, fieldset_columns(self->fields) + 1);
    const char *answers = self->cells[fieldset_columns(self->fields)];
    char *before = g_hash_table_lookup(self->twins, pair->address);
    if (before)
        flags_join(self->flags, before, answers);
    else
        g_hash_table_insert(self->twins, g_strdup(pair->address), g_strdup(answers));
    return TRUE;
}

/* Keeps the row for the letter of its address. */
static gboolean note_grouped(void *user, const RosterPair *pair)
{
    Audience *self = user;
    guint count = fieldset_columns(self->fields) + 1;
    gsize length = 0;
    GPtrArray *rows = g_hash_table_lookup(self->grouped, pair->address);
    if (!rows) {
        rows = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
        g_hash_table_insert(self->grouped, g_strdup(pair->address), rows);
    }
    for (guint i = 0; i < count; i++)
        length += strlen(pair->packed + length) + 1;
    if (rows->len + 1 < AUDIENCE_GROUP_MAX)
        g_ptr_array_add(rows, g_bytes_new(pair->packed, length));
    return TRUE;
}

static gboolean gather_twins(Audience *self, GError **error)
{
    if (flags_are_of_address(self->flags)) {
        self->twins = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        if (!roster_each_twin(self->roster, note_twin, self, error))
            return FALSE;
    }
    return !self->grouped || roster_each_twin(self->roster, note_grouped, self, error);
}

Audience *audience_open(const AudienceSpec *spec, Findings *findings, GError **error)
{
    AudienceRead enrolment = {0};
    if (!audience_read(spec, findings, &enrolment, error))
        return NULL;
    g_autoptr(Audience) self = g_new0(Audience, 1);
    self->shown = enrolment.shown;
    self->joined = enrolment.joined;
    self->columns = enrolment.columns;
    self->emails = enrolment.emails;
    self->differs = enrolment.differs;
    self->fields = enrolment.fields;
    self->flags = enrolment.flags;
    self->many = enrolment.many;
    self->matches = enrolment.matches;
    self->roster = enrolment.roster;
    self->rows = enrolment.rows;
    self->chosen = enrolment.chosen;
    self->cells = g_new0(const char *, fieldset_columns(self->fields) + 2);
    if (spec->to_name)
        fieldset_doubt_bare(self->fields, spec->to_name, FINDING_ERROR, spec->config_file,
                            spec->to_name_line, findings);
    if (spec->to_name)
        self->to_name = fieldset_template(self->fields, spec->to_name, spec->config_file,
                                          spec->to_name_line, findings);
    self->captions[CAPTION_LABEL] = caption_new(CAPTION_LABEL, spec->label, self->fields,
                                                spec->config_file, spec->label_line, findings);
    self->captions[CAPTION_PHONE] = caption_new(CAPTION_PHONE, spec->phone, self->fields,
                                                spec->config_file, spec->phone_line, findings);
    if (spec->groups)
        self->grouped = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                              (GDestroyNotify)g_ptr_array_unref);
    return gather_twins(self, error) ? g_steal_pointer(&self) : NULL;
}

static guint field_count(const Audience *self)
{
    return g_strv_length((char **)fieldset_names(self->fields));
}

void audience_free(Audience *self)
{
    if (!self)
        return;
    for (guint i = 0; self->absences && i < field_count(self); i++)
        g_free(self->absences[i].key);
    g_free(self->absences);
    for (guint i = 0; self->differs && i < fieldset_columns(self->fields); i++)
        g_free(self->differs[i].value);
    g_free(self->differs);
    roster_cursor_free(self->letters);
    roster_cursor_free(self->excluded);
    roster_free(self->roster);
    flags_free(self->flags);
    g_clear_pointer(&self->twins, g_hash_table_unref);
    g_clear_pointer(&self->grouped, g_hash_table_unref);
    g_ptr_array_unref(self->many);
    g_array_unref(self->matches);
    fieldset_free(self->fields);
    if (self->to_name)
        template_free(self->to_name);
    for (guint i = 0; i < CAPTIONS; i++) {
        caption_free(self->captions[i]);
        g_free(self->said[i]);
    }
    value_free(self->map);
    g_free(self->cells);
    g_free(self->sought);
    g_free(self->name);
    g_free(self->excluded_name);
    g_free(self->shown);
    g_free(self->joined);
    g_free(self->columns);
    g_free(self->emails);
    g_free(self);
}

guint64 audience_rows(const Audience *self)
{
    return self->rows;
}

guint64 audience_chosen(const Audience *self)
{
    return self->chosen;
}

guint64 audience_count(const Audience *self)
{
    return roster_letters(self->roster);
}

const char *const *audience_fields(const Audience *self)
{
    return fieldset_names(self->fields);
}

gboolean audience_field_kind(const Audience *self, const char *field, FieldKind *kind)
{
    int place = fieldset_find(self->fields, field);
    if (place >= 0)
        *kind = fieldset_kind(self->fields, (guint)place);
    return place >= 0;
}

ChildRows *audience_many(const Audience *self, const char *field)
{
    for (guint i = 0; i < self->many->len; i++) {
        ChildRows *many = g_ptr_array_index(self->many, i);
        if (g_str_equal(child_rows_name(many), field))
            return many;
    }
    return NULL;
}

/* --- reading --------------------------------------------------------------------------------- */

static gboolean read_many(Audience *self, Value *map, GError **error)
{
    const char *const *names = fieldset_names(self->fields);
    for (guint i = 0; i < self->many->len; i++) {
        ChildRows *many = g_ptr_array_index(self->many, i);
        const Value *match = value_get_interned(map, names[g_array_index(self->matches, guint, i)]);
        Value *rows = child_rows_rows(many, value_text(match), error);
        if (!rows)
            return FALSE;
        value_set(map, child_rows_name(many), rows);
    }
    return TRUE;
}

/* A row's own fields: columns, derived ones and flags. NULL with error. */
static Value *read_row(Audience *self, const char *packed, GError **error)
{
    guint columns = fieldset_columns(self->fields);
    cells_unpack(packed, self->cells, columns + 1);
    g_autoptr(Value) map = fieldset_map(self->fields, self->cells);
    if (!fieldset_derive(self->fields, map, error))
        return NULL;
    flags_set(self->flags, self->cells[columns], map);
    return g_steal_pointer(&map);
}

/* Every row of the address as one of 'rows', the letter's own first. */
static gboolean read_group(Audience *self, const RosterEntry *entry, Value *map, GError **error)
{
    if (!self->grouped)
        return TRUE;
    const GPtrArray *others = g_hash_table_lookup(self->grouped, entry->address);
    g_autoptr(Value) rows = value_new_list();
    for (guint i = 0; i <= (others ? others->len : 0); i++) {
        const char *packed =
            i ? g_bytes_get_data(g_ptr_array_index(others, i - 1), NULL) : entry->packed;
        Value *row = read_row(self, packed, error);
        if (!row)
            return FALSE;
        value_append(rows, row);
    }
    value_set(map, AUDIENCE_ROWS, g_steal_pointer(&rows));
    return TRUE;
}

/* All fields of a letter; NULL with error. */
static Value *read_fields(Audience *self, const RosterEntry *entry, GError **error)
{
    g_autoptr(Value) map = read_row(self, entry->packed, error);
    if (!map)
        return NULL;
    const char *others = self->twins ? g_hash_table_lookup(self->twins, entry->address) : NULL;
    if (others) {
        g_autofree char *answers = g_strdup(self->cells[fieldset_columns(self->fields)]);
        flags_join(self->flags, answers, others);
        flags_set(self->flags, answers, map);
    }
    return read_group(self, entry, map, error) && read_many(self, map, error)
               ? g_steal_pointer(&map)
               : NULL;
}

typedef struct {
    Audience *audience;
    AudienceTwinFound found;
    void *user;
    GError *error;
} Pairs;

static gboolean give_pair(void *user, const RosterPair *pair)
{
    Pairs *pairs = user;
    Audience *self = pairs->audience;
    g_autoptr(Value) first = read_row(self, pair->first_packed, &pairs->error);
    g_autoptr(Value) map = first ? read_row(self, pair->packed, &pairs->error) : NULL;
    if (!map)
        return FALSE;
    const AudienceTwin twin = {pair->address, self->shown, pair->key, pair->first_key,
                               pair->line,    map,         first};
    return pairs->found(pairs->user, &twin);
}

gboolean audience_each_twin(Audience *self, AudienceTwinFound found, void *user, GError **error)
{
    Pairs pairs = {self, found, user, NULL};
    if (self->grouped)
        return TRUE;
    if (!roster_each_twin(self->roster, give_pair, &pairs, error))
        return FALSE;
    if (pairs.error)
        g_propagate_error(error, pairs.error);
    return !pairs.error;
}

static char *read_name(const Audience *self, const Value *map, GError **error)
{
    if (!self->to_name)
        return g_strdup("");
    char *name = template_render_text(self->to_name, map, error);
    return name ? g_strstrip(g_strdelimit(name, "\r\n\t", ' ')) : NULL;
}

static void caption_row(Audience *self, const Value *map)
{
    for (guint i = 0; i < CAPTIONS; i++) {
        g_free(self->said[i]);
        self->said[i] = caption_of(self->captions[i], map);
    }
}

const Recipient *audience_next(Audience *self, GError **error)
{
    RosterEntry entry;
    if (!self->letters)
        self->letters = roster_read(self->roster, self->sought, error);
    if (!self->letters || !roster_next(self->letters, &entry, error))
        return NULL;
    value_free(self->map);
    g_free(self->name);
    self->name = NULL;
    self->map = read_fields(self, &entry, error);
    if (self->map)
        self->name = read_name(self, self->map, error);
    if (!self->name)
        return NULL;
    caption_row(self, self->map);
    self->recipient = (Recipient){.key = entry.key,
                                  .address = entry.address,
                                  .name = self->name,
                                  .fields = self->map,
                                  .file = self->shown,
                                  .line = entry.line,
                                  .label = self->said[CAPTION_LABEL],
                                  .phone = self->said[CAPTION_PHONE],
                                  .audience = self,
                                  .joined_line = entry.partner,
                                  .email = fieldset_names(self->fields)[self->emails[entry.place]]};
    return &self->recipient;
}

Location recipient_location(const Recipient *self, const char *field)
{
    const Audience *audience = self->audience;
    int place = audience && field ? fieldset_find(audience->fields, field) : -1;
    if (place < 0 || (guint)place >= fieldset_columns(audience->fields))
        return (Location){self->file, self->line, 0};
    const WhereRow row = {.file = self->file,
                          .line = self->line,
                          .joined_file = audience->joined,
                          .joined_line = self->joined_line,
                          .columns = audience->columns};
    return whererow_location(&row, (guint)place);
}

const char *audience_ambiguous(const Audience *self, const char *field, Location *at)
{
    int place = fieldset_find(self->fields, field);
    const JoinDiffer *differ =
        place >= 0 && (guint)place < fieldset_columns(self->fields) ? &self->differs[place] : NULL;
    if (!differ || !differ->value)
        return NULL;
    *at = (Location){self->joined, differ->line, self->columns[place].number};
    return differ->value;
}

static void limit_to(Audience *self, const char *key)
{
    g_clear_pointer(&self->letters, roster_cursor_free);
    g_free(self->sought);
    self->sought = g_strdup(key);
}

void audience_rewind(Audience *self)
{
    limit_to(self, NULL);
    g_clear_pointer(&self->excluded, roster_cursor_free);
}

void audience_seek(Audience *self, const char *key)
{
    limit_to(self, key);
}

/* The name of somebody who gets no letter: for people, and no reason to fail. */
static char *name_of(Audience *self, const RosterEntry *entry)
{
    cells_unpack(entry->packed, self->cells, fieldset_columns(self->fields) + 1);
    g_autoptr(Value) map = fieldset_map(self->fields, self->cells);
    char *name = fieldset_derive(self->fields, map, NULL) ? read_name(self, map, NULL) : NULL;
    caption_row(self, map);
    return name ? name : g_strdup("");
}

/* The cell of the address, of whichever sheet the fault stands in; the row where it is no column of
 * that sheet. */
static Location excluded_at(const Audience *self, const RosterEntry *entry)
{
    guint field = self->emails[entry->place];
    const WhereColumn *column =
        field < fieldset_columns(self->fields) ? &self->columns[field] : NULL;
    gboolean has_cell = column && column->is_joined == (entry->joined != 0);
    return (Location){entry->joined ? self->joined : self->shown,
                      entry->joined ? entry->joined : entry->line, has_cell ? column->number : 0};
}

const Exclusion *audience_next_excluded(Audience *self, GError **error)
{
    RosterEntry entry;
    if (!self->excluded)
        self->excluded = roster_read_excluded(self->roster, error);
    if (!self->excluded || !roster_next(self->excluded, &entry, error))
        return NULL;
    g_free(self->excluded_name);
    self->excluded_name = name_of(self, &entry);
    self->exclusion = (Exclusion){.key = entry.key,
                                  .address = entry.address,
                                  .kind = entry.kind,
                                  .detail = entry.detail,
                                  .at = excluded_at(self, &entry),
                                  .row = entry.line,
                                  .name = self->excluded_name,
                                  .label = self->said[CAPTION_LABEL],
                                  .phone = self->said[CAPTION_PHONE]};
    return &self->exclusion;
}

/* --- who lacks what -------------------------------------------------------------------------- */

static void note_absence(Absence *absence, const RosterEntry *entry)
{
    if (absence->count++ == 0) {
        absence->key = g_strdup(entry->key);
        absence->line = entry->line;
        absence->partner = entry->partner;
    }
}

/* Counts the columns, which were trimmed when they were read: without a value they are "". */
static void count_columns(Audience *self, const RosterEntry *entry)
{
    cells_unpack(entry->packed, self->cells, fieldset_columns(self->fields));
    for (guint i = 0; i < fieldset_columns(self->fields); i++)
        if (!*self->cells[i])
            note_absence(&self->absences[i], entry);
}

static gboolean count_derived(Audience *self, const RosterEntry *entry, GError **error)
{
    g_autoptr(Value) map = read_fields(self, entry, error);
    if (!map)
        return FALSE;
    const char *const *names = fieldset_names(self->fields);
    for (guint i = fieldset_columns(self->fields); names[i]; i++)
        if (fieldset_kind(self->fields, i) != FIELD_FLAG &&
            !value_is_true(value_get(map, names[i])))
            note_absence(&self->absences[i], entry);
    return TRUE;
}

/* One pass over all letters; derived fields cost a rendering each and have one of their own. */
static gboolean count_all(Audience *self, gboolean derived, GError **error)
{
    g_autoptr(GError) inner = NULL;
    g_autoptr(RosterCursor) letters = roster_read(self->roster, NULL, &inner);
    RosterEntry entry;
    gboolean ok = letters != NULL;
    if (!self->absences)
        self->absences = g_new0(Absence, field_count(self) + 1);
    while (ok && roster_next(letters, &entry, &inner)) {
        if (derived)
            ok = count_derived(self, &entry, &inner);
        else
            count_columns(self, &entry);
    }
    ok = ok && !inner;
    if (inner)
        g_propagate_error(error, g_steal_pointer(&inner));
    return ok;
}

/* Everybody lacks a field that doesn't exist. */
static guint64 without_at_all(Audience *self, Absence *absence, GError **error)
{
    g_autoptr(RosterCursor) letters = roster_read(self->roster, NULL, error);
    RosterEntry entry;
    if (letters && roster_next(letters, &entry, error))
        note_absence(absence, &entry);
    return absence->count ? audience_count(self) : 0;
}

typedef struct {
    Audience *audience;
    const char *field;
    guint64 count;
    Recipient *first;
    GError *error;
} GroupLack;

/* Letters come before the rows that joined them: the first in the list is the one of least line. */
static gboolean look_at_row(GroupLack *lack, const char *key, guint line, const char *packed)
{
    g_autoptr(Value) map = read_row(lack->audience, packed, &lack->error);
    if (!map)
        return FALSE;
    const char *text = value_text(value_get(map, lack->field));
    if (text[strspn(text, " \t\r\n")])
        return TRUE;
    if (lack->count++ == 0 || line < lack->first->line) {
        lack->first->key = g_intern_string(key);
        lack->first->line = line;
    }
    return TRUE;
}

static gboolean look_at_pair(void *user, const RosterPair *pair)
{
    return look_at_row(user, pair->key, pair->line, pair->packed);
}

guint64 audience_rows_without(Audience *self, const char *field, Recipient *first, GError **error)
{
    GroupLack lack = {.audience = self, .field = field, .first = first};
    *first =
        (Recipient){.key = "", .address = "", .name = "", .file = self->shown, .audience = self};
    if (!self->grouped)
        return 0;
    g_autoptr(RosterCursor) letters = roster_read(self->roster, NULL, &lack.error);
    RosterEntry entry;
    while (letters && !lack.error && roster_next(letters, &entry, &lack.error))
        look_at_row(&lack, entry.key, entry.line, entry.packed);
    if (!lack.error && !roster_each_twin(self->roster, look_at_pair, &lack, &lack.error) &&
        !lack.error)
        return 0;
    if (lack.error)
        g_propagate_error(error, lack.error);
    return lack.error ? 0 : lack.count;
}

guint64 audience_without(Audience *self, const char *field, Recipient *first, GError **error)
{
    int place = fieldset_find(self->fields, field);
    gboolean derived = place >= 0 && (guint)place >= fieldset_columns(self->fields);
    gboolean *counted = derived ? &self->counted_derived : &self->counted;
    Absence none = {0}, *absence = &none;
    *first =
        (Recipient){.key = "", .address = "", .name = "", .file = self->shown, .audience = self};
    if (place < 0) {
        guint64 count = without_at_all(self, &none, error);
        first->key = g_intern_string(none.key ? none.key : "");
        first->line = none.line;
        g_free(none.key);
        return count;
    }
    if (!*counted) {
        if (!count_all(self, derived, error))
            return 0;
        *counted = TRUE;
    }
    absence = &self->absences[place];
    if (absence->count) {
        first->key = absence->key;
        first->line = absence->line;
        first->joined_line = absence->partner;
    }
    return absence->count;
}
