/* sortkey - cells put in the order that people expect, the same on every machine
 *
 * A key compares by its bytes. Empty cells come first, then numbers by value, then days
 * (where/functions.h: 31/08/2019, 31-08-2019, 2019-08-31) by the calendar, then texts: without
 * regard to case, accents, apostrophes and full stops, and with the numbers in them by value ("Year
 * 2" before "Year 10"). No locale has a say in it, so that a plan made on another machine is the
 * same plan.
 */
#ifndef LIST_SORTKEY_H
#define LIST_SORTKEY_H

#include <glib.h>

/* Appends the key of a cell; cells that are equal for people have one key. */
void sortkey_append(GString *out, const char *text);

#endif
