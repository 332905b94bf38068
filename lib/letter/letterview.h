/* letterview - one recipient's letter as people look at it: page, text, headers, source
 */
#ifndef LETTER_LETTERVIEW_H
#define LETTER_LETTERVIEW_H

#include "letter/letter.h"

enum { LETTERVIEW_BASE64_LINES = 3 }; /* of an attachment that are left in the source */

typedef struct {
    char *subject, *html, *text; /* NULL where `problem` says why */
    char *source;                /* '\n' as line end; long runs of base64 are cut, and say so */
    gsize size;                  /* of the whole message */
    char **headers;              /* name, value, name, value, NULL; unfolded and decoded */
    char **files;                /* names of what is attached or embedded, NULL-terminated */
    char *problem;               /* what stops this letter, or NULL */
} LetterView;

/* Never NULL. */
LetterView *letterview_new(const Letter *letter, const LetterCopy *copy);
void letterview_free(LetterView *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LetterView, letterview_free)

/* The source as it is shown, of a message with CRLF line ends. Newly allocated. */
char *letterview_source(const char *message);

#endif
