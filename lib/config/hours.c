/* hours - "Mon-Fri 07:30-18:00": when something may happen in a week, in words for people */
#include "config/hours.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "config/timetable_parts.h"

enum { NOON = HOURS_DAY / 2 };

struct Hours {
    guint8 open[TIMETABLE_DAYS][HOURS_DAY]; /* by minute; the number of the group plus 1, or 0 */
    gboolean says_term, says_holidays;
};

typedef struct {
    int from, to; /* minutes since midnight; `to` beyond HOURS_DAY is of the next day */
} Range;

typedef struct {
    gboolean days[TIMETABLE_DAYS];
    gboolean has_days;
    Range ranges[HOURS_RANGES_MAX];
    guint count;
} Group;

typedef enum { TOKEN_END, TOKEN_WORD, TOKEN_TIME, TOKEN_TO, TOKEN_AND } Token;

typedef struct {
    int minutes;          /* since midnight */
    gboolean has_minutes; /* "9:00", not "9" */
    gboolean has_half;    /* "9am" */
} Clock;

/* While the words are read. */
typedef struct {
    const char *at; /* in the text, made plain */
    char word[32];  /* of TOKEN_WORD */
    Clock clock;    /* of TOKEN_TIME */

    Hours *hours;
    Group groups[HOURS_GROUPS_MAX];
    guint count;
    gboolean days_first, times_first, is_between, is_exception, is_twice;
    int last_day;
    char *wrong;  /* the word that isn't understood */
    char *reason; /* or what else is wrong */
    char *doubt;  /* what can be read in two ways; what was likely meant is taken */
    char *meant;  /* in place of the whole in a fixed form */
} Reading;

void hours_free(Hours *self)
{
    g_free(self);
}

/* --- words ------------------------------------------------------------------------------------ */

/* Lower case, and one kind of dash, blank and comma. */
static char *made_plain(const char *text)
{
    static const struct {
        const char *from, *to;
    } alike[] = {{"\u2010", "-"},    {"\u2011", "-"}, {"\u2012", "-"}, {"\u2013", "-"},
                 {"\u2014", "-"},    {"\u2212", "-"}, {"\u00a0", " "}, {"\u202f", " "},
                 {"\t", " "},        {";", ","},      {"a.m.", "am"},  {"p.m.", "pm"},
                 {"term-", "term "}, {"+", ","},      {"&", ","},      {"(", " "},
                 {")", " "}};
    GString *plain = g_string_new(text);
    g_autofree char *lower = g_ascii_strdown(plain->str, -1);
    g_string_assign(plain, lower);
    for (guint i = 0; i < G_N_ELEMENTS(alike); i++)
        g_string_replace(plain, alike[i].from, alike[i].to, 0);
    return g_string_free(plain, FALSE);
}

static gboolean is_among(const char *word, const char *const *words)
{
    return g_strv_contains(words, word);
}

/* "am" or "pm" after a time, with the blank before it. */
static void read_half(Reading *now, int hour, int minute)
{
    const char *half = now->at + strspn(now->at, " ");
    gboolean is_am = g_str_has_prefix(half, "am"), is_pm = g_str_has_prefix(half, "pm");
    if ((!is_am && !is_pm) || g_ascii_isalnum(half[2]))
        return;
    now->at = half + 2;
    now->clock.has_half = TRUE;
    now->clock.minutes =
        hour >= 1 && hour <= 12 ? (hour % 12 + (is_pm ? 12 : 0)) * 60 + minute : -1;
}

/* Keeps a word of the text as it stands, for what isn't understood: the first. */
static void note_wrong(Reading *now, const char *from)
{
    gsize length = strcspn(from, " ,");
    if (!now->wrong)
        now->wrong = g_strndup(from, MIN(length, 40));
}

