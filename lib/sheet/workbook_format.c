/* workbook_format - a number of a workbook as its number format shows it */
#include "sheet/workbook_format.h"

#include <math.h>
#include <string.h>

enum {
    PLACES_MAX = 100,   /* digits that a format can ask for */
    LAST_DAY = 2958465, /* 9999-12-31 */
    DAY_SECONDS = 24 * 60 * 60,
    DAYS_1904 = 1462, /* between the two bases */
};

const char *format_builtin(guint id)
{
    static const struct {
        guint first, last;
        const char *code;
    } codes[] = {
        {1, 1, "0"},
        {2, 2, "0.00"},
        {3, 3, "#,##0"},
        {4, 4, "#,##0.00"},
        {9, 9, "0%"},
        {10, 10, "0.00%"},
        {11, 11, "0.00E+00"},
        {14, 17, "d/m/yyyy"},
        {18, 21, "h:mm:ss"},
        {22, 22, "d/m/yyyy h:mm"},
        {27, 31, "yyyy/m/d"},
        {32, 35, "h:mm:ss"},
        {36, 36, "yyyy/m/d"},
        {37, 38, "#,##0;-#,##0"},
        {39, 40, "#,##0.00;-#,##0.00"},
        {45, 45, "mm:ss"},
        {46, 46, "[h]:mm:ss"},
        {47, 47, "mm:ss.0"},
        {50, 58, "yyyy/m/d"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(codes); i++)
        if (id >= codes[i].first && id <= codes[i].last)
            return codes[i].code;
    return "General";
}

/* --- what a format is made of ----------------------------------------------------------------- */

/* The bytes of the literal or bracket at `code`, or 0 when it is none of the two. */
static gsize literal_length(const char *code)
{
    const char *end = NULL;
    if (*code == '"')
        end = strchr(code + 1, '"');
    else if (*code == '[')
        end = strchr(code, ']');
    else if (strchr("\\_*", *code))
        return code[1] ? 1 + (gsize)(g_utf8_next_char(code + 1) - (code + 1)) : 1;
    else
        return 0;
    return end ? (gsize)(end + 1 - code) : strlen(code);
}

static gboolean is_elapsed(const char *code, gsize length) /* [h], [mm], [ss] */
{
    return length > 2 && *code == '[' && strspn(code + 1, "hHmMsS") == length - 2;
}

/* A condition ("[>100]") chooses by the number; it isn't followed. */
static gboolean is_condition(const char *code)
{
    return *code == '[' && code[1] && strchr("<>=", code[1]);
}

/* The section of a format for a number: positive;negative;zero. `*alone` says that a negative number
 * has to bring its sign itself. Newly allocated; NULL for a format that isn't followed. */
static char *choose_section(const char *code, double number, gboolean *signed_here)
{
    const char *starts[4] = {code};
    gsize lengths[4];
    guint count = 0;
    const char *at = code;
    while (*at && count < 3) {
        gsize skip = literal_length(at);
        if (is_condition(at))
            return NULL;
        if (!skip && *at == ';') {
            lengths[count] = (gsize)(at - starts[count]);
            starts[++count] = at + 1;
        }
        at += skip ? skip : 1;
    }
    lengths[count] = strlen(starts[count]);
    guint chosen = 0;
    if (number < 0 && count >= 1)
        chosen = 1;
    else if (number == 0 && count >= 2)
        chosen = 2;
    *signed_here = chosen == 1;
    return g_strndup(starts[chosen], lengths[chosen]);
}

typedef struct {
    gboolean day, time, elapsed, number, other, general;
    guint whole, least;         /* places before the point; those that are 0 */
    guint decimals, most_zeros; /* places behind it; those that are always shown */
    gboolean point, thousands;
    guint percents, scaled; /* by thousand, for commas at the end */
} Shape;

static void note_place(Shape *shape, char place)
{
    shape->number = TRUE;
    if (shape->point) {
        shape->decimals++;
        if (place == '0')
            shape->most_zeros = shape->decimals;
        return;
    }
    shape->thousands |= shape->scaled > 0; /* the comma stood between places */
    shape->scaled = 0;
    shape->whole++;
    if (place == '0' || shape->least)
        shape->least++;
}

/* An m is months or minutes: what stands beside it says which. */
static void note_letter(Shape *shape, const char *code)
{
    char letter = g_ascii_tolower(*code);
    if (strchr("yd", letter) ||
        (letter == 'm' && g_ascii_tolower(code[1]) == 'm' && g_ascii_tolower(code[2]) == 'm'))
        shape->day = TRUE;
    else if (strchr("hs", letter))
        shape->time = TRUE;
    else if (strchr("e/", letter))
        shape->other = TRUE;
}

static gboolean has_month_only(const char *section)
{
    return !strpbrk(section, "0#?") && strpbrk(section, "mM");
}

static void survey(const char *section, Shape *shape)
{
    for (const char *at = section; *at;) {
        gsize skip = literal_length(at);
        if (skip) {
            shape->elapsed |= is_elapsed(at, skip);
            at += skip;
            continue;
        }
        if (g_ascii_strncasecmp(at, "General", 7) == 0) {
            shape->general = TRUE;
            at += 7;
            continue;
        }
        if (g_ascii_strncasecmp(at, "AM/PM", 5) == 0) {
            shape->time = TRUE;
            at += 5;
            continue;
        }
        if (strchr("0#?", *at))
            note_place(shape, *at);
        else if (*at == '.' && shape->number)
            shape->point = TRUE;
        else if (*at == ',' && shape->number)
            shape->scaled++;
        else if (*at == '%')
            shape->percents++;
        else
            note_letter(shape, at);
        at++;
    }
    if (!shape->day && !shape->time && !shape->number && !shape->elapsed && !shape->general)
        shape->day = has_month_only(section);
}

/* --- days and times --------------------------------------------------------------------------- */

static void append_clock(GString *out, gint64 hours, gint64 seconds, gboolean always_seconds)
{
    g_string_append_printf(out, "%02" G_GINT64_FORMAT ":%02d", hours, (int)(seconds / 60 % 60));
    if (always_seconds || seconds % 60)
        g_string_append_printf(out, ":%02d", (int)(seconds % 60));
}

static void append_moment(GString *out, double number, const Shape *shape, gboolean from_1904)
{
    if (from_1904)
        number += DAYS_1904;
    if (!(number >= 0) || number >= LAST_DAY + 1) {
        g_string_append(out, "########");
        return;
    }
    gint64 seconds = (gint64)floor(number * DAY_SECONDS + 0.5);
    gint64 day = seconds / DAY_SECONDS;
    seconds %= DAY_SECONDS;
    if (shape->day) {
        /* Excel has a 29 February 1900, as Lotus had: up to there its days are one behind. */
        if (day == 60 || day == 0) {
            g_string_append(out, day ? "1900-02-29" : "1900-01-00");
        } else {
            GDate date;
            g_date_clear(&date, 1);
            g_date_set_julian(&date, (guint32)(day + 693594 + (day < 60)));
            g_string_append_printf(out, "%04d-%02d-%02d", g_date_get_year(&date),
                                   g_date_get_month(&date), g_date_get_day(&date));
        }
    }
    if (shape->day && (!shape->time || !seconds))
        return;
    if (shape->day)
        g_string_append_c(out, ' ');
    append_clock(out, seconds / 3600, seconds, FALSE);
}

static void append_elapsed(GString *out, double number)
{
    gint64 seconds = (gint64)floor(fabs(number) * DAY_SECONDS + 0.5);
    if (fabs(number) > LAST_DAY) {
        g_string_append(out, "########");
        return;
    }
    if (number < 0)
        g_string_append_c(out, '-');
    append_clock(out, seconds / 3600, seconds, FALSE);
}

/* --- numbers ---------------------------------------------------------------------------------- */

static void append_general(GString *out, double number)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    /* Excel keeps 15 digits and shows a long whole number (a telephone's) as one. */
    if (number == floor(number) && fabs(number) < 1e15)
        g_ascii_formatd(text, sizeof text, "%.0f", number == 0 ? 0 : number);
    else
        g_ascii_formatd(text, sizeof text, "%.15g", number);
    g_string_append(out, text);
}

