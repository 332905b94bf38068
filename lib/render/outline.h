/* outline - an update's blocks, links and pictures as plain words with their lines, for whoever
 * judges what it says
 *
 * A field stands in it as the one character OUTLINE_FIELD, and so does code: whatever is looked for
 * there finds an end. Section tags leave OUTLINE_GUARD, which is neither a word nor a blank.
 */
#ifndef RENDER_OUTLINE_H
#define RENDER_OUTLINE_H

#include "markup/markdown.h"

#define OUTLINE_FIELD "\xef\xbf\xbc" /* U+FFFC */
#define OUTLINE_GUARD "\xef\xbf\xbb" /* U+FFFB */

typedef enum {
    OUTLINE_HEADING,
    OUTLINE_PARAGRAPH,
    OUTLINE_ROW,    /* of a table; a tab between its cells */
    OUTLINE_CAPTION /* of a table */
} OutlineKind;

typedef struct {
    OutlineKind kind;
    int level;           /* of a heading, as it was written */
    char *text;          /* trimmed; a line end where the source has one */
    GArray *lines;       /* of guint: the line of the file for each line of `text` */
    char *ends;          /* how each line but the last ends: 's' as a blank, 'h' as a line */
    guint links;         /* how many links it holds */
    gboolean bold;       /* a paragraph that is nothing but strong words, no link among them */
    gboolean unlinked;   /* it has words of its own beside its links */
    gboolean nested;     /* within a list or a quote */
    gboolean underlined; /* a heading by the line below it */
    const char *lang;    /* of the block ::: around it, or NULL: as the letter's; the Markdown's */
} OutlineBlock;

typedef struct {
    char *text, *url; /* fields as OUTLINE_FIELD */
    guint line;
    gboolean guarded; /* within a section, so that not everybody sees it */
    gboolean has_field;
} OutlineLink;

/* Words that are struck out. */
typedef struct {
    char *text;
    guint line;
} OutlineDeleted;

typedef struct {
    GPtrArray *blocks;  /* of OutlineBlock */
    GPtrArray *links;   /* of OutlineLink */
    GPtrArray *deleted; /* of OutlineDeleted */
} Outline;

Outline *outline_new(const Markdown *markdown);
void outline_free(Outline *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Outline, outline_free)

/* The line on which the words begin; `otherwise` when there are none. */
guint outline_first_line(const Outline *self, guint otherwise);

/* The line of the file on which a byte of the block's text stands. */
guint outline_line(const OutlineBlock *block, gsize offset);

#endif