/* "7", "07:30", "7.30pm", "0730". */
static Token read_time(Reading *now)
{
    const char *start = now->at;
    gsize digits = strspn(start, "0123456789");
    int hour = digits <= 4 ? atoi(start) : 99, minute = 0;
    now->at += digits;
    now->clock = (Clock){.has_minutes = digits > 2};
    if (digits > 2) {
        minute = hour % 100;
        hour /= 100;
    } else if ((*now->at == ':' || *now->at == '.') && strspn(now->at + 1, "0123456789") == 2) {
        minute = atoi(now->at + 1);
        now->clock.has_minutes = TRUE;
        now->at += 3;
    }
    now->clock.minutes = hour * 60 + minute;
    read_half(now, hour, minute);
    if (g_ascii_isalnum(*now->at) || *now->at == ':' || *now->at == '.' || *now->at == '/' ||
        now->clock.minutes < 0 || now->clock.minutes > HOURS_DAY || minute > 59)
        note_wrong(now, start);
    return TOKEN_TIME;
}

static Token read_word(Reading *now)
{
    static const char *const to[] = {"to", "till", "til", "until", "through", "thru", NULL};
    gsize length = strspn(now->at, "abcdefghijklmnopqrstuvwxyz");
    g_strlcpy(now->word, now->at, MIN(length + 1, sizeof now->word));
    const char *start = now->at;
    now->at += length;
    now->at += *now->at == '.' || *now->at == ':';
    if (length >= sizeof now->word || g_ascii_isdigit(*now->at))
        note_wrong(now, start);
    if (is_among(now->word, to))
        return TOKEN_TO;
    if (g_str_equal(now->word, "and"))
        return TOKEN_AND;
    if (!g_str_equal(now->word, "noon") && !g_str_equal(now->word, "midday") &&
        !g_str_equal(now->word, "midnight"))
        return TOKEN_WORD;
    now->clock = (Clock){.has_minutes = TRUE, .has_half = TRUE};
    now->clock.minutes = g_str_equal(now->word, "midnight") ? 0 : NOON;
    return TOKEN_TIME;
}

static Token next(Reading *now)
{
    now->at += strspn(now->at, " ");
    if (!*now->at)
        return TOKEN_END;
    if (g_ascii_isdigit(*now->at))
        return read_time(now);
    if (g_ascii_isalpha(*now->at))
        return read_word(now);
    char mark = *now->at;
    if (mark != '-' && mark != ',')
        note_wrong(now, now->at);
    else
        now->at++;
    return mark == '-' ? TOKEN_TO : TOKEN_AND;
}

/* --- hours ------------------------------------------------------------------------------------ */

static void doubt(Reading *now, char *reason)
{
    if (now->doubt)
        g_free(reason);
    else
        now->doubt = reason;
}

static char *as_written(const char *from, const char *to)
{
    g_autofree char *text = g_strndup(from, (gsize)(to - from));
    return g_strdup(g_strstrip(text));
}

/* What two times mean together; what may mean two things is doubted, and the likelier one taken. */
static Range settle_range(Reading *now, const Clock *from, const Clock *to, const char *text)
{
    Range range = {from->minutes, to->minutes};
    gboolean is_bare = !from->has_half && !from->has_minutes && range.from > 0;
    gboolean is_morning = range.from <= NOON && !(to->has_half && range.to < NOON);
    if (is_bare && to->has_half && range.to > NOON && range.from + NOON < range.to) {
        doubt(now, g_strdup_printf("'%s' may begin in the morning or in the afternoon", text));
        g_free(now->meant);
        now->meant =
            g_strdup_printf("'%02d:%02d-%02d:%02d' or '%02d:%02d-%02d:%02d'", range.from / 60,
                            range.from % 60, range.to / 60, range.to % 60, range.from / 60 + 12,
                            range.from % 60, range.to / 60, range.to % 60);
    } else if (range.from == range.to) {
        doubt(now, g_strdup_printf("'%s' is no time at all, or the whole day", text));
        range = (Range){0, HOURS_DAY};
    } else if (is_bare && range.from < 6 * 60 && range.from < range.to && range.to <= NOON &&
               !to->has_half && !to->has_minutes) {
        doubt(now, g_strdup_printf("'%s' may be in the night or in the afternoon", text));
        range = (Range){range.from + NOON, range.to + NOON};
    } else if (range.to < range.from && is_morning && range.to > 0) {
        doubt(now, g_strdup_printf("'%s' would go on over midnight", text));
        range.to += range.to < NOON ? NOON : 0;
    } else if (range.to < range.from) {
        range.to += HOURS_DAY;
    }
    return range;
}

