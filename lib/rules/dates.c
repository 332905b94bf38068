/* dates - days that a text names, found one after another */
#include "rules/dates.h"

#include <string.h>

typedef struct {
    const char *text, *at;
    gboolean month_first;
} Scan;

/* --- words ----------------------------------------------------------------------------------- */

static const struct {
    const char *word;
    guint number;
} weekdays[] =
    {
        {"monday", 1}, {"mon", 1}, {"tuesday", 2},  {"tues", 2},  {"tue", 2},    {"wednesday", 3},
        {"weds", 3},   {"wed", 3}, {"thursday", 4}, {"thurs", 4}, {"thur", 4},   {"thu", 4},
        {"friday", 5}, {"fri", 5}, {"saturday", 6}, {"sat", 6},   {"sunday", 7}, {"sun", 7},
},
  months[] = {
      {"january", 1},   {"jan", 1},   {"february", 2},  {"feb", 2},      {"march", 3},
      {"mar", 3},       {"april", 4}, {"apr", 4},       {"may", 5},      {"june", 6},
      {"jun", 6},       {"july", 7},  {"jul", 7},       {"august", 8},   {"aug", 8},
      {"september", 9}, {"sept", 9},  {"sep", 9},       {"october", 10}, {"oct", 10},
      {"november", 11}, {"nov", 11},  {"december", 12}, {"dec", 12},
};

static gboolean is_word_char(const char *p)
{
    gunichar c = g_utf8_get_char(p);
    return g_unichar_isalnum(c) || c == 0x2019 || c == '\'';
}

/* Letters at the scan's place that are a word of the table, the first of them large (so that "may"
 * stays a verb); moves behind it and a full stop after an abbreviation. */
static guint take_name(Scan *scan, gboolean weekday)
{
    gsize length = 0;
    const char *at = scan->at;
    gsize count = weekday ? G_N_ELEMENTS(weekdays) : G_N_ELEMENTS(months);
    while (g_ascii_isalpha(at[length]))
        length++;
    if (!length || length > 9 || !g_ascii_isupper(*at) || is_word_char(at + length))
        return 0;
    for (gsize i = 0; i < count; i++) {
        const char *word = weekday ? weekdays[i].word : months[i].word;
        if (strlen(word) != length || g_ascii_strncasecmp(at, word, length) != 0)
            continue;
        scan->at += length;
        if (*scan->at == '.' && length <= 4)
            scan->at++;
        return weekday ? weekdays[i].number : months[i].number;
    }
    return 0;
}

static gboolean take_blanks(Scan *scan)
{
    const char *start = scan->at;
    while (*scan->at == ' ' || *scan->at == '\n' || *scan->at == '\t' ||
           g_str_has_prefix(scan->at, "\xc2\xa0"))
        scan->at += *scan->at == '\xc2' ? 2 : 1;
    return scan->at > start;
}

static gboolean take_text(Scan *scan, const char *word)
{
    gsize length = strlen(word);
    if (g_ascii_strncasecmp(scan->at, word, length) != 0)
        return FALSE;
    scan->at += length;
    return TRUE;
}

/* One to `most` digits and no more. */
static gboolean take_digits(Scan *scan, guint least, guint most, guint *number)
{
    guint n = 0;
    *number = 0;
    while (n <= most && g_ascii_isdigit(scan->at[n]))
        *number = *number * 10 + (guint)(scan->at[n++] - '0');
    if (n < least || n > most)
        return FALSE;
    scan->at += n;
    return TRUE;
}

/* "7", "7th"; not the beginning of a time, a number with a point, or a word. */
static gboolean take_day(Scan *scan, guint *day)
{
    static const char *const ordinals[] = {"st", "nd", "rd", "th"};
    if (!take_digits(scan, 1, 2, day) || !*day || *day > 31)
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(ordinals); i++)
        if (take_text(scan, ordinals[i]))
            break;
    return !is_word_char(scan->at);
}

/* ", 2025" or " 2025"; leaves the place as it is when no year stands there. */
static void take_year(Scan *scan, guint *year)
{
    const char *back = scan->at;
    guint number;
    if (*scan->at == ',')
        scan->at++;
    if (take_blanks(scan) && take_digits(scan, 4, 4, &number) && number >= DATES_YEAR_MIN &&
        number <= DATES_YEAR_MAX && !is_word_char(scan->at) &&
        !((*scan->at == '/' || *scan->at == '-') && g_ascii_isdigit(scan->at[1])))
        *year = number;
    else
        scan->at = back;
}

/* --- forms ----------------------------------------------------------------------------------- */

/* "7 January 2025", "7th of January". */
static gboolean take_day_month(Scan *scan, DateFound *found)
{
    const char *back = scan->at;
    if (take_day(scan, &found->day) && take_blanks(scan)) {
        if (take_text(scan, "of "))
            take_blanks(scan);
        found->month = take_name(scan, FALSE);
        if (found->month) {
            take_year(scan, &found->year);
            return TRUE;
        }
    }
    scan->at = back;
    return FALSE;
}

/* "January 7, 2025"; without a weekday before it or a year after it "March 7" may be anything. */
static gboolean take_month_day(Scan *scan, DateFound *found)
{
    const char *back = scan->at;
    found->month = take_name(scan, FALSE);
    if (found->month && take_blanks(scan) && take_day(scan, &found->day)) {
        take_year(scan, &found->year);
        if ((found->weekday || found->year) && *scan->at != ':' && *scan->at != '%')
            return TRUE;
    }
    scan->at = back;
    return FALSE;
}

