/* timetable - "every Monday at 07:30": when something is to happen, in words for people */
#include "config/timetable.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "config/timetable_parts.h"

const char *const TIMETABLE_DAY_NAMES[TIMETABLE_DAYS] = {
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
const char *const TIMETABLE_ORDINALS[TIMETABLE_WEEKS] = {"first", "second", "third", "fourth"};

/* While the words are read. */
typedef struct {
    Timetable *table;
    gboolean ordinals[TIMETABLE_DATE_MAX + 1];
    gboolean has_ordinal, has_month, all_days, named_days, is_range;
    int last_day;       /* the weekday just read, or -1 */
    const char *wrong;  /* the word that isn't understood */
    const char *reason; /* or what else is wrong */
} Reading;

void timetable_free(Timetable *self)
{
    g_free(self);
}

/* --- words ------------------------------------------------------------------------------------ */

static gboolean is_among(const char *word, const char *const *words)
{
    return g_strv_contains(words, word);
}

int timetable_weekday(const char *word)
{
    static const char *const shorts[][3] = {
        {"mon"}, {"tue", "tues"}, {"wed", "weds"}, {"thu", "thurs"}, {"fri"}, {"sat"}, {"sun"}};
    for (int day = 0; day < TIMETABLE_DAYS; day++) {
        g_autofree char *name = g_ascii_strdown(TIMETABLE_DAY_NAMES[day], -1);
        g_autofree char *plural = g_strconcat(name, "s", NULL);
        if (g_str_equal(word, name) || g_str_equal(word, plural) ||
            !g_strcmp0(word, shorts[day][0]) || !g_strcmp0(word, shorts[day][1]))
            return day;
    }
    return -1;
}

/* 1 for "first" and "1st"; 0 for what is no ordinal. */
static guint ordinal_of(const char *word)
{
    for (guint i = 0; i < G_N_ELEMENTS(TIMETABLE_ORDINALS); i++)
        if (g_str_equal(word, TIMETABLE_ORDINALS[i]))
            return i + 1;
    gsize digits = strspn(word, "0123456789");
    const char *const endings[] = {"st", "nd", "rd", "th", NULL};
    return digits && digits <= 2 && is_among(word + digits, endings) ? (guint)atoi(word) : 0;
}

/* Minutes since midnight of "7:30", "07.30", "7am", "7.30pm", "noon"; -1 for what is no time. */
static int time_of(const char *word)
{
    gsize digits = strspn(word, "0123456789");
    const char *at = word + digits;
    guint hour = digits ? (guint)atoi(word) : 0, minute = 0;
    if (g_str_equal(word, "noon"))
        return 12 * 60;
    if (digits < 1 || digits > 2)
        return -1;
    gboolean has_minutes = *at == ':' || *at == '.';
    if (has_minutes) {
        if (strspn(at + 1, "0123456789") != 2)
            return -1;
        minute = (guint)atoi(at + 1);
        at += 3;
    }
    if (g_str_equal(at, "am") || g_str_equal(at, "pm")) {
        if (hour < 1 || hour > 12)
            return -1;
        hour = hour % 12 + (*at == 'p' ? 12 : 0);
    } else if (*at || !has_minutes) {
        return -1;
    }
    return hour < 24 && minute < 60 ? (int)(hour * 60 + minute) : -1;
}

/* --- reading ---------------------------------------------------------------------------------- */

static void take_time(Reading *now, guint minutes)
{
    Timetable *table = now->table;
    guint at = 0;
    while (at < table->count && table->times[at] < minutes)
        at++;
    if (at < table->count && table->times[at] == minutes)
        return;
    if (table->count == TIMETABLE_TIMES_MAX) {
        now->reason = "it has too many times";
        return;
    }
    memmove(table->times + at + 1, table->times + at, (table->count - at) * sizeof *table->times);
    table->times[at] = minutes;
    table->count++;
}

static void take_day(Reading *now, int day)
{
    now->named_days = TRUE;
    for (int from = now->is_range ? now->last_day : day; from != day;
         from = (from + 1) % TIMETABLE_DAYS)
        now->table->days[from] = TRUE;
    now->table->days[day] = TRUE;
    now->is_range = FALSE;
    now->last_day = day;
}

static void take_days(Reading *now, int first, int last)
{
    now->all_days = TRUE;
    for (int day = first; day <= last; day++)
        now->table->days[day] = TRUE;
}

static gboolean take_group(Reading *now, const char *word)
{
    static const char *const all[] = {"day", "days", "daily", NULL};
    static const char *const working[] = {"weekday", "weekdays", NULL};
    static const char *const free_days[] = {"weekend", "weekends", NULL};
    if (is_among(word, all))
        take_days(now, 0, 6);
    else if (is_among(word, working))
        take_days(now, 0, 4);
    else if (is_among(word, free_days))
        take_days(now, 5, 6);
    else
        return FALSE;
    return TRUE;
}

static void take_ordinal(Reading *now, guint ordinal)
{
    if (ordinal > TIMETABLE_DATE_MAX)
        now->reason = "not every month has that day: give one up to the 28th";
    else
        now->ordinals[ordinal] = now->has_ordinal = TRUE;
}

static void take_word(Reading *now, const char *word)
{
    static const char *const fillers[] = {"every", "each",   "on",   "the",  "at",
                                          "and",   "of",     "in",   "a",    "",
                                          "week",  "during", "term", "time", NULL};
    static const char *const month[] = {"month", "months", "monthly", NULL};
    int day = timetable_weekday(word), minutes = time_of(word);
    guint ordinal = ordinal_of(word);
    if (now->is_range && day < 0)
        now->wrong = word;
    else if (day >= 0)
        take_day(now, day);
    else if (minutes >= 0)
        take_time(now, (guint)minutes);
    else if (ordinal)
        take_ordinal(now, ordinal);
    else if (is_among(word, month))
        now->has_month = TRUE;
    else if (g_str_equal(word, "to") && now->last_day >= 0)
        now->is_range = TRUE;
    else if (!take_group(now, word) && !is_among(word, fillers))
        now->wrong = word;
    if (day < 0 && !now->is_range)
        now->last_day = -1;
}

/* What the words mean together. */
static const char *settle(Reading *now)
{
    Timetable *table = now->table;
    if (now->is_range)
        return "a day must follow 'to'";
    if (now->all_days && now->named_days)
        return "it names single days and all of a kind";
    if (now->has_month && !now->has_ordinal)
        return "it doesn't say which day of the month";
    if (now->has_ordinal && !now->has_month)
        return "it doesn't say 'of the month'";
    if (now->has_ordinal && now->all_days)
        return "it doesn't say which weekday";
    if (!now->has_ordinal && !now->named_days && !now->all_days)
        return "it doesn't say on which days";
    if (!table->count)
        return "it has no time, such as 'at 07:30'";
    table->by_week = now->has_ordinal && now->named_days;
    table->by_date = now->has_ordinal && !now->named_days;
    for (guint i = 1; i <= TIMETABLE_DATE_MAX; i++) {
        if (now->ordinals[i] && table->by_week && i > TIMETABLE_WEEKS)
            return "not every month has a fifth one: give the first to the fourth";
        if (table->by_week && i <= TIMETABLE_WEEKS)
            table->weeks[i - 1] = now->ordinals[i];
        else if (table->by_date)
            table->dates[i] = now->ordinals[i];
    }
    return NULL;
}

static gboolean fail(GError **error, const char *text, const Reading *now)
{
    g_autofree char *shown = text_visible(text);
    g_autofree char *word = now->wrong ? text_visible(now->wrong) : NULL;
    g_autofree char *what =
        word ? g_strdup_printf("'%s' isn't understood", word) : g_strdup(now->reason);
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG,
                "not a schedule: '%s': %s; write it like 'every Monday at 07:30', 'every "
                "weekday at 16:00', 'Monday and Thursday at 08:00' or 'first Monday of the month "
                "at 09:00'",
                shown, what);
    return FALSE;
}

