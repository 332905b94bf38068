/* extremes - a handful of recipients in whom a letter shows what it can do */
#include "run/extremes_parts.h"

Extremes *extremes_new(const char *const *fields)
{
    Extremes *self = g_new0(Extremes, 1);
    self->names = g_new0(const char *, g_strv_length((char **)fields) + 1);
    for (guint i = 0; fields[i]; i++)
        self->names[i] = g_intern_string(fields[i]);
    return self;
}

static void clear(Sighting *sighting)
{
    g_free(sighting->key);
    g_free(sighting->address);
}

void extremes_free(Extremes *self)
{
    if (!self)
        return;
    for (guint i = 0; i < self->n_fields; i++) {
        Field *field = &self->fields[i];
        Sighting *all[] = EXTREMES_SIGHTINGS(field);
        for (guint j = 0; j < G_N_ELEMENTS(all); j++)
            clear(all[j]);
    }
    clear(&self->first);
    clear(&self->name);
    for (guint i = 0; i < EXTREMES_MAX; i++)
        clear(&self->random[i]);
    g_free(self->names);
    g_free(self);
}

/* --- seeing ---------------------------------------------------------------------------------- */

/* The recipient at hand, and what is found out about them on the way. */
typedef struct {
    Extremes *extremes;
    const Recipient *recipient;
    guint64 has;
} Look;

static void keep(Look *look, Sighting *sighting, gint64 measure)
{
    const Recipient *to = look->recipient;
    clear(sighting);
    *sighting = (Sighting){.is_set = TRUE,
                           .measure = measure,
                           .place = look->extremes->seen,
                           .key = g_strdup(to->key),
                           .address = g_strdup(to->address),
                           .file = g_intern_string(to->file),
                           .line = to->line};
}

static void keep_first(Look *look, Sighting *sighting)
{
    if (!sighting->is_set)
        keep(look, sighting, 0);
}

static void keep_greater(Look *look, Sighting *sighting, gint64 measure)
{
    if (!sighting->is_set || measure > sighting->measure)
        keep(look, sighting, measure);
}

/* NULL when there are too many. */
static Field *find_field(Extremes *self, const char *name, const char *rows, guint *index)
{
    for (*index = 0; *index < self->n_fields; ++*index) {
        Field *field = &self->fields[*index];
        if (field->name == name && field->rows == rows)
            return field;
    }
    if (self->n_fields == EXTREMES_FIELDS_MAX)
        return NULL;
    self->fields[*index] = (Field){.name = name, .rows = rows, .shortest = G_MAXINT64};
    return &self->fields[self->n_fields++];
}

static void see_text(Look *look, const char *name, const char *rows, const char *text)
{
    guint index;
    Field *field = find_field(look->extremes, name, rows, &index);
    gint64 length = g_utf8_strlen(text, -1);
    if (!field)
        return;
    field->is_text = TRUE;
    field->shortest = MIN(field->shortest, length);
    if (!*text) {
        keep_first(look, &field->without);
        return;
    }
    keep_greater(look, &field->longest, length);
    keep_first(look, &field->with);
    if (!rows)
        look->has |= G_GUINT64_CONSTANT(1) << index;
}

static void see_flag(Look *look, const char *name, gboolean flag)
{
    guint index;
    Field *field = find_field(look->extremes, name, NULL, &index);
    if (!field)
        return;
    field->is_flag = TRUE;
    keep_first(look, flag ? &field->with : &field->without);
    if (flag)
        look->has |= G_GUINT64_CONSTANT(1) << index;
}

static void see_rows(Look *look, const char *name, const Value *rows)
{
    guint index, count = value_length(rows);
    Field *field = find_field(look->extremes, name, NULL, &index);
    if (!field)
        return;
    field->is_rows = TRUE;
    if (!count) {
        keep_first(look, &field->without);
        return;
    }
    look->has |= G_GUINT64_CONSTANT(1) << index;
    keep_greater(look, &field->most, count);
    if (!field->fewest.is_set || count < field->fewest.measure)
        keep(look, &field->fewest, count);
    for (guint i = 0; i < count; i++)
        for (const char **column = look->extremes->names; *column; column++) {
            const Value *cell = value_get_interned(value_at(rows, i), *column);
            if (cell && value_kind(cell) == VALUE_TEXT)
                see_text(look, *column, name, value_text(cell));
        }
}

static void see_field(Look *look, const char *name, const Value *value)
{
    switch (value_kind(value)) {
    case VALUE_TEXT:
        see_text(look, name, NULL, value_text(value));
        return;
    case VALUE_FLAG:
        see_flag(look, name, value_is_true(value));
        return;
    case VALUE_LIST:
        see_rows(look, name, value);
        return;
    case VALUE_MAP:
        return;
    }
    g_assert_not_reached();
}

/* What decides who is drawn: the same for the same key wherever it stands (splitmix64). */
static guint64 lot_of(const char *key)
{
    guint64 z = g_str_hash(key) + G_GUINT64_CONSTANT(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static void draw(Look *look)
{
    Extremes *self = look->extremes;
    guint64 lot = lot_of(look->recipient->key);
    guint at = EXTREMES_MAX;
    while (at > 0 && (!self->random[at - 1].is_set || lot < self->lots[at - 1]))
        at--;
    if (at == EXTREMES_MAX)
        return;
    clear(&self->random[EXTREMES_MAX - 1]);
    for (guint i = EXTREMES_MAX - 1; i > at; i--) {
        self->random[i] = self->random[i - 1];
        self->lots[i] = self->lots[i - 1];
    }
    self->random[at] = (Sighting){0};
    self->lots[at] = lot;
    keep(look, &self->random[at], 0);
}

/* What is known of a recipient only when all their fields were seen. */
static void note_has(Extremes *self, guint64 has)
{
    Sighting *others[] = {&self->first, &self->name};
    for (guint i = 0; i < G_N_ELEMENTS(others); i++)
        if (others[i]->place == self->seen)
            others[i]->has = has;
    for (guint i = 0; i < self->n_fields; i++) {
        Field *field = &self->fields[i];
        Sighting *all[] = EXTREMES_SIGHTINGS(field);
        for (guint j = 0; j < G_N_ELEMENTS(all); j++)
            if (all[j]->place == self->seen)
                all[j]->has = has;
    }
}

void extremes_see(Extremes *self, const Recipient *recipient)
{
    Look look = {.extremes = self, .recipient = recipient};
    keep_first(&look, &self->first);
    keep_greater(&look, &self->name, g_utf8_strlen(recipient->name, -1));
    draw(&look);
    for (const char **name = self->names; *name; name++) {
        const Value *value = value_get_interned(recipient->fields, *name);
        if (value)
            see_field(&look, *name, value);
    }
    note_has(self, look.has);
    self->seen++;
}

GPtrArray *extremes_find(Audience *audience, const Letter *letter, GError **error)
{
    g_autoptr(Extremes) self = extremes_new(letter_fields(letter));
    const Recipient *recipient;
    GError *inner = NULL;
    audience_rewind(audience);
    while ((recipient = audience_next(audience, &inner)))
        extremes_see(self, recipient);
    if (inner) {
        g_propagate_error(error, inner);
        return NULL;
    }
    return extremes_choose(self);
}

const Extreme *extremes_at(const GPtrArray *extremes, guint64 place)
{
    for (guint i = 0; i < extremes->len; i++) {
        const Extreme *extreme = g_ptr_array_index(extremes, i);
        if (extreme->place == place)
            return extreme;
    }
    return NULL;
}
