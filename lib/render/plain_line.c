/* plain_line - what stands within a line, as plain text; links as numbered footnotes */
#include "render/plain_parts.h"

#include <string.h>

#include "template/typeset.h"
#include "template/wrap.h"

/* Literal text without control characters, which are marks here. */
void plain_literal(GString *out, const char *text)
{
    for (const char *p = text; *p; p++)
        if (((guchar)*p >= 0x20 && *p != 0x7f) || *p == PLACEHOLDER_EXACT)
            g_string_append_c(out, *p);
        else if (*p == '\n' || *p == '\t')
            g_string_append_c(out, ' ');
}

char *plain_word(const Plain *in, const PlaceholderTag *tag)
{
    return placeholders_word(in->doc->aside, placeholders_index(in->doc->aside, tag));
}

static void plain_inlines(Plain *in, cmark_node *parent, GString *text);

/* --- footnotes ------------------------------------------------------------------------------- */

/* Scripts that put no blanks between words, where "the rest of the word" would be that of the
 * sentence. */
static gboolean has_no_blanks(gunichar c)
{
    switch (g_unichar_get_script(c)) {
    case G_UNICODE_SCRIPT_HAN:
    case G_UNICODE_SCRIPT_HIRAGANA:
    case G_UNICODE_SCRIPT_KATAKANA:
    case G_UNICODE_SCRIPT_BOPOMOFO:
    case G_UNICODE_SCRIPT_THAI:
    case G_UNICODE_SCRIPT_LAO:
    case G_UNICODE_SCRIPT_KHMER:
    case G_UNICODE_SCRIPT_MYANMAR:
        return TRUE;
    default:
        return FALSE;
    }
}

/* The bytes at the beginning of a text that belong to the word before it: "’s new framework" after
 * a link to Ofsted has three bytes and a letter. A field's value may be the rest of the word, too.
 */
static gsize word_rest(const Plain *in, const char *text)
{
    const char *at = text, *tag, *end;
    for (;;) {
        gunichar c = g_utf8_get_char(at);
        int index = c == '$' || g_unichar_isalnum(c)
                        ? placeholders_find(in->doc->aside, at, &tag, &end)
                        : -1;
        const PlaceholderTag *found =
            index >= 0 && tag == at ? placeholders_tag(in->doc->aside, (guint)index) : NULL;
        if (found && found->kind != TAG_VARIABLE && found->kind != TAG_RAW)
            break;
        if (found)
            at = end;
        else if ((g_unichar_isalnum(c) && !has_no_blanks(c)) || g_unichar_ismark(c) ||
                 c == 0x2019 ||
                 ((c == '\'' || c == '-' || c == 0x2011) &&
                  g_unichar_isalnum(g_utf8_get_char(g_utf8_next_char(at)))))
            at = g_utf8_next_char(at);
        else
            break;
    }
    return (gsize)(at - text);
}

/* Appends the footnote that waits for the end of its word. */
static void end_note(Plain *in, GString *text)
{
    if (in->note)
        g_string_append(text, in->note);
    g_clear_pointer(&in->note, g_free);
}

/* Appends literal text; a footnote that waits stands after its first word. */
static void put_words(Plain *in, GString *text, const char *literal)
{
    gsize rest = in->note ? word_rest(in, literal) : 0;
    g_autofree char *first = g_strndup(literal, rest);
    plain_literal(text, first);
    if (!literal[rest])
        return; /* the word may go on in the next node */
    end_note(in, text);
    plain_literal(text, literal + rest);
}

/* The numbers that the author gave in brackets are no links' numbers: [1] stays what it is. */
void plain_find_numbers(Plain *in)
{
    cmark_iter *iter = cmark_iter_new(in->doc->root);
    while (cmark_iter_next(iter) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(iter);
        const char *text =
            cmark_node_get_type(node) == CMARK_NODE_TEXT ? cmark_node_get_literal(node) : NULL;
        for (const char *at = text; at && (at = strchr(at, '[')); at++) {
            gsize digits = strspn(at + 1, G_CSET_DIGITS);
            if (digits && digits <= 3 && at[digits + 1] == ']')
                g_hash_table_add(in->taken,
                                 GUINT_TO_POINTER((guint)g_ascii_strtoull(at + 1, NULL, 10)));
        }
    }
    cmark_iter_free(iter);
}

/* The number of a link in the list at the end; the same target has the same number. */
static guint link_number(Plain *in, char *line)
{
    for (guint i = 0; i < in->links->len; i++) {
        PlainLink *link = g_ptr_array_index(in->links, i);
        if (g_str_equal(link->line, line)) {
            g_free(line);
            return link->number;
        }
    }
    do
        in->last_number++;
    while (g_hash_table_contains(in->taken, GUINT_TO_POINTER(in->last_number)));
    PlainLink *link = g_new(PlainLink, 1);
    *link = (PlainLink){in->last_number, line};
    g_ptr_array_add(in->links, link);
    return link->number;
}

