/* plain_parts - what the parts of the plain-text writer share
 *
 * Internal to plaintext.c, plain_line.c and plain_table.c.
 */
#ifndef RENDER_PLAIN_PARTS_H
#define RENDER_PLAIN_PARTS_H

#include "markup/doc.h"

/* An ordered list's numbers. */
typedef struct {
    guint next;      /* of the next item, if none is left out */
    guint digits;    /* of the last item's number */
    gboolean varies; /* sections stand around items */
} PlainNumbers;

/* A link in the list at the end. */
typedef struct {
    guint number;
    char *line;
} PlainLink;

typedef struct {
    const Markdown *doc;
    GString *out;
    char *first, *rest;    /* prefixes of the next line and of those after it */
    guint columns;         /* of `rest` */
    guint sections;        /* open ones */
    char *note;            /* a footnote that waits for the end of the word before it, or NULL */
    PlainNumbers *numbers; /* of the innermost list */
    GPtrArray *links;      /* of PlainLink */
    GHashTable *taken;     /* set of numbers that the author gave in brackets */
    guint last_number;     /* of a link */
} Plain;

/* Writes a paragraph of finished text, marks and all; what comes after it no longer stands beside
 * its item's bullet. */
void plain_put(Plain *in, const char *text);

/* Writes a blank line, but for the marks of quotes. */
void plain_gap(Plain *in);

/* Writes the bullet of an item that doesn't begin with a paragraph on a line of its own. */
void plain_settle(Plain *in);

/* plain_line.c: appends literal text without control characters, which are marks here. */
void plain_literal(GString *out, const char *text);

/* Appends what stands within a block as one run of text; counts its links. */
void plain_line(Plain *in, cmark_node *parent, GString *text);

/* A number in raised figures; newly allocated. */
char *plain_raised(guint number);

/* Finds the numbers that no link may have. */
void plain_find_numbers(Plain *in);

/* The word of a section's tag; newly allocated. */
char *plain_word(const Plain *in, const PlaceholderTag *tag);

/* plain_table.c: writes a table, in columns or, if it is too wide, row by row. */
void plain_table(Plain *in, const Table *table);

#endif
