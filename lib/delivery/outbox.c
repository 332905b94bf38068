/* outbox - the transport that writes letters into a Maildir */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h> /* renameat */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/sharing.h"
#include "delivery/transport.h"

enum { BATCH = 64 }; /* letters that share one fsync of new/ */

typedef struct {
    Transport base;
    char *folder;
    char *prefix;           /* of our files' names: "MAILING." */
    int tmp, new, cur;      /* open folders */
    GHashTable *read;       /* name (without ":2,flags") -> name in cur/: what a reader has seen */
    GString *text;          /* the letter being written; kept for its room */
    guint64 written[BATCH]; /* renamed into new/, not yet told */
    guint n_written;
} Outbox;

static gboolean fail(const Outbox *self, GError **error, const char *what)
{
    int reason = errno;
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_IO, "%s: %s: %s", self->folder, what,
                g_strerror(reason));
    return FALSE;
}

/* --- the text of a file ---------------------------------------------------------------------- */

/* An address as a header's value. It was checked where it came from; that it can't begin a line of
 * its own even so costs nothing. */
static void append_address(GString *out, const char *address)
{
    for (; *address; address++)
        if ((guchar)*address >= ' ' && *address != 0x7f)
            g_string_append_c(out, *address);
}

/* A piece of the message; `cr` is a CR that may be of a line end. */
static void append_lines(GString *out, const struct iovec *piece, gboolean *cr)
{
    const char *p = piece->iov_base, *end = p + piece->iov_len;
    while (p < end) {
        if (*cr && *p != '\n')
            g_string_append_c(out, '\r'); /* not of a line end */
        const char *next = memchr(p, '\r', (gsize)(end - p));
        g_string_append_len(out, p, (next ? next : end) - p);
        *cr = next != NULL;
        p = next ? next + 1 : end;
    }
}

static void make_text(GString *out, const Envelope *envelope)
{
    g_string_assign(out, "Return-Path: <");
    append_address(out, envelope->sender);
    g_string_append(out, ">\nDelivered-To: ");
    append_address(out, envelope->recipient);
    g_string_append_c(out, '\n');
    gboolean cr = FALSE;
    for (guint i = 0; i < envelope->n_pieces; i++)
        append_lines(out, &envelope->pieces[i], &cr);
    if (cr)
        g_string_append_c(out, '\r');
}

/* --- one file -------------------------------------------------------------------------------- */

static gboolean write_all(int fd, const GString *text)
{
    for (gsize done = 0; done < text->len;) {
        ssize_t n = write(fd, text->str + done, text->len - done);
        if (n < 0 && errno != EINTR)
            return FALSE;
        done += n > 0 ? (gsize)n : 0;
    }
    return fsync(fd) == 0;
}

