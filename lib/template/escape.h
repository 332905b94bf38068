/* escape - a value made harmless for the place where it will stand
 *
 * One function for all places, so that there is one list of what each place forbids. What comes out
 * is valid UTF-8 whatever came in (but for ESCAPE_NONE and ESCAPE_SPEC): bytes that are not become
 * U+FFFD. Control characters become blanks, and with them the marks of template/wrap.h. CR LF and CR
 * become a newline. In text, pages and headers the characters that turn round the order of what
 * follows (U+202A to U+202E, U+2066 to U+2069) are left out.
 */
#ifndef TEMPLATE_ESCAPE_H
#define TEMPLATE_ESCAPE_H

#include <glib.h>

#define ESCAPE_BLOCKED_LINK "#blocked-link"

typedef enum {
    ESCAPE_NONE,      /* the bytes as they are */
    ESCAPE_SPEC,      /* & < > " ' as character references, all else as it is */
    ESCAPE_HTML,      /* HTML text and quoted attributes */
    ESCAPE_COMMENT,   /* an HTML comment: no "--" either */
    ESCAPE_URL_HTML,  /* a whole URL in an HTML attribute: ESCAPE_BLOCKED_LINK unless it is http,
                       * https, mailto, tel or relative; what RFC 3986 forbids is percent-encoded */
    ESCAPE_URL_TEXT,  /* the same in plain text */
    ESCAPE_URL_PART,  /* part of a query or fragment: all but RFC 3986's unreserved characters */
    ESCAPE_URL_PATH,  /* part of a path: the same, and the values "." and ".." give nothing, for
                       * they would climb and no encoding stops that (URL Standard, 4.5) */
    ESCAPE_URL_HOST,  /* a host or part of one: as a query; nothing gives "invalid" (RFC 2606), lest
                       * the path's beginning become the host */
    ESCAPE_URL_MAIL,  /* an address in a mailto: (RFC 6068): '@' stays too */
    ESCAPE_URL_PHONE, /* a number in a tel: (RFC 3966): '+', '(' and ')' stay, blanks go */
    ESCAPE_TEXT,      /* plain text: newlines and tabs stay */
    ESCAPE_HEADER,    /* a run of control characters, line ends or tabs becomes one blank,
                       * together with the blanks around it */
    ESCAPE_PATH,      /* a part of a file's path: as it is; see escape_problem */
} Escape;

/* The escaped bytes: `bytes` itself where nothing has to change, else the content of `scratch`,
 * which is overwritten. Any number of threads may call it, each with its own scratch. */
const char *escape_bytes(Escape how, const char *bytes, gsize length, GString *scratch,
                         gsize *escaped);

/* Why the bytes can't stand in this place at all, or NULL: for ESCAPE_PATH, "is empty", "holds a
 * '/'", ... A static text that follows a name in a sentence. */
const char *escape_problem(Escape how, const char *bytes, gsize length);

#endif
