/* location - where something stands: a file, a line of it, or a cell of a worksheet
 */
#ifndef BASE_LOCATION_H
#define BASE_LOCATION_H

#include <glib.h>

enum { LOCATION_LETTERS = 8 }; /* bytes for the letters of a column */

typedef struct {
    const char *file; /* as the user would write it, or NULL; borrowed */
    guint line;       /* from 1, or 0 for the whole file */
    guint column;     /* of a worksheet: its column from 1; else 0 */
} Location;

/* "lists/heads.csv:17", of a cell "lists/heads.xlsx:Heads!C17", "lists/heads.csv", ""; newly
 * allocated. */
char *location_text(const Location *self);

/* Whether a Location's file is that one, or a worksheet of it ("lists/heads.xlsx:Heads"); both may be
 * NULL. */
gboolean location_is_in(const char *place, const char *file);

/* The cell as Excel calls it, "C17"; NULL for what is none. Newly allocated. */
char *location_cell(const Location *self);

/* 3 as C; `letters` has room for LOCATION_LETTERS. */
void location_letters(guint column, char *letters);

#endif
