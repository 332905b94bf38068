/* files - reading whole files with a limit, writing them whole or not at all, locking */
#include "base/files.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"

static gboolean fail(GError **error, CircularError kind, const char *path, const char *what)
{
    int reason = errno;
    g_set_error(error, CIRCULAR_ERROR, kind, "%s: %s: %s", path, what, g_strerror(reason));
    return FALSE;
}

static gboolean read_all(int fd, const char *path, GByteArray *into, gsize limit, GError **error)
{
    guint8 piece[65536];
    for (;;) {
        ssize_t got = read(fd, piece, sizeof piece);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fail(error, CIRCULAR_ERROR_IO, path, "can't read");
        if (got == 0)
            return TRUE;
        if (into->len + (gsize)got > limit) {
            g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA,
                        "%s: too large: over %" G_GSIZE_FORMAT " bytes", path, limit);
            return FALSE;
        }
        g_byte_array_append(into, piece, (guint)got);
    }
}

char *file_read(const char *path, gsize limit, gsize *length, GError **error)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        fail(error, CIRCULAR_ERROR_NOINPUT, path, "can't open");
        return NULL;
    }
    if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
        close(fd);
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA, "%s: is a folder, not a file",
                    path);
        return NULL;
    }
    GByteArray *bytes = g_byte_array_new();
    gboolean ok = read_all(fd, path, bytes, limit, error);
    close(fd);
    if (!ok) {
        g_byte_array_unref(bytes);
        return NULL;
    }
    if (length)
        *length = bytes->len;
    g_byte_array_append(bytes, (const guint8 *)"", 1);
    return (char *)g_byte_array_free(bytes, FALSE);
}

gboolean file_write(const char *path, const char *bytes, gsize length, int mode, GError **error)
{
    g_autoptr(GError) inner = NULL;
    if (g_file_set_contents_full(path, bytes, (gssize)length,
                                 G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, mode,
                                 &inner))
        return TRUE;
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_IO, "%s: can't write: %s", path,
                inner->message);
    return FALSE;
}

gboolean folder_make(const char *path, GError **error)
{
    if (g_mkdir_with_parents(path, 0777) == 0)
        return TRUE;
    return fail(error, CIRCULAR_ERROR_IO, path, "can't make the folder");
}

int file_lock(const char *path, const char *holder, GError **error)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        fail(error, CIRCULAR_ERROR_IO, path, "can't open the lock");
        return -1;
    }
    /* flock and not a file's mere presence: the kernel lets go of it whatever ends the process. */
    if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
        char other[256] = "";
        ssize_t got = errno == EWOULDBLOCK ? pread(fd, other, sizeof other - 1, 0) : 0;
        if (errno == EWOULDBLOCK)
            g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_TEMPORARY, "%s: held by %s", path,
                        got > 0 ? other : "another process");
        else
            fail(error, CIRCULAR_ERROR_IO, path, "can't lock");
        close(fd);
        return -1;
    }
    if (ftruncate(fd, 0) < 0 || pwrite(fd, holder, strlen(holder), 0) < 0)
        g_debug("%s: the holder's name could not be written", path); /* the lock itself stands */
    return fd;
}

void file_unlock(int lock)
{
    if (lock >= 0)
        close(lock);
}

char *bytes_sha256(const char *bytes, gsize length)
{
    return g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)bytes, length);
}
