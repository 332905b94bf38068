/* address - one e-mail address, understood, comparable, safe in an envelope and in a header */
#include "mail/address.h"

#include <string.h>

#include "base/error.h"
#include "mail/domain.h"
#include "mail/typo.h"

enum { SHOWN_MAX = 100 }; /* characters of a wrong address that a message repeats */

void address_free(Address *self)
{
    if (!self)
        return;
    g_free(self->name);
    g_free(self->local);
    g_free(self->domain);
    g_free(self->spec);
    g_free(self);
}

/* --- characters ------------------------------------------------------------------------------ */

/* Quotes, dashes and brackets that a word processor puts where an address has "'" and "-". RFC 6531
 * would let them stand in a local part; nobody's mailbox has them. */
static gboolean is_typographic(gunichar c)
{
    const guint kinds = 1u << G_UNICODE_INITIAL_PUNCTUATION | 1u << G_UNICODE_FINAL_PUNCTUATION |
                        1u << G_UNICODE_DASH_PUNCTUATION | 1u << G_UNICODE_OPEN_PUNCTUATION |
                        1u << G_UNICODE_CLOSE_PUNCTUATION;
    return kinds >> g_unichar_type(c) & 1;
}

static gboolean is_full_width(gunichar c)
{
    return c >= 0xFF01 && c <= 0xFF5E;
}

/* A character that an atom may hold (RFC 5322 section 3.2.3, RFC 6531 section 3.3). */
static gboolean is_atext(gunichar c)
{
    if (c < 0x80)
        return g_ascii_isalnum((char)c) || (c && strchr("!#$%&'*+-/=?^_`{|}~", (int)c));
    return c != 0xFFFD && !is_full_width(c) && !g_unichar_isspace(c) && !typo_is_invisible(c) &&
           !is_typographic(c);
}

/* The first letter of another alphabet within a word of Latin letters (a Cyrillic a in "example"), or
 * 0: nobody's mailbox is written so, and who owns it isn't who was meant. */
static gunichar find_foreign(const char *text)
{
    gboolean latin = FALSE;
    gunichar foreign = 0;
    for (; *text; text = g_utf8_next_char(text)) {
        gunichar c = g_utf8_get_char(text);
        GUnicodeScript script = g_unichar_get_script(c);
        if (c == '.' || c == '@') {
            latin = FALSE;
            foreign = 0;
        }
        latin |= script == G_UNICODE_SCRIPT_LATIN;
        if (!foreign && (script == G_UNICODE_SCRIPT_CYRILLIC || script == G_UNICODE_SCRIPT_GREEK))
            foreign = c;
        if (latin && foreign)
            return foreign;
    }
    return 0;
}

/* The text without what is blank around it; newly allocated. `text` is valid UTF-8. */
static char *trim(const char *text)
{
    const char *end = text + strlen(text);
    while (*text && typo_is_blank(g_utf8_get_char(text)))
        text = g_utf8_next_char(text);
    while (end > text && typo_is_blank(g_utf8_get_char(g_utf8_prev_char(end))))
        end = g_utf8_prev_char(end);
    return g_strndup(text, (gsize)(end - text));
}

/* The text as a message may repeat it: valid, of bounded length, without control characters. */
static char *shown(const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    GString *out = g_string_new(NULL);
    guint length = 0;
    for (const char *p = valid; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (++length > SHOWN_MAX) {
            g_string_append(out, "…");
            break;
        }
        if (typo_is_invisible(c) || c == 0xFFFD)
            g_string_append_printf(out, "<U+%04X>", c);
        else
            g_string_append_unichar(out, c);
    }
    return g_string_free(out, FALSE);
}

/* --- the local part -------------------------------------------------------------------------- */

