/* language - English and UTF-8 from the program and its libraries, whatever the locale
 *
 * What we print is ours: English words, English names of months, the digits 0-9, a full stop in a
 * fraction; and what people wrote comes out in UTF-8 also where the locale says ASCII. A letter's
 * own language is that of its `lang`, and no locale's.
 */
#ifndef CMD_LANGUAGE_H
#define CMD_LANGUAGE_H

/* To be called first in main, before threads and before any other library speaks. */
void language_settle(void);

#endif
