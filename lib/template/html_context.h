/* html_context - where in an HTML page or a text a field stands
 *
 * Reads a template's literals in the order of the page, as a browser's tokenizer would (HTML
 * Standard, 13.2.5), and says how a field at that point has to be escaped, or why none can stand
 * there. Comments for Outlook (<!--[if mso]> ... <![endif]-->) are read as the markup that they
 * are.
 *
 * A section may or may not be rendered, or many times over: all ways through it have to end in the
 * same place.
 */
#ifndef TEMPLATE_HTML_CONTEXT_H
#define TEMPLATE_HTML_CONTEXT_H

#include <glib.h>

#include "template/escape.h"
#include "template/url_context.h"

enum { HTML_CONTEXT_NAME_MAX = 31 }; /* bytes of a tag's or attribute's name that count */

typedef enum {
    HTML_TEXT,
    HTML_TAG_OPEN,  /* after "<" */
    HTML_CLOSE,     /* after "</" */
    HTML_TAG_NAME,  /* within a tag's name */
    HTML_NAME_DONE, /* after a name that a section's tag ended: a blank, '/' or '>' has to follow */
    HTML_BETWEEN,   /* in a tag, before an attribute's name */
    HTML_ATTRIBUTE, /* within an attribute's name */
    HTML_AFTER_ATTRIBUTE,
    HTML_BEFORE_VALUE,
    HTML_VALUE,
    HTML_DECLARATION, /* after "<!" */
    HTML_DASH,        /* after "<!-" */
    HTML_COMMENT,
    HTML_CONDITION, /* after "<!--[if" */
    HTML_BOGUS,     /* <!doctype ...>, <?...>, </3...>: up to the next '>' */
    HTML_RAW,       /* <style>, <script>, <title>, <textarea>: up to their end tag */
} HtmlState;

typedef enum { TEXT_OPEN, TEXT_PARAGRAPH, TEXT_TABLE } TextState;

typedef struct {
    gboolean is_html;

    HtmlState state;
    char element[HTML_CONTEXT_NAME_MAX + 1]; /* lower case */
    char attribute[HTML_CONTEXT_NAME_MAX + 1];
    char quote; /* of the attribute's value, '\0' when it has none */
    gboolean is_end_tag;
    gboolean is_outlook;  /* within a comment for Outlook */
    gboolean has_content; /* the tag has a content attribute with a field in it ... */
    gboolean has_http;    /* ... or one called http-equiv: a meta with both could lead anywhere */
    gboolean reference;   /* after "&" and letters: a field could complete a character reference */
    guint dashes;         /* '-' just passed */
    guint matched;        /* bytes of "[if" in a comment or "</name" in raw text */

    TextState text; /* plain text: see template/wrap.h */
    guint lists, cells;
    gboolean in_url, has_rule;

    UrlContext url; /* of an attribute or a marked URL */
} HtmlContext;

void html_context_init(HtmlContext *self, gboolean is_html);

/* Moves over literal HTML. NULL, or what is wrong, with how to fix it; `stop` is then the byte
 * where it went wrong, else the end. */
const char *html_context_scan(HtmlContext *self, const char *bytes, gsize length,
                              const char **stop);

/* Whether it is within the value of an attribute that holds a URL. */
gboolean html_context_is_url(const HtmlContext *self);

/* A field (or text for a field) stands here: how to escape it. NULL, or what is wrong. */
const char *html_context_value(HtmlContext *self, Escape *how);

/* A constant of the program's own, which may stand in styles too: there `how` is ESCAPE_HTML in an
 * attribute, and ESCAPE_NONE within <style>, where `bytes` must not hold '<'. Moves over it. */
const char *html_context_constant(HtmlContext *self, const char *bytes, gsize length, Escape *how);

/* A section begins or ends here. */
void html_context_section(HtmlContext *self);

/* Makes of the ends of two ways one place. NULL, or what is wrong when they differ in more than the
 * part of a link. */
const char *html_context_join(HtmlContext *self, const HtmlContext *other);

#endif