/* What is wrong, newly allocated, or NULL when nothing is. */
static char *check_local(const char *local)
{
    static const char where[] = "the part before the @";
    if (!*local)
        return g_strdup("nothing stands before the @");
    if (strlen(local) > ADDRESS_LOCAL_MAX)
        return g_strdup_printf("%s is over %d bytes long", where, ADDRESS_LOCAL_MAX);
    for (const char *p = local; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (c != '.' && !is_atext(c))
            return typo_describe(c, where);
        if (c == '.' && (p == local || !p[1] || p[1] == '.'))
            return g_strdup(p[1] == '.' ? "two dots follow one another"
                                        : "a dot begins or ends the part before the @");
    }
    return NULL;
}

/* --- the whole ------------------------------------------------------------------------------- */

static Address *take(char *local, char *domain)
{
    Address *self = g_new0(Address, 1);
    self->name = g_strdup("");
    self->local = local;
    self->domain = domain;
    self->spec = g_strconcat(local, "@", domain, NULL);
    self->is_utf8 = !g_str_is_ascii(local);
    return self;
}

/* Reads valid, trimmed UTF-8; NULL with what is wrong in `wrong`. */
static Address *read_spec(const char *text, char **wrong)
{
    const char *at = strchr(text, '@');
    *wrong = NULL;
    if (!*text)
        *wrong = g_strdup("it is empty");
    else if (g_ascii_strncasecmp(text, "mailto:", 7) == 0)
        *wrong = g_strdup("leave out 'mailto:'");
    else if (strchr(text, '<') || strchr(text, '>'))
        *wrong = typo_describe('<', "it");
    else if (!at)
        *wrong = g_strdup("it has no @");
    else if (strchr(at + 1, '@'))
        *wrong =
            g_strdup(strpbrk(text, " ,;/") ? "give one address only" : "it has more than one @");
    gunichar foreign = find_foreign(text);
    if (!*wrong && foreign)
        *wrong = g_strdup_printf("a letter of another alphabet (U+%04X) stands among Latin ones: "
                                 "type the address anew",
                                 foreign);
    if (*wrong)
        return NULL;

    g_autofree char *before = g_strndup(text, (gsize)(at - text));
    g_autofree char *local = g_utf8_normalize(before, -1, G_NORMALIZE_NFC);
    g_autofree char *domain = NULL;
    if ((*wrong = check_local(local)) || !(domain = domain_to_ascii(at + 1, wrong)))
        return NULL;
    if (strlen(local) + 1 + strlen(domain) > ADDRESS_SPEC_MAX) {
        *wrong = g_strdup_printf("it is over %d bytes long", ADDRESS_SPEC_MAX);
        return NULL;
    }
    return take(g_steal_pointer(&local), g_steal_pointer(&domain));
}

/* The address that was most likely meant, or NULL. */
static char *guess(const char *text)
{
    g_autofree char *mended = typo_mend(text);
    g_autofree char *wrong = NULL;
    g_autoptr(Address) address = read_spec(mended, &wrong);
    return address ? g_strdup(address->spec) : NULL;
}

static char *describe(const char *text, const char *wrong, const char *fix)
{
    g_autofree char *subject = shown(text);
    return fix ? g_strdup_printf("'%s': %s; did you mean '%s'?", subject, wrong, fix)
               : g_strdup_printf("'%s': %s", subject, wrong);
}

static Address *refuse(GError **error, const char *reason)
{
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA, "not an e-mail address: %s", reason);
    return NULL;
}

Address *address_read(const char *text, char **reason)
{
    *reason = NULL;
    if (!g_utf8_validate(text, -1, NULL))
        *reason = describe(text, "it isn't UTF-8", NULL);
    else if (strlen(text) > ADDRESS_TEXT_MAX)
        *reason = describe(text, "it is far too long", NULL);
    if (*reason)
        return NULL;
    g_autofree char *trimmed = trim(text);
    g_autofree char *wrong = NULL;
    Address *self = read_spec(trimmed, &wrong);
    if (self)
        return self;
    g_autofree char *fix = guess(trimmed);
    *reason = describe(trimmed, wrong, fix);
    return NULL;
}

Address *address_parse(const char *text, GError **error)
{
    g_autofree char *reason = NULL;
    Address *self = address_read(text, &reason);
    return self ? self : refuse(error, reason);
}

/* --- with a name ----------------------------------------------------------------------------- */

