/* tidy - the tree made fit for a letter: links, images, bare URLs, heading levels */
#include "markup/doc.h"

#include <string.h>

/* --- bare URLs ------------------------------------------------------------------------------- */

/* What smart punctuation did to a URL in plain text is undone when the source shows that it did. */
static char *fix_url(const Markdown *self, const char *url)
{
    g_autoptr(GString) mended = g_string_new(url);
    g_string_replace(mended, "—", "---", 0);
    g_string_replace(mended, "–", "--", 0);
    g_string_replace(mended, "…", "...", 0);
    g_string_replace(mended, "’", "'", 0);
    if (g_str_equal(mended->str, url) || !placeholders_mentions(self->aside, mended->str))
        return g_strdup(url);
    return g_strdup(mended->str);
}

/* The bytes of a URL without the punctuation of the sentence around it. */
static gsize url_length(const char *at)
{
    gsize length = 0;
    while (at[length]) {
        gunichar c = g_utf8_get_char(at + length);
        if (g_unichar_isspace(c) || c == '<' || c == '>' || c == '"' || c == 0x201c || c == 0x201d)
            break;
        length += (gsize)(g_utf8_next_char(at + length) - (at + length));
    }
    for (;;) {
        const char *last = length ? g_utf8_prev_char(at + length) : NULL;
        if (!last || last <= at)
            return 0;
        gunichar c = g_utf8_get_char(last);
        if (c == ')') {
            guint open = 0, close = 0;
            for (gsize i = 0; i < length; i++) {
                open += at[i] == '(';
                close += at[i] == ')';
            }
            if (close <= open)
                return length;
        } else if (!(c < 128 && strchr("?!.,:;*_~'|]", (int)c)) && c != 0x2019 && c != 0x2018 &&
                   c != 0x2026 && c != 0x2013 && c != 0x2014) {
            return length;
        }
        length = (gsize)(last - at);
    }
}

/* The bytes at which an address of the web begins: its scheme, or "www."; 0 for none. */
static gsize head_length(const char *at)
{
    static const char *const heads[] = {"https://", "http://", "www."};
    for (gsize i = 0; i < G_N_ELEMENTS(heads); i++)
        if (g_str_has_prefix(at, heads[i]))
            return strlen(heads[i]);
    return 0;
}

const char *doc_find_url(const char *text, gsize *length)
{
    for (const char *at = text; (at = strpbrk(at, "hw")); at++) {
        gsize head = head_length(at);
        if (!head || (at > text && (g_ascii_isalnum(at[-1]) || strchr("@/._-", at[-1]))))
            continue;
        *length = url_length(at);
        g_autofree char *rest = g_strndup(at + head, *length > head ? *length - head : 0);
        if (*rest && (*at == 'h' || (g_ascii_isalnum(*rest) && strchr(rest, '.'))))
            return at;
    }
    return NULL;
}

/* --- bare addresses -------------------------------------------------------------------------- */

/* An address in running text, so that nothing beside it may be a part of it. The apostrophe of
 * "o'neill@" is a letter of the address, whatever punctuation made of it. */
static const char mail_pattern[] =
    "(?<![\\w.+/:=&?@’'-])[A-Za-z0-9](?:[A-Za-z0-9._%+’'-]*[A-Za-z0-9_])?@"
    "(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\\.)+[A-Za-z]{2,}(?![\\w@]|-\\w)";

static cmark_node *insert_text(cmark_node *before, const char *text, gsize length)
{
    g_autofree char *literal = g_strndup(text, length);
    cmark_node *node = doc_text(literal);
    if (length)
        cmark_node_insert_before(before, node);
    else
        g_clear_pointer(&node, cmark_node_free);
    return node;
}

static gpointer compile_mail_pattern(gpointer unused)
{
    (void)unused;
    return g_regex_new(mail_pattern, G_REGEX_OPTIMIZE, 0, NULL);
}

/* Puts a link before the node. */
static void insert_link(cmark_node *before, const char *url, const char *words)
{
    cmark_node *link = cmark_node_new(CMARK_NODE_LINK);
    cmark_node *inner = cmark_node_new(CMARK_NODE_TEXT);
    cmark_node_set_url(link, url);
    cmark_node_set_literal(inner, words);
    cmark_node_append_child(link, inner);
    cmark_node_insert_before(before, link);
}

