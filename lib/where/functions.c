/* functions - what a `where` expression may call, and how it compares */
#include "where/functions.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "text/day.h"
#include "sheet/cellnumber.h"

static const char *const allowed[] = {
    "abs",    "answered",  "coalesce", "day",  "ifnull", "iif",     "instr",   "length", "like",
    "lower",  "ltrim",     "max",      "min",  "nullif", "number",  "replace", "round",  "rtrim",
    "substr", "substring", "today",    "trim", "typeof", "unicode", "upper",   NULL};

gboolean function_is_allowed(const char *name)
{
    g_autofree char *lower = g_ascii_strdown(name, -1);
    return g_strv_contains(allowed, lower);
}

gboolean function_is_inner(const char *name)
{
    return g_str_has_prefix(name, "cell_");
}

const char *functions_list(void)
{
    static char *list;
    if (g_once_init_enter(&list))
        g_once_init_leave(&list, g_strjoinv(", ", (char **)allowed));
    return list;
}

/* --- order ----------------------------------------------------------------------------------- */

enum { NUMBER_MAX = 64 }; /* bytes; longer is no number that anyone compares */

gboolean function_number(const char *text, gsize length, double *number)
{
    char copy[NUMBER_MAX + 1];
    /* Nearly every text is told by its first byte: a letter. */
    if (length > NUMBER_MAX || !length || g_ascii_isalpha(*text))
        return FALSE;
    memcpy(copy, text, length);
    copy[length] = '\0';
    return cellnumber_parse(copy, number);
}

/* A total order, or sorting would go wrong: empty, then numbers by value, then by bytes. */
static int compare(void *user, int length_a, const void *a, int length_b, const void *b)
{
    double x = 0, y = 0;
    (void)user;
    if (length_a && length_b) {
        gboolean a_number = function_number(a, (gsize)length_a, &x),
                 b_number = function_number(b, (gsize)length_b, &y);
        if (a_number != b_number)
            return a_number ? -1 : 1;
        if (x != y)
            return x < y ? -1 : 1;
    }
    int order = memcmp(a, b, (gsize)MIN(length_a, length_b));
    return order ? order : length_a - length_b;
}

/* --- texts ----------------------------------------------------------------------------------- */

static gunichar fold(gunichar c)
{
    return c < 0x80 ? (gunichar)g_ascii_tolower((char)c) : g_unichar_tolower(c);
}

enum { STEPS = 1 << 14 }; /* between two looks at the time */

typedef enum { LIKE_NO, LIKE_YES, LIKE_OUT_OF_TIME } Like;

/* Greedy with one step back to the last %: O(text x pattern) at worst, where SQLite's own recurses
 * for each %. */
static Like is_like(const char *pattern, const char *text, gunichar escape,
                    const FunctionsWatch *watch)
{
    const char *after_any = NULL, *retry = NULL;
    for (guint steps = 1; *text; steps++) {
        if (watch && steps % STEPS == 0 && watch->is_out_of_time(watch->user))
            return LIKE_OUT_OF_TIME;
        gunichar p = g_utf8_get_char(pattern);
        gboolean literal = escape && p == escape && pattern[0];
        if (p == '%' && !literal) {
            after_any = ++pattern;
            retry = text;
            continue;
        }
        const char *next = pattern;
        if (literal) {
            next = g_utf8_next_char(pattern);
            p = g_utf8_get_char(next);
        }
        if (p && ((p == '_' && !literal) || fold(p) == fold(g_utf8_get_char(text)))) {
            pattern = g_utf8_next_char(next);
            text = g_utf8_next_char(text);
        } else if (after_any) {
            pattern = after_any;
            text = retry = g_utf8_next_char(retry);
        } else {
            return LIKE_NO;
        }
    }
    while (*pattern == '%' && escape != '%')
        pattern++;
    return *pattern ? LIKE_NO : LIKE_YES;
}

gboolean function_like(const char *pattern, const char *text)
{
    return is_like(pattern, text, 0, NULL) == LIKE_YES;
}

