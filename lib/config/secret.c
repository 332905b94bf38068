/* secret - a password or token from the environment, a file or a command, and forgotten after use
 */
#include "config/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/coredump.h"
#include "base/error.h"
#include "base/sharing.h"
#include "config/schema.h"

/* A buffer that doesn't move: one that grows would leave copies behind in freed memory. It has room
 * for the end of the longest line, and a byte into which all the rest is read. */
enum { ROOM = SECRET_MAX + 3 };

static char *fail(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* Always NULL. */
static char *fail(GError **error, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    g_set_error_literal(error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG, text);
    return NULL;
}

void secret_free(char *secret)
{
    if (secret)
        explicit_bzero(secret, strlen(secret));
    g_free(secret);
}

/* The first line among the bytes, newly allocated. `source` is what errors call them. */
static char *first_line(const char *bytes, gsize length, const char *source, GError **error)
{
    const char *feed = memchr(bytes, '\n', length);
    if (feed)
        length = (gsize)(feed - bytes);
    if (length && bytes[length - 1] == '\r')
        length--;
    if (length == 0)
        return fail(error, "%s has nothing on its first line; the secret stands there", source);
    if (length > SECRET_MAX)
        return fail(error, "%s has a first line of over %d bytes", source, SECRET_MAX);
    if (memchr(bytes, '\0', length))
        return fail(error, "%s has a NUL byte in its first line", source);
    return g_strndup(bytes, length);
}

/* Waits until the descriptor can be read; FALSE past the deadline (in ticks; 0 for none). */
static gboolean can_read(int fd, gint64 deadline)
{
    while (deadline) {
        struct pollfd ready = {.fd = fd, .events = POLLIN};
        gint64 left = (deadline - clock_ticks() + 999) / 1000;
        int n = left > 0 ? poll(&ready, 1, (int)left) : 0;
        if (n > 0)
            break;
        if (n == 0 || errno != EINTR) {
            errno = ETIMEDOUT;
            return FALSE;
        }
    }
    return TRUE;
}

/* Reads to the end and keeps what there is room for: a command that could not write all would be
 * ended by SIGPIPE. FALSE when reading fails or takes too long. */
static gboolean read_into(int fd, char *room, gsize *length, gint64 deadline)
{
    for (;;) {
        if (*length == ROOM)
            --*length;
        if (!can_read(fd, deadline))
            return FALSE;
        ssize_t got = read(fd, room + *length, ROOM - *length);
        if (got == 0)
            return TRUE;
        if (got > 0)
            *length += (gsize)got;
        else if (errno != EINTR)
            return FALSE;
    }
}

/* ---- a command ---- */

/* Waits for the command until the deadline; FALSE when it runs on. */
static gboolean wait_for(pid_t pid, gint64 deadline, int *status)
{
    for (;;) {
        pid_t ended = waitpid(pid, status, WNOHANG);
        if (ended == pid)
            return TRUE;
        if (ended < 0 && errno != EINTR) {
            *status =
                0; /* nothing to wait for: SIGCHLD is ignored, and its output is all we know */
            return TRUE;
        }
        if (clock_ticks() >= deadline)
            return FALSE;
        g_usleep(5000); /* real time also in tests: it is a real process */
    }
}

/* Judges how the command ended; its first line, or NULL. */
static char *command_line(const char *name, int status, const char *room, gsize length,
                          GError **error)
{
    g_autofree char *source = g_strdup_printf("the output of '%s'", name);
    if (WIFSIGNALED(status))
        return fail(error, "'%s' was ended by signal %d", name, WTERMSIG(status));
    if (WEXITSTATUS(status) != 0)
        return fail(error, "'%s' ended with status %d; try it by hand", name, WEXITSTATUS(status));
    return first_line(room, length, source, error);
}

char *secret_command(const char *const *argv, const char *folder, guint seconds, GError **error)
{
    GPid pid;
    int out, status = 0;
    g_autoptr(GError) inner = NULL;
    GSpawnFlags flags = G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_SEARCH_PATH |
                        G_SPAWN_STDERR_TO_DEV_NULL | G_SPAWN_CLOEXEC_PIPES;
    if (!g_spawn_async_with_pipes(folder, (char **)argv, NULL, flags, NULL, NULL, &pid, NULL, &out,
                                  NULL, &inner))
        return fail(error, "can't start '%s': %s", argv[0], inner->message);

    gint64 deadline = clock_ticks() + (gint64)seconds * G_USEC_PER_SEC;
    char *room = g_malloc(ROOM), *secret = NULL;
    gsize length = 0;
    gboolean ok = read_into(out, room, &length, deadline);
    close(out);
    if (ok && wait_for(pid, deadline, &status)) {
        secret = command_line(argv[0], status, room, length, error);
    } else {
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
        fail(error, "'%s' took over %u s and was stopped", argv[0], seconds);
    }
    g_spawn_close_pid(pid);
    explicit_bzero(room, ROOM);
    g_free(room);
    return secret;
}

/* ---- a file, a variable ---- */

static char *from_file(const char *path, GError **error)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a FIFO must not hang us */
    g_autofree char *whole = g_canonicalize_filename(path, NULL);
    if (fd < 0 && errno == ENOENT)
        return fail(error,
                    "there is no '%s'; write the password on the first line of %s, and chmod 600 "
                    "it",
                    path, whole);
    if (fd < 0)
        return fail(error, "can't open '%s': %s; let the user who runs circular read %s", path,
                    g_strerror(errno), whole);
    char *room = g_malloc(ROOM), *secret = NULL;
    gsize length = 0;
    if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
        fail(error, "'%s' is no regular file", path);
    else if (!sharing_is_private(&st))
        fail(error, "'%s' is open to others (mode %03o); chmod 600 %s", path, st.st_mode & 0777,
             whole);
    else if (!read_into(fd, room, &length, 0))
        fail(error, "can't read '%s': %s", path, g_strerror(errno));
    else {
        g_autofree char *source = g_strdup_printf("'%s'", path);
        secret = first_line(room, length, source, error);
    }
    close(fd);
    explicit_bzero(room, ROOM);
    g_free(room);
    return secret;
}