/* The digits before and behind the point, without those that the format doesn't show. */
static void make_digits(double number, const Shape *shape, GString *whole, GString *behind)
{
    char form[16];
    g_autofree char *text = g_malloc(512);
    g_snprintf(form, sizeof form, "%%.%uf", MIN(shape->decimals, 30u));
    /* Halves go up, as in Excel: 0.145 by 0.00 is 0.15, though as a double it is a bit less. */
    double nudged = number * (1 + 1e-15);
    g_ascii_formatd(text, 512, form, nudged);
    const char *point = strchr(text, '.');
    g_string_append_len(whole, text, point ? point - text : (gssize)strlen(text));
    if (strcmp(whole->str, "0") == 0)
        g_string_truncate(whole, 0); /* "#" shows nothing for it */
    g_string_append(behind, point ? point + 1 : "");
    while (behind->len > shape->most_zeros && behind->str[behind->len - 1] == '0')
        g_string_truncate(behind, behind->len - 1);
    while (whole->len < shape->least)
        g_string_prepend_c(whole, '0');
}

/* What a literal or bracket shows: "[$£-809]" is a pound sign, colours are nothing. */
static void append_literal(GString *out, const char *code, gsize length)
{
    if (*code == '"')
        g_string_append_len(out, code + 1,
                            (gssize)length - 1 - (length > 1 && code[length - 1] == '"'));
    else if (*code == '\\')
        g_string_append_len(out, code + 1, (gssize)length - 1);
    else if (*code == '_')
        g_string_append_c(out, ' ');
    else if (g_str_has_prefix(code, "[$"))
        g_string_append_len(out, code + 2, (gssize)strcspn(code + 2, "-]"));
}

