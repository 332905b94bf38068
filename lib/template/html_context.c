/* html_context - where in an HTML page or a text a field stands */
#include "template/html_context.h"

#include <string.h>

/* Elements whose attributes decide what the rest of the page is or does. */
static const char *const barred_elements[] = {
    "script", "style", "base", "link",    "iframe",           "object", "embed",
    "applet", "frame", "set",  "animate", "animatetransform", "param",  NULL};

static const char *const url_attributes[] = {
    "href",    "src",      "action",   "formaction", "cite",   "background", "poster",
    "data",    "longdesc", "codebase", "manifest",   "icon",   "usemap",     "ping",
    "archive", "profile",  "classid",  "dynsrc",     "lowsrc", NULL};

static const char *const barred_attributes[] = {"style", "srcset", "imagesrcset", "srcdoc", NULL};

void html_context_init(HtmlContext *self, gboolean is_html)
{
    *self = (HtmlContext){.is_html = is_html};
    url_context_init(&self->url);
}

/* The attribute's name without the prefix of its namespace. */
static const char *local_name(const HtmlContext *self)
{
    const char *colon = strchr(self->attribute, ':');
    return colon ? colon + 1 : self->attribute;
}

gboolean html_context_is_url(const HtmlContext *self)
{
    return g_strv_contains(url_attributes, local_name(self));
}

/* What is wrong with a field in this element or attribute, or NULL. */
static const char *bar_attribute(HtmlContext *self)
{
    const char *name = local_name(self);
    if (!self->quote)
        return "a field in an attribute's value without quotes: write \"...\" around it";
    if (g_strv_contains(barred_elements, self->element))
        return "a field can't decide what this element loads or does: take it out";
    if (g_str_has_prefix(name, "on"))
        return "a field in an on... attribute would be a program: take it out";
    if (g_strv_contains(barred_attributes, name))
        return "a field in a style, srcset or srcdoc attribute: write the style without it";
    if (g_str_equal(self->element, "meta") && g_str_equal(name, "content")) {
        self->has_content = TRUE;
        if (self->has_http)
            return "a field in the content of a meta element with http-equiv: take it out";
    }
    return NULL;
}

static const char *text_value(HtmlContext *self, Escape *how)
{
    *how = ESCAPE_TEXT;
    if (self->has_rule)
        return "a field after the rule of a paragraph"; /* our own text writer's fault */
    if (!self->in_url)
        return NULL;
    const char *problem = url_context_value(&self->url, how);
    if (*how == ESCAPE_URL_HTML)
        *how = ESCAPE_URL_TEXT;
    return problem;
}

const char *html_context_value(HtmlContext *self, Escape *how)
{
    const char *problem;
    if (!self->is_html)
        return text_value(self, how);
    *how = ESCAPE_HTML;
    if (self->reference && (self->state == HTML_TEXT || self->state == HTML_VALUE ||
                            self->state == HTML_RAW || self->is_outlook))
        return "a field right after '&' could become a character: write &amp; for '&'";
    if (self->is_outlook && self->dashes)
        return "a field right after '-' in a comment for Outlook: write a blank between them";
    switch (self->state) {
    case HTML_TEXT:
        break;
    case HTML_VALUE:
        if ((problem = bar_attribute(self)))
            return problem;
        if (html_context_is_url(self))
            return url_context_value(&self->url, how);
        break;
    case HTML_RAW:
        if (!g_str_equal(self->element, "title") && !g_str_equal(self->element, "textarea"))
            return "a field within <script>, <style> or the like can't be made safe: take it out";
        if (self->matched)
            return "a field right after '<': write &lt; for '<'";
        break;
    case HTML_COMMENT:
        *how = ESCAPE_COMMENT;
        self->matched = 4;
        if (self->dashes)
            return "a field right after '-' in a comment: write a blank between them";
        break;
    case HTML_BEFORE_VALUE:
        return "a field in an attribute's value without quotes: write \"...\" around it";
    case HTML_TAG_OPEN:
    case HTML_CLOSE:
        return "a field right after '<' would be a tag: write &lt; for '<'";
    case HTML_TAG_NAME:
    case HTML_NAME_DONE:
    case HTML_BETWEEN:
    case HTML_ATTRIBUTE:
    case HTML_AFTER_ATTRIBUTE:
        return "a field can't be a tag's or an attribute's name: write it in a quoted value";
    case HTML_DECLARATION:
    case HTML_DASH:
    case HTML_CONDITION:
    case HTML_BOGUS:
        return "a field within <!...> or <?...>: take it out";
    }
    return NULL;
}

