/* leftover - what a spreadsheet or another program left in a cell in place of a value */
#include "base/leftover.h"

#include <glib.h>
#include <string.h>

/* Whole values that only a program writes; letters of any case. */
static const char *const ERRORS[] = {"#n/a",
                                     "#n/a n/a",
                                     "#ref!",
                                     "#value!",
                                     "#name?",
                                     "#div/0!",
                                     "#null!",
                                     "#num!",
                                     "#spill!",
                                     "#calc!",
                                     "#field!",
                                     "#error!",
                                     "#blocked!",
                                     "#connect!",
                                     "#unknown!",
                                     "#busy!",
                                     "#python!",
                                     "#external!",
                                     "#nv",
                                     "#wert!",
                                     "#bezug!",
                                     "#zahl!",
                                     "#nom?",
                                     "#valeur!",
                                     "#nombre!",
                                     "#getting_data",
                                     "loading...",
                                     "loading\u2026",
                                     "[object object]",
                                     "undefined",
                                     "(null)",
                                     NULL};

/* Whole values that say that there is none: as programs write it (Null and Nan are names), */
static const char *const DOUBTS[] = {"NULL", "null", "None", "nan", "NaN", "N/A", "n/a", NULL};

/* and as people do, letters of any case. */
static const char *const VACANT[] = {"tbc",
                                     "tba",
                                     "tbd",
                                     "to be confirmed",
                                     "vacant",
                                     "vacancy",
                                     "unknown",
                                     "to be announced",
                                     "to be advised",
                                     "not known",
                                     "not applicable",
                                     NULL};

static gboolean is_all(const char *value, const char *of, gsize least)
{
    gsize length = strlen(value);
    return length >= least && strspn(value, of) == length;
}

/* "Err:502", as LibreOffice has it. */
static gboolean is_calc_error(const char *value)
{
    return g_str_has_prefix(value, "Err:") && is_all(value + 4, "0123456789", 3);
}

/* "_x000D_", which Excel writes for characters that XML can't hold. */
static gboolean has_escape(const char *value)
{
    for (const char *at = value; (at = strstr(at, "_x")); at += 2)
        if (strspn(at + 2, "0123456789ABCDEFabcdef") == 4 && at[6] == '_')
            return TRUE;
    return FALSE;
}

/* "&amp;", "&#39;" */
static gboolean has_entity(const char *value)
{
    for (const char *at = value; (at = strchr(at, '&')); at++) {
        const char *name = at + 1 + (at[1] == '#');
        gsize length =
            strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
        if (length >= 2 && length <= 8 && name[length] == ';')
            return TRUE;
    }
    return FALSE;
}

Leftover leftover_find(const char *value)
{
    enum { LONGEST = 20 };
    if (strlen(value) <= LONGEST) {
        g_autofree char *lower = g_ascii_strdown(value, -1);
        if (g_strv_contains(ERRORS, lower) || is_all(value, "#", 3) || is_calc_error(value))
            return LEFTOVER_ERROR;
        if (g_strv_contains(DOUBTS, value) || g_strv_contains(VACANT, lower))
            return LEFTOVER_DOUBT;
    }
    if (strstr(value, "{{") || strstr(value, "<<") || g_str_has_prefix(value, "=\"") ||
        has_escape(value))
        return LEFTOVER_ERROR;
    return has_entity(value) ? LEFTOVER_DOUBT : LEFTOVER_NONE;
}
