/* senderpolicy_tags - the records that are lists of "tag=value;" (RFC 6376 section 3.2): DMARC's
 * and DKIM's */
#include <string.h>

#include "mail/senderpolicy.h"

/* --- tag lists -------------------------------------------------------------------------------- */

/* The tags by name; NULL with `problem` when the text is no such list. */
static GHashTable *tags_of(const char *text, char **problem)
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

static gboolean is_strict(GHashTable *tags, const char *name)
{
    const char *value = g_hash_table_lookup(tags, name);
    return value && g_ascii_strcasecmp(value, "s") == 0;
}

/* RFC 7489 section 6.3. What is not understood is taken as its default, as receivers do; but not
 * p=, which is what the record is for. */
static void read_dmarc(Dmarc *dmarc, const char *text)
{
    g_autoptr(GHashTable) tags = tags_of(text, &dmarc->problem);
    guint64 percent = 100;
    if (!tags)
        return;
    const char *policy = g_hash_table_lookup(tags, "p");
    const char *pct = g_hash_table_lookup(tags, "pct");
    if (!read_policy(policy, &dmarc->policy))
        dmarc->problem =
            policy ? g_strdup_printf("'p=%s' is neither none, quarantine nor reject", policy)
                   : g_strdup("it has no 'p='");
    if (!read_policy(g_hash_table_lookup(tags, "sp"), &dmarc->subdomains))
        dmarc->subdomains = dmarc->policy;
    dmarc->strict_dkim = is_strict(tags, "adkim");
    dmarc->strict_spf = is_strict(tags, "aspf");
    if (pct && !g_ascii_string_to_unsigned(pct, 10, 0, 100, &percent, NULL))
        percent = 100;
    dmarc->percent = (guint)percent;
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
    g_autoptr(GHashTable) tags = texts[1] ? NULL : tags_of(texts[0], &dkim->problem);
    if (tags)
        read_dkim(dkim, tags);
    if (dkim->problem)
        dkim->state = POLICY_BROKEN;
    return dkim;
}
