/* slip - what somebody who mistyped an address most likely meant
 *
 * Nothing here is ever sent to: a guess is only shown, as a "did you mean".
 */
#ifndef MAIL_SLIP_H
#define MAIL_SLIP_H

/* The text (valid UTF-8) with the usual slips of pasting and typing mended: mailto:, angle
 * brackets, a comma for a dot, a second @, dots and blanks too many, invisible characters,
 * fullwidth and typographic forms. Whether an address came of it is for the caller to find out. Newly allocated. */
char *slip_mend(const char *text);

#endif
