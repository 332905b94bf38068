/* inbox_read - what is in the folder: UIDs, and the bytes of a message piece by piece */
#include <string.h>

#include "imap/inbox.h"
#include "imap/inbox_parts.h"

/* --- which -------------------------------------------------------------------------------- */

static int compare_uids(gconstpointer a, gconstpointer b)
{
    guint32 x = *(const guint32 *)a, y = *(const guint32 *)b;
    return (x > y) - (x < y);
}

GArray *inbox_found_uids(Inbox *self, guint32 after)
{
    GArray *uids = g_array_new(FALSE, FALSE, sizeof(guint32));
    const clist *found = imaplink_session(self->link)->imap_response_info->rsp_search_result;
    for (clistiter *at = found ? clist_begin(found) : NULL; at; at = clist_next(at)) {
        guint32 uid = *(const uint32_t *)clist_content(at);
        /* Asked with the highest number there can be, not with '*': some servers answer that with
         * the last message even if it is number 7 (RFC 3501 section 6.4.8), some with none. */
        if (uid > after)
            g_array_append_val(uids, uid);
    }
    g_array_sort(uids, compare_uids);
    guint kept = 0;
    for (guint i = 0; i < uids->len; i++) {
        guint32 uid = g_array_index(uids, guint32, i);
        if (!kept || g_array_index(uids, guint32, kept - 1) != uid)
            g_array_index(uids, guint32, kept++) = uid;
    }
    return g_array_set_size(uids, kept);
}

GArray *inbox_list(Inbox *self, guint32 after, GError **error)
{
    static const char doing[] = "the folder can't be searched";
    if (!imaplink_is_usable(self->link, error))
        return NULL;
    imaplink_begin(self->link, 0);
    /* A search alone may not see what has arrived since the command before. */
    if (!imaplink_command(self->link, IMAPLINK_CHATTER, doing, "NOOP", error))
        return NULL;
    self->exists = inbox_exists(self);
    g_autoptr(GArray) uids = NULL;
    if (after == G_MAXUINT32) {
        uids = g_array_new(FALSE, FALSE, sizeof(guint32));
    } else {
        g_autofree char *search =
            g_strdup_printf("UID SEARCH UID %u:%u UNDELETED", after + 1, G_MAXUINT32);
        if (!imaplink_command(self->link, IMAPLINK_SEARCH, doing, search, error))
            return NULL;
        uids = inbox_found_uids(self, after);
    }
    if (!inbox_is_same(self, error))
        return NULL;
    self->highest = MAX(self->highest, after);
    if (uids->len)
        self->highest = MAX(self->highest, g_array_index(uids, guint32, uids->len - 1));
    return g_steal_pointer(&uids);
}

/* --- the bytes ---------------------------------------------------------------------------- */

InboxPiece inbox_piece(const struct mailimap_msg_att *attributes)
{
    InboxPiece piece = {0};
    for (clistiter *at = clist_begin(attributes->att_list); at; at = clist_next(at)) {
        const struct mailimap_msg_att_item *item = clist_content(at);
        if (item->att_type != MAILIMAP_MSG_ATT_ITEM_STATIC)
            continue;
        const struct mailimap_msg_att_static *fixed = item->att_data.att_static;
        if (fixed->att_type == MAILIMAP_MSG_ATT_UID)
            piece.uid = fixed->att_data.att_uid;
        else if (fixed->att_type == MAILIMAP_MSG_ATT_RFC822_SIZE)
            piece.size = fixed->att_data.att_rfc822_size;
        else if (fixed->att_type == MAILIMAP_MSG_ATT_BODY_SECTION)
            piece.body = fixed->att_data.att_body_section;
    }
    return piece;
}

/* Of all that came (other messages' flags, too), the piece that was asked for: `body` NULL when it
 * is not there, FALSE when it can't be believed. */
static gboolean find_piece(Inbox *self, guint32 uid, gsize offset, gsize most, InboxPiece *found,
                           GError **error)
{
    const clist *list = imaplink_session(self->link)->imap_response_info->rsp_fetch_list;
    *found = (InboxPiece){0};
    for (clistiter *at = list ? clist_begin(list) : NULL; at; at = clist_next(at)) {
        InboxPiece piece = inbox_piece(clist_content(at));
        if (!piece.body)
            continue;
        if (piece.uid != uid || found->body)
            return imaplink_break(self->link, CIRCULAR_ERROR_REMOTE, error,
                                  "the server sent another message than the one asked for");
        *found = piece;
        if (piece.body->sec_length > most || (offset && piece.body->sec_origin_octet != offset))
            return imaplink_break(self->link, CIRCULAR_ERROR_REMOTE, error,
                                  "the server sent another part of the message than the one asked "
                                  "for");
    }
    return TRUE;
}