/* --- links ----------------------------------------------------------------------------------- */

static char *marked_url(const Plain *in, cmark_node *link)
{
    g_autofree char *url = doc_url(cmark_node_get_url(link));
    if (!placeholders_has(in->doc->aside, url))
        return g_steal_pointer(&url);
    return g_strdup_printf("%c%s%c", FLOW_URL_BEGIN, url, FLOW_URL_END);
}

/* An address as a person writes it: a scheme that only programs want is left out, unless more than
 * the address stands behind it. Newly allocated. */
static char *written_url(const Plain *in, cmark_node *link)
{
    const char *url = cmark_node_get_url(link);
    gsize scheme = g_str_has_prefix(url, "mailto:") ? strlen("mailto:")
                   : g_str_has_prefix(url, "tel:")  ? strlen("tel:")
                                                    : 0;
    if (!scheme || !url[scheme] || strpbrk(url, "?%") || placeholders_has(in->doc->aside, url))
        return marked_url(in, link);
    return doc_url(url + scheme);
}

static char *digits_of(const char *text)
{
    GString *digits = g_string_new(NULL);
    for (; *text; text++)
        if (g_ascii_isdigit(*text))
            g_string_append_c(digits, *text);
    return g_string_free(digits, FALSE);
}

/* Whether a text is that number: "01632 960001" is +44 1632 960001. */
static gboolean says_number(const char *text, const char *number)
{
    g_autofree char *said = digits_of(text), *called = digits_of(number);
    gsize length = strlen(said), whole = strlen(called);
    if (!length || strspn(text, G_CSET_DIGITS "+-() ./\xc2\xa0") != strlen(text))
        return length && g_str_equal(text, number);
    return g_str_equal(said, called) || (*said == '0' && *number == '+' && whole >= length &&
                                         whole <= length + 3 && g_str_has_suffix(called, said + 1));
}

/* An address without what makes no difference to a reader: scheme, "www.", the last slash. */
static char *bare_address(const char *url)
{
    static const char *const heads[] = {"http://", "https://", "mailto:", "www."};
    char *bare = g_ascii_strdown(url, -1);
    for (gsize i = 0; i < G_N_ELEMENTS(heads); i++)
        if (g_str_has_prefix(bare, heads[i]))
            memmove(bare, bare + strlen(heads[i]), strlen(bare + strlen(heads[i])) + 1);
    gsize length = strlen(bare);
    if (length && bare[length - 1] == '/')
        bare[length - 1] = '\0';
    return bare;
}

/* Whether the text of a link says where it leads. */
static gboolean says_target(const char *text, const char *url)
{
    g_autofree char *said = bare_address(text), *called = bare_address(url);
    if (g_str_has_prefix(url, "tel:"))
        return says_number(text, url + strlen("tel:"));
    return g_str_equal(said, called);
}

/* What stands behind a link's words. In a section the target stands there itself: a list of links
 * must not show what the section doesn't, nor one number with the target of many rows. A telephone
 * number is dialled by a person: it is never looked up in a list. */
static char *link_note(Plain *in, cmark_node *node, const char *url, const char *title)
{
    const char *target = cmark_node_get_url(node);
    if (in->sections)
        return g_strdup_printf(" (%s)%s", url, title);
    if (doc_button(cmark_node_parent(cmark_node_parent(node))) == node)
        return g_strdup_printf(": %s%s", url, title);
    if (g_str_has_prefix(target, "tel:") && !placeholders_has(in->doc->aside, target))
        return g_strdup_printf(" (%s)%s", target + strlen("tel:"), title);
    return g_strdup_printf(" [%u]", link_number(in, g_strconcat(url, title, NULL)));
}

static void link(Plain *in, cmark_node *node, GString *text)
{
    g_autoptr(GString) words = g_string_new(NULL);
    g_autofree char *plain_url = doc_url(cmark_node_get_url(node));
    g_autofree char *url = written_url(in, node);
    g_autoptr(GString) title = g_string_new(NULL);
    end_note(in, text);
    plain_inlines(in, node, words);
    end_note(in, words);
    plain_literal(title, cmark_node_get_title(node));
    if (*plain_url == '#') { /* a place in this very letter, which only a page can go to */
        g_string_append(text, words->str);
        return;
    }
    if (title->len) {
        g_string_prepend(title, " (");
        g_string_append_c(title, ')');
    }
    if (says_target(words->str, plain_url)) {
        g_string_append(
            text, g_str_equal(words->str, plain_url) && *url == FLOW_URL_BEGIN ? url : words->str);
        g_string_append(text, title->str);
        return;
    }
    g_string_append(text, words->str);
    in->note = link_note(in, node, url, title->str);
}

/* --- spans ----------------------------------------------------------------------------------- */

/* Characters that Unicode has raised or lowered, in the order of `plain`. */
typedef struct {
    const char *plain;
    const char *shifted;
} Shift;