/* Makes links of the mail addresses in a text, and puts what is before the last one before the node;
 * the rest, to be looked at for nothing more, goes there too. */
static void link_bare_addresses(const Markdown *self, cmark_node *node, const char *text)
{
    static GOnce once = G_ONCE_INIT;
    GRegex *regex = g_once(&once, compile_mail_pattern, NULL);
    g_autoptr(GMatchInfo) match = NULL;
    gsize done = 0;
    if (strchr(text, '@'))
        g_regex_match(regex, text, 0, &match);
    for (; match && g_match_info_matches(match); g_match_info_next(match, NULL)) {
        int start = 0, end = 0;
        g_match_info_fetch_pos(match, 0, &start, &end);
        g_autofree char *found = g_match_info_fetch(match, 0);
        g_autofree char *address = fix_url(self, found);
        g_autofree char *url = g_strconcat("mailto:", address, NULL);
        insert_text(node, text + done, (gsize)start - done);
        insert_link(node, url, address);
        done = (gsize)end;
    }
    insert_text(node, text + done, strlen(text + done));
}

static void link_bare_urls(const Markdown *self, cmark_node *node)
{
    g_autofree char *text = g_strdup(cmark_node_get_literal(node));
    const char *rest = text, *at;
    gsize length;
    if (!doc_find_url(text, &length) && !strchr(text, '@'))
        return;
    while ((at = doc_find_url(rest, &length))) {
        g_autofree char *found = g_strndup(at, length);
        g_autofree char *words = fix_url(self, found);
        g_autofree char *url = g_strconcat(*words == 'w' ? "https://" : "", words, NULL);
        g_autofree char *before = g_strndup(rest, (gsize)(at - rest));
        link_bare_addresses(self, node, before);
        insert_link(node, url, words);
        rest = at + length;
    }
    link_bare_addresses(self, node, rest);
    doc_drop(node);
}

/* --- links ----------------------------------------------------------------------------------- */

/* Puts a node's children in its place. */
static void unwrap(cmark_node *node)
{
    while (cmark_node_first_child(node))
        cmark_node_insert_before(node, cmark_node_first_child(node));
    doc_drop(node);
}

typedef enum { URL_NONE, URL_RELATIVE, URL_WEB, URL_WRITE, URL_SCRIPT, URL_OTHER } UrlKind;

static UrlKind url_kind(const Markdown *self, const char *url)
{
    const char *start, *end;
    gsize length = strcspn(url, ":/?#");
    if (!*url)
        return URL_NONE;
    if (g_str_has_prefix(url, "//"))
        return URL_WEB;
    if (placeholders_find(self->aside, url, &start, &end) >= 0 && start == url)
        return *end == ':' ? URL_OTHER
                           : URL_WEB; /* the field holds it: its value is checked later */
    if (url[length] != ':' || length < 2)
        return URL_RELATIVE;
    g_autofree char *scheme = g_ascii_strdown(url, (gssize)length);
    if (g_str_equal(scheme, "http") || g_str_equal(scheme, "https"))
        return URL_WEB;
    if (g_str_equal(scheme, "mailto") || g_str_equal(scheme, "tel"))
        return URL_WRITE;
    if (g_str_equal(scheme, "javascript") || g_str_equal(scheme, "vbscript") ||
        g_str_equal(scheme, "data"))
        return URL_SCRIPT;
    return URL_OTHER;
}

/* A file of one computer or one network: C:\\form.docx, \\\\server\\form.docx, file://… */
static gboolean is_path(const char *url)
{
    gboolean drive = g_ascii_isalpha(*url) && url[1] == ':' && (url[2] == '\\' || url[2] == '/');
    return drive || *url == '\\' || g_ascii_strncasecmp(url, "file:", 5) == 0;
}

/* A URL as its author wrote it; newly allocated. */
static char *written(const Markdown *self, const char *url)
{
    return placeholders_restore(self->aside, url, PLACEHOLDER_PLAIN);
}

static void complain_path(const Markdown *self, Findings *findings, cmark_node *link,
                          const char *url)
{
    doc_complain(self, findings, FINDING_WARNING, doc_line(self, link), "link-file",
                 "a link to '%.60s' opens nothing: that file is on your computer or network: "
                 "attach it, or link to a page",
                 url);
}

