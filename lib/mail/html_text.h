/* html_text - the words of an HTML page as plain text, good enough to look for words in
 *
 * No renderer: tags become line ends or nothing, the commonest entities become characters, style
 * and script are dropped. What is broken is taken as text.
 */
#ifndef MAIL_HTML_TEXT_H
#define MAIL_HTML_TEXT_H

#include <glib.h>

/* The text of `html` (UTF-8); newly allocated. Linear in `length`. */
char *html_text(const char *html, gsize length);

#endif
