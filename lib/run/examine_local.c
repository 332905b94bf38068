/* examine_local - what stands on this machine: config, ledger, key, lists, outbox, disk */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "mail/address.h"
#include "run/examine_parts.h"
#include "run/timed.h"

/* --- config ----------------------------------------------------------------------------------- */

static void examine_address(Examination *self, const char *key, gboolean is_mailbox)
{
    g_autoptr(GError) error = NULL;
    const char *text = settings_text(self->settings, key);
    Address *address = !text        ? NULL
                       : is_mailbox ? address_parse_mailbox(text, &error)
                                    : address_parse(text, &error);
    address_free(address);
    if (error)
        examine_fail(self, CIRCULAR_ERROR_CONFIG, "write it as an e-mail address", "%s:%u: %s: %s",
                     settings_file(self->settings), settings_line(self->settings, key), key,
                     error->message);
}

gboolean examination_is_near(const char *host)
{
    return g_str_equal(host, "localhost") || g_str_has_prefix(host, "127.") ||
           g_str_equal(host, "::1");
}

static void examine_encryption(Examination *self, const char *host_key, const char *tls_key)
{
    const char *host = settings_text(self->settings, host_key);
    if (host && !examination_is_near(host) &&
        g_str_equal(settings_text(self->settings, tls_key), "none"))
        examine_warn(self, "set it to starttls or tls",
                     "%s is none: the password and all letters go to %s in the clear", tls_key,
                     host);
}

void examine_config(Examination *self)
{
    g_autofree char *place = workspace_transport_place(self->workspace);
    examine_ok(self, "%s can be used; letters go to %s", settings_file(self->settings), place);
    if (!settings_text(self->settings, "from"))
        examine_warn(self, "set 'from' to \"Name <address>\"",
                     "'from' isn't set: each update must name its own sender");
    examine_address(self, "from", TRUE);
    examine_address(self, "reply_to", TRUE);
    examine_address(self, "bounce.address", FALSE);
    examine_address(self, "unsubscribe", FALSE);
    examine_encryption(self, "relay.host", "relay.tls");
    examine_encryption(self, "imap.host", "imap.tls");
}

/* --- files ------------------------------------------------------------------------------------ */

/* The nearest folder above `path` that is there; newly allocated. */
static char *folder_above(const char *path)
{
    char *folder = g_path_get_dirname(path);
    while (!g_file_test(folder, G_FILE_TEST_IS_DIR) && !g_str_equal(folder, ".") &&
           !g_str_equal(folder, "/")) {
        char *above = g_path_get_dirname(folder);
        g_free(folder);
        folder = above;
    }
    return folder;
}

static gboolean folder_is_writable(Examination *self, const char *path)
{
    g_autofree char *folder = folder_above(path);
    if (access(folder, W_OK | X_OK) == 0)
        return TRUE;
    examine_fail(self, CIRCULAR_ERROR_IO, "let the user who runs circular write there",
                 "%s: can't write there: %s", folder, g_strerror(errno));
    return FALSE;
}

static void examine_space(Examination *self, const char *path)
{
    struct statvfs disk;
    g_autofree char *folder = folder_above(path);
    if (statvfs(folder, &disk) < 0)
        return;
    guint64 free_mb = (guint64)disk.f_bavail * disk.f_frsize >> 20;
    static const char mend[] = "make room on the disk";
    if (free_mb < EXAMINE_DISK_LEAST_MB)
        examine_fail(self, CIRCULAR_ERROR_IO, mend, "%s: the disk is full: %d MB are free", folder,
                     (int)free_mb);
    else if (free_mb < EXAMINE_DISK_MB)
        examine_warn(self, mend, "%s: the disk is nearly full: %d MB are free", folder,
                     (int)free_mb);
}