/* A link without words is of no use to who listens: it has its address for words. */
static void show_address(const Markdown *self, cmark_node *link, const char *url,
                         Findings *findings)
{
    cmark_node *text = cmark_node_new(CMARK_NODE_TEXT);
    while (cmark_node_first_child(link))
        doc_drop(cmark_node_first_child(link));
    cmark_node_set_literal(text, cmark_node_get_url(link));
    cmark_node_append_child(link, text);
    doc_complain(self, findings, FINDING_WARNING, doc_line(self, link), "link-text",
                 "the link to '%.60s' has no words, and shows its address: write [words](%.60s)",
                 url, url);
}

static void tidy_link(Markdown *self, cmark_node *link, Findings *findings)
{
    const char *target = cmark_node_get_url(link);
    UrlKind kind = url_kind(self, target);
    g_autofree char *url = written(self, target); /* for people */
    g_autofree char *words = doc_words(link);
    if (!*words && kind != URL_NONE)
        show_address(self, link, url, findings);
    switch (kind) {
    case URL_WEB:
        if (g_str_has_prefix(url, "//"))
            doc_complain(self, findings, FINDING_WARNING, doc_line(self, link), "relative-link",
                         "a link to '%s' leads nowhere from a letter: write https: before it", url);
        return;
    case URL_WRITE:
        return;
    case URL_RELATIVE:
        if (is_path(url))
            complain_path(self, findings, link, url);
        else if (*target != '#')
            doc_complain(self, findings, FINDING_WARNING, doc_line(self, link), "relative-link",
                         "a link to '%s' leads nowhere from a letter: write the whole address, "
                         "https:// and all",
                         url);
        return;
    case URL_OTHER:
    case URL_SCRIPT:
        if (is_path(url))
            complain_path(self, findings, link, url);
        else
            doc_complain(
                self, findings, FINDING_WARNING, doc_line(self, link), "link-scheme",
                "a link to '%.60s' is shown as text: a letter links to http, https, mailto or "
                "tel",
                url);
        if (kind == URL_OTHER && *words && !g_str_equal(words, target)) {
            g_autofree char *shown = g_strdup_printf(" (%s)", target);
            cmark_node *text = doc_text(shown);
            cmark_node_insert_after(link, text);
        }
        break;
    case URL_NONE:
        if (*words)
            doc_complain(self, findings, FINDING_WARNING, doc_line(self, link), "relative-link",
                         "'%.60s' leads nowhere: its link has no address", words);
        break;
    }
    unwrap(link);
}

/* --- images ---------------------------------------------------------------------------------- */

static gboolean is_within(cmark_node *node, cmark_node_type type)
{
    while ((node = cmark_node_parent(node)))
        if (cmark_node_get_type(node) == type)
            return TRUE;
    return FALSE;
}

static gboolean within_link(cmark_node *node)
{
    return is_within(node, CMARK_NODE_LINK);
}

/* Puts words, or a link of that text, in an image's place. */
static void replace_image(cmark_node *image, const char *text, const char *url)
{
    cmark_node *words = cmark_node_new(CMARK_NODE_TEXT), *link = NULL;
    cmark_node_set_literal(words, text);
    if (url && !within_link(image)) {
        link = cmark_node_new(CMARK_NODE_LINK);
        cmark_node_set_url(link, url);
        cmark_node_set_title(link, cmark_node_get_title(image));
        cmark_node_append_child(link, words);
    }
    cmark_node *before = cmark_node_previous(image);
    cmark_node_insert_before(image, link ? link : words);
    if (before && cmark_node_get_type(before) == CMARK_NODE_LINK) { /* pictures stand apart */
        cmark_node *blank = doc_text(" ");
        cmark_node_insert_after(before, blank);
    }
    doc_drop(image);
}

static void flatten_image(cmark_node *image)
{
    g_autofree char *alt = doc_words(image);
    if (is_within(image, CMARK_NODE_IMAGE))
        replace_image(image, alt, NULL);
}

