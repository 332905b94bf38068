/* page - a page for a browser that holds all it needs: the shell that all our pages share
 *
 * Document type, language, title, one style sheet (page.css, built in), a link past the head to
 * `main`, and a Content-Security-Policy that lets the page fetch nothing and run nothing but what
 * was built in with it. What stands in it is written with page_add(), which escapes every value:
 * a value is never markup. A page is bytes in a GString; the caller writes them to a file, and as
 * it mostly holds personal data, with mode 0600.
 */
#ifndef PAGE_PAGE_H
#define PAGE_PAGE_H

#include <glib.h>

typedef struct {
    const char *title; /* of the window, and of the page unless `heading` */
    const char *heading;
    const char *lang; /* RFC 5646; NULL is en-GB */
    /* Built-in resources, "/circular/lib/page/chart.css"; NULL-terminated, or NULL for none. A
     * script runs only if it is one of these, known to the browser by its SHA-256. */
    const char *const *styles;
    const char *const *scripts;
    /* Whole letters stand in frames of it (srcdoc), which are under this page's policy: inline
     * styles and data: images are allowed then, and still no network and no script of theirs. */
    gboolean holds_letters;
} PageSpec;

/* Everything up to the inside of <main id="main">, with the heading before it. */
void page_begin(GString *out, const PageSpec *spec);

/* The foot, in which `foot` (text; may be NULL) stands, the scripts of the same `spec`, the end. */
void page_end(GString *out, const PageSpec *spec, const char *foot);

/* Adds `format`, which is markup, with its %s arguments escaped for text and for attributes in
 * quotes: & < > " ' as references; what is not UTF-8, control characters but tab and newline, and
 * characters that turn the direction of writing around for what follows them (U+202A to U+202E,
 * U+2066 to U+2069) as U+FFFD. */
void page_add(GString *out, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* The same text as page_add("%s") would make it; newly allocated. */
char *page_escape(const char *text);

/* A section with a heading that the page's map can lead to: <section aria-labelledby>. `id` is a
 * word of ours; page_section_end closes it. */
void page_section(GString *out, const char *id, const char *heading);
void page_section_end(GString *out);

/* --- tables ----------------------------------------------------------------------------------
 *
 * A caption, column headings with scope, and in each row the first cell as its heading. Where there
 * is less room than its columns need, by their kinds and headings, a table of more than three is
 * shown as a card a row; it stays a table for those who have it read to them. */

typedef enum {
    PAGE_TEXT,
    PAGE_NUMBER, /* stands to the right */
    PAGE_DAY,    /* its year may stand below it */
    PAGE_ADDRESS /* may be broken anywhere */
} PageKind;

typedef struct {
    const char *heading;
    PageKind kind;
} PageColumn;

typedef struct {
    const char *caption;
    const PageColumn *columns; /* ends with a NULL heading */
} PageTable;

void page_table(GString *out, const PageTable *table);
/* One cell a column, each text and escaped here; NULL is an empty one. */
void page_row(GString *out, const PageTable *table, const char *const *cells);
void page_table_end(GString *out);

#endif
