/* doctor_local - what stands on this machine: config, ledger, key, lists, outbox, disk */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/sharing.h"
#include "base/netplace.h"
#include "mail/address.h"
#include "doctor/doctor_parts.h"
#include "ledger/serverlook.h"
#include "workspace/signing_key.h"

/* --- config ----------------------------------------------------------------------------------- */

static void doctor_address(DoctorRun *self, const char *key, gboolean is_mailbox)
{
    g_autoptr(GError) error = NULL;
    const char *text = settings_text(self->settings, key);
    Address *address = !text        ? NULL
                       : is_mailbox ? address_parse_mailbox(text, &error)
                                    : address_parse(text, &error);
    address_free(address);
    if (error)
        doctor_fail(self, CIRCULAR_ERROR_CONFIG, "write it as an e-mail address", "%s:%u: %s: %s",
                    settings_file(self->settings), settings_line(self->settings, key), key,
                    error->message);
}

static void doctor_encryption(DoctorRun *self, const char *host_key, const char *tls_key)
{
    const char *host = settings_text(self->settings, host_key);
    if (host && !netplace_is_this_machine(host) &&
        settings_choice(self->settings, tls_key) == TLS_NONE)
        doctor_warn(self, "set it to starttls or tls",
                    "%s is none: the password and all letters go to %s in the clear", tls_key,
                    host);
}

