/* html_context_scan - HTML read byte by byte, as a browser's tokenizer would */
#include "template/html_context.h"

#include <string.h>

static const char *const raw_elements[] = {"script", "style",   "title",    "textarea",  "xmp",
                                           "iframe", "noembed", "noframes", "plaintext", NULL};

static void append(char *name, char c)
{
    gsize length = strlen(name);
    if (length < HTML_CONTEXT_NAME_MAX) /* no name that matters is longer */
        name[length] = g_ascii_tolower(c);
}

static gboolean is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static void begin_tag(HtmlContext *self, gboolean is_end_tag, char c)
{
    self->state = HTML_TAG_NAME;
    memset(self->element, 0, sizeof self->element);
    self->is_end_tag = is_end_tag;
    self->has_content = self->has_http = FALSE;
    append(self->element, c);
}

static void end_tag(HtmlContext *self)
{
    gboolean is_raw = !self->is_end_tag && g_strv_contains(raw_elements, self->element);
    self->state = is_raw ? HTML_RAW : HTML_TEXT;
    self->matched = 0;
}

static void begin_attribute(HtmlContext *self, char c)
{
    self->state = HTML_ATTRIBUTE;
    memset(self->attribute, 0, sizeof self->attribute);
    append(self->attribute, c);
}

static void begin_value(HtmlContext *self, char quote)
{
    self->state = HTML_VALUE;
    self->quote = quote;
    url_context_init(&self->url);
}

/* "</title" and then what ends a name ends raw text. */
static void scan_raw(HtmlContext *self, char c)
{
    gsize length = strlen(self->element);
    if (self->matched == length + 2 && (is_blank(c) || c == '/' || c == '>')) {
        self->is_end_tag = TRUE;
        self->state = HTML_BETWEEN;
        if (c == '>')
            end_tag(self);
        return;
    }
    char wanted = self->matched == 0   ? '<'
                  : self->matched == 1 ? '/'
                                       : self->element[MIN(self->matched - 2, length)];
    if (wanted && g_ascii_tolower(c) == wanted)
        self->matched++;
    else
        self->matched = c == '<';
}

static void scan_comment(HtmlContext *self, char c)
{
    if (self->matched < 3 && c == "[if"[self->matched]) {
        if (++self->matched == 3)
            self->state = HTML_CONDITION;
        return;
    }
    self->matched = 4; /* only at the very beginning */
    if (c == '>' && self->dashes >= 2)
        self->state = HTML_TEXT;
}

static const char *scan_between(HtmlContext *self, char c)
{
    if (c == '>')
        end_tag(self);
    else if (c == '=')
        return "a '=' without an attribute's name: write the name and '=' in one piece";
    else if (!is_blank(c) && c != '/')
        begin_attribute(self, c);
    return NULL;
}

static const char *scan_attribute(HtmlContext *self, char c)
{
    if (c == '=') {
        self->state = HTML_BEFORE_VALUE;
        if (g_str_equal(self->attribute, "http-equiv"))
            self->has_http = TRUE;
        if (self->has_http && self->has_content)
            return "a field in the content of a meta element with http-equiv: take it out";
        return NULL;
    }
    if (is_blank(c)) {
        self->state = HTML_AFTER_ATTRIBUTE;
        return NULL;
    }
    if (c == '/' || c == '>') {
        self->state = HTML_BETWEEN;
        return scan_between(self, c);
    }
    if (self->state == HTML_AFTER_ATTRIBUTE)
        begin_attribute(self, c);
    else
        append(self->attribute, c);
    return NULL;
}

static const char *scan_value(HtmlContext *self, char c)
{
    if (self->quote ? c == self->quote : is_blank(c)) {
        self->state = HTML_BETWEEN;
        return NULL;
    }
    if (!self->quote && c == '>') {
        end_tag(self);
        return NULL;
    }
    return html_context_is_url(self) ? url_context_scan(&self->url, c) : NULL;
}

static void scan_tag_open(HtmlContext *self, char c)
{
    if (g_ascii_isalpha(c))
        begin_tag(self, self->state == HTML_CLOSE, c);
    else if (self->state == HTML_CLOSE)
        self->state = c == '>' ? HTML_TEXT : HTML_BOGUS;
    else if (c == '/')
        self->state = HTML_CLOSE;
    else if (c == '!')
        self->state = HTML_DECLARATION;
    else if (c == '?')
        self->state = HTML_BOGUS;
    else if (c != '<')
        self->state = HTML_TEXT;
}

static const char *scan_byte(HtmlContext *self, char c)
{
    switch (self->state) {
    case HTML_TEXT:
        if (c == '<')
            self->state = HTML_TAG_OPEN;
        break;
    case HTML_TAG_OPEN:
    case HTML_CLOSE:
        scan_tag_open(self, c);
        break;
    case HTML_NAME_DONE:
        if (!is_blank(c) && c != '/' && c != '>')
            return "a name goes on after a section's tag: write a blank before it";
        self->state = HTML_BETWEEN;
        return scan_between(self, c);
    case HTML_TAG_NAME:
        if (is_blank(c) || c == '/')
            self->state = HTML_BETWEEN;
        else if (c == '>')
            end_tag(self);
        else
            append(self->element, c);
        break;
    case HTML_BETWEEN:
        return scan_between(self, c);
    case HTML_ATTRIBUTE:
    case HTML_AFTER_ATTRIBUTE:
        return scan_attribute(self, c);
    case HTML_BEFORE_VALUE:
        if (c == '>')
            end_tag(self);
        else if (!is_blank(c))
            begin_value(self, c == '"' || c == '\'' ? c : '\0');
        break;
    case HTML_VALUE:
        return scan_value(self, c);
    case HTML_DECLARATION:
        self->state = c == '-' ? HTML_DASH : c == '>' ? HTML_TEXT : HTML_BOGUS;
        break;
    case HTML_DASH:
        self->state = c == '-' ? HTML_COMMENT : c == '>' ? HTML_TEXT : HTML_BOGUS;
        self->matched = 0;
        break;
    case HTML_COMMENT:
        scan_comment(self, c);
        break;
    case HTML_CONDITION:
        if (c == '>') {
            self->is_outlook = self->dashes < 2;
            self->state = HTML_TEXT;
        }
        break;
    case HTML_BOGUS:
        if (c == '>')
            self->state = HTML_TEXT;
        break;
    case HTML_RAW:
        scan_raw(self, c);
        break;
    }
    return NULL;
}

const char *html_context_scan(HtmlContext *self, const char *bytes, gsize length, const char **stop)
{
    for (const char *at = bytes; at < bytes + length; at++) {
        gboolean was_text = self->state == HTML_TEXT;
        *stop = at;
        const char *problem = scan_byte(self, *at);
        if (problem)
            return problem;
        /* Every other browser ends the comment here, wherever Outlook thinks it is. */
        if (self->is_outlook && *at == '>' && self->dashes >= 2) {
            if (!was_text && self->state != HTML_TEXT)
                return "a comment for Outlook ends within a tag: close the tag before '-->'";
            self->is_outlook = FALSE;
            self->state = HTML_TEXT;
        }
        self->dashes = *at == '-' ? self->dashes + 1 : *at == '!' && self->dashes >= 2 ? 2 : 0;
        self->reference = *at == '&' || (self->reference && (g_ascii_isalnum(*at) || *at == '#'));
    }
    *stop = bytes + length;
    return NULL;
}
