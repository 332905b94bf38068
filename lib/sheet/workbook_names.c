/* workbook_names - the worksheets that a workbook has, and which of them is meant */
#include "sheet/workbook_names.h"

#include <string.h>

#include "base/error.h"

enum { NAMED = 12 }; /* how many a message names */

struct WorkbookNames {
    GArray *names; /* of WorkbookName */
};

static void clear_name(gpointer data)
{
    WorkbookName *name = data;
    g_free(name->name);
    g_free(name->path);
}

WorkbookNames *workbook_names_new(void)
{
    WorkbookNames *self = g_new0(WorkbookNames, 1);
    self->names = g_array_new(FALSE, FALSE, sizeof(WorkbookName));
    g_array_set_clear_func(self->names, clear_name);
    return self;
}

void workbook_names_free(WorkbookNames *self)
{
    if (!self)
        return;
    g_array_unref(self->names);
    g_free(self);
}

gboolean workbook_names_add(WorkbookNames *self, const char *name, const char *path,
                            gboolean hidden)
{
    WorkbookName added = {g_strdup(name), g_strdup(path), hidden};
    g_array_append_val(self->names, added);
    return self->names->len <= WORKBOOK_SHEETS_MAX;
}

static char *fold(const char *name)
{
    g_autofree char *normal = g_utf8_normalize(name, -1, G_NORMALIZE_NFC);
    return g_utf8_casefold(normal ? normal : name, -1);
}

static void refuse(const WorkbookNames *self, const char *shown, const char *wanted, GError **error)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new();
    for (guint i = 0; i < MIN(self->names->len, NAMED); i++)
        g_ptr_array_add(all, g_array_index(self->names, WorkbookName, i).name);
    if (self->names->len > NAMED)
        g_ptr_array_add(all, (gpointer) "\u2026");
    g_ptr_array_add(all, NULL);
    g_autofree char *names = g_strjoinv("', '", (char **)all->pdata);
    if (!self->names->len)
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA, "%s: has no worksheet", shown);
    else if (wanted)
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA,
                    "%s: has no worksheet '%s', which the config names; it has '%s'", shown, wanted,
                    names);
    else
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA,
                    "%s: all its worksheets are hidden: name one of them (sheet: '%s')", shown,
                    g_array_index(self->names, WorkbookName, 0).name);
}

const WorkbookName *workbook_names_choose(const WorkbookNames *self, const char *shown,
                                          const char *wanted, GError **error)
{
    g_autofree char *folded = wanted ? fold(wanted) : NULL;
    for (guint i = 0; i < self->names->len; i++) {
        const WorkbookName *name = &g_array_index(self->names, WorkbookName, i);
        g_autofree char *candidate = fold(name->name);
        if (wanted ? strcmp(candidate, folded) == 0 : !name->hidden)
            return name;
    }
    refuse(self, shown, wanted, error);
    return NULL;
}

const WorkbookName *workbook_names_at(const WorkbookNames *self, guint number)
{
    return number < self->names->len ? &g_array_index(self->names, WorkbookName, number) : NULL;
}
