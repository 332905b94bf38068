/* extremes_parts - what the files extremes*.c share; private to them
 */
#ifndef RUN_EXTREMES_PARTS_H
#define RUN_EXTREMES_PARTS_H

#include "run/extremes.h"

/* A recipient who was the extreme of something, as long as nobody outdoes them. */
typedef struct {
    gboolean is_set;
    gint64 measure; /* characters or rows */
    guint64 place;
    guint64 has; /* a bit a field: something in it */
    char *key, *address;
    const char *file;
    guint line;
} Sighting;

typedef struct {
    const char *name; /* interned */
    const char *rows; /* of the rows in this field, or NULL; interned */
    gboolean is_text, is_flag, is_rows;
    gint64 shortest;
    Sighting longest, most, fewest, with, without;
} Field;

struct Extremes {
    const char **names; /* interned, NULL-terminated */
    Field fields[EXTREMES_FIELDS_MAX];
    guint n_fields;
    guint64 seen;
    Sighting first, name;
    Sighting
        random[EXTREMES_MAX];   /* with the lowest lots, the lowest first: one of so many isn't */
    guint64 lots[EXTREMES_MAX]; /* chosen for another reason */
};

/* All of a field's sightings. */
#define EXTREMES_SIGHTINGS(f)                                                                      \
    {                                                                                              \
        &(f)->longest, &(f)->most, &(f)->fewest, &(f)->with, &(f)->without                         \
    }

#endif
