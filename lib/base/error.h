/* error - what a failed call says, by kind
 *
 * A call that fails returns FALSE or NULL and a GError in the domain CIRCULAR_ERROR. The code is a
 * kind, not a place: cmd/main.c turns it into an exit status of sysexits(3) and nothing else
 * does. What the world refuses (a bad row, a refused recipient) is no error: see base/finding.h.
 *
 * Messages follow one grammar: lower case, no full stop, the place first, what is wrong, the
 * subject in quotes, then how to fix it: lists/schools.csv:812: not an e-mail address:
 * 'ann@@example'
 */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <glib.h>

#define CIRCULAR_ERROR (circular_error_quark())

typedef enum {
    CIRCULAR_ERROR_USAGE,     /* the command line is wrong (EX_USAGE 64) */
    CIRCULAR_ERROR_DATA,      /* an input's content is wrong (EX_DATAERR 65) */
    CIRCULAR_ERROR_NOINPUT,   /* an input is missing or unreadable (EX_NOINPUT 66) */
    CIRCULAR_ERROR_REMOTE,    /* a server refuses for good (EX_UNAVAILABLE 69) */
    CIRCULAR_ERROR_IO,        /* a file or the ledger can't be read or written (EX_IOERR 74) */
    CIRCULAR_ERROR_TEMPORARY, /* worth trying again later (EX_TEMPFAIL 75) */
    CIRCULAR_ERROR_DENIED,    /* a sign-in or a permission is refused (EX_NOPERM 77) */
    CIRCULAR_ERROR_CONFIG,    /* the configuration is wrong (EX_CONFIG 78) */
    CIRCULAR_ERROR_STOPPED,   /* the user or a test asked to stop (EX_TEMPFAIL 75) */
    CIRCULAR_ERROR_LATER,     /* a server asks us to come back later, 4xx (EX_TEMPFAIL 75) */
} CircularError;

GQuark circular_error_quark(void);

/* Sets a CIRCULAR_ERROR_DATA with these words. Returns FALSE. */
gboolean error_data(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* The word that `words` (NULL-terminated) holds nearest to `typed`, the first of equals, or NULL
 * when none is near enough to be a slip of the finger: one slip in up to four letters, another for
 * each three more (Damerau-Levenshtein distance, ASCII case folded). Borrowed. */
const char *nearest_word(const char *typed, const char *const *words);

/* The text with control characters, and bytes that are not UTF-8, shown as \xNN: what a file or a
 * server says can't drive the terminal, nor break a line in two. Newly allocated. */
char *text_visible(const char *text);

#endif
