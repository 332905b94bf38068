/* audience_names - the audiences of a mailing, named in one text: "heads, ceos" */
#ifndef FACT_AUDIENCE_NAMES_H
#define FACT_AUDIENCE_NAMES_H

#include <glib.h>

/* The names in such a text, to be freed with g_strfreev; and the text of several names. */
char **audience_names_split(const char *names);
char *audience_names_join(const char *const *names);

#endif
