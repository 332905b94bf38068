/* sharing - whether what is written is its owner's alone, or a group's that works together
 *
 * Files that hold names and addresses are made with mode 0600, folders with 0700. Where two officers
 * share a workspace they name a group (ledger.group in the config): then both are the group's too,
 * 0660 and 2770, whatever the umask, and whoever made them. Said once, when the workspace is opened.
 */
#ifndef BASE_SHARING_H
#define BASE_SHARING_H

#include <glib.h>
#include <sys/stat.h>

/* From now on a group, by name or number, shares what this process makes; NULL or "": nobody does.
 * FALSE when there is no such group. */
gboolean sharing_begin(const char *group);

/* The mode for a private file or folder (0600, 0700). */
int sharing_mode(int mode);

/* Gives the group what was made, open or by its path, with the same `mode`; what another owns is
 * left alone. FALSE with errno. Nothing to do without a group. */
gboolean sharing_give(int fd, int mode);
gboolean sharing_give_path(const char *path, int mode);

/* Whether nobody else can look into it. */
gboolean sharing_is_private(const struct stat *st);

/* What is wrong with a folder that is to be shared, as a sentence with a fix, newly allocated: files
 * that SQLite makes in it have to be the group's, too. NULL when nothing is, or nothing is shared. */
char *sharing_problem(const char *folder);

#endif
