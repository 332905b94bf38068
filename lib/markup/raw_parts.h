/* raw_parts - what the replacing of raw HTML within a line and in blocks has in common
 *
 * Internal to rawhtml.c, rawblock.c and raw_parts.c. New nodes belong to the caller.
 */
#ifndef MARKUP_RAW_PARTS_H
#define MARKUP_RAW_PARTS_H

#include "markup/doc.h"
#include "markup/rawscan.h"

/* A line break of that type that stands in no line of the source. */
cmark_node *raw_break(cmark_node_type type);

/* A link; without `text` it has no children yet. */
cmark_node *raw_link(const char *url, const char *text);

/* What an <img> leaves: an image that tidy() makes a link of, or words, or NULL. */
cmark_node *raw_picture(const RawPiece *tag);

/* The mark that a <q> or </q> stands for, or NULL; the second, as text. */
const char *raw_quote_mark(const RawPiece *tag);
cmark_node *raw_quote(const RawPiece *tag);

/* What an <iframe> or <video> leaves: a link to its source, or NULL. */
cmark_node *raw_media(const RawPiece *tag);

/* Whether a tag is somebody's words in angle brackets: it names no element of HTML, or one that
 * nobody closes and that says nothing alone. */
gboolean raw_is_words(const Markdown *self, const RawPiece *tag);

/* The span that a tag's element is, or DOC_NO_SPAN. */
DocSpan raw_span(const char *name);

/* What was raw HTML on one line. */
typedef struct {
    Markdown *self;
    Findings *findings;
    guint line;
    GString *tags;  /* as they are quoted */
    guint count;    /* of different ones */
    gboolean skips; /* what one of them holds is left out, too */
} RawReport;

/* Notes a tag; says what there was on the line before when this is another. raw_report_end says the
 * rest. */
void raw_report(RawReport *in, guint line, const RawPiece *tag);
void raw_report_end(RawReport *in);

/* rawblock.c: puts the paragraphs, headings, lists and rules that blocks of HTML hold before each of
 * them; blocks that follow one another are one. */
void rawblock_replace(RawReport *report, cmark_node *const *blocks, guint count);

#endif
