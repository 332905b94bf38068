/* files - reading whole files with a limit, writing them whole or not at all, locking
 */
#ifndef BASE_FILES_H
#define BASE_FILES_H

#include <glib.h>

/* The bytes of a regular file, symbolic links followed, with a NUL byte after them that `length`
 * doesn't count; newly allocated. Over `limit` bytes is an error that names the limit. NOINPUT if
 * it is missing or unreadable, DATA if it is too large or no regular file (a pipe is never waited
 * for). `length` may be NULL. */
char *file_read(const char *path, gsize limit, gsize *length, GError **error);

/* Writes the whole file or leaves the old one: temporary name beside it, fsync, rename, fsync of
 * the folder; a durable step. `mode` as in open(2), before the umask, whatever the old file's was; one
 * that is its owner's alone, here and below, is the group's of base/sharing.h too, if there is one.
 * A symbolic link is replaced and not followed. IO, and nothing left behind, when it can't be. */
gboolean file_write(const char *path, const char *bytes, gsize length, int mode, GError **error);

/* Makes the folder and its parents, mode 0777 less the umask; fine if it is there. IO if it can't
 * be made, or if there is a file of that name. */
gboolean folder_make(const char *path, GError **error);

/* The same, but the folder is its owner's alone (0700): for what holds names and addresses. One that
 * is there already is left as it is. */
gboolean folder_make_private(const char *path, GError **error);

/* Takes an exclusive lock on `path` (made, mode 0600, if missing), which lasts until file_unlock or
 * the end of the process, however it ends; the file stays. `holder` is written into it for others
 * to read, one line. Returns a descriptor, or -1: TEMPORARY when another process, or another
 * descriptor of this one, holds it, with what it wrote, which is in `other` too (newly allocated, else
 * NULL; may be NULL); IO for anything else, also for a symbolic
 * link (a lock is written to: it must not be led to another's file) and for what is no regular
 * file. */
int file_lock(const char *path, const char *holder, char **other, GError **error);
void file_unlock(int lock);

/* The same, and the file goes, too: for a lock that would lie about for good. Who had opened it before
 * finds that it is gone, and locks the one that is there then. */
void file_unlock_away(int lock, const char *path);

/* Maps `size` bytes of a file (made, mode 0600, if missing; zeros where it was shorter) that
 * processes share and that outlives them; to be unmapped with munmap(2). NULL with IO: a full disk
 * is an error here and not a signal later. */
void *file_map(const char *path, gsize size, GError **error);

#endif
