/* content_links - the rules about an update's links: their words and their addresses */
#include <string.h>

#include "rules/content.h"
#include "rules/rule.h"
#include "rules/weblink.h"

enum {
    SHORT_URL = 30, /* characters of an address that a person could type */
    SHOWN_MAX = 80
};

/* A link's words without case, and without what stands around them; newly allocated. */
static char *bare_words(const char *text)
{
    g_autofree char *fold = g_utf8_casefold(text, -1);
    g_strdelimit(fold, "\n\t", ' ');
    for (char *p = fold; *p; p++)
        if (strchr(".,:;!?()[]>\"'", *p))
            *p = ' ';
    g_autoptr(GString) out = g_string_new(g_strstrip(fold));
    static const char *const around[] = {"»", "→", "›", "…", "“", "”", "‘", "’"};
    for (gsize i = 0; i < G_N_ELEMENTS(around); i++)
        g_string_replace(out, around[i], "", 0);
    return g_strdup(g_strstrip(out->str));
}

static gboolean says_nothing(const char *words)
{
    static const char *const nothing[] = {"click",
                                          "click here",
                                          "here",
                                          "click this",
                                          "click this link",
                                          "click the link",
                                          "click on this link",
                                          "click below",
                                          "press here",
                                          "tap here",
                                          "follow this link",
                                          "link",
                                          "this link",
                                          "the link",
                                          "a link",
                                          "this",
                                          "this page",
                                          "this one",
                                          "this site",
                                          "this website",
                                          "page",
                                          "website",
                                          "web page",
                                          "webpage",
                                          "read more",
                                          "more",
                                          "see more",
                                          "view more",
                                          "learn more",
                                          "find out more",
                                          "find out more here",
                                          "read more here",
                                          "more here",
                                          "more info",
                                          "more information",
                                          "more information here",
                                          "more details",
                                          "details",
                                          "info",
                                          "information",
                                          "further information",
                                          "further details",
                                          "read on",
                                          "continue",
                                          "continue reading",
                                          "see here",
                                          "see this",
                                          "view",
                                          "view here",
                                          "go",
                                          "go here",
                                          "download",
                                          "download here",
                                          "open",
                                          "visit",
                                          "visit here",
                                          "url",
                                          "hier",
                                          "ici",
                                          NULL};
    return g_strv_contains(nothing, words);
}

static gboolean is_url(const char *words)
{
    return g_str_has_prefix(words, "http://") || g_str_has_prefix(words, "https://") ||
           g_str_has_prefix(words, "www.");
}

/* An address of a whole site, or one short enough to be typed. */
static gboolean can_be_typed(const char *url)
{
    const char *host = strstr(url, "://");
    host = host ? host + 3 : url;
    gsize length = strcspn(host, "/?#");
    return !host[length] || !host[length + 1] || g_utf8_strlen(url, -1) <= SHORT_URL;
}

/* The host of an address as it is typed, without "www."; newly allocated. */
static char *host_of(const char *url)
{
    const char *host = strstr(url, "://");
    host = host ? host + 3 : url;
    g_autofree char *name = g_ascii_strdown(host, (gssize)strcspn(host, "/?#:"));
    return g_strdup(name + (g_str_has_prefix(name, "www.") ? 4 : 0));
}

/* Words that are an address, and lead to another. */
static void check_elsewhere(const Content *self, const OutlineLink *link)
{
    g_autofree char *said = host_of(link->text), *leads = host_of(link->url);
    if (link->has_field || strstr(link->text, OUTLINE_FIELD) || strpbrk(link->text, " \n\t") ||
        !g_str_has_prefix(link->url, "http") || g_str_equal(said, leads))
        return;
    rule_report(self->findings, "link-elsewhere", self->file, link->line,
                "'%.80s' leads to %s: readers and filters take that for fraud", link->text, leads);
}

static void check_words(const Content *self, const OutlineLink *link)
{
    g_autofree char *words = bare_words(link->text);
    g_autofree char *shown = g_strndup(link->text, MIN(strlen(link->text), SHOWN_MAX));
    g_autofree char *safe = g_utf8_make_valid(shown, -1);
    if (is_url(link->text)) {
        check_elsewhere(self, link);
        if (!can_be_typed(link->text))
            rule_report(self->findings, "bare-url", self->file, link->line,
                        "'%s' is read out letter by letter: write [what is behind it](…)", safe);
    } else if (says_nothing(words)) {
        rule_report(self->findings, "link-text", self->file, link->line,
                    "'%s' doesn't say where the link leads", safe);
    }
}

