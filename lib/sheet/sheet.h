/* sheet - a CSV file or a worksheet of named columns, read as a stream
 *
 * What the file holds decides, not its name: a workbook (sheet/workbook.h), or text whose encoding and
 * delimiter are found out. Columns are known by the names in the first line, in any order. Every row
 * comes with as many cells as there are columns, cleaned (sheet/cell.h), and with the line it begins
 * on; what is odd about it is a finding. A file is never held in memory.
 */
#ifndef SHEET_SHEET_H
#define SHEET_SHEET_H

#include <glib.h>

#include "base/finding.h"
#include "base/location.h"

enum {
    SHEET_BYTES_MAX = 200 << 20,
};

typedef struct {
    const char *file;      /* the CSV or workbook; opened as given */
    const char *shown;     /* how findings call it, as in the config */
    const char *encoding;  /* "auto" (NULL too) or another of sheet/encoding.h */
    const char *delimiter; /* "auto", ",", ";" or "tab"; NULL is "auto" */
    const char *sheet;     /* of a workbook: the worksheet; NULL is the first that isn't hidden */
} SheetSpec;

typedef struct Sheet Sheet;

/* Opens, surveys the whole file for its encoding and reads the first line. NULL with NOINPUT if it
 * can't be opened; IO; CONFIG for an unknown encoding or delimiter; else DATA with file, line and
 * a fix: a folder or device, over SHEET_BYTES_MAX (said at once), what sheet/encoding.h and
 * sheet/columns.h refuse, no first line. */
Sheet *sheet_open(const SheetSpec *spec, GError **error);
void sheet_close(Sheet *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Sheet, sheet_close)

/* How findings call it, and the line of the column names. */
const char *sheet_shown(const Sheet *self);
guint sheet_header_line(const Sheet *self);

/* The names of the columns in the file's order, trimmed, NFC; NULL-terminated, borrowed. */
const char *const *sheet_columns(const Sheet *self);
guint sheet_width(const Sheet *self);

/* Of a worksheet: the number of a column in it, from 1. Of a CSV file 0. */
guint sheet_column_number(const Sheet *self, guint column);

/* Where a column's cell of a line stands. */
Location sheet_location(const Sheet *self, guint line, guint column);

/* The place of a column by its exact name (as NFC), or -1. */
int sheet_find(const Sheet *self, const char *name);

/* What to say after "no column 'x'": that several columns have the name, that the line is one cell
 * because of the delimiter, which line looks like the line of names, or which columns there are.
 * Newly allocated. */
char *sheet_explain(const Sheet *self, const char *name);

/* Where a row begins, how many of its characters were replaced, and whether some that would have turned
 * its words round (garble_reverses) were left out. */
typedef struct {
    guint line;
    guint controls;
    guint control_cell; /* the first of the row that had one, from 0 */
    gboolean reversed;
    guint reversed_cell; /* the last of the row that was */
} SheetLine;

/* One row: sheet_width() cells, borrowed until the callback returns, which may change them. FALSE
 * with `error` set stops the reading. */
typedef gboolean (*SheetRow)(void *user, const SheetLine *at, char **cells, GError **error);

/* Reads all rows from the first; may be called again. Rows without any value are passed over.
 * Findings:
 *   warning short-row  fewer cells than columns: the others are empty
 *   error   long-row   a value beyond the last column; the row isn't given
 *   warning encoding   read as Windows-1252, and yet a line looks like UTF-8
 *   error   code-page  read as Windows-1252, and looks like another code page: it says which
 *   note    column     columns without a name, or with the name of another, that hold values; a
 *                      line that says the names once more, which is passed over
 * FALSE with IO, with DATA "file:line" (base/rows.h), with TEMPORARY when the file changed
 * meanwhile, or with what the callback set. */
gboolean sheet_read(Sheet *self, Findings *findings, SheetRow row, void *user, GError **error);

/* Findings about what a row's cells hold. Apart from the reading, because nobody wants to know them
 * of the 50,000 rows of the register that were not chosen: warning control  control characters,
 * replaced by U+FFFD warning garbled  UTF-8 that was once taken for Windows-1252 ("SiÃ¢n"; it says
 * what was meant), U+FFFD, or a question mark within a word. The column names are looked at by
 * sheet_read. */
void sheet_report(const Sheet *self, const SheetLine *at, char *const *cells, Findings *findings);

#endif
