/* variety - a handful of recipients in whom a letter shows what it can do */
#include "letter/variety.h"

/* A recipient who was the extreme of something, as long as nobody outdoes them. */
typedef struct {
    gboolean is_set;
    gint64 measure; /* characters or rows */
    guint64 place;
    guint64 has; /* a bit a field: something in it */
    char *key, *address;
    const char *file;
    guint line;
} Sighting;

typedef struct {
    const char *name; /* interned */
    const char *rows; /* of the rows in this field, or NULL; interned */
    gboolean is_text, is_flag, is_rows;
    gint64 shortest;
    Sighting longest, most, fewest, with, without;
} Field;

struct Variety {
    const char **names; /* interned, NULL-terminated */
    Field fields[VARIETY_FIELDS_MAX];
    guint n_fields;
    guint64 seen;
    Sighting first, name;
    Sighting random[VARIETY_MAX]; /* with the lowest lots, the lowest first: one of so many isn't */
    guint64 lots[VARIETY_MAX];    /* chosen for another reason */
};

/* All of a field's sightings. */
#define VARIETY_SIGHTINGS(f)                                                                       \
    {                                                                                              \
        &(f)->longest, &(f)->most, &(f)->fewest, &(f)->with, &(f)->without                         \
    }

Variety *variety_new(const char *const *fields)
{
    Variety *self = g_new0(Variety, 1);
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

void variety_free(Variety *self)
{
    if (!self)
        return;
    for (guint i = 0; i < self->n_fields; i++) {
        Field *field = &self->fields[i];
        Sighting *all[] = VARIETY_SIGHTINGS(field);
        for (guint j = 0; j < G_N_ELEMENTS(all); j++)
            clear(all[j]);
    }
    clear(&self->first);
    clear(&self->name);
    for (guint i = 0; i < VARIETY_MAX; i++)
        clear(&self->random[i]);
    g_free(self->names);
    g_free(self);
}

/* --- seeing ---------------------------------------------------------------------------------- */

/* The recipient at hand, and what is found out about them on the way. */
typedef struct {
    Variety *extremes;
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
static Field *find_field(Variety *self, const char *name, const char *rows, guint *index)
{
    for (*index = 0; *index < self->n_fields; ++*index) {
        Field *field = &self->fields[*index];
        if (field->name == name && field->rows == rows)
            return field;
    }
    if (self->n_fields == VARIETY_FIELDS_MAX)
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
    Variety *self = look->extremes;
    guint64 lot = lot_of(look->recipient->key);
    guint at = VARIETY_MAX;
    while (at > 0 && (!self->random[at - 1].is_set || lot < self->lots[at - 1]))
        at--;
    if (at == VARIETY_MAX)
        return;
    clear(&self->random[VARIETY_MAX - 1]);
    for (guint i = VARIETY_MAX - 1; i > at; i--) {
        self->random[i] = self->random[i - 1];
        self->lots[i] = self->lots[i - 1];
    }
    self->random[at] = (Sighting){0};
    self->lots[at] = lot;
    keep(look, &self->random[at], 0);
}

/* What is known of a recipient only when all their fields were seen. */
static void note_has(Variety *self, guint64 has)
{
    Sighting *others[] = {&self->first, &self->name};
    for (guint i = 0; i < G_N_ELEMENTS(others); i++)
        if (others[i]->place == self->seen)
            others[i]->has = has;
    for (guint i = 0; i < self->n_fields; i++) {
        Field *field = &self->fields[i];
        Sighting *all[] = VARIETY_SIGHTINGS(field);
        for (guint j = 0; j < G_N_ELEMENTS(all); j++)
            if (all[j]->place == self->seen)
                all[j]->has = has;
    }
}

void variety_see(Variety *self, const Recipient *recipient)
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

GPtrArray *variety_find(Audience *audience, const Letter *letter, GError **error)
{
    g_autoptr(Variety) self = variety_new(letter_fields(letter));
    const Recipient *recipient;
    GError *inner = NULL;
    audience_rewind(audience);
    while ((recipient = audience_next(audience, &inner)))
        variety_see(self, recipient);
    if (inner) {
        g_propagate_error(error, inner);
        return NULL;
    }
    return variety_choose(self);
}

const VarietyPick *variety_at(const GPtrArray *extremes, guint64 place)
{
    for (guint i = 0; i < extremes->len; i++) {
        const VarietyPick *extreme = g_ptr_array_index(extremes, i);
        if (extreme->place == place)
            return extreme;
    }
    return NULL;
}

/* --- which of the extremes are the handful, and the reasons in words --------------------------- */

enum {
    LONGEST_SHOWN = 3,     /* fields whose longest value is worth a recipient of its own */
    LONGEST_AT_LEAST = 16, /* characters; shorter ones fit anywhere */
};

static void extreme_free(gpointer data)
{
    VarietyPick *self = data;
    g_free(self->key);
    g_free(self->address);
    g_free(self->why);
    g_free(self);
}

typedef struct {
    GPtrArray *extremes;
    GArray *has; /* of guint64, one each */
} Choice;

static void add_reason(Choice *choice, guint index, const char *why)
{
    VarietyPick *extreme = g_ptr_array_index(choice->extremes, index);
    char *both = *extreme->why ? g_strconcat(extreme->why, "; ", why, NULL) : g_strdup(why);
    g_free(extreme->why);
    extreme->why = both;
}

/* One more, or one more reason for one who is chosen already. */
static void choose(Choice *choice, const Sighting *sighting, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

static void choose(Choice *choice, const Sighting *sighting, const char *format, ...)
{
    guint index = 0;
    if (!sighting->is_set)
        return;
    while (index < choice->extremes->len &&
           ((const VarietyPick *)choice->extremes->pdata[index])->place != sighting->place)
        index++;
    if (index == VARIETY_MAX)
        return;
    if (index == choice->extremes->len) {
        VarietyPick *extreme = g_new0(VarietyPick, 1);
        *extreme = (VarietyPick){sighting->place,
                                 g_strdup(sighting->key),
                                 g_strdup(sighting->address),
                                 g_strdup(""),
                                 sighting->file,
                                 sighting->line,
                                 NULL};
        g_ptr_array_add(choice->extremes, extreme);
        g_array_append_val(choice->has, sighting->has);
    }
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *why = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    add_reason(choice, index, why);
}

/* One with or without something in a field: rather somebody who is chosen already. */
static void choose_answer(Choice *choice, guint field, gboolean with, const Sighting *sighting,
                          const char *why)
{
    if (!sighting->is_set)
        return;
    for (guint i = 0; i < choice->has->len; i++) {
        gboolean has = g_array_index(choice->has, guint64, i) >> field & 1;
        if (has == with) {
            add_reason(choice, i, why);
            return;
        }
    }
    choose(choice, sighting, "%s", why);
}

static void choose_rows(const Variety *self, Choice *choice)
{
    for (guint i = 0; i < self->n_fields; i++) {
        const Field *field = &self->fields[i];
        if (field->most.measure != field->fewest.measure) {
            choose(choice, &field->most, "most rows in %s: %d", field->name,
                   (int)field->most.measure);
            choose(choice, &field->fewest, "fewest rows in %s: %d", field->name,
                   (int)field->fewest.measure);
        }
        if (field->is_rows)
            choose(choice, &field->without, "no rows in %s", field->name);
    }
}

static void choose_missing(const Variety *self, Choice *choice)
{
    for (guint i = 0; i < self->n_fields; i++) {
        const Field *field = &self->fields[i];
        if (!field->is_text || !field->without.is_set)
            continue;
        g_autofree char *why =
            g_strconcat("missing ", field->name, field->rows ? " in " : NULL, field->rows, NULL);
        if (field->rows)
            choose(choice, &field->without, "%s", why);
        else if (field->with.is_set) /* what nobody has tells them apart from nobody */
            choose_answer(choice, i, FALSE, &field->without, why);
    }
}

static int by_length(gconstpointer a, gconstpointer b)
{
    const Field *x = *(const Field *const *)a, *y = *(const Field *const *)b;
    if (x->longest.measure != y->longest.measure)
        return x->longest.measure > y->longest.measure ? -1 : 1;
    return x < y ? -1 : x > y;
}

static void choose_longest(const Variety *self, Choice *choice)
{
    g_autoptr(GPtrArray) fields = g_ptr_array_new();
    for (guint i = 0; i < self->n_fields; i++) {
        const Field *field = &self->fields[i];
        if (field->longest.measure >= LONGEST_AT_LEAST && field->longest.measure > field->shortest)
            g_ptr_array_add(fields, (gpointer)field);
    }
    g_ptr_array_sort(fields, by_length);
    if (self->name.measure)
        choose(choice, &self->name, "longest name in To: %d characters", (int)self->name.measure);
    for (guint i = 0; i < MIN(fields->len, LONGEST_SHOWN); i++) {
        const Field *field = g_ptr_array_index(fields, i);
        choose(choice, &field->longest, "longest %s%s%s: %d characters", field->name,
               field->rows ? " in " : "", field->rows ? field->rows : "",
               (int)field->longest.measure);
    }
}

static void choose_flags(const Variety *self, Choice *choice)
{
    for (guint i = 0; i < self->n_fields; i++) {
        const Field *field = &self->fields[i];
        if (!field->is_flag)
            continue;
        g_autofree char *yes = g_strconcat(field->name, ": yes", NULL);
        g_autofree char *no = g_strconcat(field->name, ": no", NULL);
        choose_answer(choice, i, TRUE, &field->with, yes);
        choose_answer(choice, i, FALSE, &field->without, no);
    }
}

GPtrArray *variety_choose(const Variety *self)
{
    Choice choice = {g_ptr_array_new_with_free_func(extreme_free),
                     g_array_new(FALSE, FALSE, sizeof(guint64))};
    choose(&choice, &self->first, self->seen == 1 ? "the only one" : "first");
    if (self->seen > 1) {
        choose_rows(self, &choice);
        choose_missing(self, &choice);
        choose_longest(self, &choice);
        choose_flags(self, &choice);
        for (guint i = 0; i < VARIETY_MAX; i++)
            if (!variety_at(choice.extremes, self->random[i].place)) {
                choose(&choice, &self->random[i], "one at random");
                break;
            }
    }
    g_array_unref(choice.has);
    return choice.extremes;
}
