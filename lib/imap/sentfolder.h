/* sentfolder - the folder in which a server files copies of what was sent, only read
 *
 * The folder that a server marks with \Sent (RFC 6154), or one that is named, opened with EXAMINE:
 * nothing in it is changed, marked or moved, and of its messages no more is asked for than the few
 * header fields that are looked at. Errors, limits and patience as in imap/inbox.h.
 */
#ifndef IMAP_SENTFOLDER_H
#define IMAP_SENTFOLDER_H

#include "imap/inbox.h"

enum {
    SENTFOLDER_HEAD_MAX = 4096, /* bytes of a message's fields that are asked for */
    SENTFOLDER_HEADS_MAX = 250, /* messages that are asked for at once */
    SENTFOLDER_LIST = 1 << 20   /* bytes of the list of all folders */
};

typedef struct SentFolder SentFolder;

/* Connects, verifies, signs in, and opens the options' folder, or the marked one where that is NULL;
 * their other folders are not looked at. How far it came is in `look`, of which has_folder and
 * messages are set, too. NULL with an error as of inbox_open; CONFIG when no folder is marked. */
SentFolder *sentfolder_open(const InboxOptions *options, InboxLook *look, GError **error);
void sentfolder_close(SentFolder *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SentFolder, sentfolder_close)

/* FALSE after an error that broke the connection. */
gboolean sentfolder_is_usable(const SentFolder *self);

/* As the config would name it, in UTF-8; whether the server marks it; its UIDVALIDITY, never 0. */
const char *sentfolder_name(const SentFolder *self);
gboolean sentfolder_is_marked(const SentFolder *self);
guint32 sentfolder_uidvalidity(const SentFolder *self);

/* The UIDs of messages that came into it on the day of `since` (clock_now) by UTC or later, as the
 * server's own clock and zone have it: who wants to miss none asks for the day before. Ascending; of
 * guint32, to be unreffed. */
GArray *sentfolder_since(SentFolder *self, gint64 since, GError **error);

/* Calls back with the fields X-Circular-Delivery, Message-ID, Date and To of each message of `count`
 * UIDs from the array's `first` on (at most SENTFOLDER_HEADS_MAX) that is there, as a block of header
 * lines, valid UTF-8, cut at SENTFOLDER_HEAD_MAX; borrowed. Not in order. */
typedef void (*SentHead)(void *user, guint32 uid, const char *fields);
gboolean sentfolder_heads(SentFolder *self, const GArray *uids, guint first, guint count,
                          SentHead found, void *user, GError **error);

#endif
