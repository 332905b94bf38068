/* inbox_move - messages go to another folder, and no others with them */
#include "imap/inbox.h"
#include "imap/inbox_parts.h"

char *inbox_set_text(const guint32 *uids, guint count)
{
    GString *set = g_string_new(NULL);
    for (guint i = 0, last; i < count; i = last + 1) {
        for (last = i; last + 1 < count && uids[last + 1] == uids[last] + 1;)
            last++;
        g_string_append_printf(set, i ? ",%u" : "%u", uids[i]);
        if (last > i)
            g_string_append_printf(set, ":%u", uids[last]);
    }
    return g_string_free(set, FALSE);
}

/* "message 7", "64 messages" */
static char *called(const guint32 *uids, guint count)
{
    return count == 1 ? g_strdup_printf("message %u", *uids)
                      : g_strdup_printf("%u messages", count);
}

/* MOVE or COPY, once more if the folder has vanished since inbox_open. */
static gboolean transfer(Inbox *self, const char *verb, const char *set, const char *what,
                         InboxFolder where, GError **error)
{
    g_autofree char *doing = g_strdup_printf("%s can't be moved to '%s'", what, self->names[where]);
    g_autofree char *command = g_strdup_printf("UID %s %s %s", verb, set, self->folders[where]);
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

/* Marks those copied and takes only them away. A plain EXPUNGE would also take what others have
 * marked. */
static gboolean remove_originals(Inbox *self, const char *set, const char *what, GError **error)
{
    g_autofree char *doing = g_strdup_printf("%s, copied, can't be removed", what);
    g_autofree char *mark = g_strdup_printf("UID STORE %s +FLAGS.SILENT (\\Deleted)", set);
    g_autofree char *expunge = g_strdup_printf("UID EXPUNGE %s", set);
    return imaplink_command(self->link, IMAPLINK_CHATTER, doing, mark, error) &&
           (!self->expunges ||
            imaplink_command(self->link, IMAPLINK_CHATTER, doing, expunge, error));
}

gboolean inbox_move_set(Inbox *self, const guint32 *uids, guint count, InboxFolder where,
                        GError **error)
{
    g_assert(count && count <= INBOX_SET);
    g_autofree char *set = inbox_set_text(uids, count), *what = called(uids, count);
    if (!imaplink_is_usable(self->link, error))
        return FALSE;
    imaplink_begin(self->link, 0);
    /* Before anything is moved: after a change the number may mean another message. */
    if (!inbox_is_same(self, error))
        return FALSE;
    if (self->moves)
        return transfer(self, "MOVE", set, what, where, error);
    return transfer(self, "COPY", set, what, where, error) && inbox_is_same(self, error) &&
           remove_originals(self, set, what, error);
}

gboolean inbox_move(Inbox *self, guint32 uid, InboxFolder where, GError **error)
{
    const guint32 only[] = {uid};
    return inbox_move_set(self, only, G_N_ELEMENTS(only), where, error);
}