static Group *last_group(Reading *now)
{
    return &now->groups[now->count - 1];
}

static gboolean add_group(Reading *now)
{
    if (now->count == HOURS_GROUPS_MAX) {
        now->reason = g_strdup("it has too many parts");
        return FALSE;
    }
    now->groups[now->count++] = (Group){.has_days = FALSE};
    return TRUE;
}

/* A time was read: its end follows. `start` is where it stands. */
static void take_hours(Reading *now, const char *start)
{
    Clock from = now->clock;
    Group *group = last_group(now);
    now->times_first |= !now->days_first && !group->has_days;
    now->days_first |= !now->times_first;
    if (now->times_first && group->has_days && !add_group(now))
        return;
    group = last_group(now);
    Token between = next(now);
    gboolean is_range = between == TOKEN_TO || (between == TOKEN_AND && now->is_between);
    if (!is_range || next(now) != TOKEN_TIME) {
        if (!now->wrong)
            now->reason = g_strdup("a time stands alone: hours are from one time to another");
        return;
    }
    g_autofree char *text = as_written(start, now->at);
    if (from.minutes == HOURS_DAY)
        now->reason = g_strdup("hours can't begin at 24:00: write 00:00");
    else if (group->count == HOURS_RANGES_MAX)
        now->reason = g_strdup("it has too many hours");
    else
        group->ranges[group->count++] = settle_range(now, &from, &now->clock, text);
    now->is_between = FALSE;
}

/* --- days ------------------------------------------------------------------------------------- */

/* The group that days go to: those after hours begin a new one, unless the hours stand first. */
static Group *group_for_days(Reading *now)
{
    Group *group = last_group(now);
    if (group->count && !now->times_first) {
        now->days_first = TRUE;
        if (!add_group(now))
            return NULL;
    }
    group = last_group(now);
    group->has_days = TRUE;
    return group;
}

static void take_days(Reading *now, int first, int last)
{
    Group *group = group_for_days(now);
    for (int day = first; group; day = (day + 1) % TIMETABLE_DAYS) {
        group->days[day] = TRUE;
        if (day == last)
            break;
    }
}

static gboolean take_day_words(Reading *now)
{
    static const char *const all[] = {"day", "days", "daily", "always", NULL};
    static const char *const working[] = {"weekday", "weekdays", "workday", "workdays", NULL};
    static const char *const free_days[] = {"weekend", "weekends", NULL};
    int day = timetable_weekday(now->word);
    if (day >= 0)
        take_days(now, day, day);
    else if (is_among(now->word, all))
        take_days(now, 0, 6);
    else if (is_among(now->word, working))
        take_days(now, 0, 4);
    else if (is_among(now->word, free_days))
        take_days(now, 5, 6);
    else
        return FALSE;
    now->last_day = day;
    return TRUE;
}

/* "Mon" was read, and "to" after it. */
static void take_day_range(Reading *now)
{
    int first = now->last_day, last;
    if (next(now) == TOKEN_WORD && (last = timetable_weekday(now->word)) >= 0)
        take_days(now, first, last);
    else if (!now->wrong)
        now->reason = g_strdup("a day must follow 'to'");
    now->last_day = -1;
}

static void take_word(Reading *now, const char *start)
{
    static const char *const fillers[] = {"every", "each",   "all",   "on",  "the",  "from",
                                          "at",    "in",     "of",    "a",   "only", "week",
                                          "time",  "during", "their", "for", NULL};
    static const char *const but[] = {"except", "excluding", "excl",    "not",
                                      "no",     "but",       "without", NULL};
    static const char *const kinds[] = {"bank", "public", "national", "statutory", NULL};
    now->last_day = -1;
    if (g_str_equal(now->word, "term") || g_str_equal(now->word, "terms") ||
        g_str_equal(now->word, "termtime"))
        now->hours->says_term = TRUE;
    else if (is_among(now->word, but))
        now->is_exception = TRUE;
    else if (now->is_exception && g_str_has_prefix(now->word, "holiday"))
        now->hours->says_holidays = TRUE;
    else if (now->is_exception && is_among(now->word, kinds))
        return;
    else if (g_str_equal(now->word, "between"))
        now->is_between = TRUE;
    else if (is_among(now->word, fillers))
        return;
    else if (now->is_exception || !take_day_words(now))
        note_wrong(now, start);
}