void doctor_config(DoctorRun *self)
{
    g_autofree char *place = workspace_transport_place(self->workspace);
    doctor_ok(self, "%s can be used; letters go to %s", settings_file(self->settings), place);
    if (!settings_text(self->settings, "from"))
        doctor_warn(self, "set 'from' to \"Name <address>\"",
                    "'from' isn't set: each update must name its own sender");
    doctor_address(self, "from", TRUE);
    doctor_address(self, "reply_to", TRUE);
    doctor_address(self, "bounce.address", FALSE);
    doctor_address(self, "unsubscribe", FALSE);
    doctor_address(self, "answers.address", FALSE);
    doctor_encryption(self, "relay.host", "relay.tls");
    doctor_encryption(self, "imap.host", "imap.tls");
    if (settings_has(self->settings, "settle.tls"))
        doctor_encryption(self,
                          settings_has(self->settings, "settle.host") ? "settle.host" : "imap.host",
                          "settle.tls");
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

static gboolean folder_is_writable(DoctorRun *self, const char *path)
{
    g_autofree char *folder = folder_above(path);
    if (access(folder, W_OK | X_OK) == 0)
        return TRUE;
    doctor_fail(self, CIRCULAR_ERROR_IO, "let the user who runs circular write there",
                "%s: can't write there: %s", folder, g_strerror(errno));
    return FALSE;
}

static void doctor_space(DoctorRun *self, const char *path)
{
    struct statvfs disk;
    g_autofree char *folder = folder_above(path);
    if (statvfs(folder, &disk) < 0)
        return;
    guint64 free_mb = (guint64)disk.f_bavail * disk.f_frsize >> 20;
    static const char fix[] = "make room on the disk";
    if (free_mb < DOCTOR_DISK_LEAST_MB)
        doctor_fail(self, CIRCULAR_ERROR_IO, fix, "%s: the disk is full: %d MB are free", folder,
                    (int)free_mb);
    else if (free_mb < DOCTOR_DISK_MB)
        doctor_warn(self, fix, "%s: the disk is nearly full: %d MB are free", folder, (int)free_mb);
}

/* What a server's own keeper would want to know before a failover. */
static void say_copies(DoctorRun *self, const ServerLook *look)
{
    if (!look->keeps_all)
        doctor_warn(self, "have 'fsync' set on there",
                    "the ledger's server loses what was sent when its power fails (fsync is off)");
    if (*look->synchronous)
        doctor_ok(self, "a commit waits for the standby too (%s): a failover loses nothing",
                  look->synchronous);
    else if (look->standbys)
        doctor_warn(self, "have 'synchronous_standby_names' set there",
                    "the ledger's standby follows behind: a failover would lose the latest "
                    "letters from the record, and they could go twice");
}

static void say_server(DoctorRun *self, const char *name, const ServerLook *look)
{
    const gint64 minute = 60 * (gint64)G_USEC_PER_SEC;
    if (look->is_standby)
        doctor_fail(self, CIRCULAR_ERROR_IO, "name the server that is written to",
                    "%s: is a standby: it can only be read", name);
    else if (!look->may_write)
        doctor_fail(self, CIRCULAR_ERROR_DENIED,
                    "'circular ledger grants' prints what the role needs to send",
                    "%s: this role can only read", name);
    else
        doctor_ok(self, "%s (%s, %s) opens and can be written", name, look->version, look->channel);
    if (!look->is_safe)
        doctor_warn(self, "leave sslmode out of the URL, or set it to verify-full",
                    "%s: names and addresses go there without TLS", name);
    if (ABS(look->ahead) > minute)
        doctor_warn(self, "have both set by NTP",
                    "%s: the server's clock and this machine's are %d s apart", name,
                    (int)(ABS(look->ahead) / (gint64)G_USEC_PER_SEC));
    say_copies(self, look);
}

static void doctor_server(DoctorRun *self)
{
    g_auto(ServerLook) look = {0};
    g_autoptr(GError) error = NULL;
    g_autoptr(Ledger) ledger = workspace_ledger(self->workspace, LEDGER_READ, &error);
    if (g_error_matches(error, CIRCULAR_ERROR, CIRCULAR_ERROR_NOINPUT))
        doctor_ok(self, "the server of the ledger answers; the first plan makes the ledger there");
    else if (!ledger || !serverlook_ask(ledger, &look, &error))
        doctor_error(self, error, "correct 'ledger' in the config, or ask whoever looks after it");
    else
        say_server(self, ledger_path(ledger), &look);
}

void doctor_ledger(DoctorRun *self)
{
    const char *path = settings_path(self->settings, "ledger.file");
    struct stat st;
    g_autoptr(GError) error = NULL;
    doctor_space(self, path);
    if (settings_has(self->settings, "ledger.server")) {
        doctor_server(self);
        return;
    }
    if (!folder_is_writable(self, path))
        return;
    if (stat(path, &st) < 0 && errno == ENOENT) {
        doctor_ok(self, "%s isn't there yet: the first plan makes it", path);
        return;
    }
    g_autoptr(Ledger) ledger = workspace_ledger(self->workspace, LEDGER_READ, &error);
    if (!ledger) {
        doctor_error(self, error, "restore it from a backup, or correct 'ledger' in the config");
        return;
    }
    if (access(path, W_OK) < 0)
        doctor_fail(self, CIRCULAR_ERROR_IO, "let the user who runs circular write to it",
                    "%s: can't be written: %s", path, g_strerror(errno));
    else if (!sharing_is_private(&st))
        doctor_warn(self, "chmod 600 it", "%s: others can read who gets letters", path);
    else
        doctor_ok(self, "%s opens and can be written", path);
}

void doctor_key(DoctorRun *self)
{
    gboolean is_there;
    g_autoptr(GError) error = NULL;
    const char *path = settings_path(self->settings, "ledger.file");
    g_autoptr(Ledger) ledger = workspace_ledger(self->workspace, LEDGER_READ, &error);
    gboolean is_none = g_error_matches(error, CIRCULAR_ERROR, CIRCULAR_ERROR_NOINPUT);
    if (!ledger && (is_none || !g_file_test(path, G_FILE_TEST_EXISTS)))
        doctor_ok(self, "%s.key isn't there yet: the first letter makes it", path);
    else if (!ledger)
        doctor_skip(self, "the ledger that it belongs to can't be opened");
    else if (!signing_key_check(self->workspace, ledger, &is_there, &error))
        doctor_error(self, error, "restore it from a backup");
    else if (is_there)
        doctor_ok(self, "%s.key proves what comes back; keep it with the ledger's backup", path);
    else
        doctor_ok(self, "%s.key isn't there yet: the first letter makes it", path);
}

/* --- lists ------------------------------------------------------------------------------------ */

static void doctor_audience(DoctorRun *self, const char *name)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Findings) findings = findings_new();
    g_autofree char *fix = g_strdup_printf("'circular lists %s' shows all of it", name);
    g_autoptr(Audience) audience = workspace_audience(self->workspace, name, findings, &error);
    if (!audience || !findings_pass(findings, &error)) {
        doctor_fail(self, (CircularError)error->code, fix, "audience '%s': %s", name,
                    error->message);
        return;
    }
    guint64 letters = audience_count(audience);
    guint warnings = findings_count(findings, FINDING_WARNING);
    if (!letters)
        doctor_warn(self, fix, "audience '%s' has nobody in it", name);
    else if (warnings)
        doctor_warn(self, fix,
                    "audience '%s': %" G_GUINT64_FORMAT
                    " letter%s, and %u warning%s about the list",
                    name, letters, letters == 1 ? "" : "s", warnings, warnings == 1 ? "" : "s");
    else
        doctor_ok(self, "audience '%s': %" G_GUINT64_FORMAT " letters", name, letters);
}

void doctor_lists(DoctorRun *self)
{
    const char *const *names = settings_names(self->settings, "audiences");
    if (!*names)
        doctor_warn(self, "name a list and an audience in the config", "no audience is set up");
    for (; *names; names++)
        doctor_audience(self, *names);
}

/* --- outbox ----------------------------------------------------------------------------------- */

void doctor_outbox(DoctorRun *self)
{
    Via via = workspace_via(self->workspace);
    const char *folder = settings_path(self->settings, "outbox.folder");
    g_autofree char *within = g_build_filename(folder, "new", NULL);
    if (via == VIA_NULL)
        doctor_warn(self, "set 'transport' to outbox or relay",
                    "the transport is null: letters are counted as sent and go nowhere");
    else if (via == VIA_RELAY)
        doctor_skip(self, "not in use: the transport is relay");
    else if (folder_is_writable(self, within))
        doctor_ok(self, "letters go into the folder %s and nobody is mailed (transport outbox)",
                  folder);
}
