/* functions - what a `where` expression may call, and how it compares */
#include "list/functions.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

static const char *const allowed[] = {
    "abs",    "coalesce",  "day",   "ifnull", "iif",    "instr",   "length", "like",
    "lower",  "ltrim",     "max",   "min",    "nullif", "replace", "round",  "rtrim",
    "substr", "substring", "today", "trim",   "typeof", "unicode", "upper",  NULL};

gboolean function_is_allowed(const char *name)
{
    g_autofree char *lower = g_ascii_strdown(name, -1);
    return g_strv_contains(allowed, lower);
}

const char *functions_list(void)
{
    static char *list;
    if (g_once_init_enter(&list))
        g_once_init_leave(&list, g_strjoinv(", ", (char **)allowed));
    return list;
}

/* --- order ----------------------------------------------------------------------------------- */

enum { NUMBER_MAX = 40 }; /* characters; longer is no number that anyone compares */

/* Whether it is a plain decimal: a sign, digits, a fraction. "1e5" and "0x10" are text: cells that
 * look so are codes. */
gboolean function_number(const char *text, gsize length, double *number)
{
    char copy[NUMBER_MAX + 1];
    gsize at = 0;
    guint digits = 0;
    if (length > NUMBER_MAX)
        return FALSE;
    at += at < length && (text[at] == '-' || text[at] == '+');
    for (; at < length && g_ascii_isdigit(text[at]); at++)
        digits++;
    if (digits && at < length && text[at] == '.')
        for (at++, digits = 0; at < length && g_ascii_isdigit(text[at]); at++)
            digits++;
    if (at < length || !digits)
        return FALSE;
    memcpy(copy, text, length);
    copy[length] = '\0';
    *number = g_ascii_strtod(copy, NULL);
    return TRUE;
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

/* Greedy with one step back to the last %: O(text x pattern) at worst, where SQLite's own recurses
 * for each %. */
static gboolean is_like(const char *pattern, const char *text, gunichar escape)
{
    const char *after_any = NULL, *retry = NULL;
    while (*text) {
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
            return FALSE;
        }
    }
    while (*pattern == '%' && escape != '%')
        pattern++;
    return !*pattern;
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
    sqlite3_result_int(context, is_like(pattern, text, g_utf8_get_char(escape)));
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

static void call_today(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    (void)values;
    g_autoptr(GDateTime) now = g_date_time_new_from_unix_local(clock_now() / G_USEC_PER_SEC);
    sqlite3_result_text(context, g_date_time_format(now, "%Y-%m-%d"), -1, g_free);
}

/* The digits at text[at..at+count), or -1. */
static int digits(const char *text, int at, int count)
{
    int number = 0;
    for (int i = at; i < at + count; i++) {
        if (!g_ascii_isdigit(text[i]))
            return -1;
        number = number * 10 + (text[i] - '0');
    }
    return number;
}

char *function_day(const char *text)
{
    int year = -1, month = -1, day = -1;
    if (strlen(text) == 10 && text[4] == '-' && text[7] == '-') {
        year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2);
    } else if (strlen(text) == 10 && text[2] == text[5] && (text[2] == '-' || text[2] == '/')) {
        day = digits(text, 0, 2), month = digits(text, 3, 2), year = digits(text, 6, 4);
    }
    if (day <= 0 || month <= 0 || year <= 0 || month > 12 ||
        !g_date_valid_dmy((GDateDay)day, (GDateMonth)month, (GDateYear)year) ||
        (year == 1900 && month == 1 && day == 1))
        return NULL;
    return g_strdup_printf("%04d-%02d-%02d", year, month, day);
}

static void call_day(sqlite3_context *context, int count, sqlite3_value **values)
{
    const char *text = text_of(values[0]);
    (void)count;
    if (!text)
        return;
    g_autofree char *iso = function_day(text);
    sqlite3_result_text(context, iso ? iso : "", -1, SQLITE_TRANSIENT);
}

int functions_register(sqlite3 *db)
{
    static const struct {
        const char *name;
        int arguments;
        void (*call)(sqlite3_context *, int, sqlite3_value **);
        gboolean changes;
    } functions[] = {{"like", 2, call_like, FALSE},   {"like", 3, call_like, FALSE},
                     {"lower", 1, call_lower, FALSE}, {"upper", 1, call_upper, FALSE},
                     {"today", 0, call_today, TRUE},  {"day", 1, call_day, FALSE}};
    int rc = sqlite3_create_collation_v2(db, FUNCTIONS_COLLATION, SQLITE_UTF8, NULL, compare, NULL);
    for (guint i = 0; rc == SQLITE_OK && i < G_N_ELEMENTS(functions); i++)
        rc = sqlite3_create_function_v2(db, functions[i].name, functions[i].arguments,
                                        SQLITE_UTF8 | SQLITE_INNOCUOUS |
                                            (functions[i].changes ? 0 : SQLITE_DETERMINISTIC),
                                        NULL, functions[i].call, NULL, NULL, NULL);
    return rc;
}
