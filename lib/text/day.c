/* day - a date as people write it, with or without a time of day */
#include "text/day.h"

#include <string.h>

#include "base/error.h"

static const char *const months[] = {"january",   "february", "march",    "april",
                                     "may",       "june",     "july",     "august",
                                     "september", "october",  "november", "december"};
static const char *const weekdays[] = {"monday", "tuesday",  "wednesday", "thursday",
                                       "friday", "saturday", "sunday"};

typedef struct {
    const char *text, *at;
    guint day, month, year, digits; /* digits: of the year */
    int weekday;                    /* from 1; 0 if none is named */
    Day today;                      /* 0: the year must not be missing */
    gboolean is_part;               /* more may follow: errors say what is wrong, and no more */
    GError **error;
} Reading;

static gboolean fail(const Reading *in, const char *format, ...) G_GNUC_PRINTF(2, 3);

static gboolean fail(const Reading *in, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *why = g_strdup_vprintf(format, args);
    va_end(args);
    if (in->is_part)
        g_set_error_literal(in->error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA, why);
    else
        g_set_error(in->error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA,
                    "not a date: '%.60s': %s; write 2027-01-11, 11/01/2027 or 11 January 2027",
                    in->text, why);
    return FALSE;
}

static void skip(Reading *in, const char *any)
{
    in->at += strspn(in->at, any);
}

/* Reads digits; how many there were. */
static guint number(Reading *in, guint *value)
{
    guint count = 0;
    *value = 0;
    for (; g_ascii_isdigit(*in->at) && count < 9; in->at++, count++)
        *value = *value * 10 + (guint)(*in->at - '0');
    return count;
}

/* Reads one of the names, whole or three or more of its first letters; its number from 1, or 0. */
static int name(Reading *in, const char *const *names, guint count)
{
    gsize length = strspn(in->at, G_CSET_a_2_z G_CSET_A_2_Z);
    for (guint i = 0; i < count; i++) {
        gboolean is = length >= 3 && length <= strlen(names[i]);
        if (is && g_ascii_strncasecmp(in->at, names[i], length) == 0) {
            in->at += length;
            skip(in, ".");
            return (int)i + 1;
        }
    }
    return 0;
}

/* "-01-11" after 2027, "/01/2027" after 11. */
static gboolean rest_of_numbers(Reading *in, guint first, guint digits)
{
    char sign = *in->at++;
    guint second, third;
    guint seconds = number(in, &second);
    if (!seconds)
        return fail(in, "it can't be read");
    if (sign == '-' && digits == 4) {
        in->year = first;
        in->digits = 4;
        in->month = second;
        if (*in->at++ != '-' || !number(in, &in->day))
            return fail(in, "the day is missing");
        return TRUE;
    }
    in->day = first;
    in->month = second;
    if (*in->at != sign)
        return TRUE; /* no year */
    in->at++;
    in->digits = number(in, &third);
    in->year = third;
    return TRUE;
}

/* Passes over the "th" of 11th. */
static void skip_ending(Reading *in)
{
    static const char *const endings[] = {"st", "nd", "rd", "th"};
    for (guint i = 0; i < G_N_ELEMENTS(endings); i++)
        if (g_ascii_strncasecmp(in->at, endings[i], 2) == 0 && !g_ascii_isalpha(in->at[2])) {
            in->at += 2;
            break;
        }
    skip(in, " ");
}

/* Whether what was a number is the hour of a time: "8:00", "8.30", "8am". */
static gboolean is_hour(const char *rest)
{
    if (*rest == ':' || *rest == '.')
        return TRUE;
    rest += strspn(rest, " ");
    return g_ascii_strncasecmp(rest, "am", 2) == 0 || g_ascii_strncasecmp(rest, "pm", 2) == 0;
}

/* ", 2027" after 11 January. */
static void year_after_words(Reading *in)
{
    const char *before = in->at;
    skip(in, " ,");
    in->digits = number(in, &in->year);
    if (!in->digits || is_hour(in->at))
        in->at = before, in->digits = 0;
}

