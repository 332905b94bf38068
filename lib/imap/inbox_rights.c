/* inbox_rights - whether the server lets us do what reading and moving need (RFC 4314) */
#include <libetpan/acl.h>
#include <string.h>

#include "imap/inbox.h"
#include "imap/inbox_parts.h"

/* Whether the rights on a folder lack one of `needed`: groups parted by blanks, each of rights of which
 * one is enough (RFC 4314 parted the 'd' of RFC 2086 into 't' and 'e'). */
static gboolean lack(const char *rights, const char *needed)
{
    g_auto(GStrv) groups = g_strsplit(needed, " ", -1);
    for (char **group = groups; *group; group++)
        if (!strpbrk(rights, *group))
            return TRUE;
    return FALSE;
}

gboolean inbox_lacks(Inbox *self, const char *folder, const char *needed, char **rights,
                     GError **error)
{
    struct mailimap_acl_myrights_data *data = NULL;
    g_autoptr(GError) refused = NULL;
    *rights = NULL;
    if (!imaplink_offers(self->link, "ACL"))
        return TRUE;
    imaplink_allow(self->link, IMAPLINK_CHATTER);
    int code = mailimap_acl_myrights(imaplink_session(self->link), folder, &data);
    if (!imaplink_check(self->link, code, "the rights on the folder can't be asked for",
                        &refused)) {
        if (imaplink_is_usable(self->link, NULL))
            return TRUE; /* a server that doesn't say: nothing is known */
        g_propagate_error(error, g_steal_pointer(&refused));
        return FALSE;
    }
    if (data && data->rights && lack(data->rights, needed))
        *rights = g_strdup(data->rights);
    if (data)
        mailimap_acl_myrights_data_free(data);
    return TRUE;
}
