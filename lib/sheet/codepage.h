/* codepage - the encodings of "CSV (MS-DOS)" and "CSV (Macintosh)", and how to know them
 *
 * Excel offers both beside plain CSV. Read as Windows-1252 their accents become low quotes, daggers
 * and per mille signs within words, which no name holds.
 */
#ifndef SHEET_CODEPAGE_H
#define SHEET_CODEPAGE_H

#include <glib.h>

enum { CODEPAGE_WORD_MAX = 40 };

typedef enum { CODEPAGE_MS_DOS, CODEPAGE_MACINTOSH, CODEPAGES } Codepage;

/* Bytes as UTF-8; newly allocated. */
char *codepage_decode(Codepage page, const char *bytes, gsize length);

/* What a reading of the file found; all zero at first, but for `current_line`, which is 1. */
typedef struct {
    guint64 odd;               /* bytes that can't be Windows-1252 where they stand */
    gint64 fitting[CODEPAGES]; /* bytes that would be what stands there, less those that wouldn't */
    char word[CODEPAGE_WORD_MAX + 1]; /* the first odd word, and */
    guint line;                       /* where it stands */
    char current[CODEPAGE_WORD_MAX];
    guint length, current_line;
    gboolean odd_in_word;
    guint8 last[2];
} CodepageSurvey;

/* Looks at one byte after the other; a line end comes last. */
void codepage_survey(CodepageSurvey *self, guint8 byte);

/* Whether the file is in one of these encodings, and which. */
gboolean codepage_found(const CodepageSurvey *self, Codepage *page);

/* "cp850", as in the config; "CSV (MS-DOS)", as in Excel. */
const char *codepage_name(Codepage page);
const char *codepage_format(Codepage page);

/* What a text was that was saved in one of them and read as Windows-1252 ("Gagn‚"), or saved as
 * UTF-8 and read as one of them ("Si├ón" and "Si√¢n" were "Siân"); newly allocated, NULL when it
 * doesn't look as if it had been. Where both pages fit, one "' or '" the other. */
char *codepage_mend(const char *text);

#endif