static const char *text_of(sqlite3_value *value)
{
    const char *text = (const char *)sqlite3_value_text(value);
    return text && g_utf8_validate(text, -1, NULL) ? text : NULL;
}

/* like(pattern, text [, escape]): the order in which SQLite gives the operands of LIKE. */
static void call_like(sqlite3_context *context, int count, sqlite3_value **values)
{
    const char *pattern = text_of(values[0]), *text = text_of(values[1]);
    const char *escape = count == 3 ? text_of(values[2]) : "";
    if (!pattern || !text || !escape)
        return; /* NULL, as for any operand that is NULL */
    if (count == 3 && g_utf8_strlen(escape, -1) != 1) {
        sqlite3_result_error(context, "ESCAPE wants one character", -1);
        return;
    }
    Like like = is_like(pattern, text, g_utf8_get_char(escape), sqlite3_user_data(context));
    if (like == LIKE_OUT_OF_TIME)
        sqlite3_result_error_code(context, SQLITE_INTERRUPT);
    else
        sqlite3_result_int(context, like == LIKE_YES);
}

static void call_lower(sqlite3_context *context, int count, sqlite3_value **values)
{
    const char *text = text_of(values[0]);
    (void)count;
    if (text)
        sqlite3_result_text(context, g_utf8_strdown(text, -1), -1, g_free);
}

static void call_upper(sqlite3_context *context, int count, sqlite3_value **values)
{
    const char *text = text_of(values[0]);
    (void)count;
    if (text)
        sqlite3_result_text(context, g_utf8_strup(text, -1), -1, g_free);
}

/* --- days ------------------------------------------------------------------------------------ */

/* today(), or today(days) so many days later. */
static void call_today(sqlite3_context *context, int count, sqlite3_value **values)
{
    g_autoptr(GDateTime) now = g_date_time_new_from_unix_local(clock_now() / G_USEC_PER_SEC);
    double days = count ? sqlite3_value_double(values[0]) : 0;
    if (days < -100000 || days > 100000)
        return;
    g_autoptr(GDateTime) then = g_date_time_add_days(now, (int)days);
    sqlite3_result_text(context, g_date_time_format(then, "%Y-%m-%d"), -1, g_free);
}

/* Reads up to `most` digits; FALSE for none. */
static gboolean read_digits(const char **at, guint most, guint *number)
{
    const char *begin = *at;
    for (*number = 0; g_ascii_isdigit(**at) && *at < begin + most; ++*at)
        *number = *number * 10 + (guint)(**at - '0');
    return *at > begin && !g_ascii_isdigit(**at);
}

/* Three numbers with the same sign between them, and how many digits the first and the last have;
 * what follows is at `rest`. */
static gboolean read_three(const char *text, guint numbers[3], gsize *first, gsize *last,
                           const char **rest)
{
    char sign = '\0';
    *rest = text;
    for (guint i = 0; i < 3; i++) {
        if (i && (!strchr("-/.", **rest) || !**rest || (sign && **rest != sign)))
            return FALSE;
        if (i)
            sign = *(*rest)++;
        const char *begun = *rest;
        if (!read_digits(rest, 4, &numbers[i]))
            return FALSE;
        *(i ? last : first) = (gsize)(*rest - begun);
    }
    return TRUE;
}

/* A time of day, which a register's extract puts behind its days, or nothing. */
static gboolean is_time(const char *text)
{
    return !*text || ((*text == 'T' || *text == ' ') && g_ascii_isdigit(text[1]) &&
                      strspn(text + 1, "0123456789:.Z") == strlen(text + 1) && strchr(text, ':'));
}

/* The year of two digits as Excel has it: 1930 to 2029. */
static guint whole_year(guint number)
{
    enum { PIVOT = 30 };
    return number + (number < PIVOT ? 2000 : 1900);
}

