/* script - values written as JavaScript that a page loads, and that never are more than values
 *
 * A page opened from a disk can't fetch data, but it can load scripts; so what it shows is written
 * as calls with JSON in them (RFC 8259). A text can't end its string, the script or the line: what
 * means something to HTML (< > &) or to JavaScript alone (U+2028, U+2029) is escaped, and bytes
 * that are no UTF-8 become U+FFFD. Between values a comma is set where one is due.
 */
#ifndef PAGE_SCRIPT_H
#define PAGE_SCRIPT_H

#include <glib.h>

/* Appends a text as a string; NULL is null. */
void script_text(GString *out, const char *text);
void script_text_len(GString *out, const char *bytes, gsize length);

void script_number(GString *out, gint64 number);

/* '[' or '{', and what closes it. */
void script_open(GString *out, char bracket);
void script_close(GString *out, char bracket);

/* The name of the member that comes next in an object; script_member is one whose value is a text.
 */
void script_name(GString *out, const char *name);
void script_member(GString *out, const char *name, const char *text);

#endif
