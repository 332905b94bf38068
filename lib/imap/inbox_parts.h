/* inbox_parts - what the files of the inbox share
 */
#ifndef IMAP_INBOX_PARTS_H
#define IMAP_INBOX_PARTS_H

#include "imap/imaplink.h"
#include "imap/inbox.h"

struct Inbox {
    ImapLink *link;
    char *folders[2];   /* by InboxFolder, as the protocol has them, quoted */
    char *names[2];     /* as the config has them */
    char *prefix;       /* of the user's own folders ("INBOX."), as the server has it, or NULL */
    char *folder;       /* the one that is read, as the config has it */
    gint64 selected_at; /* clock_ticks */
    char separator;     /* of folders within one another; 0: it has none */
    guint32 uidvalidity;
    guint32 highest; /* UID that inbox_list has told or was given */
    guint32 exists;  /* messages when inbox_list last looked */
    guint renew;     /* seconds */
    gboolean moves, expunges, idles;
    GHashTable *ahead; /* UID -> GBytes: what was fetched ahead */
};

/* Connects, verifies and signs in, and learns how the server names folders; none is opened. How far
 * it came is in `look`. NULL with an error as of inbox_open. */
Inbox *inbox_connect(const InboxOptions *options, InboxLook *look, GError **error);

/* A folder's name as the server has it: encoded, with the prefix of the user's own ones. Newly
 * allocated. */
char *inbox_name_for(const Inbox *self, const char *name);

/* What one answer to a FETCH says of a message. */
typedef struct {
    guint32 uid, size;                                /* 0: not said */
    const struct mailimap_msg_att_body_section *body; /* NULL: none came */
} InboxPiece;
InboxPiece inbox_piece(const struct mailimap_msg_att *attributes);

/* "3:5,9" for ascending UIDs; newly allocated. */
char *inbox_set_text(const guint32 *uids, guint count);

/* The answer to a UID SEARCH in order, above `after`, each once; of guint32, to be unreffed. */
GArray *inbox_found_uids(Inbox *self, guint32 after);

/* The folder is still the one that UIDs were told of; else TEMPORARY. */
gboolean inbox_is_same(Inbox *self, GError **error);

/* Opens the folder again: some servers look only then. TEMPORARY when it is another one. */
gboolean inbox_select_again(Inbox *self, GError **error);

/* Sets `rights` to those we have on a folder, named as the server does, where they lack what is
 * `needed` ("r te": a right of each group); to NULL where they don't, or the server doesn't say. FALSE
 * when the connection broke. */
gboolean inbox_lacks(Inbox *self, const char *folder, const char *needed, char **rights,
                     GError **error);

/* Makes a folder of ours; fine if it is there. */
gboolean inbox_make_folder(Inbox *self, InboxFolder which, GError **error);

/* How many messages the server last said there are. */
guint32 inbox_exists(const Inbox *self);

#endif
