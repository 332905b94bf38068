/* files - reading whole files with a limit, writing them whole or not at all, locking */
#include "base/files.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/sharing.h"

enum { HOLDER_MAX = 255 }; /* bytes of a lock's holder that are shown */

static gboolean fail(GError **error, CircularError kind, const char *path, const char *what)
{
    int reason = errno;
    g_set_error(error, CIRCULAR_ERROR, kind, "%s: %s: %s", path, what, g_strerror(reason));
    return FALSE;
}

static gboolean too_large(GError **error, const char *path, gsize limit)
{
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA,
                "%s: too large: over %" G_GSIZE_FORMAT " bytes", path, limit);
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
        if (into->len + (gsize)got > limit)
            return too_large(error, path, limit);
        g_byte_array_append(into, piece, (guint)got);
    }
}

/* Opens a regular file to read. O_NONBLOCK, lest a named pipe without a writer hold us for ever; it
 * means nothing to a regular file. */
static int open_regular(const char *path, struct stat *st, GError **error)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0 || fstat(fd, st) < 0) {
        fail(error, CIRCULAR_ERROR_NOINPUT, path, "can't open");
        if (fd >= 0)
            close(fd);
        return -1;
    }
    if (S_ISREG(st->st_mode))
        return fd;
    close(fd);
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA, "%s: is %s, not a file", path,
                S_ISDIR(st->st_mode) ? "a folder" : "a device or pipe");
    return -1;
}

char *file_read(const char *path, gsize limit, gsize *length, GError **error)
{
    struct stat st;
    g_assert(limit < G_MAXUINT); /* what a GByteArray holds */
    int fd = open_regular(path, &st, error);
    if (fd < 0)
        return NULL;
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    /* The size is told before 300 MB are read; it is counted as well, for the file may grow. */
    gboolean ok = (guint64)st.st_size > limit ? too_large(error, path, limit)
                                              : read_all(fd, path, bytes, limit, error);
    close(fd);
    if (!ok)
        return NULL;
    if (length)
        *length = bytes->len;
    g_byte_array_append(bytes, (const guint8 *)"", 1);
    return (char *)g_byte_array_free(g_steal_pointer(&bytes), FALSE);
}

gboolean file_write(const char *path, const char *bytes, gsize length, int mode, GError **error)
{
    g_autoptr(GError) inner = NULL;
    /* CONSISTENT alone does not sync a new file, DURABLE alone may write in place. */
    if (!g_file_set_contents_full(path, bytes, (gssize)length,
                                  G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                  mode, &inner)) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_IO, "%s: can't write: %s", path,
                    inner->message);
        return FALSE;
    }
    if (!(mode & 077) && !sharing_give_path(path, mode))
        return fail(error, CIRCULAR_ERROR_IO, path, "can't share with the group of ledger.group");
    durable_step("file: written");
    return TRUE;
}

gboolean folder_make(const char *path, GError **error)
{
    if (g_mkdir_with_parents(path, 0777) == 0)
        return TRUE;
    return fail(error, CIRCULAR_ERROR_IO, path, "can't make the folder");
}

gboolean folder_make_private(const char *path, GError **error)
{
    g_autofree char *above = g_path_get_dirname(path);
    if (!folder_make(above, error))
        return FALSE;
    if (mkdir(path, 0700) == 0)
        return sharing_give_path(path, 0700) ||
               fail(error, CIRCULAR_ERROR_IO, path, "can't share with the group of ledger.group");
    if (errno == EEXIST && g_file_test(path, G_FILE_TEST_IS_DIR))
        return TRUE;
    return fail(error, CIRCULAR_ERROR_IO, path, "can't make the folder");
}

/* What the holder of the lock wrote into it; newly allocated. It may be gone from there, or be what
 * an earlier holder wrote: it is for people. */
static char *read_holder(int fd)
{
    char text[HOLDER_MAX + 1] = "";
    ssize_t got = pread(fd, text, HOLDER_MAX, 0);
    text[MAX(got, 0)] = '\0';
    text[strcspn(text, "\n")] = '\0';
    return *text ? text_visible(text) : g_strdup("another process");
}

/* A file of our own beside another, for reading and writing. */
static int open_own(const char *path, GError **error)
{
    struct stat st;
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0600);
    if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && sharing_give(fd, 0600))
        return fd;
    if (fd < 0)
        fail(error, CIRCULAR_ERROR_IO, path, "can't open");
    else
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_IO, "%s: is no regular file", path);
    if (fd >= 0)
        close(fd);
    return -1;
}

/* Whether `path` is still the file that was opened: its holder may have taken it away meanwhile. */
static gboolean is_there(int fd, const char *path)
{
    struct stat opened, now;
    return fstat(fd, &opened) == 0 && lstat(path, &now) == 0 && opened.st_dev == now.st_dev &&
           opened.st_ino == now.st_ino;
}

int file_lock(const char *path, const char *holder, char **other, GError **error)
{
    if (other)
        *other = NULL;
    int fd = open_own(path, error);
    if (fd < 0)
        return -1;
    /* flock and not a file's mere presence: the kernel lets go of it whatever ends the process. Not
     * fcntl's, which any close of the file by this process would drop. */
    if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
        if (errno == EWOULDBLOCK) {
            g_autofree char *said = read_holder(fd);
            g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_TEMPORARY, "%s: held by %s", path,
                        said);
            if (other)
                *other = g_steal_pointer(&said);
        } else {
            fail(error, CIRCULAR_ERROR_IO, path, "can't lock");
        }
        close(fd);
        return -1;
    }
    if (!is_there(fd, path)) {
        close(fd);
        return file_lock(path, holder, other, error);
    }
    if (ftruncate(fd, 0) < 0 || pwrite(fd, holder, strlen(holder), 0) < 0)
        g_debug("%s: the holder's name could not be written", path); /* the lock itself stands */
    return fd;
}

void file_unlock(int lock)
{
    if (lock < 0)
        return;
    if (ftruncate(lock, 0) < 0)
        g_debug("a lock's holder could not be wiped"); /* nobody reads it but beside a lock */
    close(lock);
}

void file_unlock_away(int lock, const char *path)
{
    if (lock >= 0 && is_there(lock, path))
        unlink(path);
    file_unlock(lock);
}

void *file_map(const char *path, gsize size, GError **error)
{
    int fd = open_own(path, error);
    if (fd < 0)
        return NULL;
    /* Allocated and not only sized: a full disk must be an error here and not a SIGBUS later. */
    int full = posix_fallocate(fd, 0, (off_t)size);
    if (full)
        errno = full;
    void *memory = full ? MAP_FAILED : mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (memory == MAP_FAILED)
        fail(error, CIRCULAR_ERROR_IO, path, "can't make room");
    close(fd);
    return memory == MAP_FAILED ? NULL : memory;
}
