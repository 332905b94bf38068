/* domain - a mail domain in ASCII */
#include "mail/domain.h"

#include <glib.h>
#include <string.h>

#include <idn2.h> /* behind GLib, of which it defines a name that is missing */

#include "mail/address.h"
#include "mail/typo.h"

/* The static functions give what is wrong, newly allocated, or NULL when nothing is. */

static char *check_label(const char *label, gsize length)
{
    if (!length)
        return g_strdup("the domain has an empty part: a dot too many");
    if (length > ADDRESS_LABEL_MAX)
        return g_strdup_printf("a part of the domain is over %d bytes long", ADDRESS_LABEL_MAX);
    if (label[0] == '-' || label[length - 1] == '-')
        return g_strdup("a part of the domain begins or ends with a hyphen");
    for (gsize i = 0; i < length; i++)
        if (!g_ascii_isalnum(label[i]) && label[i] != '-')
            return typo_describe((guchar)label[i], "the domain");
    return NULL;
}

/* What can be read at all is taken as it is written: registries have given away names that IDNA 2008
 * knows nothing of, and mail to them arrives. */
static char *check_encoded(const char *domain)
{
    char *decoded = NULL;
    int result = idn2_to_unicode_8z8z(domain, &decoded, 0);
    idn2_free(decoded);
    return result == IDN2_OK ? NULL : g_strdup("the domain's 'xn--' part is no international name");
}

/* Of a domain in lower-case ASCII: RFC 1035 section 2.3.1; digits may begin a label by RFC 1123
 * section 2.1. */
static char *check_domain(const char *domain)
{
    gsize length = strlen(domain);
    if (!length)
        return g_strdup("nothing stands after the @");
    if (domain[0] == '[')
        return g_strdup("an address literal is not supported; give a domain name");
    if (length > ADDRESS_DOMAIN_MAX)
        return g_strdup_printf("the domain is over %d bytes long", ADDRESS_DOMAIN_MAX);
    if (domain[length - 1] == '.')
        return g_strdup("a dot ends it");

    const char *label = domain;
    for (;;) {
        gsize n = strcspn(label, ".");
        char *wrong = check_label(label, n);
        if (wrong)
            return wrong;
        if (!label[n])
            break;
        label += n + 1;
    }
    if (label == domain)
        return g_strdup("the domain has no dot; write it in full, as in 'example.org'");
    if (strspn(label, "0123456789") == strlen(label))
        return g_strdup("the domain ends with a number; give a domain name, not an IP address");
    return check_encoded(domain);
}

/* A character beyond ASCII that a domain may hold: letters, digits, marks, and two dots that belong
 * to words (RFC 5892). */
static gboolean is_domain_character(gunichar c)
{
    return g_unichar_isalnum(c) || g_unichar_ismark(c) || c == 0xb7 || c == 0x30fb;
}

static char *lower_case(const char *text)
{
    g_autofree char *composed = g_utf8_normalize(text, -1, G_NORMALIZE_NFC);
    return g_utf8_strdown(composed, -1);
}

/* The name as IDNA encodes it, or NULL. */
static char *looked_up(const char *domain, int flags)
{
    uint8_t *encoded = NULL;
    if (idn2_lookup_u8((const uint8_t *)domain, &encoded, flags) != IDN2_OK)
        return NULL;
    char *ascii = g_strdup((const char *)encoded);
    idn2_free(encoded);
    return ascii;
}

/* Why IDNA 2008 has no name for this. */
static char *why_not(const char *domain)
{
    for (const char *p = domain; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (c >= 0x80 && !is_domain_character(c))
            return typo_describe(c, "the domain");
    }
    g_autofree char *mapped = looked_up(domain, IDN2_NONTRANSITIONAL);
    return g_strdup(mapped ? "the domain can be read in two ways; write it in its 'xn--' form"
                           : "the domain is no international name");
}

/* The domain in ASCII in `ascii`, by IDNA 2008 (RFC 5891). Only letters are made small and composed
 * on the way: what its older sister and UTS #46 map away (fullwidth letters, ligatures, other full
 * stops) surely isn't what its writer meant. */
static char *encode(const char *domain, char **ascii)
{
    *ascii = NULL;
    if (g_str_is_ascii(domain)) {
        *ascii = g_ascii_strdown(domain, -1);
        return NULL;
    }
    g_autofree char *lower = lower_case(domain);
    if (*lower == '-' || strstr(lower, "-.") || strstr(lower, ".-") || g_str_has_suffix(lower, "-"))
        return g_strdup("a part of the domain begins or ends with a hyphen");
    g_autofree char *encoded = looked_up(lower, IDN2_NO_TR46);
    if (!encoded)
        return why_not(domain);
    *ascii = g_ascii_strdown(encoded, -1);
    return NULL;
}

char *domain_to_ascii(const char *domain, char **wrong)
{
    g_autofree char *ascii = NULL;
    if ((*wrong = encode(domain, &ascii)) || (*wrong = check_domain(ascii)))
        return NULL;
    return g_steal_pointer(&ascii);
}