static char *from_env(const char *name, GError **error)
{
    g_autofree char *source = g_strdup_printf("the environment variable '%s'", name);
    const char *value = g_getenv(name);
    if (!value)
        return fail(error, "%s is not set; set it where circular is run, in cron's jobs, too",
                    source);
    return first_line(value, strlen(value), source, error);
}

/* ---- whichever is set ---- */

gboolean secret_key(const Settings *settings, const char *prefix, const char **key, GError **error)
{
    static const char *const ways[] = {"_env", "_file", "_command"};
    *key = NULL;
    for (guint i = 0; i < G_N_ELEMENTS(ways); i++) {
        g_autofree char *name = g_strconcat(prefix, ways[i], NULL);
        const char *one = schema_match(name)->key;
        if (!settings_has(settings, one))
            continue;
        if (*key) {
            settings_complain(settings, error, one, "'%s' and '%s' are both set: give one", *key,
                              one);
            return FALSE;
        }
        *key = one;
    }
    return TRUE;
}

char *secret_load(const Settings *settings, const char *prefix, GError **error)
{
    g_autofree char *env = g_strconcat(prefix, "_env", NULL);
    g_autofree char *file = g_strconcat(prefix, "_file", NULL);
    g_autofree char *command = g_strconcat(prefix, "_command", NULL);
    const char *variable = settings_text(settings, env), *path = settings_path(settings, file);
    const char *const *argv = settings_texts(settings, command);
    g_autoptr(GError) inner = NULL;
    const char *key;
    char *secret;

    if (!variable && !path && !argv)
        return NULL;
    coredump_forbid();
    if (variable)
        secret = from_env(variable, &inner), key = env;
    else if (path)
        secret = from_file(path, &inner), key = file;
    else
        secret = secret_command(argv, settings_folder(settings), SECRET_COMMAND_SECONDS, &inner),
        key = command;
    if (!secret)
        settings_complain(settings, error, key, "%s", inner->message);
    return secret;
}
