/* html_parts - what the parts of the HTML writer share
 *
 * Internal to html.c and html_table.c.
 */
#ifndef RENDER_HTML_PARTS_H
#define RENDER_HTML_PARTS_H

#include "markup/doc.h"
#include "render/theme.h"

typedef struct {
    const Markdown *doc;
    const Theme *theme;
    GString *out;
    guint quotes, lists;
    guint room;   /* pixels for what stands in the letter */
    gboolean rtl; /* the direction of what is being written */
    GHashTable
        *targets; /* set of char *: what links within the letter ("#dates") name, not yet met */
} Html;

/* Appends literal text, escaped for an element or an attribute. */
void html_escape(Html *in, const char *text);

/* Appends ` name="value"`, escaped. */
void html_attribute(Html *in, const char *name, const char *value);

/* Appends a start tag with the style that the theme has under that key. */
void html_open(Html *in, const char *tag, const char *style);

/* The style that the theme has under that key, without what the letter's own cell says already, with
 * `more` behind it; newly allocated. */
char *html_style(const Html *in, const char *key, const char *more);

/* What a style hands down to the words within ("font", "color"), or all of it but that; newly
 * allocated. */
char *html_handed(const char *style, gboolean handed);

/* Appends markup as it is. */
void html_add(Html *in, const char *html);

/* Appends ` dir="…"` where the words of a block are of another direction than what is around it, and
 * sets `rtl` to theirs. What a field says alone is known to the mail program: "auto". */
void html_direction(Html *in, cmark_node *block);

/* Appends a block section's tag. */
void html_marker(Html *in, const PlaceholderTag *tag);

/* Appends what stands within a node. */
void html_inlines(Html *in, cmark_node *parent);

/* Appends one block, and all that stand within a node. */
void html_block(Html *in, cmark_node *node);
void html_blocks(Html *in, cmark_node *parent);

/* html_box.c: appends a box (markup/doc.h), or two languages that stand the other way round for some
 * readers. */
void html_box(Html *in, cmark_node *node);
void html_either_way(Html *in, cmark_node *one, cmark_node *other);

/* html_table.c: begins a table of cells with its caption; `more` is of the style. */
void html_table_begin(Html *in, const Table *table, const char *classes, const char *more);

/* html_table.c: the style of a cell, "td" or "th", without what its table hands down to it (a header is
 * bold by itself); newly allocated. */
char *html_cell_style(const Html *in, const char *key);

/* html_chart.c: appends bars of cells. */
void html_chart(Html *in, const Table *table);

/* html_table.c: appends a table of data. */
void html_table(Html *in, const Table *table);

#endif
