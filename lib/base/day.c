/* day - a date as people write it, with or without a time of day */
#include "base/day.h"

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
    GError **error;
} Reading;

static gboolean fail(const Reading *in, const char *format, ...) G_GNUC_PRINTF(2, 3);

static gboolean fail(const Reading *in, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *why = g_strdup_vprintf(format, args);
    va_end(args);
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

/* Reads one of the names, whole or its first three letters; its number from 1, or 0. */
static int name(Reading *in, const char *const *names, guint count)
{
    gsize length = strspn(in->at, G_CSET_a_2_z G_CSET_A_2_Z);
    for (guint i = 0; i < count; i++) {
        gboolean is = length == strlen(names[i]) || length == 3 ||
                      (length == 4 && g_str_has_prefix(names[i], "sept"));
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

/* " January 2027" after 11. */
static gboolean rest_of_words(Reading *in)
{
    static const char *const endings[] = {"st", "nd", "rd", "th"};
    for (guint i = 0; i < G_N_ELEMENTS(endings); i++)
        if (g_ascii_strncasecmp(in->at, endings[i], 2) == 0 && !g_ascii_isalpha(in->at[2])) {
            in->at += 2;
            break;
        }
    skip(in, " ");
    in->month = (guint)name(in, months, G_N_ELEMENTS(months));
    if (!in->month)
        return fail(in, "it can't be read");
    const char *before = in->at;
    skip(in, " ,");
    in->digits = number(in, &in->year);
    if (!in->digits || *in->at == ':' || *in->at == '.')
        in->at = before, in->digits = 0;
    return TRUE;
}

static gboolean check(const Reading *in)
{
    if (!in->digits)
        return fail(in, "it has no year");
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

static gboolean read_date(Reading *in, Day *day)
{
    guint first;
    skip(in, " \t");
    in->weekday = name(in, weekdays, G_N_ELEMENTS(weekdays));
    skip(in, " ,");
    guint digits = number(in, &first);
    if (!digits)
        return fail(in, "it can't be read");
    gboolean numbers = *in->at == '-' || *in->at == '/';
    in->day = first;
    if (!(numbers ? rest_of_numbers(in, first, digits) : rest_of_words(in)) || !check(in))
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