void examine_ledger(Examination *self)
{
    const char *path = settings_path(self->settings, "ledger");
    struct stat st;
    g_autoptr(GError) error = NULL;
    examine_space(self, path);
    if (!folder_is_writable(self, path))
        return;
    if (stat(path, &st) < 0 && errno == ENOENT) {
        examine_ok(self, "%s isn't there yet: the first plan makes it", path);
        return;
    }
    g_autoptr(Ledger) ledger = workspace_ledger(self->workspace, LEDGER_READ, &error);
    if (!ledger) {
        examine_error(self, error, "restore it from a backup, or correct 'ledger' in the config");
        return;
    }
    if (access(path, W_OK) < 0)
        examine_fail(self, CIRCULAR_ERROR_IO, "let the user who runs circular write to it",
                     "%s: can't be written: %s", path, g_strerror(errno));
    else if (st.st_mode & 077)
        examine_warn(self, "chmod 600 it", "%s: others can read who gets letters", path);
    else
        examine_ok(self, "%s opens and can be written", path);
}

void examine_key(Examination *self)
{
    g_autofree char *path = g_strconcat(settings_path(self->settings, "ledger"), ".key", NULL);
    struct stat st;
    g_autoptr(GError) error = NULL;
    if (stat(path, &st) < 0 && errno == ENOENT) {
        examine_ok(self, "%s isn't there yet: the first plan makes it", path);
        return;
    }
    g_autoptr(TokenKey) key = token_key_open(path, &error);
    if (key)
        examine_ok(self, "%s proves what comes back; keep it with the ledger's backup", path);
    else
        examine_error(self, error, "chmod 600 it, or restore it from a backup");
}

/* --- lists ------------------------------------------------------------------------------------ */

static void examine_audience(Examination *self, const char *name)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Findings) findings = findings_new();
    g_autofree char *mend = g_strdup_printf("'circular lists %s' shows all of it", name);
    g_autoptr(Audience) audience = workspace_audience(self->workspace, name, findings, &error);
    if (!audience || !findings_pass(findings, &error)) {
        examine_fail(self, (CircularError)error->code, mend, "audience '%s': %s", name,
                     error->message);
        return;
    }
    guint64 letters = audience_count(audience);
    guint warnings = findings_count(findings, FINDING_WARNING);
    if (!letters)
        examine_warn(self, mend, "audience '%s' has nobody in it", name);
    else if (warnings)
        examine_warn(self, mend,
                     "audience '%s': %" G_GUINT64_FORMAT " letters, and %u warnings about the list",
                     name, letters, warnings);
    else
        examine_ok(self, "audience '%s': %" G_GUINT64_FORMAT " letters", name, letters);
}

void examine_lists(Examination *self)
{
    const char *const *names = settings_names(self->settings, "audiences");
    if (!*names)
        examine_warn(self, "name a list and an audience in the config", "no audience is set up");
    for (; *names; names++)
        examine_audience(self, *names);
}

/* --- schedule --------------------------------------------------------------------------------- */

/* Words that nobody understands would be found out only when the crontab is written. */
void examine_schedule(Examination *self)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Timed) timed = timed_new(self->workspace, "circular", &error);
    guint digests = 0;
    if (!timed) {
        examine_error(self, error, NULL);
        return;
    }
    for (guint i = 0; i < timed->jobs->len; i++)
        digests += ((const TimedJob *)g_ptr_array_index(timed->jobs, i))->when != NULL;
    if (digests)
        examine_ok(self, "%u of the digests can be sent by cron: see 'circular cron print'",
                   digests);
    else
        examine_skip(self, "no digest has a schedule");
}

/* --- outbox ----------------------------------------------------------------------------------- */

void examine_outbox(Examination *self)
{
    const char *name = workspace_transport_name(self->workspace);
    const char *folder = settings_path(self->settings, "outbox.folder");
    g_autofree char *within = g_build_filename(folder, "new", NULL);
    if (g_str_equal(name, "null"))
        examine_warn(self, "set 'transport' to outbox or relay",
                     "the transport is null: letters are counted as sent and go nowhere");
    else if (g_str_equal(name, "relay"))
        examine_skip(self, "not in use: the transport is relay");
    else if (folder_is_writable(self, within))
        examine_ok(self, "letters go into the folder %s and nobody is mailed (transport outbox)",
                   folder);
}
