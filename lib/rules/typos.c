/* typos - domains one slip of the finger away from others */
#include "rules/typos.h"

#include <string.h>

gboolean typos_apart(const char *one, const char *other)
{
    gsize a = strlen(one), b = strlen(other), head = 0, tail = 0;
    if (a > b + 1 || b > a + 1 || g_str_equal(one, other))
        return FALSE;
    while (head < a && head < b && one[head] == other[head])
        head++;
    while (tail < a - head && tail < b - head && one[a - 1 - tail] == other[b - 1 - tail])
        tail++;
    gsize left = a - head - tail, right = b - head - tail;
    return (left <= 1 && right <= 1) || (left == 2 && right == 2 && one[head] == other[head + 1] &&
                                         one[head + 1] == other[head]);
}

/* --- what is well known ---------------------------------------------------------------------- */

static const char *const providers[] = {
    "gmail.com",       "googlemail.com",   "hotmail.com",  "hotmail.co.uk",  "outlook.com",
    "yahoo.com",       "yahoo.co.uk",      "icloud.com",   "btinternet.com", "live.co.uk",
    "virginmedia.com", "blueyonder.co.uk", "talktalk.net", "ntlworld.com",   "protonmail.com",
    "tiscali.co.uk",   "btopenworld.com"};

/* Real domains that look like one of those. */
static const char *const real[] = {"ymail.com", "gmx.com",    "mail.com",   "email.com",
                                   "rmail.com", "hotmail.co", "yahoo.co",   "outlook.co",
                                   "live.com",  "me.com",     "google.com", "hotmail.it",
                                   "yahoo.ca",  "gmail.co",   "outlook.cz", NULL};

/* What stands before .uk, and last. Only slips that are no endings of their own. */
static const char *const seconds[] = {"sch", "co", "org", "gov", "ac", "nhs", NULL};
static const struct {
    const char *wrong, *right;
} second_slips[] = {{"shc", "sch"},  {"csh", "sch"},  {"sc", "sch"},  {"scch", "sch"},
                    {"schh", "sch"}, {"ssch", "sch"}, {"sxh", "sch"}, {"scj", "sch"},
                    {"scg", "sch"},  {"scn", "sch"},  {"ogr", "org"}, {"orgg", "org"},
                    {"oorg", "org"}, {"gvo", "gov"},  {"gob", "gov"}, {"cp", "co"},
                    {"vo", "co"},    {"coo", "co"}},
  last_slips[] = {{"con", "com"},  {"cim", "com"},  {"cpm", "com"}, {"vom", "com"},
                  {"xom", "com"},  {"comm", "com"}, {"ocm", "com"}, {"cmo", "com"},
                  {"coom", "com"}, {"ogr", "org"},  {"orgg", "org"}};

/* Countries whose letters are a slip away from uk. */
static const char *const countries[] = {"ua", "ug", "us", "uy", "uz", "dk", "hk",
                                        "lk", "mk", "pk", "sk", "tk", NULL};

/* ".sch.ul" -> ".sch.uk", ".co.uj" -> ".co.uk", ".shc.uk" -> ".sch.uk", ".con" -> ".com". */
static char *right_ending(const char *domain)
{
    const char *last = strrchr(domain, '.');
    const char *dot = last ? g_strrstr_len(domain, last - domain, ".") : NULL;
    if (!last)
        return NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(last_slips); i++)
        if (g_str_equal(last + 1, last_slips[i].wrong))
            return g_strdup_printf("%.*s.%s", (int)(last - domain), domain, last_slips[i].right);
    if (!dot)
        return NULL;
    g_autofree char *second = g_strndup(dot + 1, (gsize)(last - dot - 1));
    if (!g_str_equal(last + 1, "uk")) {
        gboolean slip = typos_apart(last + 1, "uk") && !g_strv_contains(countries, last + 1);
        return slip && g_strv_contains(seconds, second)
                   ? g_strdup_printf("%.*s.uk", (int)(last - domain), domain)
                   : NULL;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(second_slips); i++)
        if (g_str_equal(second, second_slips[i].wrong))
            return g_strdup_printf("%.*s.%s.uk", (int)(dot - domain), domain,
                                   second_slips[i].right);
    return NULL;
}

char *typos_meant(const char *domain)
{
    if (g_strv_contains(real, domain))
        return NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(providers); i++)
        if (g_str_equal(domain, providers[i]))
            return NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(providers); i++)
        if (typos_apart(domain, providers[i]))
            return g_strdup(providers[i]);
    return right_ending(domain);
}

const char *typos_parent(const char *domain)
{
    guint dots = 0;
    const char *p = domain + strlen(domain);
    if (!g_str_has_suffix(domain, ".sch.uk"))
        return NULL;
    while (p > domain) {
        if (*--p == '.' && ++dots == 3)
            return p + 1;
    }
    return NULL;
}

/* --- the index ------------------------------------------------------------------------------- */

struct TypoIndex {
    GHashTable *words; /* the words themselves */
    GHashTable *filed; /* a word with one character left out -> GPtrArray of words */
};

static void list_free(gpointer list)
{
    g_ptr_array_unref(list);
}

TypoIndex *typo_index_new(void)
{
    TypoIndex *self = g_new0(TypoIndex, 1);
    self->words = g_hash_table_new(g_str_hash, g_str_equal);
    self->filed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, list_free);
    return self;
}

void typo_index_free(TypoIndex *self)
{
    if (!self)
        return;
    g_hash_table_unref(self->words);
    g_hash_table_unref(self->filed);
    g_free(self);
}

static void file(TypoIndex *self, const char *under, const char *word)
{
    GPtrArray *list = g_hash_table_lookup(self->filed, under);
    if (!list) {
        list = g_ptr_array_new();
        g_hash_table_insert(self->filed, g_strdup(under), list);
    }
    g_ptr_array_add(list, (gpointer)word);
}

/* The word without its character number `left_out`; newly allocated. */
static char *without(const char *word, gsize left_out)
{
    return g_strdup_printf("%.*s%s", (int)left_out, word, word + left_out + 1);
}

void typo_index_add(TypoIndex *self, const char *word)
{
    gsize length = strlen(word);
    if (length < TYPOS_LENGTH_MIN || !g_hash_table_add(self->words, (gpointer)word))
        return;
    file(self, word, word);
    for (gsize i = 0; i < length; i++) {
        g_autofree char *under = without(word, i);
        file(self, under, word);
    }
}

static const char *look_under(const TypoIndex *self, const char *under, const char *word)
{
    const GPtrArray *list = g_hash_table_lookup(self->filed, under);
    for (guint i = 0; list && i < list->len; i++)
        if (typos_apart(word, g_ptr_array_index(list, i)))
            return g_ptr_array_index(list, i);
    return NULL;
}

const char *typo_index_find(const TypoIndex *self, const char *word)
{
    gsize length = strlen(word);
    if (length < TYPOS_LENGTH_MIN)
        return NULL;
    const char *found = look_under(self, word, word);
    for (gsize i = 0; !found && i < length; i++) {
        g_autofree char *under = without(word, i);
        found = look_under(self, under, word);
    }
    return found;
}