/* " January 2027" after 11. */
static gboolean rest_of_words(Reading *in)
{
    skip_ending(in);
    if (g_ascii_strncasecmp(in->at, "of ", 3) == 0)
        in->at += 3;
    skip(in, " ");
    in->month = (guint)name(in, months, G_N_ELEMENTS(months));
    if (!in->month)
        return fail(in, "it can't be read");
    year_after_words(in);
    return TRUE;
}

/* "January 11, 2027". */
static gboolean month_first(Reading *in)
{
    in->month = (guint)name(in, months, G_N_ELEMENTS(months));
    if (!in->month)
        return fail(in, "it can't be read");
    skip(in, " ");
    guint digits = number(in, &in->day);
    if (digits < 1 || digits > 2)
        return fail(in, "the day is missing");
    skip_ending(in);
    year_after_words(in);
    return TRUE;
}

/* The year in which the day comes next. */
static gboolean add_year(Reading *in)
{
    g_autoptr(GDate) today = g_date_new_julian(in->today);
    guint now = g_date_get_year(today);
    for (guint year = now; year <= now + 1; year++) {
        if (!g_date_valid_dmy((GDateDay)in->day, (GDateMonth)in->month, (GDateYear)year))
            continue;
        g_autoptr(GDate) date =
            g_date_new_dmy((GDateDay)in->day, (GDateMonth)in->month, (GDateYear)year);
        Day day = g_date_get_julian(date);
        if (day < in->today || (year > now && day - in->today > DAY_NEXT_YEAR_MAX))
            continue;
        in->year = year;
        in->digits = 4;
        return TRUE;
    }
    return fail(in, "it isn't ahead in this year: write the year, too");
}

static gboolean is_day_of_some_year(const Reading *in)
{
    return in->day >= 1 && in->day <= 31 && in->month >= 1 && in->month <= 12 &&
           g_date_valid_dmy((GDateDay)in->day, (GDateMonth)in->month, 2000);
}

static gboolean check(Reading *in)
{
    if (!in->digits && !in->today)
        return fail(in, "it has no year");
    if (!in->digits && is_day_of_some_year(in) && !add_year(in))
        return FALSE;
    if (!in->digits)
        in->year = 2000, in->digits = 4; /* none has that day: so it is said */
    if (in->digits != 4 || in->year < DAY_YEAR_MIN || in->year > DAY_YEAR_MAX)
        return fail(in, "the year isn't one of four digits from %d to %d", DAY_YEAR_MIN,
                    DAY_YEAR_MAX);
    if (in->month < 1 || in->month > 12)
        return fail(in, "there is no month %u (the day stands before it)", in->month);
    if (in->day < 1 || in->day > 31 ||
        !g_date_valid_dmy((GDateDay)in->day, (GDateMonth)in->month, (GDateYear)in->year))
        return fail(in, "there is no such day in that month");
    return TRUE;
}

/* Day, month and perhaps year, which may not exist. */
static gboolean read_parts(Reading *in)
{
    guint first;
    skip(in, " \t");
    in->weekday = name(in, weekdays, G_N_ELEMENTS(weekdays));
    skip(in, " ,");
    guint digits = number(in, &first);
    gboolean numbers = digits && (*in->at == '-' || *in->at == '/');
    in->day = first;
    if (numbers)
        return rest_of_numbers(in, first, digits);
    return digits ? rest_of_words(in) : month_first(in);
}

static gboolean find_day(Reading *in, Day *day)
{
    if (!check(in))
        return FALSE;
    g_autoptr(GDate) date =
        g_date_new_dmy((GDateDay)in->day, (GDateMonth)in->month, (GDateYear)in->year);
    int weekday = (int)g_date_get_weekday(date);
    if (in->weekday && in->weekday != weekday)
        return fail(in, "that day is a %c%s", g_ascii_toupper(weekdays[weekday - 1][0]),
                    weekdays[weekday - 1] + 1);
    *day = g_date_get_julian(date);
    return TRUE;
}

static gboolean read_date(Reading *in, Day *day)
{
    return read_parts(in) && find_day(in, day);
}

