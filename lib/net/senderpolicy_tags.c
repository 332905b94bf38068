/* senderpolicy_tags - the records that are lists of "tag=value;" (RFC 6376 section 3.2): DMARC's
 * and DKIM's */
#include <string.h>

#include "net/senderpolicy.h"

/* --- tag lists -------------------------------------------------------------------------------- */

/* The tags by name; NULL with `problem` when the text is no such list. What is no tag is a problem,
 * too, or where `stray` isn't NULL passed over, the first of them kept there. */
static GHashTable *tags_of(const char *text, char **problem, char **stray)
{
    g_autoptr(GHashTable) tags = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_auto(GStrv) parts = g_strsplit(text, ";", SENDERPOLICY_TERMS_MAX + 1);
    if (strlen(text) > SENDERPOLICY_TEXT_MAX || g_strv_length(parts) > SENDERPOLICY_TERMS_MAX) {
        *problem = g_strdup("it is too long");
        return NULL;
    }
    for (char **part = parts; *part; part++) {
        g_strstrip(*part);
        char *equals = strchr(*part, '=');
        if (!**part)
            continue;
        g_autofree char *name =
            equals ? g_strchomp(g_strndup(*part, (gsize)(equals - *part))) : NULL;
        if ((!name || !*name) && stray) {
            if (!*stray)
                *stray = g_strdup(*part);
            continue;
        }
        if (!name || !*name) {
            *problem = g_strdup_printf("'%s' is no tag with a value", *part);
            return NULL;
        }
        if (g_hash_table_contains(tags, name)) {
            *problem = g_strdup_printf("'%s=' stands there twice", name);
            return NULL;
        }
        g_hash_table_insert(tags, g_steal_pointer(&name), g_strdup(g_strchug(equals + 1)));
    }
    return g_steal_pointer(&tags);
}

/* Whether the text begins with the tag v and this very value. */
static gboolean has_version(const char *text, const char *version)
{
    text += strspn(text, " \t");
    if (*text++ != 'v')
        return FALSE;
    text += strspn(text, " \t");
    if (*text++ != '=')
        return FALSE;
    text += strspn(text, " \t");
    gsize length = strcspn(text, "; \t");
    return length == strlen(version) && strncmp(text, version, length) == 0;
}

/* --- DMARC ------------------------------------------------------------------------------------ */

void dmarc_free(Dmarc *dmarc)
{
    if (!dmarc)
        return;
    g_free(dmarc->problem);
    g_free(dmarc->ignored);
    g_free(dmarc);
}

static const char *const POLICY_WORDS[] = {"none", "quarantine", "reject"};

const char *senderpolicy_dmarc_word(DmarcPolicy policy)
{
    return POLICY_WORDS[policy];
}

static gboolean read_policy(const char *word, DmarcPolicy *policy)
{
    for (guint i = 0; i < G_N_ELEMENTS(POLICY_WORDS); i++)
        if (word && g_ascii_strcasecmp(word, POLICY_WORDS[i]) == 0) {
            *policy = (DmarcPolicy)i;
            return TRUE;
        }
    return FALSE;
}

/* Whether a tag has that value, of one letter. */
static gboolean says(GHashTable *tags, const char *name, const char *letter)
{
    const char *value = g_hash_table_lookup(tags, name);
    return value && g_ascii_strcasecmp(value, letter) == 0;
}

/* Whether rua= names an address that reports can go to: then a record whose policy can't be read
 * holds as p=none, and else not at all (RFC 9989 section 4.10.1). */
static gboolean wants_reports(GHashTable *tags)
{
    const char *rua = g_hash_table_lookup(tags, "rua");
    g_auto(GStrv) uris = g_strsplit(rua ? rua : "", ",", SENDERPOLICY_TERMS_MAX);
    for (char **uri = uris; *uri; uri++)
        if (g_ascii_strncasecmp(g_strstrip(*uri), "mailto:", strlen("mailto:")) == 0 &&
            strchr(*uri, '@'))
            return TRUE;
    return FALSE;
}

/* One of p=, sp= and np=; without it `otherwise` holds. What is wrong with it, newly allocated. */
static char *take_policy(GHashTable *tags, const char *name, DmarcPolicy otherwise,
                         DmarcPolicy *policy)
{
    const char *word = g_hash_table_lookup(tags, name);
    *policy = otherwise;
    return !word || read_policy(word, policy)
               ? NULL
               : g_strdup_printf("'%s=%s' is neither none, quarantine nor reject", name, word);
}

/* The policies; what is wrong with them, newly allocated. */
static char *take_policies(GHashTable *tags, Dmarc *dmarc)
{
    char *wrong = g_hash_table_contains(tags, "p")
                      ? take_policy(tags, "p", DMARC_DO_NONE, &dmarc->policy)
                      : g_strdup("it has no 'p='");
    if (!wrong)
        wrong = take_policy(tags, "sp", dmarc->policy, &dmarc->subdomains);
    if (!wrong)
        wrong = take_policy(tags, "np", dmarc->subdomains, &dmarc->nonexistent);
    return wrong;
}

