/* naming - the id of a mailing, by its update, and by what it says to whom
 */
#ifndef RUN_NAMING_H
#define RUN_NAMING_H

#include <glib.h>

/* "autumn-update-2-7c2e91" of "updates/Autumn update 2.md", the audience and the hash of the
 * content;
 * "...-2" behind it for a second copy. Newly allocated. */
char *naming_id(const char *update, const char *audience, const char *content, guint copy);

#endif
