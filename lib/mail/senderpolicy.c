/* senderpolicy - whose domain is whose */
#include "mail/senderpolicy.h"

#include <string.h>

/* What registries of countries hand out names below. */
static const char *const SECOND_LEVELS[] = {"ac",  "co",  "com", "edu", "gov", "gob",    "gouv",
                                            "go",  "ltd", "me",  "mil", "mod", "ne",     "net",
                                            "nhs", "nom", "or",  "org", "plc", "police", NULL};

/* The last `count` labels, or all of them. */
static const char *last_labels(const char *domain, guint count)
{
    const char *at = domain + strlen(domain);
    while (at > domain) {
        if (at[-1] == '.' && --count == 0)
            return at;
        at--;
    }
    return domain;
}

static gboolean ends_with(const char *domain, const char *parent)
{
    return g_str_has_suffix(domain, parent) &&
           (strlen(domain) == strlen(parent) || domain[strlen(domain) - strlen(parent) - 1] == '.');
}

char *senderpolicy_organisation(const char *domain)
{
    if (ends_with(domain, "sch.uk"))
        return g_strdup(last_labels(domain, 4));
    const char *two = last_labels(domain, 2), *country = last_labels(domain, 1);
    g_autofree char *second = g_strndup(two, strcspn(two, "."));
    gboolean is_registry = strlen(country) == 2 && g_strv_contains(SECOND_LEVELS, second);
    return g_strdup(is_registry ? last_labels(domain, 3) : two);
}

gboolean senderpolicy_is_aligned(const char *from, const char *other, gboolean strict)
{
    if (g_ascii_strcasecmp(from, other) == 0)
        return TRUE;
    g_autofree char *one = senderpolicy_organisation(from);
    g_autofree char *two = senderpolicy_organisation(other);
    return !strict && g_ascii_strcasecmp(one, two) == 0;
}
