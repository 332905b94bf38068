/* files - reading whole files with a limit, writing them whole or not at all, locking
 */
#ifndef BASE_FILES_H
#define BASE_FILES_H

#include <glib.h>

/* The bytes of a regular file, with a NUL byte after them that `length` doesn't count; newly
 * allocated. Over `limit` bytes is an error that names the limit. NOINPUT if it is missing or
 * unreadable, DATA if it is too large or no regular file. `length` may be NULL. */
char *file_read(const char *path, gsize limit, gsize *length, GError **error);

/* Writes the whole file or leaves the old one: temporary name, fsync, rename, fsync of the folder.
 * `mode` as in open(2), before the umask. */
gboolean file_write(const char *path, const char *bytes, gsize length, int mode, GError **error);

/* Makes the folder and its parents, mode 0777 less the umask; fine if it is there. */
gboolean folder_make(const char *path, GError **error);

/* Takes an exclusive lock on `path` (made, mode 0600, if missing), which lasts until file_unlock or
 * the end of the process, however it ends. `holder` is written into the file for others to read.
 * Returns a descriptor, or -1: TEMPORARY when another process holds it, with what it wrote. */
int file_lock(const char *path, const char *holder, GError **error);
void file_unlock(int lock);

/* SHA-256 of the bytes as 64 lower-case hexadecimal digits; newly allocated. */
char *bytes_sha256(const char *bytes, gsize length);

#endif
