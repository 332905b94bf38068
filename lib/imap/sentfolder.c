/* sentfolder - the folder in which a server files copies of what was sent, only read */
#include "imap/sentfolder.h"

#include <string.h>

#include "imap/foldername.h"
#include "imap/inbox_parts.h"

struct SentFolder {
    Inbox *inbox;
    char *name;
    gboolean is_marked;
};

/* --- which ------------------------------------------------------------------------------------ */

/* Whether a folder is marked with \Sent, and can be opened. */
static gboolean is_sent(const struct mailimap_mailbox_list *folder)
{
    gboolean is_marked = FALSE;
    const struct mailimap_mbx_list_flags *flags = folder->mb_flag;
    if (!flags || !folder->mb_name ||
        (flags->mbf_type == MAILIMAP_MBX_LIST_FLAGS_SFLAG &&
         flags->mbf_sflag == MAILIMAP_MBX_LIST_SFLAG_NOSELECT))
        return FALSE;
    const clist *others = flags->mbf_oflags;
    for (clistiter *at = others ? clist_begin(others) : NULL; at; at = clist_next(at)) {
        const struct mailimap_mbx_list_oflag *flag = clist_content(at);
        is_marked |= flag->of_type == MAILIMAP_MBX_LIST_OFLAG_FLAG_EXT && flag->of_flag_ext &&
                     g_ascii_strcasecmp(flag->of_flag_ext, "Sent") == 0;
    }
    return is_marked;
}

/* The marked folder among those that a command lists, as the server calls it; newly allocated, or
 * NULL without one. */
static gboolean find_listed(Inbox *inbox, const char *command, char **name, GError **error)
{
    if (!imaplink_command(inbox->link, SENTFOLDER_LIST, "the folders can't be listed", command,
                          error))
        return FALSE;
    const struct mailimap_response_info *info = imaplink_session(inbox->link)->imap_response_info;
    const clist *list = info ? info->rsp_mailbox_list : NULL;
    for (clistiter *at = list ? clist_begin(list) : NULL; at && !*name; at = clist_next(at)) {
        const struct mailimap_mailbox_list *folder = clist_content(at);
        if (is_sent(folder))
            *name = g_strdup(folder->mb_name);
    }
    return TRUE;
}

/* Servers that can tell the few with a use of their own needn't tell them all; others say the use in
 * a plain list, also without announcing that they do (Exchange). */
static gboolean find_marked(Inbox *inbox, char **name, GError **error)
{
    gboolean can_choose = imaplink_offers(inbox->link, "SPECIAL-USE") &&
                          imaplink_offers(inbox->link, "LIST-EXTENDED");
    if (can_choose && !find_listed(inbox, "LIST (SPECIAL-USE) \"\" \"*\"", name, error))
        return FALSE;
    if (!*name && !find_listed(inbox, "LIST \"\" \"*\"", name, error))
        return FALSE;
    if (*name)
        return TRUE;
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG,
                "%s: no folder is marked as the one of sent mail (\\Sent); set settle.folder to "
                "its name",
                imaplink_place(inbox->link));
    return FALSE;
}

/* --- opening ---------------------------------------------------------------------------------- */

static gboolean examine(SentFolder *self, const char *encoded, InboxLook *look, GError **error)
{
    Inbox *inbox = self->inbox;
    mailimap *session = imaplink_session(inbox->link);
    g_autofree char *doing = g_strdup_printf("the folder '%s' can't be opened", self->name);
    imaplink_allow(inbox->link, IMAPLINK_CHATTER);
    if (!imaplink_check(inbox->link, mailimap_examine(session, encoded), doing, error))
        return FALSE;
    const struct mailimap_selection_info *info = session->imap_selection_info;
    inbox->uidvalidity = info ? info->sel_uidvalidity : 0;
    if (!inbox->uidvalidity)
        return imaplink_break(inbox->link, CIRCULAR_ERROR_REMOTE, error,
                              "the server gives the folder '%s' no UIDVALIDITY: its messages can't "
                              "be told apart",
                              self->name);
    look->has_folder = TRUE;
    look->messages = inbox_exists(inbox);
    return TRUE;
}

static gboolean open_folder(SentFolder *self, const char *wanted, InboxLook *look, GError **error)
{
    g_autofree char *encoded = wanted ? inbox_name_for(self->inbox, wanted) : NULL;
    if (!wanted && !find_marked(self->inbox, &encoded, error))
        return FALSE;
    g_autofree char *decoded =
        wanted ? g_strdup(wanted) : foldername_decode(encoded, self->inbox->separator);
    self->name = text_visible(decoded);
    self->is_marked = !wanted;
    return examine(self, encoded, look, error);
}