/* --- the whole -------------------------------------------------------------------------------- */

static void fill(Reading *now, guint number)
{
    Group *group = &now->groups[number];
    gboolean is_all = !group->count;
    if (is_all)
        group->ranges[group->count++] = (Range){0, HOURS_DAY};
    for (int day = 0; day < TIMETABLE_DAYS; day++)
        for (guint i = 0; group->days[day] && i < group->count; i++)
            for (int minute = group->ranges[i].from; minute < group->ranges[i].to; minute++) {
                int on = (day + minute / HOURS_DAY) % TIMETABLE_DAYS;
                guint8 *slot = &now->hours->open[on][minute % HOURS_DAY];
                if (*slot && *slot != number + 1 && minute < HOURS_DAY && !now->is_twice) {
                    now->is_twice = TRUE;
                    doubt(now, g_strdup_printf("%s stands twice, with hours that overlap",
                                               TIMETABLE_DAY_NAMES[day]));
                }
                *slot = (guint8)(number + 1);
            }
}

/* Of a day that stands twice the last words are the likelier ones ("Mon-Fri 9-17, Fri 9-15"): those
 * before are cleared of it, and all is filled anew. */
static void fill_again(Reading *now)
{
    memset(now->hours->open, 0, sizeof now->hours->open);
    for (guint i = 1; i < now->count; i++)
        for (int day = 0; day < TIMETABLE_DAYS; day++)
            for (guint before = 0; now->groups[i].days[day] && before < i; before++)
                now->groups[before].days[day] = FALSE;
    for (guint i = 0; i < now->count; i++)
        fill(now, i);
}

static void settle(Reading *now)
{
    gboolean has_hours = FALSE;
    for (guint i = 0; i < now->count; i++)
        has_hours |= now->groups[i].count > 0;
    for (guint i = 0; i < now->count; i++) {
        const Group *group = &now->groups[i];
        if (!group->has_days && has_hours)
            now->reason = g_strdup("it doesn't say on which days");
        else if (!group->has_days)
            now->reason = g_strdup("it names neither days nor hours");
        else if (has_hours && !group->count)
            now->reason = g_strdup("some of its days have no hours");
        if (now->reason)
            return;
    }
    for (guint i = 0; i < now->count; i++)
        fill(now, i);
    if (now->is_exception && !now->hours->says_holidays && !now->hours->says_term)
        now->reason = g_strdup("it doesn't say what is excepted");
    if (now->is_twice)
        fill_again(now);
}

static gboolean fail(GError **error, const char *text, const Reading *now)
{
    g_autofree char *shown = text_visible(text);
    g_autofree char *word = now->wrong ? text_visible(now->wrong) : NULL;
    g_autofree char *what = word          ? g_strdup_printf("'%s' isn't understood", word)
                            : now->reason ? g_strdup(now->reason)
                                          : text_visible(now->doubt);
    g_autofree char *whole = hours_text(now->hours);
    g_autofree char *meant = word || now->reason
                                 ? g_strdup("it like 'Mon-Fri 07:30-18:00', 'weekdays 8am-6pm' or "
                                            "'Mon-Thu 08:00-17:00, Fri 08:00-15:00'")
                             : now->meant ? g_strdup(now->meant)
                                          : g_strdup_printf("'%s'", whole);
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG, "not hours: '%s': %s; write %s",
                shown, what, meant);
    return FALSE;
}

