/* language - English and UTF-8 from the program and its libraries, whatever the locale */
#include "language.h"

#include <glib.h>
#include <locale.h>

void language_settle(void)
{
    /* Not LC_ALL=C.UTF-8: there glibc 2.36 still translates for whoever has set LANGUAGE. And no
     * other category from the environment: GLib sorts, folds (I is no i in Turkish) and names days
     * by them, GMime guesses at charsets. */
    static const char *const utf8[] = {"C.UTF-8", "C.utf8", "en_GB.UTF-8", "en_US.UTF-8"};
    setlocale(LC_ALL, "C");
    for (gsize i = 0; i < G_N_ELEMENTS(utf8); i++)
        if (setlocale(LC_CTYPE, utf8[i]))
            break;
    g_unsetenv("CHARSET"); /* GLib would believe it before the locale */
}
