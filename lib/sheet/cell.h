/* cell - one cell of a sheet made fit for a letter
 */
#ifndef SHEET_CELL_H
#define SHEET_CELL_H

#include <glib.h>

/* Cleans a cell, so that what looks alike is alike: NFC; every kind of blank (no-break, thin, ...)
 * (a tab, too) is a space, and dropped at both ends; what shows nothing is dropped (soft hyphens, zero-width
 * spaces, marks of direction, byte order marks; joiners stay between letters that they join);
 * CR, CRLF, U+2028 and U+2029 become line feeds, so that line ends are of one kind; control
 * characters other than TAB, LF and CR (C0, DEL, C1) are dropped at both ends, and else become
 * U+FFFD and are counted in `controls`, which may be NULL; ="0123", which makes spreadsheets keep
 * the nought, is 0123, and the apostrophe before what they would take for a formula
 * (text/rowline.h) is dropped.
 *
 * `text` is valid UTF-8 and may be changed. Returns a part of `text`, or of `*spare` (made when it
 * is NULL and needed; the caller's to free) when characters were replaced. NULL when `text` isn't
 * UTF-8. */
char *cell_clean(char *text, GString **spare, guint *controls);

/* A cell as an error quotes it: at most 60 characters, then an ellipsis, line ends as blanks, what
 * can't be seen by its code point, <U+200D>; newly allocated. */
char *cell_quote(const char *text);

/* Several cells as one run of bytes, and back: pointers into `packed`, `count` of them. */
void cells_pack(GString *out, const char *const *cells, guint count);
void cells_unpack(const char *packed, const char **cells, guint count);

#endif