/* Appends the quoted string that begins at `p`, unescaped (RFC 5322 section 3.2.4); where it ends,
 * or NULL when it doesn't. */
static const char *read_quoted(const char *p, GString *name)
{
    for (p++; *p && *p != '"'; p++) {
        if (*p == '\\' && p[1])
            p++;
        g_string_append_c(name, *p);
    }
    return *p ? p + 1 : NULL;
}

/* The display name that stands before `end`, or NULL with what is wrong. */
static char *read_name(const char *p, const char *end, const char **wrong)
{
    g_autoptr(GString) name = g_string_new(NULL);
    while (p < end) {
        gunichar c = g_utf8_get_char(p);
        if (*p == '"') {
            if (!(p = read_quoted(p, name)) || p > end) {
                *wrong = "a quote isn't closed";
                return NULL;
            }
            continue;
        }
        if (c < 0x80 && strchr("()<>[]:;@\\,", (int)c)) {
            *wrong = c == '(' || c == ')'
                         ? "comments in brackets can't stand here; put the name in "
                           "quotes if they are part of it"
                         : "put the name in quotes, as in \"Smith, Ann\" <ann@…>";
            return NULL;
        }
        if (!g_unichar_isspace(c))
            g_string_append_unichar(name, c);
        else if (name->len && name->str[name->len - 1] != ' ')
            g_string_append_c(name, ' ');
        p = g_utf8_next_char(p);
    }
    g_strstrip(name->str);
    for (p = name->str; *p; p = g_utf8_next_char(p)) {
        GUnicodeType type = g_unichar_type(g_utf8_get_char(p));
        if (type == G_UNICODE_CONTROL || type == G_UNICODE_LINE_SEPARATOR ||
            type == G_UNICODE_PARAGRAPH_SEPARATOR) {
            *wrong = "there is a control character in the name";
            return NULL;
        }
    }
    if (strlen(name->str) > ADDRESS_NAME_MAX) {
        *wrong = "the name is too long";
        return NULL;
    }
    return g_strdup(name->str);
}

Address *address_parse_mailbox(const char *text, GError **error)
{
    g_autofree char *trimmed = g_utf8_validate(text, -1, NULL) ? trim(text) : NULL;
    gsize length = trimmed ? strlen(trimmed) : 0;
    if (!length || trimmed[length - 1] != '>')
        return address_parse(text, error);

    const char *open = strrchr(trimmed, '<');
    const char *wrong = "there is a '>' without a '<'";
    g_autofree char *name = open ? read_name(trimmed, open, &wrong) : NULL;
    if (!name) {
        g_autofree char *reason = describe(trimmed, wrong, NULL);
        return refuse(error, reason);
    }
    g_autofree char *spec = g_strndup(open + 1, length - 2 - (gsize)(open - trimmed));
    Address *self = address_parse(spec, error);
    if (self) {
        g_free(self->name);
        self->name = g_steal_pointer(&name);
    }
    return self;
}

/* --- comparing ------------------------------------------------------------------------------- */

char *address_fold(const char *spec)
{
    if (g_str_is_ascii(spec))
        return g_ascii_strdown(spec, -1);
    g_autofree char *valid = g_utf8_make_valid(spec, -1);
    g_autoptr(GString) whole = g_string_new(valid);
    char *at = strrchr(whole->str, '@');
    if (at && !g_str_is_ascii(at + 1)) {
        g_autofree char *wrong = NULL;
        g_autofree char *ascii = domain_to_ascii(at + 1, &wrong);
        g_string_truncate(whole, (gsize)(at + 1 - whole->str));
        g_string_append(whole, ascii ? ascii : strrchr(valid, '@') + 1);
    }
    /* Folding can take a composed character apart, so the form is sought before and after. */
    g_autofree char *composed = g_utf8_normalize(whole->str, -1, G_NORMALIZE_NFC);
    g_autofree char *folded = g_utf8_casefold(composed, -1);
    return g_utf8_normalize(folded, -1, G_NORMALIZE_NFC);
}
