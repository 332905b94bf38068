/* wrap - plain text wrapped at a width, at once or when the fields are known
 *
 * A paragraph whose text is constant is wrapped when the letter is compiled. One that holds fields
 * can only be wrapped when they are known: the text writer puts it between marks (control
 * characters that no input may hold) and the template wraps it at each rendering. Sources of
 * TEMPLATE_TEXT may hold these marks; they never reach the output, and a value can't smuggle one
 * in, because control characters of values become blanks.
 *
 *   paragraph  FLOW_BEGIN prefix FLOW_PART prefix FLOW_PART text FLOW_END
 *              The prefixes are of the first line and of the others. The text is wrapped, or, when
 * it begins with FLOW_VERBATIM, every line of it is kept and only gets its prefix. Each line ends
 * with '\n', the last one too: write nothing but the blank line that separates paragraphs between
 * FLOW_END and the next FLOW_BEGIN. A paragraph of nothing but white space is one empty line (its
 * prefix trimmed). rule       FLOW_RULE character, at the end of a paragraph's text: a line below
 * it, as wide as its widest line (a heading underlined). In a table, between rows: a line under
 *              every column.
 *   list       FLOW_LIST number FLOW_PART items FLOW_LIST_END
 *              An ordered list that begins with that number (decimal digits, at most 9). Its items
 *              are paragraphs, tables and lists, and sections around them.
 *   number     FLOW_NUMBER, only in a prefix: moves the list to its next number and writes that.
 *              FLOW_PAD writes as many blanks as the current number of its list has digits. The
 *              marks of one prefix belong to the open lists from the outermost inwards: within two
 *              lists a prefix holds two marks, and the last one of a first prefix may be
 *              FLOW_NUMBER. "  <NUMBER>. " with "  <PAD>  " is an item's first paragraph,
 *              "  <PAD>  " twice its second, "  <PAD>  <NUMBER>. " a list within it. FLOW_NUMBER
 *              stands only in the first prefix.
 *   table      FLOW_TABLE alignments FLOW_PART prefix FLOW_PART rows FLOW_TABLE_END
 *              A letter a column: 'l', 'c' or 'r', at most WRAP_COLUMNS_MAX. The prefix is of every
 *              line. A row is its cells, each ended by FLOW_CELL, and then FLOW_ROW. Nothing else
 *              but rules and standalone section tags may stand between the rows. Cells are
 *              wrapped within their columns when the table would be over WRAP_WIDTH.
 *   URL        FLOW_URL_BEGIN text FLOW_URL_END, anywhere but in a prefix: a field between these
 *              is escaped as in an href attribute.
 *   line       FLOW_LINE number FLOW_PART, anywhere but in a prefix or in a table outside its
 * cells, in TEMPLATE_HTML too (between elements): what follows comes from this line of the author's
 * file. From the first such mark on, findings and uses of fields name the last mark's line instead
 * of counting lines.
 *
 * A section may stand around paragraphs, items, rows and whole lists, or inside the text of one
 * paragraph or cell. It must end where it begins; else the template has an error.
 */
#ifndef TEMPLATE_WRAP_H
#define TEMPLATE_WRAP_H

#include <glib.h>

enum {
    WRAP_WIDTH = 72,       /* columns; one character takes g_unichar_iswide()-aware columns */
    WRAP_COLUMNS_MAX = 20, /* of a table */
    WRAP_PREFIX_MAX = 256, /* bytes */
    WRAP_LISTS_MAX = 50    /* ordered lists within one another */
};

#define FLOW_LINE '\x01'  /* then a line number, FLOW_PART */
#define FLOW_BREAK '\x0b' /* a line end that stays */
#define FLOW_BEGIN                                                                                 \
    '\x0e'              /* then the first line's prefix, FLOW_PART, the other lines', FLOW_PART    \
                         */
#define FLOW_END '\x0f' /* of a paragraph */
#define FLOW_VERBATIM '\x10' /* a paragraph's text isn't wrapped */
#define FLOW_URL_BEGIN '\x11'
#define FLOW_URL_END '\x12'
#define FLOW_TABLE '\x13' /* then alignments, FLOW_PART, the prefix, FLOW_PART */
#define FLOW_CELL '\x14'  /* ends a cell */
#define FLOW_ROW '\x15'   /* ends a row */
#define FLOW_TABLE_END '\x16'
#define FLOW_RULE '\x17'   /* then one printable ASCII character */
#define FLOW_PAD '\x1a'    /* blanks as wide as the list's number */
#define FLOW_LIST '\x1c'   /* then the first number, FLOW_PART */
#define FLOW_NUMBER '\x1d' /* the list's next number */
#define FLOW_LIST_END '\x1e'
#define FLOW_PART '\x1f'

/* Appends `text` to `out`, wrapped so that no line, prefix and all, is over WRAP_WIDTH columns
 * unless one word is; white space is folded, FLOW_BREAK starts a new line, U+00A0 doesn't break
 * unless what it joins is too long for a line or it stands beside another blank. Chinese and
 * Japanese are wrapped between characters, Thai and Lao between syllables.
 * Each line ends with '\n'; lines have no trailing blanks (a prefix such as "> " of an empty line
 * is trimmed). A line never begins with "From " by wrapping alone. */
void wrap_append(GString *out, const char *text, gsize length, const char *first_prefix,
                 const char *rest_prefix);

/* The same for a paragraph's text as a template holds it: FLOW_VERBATIM at its beginning keeps its
 * lines, and `rule`, if not '\0', is repeated below, as wide as the widest line. */
void wrap_paragraph(GString *out, const char *text, gsize length, const char *first_prefix,
                    const char *rest_prefix, char rule);

/* Takes from `*at` what fits into a line of `width` columns (at least one word) and puts it into
 * `line`, without a line end. FALSE when nothing is left. */
gboolean wrap_line(const char **at, const char *end, guint width, GString *line);

/* The ordered lists that are open, the outermost first. */
typedef struct {
    guint depth;
    guint next[WRAP_LISTS_MAX];    /* the number that comes next */
    guint digits[WRAP_LISTS_MAX];  /* of the number written last */
    gboolean kept[WRAP_LISTS_MAX]; /* its marks stay in the prefix, to be written later */
} WrapLists;

void wrap_list_begin(WrapLists *lists, guint number, gboolean kept);
void wrap_list_end(WrapLists *lists);

/* Replaces `out` by the prefix with the marks of the lists written out. */
void wrap_prefix(WrapLists *lists, const char *prefix, GString *out);

/* Columns that UTF-8 text takes on a terminal: 0 for combining, 2 for wide characters. */
guint wrap_columns(const char *text, gsize length);

#endif