/* The digits of the whole part that belong to one place: the first takes all that are over. */
static void append_whole(GString *out, const GString *digits, guint place, const Shape *shape)
{
    gsize from = digits->len + place < shape->whole ? 0 : digits->len + place - shape->whole;
    gsize end = digits->len + place + 1 < shape->whole ? 0 : digits->len + place + 1 - shape->whole;
    for (gsize i = place ? from : 0; i < end; i++) {
        gsize left = digits->len - i;
        if (shape->thousands && i && left % 3 == 0)
            g_string_append_c(out, ',');
        g_string_append_c(out, digits->str[i]);
    }
}

static void append_places(GString *out, double number, const char *section, const Shape *shape)
{
    g_autoptr(GString) whole = g_string_new(NULL);
    g_autoptr(GString) behind = g_string_new(NULL);
    guint place = 0;
    gsize decimal = 0;
    gboolean point = FALSE, started = FALSE;
    make_digits(number, shape, whole, behind);
    for (const char *at = section; *at;) {
        gsize skip = literal_length(at);
        if (skip) {
            append_literal(out, at, skip);
        } else if (strchr("0#?", *at)) {
            started = TRUE;
            if (!point)
                append_whole(out, whole, place++, shape);
            else if (decimal < behind->len)
                g_string_append_c(out, behind->str[decimal++]);
        } else if (*at == '.' && started && !point) {
            point = TRUE;
            g_string_append_c(out, '.');
        } else if (*at != ',' || !started) {
            g_string_append_c(out, *at);
        }
        at += skip ? skip : 1;
    }
}

/* A section with General or only literals in it: "General", "\"n/a\"". */
static void append_words(GString *out, double number, const char *section)
{
    for (const char *at = section; *at;) {
        gsize skip = literal_length(at);
        if (skip) {
            append_literal(out, at, skip);
        } else if (g_ascii_strncasecmp(at, "General", 7) == 0) {
            append_general(out, number);
            skip = 7;
        } else if (*at == '@') {
            append_general(out, number);
        } else {
            g_string_append_c(out, *at);
        }
        at += skip ? skip : 1;
    }
}

void format_number(GString *out, double number, const char *code, gboolean from_1904)
{
    gboolean signed_here = FALSE;
    Shape shape = {0};
    if (strcmp(code, "General") == 0 || strcmp(code, "@") == 0 || !isfinite(number) ||
        strlen(code) > FORMAT_CODE_MAX) {
        append_general(out, number);
        return;
    }
    g_autofree char *section = choose_section(code, number, &signed_here);
    if (section)
        survey(section, &shape);
    if (section && (shape.day || (shape.time && !shape.elapsed))) {
        append_moment(out, number, &shape, from_1904);
    } else if (section && shape.elapsed) {
        append_elapsed(out, number);
    } else if (!section || shape.other || shape.whole + shape.decimals > PLACES_MAX ||
               fabs(number) > 1e200) {
        append_general(out, number);
    } else if (!shape.number) {
        if (number < 0 && !signed_here && shape.general)
            append_words(out, number, section);
        else
            append_words(out, fabs(number), section);
    } else {
        double shown = fabs(number) * pow(100, shape.percents) / pow(1000, shape.scaled);
        gsize start = out->len;
        append_places(out, shown, section, &shape);
        gboolean is_zero = !strpbrk(out->str + start, "123456789");
        if (number < 0 && !signed_here && !is_zero)
            g_string_insert_c(out, (gssize)start, '-');
    }
}