static void register_image(Markdown *self, const char *url, const char *alt, guint line)
{
    g_autofree char *path = g_uri_unescape_string(url, NULL);
    if (!path)
        path = g_strdup(url);
    for (guint i = 0; i < self->images->len; i++) {
        const MarkdownImage *known = g_ptr_array_index(self->images, i);
        if (g_str_equal(known->path, path))
            return;
    }
    MarkdownImage *image = g_new0(MarkdownImage, 1);
    image->path = g_steal_pointer(&path);
    image->cid = g_strdup_printf("image%u@circular.invalid", self->images->len + 1);
    image->alt = placeholders_restore(self->aside, alt, PLACEHOLDER_PLAIN);
    image->line = line;
    g_ptr_array_add(self->images, image);
}

static void tidy_image(Markdown *self, cmark_node *image, Findings *findings)
{
    const char *url = cmark_node_get_url(image);
    g_autofree char *alt = doc_words(image), *shown = written(self, url);
    guint line = doc_line(self, image);
    UrlKind kind = url_kind(self, url);
    const char *tag, *end; /* a name that begins with a field is no server's */
    if (kind == URL_WEB && placeholders_find(self->aside, url, &tag, &end) >= 0 && tag == url)
        kind = URL_RELATIVE;
    switch (kind) {
    case URL_WEB:
        doc_complain(self, findings, FINDING_WARNING, line, "remote-image",
                     "the picture '%.80s' is on a server and becomes a link: save it beside the "
                     "update to embed it",
                     shown);
        replace_image(image, *alt || within_link(image) ? alt : url, url);
        return;
    case URL_RELATIVE:
        break;
    case URL_NONE:
    case URL_WRITE:
    case URL_SCRIPT:
    case URL_OTHER:
        doc_complain(self, findings, FINDING_WARNING, line, "image-left-out",
                     "the picture '%.60s' is left out: name a file beside the update", shown);
        replace_image(image, alt, NULL);
        return;
    }
    if (placeholders_has(self->aside, url))
        doc_complain(self, findings, FINDING_ERROR, line, "image-field",
                     "a picture's file can't depend on a field: put a section around each picture");
    else if (!*alt)
        doc_complain(self, findings, FINDING_ERROR, line, "image-alt",
                     "the picture '%s' has no alternative text: write ![what it shows](%s)", url,
                     url);
    else
        register_image(self, url, alt, line);
}

/* --- all ------------------------------------------------------------------------------------- */

/* The nodes of one type, so that the tree can be changed while one goes over them. */
static void add_nodes_of(GPtrArray *nodes, cmark_node *root, cmark_node_type type)
{
    cmark_iter *iter = cmark_iter_new(root);
    while (cmark_iter_next(iter) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(iter);
        if (cmark_iter_get_event_type(iter) == CMARK_EVENT_ENTER &&
            cmark_node_get_type(node) == type)
            g_ptr_array_add(nodes, node);
    }
    cmark_iter_free(iter);
}

static GPtrArray *nodes_of(const Markdown *self, cmark_node_type type)
{
    GPtrArray *nodes = g_ptr_array_new();
    add_nodes_of(nodes, self->root, type);
    add_nodes_of(nodes, self->cells, type);
    return nodes;
}

void tidy(Markdown *self, Findings *findings)
{
    cmark_consolidate_text_nodes(self->root);
    cmark_consolidate_text_nodes(self->cells);
    g_autoptr(GPtrArray) images = nodes_of(self, CMARK_NODE_IMAGE);
    for (guint i = images->len; i-- > 0;) /* an image in another's text is but its words */
        flatten_image(g_ptr_array_index(images, i));
    g_ptr_array_unref(images);
    images = nodes_of(self, CMARK_NODE_IMAGE);
    for (guint i = 0; i < images->len; i++)
        tidy_image(self, g_ptr_array_index(images, i), findings);
    cmark_consolidate_text_nodes(self->root);
    cmark_consolidate_text_nodes(self->cells);
    g_autoptr(GPtrArray) texts = nodes_of(self, CMARK_NODE_TEXT);
    for (guint i = 0; i < texts->len; i++)
        if (!within_link(g_ptr_array_index(texts, i)))
            link_bare_urls(self, g_ptr_array_index(texts, i));
    g_autoptr(GPtrArray) links = nodes_of(self, CMARK_NODE_LINK);
    for (guint i = 0; i < links->len; i++)
        tidy_link(self, g_ptr_array_index(links, i), findings);
    headings_settle(self, findings);
}
