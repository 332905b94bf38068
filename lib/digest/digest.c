/* digest - notices composed into one update, whose sections decide what each recipient gets of it
 */
#include "digest/digest.h"

#include <string.h>

#include "text/amount.h"
#include "digest/digest_compose.h"

/* --- order ----------------------------------------------------------------------------------- */

/* Pinned, then events, then the topics as told, then others, then those without. */
typedef struct {
    const Notice *notice;
    guint rank;        /* of its group */
    const char *group; /* the heading; "" for none */
    char *sorting;     /* of a topic that has no rank of its own */
} HtmlContext;

enum { RANK_PINNED, RANK_EVENTS, RANK_TOPICS, RANK_NONE = G_MAXUINT };

static guint topic_rank(const DigestSpec *spec, const char *topic)
{
    guint rank = 0;
    for (; spec->topics && spec->topics[rank]; rank++)
        if (g_ascii_strcasecmp(spec->topics[rank], topic) == 0)
            break;
    return RANK_TOPICS + rank;
}

static HtmlContext place_of(const DigestSpec *spec, const Notice *notice, gboolean has_topics)
{
    const char *topic = notice->topic.text;
    HtmlContext place = {.notice = notice, .sorting = g_utf8_casefold(topic ? topic : "", -1)};
    if (notice->pinned) {
        place.rank = RANK_PINNED;
        place.group = spec->pinned;
    } else if (notice->event) {
        place.rank = RANK_EVENTS;
        place.group = spec->events;
    } else if (topic) {
        place.rank = topic_rank(spec, topic);
        place.group = topic;
    } else {
        place.rank = RANK_NONE;
        place.group = has_topics ? spec->other : "";
    }
    return place;
}

static int compare_days(const Notice *a, const Notice *b, gboolean events)
{
    Day first = events ? a->event : a->date, second = events ? b->event : b->date;
    if (first != second)
        return first < second ? -1 : 1;
    if (events && a->event_minutes != b->event_minutes)
        return a->event_minutes < b->event_minutes ? -1 : 1;
    return strcmp(a->name, b->name);
}

static int by_place(gconstpointer first, gconstpointer second)
{
    const HtmlContext *a = first, *b = second;
    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    int topic = a->rank >= RANK_TOPICS ? strcmp(a->sorting, b->sorting) : 0;
    return topic ? topic : compare_days(a->notice, b->notice, a->rank == RANK_EVENTS);
}

static void place_clear(gpointer data)
{
    g_free(((HtmlContext *)data)->sorting);
}

static gboolean same_group(const HtmlContext *a, const HtmlContext *b)
{
    return a->rank == b->rank && (a->rank < RANK_TOPICS || g_str_equal(a->sorting, b->sorting));
}

/* Puts the notices in their order, and into groups. */
static void arrange(Digest *self, const DigestSpec *spec, const GPtrArray *notices)
{
    g_autoptr(GArray) places = g_array_new(FALSE, FALSE, sizeof(HtmlContext));
    g_array_set_clear_func(places, place_clear);
    gboolean has_groups = FALSE;
    for (guint i = 0; i < notices->len; i++) {
        const Notice *notice = g_ptr_array_index(notices, i);
        has_groups |= notice->pinned || notice->event || notice->topic.text;
    }
    for (guint i = 0; i < notices->len; i++) {
        HtmlContext place = place_of(spec, g_ptr_array_index(notices, i), has_groups);
        g_array_append_val(places, place);
    }
    g_array_sort(places, by_place);
    for (guint i = 0; i < places->len; i++) {
        const HtmlContext *place = &g_array_index(places, HtmlContext, i);
        if (i == 0 || !same_group(place, place - 1))
            g_ptr_array_add(self->groups, g_strdup(place->group));
        DigestItem item = {.notice = place->notice,
                           .flag = g_strdup_printf("digest_%u", i + 1),
                           .updated = g_strdup_printf("digest_%u_updated", i + 1),
                           .group = self->groups->len - 1};
        g_array_append_val(self->items, item);
    }
}

/* --- the digest ------------------------------------------------------------------------------ */

static void item_clear(gpointer data)
{
    DigestItem *item = data;
    g_free(item->flag);
    g_free(item->updated);
}

static void name_fields(Digest *self)
{
    static const char *const others[] = {"digest_contents", "digest_count", "digest_items",
                                         "digest_title",    "digest_date",  "digest_week",
                                         "digest_dates"};
    for (guint i = 0; i < self->items->len; i++) {
        g_ptr_array_add(self->fields, g_strdup(digest_item(self, i)->flag));
        g_ptr_array_add(self->fields, g_strdup(digest_item(self, i)->updated));
    }
    for (guint i = 0; i < self->groups->len; i++)
        g_ptr_array_add(self->fields, g_strdup_printf("digest_group_%u", i + 1));
    for (guint i = 0; i < G_N_ELEMENTS(others); i++)
        g_ptr_array_add(self->fields, g_strdup(others[i]));
    g_ptr_array_add(self->fields, NULL);
}

