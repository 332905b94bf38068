/* audience_names - the audiences of a mailing, named in one text: "heads, ceos" */
#include "fact/audience_names.h"

char **audience_names_split(const char *names)
{
    g_auto(GStrv) parts = g_strsplit_set(names, ", \t", -1);
    GPtrArray *found = g_ptr_array_new();
    for (char **part = parts; *part; part++)
        if (**part)
            g_ptr_array_add(found, g_strdup(*part));
    g_ptr_array_add(found, NULL);
    return (char **)g_ptr_array_free(found, FALSE);
}

char *audience_names_join(const char *const *names)
{
    return g_strjoinv(", ", (char **)names);
}