static gboolean fetch_piece(Inbox *self, guint32 uid, gsize offset, gsize most, InboxPiece *piece,
                            GError **error)
{
    g_autofree char *doing = g_strdup_printf("message %u can't be read", uid);
    g_autofree char *command = g_strdup_printf(
        "UID FETCH %u (UID RFC822.SIZE BODY.PEEK[]<%" G_GSIZE_FORMAT ".%" G_GSIZE_FORMAT ">)", uid,
        offset, most);
    return imaplink_command(self->link, IMAPLINK_CHATTER + most, doing, command, error) &&
           inbox_is_same(self, error) && find_piece(self, uid, offset, most, piece, error);
}

/* Whether a piece is the end of its message. Neither the size nor a short piece is to be believed
 * alone: Exchange guesses sizes. */
static gboolean is_last(const InboxPiece *piece, gsize length, gsize most, gsize so_far)
{
    return !length || (length < most && so_far >= piece->size);
}

/* Keeps what came whole; FALSE when a message came that was not asked for, or came twice. */
static gboolean keep_ahead(Inbox *self, const guint32 *uids, guint count, GError **error)
{
    const clist *list = imaplink_session(self->link)->imap_response_info->rsp_fetch_list;
    g_autoptr(GHashTable) asked = g_hash_table_new(NULL, NULL);
    for (guint i = 0; i < count; i++)
        g_hash_table_add(asked, GUINT_TO_POINTER(uids[i]));
    for (clistiter *at = list ? clist_begin(list) : NULL; at; at = clist_next(at)) {
        InboxPiece piece = inbox_piece(clist_content(at));
        if (!piece.body)
            continue;
        if (!g_hash_table_remove(asked, GUINT_TO_POINTER(piece.uid)) ||
            piece.body->sec_length > INBOX_PIECE)
            return imaplink_break(self->link, CIRCULAR_ERROR_REMOTE, error,
                                  "the server sent another message than those asked for");
        gsize length = piece.body->sec_body_part ? piece.body->sec_length : 0;
        if (length && is_last(&piece, length, INBOX_PIECE, length))
            g_hash_table_insert(self->ahead, GUINT_TO_POINTER(piece.uid),
                                g_bytes_new(piece.body->sec_body_part, length));
    }
    return TRUE;
}

gboolean inbox_fetch_ahead(Inbox *self, const guint32 *uids, guint count, GError **error)
{
    g_assert(count && count <= INBOX_AHEAD);
    g_autoptr(GError) refused = NULL;
    g_autofree char *set = inbox_set_text(uids, count);
    g_autofree char *command =
        g_strdup_printf("UID FETCH %s (UID RFC822.SIZE BODY.PEEK[]<0.%d>)", set, INBOX_PIECE);
    g_hash_table_remove_all(self->ahead);
    if (!imaplink_is_usable(self->link, error))
        return FALSE;
    imaplink_begin(self->link, 0);
    if (imaplink_command(self->link, IMAPLINK_CHATTER + count * INBOX_PIECE,
                         "messages can't be read", command, &refused))
        return inbox_is_same(self, error) && keep_ahead(self, uids, count, error);
    if (imaplink_is_usable(self->link, NULL))
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&refused));
    return FALSE;
}

/* What was fetched ahead, given away. */
static GBytes *take_ahead(Inbox *self, guint32 uid)
{
    gpointer bytes = NULL;
    g_hash_table_steal_extended(self->ahead, GUINT_TO_POINTER(uid), NULL, &bytes);
    return bytes;
}

GBytes *inbox_fetch(Inbox *self, guint32 uid, gboolean *truncated, GError **error)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    if (!imaplink_is_usable(self->link, error))
        return NULL;
    GBytes *ahead = take_ahead(self, uid);
    if (ahead && truncated)
        *truncated = FALSE;
    if (ahead)
        return ahead;
    imaplink_begin(self->link, 0);
    /* One byte more than the most tells whether there is more. */
    while (bytes->len <= INBOX_MESSAGE_MAX) {
        gsize most = MIN(INBOX_PIECE, INBOX_MESSAGE_MAX + 1 - bytes->len);
        InboxPiece piece;
        if (!fetch_piece(self, uid, bytes->len, most, &piece, error))
            return NULL;
        if (!piece.body) {
            g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_NOINPUT,
                        "%s: message %u is gone from the folder", imaplink_place(self->link), uid);
            return NULL;
        }
        gsize length = piece.body->sec_body_part ? piece.body->sec_length : 0;
        if (!length && !bytes->len) { /* NIL, or nothing: nothing is known of this message */
            g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_NOINPUT,
                        "%s: message %u came without a byte", imaplink_place(self->link), uid);
            return NULL;
        }
        if (length)
            g_byte_array_append(bytes, (const guint8 *)piece.body->sec_body_part, (guint)length);
        if (is_last(&piece, length, most, bytes->len))
            break;
    }
    gboolean is_longer = bytes->len > INBOX_MESSAGE_MAX;
    if (is_longer)
        g_byte_array_set_size(bytes, INBOX_MESSAGE_MAX);
    if (truncated)
        *truncated = is_longer;
    return g_byte_array_free_to_bytes(g_steal_pointer(&bytes));
}