Digest *digest_new(const DigestSpec *spec, const GPtrArray *notices, Findings *findings)
{
    g_autoptr(Digest) self = g_new0(Digest, 1);
    self->items = g_array_new(FALSE, TRUE, sizeof(DigestItem));
    g_array_set_clear_func(self->items, item_clear);
    self->groups = g_ptr_array_new_with_free_func(g_free);
    self->fields = g_ptr_array_new_with_free_func(g_free);
    self->origins = g_array_new(FALSE, TRUE, sizeof(Origin));
    self->texts = g_string_chunk_new(1024);
    self->title = g_strdup(spec->title);
    self->today = spec->today;
    if (notices->len > DIGEST_NOTICES_MAX) {
        const Notice *first = g_ptr_array_index(notices, 0);
        findings_add(findings, FINDING_ERROR, first->file, 0, "too-many",
                     "%u notices are due at once; a digest holds %d: give the old ones an "
                     "'expires', or begin later with --since",
                     notices->len, DIGEST_NOTICES_MAX);
        return NULL;
    }
    arrange(self, spec, notices);
    name_fields(self);
    return digest_compose(self, spec, findings) ? g_steal_pointer(&self) : NULL;
}

void digest_free(Digest *self)
{
    if (!self)
        return;
    g_array_unref(self->items);
    g_ptr_array_unref(self->groups);
    g_ptr_array_unref(self->fields);
    g_array_unref(self->origins);
    g_string_chunk_free(self->texts);
    g_clear_pointer(&self->update, g_bytes_unref);
    g_free(self->title);
    g_free(self);
}

GBytes *digest_update(const Digest *self)
{
    return self->update;
}

Day digest_today(const Digest *self)
{
    return self->today;
}

guint digest_length(const Digest *self)
{
    return self->items->len;
}

const DigestItem *digest_item(const Digest *self, guint index)
{
    return &g_array_index(self->items, DigestItem, index);
}

const char *const *digest_fields(const Digest *self)
{
    return (const char *const *)self->fields->pdata;
}

/* --- places ---------------------------------------------------------------------------------- */

const char *digest_origin(const Digest *self, guint line, guint *its_line)
{
    guint index = CLAMP(line, 1, self->origins->len) - 1;
    const Origin *origin = &g_array_index(self->origins, Origin, index);
    *its_line = line ? origin->line : 0;
    return origin->file;
}

void digest_place_findings(const Digest *self, const char *file, const Findings *from, Findings *to)
{
    for (guint i = 0; i < findings_kept(from); i++) {
        const Finding *finding = findings_get(from, i);
        Location at = finding_location(finding);
        if (g_strcmp0(at.file, file) == 0)
            at.file = digest_origin(self, at.line, &at.line);
        findings_add_at(to, finding->severity, &at, finding->id, "%s", finding->text);
    }
}

/* --- one recipient --------------------------------------------------------------------------- */

static void set_flag(Value *map, const char *name, gboolean flag)
{
    value_set(map, name, value_new_flag(flag));
}

guint digest_set_fields(const Digest *self, const guint8 *chosen, Value *map)
{
    guint count = 0;
    gboolean dates = FALSE;
    g_autofree gboolean *groups = g_new0(gboolean, self->groups->len + 1);
    for (guint i = 0; i < self->items->len; i++) {
        const DigestItem *item = digest_item(self, i);
        set_flag(map, item->flag, chosen[i] != 0);
        set_flag(map, item->updated, chosen[i] == 2);
        groups[item->group] |= chosen[i] != 0;
        count += chosen[i] != 0;
        dates |= chosen[i] && item->notice->event;
    }
    set_flag(map, "digest_dates", dates);
    for (guint i = 0; i < self->groups->len; i++) {
        g_autofree char *name = g_strdup_printf("digest_group_%u", i + 1);
        set_flag(map, name, groups[i]);
    }
    g_autofree char *number = g_strdup_printf("%u", count);
    g_autofree char *items = g_strdup_printf("%u %s", count, amount_form(count, "item", "items"));
    g_autofree char *date = day_text(self->today), *week = day_short(day_monday(self->today));
    set_flag(map, "digest_contents", count >= DIGEST_CONTENTS_MIN);
    value_set_text(map, "digest_count", number);
    value_set_text(map, "digest_items", items);
    value_set_text(map, "digest_title", self->title);
    value_set_text(map, "digest_date", date);
    value_set_text(map, "digest_week", week);
    return count;
}