/* Writes tmp/NAME so that it outlives a crash. What a broken run left there is written over. */
static gboolean write_file(Outbox *self, const char *name)
{
    int fd = openat(self->tmp, name, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return FALSE;
    gboolean ok = sharing_give(fd, 0600) && write_all(fd, self->text);
    int reason = errno;
    if (close(fd) < 0 && ok) {
        ok = FALSE;
        reason = errno;
    }
    if (!ok) {
        unlinkat(self->tmp, name, 0);
        errno = reason;
    }
    return ok;
}

static gboolean deliver(Outbox *self, const Envelope *envelope, GError **error)
{
    g_autofree char *name =
        g_strdup_printf("%s%06" G_GUINT64_FORMAT ".circular", self->prefix, envelope->number);
    make_text(self->text, envelope);
    if (!write_file(self, name))
        return fail(self, error, "can't write a letter");
    if (renameat(self->tmp, name, self->new, name) < 0) {
        fail(self, error, "can't deliver a letter to new/");
        unlinkat(self->tmp, name, 0);
        return FALSE;
    }
    /* Only now, so that at no moment there is none. */
    const char *seen = g_hash_table_lookup(self->read, name);
    if (seen && unlinkat(self->cur, seen, 0) == 0)
        g_hash_table_remove(self->read, name);
    durable_step("outbox: a letter is in new/");
    return TRUE;
}

/* --- the run --------------------------------------------------------------------------------- */

static void tell(const TransportCalls *calls, guint64 number, OutcomeKind kind, const char *text)
{
    Outcome outcome = {
        .number = number, .kind = kind, .enhanced = "", .text = text, .stage = "message"};
    calls->outcome(calls->user, &outcome);
}

/* Makes sure of what was written since the last time, and tells it. If that fails nobody can say
 * what a power cut would leave. */
static gboolean settle(Outbox *self, const TransportCalls *calls, GError **error)
{
    if (!self->n_written)
        return TRUE;
    gboolean ok = fsync(self->new) == 0 || fail(self, error, "can't make new/ durable");
    for (guint i = 0; i < self->n_written; i++)
        tell(calls, self->written[i], ok ? OUTCOME_SENT : OUTCOME_UNKNOWN,
             ok ? "written to the outbox" : "written to the outbox, but maybe not durably");
    self->n_written = 0;
    return ok;
}

/* Files of this mailing that a reader has moved to cur/ by now, under the names they had in new/.
 */
static void find_read(Outbox *self)
{
    g_hash_table_remove_all(self->read);
    int fd = openat(self->cur, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *folder = fd < 0 ? NULL : fdopendir(fd);
    for (struct dirent *entry; folder && (entry = readdir(folder));)
        if (g_str_has_prefix(entry->d_name, self->prefix))
            g_hash_table_insert(self->read, g_strndup(entry->d_name, strcspn(entry->d_name, ":")),
                                g_strdup(entry->d_name));
    if (folder)
        closedir(folder);
    else if (fd >= 0)
        close(fd);
}

static gboolean run(Transport *base, const TransportCalls *calls, GError **error)
{
    Outbox *self = (Outbox *)base;
    find_read(self);
    while (!calls->stop(calls->user)) {
        Envelope envelope = {0};
        gint64 wait = 0;
        Supply supply = calls->supply(calls->user, &envelope, &wait);
        if (supply == SUPPLY_END)
            break;
        if (supply == SUPPLY_WAIT) {
            /* What is told may bring more at once. */
            gboolean was_idle = !self->n_written;
            if (!settle(self, calls, error))
                return FALSE;
            if (was_idle)
                transport_pause(calls, wait);
            continue;
        }
        if (!deliver(self, &envelope, error)) {
            tell(calls, envelope.number, OUTCOME_UNTRIED,
                 error && *error ? (*error)->message : "the outbox can't be written");
            settle(self, calls, NULL);
            return FALSE;
        }
        self->written[self->n_written++] = envelope.number;
        if (self->n_written == BATCH && !settle(self, calls, error))
            return FALSE;
    }
    return settle(self, calls, error);
}

/* --- opening --------------------------------------------------------------------------------- */

static void close_folder(int fd)
{
    if (fd >= 0)
        close(fd);
}

/* A folder of the Maildir, made if it is missing, open; -1 with `error`. */
static int open_folder(const Outbox *self, const char *name, GError **error)
{
    g_autofree char *path = g_build_filename(self->folder, name, NULL);
    if (g_mkdir_with_parents(path, 0700) < 0) {
        fail(self, error, "can't make the Maildir");
        return -1;
    }
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || !sharing_give_path(self->folder, 0700) || !sharing_give(fd, 0700))
        fail(self, error, "can't open the Maildir");
    return fd;
}

/* Makes the names of what was made above durable: a letter is no safer than its folder. */
static gboolean sync_folders(const Outbox *self, GError **error)
{
    gboolean ok = TRUE;
    g_autofree char *parent = g_path_get_dirname(self->folder);
    const char *const paths[] = {self->folder, parent};
    for (guint i = 0; ok && i < G_N_ELEMENTS(paths); i++) {
        int fd = open(paths[i], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        /* A parent that may only be searched can't be synced, but then it wasn't made here. */
        if (fd < 0 && errno == EACCES)
            continue;
        ok = fd >= 0 && fsync(fd) == 0;
        if (!ok)
            fail(self, error, "can't make the Maildir durable");
        close_folder(fd);
    }
    return ok;
}

static void outbox_free(Transport *base)
{
    Outbox *self = (Outbox *)base;
    close_folder(self->tmp);
    close_folder(self->new);
    close_folder(self->cur);
    g_hash_table_unref(self->read);
    g_string_free(self->text, TRUE);
    g_free(self->folder);
    g_free(self->prefix);
    g_free(self);
}

Transport *outbox_new(const char *folder, const char *mailing, GError **error)
{
    static const TransportClass class = {"outbox", run, outbox_free};
    g_assert(*mailing);
    /* Escaped, for a '/' or ':' has a meaning in a Maildir, and no two ids may become one. */
    gboolean is_hidden = *mailing == '.'; /* such a file is no letter to a Maildir's reader */
    g_autofree char *escaped = g_uri_escape_string(mailing + is_hidden, NULL, FALSE);
    Outbox *self = g_new0(Outbox, 1);
    self->base.class = &class;
    self->folder = g_strdup(folder);
    self->prefix = g_strconcat(is_hidden ? "%2E" : "", escaped, ".", NULL);
    self->read = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    self->text = g_string_new(NULL);
    self->new = self->cur = -1;
    self->tmp = open_folder(self, "tmp", error);
    if (self->tmp >= 0)
        self->cur = open_folder(self, "cur", error);
    if (self->cur >= 0)
        self->new = open_folder(self, "new", error);
    if (self->new >= 0 && sync_folders(self, error))
        return &self->base;
    outbox_free(&self->base);
    return NULL;
}
