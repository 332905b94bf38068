/* raw_parts - what the replacing of raw HTML within a line and in blocks has in common
 *
 * Internal to rawhtml.c, rawblock.c and raw_parts.c. New nodes belong to the caller.
 */
#ifndef MARKUP_RAW_PARTS_H
#define MARKUP_RAW_PARTS_H

#include "markup/doc.h"
#include "markup/rawscan.h"

cmark_node *raw_text(const char *text);

/* A link; without `text` it has no children yet. */
cmark_node *raw_link(const char *url, const char *text);

/* What an <img> leaves: an image that tidy() makes a link of, or words, or NULL. */
cmark_node *raw_picture(const RawPiece *tag);

/* What an <iframe> or <video> leaves: a link to its source, or NULL. */
cmark_node *raw_media(const RawPiece *tag);

/* Takes a node out of the tree and frees it. */
void raw_drop(cmark_node *node);

/* Says that raw HTML on that line was left out. */
void raw_warn(Markdown *self, guint line, Findings *findings);

/* rawblock.c: puts the paragraphs, headings and rules that a block of HTML holds before it. */
void rawblock_replace(Markdown *self, cmark_node *html, Findings *findings);

#endif
