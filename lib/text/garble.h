/* garble - text whose letters were turned to garbage by a wrong conversion, and what it was
 */
#ifndef TEXT_GARBLE_H
#define TEXT_GARBLE_H

#include "base/finding.h"

/* What the text was before its UTF-8 was taken for Windows-1252 ("SiÃ¢n" was "Siân"), once or
 * several times over; newly allocated; NULL when it doesn't look as if it had been. */
char *garble_fix(const char *text);

/* Looks at UTF-8 text line by line, word by word. Findings, warnings: "garbled", for words that can
 * be fixed, for U+FFFD, which stands where a letter was lost, and for what no font of a reader has
 * (private use, U+FFFC); "hidden-direction", for
 * characters that turn round the order of those beside them (U+202A to U+202E) and show nothing. */
void garble_check(const char *text, gsize length, const char *file, guint first_line,
                  Findings *findings);

/* Whether the bytes hold a character that turns round what stands beside it: one of those, or an
 * isolate (U+2066 to U+2069). */
gboolean garble_turns(const char *text, gsize length);

/* Whether it holds such a character that turns round what is written from left to right: U+202E, or
 * U+202B or U+2067 where no letter from right to left asks for them. */
gboolean garble_reverses(const char *text);

/* Whether a question mark stands within a word, as where a conversion lost a letter ("Si?n"). Not in
 * links and addresses, in which it may stand. */
gboolean garble_has_lost(const char *text);

/* Whether a sign stands within a word, as where a file is read in another encoding than it was saved
 * in: "Wa³êsa" for Wałęsa, "£ukasz" for Łukasz. */
gboolean garble_has_sign(const char *text);

#endif