static gboolean read_words(Reading *now, const char *text, GError **error)
{
    g_autofree char *lower = g_ascii_strdown(text, -1);
    /* "mon-fri" is "mon to fri"; a comma is "and". */
    g_autoptr(GString) spaced = g_string_new(NULL);
    for (const char *at = lower; *at; at++)
        if (*at == '-')
            g_string_append(spaced, " to ");
        else
            g_string_append_c(spaced, *at == ',' || *at == '\t' ? ' ' : *at);
    g_auto(GStrv) words = g_strsplit(spaced->str, " ", -1);
    for (char **word = words; *word && !now->wrong && !now->reason; word++)
        take_word(now, *word);
    if (!now->wrong && !now->reason)
        now->reason = settle(now);
    return (!now->wrong && !now->reason) || fail(error, text, now);
}

Timetable *timetable_parse(const char *text, GError **error)
{
    g_autoptr(Timetable) self = g_new0(Timetable, 1);
    Reading now = {.table = self, .last_day = -1};
    if (strlen(text) > TIMETABLE_TEXT_MAX)
        now.reason = "it is too long";
    if (now.reason ? !fail(error, "…", &now) : !read_words(&now, text, error))
        return NULL;
    return g_steal_pointer(&self);
}

/* --- the next time --------------------------------------------------------------------------- */

/* As its words mean it: the first Monday, the 15th, or every Tuesday. */
static gboolean is_on(const Timetable *self, Day day)
{
    GDate date;
    g_date_clear(&date, 1);
    g_date_set_julian(&date, day);
    guint of_month = g_date_get_day(&date);
    guint weekday = (guint)g_date_get_weekday(&date) - 1;
    guint week = (of_month - 1) / TIMETABLE_DAYS;
    if (self->by_date)
        return of_month <= TIMETABLE_DATE_MAX && self->dates[of_month];
    if (!self->days[weekday])
        return FALSE;
    return !self->by_week || (week < TIMETABLE_WEEKS && self->weeks[week]);
}

gboolean timetable_next(const Timetable *self, Day day, int minutes, Day *next, int *next_minutes)
{
    for (Day at = day; at < day + TIMETABLE_REACH; at++) {
        for (guint i = 0; is_on(self, at) && i < self->count; i++) {
            if (at == day && (int)self->times[i] < minutes)
                continue;
            *next = at;
            *next_minutes = (int)self->times[i];
            return TRUE;
        }
    }
    return FALSE;
}
