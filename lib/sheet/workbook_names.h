/* workbook_names - the worksheets that a workbook has, and which of them is meant
 */
#ifndef SHEET_WORKBOOK_NAMES_H
#define SHEET_WORKBOOK_NAMES_H

#include <glib.h>

enum { WORKBOOK_SHEETS_MAX = 1000 };

typedef struct {
    char *name, *path;
    gboolean hidden;
} WorkbookName;

typedef struct WorkbookNames WorkbookNames;

WorkbookNames *workbook_names_new(void);
void workbook_names_free(WorkbookNames *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WorkbookNames, workbook_names_free)

/* Adds one, in the workbook's order; `path` may be NULL. FALSE over WORKBOOK_SHEETS_MAX. */
gboolean workbook_names_add(WorkbookNames *self, const char *name, const char *path,
                            gboolean hidden);

/* The one called `wanted`, hidden or not, in upper or lower case, as Excel has it; with NULL the
 * first that isn't hidden. Borrowed. NULL with DATA, which names those that there are; `shown` is the
 * workbook. */
const WorkbookName *workbook_names_choose(const WorkbookNames *self, const char *shown,
                                          const char *wanted, GError **error);

/* The one of that number, from 0; NULL behind the last. */
const WorkbookName *workbook_names_at(const WorkbookNames *self, guint number);

#endif
