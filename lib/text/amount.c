/* amount - how many and how long, as people say it */
#include "text/amount.h"

enum { LARGE = 10 }; /* of a unit: what is less than one of them is of no interest */

char *amount_number(guint64 number)
{
    char digits[24];
    GString *text = g_string_new(NULL);
    int length = g_snprintf(digits, sizeof digits, "%" G_GUINT64_FORMAT, number);
    for (int i = 0; i < length; i++) {
        if (i && (length - i) % 3 == 0)
            g_string_append_c(text, ',');
        g_string_append_c(text, digits[i]);
    }
    return g_string_free(text, FALSE);
}

const char *amount_form(guint64 number, const char *one, const char *many)
{
    return number == 1 ? one : many;
}

char *amount_of(guint64 number, const char *one, const char *many)
{
    g_autofree char *digits = amount_number(number);
    return g_strconcat(digits, " ", amount_form(number, one, many), NULL);
}

char *amount_duration(gint64 microseconds)
{
    static const struct {
        gint64 seconds;
        const char *one, *many;
    } units[] = {{86400, "day", "days"},
                 {3600, "hour", "hours"},
                 {60, "minute", "minutes"},
                 {1, "second", "seconds"}};
    gint64 seconds = microseconds / G_USEC_PER_SEC;
    for (gsize i = 0; i < G_N_ELEMENTS(units); i++) {
        gint64 count = seconds / units[i].seconds;
        if (count < 1)
            continue;
        g_autofree char *first = amount_of((guint64)count, units[i].one, units[i].many);
        gint64 rest = seconds % units[i].seconds;
        gint64 lesser = i + 1 < G_N_ELEMENTS(units) ? rest / units[i + 1].seconds : 0;
        if (!lesser || count >= LARGE)
            return g_steal_pointer(&first);
        g_autofree char *second = amount_of((guint64)lesser, units[i + 1].one, units[i + 1].many);
        return g_strconcat(first, " ", second, NULL);
    }
    return g_strdup("less than a second");
}
