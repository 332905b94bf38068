/* imapguard - what an IMAP server may say before libetpan sees it
 *
 * libetpan's parser calls itself for each opening parenthesis of a BODYSTRUCTURE, asked for or not,
 * until the stack ends, and reads whatever length a literal announces. The guard reads the same
 * bytes first and knows just enough of RFC 3501 section 4 to hold them to limits: bytes of one
 * command's answers, opening parentheses in a line, the size of a literal. It also hears BYE, which
 * tells why a server hangs up.
 *
 * A literal is believed only where we ask for one: as the BODY[] or BODY[HEADER.FIELDS (...)] of a
 * FETCH response. Elsewhere its bytes are counted as lines, so that no disagreement with the parser can hide anything from it.
 */
#ifndef IMAP_IMAPGUARD_H
#define IMAP_IMAPGUARD_H

#include <glib.h>

enum {
    IMAPGUARD_OPENS_MAX = 1000, /* "(" in one line outside of a BODY[] literal */
    IMAPGUARD_HEAD_MAX = 512,   /* bytes at a line's beginning and end that are looked at */
};

typedef struct {
    gsize budget;             /* bytes that may still come */
    gsize literal;            /* bytes of a literal that are still to come */
    guint opens;              /* "(" in the line so far */
    gboolean in_number;       /* behind a "{" */
    guint64 number;           /* ... so far */
    GString *head, *tail;     /* the line's first and last bytes */
    char *goodbye;            /* the text of a BYE, or NULL */
    gboolean goodbye_is_fine; /* after LOGOUT it is only polite */
    const char *wrong;        /* what was found, once and for all */
} ImapGuard;

void imapguard_init(ImapGuard *self);
void imapguard_clear(ImapGuard *self);

/* A command begins: so many bytes may come in answer to it. */
void imapguard_begin(ImapGuard *self, gsize budget);

/* Takes bytes as they come, and changes the names of response codes that libetpan would fall over
 * (a byte stays a byte). NULL, or what is wrong with them, in words that follow "the server":
 * "sends more than it was asked for"; static. After that, or with `goodbye` set, the connection
 * must be given up. */
const char *imapguard_take(ImapGuard *self, char *bytes, gsize length);

#endif
