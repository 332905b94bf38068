/* tokencache - access tokens until they expire, and refresh tokens that came in place of others */
#include "workspace/tokencache.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/coredump.h"
#include "base/error.h"
#include "base/sharing.h"
#include "base/files.h"
#include "base/sha256.h"
#include "base/trace.h"
#include "config/secret.h"

enum { RENEW_BEFORE = 300, POLL = 50 * 1000 /* microseconds between two tries for the lock */ };

struct TokenCache {
    GKeyFile *file;
};

static TokenCache *complain(GError **error, CircularError kind, const char *path, const char *text)
{
    g_set_error(error, CIRCULAR_ERROR, kind, "%s: %s", path, text);
    return NULL;
}

/* --- the file -------------------------------------------------------------------------------- */

/* Opens it and looks whom it belongs to; -1 with an error, or without when there is none. */
static int open_private(const char *path, struct stat *st, GError **error)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0 && errno == ENOENT)
        return -1;
    if (fd < 0 && errno == ELOOP) {
        complain(error, CIRCULAR_ERROR_CONFIG, path, "is a symbolic link: name the file itself");
        return -1;
    }
    if (fd < 0 || fstat(fd, st) < 0) {
        complain(error, CIRCULAR_ERROR_IO, path, g_strerror(errno));
    } else if (!S_ISREG(st->st_mode)) {
        complain(error, CIRCULAR_ERROR_CONFIG, path, "is no regular file");
    } else if (!sharing_is_private(st)) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG,
                    "%s: holds access tokens and is open to others (mode %03o): chmod 600 it if "
                    "nobody has read it; else delete it, and have the application's consent "
                    "withdrawn and given anew",
                    path, (guint)st->st_mode & 0777);
    } else {
        return fd;
    }
    if (fd >= 0)
        close(fd);
    return -1;
}

/* Its bytes, to be overwritten; NULL with an error. */
static char *read_all(int fd, gsize length, const char *path, GError **error)
{
    char *bytes = g_malloc(length + 1);
    gsize done = 0;
    while (done < length) {
        ssize_t got = read(fd, bytes + done, length - done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            complain(error, CIRCULAR_ERROR_IO, path, g_strerror(errno));
            explicit_bzero(bytes, length);
            g_free(bytes);
            return NULL;
        }
        if (got == 0)
            break;
        done += (gsize)got;
    }
    bytes[done] = '\0';
    return bytes;
}

TokenCache *tokencache_load(const char *path, GError **error)
{
    coredump_forbid();
    struct stat st;
    GError *inner = NULL;
    g_autoptr(TokenCache) self = g_new0(TokenCache, 1);
    self->file = g_key_file_new();
    int fd = open_private(path, &st, &inner);
    if (fd < 0 && inner) {
        g_propagate_error(error, inner);
        return NULL;
    }
    if (fd < 0)
        return g_steal_pointer(&self);
    gsize length = (gsize)MIN(st.st_size, TOKENCACHE_MAX + 1);
    char *bytes = read_all(fd, length, path, error);
    close(fd);
    if (!bytes)
        return NULL;
    if (length > TOKENCACHE_MAX || strlen(bytes) != length ||
        !g_key_file_load_from_data(self->file, bytes, length, G_KEY_FILE_NONE, NULL)) {
        trace("oauth2", "* %s is not understood: beginning anew", path);
        g_key_file_free(self->file);
        self->file = g_key_file_new();
    }
    explicit_bzero(bytes, length);
    g_free(bytes);
    return g_steal_pointer(&self);
}

void tokencache_free(TokenCache *self)
{
    if (!self)
        return;
    g_key_file_free(self->file);
    g_free(self);
}

/* --- entries --------------------------------------------------------------------------------- */

/* "access 3f2a…": a group's name tells nothing of what it was made from. */
static char *group_of(const char *kind, const char *name)
{
    g_autofree char *hash = bytes_sha256(name, strlen(name));
    return g_strdup_printf("%s %.32s", kind, hash);
}

static char *token_in(const TokenCache *self, const char *group)
{
    char *token = g_key_file_get_string(self->file, group, "token", NULL);
    if (token && *token && strlen(token) <= SECRET_MAX)
        return token;
    secret_free(token);
    return NULL;
}

static gboolean is_fresh(const TokenCache *self, const char *group, gint64 now)
{
    gint64 from = g_key_file_get_int64(self->file, group, "from", NULL);
    gint64 until = g_key_file_get_int64(self->file, group, "until", NULL);
    gint64 seconds = now / G_USEC_PER_SEC;
    return from <= seconds && seconds < until;
}

char *tokencache_access(const TokenCache *self, const char *name, gint64 now)
{
    g_autofree char *group = group_of("access", name);
    return is_fresh(self, group, now) ? token_in(self, group) : NULL;
}

void tokencache_set_access(TokenCache *self, const char *name, const char *token, gint64 now,
                           gint64 lifetime)
{
    g_autofree char *group = group_of("access", name);
    gint64 seconds = now / G_USEC_PER_SEC, spare = MIN(RENEW_BEFORE, lifetime / 4);
    g_key_file_set_string(self->file, group, "token", token);
    g_key_file_set_int64(self->file, group, "from", seconds);
    g_key_file_set_int64(self->file, group, "until", seconds + lifetime - spare);
}

char *tokencache_refresh(const TokenCache *self, const char *name)
{
    g_autofree char *group = group_of("refresh", name);
    return token_in(self, group);
}

void tokencache_set_refresh(TokenCache *self, const char *name, const char *token)
{
    g_autofree char *group = group_of("refresh", name);
    g_key_file_set_string(self->file, group, "token", token);
}

gboolean tokencache_save(TokenCache *self, const char *path, gint64 now, GError **error)
{
    g_auto(GStrv) groups = g_key_file_get_groups(self->file, NULL);
    for (char **group = groups; *group; group++)
        if (g_str_has_prefix(*group, "access ") && !is_fresh(self, *group, now))
            g_key_file_remove_group(self->file, *group, NULL);
    gsize length;
    char *bytes = g_key_file_to_data(self->file, &length, NULL);
    gboolean ok = file_write(path, bytes, length, 0600, error);
    explicit_bzero(bytes, length);
    g_free(bytes);
    return ok;
}

/* --- one at a time --------------------------------------------------------------------------- */

int tokencache_lock(const char *path, guint seconds, gboolean (*stop)(void *user), void *user,
                    GError **error)
{
    g_autofree char *name = g_strconcat(path, ".lock", NULL);
    g_autofree char *holder = g_strdup_printf("process %d asks for an access token", (int)getpid());
    gint64 until = g_get_monotonic_time() + (gint64)seconds * G_USEC_PER_SEC;
    for (;;) {
        GError *inner = NULL;
        int lock = file_lock(name, holder, NULL, &inner);
        if (lock >= 0)
            return lock;
        if (!g_error_matches(inner, CIRCULAR_ERROR, CIRCULAR_ERROR_TEMPORARY) ||
            g_get_monotonic_time() >= until || (stop && stop(user))) {
            g_propagate_error(error, inner);
            return -1;
        }
        g_error_free(inner);
        g_usleep(POLL); /* real time also in tests: it is a real process that is waited for */
    }
}

void tokencache_unlock(int lock)
{
    file_unlock(lock);
}
