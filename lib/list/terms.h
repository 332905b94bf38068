/* terms - a sheet of school terms or of holidays, and whether a day lies in one
 *
 *   name,from,to
 *   Autumn 1,2026-09-01,2026-10-23
 *
 * Days as text/day.h reads them; both belong to the term. Columns in any order, others are ignored.
 */
#ifndef LIST_TERMS_H
#define LIST_TERMS_H

#include "text/day.h"
#include "sheet/sheet.h"

enum { TERMS_MAX = 500 };

typedef struct {
    char *name;
    Day from, to;
    guint line;
} Term;

typedef struct Terms Terms;

/* Reads. NULL with `error` as sheet_open and sheet_read, or DATA when a column is missing or there
 * are over TERMS_MAX. Findings, errors by file and line: "bad-date", "term-backwards" (it ends
 * before it begins), "term-overlap"; a row with one is left out. "no-terms" when none is left. */
Terms *terms_read(const SheetSpec *spec, Findings *findings, GError **error);

/* The same of a sheet of holidays: a day each in the column "date" (or "day"), or the days "from"
 * and "to"; "name" (or "title") if there is one. They may overlap, and be none. */
Terms *terms_read_holidays(const SheetSpec *spec, Findings *findings, GError **error);
void terms_free(Terms *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Terms, terms_free)

/* The term that holds the day, or NULL; the first that begins after it, or NULL. Borrowed. */
const Term *terms_at(const Terms *self, Day day);
const Term *terms_after(const Terms *self, Day day);

#endif
