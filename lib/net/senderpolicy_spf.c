/* senderpolicy_spf - one SPF record, term by term (RFC 7208 sections 4.5, 5, 6 and 12) */
#include <arpa/inet.h>
#include <string.h>

#include "net/senderpolicy.h"

static void include_clear(gpointer data)
{
    g_free(((SpfInclude *)data)->domain);
}

void spf_free(Spf *spf)
{
    if (!spf)
        return;
    g_free(spf->record);
    g_free(spf->problem);
    g_array_unref(spf->includes);
    g_free(spf);
}

static gboolean is_spf(const char *text)
{
    return g_ascii_strncasecmp(text, "v=spf1", 6) == 0 && (!text[6] || text[6] == ' ');
}

/* --- parts of a term -------------------------------------------------------------------------- */

/* "%{ir}", "%%", "%_", "%-": how many bytes, or 0. */
static gsize macro_length(const char *at)
{
    if (at[1] == '%' || at[1] == '_' || at[1] == '-')
        return 2;
    if (at[1] != '{' || !at[2] || !strchr("slodiphcrtvSLODIPHCRTV", at[2]))
        return 0;
    gsize length = 3;
    length += strspn(at + length, "0123456789");
    length += strspn(at + length, "rR");
    length += strspn(at + length, ".-+,/_=");
    return at[length] == '}' ? length + 1 : 0;
}

/* A domain-spec: labels with macros. */
static gboolean is_domain(const char *text)
{
    gsize length = strlen(text);
    if (!length || length > 253)
        return FALSE;
    for (const char *at = text; *at;) {
        gsize macro = *at == '%' ? macro_length(at) : 0;
        if (!macro && !g_ascii_isalnum(*at) && !strchr("-_.", *at))
            return FALSE;
        at += macro ? macro : 1;
    }
    return strchr(text, '%') || (strchr(text, '.') && text[0] != '.' && !strstr(text, ".."));
}

/* A prefix length of up to `most`, digits alone. */
static gboolean is_prefix(const char *text, guint most)
{
    guint64 value;
    return g_ascii_isdigit(*text) && g_ascii_string_to_unsigned(text, 10, 0, most, &value, NULL);
}

static gboolean is_network(const char *text, int family, guint most)
{
    g_auto(GStrv) parts = g_strsplit(text, "/", 2);
    guint8 bytes[sizeof(struct in6_addr)];
    return parts[0] && inet_pton(family, parts[0], bytes) == 1 &&
           (!parts[1] || is_prefix(parts[1], most));
}

/* What stands behind a or mx: "", ":domain", "/24", ":domain/24//64". */
static gboolean is_host_part(const char *text)
{
    g_auto(GStrv) halves = g_strsplit(text, "//", 2);
    const char *slash = halves[0] ? strrchr(halves[0], '/') : NULL;
    if (halves[0] && halves[1] && !is_prefix(halves[1], 128))
        return FALSE;
    /* A slash may stand within a macro; then it is not followed by a number. */
    gboolean has_prefix = slash && is_prefix(slash + 1, 32);
    g_autofree char *host =
        has_prefix ? g_strndup(halves[0], (gsize)(slash - halves[0])) : g_strdup(halves[0]);
    return !host || !*host || (host[0] == ':' && is_domain(host + 1));
}

/* --- terms ------------------------------------------------------------------------------------ */

static void add_include(Spf *spf, const char *domain, gboolean passes)
{
    SpfInclude include = {g_ascii_strdown(domain, -1), passes};
    g_array_append_val(spf->includes, include);
}

static gboolean is_bare_word(const char *name, gsize length, const char *word)
{
    return strlen(word) == length && g_ascii_strncasecmp(name, word, length) == 0;
}