/* "31-Aug-2019" and "31-Aug-19" as text/day.h reads it; "Mon 31/08/2020", with a time or not. */
static char *day_in_words(const char *text)
{
    enum { LONGEST = 40 };
    gsize length = strlen(text);
    int minutes;
    if (length > LONGEST || length < 8 || !strpbrk(text, G_CSET_a_2_z G_CSET_A_2_Z))
        return NULL;
    Day as_it_is = day_parse_time(text, &minutes, NULL);
    if (as_it_is)
        return day_iso(as_it_is);
    g_autofree char *copy = g_strdup(text);
    g_strdelimit(copy, "-/.", ' ');
    char *year = strrchr(copy, ' ');
    g_autofree char *whole = NULL;
    if (year && strlen(year) == 3 && g_ascii_isdigit(year[1]) && g_ascii_isdigit(year[2])) {
        guint number = (guint)atoi(year);
        *year = '\0';
        whole = g_strdup_printf("%s %u", copy, whole_year(number));
    }
    Day day = day_parse(whole ? whole : copy, NULL);
    return day ? day_iso(day) : NULL;
}

char *function_day(const char *text)
{
    guint numbers[3];
    gsize first, last;
    const char *rest;
    if (!read_three(text, numbers, &first, &last, &rest) || !is_time(rest))
        return day_in_words(text);
    /* 1.9.15 may be a number of a section or a version. */
    gboolean is_short = first != 4 && last == 2 && !strchr(text, '.');
    guint year = first == 4 ? numbers[0]
                 : is_short ? whole_year(numbers[2])
                            : numbers[2],
          month = numbers[1], day = first == 4 ? numbers[2] : numbers[0];
    if ((first != 4 && year < 1000) || !day || !month || !year || month > 12 ||
        !g_date_valid_dmy((GDateDay)MIN(day, 255), (GDateMonth)month, (GDateYear)year) ||
        (year == 1900 && month == 1 && day == 1))
        return NULL;
    return g_strdup_printf("%04u-%02u-%02u", year, month, day);
}

/* --- cells by value -------------------------------------------------------------------------- */

/* The value is no number or no day: the column may be the reason why a row can't be decided. */
static void doubt(sqlite3_context *context, sqlite3_value *column)
{
    const FunctionsWatch *watch = sqlite3_user_data(context);
    int place = column ? sqlite3_value_int(column) : -1;
    if (place >= 0)
        watch->doubts[place] = TRUE;
}

static void call_day(sqlite3_context *context, int count, sqlite3_value **values)
{
    const char *text = text_of(values[0]);
    char *iso = text ? function_day(text) : NULL;
    if (iso)
        sqlite3_result_text(context, iso, -1, g_free);
    else
        doubt(context, count > 1 ? values[1] : NULL);
}

static gboolean is_numeric(sqlite3_value *value)
{
    int type = sqlite3_value_type(value);
    return type == SQLITE_INTEGER || type == SQLITE_FLOAT;
}

static gboolean number_of(sqlite3_value *value, double *number)
{
    const char *text = text_of(value);
    if (is_numeric(value))
        *number = sqlite3_value_double(value);
    return is_numeric(value) || (text && cellnumber_parse(text, number));
}

/* Whole numbers as such, so that they are written without a fraction. */
static void give_number(sqlite3_context *context, double number)
{
    const double exact = 9007199254740992.0; /* 2^53 */
    if (number == (double)(gint64)CLAMP(number, -exact, exact))
        sqlite3_result_int64(context, (gint64)number);
    else
        sqlite3_result_double(context, number);
}

static void call_number(sqlite3_context *context, int count, sqlite3_value **values)
{
    double number;
    if (is_numeric(values[0]))
        sqlite3_result_value(context, values[0]);
    else if (number_of(values[0], &number))
        give_number(context, number);
    else
        doubt(context, count > 1 ? values[1] : NULL);
}

static void call_same(sqlite3_context *context, int count, sqlite3_value **values)
{
    const char *text = is_numeric(values[0]) ? NULL : text_of(values[0]);
    if (text && cellnumber_is_code(text))
        sqlite3_result_value(context, values[0]);
    else
        call_number(context, count, values);
}