/* "09:30", "9.30am", "2 pm"; the rest of the text. */
static gboolean read_time(Reading *in, int *minutes)
{
    guint hour, minute = 0, digits;
    *minutes = DAY_NO_TIME;
    skip(in, " ,T");
    if (g_ascii_strncasecmp(in->at, "at ", 3) == 0)
        in->at += 3;
    if (!*in->at)
        return TRUE;
    if (!number(in, &hour))
        return fail(in, "'%.20s' is no time of day", in->at);
    gboolean exact = *in->at == ':' || *in->at == '.';
    if (exact) {
        in->at++;
        digits = number(in, &minute);
        if (digits != 2)
            return fail(in, "the minutes have two digits");
    }
    skip(in, " ");
    gboolean pm = g_ascii_strncasecmp(in->at, "pm", 2) == 0;
    gboolean am = g_ascii_strncasecmp(in->at, "am", 2) == 0;
    in->at += pm || am ? 2 : 0;
    skip(in, " ");
    if (*in->at || (!exact && !am && !pm) || minute > 59 || hour > 23 ||
        ((am || pm) && (hour < 1 || hour > 12)))
        return fail(in, "the time of day can't be read: write 09:30 or 9:30am");
    *minutes = (int)((am || pm ? hour % 12 + (pm ? 12 : 0) : hour) * 60 + minute);
    return TRUE;
}

Day day_parse_time(const char *text, int *minutes, GError **error)
{
    Day day;
    Reading in = {.text = text, .at = text, .error = error};
    return read_date(&in, &day) && read_time(&in, minutes) ? day : 0;
}

Day day_read(const char **text, Day today, GError **error)
{
    Day day = 0;
    Reading in = {.text = *text, .at = *text, .today = today, .is_part = TRUE, .error = error};
    if (!read_parts(&in))
        return 0;
    *text = in.at;
    return find_day(&in, &day) ? day : 0;
}

Day day_parse(const char *text, GError **error)
{
    Day day;
    Reading in = {.text = text, .at = text, .error = error};
    if (!read_date(&in, &day))
        return 0;
    skip(&in, " \t");
    if (!*in.at)
        return day;
    fail(&in, "'%.20s' stands after it", in.at);
    return 0;
}

Day day_of(gint64 when, int *minutes)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_local(when / G_USEC_PER_SEC);
    int year, month, day;
    g_date_time_get_ymd(time, &year, &month, &day);
    if (minutes)
        *minutes = g_date_time_get_hour(time) * 60 + g_date_time_get_minute(time);
    g_autoptr(GDate) date = g_date_new_dmy((GDateDay)day, (GDateMonth)month, (GDateYear)year);
    return g_date_get_julian(date);
}

Day day_monday(Day day)
{
    g_autoptr(GDate) date = g_date_new_julian(day);
    return day - (Day)(g_date_get_weekday(date) - G_DATE_MONDAY);
}

char *day_iso(Day day)
{
    g_autoptr(GDate) date = g_date_new_julian(day);
    return g_strdup_printf("%04u-%02u-%02u", g_date_get_year(date), g_date_get_month(date),
                           g_date_get_day(date));
}

char *day_text(Day day)
{
    g_autoptr(GDate) date = g_date_new_julian(day);
    const char *weekday = weekdays[g_date_get_weekday(date) - 1];
    g_autofree char *rest = day_short(day);
    return g_strdup_printf("%c%s %s %u", g_ascii_toupper(*weekday), weekday + 1, rest,
                           g_date_get_year(date));
}

char *day_short(Day day)
{
    g_autoptr(GDate) date = g_date_new_julian(day);
    const char *month = months[g_date_get_month(date) - 1];
    return g_strdup_printf("%u %c%s", g_date_get_day(date), g_ascii_toupper(*month), month + 1);
}

char *day_brief(Day day)
{
    g_autoptr(GDate) date = g_date_new_julian(day);
    const char *month = months[g_date_get_month(date) - 1];
    return g_strdup_printf("%u %c%.2s %u", g_date_get_day(date), g_ascii_toupper(*month), month + 1,
                           g_date_get_year(date));
}

char *day_clock(int minutes)
{
    int hour = minutes / 60, minute = minutes % 60, shown = hour % 12 ? hour % 12 : 12;
    const char *half = hour < 12 ? "am" : "pm";
    if (minute)
        return g_strdup_printf("%d:%02d%s", shown, minute, half);
    if (hour % 12 == 0)
        return g_strdup(hour ? "midday" : "midnight");
    return g_strdup_printf("%d%s", shown, half);
}
