/* othersheet - what the worksheets have that a workbook's reader passes over */
#include "sheet/othersheet.h"

#include "sheet/columns.h"

static gboolean has_name(void *user, char *const *cells, guint count)
{
    for (guint i = 0; i < count; i++)
        if (columns_is(cells[i], user))
            return TRUE;
    return FALSE;
}

/* More than half of the columns of the one that has fewer, and two at least. */
static gboolean has_columns(void *user, char *const *cells, guint count)
{
    guint same = 0, all = 0, named = 0;
    for (char *const *column = user; *column; column++, all++)
        same += has_name(*column, cells, count);
    for (guint i = 0; i < count; i++)
        named += *cells[i] != '\0';
    return same >= 2 && 2 * same > MIN(all, named);
}

static gboolean has_any(void *user, char *const *cells, guint count)
{
    (void)user, (void)cells;
    return count > 0;
}

void othersheet_report(Workbook *workbook, const char *shown, const char *const *columns,
                       Findings *findings)
{
    g_autofree char *other = workbook_other(workbook, has_columns, (gpointer)columns);
    if (other)
        findings_add(findings, FINDING_WARNING, shown, 0, "other-sheet",
                     "the worksheet '%s' has such columns, too, and isn't read: say which is meant "
                     "(sheet: '%s')",
                     other, workbook_sheet(workbook));
}

char *othersheet_with(Workbook *workbook, const char *column)
{
    g_autofree char *other = workbook_other(workbook, has_name, (gpointer)column);
    return other ? g_strdup_printf("the worksheet '%s' has it: is that one meant (sheet: '%s')?",
                                   other, other)
                 : NULL;
}

char *othersheet_filled(Workbook *workbook)
{
    g_autofree char *other = workbook_other(workbook, has_any, NULL);
    return other ? g_strdup_printf("; is the worksheet '%s' meant (sheet: '%s')?", other, other)
                 : NULL;
}
