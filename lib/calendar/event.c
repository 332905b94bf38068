/* event - something that takes place: its name, when and where */
#include "calendar/event.h"

#include <string.h>

#include "base/error.h"
#include "text/langtag.h"

void event_free(Event *self)
{
    if (!self)
        return;
    g_free(self->slug);
    g_free(self->title);
    g_free(self->place);
    g_free(self->about);
    g_free(self);
}

/* --- a block's text --------------------------------------------------------------------------- */

static const char KIND[] = "event";

gboolean event_is_info(const char *info)
{
    gsize length = strcspn(info, " ");
    return length == strlen(KIND) && g_ascii_strncasecmp(info, KIND, length) == 0;
}

static gboolean take_slug(Event *self, const char *info, GError **error)
{
    const char *slug = info + strcspn(info, " ");
    slug += strspn(slug, " ");
    gsize length = strlen(slug);
    if (!length || length > EVENT_SLUG_MAX || !g_ascii_islower(*slug) ||
        strspn(slug, G_CSET_a_2_z G_CSET_DIGITS "-") != length)
        return error_data(
            error,
            "the name of an event is at most %d small letters, digits and hyphens, as "
            "in '::: event heads-briefing': not '%s'",
            EVENT_SLUG_MAX, slug);
    self->slug = g_strdup(slug);
    return TRUE;
}

static gboolean take_text(char **into, const char *name, const char *text, GError **error)
{
    g_autofree char *whole = **into ? g_strconcat(*into, " ", text, NULL) : g_strdup(text);
    if (strstr(whole, "{{"))
        return error_data(error,
                          "a field can't stand in an event, which is the same in every letter");
    if (strlen(whole) > EVENT_TEXT_MAX)
        return error_data(error, "%s is longer than %d bytes", name, EVENT_TEXT_MAX);
    g_free(*into);
    *into = g_steal_pointer(&whole);
    return TRUE;
}

static gboolean take_time(const char *name, const char *text, Day *day, int *minutes,
                          GError **error)
{
    GError *inner = NULL;
    if (*day)
        return error_data(error, "an event has one line '%s'", name);
    *day = day_parse_time(text, minutes, &inner);
    if (*day)
        return TRUE;
    error_data(error, "%s %s", name, inner->message);
    g_error_free(inner);
    return FALSE;
}

/* The lines that say something by their name; what else there is are words about it. */
static const char *const names[] = {"title:", "start:", "end:", "place:"};

static gsize name_of(const char *line)
{
    gsize which = 0;
    while (which < G_N_ELEMENTS(names) &&
           g_ascii_strncasecmp(line, names[which], strlen(names[which])) != 0)
        which++;
    return which;
}

gboolean event_is_fact(const char *line)
{
    return name_of(line + strspn(line, " \t")) < G_N_ELEMENTS(names);
}

static gboolean take_line(Event *self, char **end, const char *line, GError **error)
{
    gsize which = name_of(line);
    if (which == G_N_ELEMENTS(names))
        return take_text(&self->about, "what is said of the event", line, error);
    const char *text = line + strlen(names[which]);
    text += strspn(text, " \t");
    switch (which) {
    case 0:
        return take_text(&self->title, "the title", text, error);
    case 1:
        return take_time("start:", text, &self->start, &self->start_minutes, error);
    case 2:
        if (**end)
            return error_data(error, "an event has one line 'end:'");
        g_free(*end);
        *end = g_strdup(text);
        return TRUE;
    default:
        return take_text(&self->place, "the place", text, error);
    }
}

/* "12:00" alone is on the day of the start. */
static gboolean take_end(Event *self, const char *text, GError **error)
{
    g_autofree char *day = day_iso(self->start);
    g_autofree char *whole = g_strconcat(day, " ", text, NULL);
    self->end = day_parse_time(whole, &self->end_minutes, NULL);
    if ((!self->end || self->end_minutes == DAY_NO_TIME) &&
        (self->end = 0, !take_time("end:", text, &self->end, &self->end_minutes, error)))
        return FALSE;
    if ((self->start_minutes == DAY_NO_TIME) != (self->end_minutes == DAY_NO_TIME))
        return error_data(error, "start: and end: both have a time of day, or neither has");
    if (self->end < self->start ||
        (self->end == self->start && self->end_minutes < self->start_minutes))
        return error_data(error, "the event ends before it begins");
    return TRUE;
}

static gboolean finish(Event *self, const char *end, guint end_line, guint *line, GError **error)
{
    *line = 0;
    if (!*self->title)
        return error_data(error, "the event '%s' has no title: write a line 'title: …'",
                          self->slug);
    if (!self->start)
        return error_data(error,
                          "the event '%s' has no beginning: write a line 'start: 14 January 2027 "
                          "09:30'",
                          self->slug);
    self->end = self->start;
    *line = end_line;
    return !*end || take_end(self, end, error);
}

Event *event_parse(const char *info, const char *body, guint *line, GError **error)
{
    g_autoptr(Event) self = g_new0(Event, 1);
    g_autofree char *end = g_strdup("");
    guint end_line = 0;
    self->title = g_strdup("");
    self->place = g_strdup("");
    self->about = g_strdup("");
    self->start_minutes = self->end_minutes = DAY_NO_TIME;
    *line = 0;
    if (!take_slug(self, info, error))
        return NULL;
    g_auto(GStrv) lines = g_strsplit(body, "\n", -1);
    for (guint i = 0; lines[i]; i++) {
        gboolean had_end = *end != '\0';
        *line = i + 1;
        if (*g_strstrip(lines[i]) && !take_line(self, &end, lines[i], error))
            return NULL;
        end_line = !had_end && *end ? i + 1 : end_line;
    }
    return finish(self, end, end_line, line, error) ? g_steal_pointer(&self) : NULL;
}

/* --- for people ------------------------------------------------------------------------------- */

static gboolean is_english(const char *lang)
{
    return g_ascii_strncasecmp(lang, "en", 2) == 0 && !g_ascii_isalpha(lang[2]);
}

static char *day_in(Day day, const char *lang)
{
    char *own = is_english(lang) ? NULL : langtag_day(lang, day);
    return own ? own : day_text(day);
}

static char *clock_in(int minutes, const char *lang)
{
    return is_english(lang) ? day_clock(minutes)
                            : g_strdup_printf("%02d:%02d", minutes / 60, minutes % 60);
}

char *event_when(const Event *self, const char *lang)
{
    g_autofree char *first = day_in(self->start, lang), *last = day_in(self->end, lang);
    const char *to = is_english(lang) ? " to " : "–";
    if (self->start_minutes == DAY_NO_TIME)
        return self->end == self->start ? g_strdup(first) : g_strconcat(first, to, last, NULL);
    g_autofree char *from = clock_in(self->start_minutes, lang);
    if (self->end_minutes == DAY_NO_TIME)
        return g_strconcat(first, ", ", from, NULL);
    g_autofree char *until = clock_in(self->end_minutes, lang);
    if (self->end == self->start)
        return g_strconcat(first, ", ", from, to, until, NULL);
    return g_strconcat(first, ", ", from, to, last, ", ", until, NULL);
}
