/* senderpolicy - whose domain is whose, by the Public Suffix List */
#include "net/senderpolicy.h"

#include <libpsl.h>

/* The newer of the list within libpsl and the one that Debian's package publicsuffix keeps fresh. */
static const psl_ctx_t *suffixes(void)
{
    static gsize list;
    if (g_once_init_enter(&list))
        g_once_init_leave(&list, (gsize)psl_latest(NULL));
    return (const psl_ctx_t *)list;
}

char *senderpolicy_organisation(const char *domain)
{
    g_autofree char *lower = g_ascii_strdown(domain, -1); /* as the list has them */
    const char *registered = psl_registrable_domain(suffixes(), lower);
    return g_strdup(registered ? registered : lower);
}

gboolean senderpolicy_is_aligned(const char *from, const char *other, gboolean strict)
{
    g_autofree char *one = g_ascii_strdown(from, -1), *two = g_ascii_strdown(other, -1);
    if (strict || g_str_equal(one, two))
        return g_str_equal(one, two);
    g_autofree char *ours = senderpolicy_organisation(one);
    g_autofree char *theirs = senderpolicy_organisation(two);
    return g_str_equal(ours, theirs);
}