const char *html_context_constant(HtmlContext *self, const char *bytes, gsize length, Escape *how)
{
    if (self->is_html && self->state == HTML_VALUE && self->quote &&
        g_str_equal(self->attribute, "style") && !self->reference) {
        *how = ESCAPE_HTML;
        return NULL;
    }
    if (self->is_html && self->state == HTML_RAW && g_str_equal(self->element, "style")) {
        *how = ESCAPE_NONE;
        if (memchr(bytes, '<', length))
            return "a constant within <style> holds '<'";
        return self->matched ? "a constant right after '<'" : NULL;
    }
    gboolean is_whole_url = self->url.state == URL_START;
    const char *problem = html_context_value(self, how);
    /* What a constant adds to a link is known, so the parts after it are too. */
    if (!problem && is_whole_url && (*how == ESCAPE_URL_HTML || *how == ESCAPE_URL_TEXT)) {
        url_context_init(&self->url);
        for (gsize i = 0; i < length && !problem; i++)
            problem = url_context_scan(&self->url, bytes[i]);
    }
    return problem;
}

void html_context_section(HtmlContext *self)
{
    if (!self->is_html)
        return;
    if (self->state == HTML_TAG_NAME || self->state == HTML_ATTRIBUTE)
        self->state = HTML_NAME_DONE;
    else if (self->state == HTML_AFTER_ATTRIBUTE)
        self->state = HTML_BETWEEN;
}

static gboolean is_between(const HtmlContext *self)
{
    return self->state == HTML_BETWEEN || self->state == HTML_NAME_DONE;
}

static gboolean same_html(const HtmlContext *a, const HtmlContext *b)
{
    if (a->is_outlook != b->is_outlook ||
        (a->state != b->state && !(is_between(a) && is_between(b))))
        return FALSE;
    if (a->is_outlook && a->dashes != b->dashes)
        return FALSE;
    switch (a->state) {
    case HTML_TEXT:
    case HTML_TAG_OPEN:
    case HTML_CLOSE:
    case HTML_DECLARATION:
    case HTML_DASH:
    case HTML_CONDITION:
    case HTML_BOGUS:
        return TRUE;
    case HTML_COMMENT:
        return a->dashes == b->dashes && (a->matched > 0) == (b->matched > 0);
    case HTML_VALUE:
        if (a->quote != b->quote || !g_str_equal(a->attribute, b->attribute))
            return FALSE;
        break;
    case HTML_BEFORE_VALUE:
        if (!g_str_equal(a->attribute, b->attribute))
            return FALSE;
        break;
    case HTML_TAG_NAME:
    case HTML_NAME_DONE:
    case HTML_BETWEEN:
    case HTML_ATTRIBUTE:
    case HTML_AFTER_ATTRIBUTE:
        break;
    case HTML_RAW:
        if (a->matched != b->matched)
            return FALSE;
        break;
    }
    return a->is_end_tag == b->is_end_tag && g_str_equal(a->element, b->element);
}

const char *html_context_join(HtmlContext *self, const HtmlContext *other)
{
    if (!self->is_html) {
        if (self->text != other->text || self->lists != other->lists ||
            self->cells != other->cells || self->in_url != other->in_url ||
            self->has_rule != other->has_rule)
            return "a section has to end in the paragraph, list, table or link where it begins";
        url_context_join(&self->url, &other->url);
        return NULL;
    }
    if (!same_html(self, other))
        return "a section has to end where it begins: close within it the tags, quotes and "
               "comments that it opens, and no others";
    if (other->state == HTML_NAME_DONE)
        self->state = HTML_NAME_DONE;
    self->has_content |= other->has_content;
    self->has_http |= other->has_http;
    self->reference |= other->reference;
    self->dashes = MAX(self->dashes, other->dashes);
    url_context_join(&self->url, &other->url);
    return NULL;
}
