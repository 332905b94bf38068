/* rows - comma-separated values as rows of cells, with line numbers and limits (RFC 4180)
 *
 * The only user of libcsv. Takes UTF-8 bytes in pieces of any size and gives a callback each row
 * with the line it begins on, counted as an editor counts (CR, LF and CRLF each end a line; a
 * quoted newline is a line too). Blank lines are passed over. Blanks around an unquoted cell are
 * dropped, those within quotes are kept. Cells may hold anything but NUL. A cell that is written
 * ="0123", as for spreadsheets, is the text between the quotes.
 */
#ifndef BASE_ROWS_H
#define BASE_ROWS_H

#include <glib.h>

enum {
    ROWS_CELL_MAX = 1 << 20, /* bytes in one cell */
    ROWS_ROW_MAX = 2 << 20,  /* bytes in all cells of one row */
    ROWS_CELLS_MAX = 20000,  /* cells in one row; a spreadsheet has 16,384 columns */
};

/* One row: `cells` is NULL-terminated, borrowed until the callback returns, and the callback may
 * change the bytes. Returns FALSE with `error` set to stop the reading. */
typedef gboolean (*RowsFound)(void *user, guint line, char **cells, guint count, GError **error);

typedef struct Rows Rows;

/* `name` is what errors call the source, `first_line` the number of its first line. `delimiter` is
 * one of , ; TAB. */
Rows *rows_new(const char *name, guint first_line, char delimiter, RowsFound found, void *user);
void rows_free(Rows *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Rows, rows_free)

/* Gives the parser more bytes. DATA with file and line for a NUL, a quote inside an unquoted cell,
 * text after a closing quote, or a limit; else what the callback set. After a failure nothing more
 * is read: each call says the same again. */
gboolean rows_feed(Rows *self, const char *bytes, gsize length, GError **error);

/* Ends the input: gives the last row; DATA when a quote was never closed, naming the line where it
 * was opened. Call once. */
gboolean rows_end(Rows *self, GError **error);

/* A RowsFound that gives the callback of `rows`, a Rows, a row that was read elsewhere. */
gboolean rows_pass(void *rows, guint line, char **cells, guint count, GError **error);

/* The delimiter that a header line most likely uses: the most frequent of , ; TAB outside quotes,
 * up to the first line end outside quotes; of all lines when there is none of them in the first (a
 * title stands above the table), else a comma. */
char rows_guess_delimiter(const char *bytes, gsize length);

#endif