static const Shift raised = {"0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ"};
static const Shift lowered = {"0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎"};

/* The words with each character shifted; NULL when Unicode lacks one. Newly allocated. */
static char *shift(const Shift *by, const char *words)
{
    g_autoptr(GString) out = g_string_new(NULL);
    for (const char *p = words; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        const char *found = c == 0x2212 ? strchr(by->plain, '-')
                            : c < 0x80  ? strchr(by->plain, (int)c)
                                        : NULL;
        if (!found)
            return NULL;
        g_string_append_unichar(
            out, g_utf8_get_char(g_utf8_offset_to_pointer(by->shifted, found - by->plain)));
    }
    return out->len ? g_strdup(out->str) : NULL;
}

char *plain_raised(guint number)
{
    g_autofree char *digits = g_strdup_printf("%u", number);
    return shift(&raised, digits);
}

/* "1st" and "M. le 1er" read well on one line. */
static gboolean is_letters(const char *words)
{
    for (const char *p = words; *p; p = g_utf8_next_char(p))
        if (!g_unichar_isalpha(g_utf8_get_char(p)))
            return FALSE;
    return *words != '\0';
}

static void span(Plain *in, cmark_node *node, GString *text)
{
    DocSpan kind = doc_span(node);
    if (kind == DOC_NOTE) {
        g_autofree char *number = doc_words(node);
        end_note(in, text);
        in->note = shift(&raised, number);
        return;
    }
    if (kind == DOC_INSERTED) {
        plain_inlines(in, node, text);
        return;
    }
    g_autoptr(GString) words = g_string_new(NULL);
    if (kind == DOC_DELETED)
        end_note(in, text);
    plain_inlines(in, node, words);
    if (kind == DOC_DELETED) {
        end_note(in, words);
        g_string_append_printf(text, "(deleted: %s)", g_strchomp(words->str));
        return;
    }
    g_autofree char *shifted = shift(kind == DOC_SUP ? &raised : &lowered, words->str);
    if (shifted)
        g_string_append(text, shifted);
    else if (kind == DOC_SUP && is_letters(words->str))
        g_string_append(text, words->str);
    else
        g_string_append_printf(text, "%c(%s)", kind == DOC_SUP ? '^' : '_', words->str);
}

/* --- within a line --------------------------------------------------------------------------- */

static void follow_sections(Plain *in, const char *text)
{
    const char *start, *end = text;
    int index;
    while ((index = placeholders_find(in->doc->aside, end, &start, &end)) >= 0) {
        TagKind kind = placeholders_tag(in->doc->aside, (guint)index)->kind;
        if (kind == TAG_SECTION || kind == TAG_INVERTED)
            in->sections++;
        else if (kind == TAG_CLOSE)
            in->sections--;
    }
}

static void image(cmark_node *node, GString *text)
{
    g_autofree char *alt = doc_words(node);
    g_string_append(text, "[Image: ");
    plain_literal(text, alt);
    g_string_append_c(text, ']');
    if (*cmark_node_get_title(node)) {
        g_string_append(text, " (");
        plain_literal(text, cmark_node_get_title(node));
        g_string_append_c(text, ')');
    }
}

static void inline_node(Plain *in, cmark_node *node, GString *text)
{
    switch (cmark_node_get_type(node)) {
    case CMARK_NODE_TEXT: {
        g_autofree char *prefix = placeholders_prefix(in->doc->aside);
        g_autofree char *joined = typeset_join(cmark_node_get_literal(node), prefix);
        put_words(in, text, joined);
        follow_sections(in, cmark_node_get_literal(node));
        break;
    }
    case CMARK_NODE_CODE: {
        g_autofree char *exact = placeholders_exact(in->doc->aside, cmark_node_get_literal(node));
        put_words(in, text, exact);
        break;
    }
    case CMARK_NODE_SOFTBREAK:
        end_note(in, text);
        g_string_append_c(text, ' ');
        break;
    case CMARK_NODE_LINEBREAK:
        end_note(in, text);
        g_string_append_c(text, FLOW_BREAK);
        break;
    case CMARK_NODE_EMPH:
    case CMARK_NODE_STRONG:
        plain_inlines(in, node, text);
        break;
    case CMARK_NODE_LINK:
        link(in, node, text);
        break;
    case CMARK_NODE_IMAGE:
        end_note(in, text);
        image(node, text);
        break;
    case CMARK_NODE_CUSTOM_INLINE:
        span(in, node, text);
        break;
    default:
        g_assert_not_reached(); /* the reader leaves no other */
    }
}

static void plain_inlines(Plain *in, cmark_node *parent, GString *text)
{
    for (cmark_node *node = cmark_node_first_child(parent); node; node = cmark_node_next(node))
        inline_node(in, node, text);
}

void plain_line(Plain *in, cmark_node *parent, GString *text)
{
    plain_inlines(in, parent, text);
    end_note(in, text);
}