static gboolean read_all(Reading *now, const char *text, GError **error)
{
    Token token = TOKEN_WORD;
    g_autofree char *plain = made_plain(text);
    now->at = plain;
    add_group(now);
    while (token != TOKEN_END && !now->wrong && !now->reason) {
        const char *start = now->at + strspn(now->at, " ");
        token = next(now);
        if (now->wrong)
            break;
        if (token == TOKEN_WORD)
            take_word(now, start);
        else if (token == TOKEN_TIME)
            take_hours(now, start);
        else if (token == TOKEN_TO && now->last_day >= 0)
            take_day_range(now);
        else if (token == TOKEN_TO)
            note_wrong(now, start);
    }
    if (!now->wrong && !now->reason)
        settle(now);
    return (!now->wrong && !now->reason && !now->doubt) || fail(error, text, now);
}

Hours *hours_parse(const char *text, GError **error)
{
    g_autoptr(Hours) self = g_new0(Hours, 1);
    Reading now = {.hours = self, .last_day = -1};
    gboolean ok;
    if (strlen(text) > HOURS_TEXT_MAX) {
        now.reason = g_strdup("it is too long");
        ok = fail(error, "…", &now);
    } else {
        ok = read_all(&now, text, error);
    }
    g_free(now.wrong);
    g_free(now.reason);
    g_free(now.doubt);
    g_free(now.meant);
    return ok ? g_steal_pointer(&self) : NULL;
}

/* --- what they are ---------------------------------------------------------------------------- */

gboolean hours_has(const Hours *self, int weekday, int minute)
{
    return self->open[weekday][minute] != 0;
}

gboolean hours_has_day(const Hours *self, int weekday)
{
    for (int minute = 0; minute < HOURS_DAY; minute++)
        if (hours_has(self, weekday, minute))
            return TRUE;
    return FALSE;
}

gboolean hours_says_term(const Hours *self)
{
    return self->says_term;
}

gboolean hours_says_holidays(const Hours *self)
{
    return self->says_holidays;
}

/* "08:00-12:00 and 13:00-17:00"; "" for a day without. */
static char *day_ranges(const Hours *self, int day)
{
    GString *out = g_string_new(NULL);
    for (int from = 0; from < HOURS_DAY; from++) {
        if (!hours_has(self, day, from))
            continue;
        int to = from;
        while (to < HOURS_DAY && hours_has(self, day, to))
            to++;
        g_string_append_printf(out, "%s%02d:%02d-%02d:%02d", out->len ? " and " : "", from / 60,
                               from % 60, to / 60, to % 60);
        from = to;
    }
    return g_string_free(out, FALSE);
}

/* "Mon-Thu, Sat" of the days that are set. */
static void append_days(GString *out, const gboolean *days)
{
    gboolean any = FALSE;
    for (int day = 0; day < TIMETABLE_DAYS; day++) {
        int last = day;
        while (last + 1 < TIMETABLE_DAYS && days[day] && days[last + 1])
            last++;
        if (!days[day])
            continue;
        if (day == 0 && last == TIMETABLE_DAYS - 1)
            g_string_append(out, "every day");
        else
            g_string_append_printf(out, "%s%.3s", any ? ", " : "", TIMETABLE_DAY_NAMES[day]);
        if (last > day && last - day < TIMETABLE_DAYS - 1)
            g_string_append_printf(out, "%s%.3s", last == day + 1 ? ", " : "-",
                                   TIMETABLE_DAY_NAMES[last]);
        any = TRUE;
        day = last;
    }
}

char *hours_text(const Hours *self)
{
    GString *out = g_string_new(NULL);
    gboolean done[TIMETABLE_DAYS] = {FALSE};
    for (int day = 0; day < TIMETABLE_DAYS; day++) {
        gboolean same[TIMETABLE_DAYS] = {FALSE};
        g_autofree char *ranges = day_ranges(self, day);
        if (done[day] || !*ranges)
            continue;
        for (int other = day; other < TIMETABLE_DAYS; other++) {
            g_autofree char *others = day_ranges(self, other);
            same[other] = g_str_equal(others, ranges);
            done[other] |= same[other];
        }
        g_string_append(out, out->len ? "; " : "");
        append_days(out, same);
        g_string_append_printf(out, " %s", ranges);
    }
    if (self->says_term)
        g_string_append(out, " in term time");
    if (self->says_holidays)
        g_string_append(out, " except bank holidays");
    return g_string_free(out, FALSE);
}
