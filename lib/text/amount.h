/* amount - how many and how long, as people say it
 *
 * In English, with a comma between thousands, whatever the locale.
 */
#ifndef TEXT_AMOUNT_H
#define TEXT_AMOUNT_H

#include <glib.h>

/* 24000 -> "24,000". Newly allocated. */
char *amount_number(guint64 number);

/* "1 letter", "24,000 letters". Newly allocated. */
char *amount_of(guint64 number, const char *one, const char *many);

/* The form of a word beside a number that is written already: "is" or "are", "" or "s". Borrowed. */
const char *amount_form(guint64 number, const char *one, const char *many);

/* "18 minutes", "2 hours 5 minutes": the two largest units, the lesser one only beside a single
 * digit; "less than a second" for less. Newly allocated. */
char *amount_duration(gint64 microseconds);

#endif
