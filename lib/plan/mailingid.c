/* mailingid - the id of a mailing, from its update, audience and content */
#include "plan/mailingid.h"

#include <string.h>

#include "base/sha256.h"

/* "updates/Autumn update 2.md" -> "autumn-update-2" */
static char *slug(const char *update)
{
    g_autofree char *base = g_path_get_basename(update);
    char *dot = strrchr(base, '.');
    if (dot && dot != base)
        *dot = '\0';
    g_autofree char *ascii = g_str_to_ascii(base, "C");
    GString *out = g_string_new(NULL);
    for (const char *p = ascii; *p && out->len < 40; p++) {
        if (g_ascii_isalnum(*p))
            g_string_append_c(out, g_ascii_tolower(*p));
        else if (out->len && out->str[out->len - 1] != '-')
            g_string_append_c(out, '-');
    }
    while (out->len && out->str[out->len - 1] == '-')
        g_string_truncate(out, out->len - 1);
    return out->len ? g_string_free(out, FALSE) : (g_string_free(out, TRUE), g_strdup("update"));
}

char *mailing_id(const char *update, const char *audience, const char *content, guint copy)
{
    g_autofree char *name = slug(update);
    g_autofree char *both = g_strconcat(audience, "\n", content, NULL);
    g_autofree char *hash = bytes_sha256(both, strlen(both));
    if (copy > 1)
        return g_strdup_printf("%s-%.6s-%u", name, hash, copy);
    return g_strdup_printf("%s-%.6s", name, hash);
}

char *mailing_message_id(const char *mailing, guint64 number, const char *domain)
{
    return g_strdup_printf("<%s.%" G_GUINT64_FORMAT "@%s>", mailing, number, domain);
}
