/* url_context - where in a URL a field stands (RFC 3986, section 3)
 *
 * Reads the literal bytes of a URL one after another and says how a field at that point has to be
 * escaped, or why none can stand there. Used for URL attributes of HTML and for the URLs that a
 * text template marks.
 */
#ifndef TEMPLATE_URL_CONTEXT_H
#define TEMPLATE_URL_CONTEXT_H

#include <glib.h>

#include "template/escape.h"

typedef enum {
    URL_START,     /* nothing yet */
    URL_SCHEME,    /* a first word, which may be a scheme or a relative path */
    URL_SLASHES,   /* after "https:" */
    URL_SLASH,     /* after a first '/' */
    URL_AUTHORITY, /* after "//" */
    URL_PATH,
    URL_PART,    /* a query or fragment */
    URL_MAIL,    /* after "mailto:" */
    URL_PHONE,   /* after "tel:" */
    URL_OTHER,   /* after any other scheme */
    URL_VALUE,   /* a field was the beginning: the parts after it are not known */
    URL_WORD,    /* a field within the first word of a relative path */
    URL_UNKNOWN, /* it depends on a section */
} UrlState;

typedef struct {
    UrlState state;
    char last;       /* the last byte of the authority, '\0' after a field */
    char scheme[16]; /* its letters so far, in lower case */
} UrlContext;

void url_context_init(UrlContext *self);

/* Moves over a literal byte. NULL, or what is wrong and how to fix it. */
const char *url_context_scan(UrlContext *self, char c);

/* A field stands here. NULL and how to escape it, or what is wrong. ESCAPE_URL_HTML stands for both
 * kinds of whole URL. */
const char *url_context_value(UrlContext *self, Escape *how);

/* Makes of two ends one place of which what is said is true in both. */
void url_context_join(UrlContext *self, const UrlContext *other);

gboolean url_context_equal(const UrlContext *self, const UrlContext *other);

#endif
