/* body - an update's Markdown written as HTML and as plain text
 *
 * Both are template sources (kinds TEMPLATE_HTML and TEMPLATE_TEXT), with tags in the default
 * delimiters and literal "{{" made harmless.
 */
#ifndef RENDER_BODY_H
#define RENDER_BODY_H

#include "markup/markdown.h"
#include "render/theme.h"

/* The body as HTML, every style inline from the theme; newly allocated. */
char *body_html(const Markdown *markdown, const Theme *theme);

/* The body as plain text at WRAP_WIDTH columns, links as numbered footnotes at the end; paragraphs
 * that hold fields carry the marks of template/wrap.h. Newly allocated. */
char *body_text(const Markdown *markdown);

#endif
