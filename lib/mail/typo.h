/* typo - what is wrong with a character of an address, and what somebody most likely meant
 *
 * No guess here is ever sent to: it is only shown, as a "did you mean".
 */
#ifndef MAIL_TYPO_H
#define MAIL_TYPO_H

#include <glib.h>

/* Whether a character shows nothing on a screen: control, format, unassigned, private. Such a one
 * can be the only difference between two addresses. */
gboolean typo_is_invisible(gunichar c);

/* Whether it is white space or invisible. */
gboolean typo_is_blank(gunichar c);

/* Why a character can't stand in `where` ("the domain"), for a message; newly allocated. */
char *typo_describe(gunichar c, const char *where);

/* The text (valid UTF-8) with the usual slips of pasting and typing fixed: mailto:, angle
 * brackets, a comma for a dot, a second @, dots and blanks too many, invisible characters,
 * fullwidth and typographic forms. Whether an address came of it is for the caller to find out.
 * Newly allocated. */
char *typo_mend(const char *text);

#endif