/* "7/1/2025", "7.1.2025", "2025-01-07"; two digits of a year only after a weekday. */
static gboolean take_numbers(Scan *scan, DateFound *found)
{
    const char *back = scan->at;
    guint a, b, year;
    if (take_digits(scan, 4, 4, &year) && *scan->at == '-') {
        scan->at++;
        if (take_digits(scan, 2, 2, &found->month) && take_text(scan, "-") &&
            take_digits(scan, 2, 2, &found->day))
            found->year = year;
    } else {
        scan->at = back;
        if (take_digits(scan, 1, 2, &a) && *scan->at && strchr("/.-", *scan->at)) {
            char mark[] = {*scan->at++, '\0'};
            if (take_digits(scan, 1, 2, &b) && take_text(scan, mark) &&
                (take_digits(scan, 4, 4, &year) ||
                 (found->weekday && take_digits(scan, 2, 2, &year)))) {
                found->day = scan->month_first ? b : a;
                found->month = scan->month_first ? a : b;
                found->year = year < 100 ? 2000 + year : year;
            }
        }
    }
    gboolean ends = !is_word_char(scan->at) && !strchr("/-_@", *scan->at ? *scan->at : ' ');
    if (found->year >= DATES_YEAR_MIN && found->year <= DATES_YEAR_MAX && ends && found->day &&
        found->month && found->day <= 31 && found->month <= 31)
        return TRUE;
    scan->at = back;
    found->year = 0;
    return FALSE;
}

static gboolean take_date(Scan *scan, DateFound *found)
{
    return take_day_month(scan, found) || take_month_day(scan, found) || take_numbers(scan, found);
}

/* The first day of "Monday 6 and Tuesday 7 January 2025", which are of one month when the second is
 * the later one. Moves behind the first. */
static gboolean take_first_of_two(Scan *scan, DateFound *found)
{
    static const char *const between[] = {"–", "—", "-", "to ", "and ", "&", "or ", ","};
    const char *back = scan->at, *after;
    DateFound second = {0};
    if (!take_day(scan, &found->day))
        return FALSE;
    after = scan->at;
    take_blanks(scan);
    for (gsize i = 0; i < G_N_ELEMENTS(between); i++)
        if (take_text(scan, between[i]))
            break;
    take_blanks(scan);
    second.weekday = take_name(scan, TRUE);
    if (second.weekday && take_blanks(scan) && take_day_month(scan, &second) &&
        second.day > found->day) {
        found->month = second.month;
        found->year = second.year;
        scan->at = after;
        return TRUE;
    }
    scan->at = back;
    return FALSE;
}

/* --- one after another ----------------------------------------------------------------------- */

static gboolean calendar_has(const DateFound *found)
{
    GDateYear year = (GDateYear)(found->year ? found->year : 2024);
    return found->month <= 12 &&
           g_date_valid_dmy((GDateDay)found->day, (GDateMonth)found->month, year);
}

static gboolean take(Scan *scan, DateFound *found)
{
    found->weekday = take_name(scan, TRUE);
    if (!found->weekday)
        return take_day_month(scan, found) || take_month_day(scan, found) ||
               take_numbers(scan, found);
    if (*scan->at == ',')
        scan->at++;
    if (!take_blanks(scan))
        return FALSE;
    if (take_text(scan, "the "))
        take_blanks(scan);
    return take_date(scan, found) || take_first_of_two(scan, found);
}

gboolean dates_next(const char *text, gsize *at, gboolean month_first, DateFound *found)
{
    const char *p = text + *at;
    while (*p) {
        gboolean begins = p == text || !(is_word_char(g_utf8_prev_char(p)) ||
                                         strchr("/-_.:@#=%", *g_utf8_prev_char(p)));
        if (begins && (g_ascii_isdigit(*p) || g_ascii_isupper(*p))) {
            Scan scan = {text, p, month_first};
            *found = (DateFound){.start = (gsize)(p - text)};
            if (take(&scan, found)) {
                found->end = *at = (gsize)(scan.at - text);
                found->possible = calendar_has(found);
                return TRUE;
            }
        }
        p = g_utf8_next_char(p);
    }
    *at = (gsize)(p - text);
    return FALSE;
}

guint dates_number(guint day, guint month, guint year)
{
    GDate date;
    g_date_clear(&date, 1);
    g_date_set_dmy(&date, (GDateDay)day, (GDateMonth)month, (GDateYear)year);
    return g_date_get_julian(&date);
}

guint dates_weekday(guint day, guint month, guint year)
{
    return (dates_number(day, month, year) + 6) % 7 + 1; /* day 1 was a Monday */
}

const char *dates_weekday_name(guint weekday)
{
    static const char *const names[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                        "Friday", "Saturday", "Sunday"};
    g_assert(weekday >= 1 && weekday <= 7);
    return names[weekday - 1];
}

void dates_years(const char *text, GArray *years)
{
    for (const char *p = text; *p; p++) {
        if (!g_ascii_isdigit(*p) || (p > text && g_ascii_isalnum(p[-1])))
            continue;
        Scan scan = {text, p, FALSE};
        guint year, next;
        if (!take_digits(&scan, 4, 4, &year) || year < DATES_YEAR_MIN || year > DATES_YEAR_MAX)
            continue;
        g_array_append_val(years, year);
        const char *mark = scan.at;
        if (g_str_has_prefix(mark, "–"))
            scan.at += strlen("–");
        else if (*mark == '/' || *mark == '-')
            scan.at++;
        if (scan.at > mark &&
            (take_digits(&scan, 2, 2, &next) || take_digits(&scan, 4, 4, &next)) &&
            next % 100 == (year + 1) % 100) {
            next = year + 1;
            g_array_append_val(years, next);
        }
    }
}
