/* returned - the returned letter within a report: where it begins, and its headers
 */
#ifndef EVIDENCE_RETURNED_H
#define EVIDENCE_RETURNED_H

#include <glib.h>

/* Whether a line, folded as by scan_fold(), begins the letter: "----- Original message -----", or
 * the first header of a letter. */
gboolean line_begins_letter(const char *folded_line);

/* The headers of a letter that `text` begins with, after at most one line such as the above; newly
 * allocated. NULL for NULL. */
char *letter_head(const char *text);

#endif
