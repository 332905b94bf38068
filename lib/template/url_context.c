/* url_context - where in a URL a field stands (RFC 3986, section 3) */
#include "template/url_context.h"

#include <string.h>

void url_context_init(UrlContext *self)
{
    *self = (UrlContext){.state = URL_START};
}

/* The state that a delimiter of the generic syntax leads to from anywhere before the query. */
static UrlState after_delimiter(char c, UrlState otherwise)
{
    return c == '/' ? URL_PATH : c == '?' || c == '#' ? URL_PART : otherwise;
}

static UrlState after_scheme(const char *scheme)
{
    if (g_str_equal(scheme, "http") || g_str_equal(scheme, "https"))
        return URL_SLASHES;
    if (g_str_equal(scheme, "mailto"))
        return URL_MAIL;
    if (g_str_equal(scheme, "tel"))
        return URL_PHONE;
    return URL_OTHER;
}

static void scan_scheme(UrlContext *self, char c)
{
    gsize length = strlen(self->scheme);
    if (c == ':')
        self->state = after_scheme(self->scheme);
    else if ((!g_ascii_isalnum(c) && !strchr("+-.", c)) || length + 1 == sizeof self->scheme)
        self->state = after_delimiter(c, URL_WORD);
    else
        self->scheme[length] = g_ascii_tolower(c);
}

static void scan_start(UrlContext *self, char c)
{
    if (g_ascii_isspace(c))
        return;
    self->state = c == '/' ? URL_SLASH : after_delimiter(c, URL_WORD);
    if (g_ascii_isalpha(c)) {
        self->state = URL_SCHEME;
        self->scheme[0] = g_ascii_tolower(c);
    }
}

const char *url_context_scan(UrlContext *self, char c)
{
    switch (self->state) {
    case URL_START:
        scan_start(self, c);
        break;
    case URL_SCHEME:
        scan_scheme(self, c);
        break;
    case URL_SLASHES:
        /* "https:/x" and "https:x" are read as "https://x" too (URL Standard, 4.4). */
        if (c == '/' || c == '\\')
            break;
        self->state = URL_AUTHORITY;
        self->last = c;
        break;
    case URL_SLASH:
        self->state = c == '/' || c == '\\' ? URL_AUTHORITY : after_delimiter(c, URL_PATH);
        self->last = '\0';
        break;
    case URL_AUTHORITY:
        self->state = c == '\\' ? URL_PATH : after_delimiter(c, URL_AUTHORITY);
        self->last = c;
        break;
    case URL_VALUE:
    case URL_WORD:
        if (c == ':' && self->state == URL_VALUE)
            return "a field can't be a link's scheme: write https:// before it";
        if (c == ':')
            self->state = URL_OTHER;
        else
            self->state = after_delimiter(c, self->state);
        break;
    case URL_PATH:
    case URL_MAIL:
    case URL_UNKNOWN:
        if (c == '?' || c == '#')
            self->state = URL_PART;
        break;
    case URL_PART:
    case URL_PHONE:
    case URL_OTHER:
        break;
    }
    return NULL;
}

const char *url_context_value(UrlContext *self, Escape *how)
{
    *how = ESCAPE_URL_PATH;
    switch (self->state) {
    case URL_START:
        *how = ESCAPE_URL_HTML;
        self->state = URL_VALUE;
        return NULL;
    case URL_SCHEME:
        self->state = URL_VALUE;
        return NULL;
    case URL_SLASHES:
        self->state = URL_AUTHORITY;
        self->last = '\0';
        *how = ESCAPE_URL_HOST;
        return NULL;
    case URL_SLASH:
        return "a field right after a link's first '/' could name another site: write the site "
               "before it, as in https://example.org/";
    case URL_AUTHORITY:
        /* "https://example.org{{x}}" with ".evil.example" would be another site. */
        *how = ESCAPE_URL_HOST;
        if (self->last && !strchr(".-", self->last))
            return "a field would become part of the link's site: write '/' before it";
        self->last = '\0';
        return NULL;
    case URL_PATH:
    case URL_WORD:
        return NULL;
    case URL_PART:
        *how = ESCAPE_URL_PART;
        return NULL;
    case URL_MAIL:
        *how = ESCAPE_URL_MAIL;
        return NULL;
    case URL_PHONE:
        *how = ESCAPE_URL_PHONE;
        return NULL;
    case URL_OTHER:
        return "a field can stand only in http, https, mailto and tel links: write one of these";
    case URL_VALUE:
        return "a field after one that begins the link: write '/', '?' or '#' between them";
    case URL_UNKNOWN:
        return "which part of the link a field would be depends on a section: write the whole link "
               "in each section";
    }
    g_assert_not_reached();
}

gboolean url_context_equal(const UrlContext *self, const UrlContext *other)
{
    return self->state == other->state &&
           (self->state != URL_AUTHORITY || self->last == other->last) &&
           (self->state != URL_SCHEME || g_str_equal(self->scheme, other->scheme));
}

void url_context_join(UrlContext *self, const UrlContext *other)
{
    gboolean is_late = (self->state == URL_PATH || self->state == URL_PART) &&
                       (other->state == URL_PATH || other->state == URL_PART);
    if (url_context_equal(self, other))
        return;
    self->state = is_late ? URL_PATH : URL_UNKNOWN;
}
