/* guess - what a sheet most likely is: its key, addresses and names, and what lies beside it
 *
 * Written as the part of a config that reads it, with what was seen as comments. A proposal for a
 * person to look through, never something that is acted upon.
 */
#ifndef LIST_GUESS_H
#define LIST_GUESS_H

#include <glib.h>

enum {
    GUESS_ROWS_MAX = 20000, /* rows that are looked at */
    GUESS_FILES_MAX = 30,   /* sheets in the same folder that are */
};

/* The lists: and audiences: of a config for the sheet, newly allocated. `shown` is how the config is
 * to name it; sheets beside it are named in the same folder. NULL as sheet_open and sheet_read, and
 * with DATA when neither it nor a sheet that goes with it holds addresses. */
char *guess_config(const char *file, const char *shown, GError **error);

#endif
