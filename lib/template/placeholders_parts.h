/* placeholders_parts - what the two halves of aside share
 *
 * Internal to aside.c and placeholders_text.c.
 */
#ifndef TEMPLATE_PLACEHOLDERS_PARTS_H
#define TEMPLATE_PLACEHOLDERS_PARTS_H

#include "template/placeholders.h"

struct Placeholders {
    char *source;
    gsize length;
    guint first_line;
    GArray *tags;   /* of AsideTag */
    guint room;     /* for how many */
    GString *text;  /* what cmark reads */
    GArray *lines;  /* of guint: the file's line of each line of `text` */
    GArray *starts; /* of gsize: where that line begins in `text` */
    char *prefix;   /* begins every word; stands nowhere in the source */
    char *file;
};

#endif
