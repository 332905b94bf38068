/* inbox_move - a message goes to another folder, and no other with it */
#include "imap/inbox.h"
#include "imap/inbox_parts.h"

/* MOVE or COPY, once more if the folder has vanished since inbox_open. */
static gboolean transfer(Inbox *self, const char *verb, guint32 uid, InboxFolder where,
                         GError **error)
{
    g_autofree char *doing =
        g_strdup_printf("message %u can't be moved to '%s'", uid, self->names[where]);
    g_autofree char *command = g_strdup_printf("UID %s %u %s", verb, uid, self->folders[where]);
    g_autoptr(GError) failed = NULL;
    if (imaplink_command(self->link, IMAPLINK_CHATTER, doing, command, &failed))
        return TRUE;
    const struct mailimap_response_info *info = imaplink_session(self->link)->imap_response_info;
    if (!imaplink_is_usable(self->link, NULL) || !info || !info->rsp_trycreate) {
        g_propagate_error(error, g_steal_pointer(&failed));
        return FALSE;
    }
    return inbox_make_folder(self, where, error) &&
           imaplink_command(self->link, IMAPLINK_CHATTER, doing, command, error);
}

/* Marks the copied one and takes only it away. A plain EXPUNGE would also take what others have
 * marked. */
static gboolean remove_original(Inbox *self, guint32 uid, GError **error)
{
    g_autofree char *doing = g_strdup_printf("message %u, copied, can't be removed", uid);
    g_autofree char *mark = g_strdup_printf("UID STORE %u +FLAGS.SILENT (\\Deleted)", uid);
    g_autofree char *expunge = g_strdup_printf("UID EXPUNGE %u", uid);
    return imaplink_command(self->link, IMAPLINK_CHATTER, doing, mark, error) &&
           (!self->expunges ||
            imaplink_command(self->link, IMAPLINK_CHATTER, doing, expunge, error));
}

gboolean inbox_move(Inbox *self, guint32 uid, InboxFolder where, GError **error)
{
    if (!imaplink_is_usable(self->link, error))
        return FALSE;
    imaplink_begin(self->link, 0);
    /* Before anything is moved: after a change the number may mean another message. */
    if (!inbox_is_same(self, error))
        return FALSE;
    if (self->moves)
        return transfer(self, "MOVE", uid, where, error);
    return transfer(self, "COPY", uid, where, error) && inbox_is_same(self, error) &&
           remove_original(self, uid, error);
}