/* --- the same words for different places ----------------------------------------------------- */

/* The address without what makes no difference to where it leads. */
static char *bare_target(const char *url)
{
    g_autofree char *fold = g_ascii_strdown(url, (gssize)strcspn(url, "#"));
    gsize length = strlen(fold);
    while (length && fold[length - 1] == '/')
        fold[--length] = '\0';
    return g_str_has_prefix(fold, "http:") ? g_strconcat("https:", fold + 5, NULL)
                                           : g_steal_pointer(&fold);
}

static void check_same(const Content *self, const OutlineLink *link, GHashTable *seen)
{
    g_autofree char *words = bare_words(link->text);
    if (link->guarded || !*words || says_nothing(words) || strstr(words, OUTLINE_FIELD))
        return;
    const OutlineLink *first = g_hash_table_lookup(seen, words);
    if (!first) {
        g_hash_table_insert(seen, g_steal_pointer(&words), (gpointer)link);
        return;
    }
    g_autofree char *one = bare_target(first->url), *other = bare_target(link->url);
    if (!g_str_equal(one, other))
        rule_report(self->findings, "same-link-text", self->file, link->line,
                    "'%s' leads somewhere else than on line %u", link->text, first->line);
}

/* --- addresses ------------------------------------------------------------------------------- */

static const char *const fault_ids[] = {
    [WEBLINK_NO_ADDRESS] = "link-parse",
    [WEBLINK_PASSWORD] = "link-password",
    [WEBLINK_SHORTENED] = "link-shortened",
    [WEBLINK_PRIVATE] = "link-private",
    [WEBLINK_WRAPPED] = "link-wrapped",
    [WEBLINK_TRACKING] = "link-tracking",
    [WEBLINK_INSECURE] = "link-insecure",
    [WEBLINK_MAILTO] = "link-mailto",
    [WEBLINK_TEL] = "link-tel",
};

static char *fault_text(WeblinkFault fault, const char *detail)
{
    switch (fault) {
    case WEBLINK_FINE:
        break;
    case WEBLINK_NO_ADDRESS:
        return g_strdup_printf("it is no address%s%s", detail ? ": " : "", detail ? detail : "");
    case WEBLINK_PASSWORD:
        return g_strdup("it carries a user name or password");
    case WEBLINK_PRIVATE:
        return g_strdup_printf("'%s' can't be reached from a school", detail);
    case WEBLINK_WRAPPED:
        return g_strdup_printf("it goes through a filter or counter (%s): link to the page itself",
                               detail);
    case WEBLINK_SHORTENED:
        return g_strdup_printf("%s hides where it leads: write the page's own address", detail);
    case WEBLINK_TRACKING:
        return g_strdup_printf("it carries '%s', which tells who came from where", detail);
    case WEBLINK_INSECURE:
        return g_strdup("http: can be read and changed on the way: write https:");
    case WEBLINK_MAILTO:
        return g_strdup_printf("it names no proper address%s%s", detail ? ": " : "",
                               detail ? detail : "");
    case WEBLINK_TEL:
        return g_strdup("it is no number that can be called: write tel:+441632960001");
    }
    g_assert_not_reached();
}

static void check_target(const Content *self, const OutlineLink *link)
{
    g_autofree char *detail = NULL;
    g_autofree char *url = NULL;
    GString *filled = g_string_new(link->url); /* any value will do where a field stands */
    g_string_replace(filled, OUTLINE_FIELD, "field", 0);
    g_string_replace(filled, OUTLINE_GUARD, "", 0);
    url = g_string_free(filled, FALSE);
    if (link->has_field && (!g_str_has_prefix(link->url, "http") ||
                            strcspn(link->url, "\xef") < strcspn(link->url, ".")))
        return; /* the field is the host, or an address */
    WeblinkFault fault = weblink_judge(url, &detail);
    if (fault == WEBLINK_FINE)
        return;
    g_autofree char *said = fault_text(fault, detail);
    g_autofree char *shown = g_strndup(url, MIN(strlen(url), SHOWN_MAX));
    g_autofree char *safe = g_utf8_make_valid(shown, -1);
    rule_report(self->findings, fault_ids[fault], self->file, link->line, "'%s': %s", safe, said);
}

void content_links(const Content *self)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < self->outline->links->len; i++) {
        const OutlineLink *link = g_ptr_array_index(self->outline->links, i);
        check_words(self, link);
        check_same(self, link, seen);
        check_target(self, link);
    }
}