/* -1, 0 or 1; FALSE when it can't be said, with the doubtful one of the two. */
static gboolean order_of(sqlite3_value *a, sqlite3_value *b, int *order, sqlite3_value **doubtful)
{
    double x, y;
    const char *left = text_of(a), *right = text_of(b);
    *doubtful = NULL;
    if (!left || !right)
        return FALSE;
    gboolean left_number = number_of(a, &x), right_number = number_of(b, &y);
    g_autofree char *left_day = left_number ? NULL : function_day(left),
                    *right_day = right_number ? NULL : function_day(right);
    gboolean left_value = left_number || left_day, right_value = right_number || right_day;
    if (left_value != right_value || !*left || !*right || left_number != right_number) {
        *doubtful = !*left || !left_value ? a : b;
        return FALSE;
    }
    int texts = strcmp(left_day ? left_day : left, right_day ? right_day : right);
    *order = left_number ? (x > y) - (x < y) : (texts > 0) - (texts < 0);
    return TRUE;
}

static void call_order(sqlite3_context *context, int count, sqlite3_value **values)
{
    int order;
    sqlite3_value *doubtful;
    (void)count;
    if (order_of(values[0], values[1], &order, &doubtful))
        sqlite3_result_int(context, order);
    else if (doubtful)
        doubt(context, doubtful == values[0] ? values[2] : values[3]);
}

static void call_between(sqlite3_context *context, int count, sqlite3_value **values)
{
    int least = 0, greatest = 0;
    sqlite3_value *doubtful;
    (void)count;
    gboolean from = order_of(values[0], values[1], &least, &doubtful);
    gboolean to = order_of(values[0], values[2], &greatest, &doubtful);
    if (from && to)
        sqlite3_result_int(context, least >= 0 && greatest <= 0);
    else if ((from && least < 0) || (to && greatest > 0))
        sqlite3_result_int(context, 0);
    else
        doubt(context, values[3]);
}

/* --- answers --------------------------------------------------------------------------------- */

static void call_answered(sqlite3_context *context, int count, sqlite3_value **values)
{
    const FunctionsWatch *watch = sqlite3_user_data(context);
    const char *question = text_of(values[0]), *choice = count > 1 ? text_of(values[1]) : NULL;
    Truth truth = TRUTH_UNKNOWN;
    if (watch->answers && watch->key && question && (count == 1 || choice))
        truth = watch->answers->ask(watch->answers->user, watch->key, question, choice);
    if (truth == TRUTH_UNKNOWN)
        watch->doubts[watch->answer] = TRUE;
    else
        sqlite3_result_int(context, truth == TRUTH_TRUE);
}

int functions_register(sqlite3 *db, FunctionsWatch *watch)
{
    static const struct {
        const char *name;
        int arguments;
        void (*call)(sqlite3_context *, int, sqlite3_value **);
        gboolean changes; /* or else it is the same for the same arguments, and notes no doubt */
    } functions[] = {{"like", 2, call_like, FALSE},
                     {"like", 3, call_like, FALSE},
                     {"lower", 1, call_lower, FALSE},
                     {"upper", 1, call_upper, FALSE},
                     {"today", 0, call_today, TRUE},
                     {"today", 1, call_today, TRUE},
                     {"day", 1, call_day, FALSE},
                     {"number", 1, call_number, FALSE},
                     {"answered", 1, call_answered, TRUE},
                     {"answered", 2, call_answered, TRUE},
                     {"cell_day", 2, call_day, TRUE},
                     {"cell_number", 2, call_number, TRUE},
                     {"cell_same", 2, call_same, TRUE},
                     {"cell_order", 4, call_order, TRUE},
                     {"cell_between", 4, call_between, TRUE}};
    int rc = sqlite3_create_collation_v2(db, FUNCTIONS_COLLATION, SQLITE_UTF8, NULL, compare, NULL);
    for (guint i = 0; rc == SQLITE_OK && i < G_N_ELEMENTS(functions); i++)
        rc = sqlite3_create_function_v2(db, functions[i].name, functions[i].arguments,
                                        SQLITE_UTF8 | SQLITE_INNOCUOUS |
                                            (functions[i].changes ? 0 : SQLITE_DETERMINISTIC),
                                        watch, functions[i].call, NULL, NULL, NULL);
    return rc;
}
