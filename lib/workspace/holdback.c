/* holdback - a sign-in that was refused isn't tried again by itself until something has changed */
#include "workspace/holdback.h"

#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "text/when.h"
#include "config/secret.h"

enum {
    SALT = 16,               /* bytes */
    SALT_TEXT = 2 * SALT,    /* as hexadecimal */
    NOTE_MAX = 300,          /* bytes of the file: salt, mark and two times */
    CONFIG_MAX = 1024 * 1024 /* bytes of a config */
};

static char *path_of(const Ledger *ledger)
{
    return ledger_beside(ledger, "sign-in");
}

static void add(GChecksum *sum, const char *text)
{
    g_checksum_update(sum, (const guchar *)(text ? text : ""), text ? (gssize)strlen(text) : 0);
    g_checksum_update(sum, (const guchar *)"", 1);
}

/* The mark of the settings and secrets of now; newly allocated. */
static char *mark_of(const Workspace *workspace, const char *salt)
{
    static const char *const secrets[] = {"relay.password", "oauth2.client_secret",
                                          "oauth2.refresh_token"};
    const Settings *settings = workspace_settings(workspace);
    gsize length;
    g_autofree char *config = file_read(settings_file(settings), CONFIG_MAX, &length, NULL);
    GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
    add(sum, salt);
    add(sum, config);
    for (gsize i = 0; i < G_N_ELEMENTS(secrets); i++) {
        char *secret = secret_load(settings, secrets[i], NULL);
        add(sum, secret);
        secret_free(secret);
    }
    for (guint round = 0; round < HOLDBACK_ROUNDS; round++) {
        g_autofree char *so_far = g_strdup(g_checksum_get_string(sum));
        g_checksum_reset(sum);
        add(sum, so_far);
    }
    char *mark = g_strdup(g_checksum_get_string(sum));
    g_checksum_free(sum);
    return mark;
}

static void write_note(const Ledger *ledger, const char *salt, const char *mark, gint64 refused,
                       gint64 told)
{
    g_autofree char *path = path_of(ledger);
    g_autofree char *line = g_strdup_printf("%s %s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n",
                                            salt, mark, refused, told);
    file_write(path, line, strlen(line), 0600, NULL);
}

void holdback_note(const Workspace *workspace, const Ledger *ledger)
{
    guint8 bytes[SALT];
    char salt[SALT_TEXT + 1];
    random_bytes(bytes, sizeof bytes);
    for (guint i = 0; i < SALT; i++)
        g_snprintf(salt + 2 * i, 3, "%02x", bytes[i]);
    g_autofree char *mark = mark_of(workspace, salt);
    write_note(ledger, salt, mark, clock_now(), clock_now());
}

void holdback_clear(const Ledger *ledger)
{
    g_autofree char *path = path_of(ledger);
    unlink(path);
}

Holdback holdback_ask(const Workspace *workspace, const Ledger *ledger, GError **error)
{
    gsize length;
    g_autofree char *path = path_of(ledger);
    if (access(path, F_OK) < 0)
        return HOLDBACK_NO;
    g_autofree char *text = file_read(path, NOTE_MAX, &length, NULL);
    g_auto(GStrv) words = g_strsplit(text ? g_strchomp(text) : "", " ", -1);
    if (g_strv_length(words) != 4 || strlen(words[0]) != SALT_TEXT)
        return HOLDBACK_NO;
    g_autofree char *mark = mark_of(workspace, words[0]);
    if (!g_str_equal(mark, words[1]))
        return HOLDBACK_NO;
    gint64 refused = g_ascii_strtoll(words[2], NULL, 10);
    gint64 told = g_ascii_strtoll(words[3], NULL, 10), now = clock_now();
    if (now >= told && now - told < HOLDBACK_TOLD_HOURS * 3600 * (gint64)G_USEC_PER_SEC)
        return HOLDBACK_QUIETLY;
    write_note(ledger, words[0], words[1], refused, now);
    g_autofree char *when = when_text(refused);
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DENIED,
                "the relay refused the sign-in (%s), and the same isn't tried again by itself; "
                "correct the config or the password, or try it with 'circular doctor' and "
                "'circular send ID'",
                when);
    return HOLDBACK_TELL;
}