/* A mechanism without its qualifier; what is wrong with it, or NULL. */
static const char *take_mechanism(Spf *spf, const char *term, char qualifier)
{
    gsize length = strcspn(term, ":/");
    const char *rest = term + length, *value = *rest == ':' ? rest + 1 : "";
    gboolean is_include = is_bare_word(term, length, "include");
    if (is_bare_word(term, length, "all")) {
        spf->all = qualifier;
        return *rest ? "nothing may follow 'all'" : NULL;
    }
    if (is_include || is_bare_word(term, length, "exists")) {
        spf->lookups++;
        if (!is_domain(value))
            return "a domain must follow";
        if (is_include)
            add_include(spf, value, qualifier == '+');
        return NULL;
    }
    if (is_bare_word(term, length, "a") || is_bare_word(term, length, "mx")) {
        spf->lookups++;
        spf->names_ip = TRUE;
        return is_host_part(rest) ? NULL : "what follows is no domain and no prefix length";
    }
    if (is_bare_word(term, length, "ptr")) {
        spf->lookups++;
        return !*rest || is_domain(value) ? NULL : "what follows is no domain";
    }
    spf->names_ip |= is_bare_word(term, length, "ip4") || is_bare_word(term, length, "ip6");
    if (is_bare_word(term, length, "ip4"))
        return is_network(value, AF_INET, 32) ? NULL : "no IPv4 address follows";
    if (is_bare_word(term, length, "ip6"))
        return is_network(value, AF_INET6, 128) ? NULL : "no IPv6 address follows";
    return "there is no such mechanism";
}

/* "name=value"; unknown ones are passed over (section 6). */
static const char *take_modifier(const char *term, gsize length, char **redirect, gboolean *has_exp)
{
    const char *value = term + length + 1;
    for (gsize i = 0; i < length; i++)
        if (!(i ? g_ascii_isalnum(term[i]) || strchr("-_.", term[i]) : g_ascii_isalpha(term[i])))
            return "there is no such mechanism";
    if (is_bare_word(term, length, "exp")) {
        gboolean twice = *has_exp;
        *has_exp = TRUE;
        return twice ? "it stands there twice" : is_domain(value) ? NULL : "a domain must follow";
    }
    if (is_bare_word(term, length, "include"))
        return "write it with a colon: 'include:'";
    if (!is_bare_word(term, length, "redirect"))
        return NULL;
    if (*redirect || !is_domain(value))
        return *redirect ? "it stands there twice" : "a domain must follow";
    *redirect = g_strdup(value);
    return NULL;
}

static const char *take_term(Spf *spf, const char *term, char **redirect, gboolean *has_exp)
{
    gsize name = strcspn(term, "=:/");
    if (term[name] == '=' && name)
        return take_modifier(term, name, redirect, has_exp);
    if (spf->all) {
        spf->ends_early = TRUE;
        return NULL;
    }
    gboolean has_qualifier = *term && strchr("+-~?", *term);
    return take_mechanism(spf, term + has_qualifier, has_qualifier ? *term : '+');
}

static void read_record(Spf *spf)
{
    g_auto(GStrv) terms = g_strsplit(spf->record + 6, " ", SENDERPOLICY_TERMS_MAX + 1);
    g_autofree char *redirect = NULL;
    gboolean has_exp = FALSE;
    if (strlen(spf->record) > SENDERPOLICY_TEXT_MAX ||
        g_strv_length(terms) > SENDERPOLICY_TERMS_MAX) {
        spf->problem = g_strdup("it is too long");
        return;
    }
    for (char **term = terms; *term && !spf->problem; term++) {
        const char *wrong = **term ? take_term(spf, *term, &redirect, &has_exp) : NULL;
        if (wrong)
            spf->problem = g_strdup_printf("'%s': %s", *term, wrong);
    }
    if (redirect && !spf->all) { /* with "all" it is ignored (section 6.1) */
        spf->lookups++;
        add_include(spf, redirect, TRUE);
    }
}

Spf *senderpolicy_spf(const char *const *texts)
{
    Spf *spf = g_new0(Spf, 1);
    spf->includes = g_array_new(FALSE, FALSE, sizeof(SpfInclude));
    g_array_set_clear_func(spf->includes, include_clear);
    for (; *texts; texts++) {
        if (!is_spf(*texts))
            continue;
        spf->state = spf->record ? POLICY_SEVERAL : POLICY_FOUND;
        if (!spf->record)
            spf->record = g_strdup(*texts);
    }
    if (spf->state == POLICY_FOUND)
        read_record(spf);
    if (spf->problem)
        spf->state = POLICY_BROKEN;
    if (spf->state == POLICY_SEVERAL)
        g_clear_pointer(&spf->record, g_free);
    return spf;
}
