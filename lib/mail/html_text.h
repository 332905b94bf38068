/* html_text - the words of an HTML page as plain text, good enough to look for words in
 *
 * No renderer: tags become line ends or nothing, the commonest entities become characters, style
 * and script are dropped. What is broken is taken as text. A
 * link to an address that its words don't hold is followed by it: "Ann Smith <ann@example.org>".
 */
#ifndef MAIL_HTML_TEXT_H
#define MAIL_HTML_TEXT_H

#include <glib.h>

/* The text of `html` (UTF-8); newly allocated. Linear in `length`. */
char *html_text(const char *html, gsize length);

/* The same with "> " before each line that stands in a block quote, and with the lines of the page
 * instead of those of its source: what of an answer somebody wrote, and what is quoted. */
char *html_quoted_text(const char *html, gsize length);

#endif
