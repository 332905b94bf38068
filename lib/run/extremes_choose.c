/* extremes_choose - which of the extremes are the handful, and the reasons in words */
#include "run/extremes_parts.h"

enum {
    LONGEST_SHOWN = 3,     /* fields whose longest value is worth a recipient of its own */
    LONGEST_AT_LEAST = 16, /* characters; shorter ones fit anywhere */
};

static void extreme_free(gpointer data)
{
    Extreme *self = data;
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
    Extreme *extreme = g_ptr_array_index(choice->extremes, index);
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
           ((const Extreme *)choice->extremes->pdata[index])->place != sighting->place)
        index++;
    if (index == EXTREMES_MAX)
        return;
    if (index == choice->extremes->len) {
        Extreme *extreme = g_new0(Extreme, 1);
        *extreme = (Extreme){sighting->place,
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

static void choose_rows(const Extremes *self, Choice *choice)
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

static void choose_missing(const Extremes *self, Choice *choice)
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

static void choose_longest(const Extremes *self, Choice *choice)
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

static void choose_flags(const Extremes *self, Choice *choice)
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

GPtrArray *extremes_choose(const Extremes *self)
{
    Choice choice = {g_ptr_array_new_with_free_func(extreme_free),
                     g_array_new(FALSE, FALSE, sizeof(guint64))};
    choose(&choice, &self->first, self->seen == 1 ? "the only one" : "first");
    if (self->seen > 1) {
        choose_rows(self, &choice);
        choose_missing(self, &choice);
        choose_longest(self, &choice);
        choose_flags(self, &choice);
        for (guint i = 0; i < EXTREMES_MAX; i++)
            if (!extremes_at(choice.extremes, self->random[i].place)) {
                choose(&choice, &self->random[i], "one at random");
                break;
            }
    }
    g_array_unref(choice.has);
    return choice.extremes;
}