SentFolder *sentfolder_open(const InboxOptions *options, InboxLook *look, GError **error)
{
    *look = (InboxLook){0};
    if (options->folder && !foldername_is_valid(options->folder)) {
        g_autofree char *shown = text_visible(options->folder);
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG, "not a folder to read: '%s'",
                    shown);
        return NULL;
    }
    Inbox *inbox = inbox_connect(options, look, error);
    if (!inbox)
        return NULL;
    g_autoptr(SentFolder) self = g_new0(SentFolder, 1);
    self->inbox = inbox;
    imaplink_begin(inbox->link, 0);
    return open_folder(self, options->folder, look, error) ? g_steal_pointer(&self) : NULL;
}

void sentfolder_close(SentFolder *self)
{
    if (!self)
        return;
    inbox_close(self->inbox);
    g_free(self->name);
    g_free(self);
}

gboolean sentfolder_is_usable(const SentFolder *self)
{
    return inbox_is_usable(self->inbox);
}

const char *sentfolder_name(const SentFolder *self)
{
    return self->name;
}

gboolean sentfolder_is_marked(const SentFolder *self)
{
    return self->is_marked;
}

guint32 sentfolder_uidvalidity(const SentFolder *self)
{
    return self->inbox->uidvalidity;
}

/* --- what is in it ---------------------------------------------------------------------------- */

GArray *sentfolder_since(SentFolder *self, gint64 since, GError **error)
{
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    g_autoptr(GDateTime) day = g_date_time_new_from_unix_utc(since / G_USEC_PER_SEC);
    if (!imaplink_is_usable(self->inbox->link, error))
        return NULL;
    imaplink_begin(self->inbox->link, 0);
    g_autofree char *search = g_strdup_printf(
        "UID SEARCH SINCE %d-%s-%04d", day ? g_date_time_get_day_of_month(day) : 1,
        months[day ? g_date_time_get_month(day) - 1 : 0], day ? g_date_time_get_year(day) : 1970);
    if (!imaplink_command(self->inbox->link, IMAPLINK_SEARCH, "the folder can't be searched",
                          search, error))
        return NULL;
    g_autoptr(GArray) uids = inbox_found_uids(self->inbox, 0);
    return inbox_is_same(self->inbox, error) ? g_steal_pointer(&uids) : NULL;
}

/* Each message that was asked for, once; whatever else the server says isn't heard. */
static void tell_heads(SentFolder *self, GHashTable *asked, SentHead found, void *user)
{
    const clist *list = imaplink_session(self->inbox->link)->imap_response_info->rsp_fetch_list;
    for (clistiter *at = list ? clist_begin(list) : NULL; at; at = clist_next(at)) {
        InboxPiece piece = inbox_piece(clist_content(at));
        if (!piece.body || !g_hash_table_remove(asked, GUINT_TO_POINTER(piece.uid)))
            continue;
        const char *part = piece.body->sec_body_part;
        g_autofree char *fields = g_utf8_make_valid(
            part ? part : "", part ? (gssize)MIN(piece.body->sec_length, SENTFOLDER_HEAD_MAX) : 0);
        found(user, piece.uid, fields);
    }
}

gboolean sentfolder_heads(SentFolder *self, const GArray *uids, guint first, guint count,
                          SentHead found, void *user, GError **error)
{
    g_assert(count > 0 && count <= SENTFOLDER_HEADS_MAX && first + count <= uids->len);
    if (!imaplink_is_usable(self->inbox->link, error))
        return FALSE;
    imaplink_begin(self->inbox->link, 0);
    g_autoptr(GHashTable) asked = g_hash_table_new(NULL, NULL);
    for (guint i = 0; i < count; i++)
        g_hash_table_add(asked, GUINT_TO_POINTER(g_array_index(uids, guint32, first + i)));
    g_autofree char *set = inbox_set_text(&g_array_index(uids, guint32, first), count);
    g_autofree char *fetch =
        g_strdup_printf("UID FETCH %s (UID BODY.PEEK[HEADER.FIELDS (X-Circular-Delivery Message-ID "
                        "Date To)]<0.%d>)",
                        set, SENTFOLDER_HEAD_MAX);
    if (!imaplink_command(self->inbox->link, IMAPLINK_CHATTER + (gsize)count * SENTFOLDER_HEAD_MAX,
                          "the copies can't be read", fetch, error) ||
        !inbox_is_same(self->inbox, error))
        return FALSE;
    tell_heads(self, asked, found, user);
    return TRUE;
}