/* RFC 9989 section 4.7: what is not understood is as if it weren't there. */
static void read_dmarc(Dmarc *dmarc, const char *text)
{
    g_autofree char *stray = NULL;
    g_autoptr(GHashTable) tags = tags_of(text, &dmarc->problem, &stray);
    if (!tags)
        return;
    g_autofree char *wrong = take_policies(tags, dmarc);
    const char *percent = g_hash_table_lookup(tags, "pct");
    if (wrong)
        dmarc->policy = dmarc->subdomains = dmarc->nonexistent = DMARC_DO_NONE;
    if (wrong && !wants_reports(tags))
        dmarc->problem = g_steal_pointer(&wrong);
    else if (wrong)
        dmarc->ignored = g_strdup_printf("%s, so it counts as p=none", wrong);
    else if (stray)
        dmarc->ignored = g_strdup_printf("'%s' is no tag with a value", stray);
    else if (percent && !g_str_equal(percent, "100"))
        dmarc->ignored = g_strdup_printf("'pct=%s' is no part of DMARC any more: the policy holds "
                                         "for all letters, or with t=y for none",
                                         percent);
    dmarc->strict_dkim = says(tags, "adkim", "s");
    dmarc->strict_spf = says(tags, "aspf", "s");
    dmarc->testing = says(tags, "t", "y");
    dmarc->psd = says(tags, "psd", "y")   ? DMARC_PSD_YES
                 : says(tags, "psd", "n") ? DMARC_PSD_NO
                                          : DMARC_PSD_UNKNOWN;
}

Dmarc *senderpolicy_dmarc(const char *const *texts)
{
    Dmarc *dmarc = g_new0(Dmarc, 1);
    const char *record = NULL;
    for (; *texts; texts++) {
        if (!has_version(*texts, "DMARC1"))
            continue;
        dmarc->state = record ? POLICY_SEVERAL : POLICY_FOUND;
        record = *texts;
    }
    if (dmarc->state == POLICY_FOUND)
        read_dmarc(dmarc, record);
    if (dmarc->problem)
        dmarc->state = POLICY_BROKEN;
    return dmarc;
}

/* --- DKIM ------------------------------------------------------------------------------------- */

void dkim_free(Dkim *dkim)
{
    if (!dkim)
        return;
    g_free(dkim->problem);
    g_free(dkim);
}

/* How many bytes the base64 text holds, white space left out; 0 when it is none. */
static gsize key_bytes(const char *text)
{
    gsize digits = 0, padding = 0;
    for (; *text; text++) {
        if (*text == ' ' || *text == '\t')
            continue;
        if (*text == '=')
            padding++;
        else if (padding || !(g_ascii_isalnum(*text) || *text == '+' || *text == '/'))
            return 0;
        else
            digits++;
    }
    return padding > 2 || (digits + padding) % 4 ? 0 : digits * 3 / 4;
}

static gboolean has_flag(const char *flags, char wanted)
{
    g_auto(GStrv) all = g_strsplit(flags ? flags : "", ":", SENDERPOLICY_TERMS_MAX);
    for (char **flag = all; *flag; flag++) {
        g_strstrip(*flag);
        if ((*flag)[0] == wanted && !(*flag)[1])
            return TRUE;
    }
    return FALSE;
}

/* RFC 6376 section 3.6.1, RFC 8463. */
static void read_dkim(Dkim *dkim, GHashTable *tags)
{
    enum {
        RSA_1024 = 140
    }; /* bytes: a key of 1024 bits in its wrapping has 162, of 768 bits 126 */
    const char *version = g_hash_table_lookup(tags, "v");
    const char *kind = g_hash_table_lookup(tags, "k");
    const char *key = g_hash_table_lookup(tags, "p");
    gsize bytes = key ? key_bytes(key) : 0;
    gboolean is_rsa = !kind || g_ascii_strcasecmp(kind, "rsa") == 0;
    if (version && !g_str_equal(version, "DKIM1"))
        dkim->problem = g_strdup_printf("'v=%s' is not DKIM1", version);
    else if (!is_rsa && g_ascii_strcasecmp(kind, "ed25519") != 0)
        dkim->problem = g_strdup_printf("'k=%s' is neither rsa nor ed25519", kind);
    else if (!key)
        dkim->problem = g_strdup("it has no key ('p=')");
    else if (*key && !bytes)
        dkim->problem = g_strdup("its key ('p=') is no base64");
    dkim->revoked = key && !*key;
    dkim->weak = is_rsa && bytes && bytes < RSA_1024;
    dkim->testing = has_flag(g_hash_table_lookup(tags, "t"), 'y');
}

Dkim *senderpolicy_dkim(const char *const *texts)
{
    Dkim *dkim = g_new0(Dkim, 1);
    if (!*texts)
        return dkim;
    dkim->state = texts[1] ? POLICY_SEVERAL : POLICY_FOUND;
    g_autoptr(GHashTable) tags = texts[1] ? NULL : tags_of(texts[0], &dkim->problem, NULL);
    if (tags)
        read_dkim(dkim, tags);
    if (dkim->problem)
        dkim->state = POLICY_BROKEN;
    return dkim;
}
