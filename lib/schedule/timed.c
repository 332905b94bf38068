/* timed - what is to run by itself for a workspace, and when */
#include "schedule/timed.h"

#include <stdarg.h>
#include <string.h>

#include "base/error.h"
#include "config/schema.h"

static void job_free(gpointer data)
{
    TimedJob *job = data;
    g_free(job->name);
    g_free(job->purpose);
    g_strfreev(job->argv);
    timetable_free(job->when);
    g_free(job);
}

void timed_free(Timed *self)
{
    if (!self)
        return;
    g_free(self->config);
    g_free(self->mailto);
    g_ptr_array_unref(self->jobs);
    g_ptr_array_unref(self->advice);
    g_free(self);
}

/* It is written into shells' and units' lines, where most marks mean something. */
static gboolean read_mailto(Timed *self, const Settings *settings, GError **error)
{
    const char *address = settings_text(settings, "cron.mailto");
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "-_.+@";
    self->mailto = g_strdup(address);
    if (!address || (strspn(address, plain) == strlen(address) && *address != '-'))
        return TRUE;
    settings_complain(settings, error, "cron.mailto",
                      "'cron.mailto' is one plain address, or a user of this machine: '%s'",
                      address);
    return FALSE;
}

static gboolean is_usable(const char *path, GError **error)
{
    for (const char *at = path; *at; at++)
        if (*at == '\\' || g_ascii_iscntrl(*at)) {
            g_autofree char *shown = text_visible(path);
            g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG,
                        "'%s' can't be written for cron and systemd: move it to a path without "
                        "backslashes and line breaks",
                        shown);
            return FALSE;
        }
    return TRUE;
}

/* The words between program and --config end with NULL. */
static TimedJob *add_job(Timed *self, const char *program, char *name, const char *purpose,
                         ...) G_GNUC_NULL_TERMINATED;

static TimedJob *add_job(Timed *self, const char *program, char *name, const char *purpose, ...)
{
    TimedJob *job = g_new0(TimedJob, 1);
    GPtrArray *argv = g_ptr_array_new();
    va_list words;
    g_ptr_array_add(argv, g_strdup(program));
    va_start(words, purpose);
    for (const char *word; (word = va_arg(words, const char *));)
        g_ptr_array_add(argv, g_strdup(word));
    va_end(words);
    g_ptr_array_add(argv, g_strdup("--config"));
    g_ptr_array_add(argv, g_strdup(self->config));
    g_ptr_array_add(argv, NULL);
    job->name = name;
    job->purpose = g_strdup(purpose);
    job->argv = (char **)g_ptr_array_free(argv, FALSE);
    g_ptr_array_add(self->jobs, job);
    return job;
}

static void advise(Timed *self, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void advise(Timed *self, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_ptr_array_add(self->advice, g_strdup_vprintf(format, args));
    va_end(args);
}

/* A variable of the shell that somebody works in is not there when a machine does it. */
static void advise_secret(Timed *self, const Settings *settings, const char *key)
{
    const char *variable = settings_text(settings, key);
    if (variable)
        advise(self,
               "%s names the variable %s, which must be set here, too; a password file needs "
               "no setting",
               key, variable);
}

static gboolean add_digest(Timed *self, const Settings *settings, const char *program,
                           const char *name, GError **error)
{
    g_autofree char *key = g_strconcat("digests.", name, ".schedule", NULL);
    g_autoptr(GError) wrong = NULL;
    const char *text = settings_text(settings, key);
    if (!text) {
        advise(self, "the digest '%s' has no schedule (%s)", name, key);
        return TRUE;
    }
    Timetable *when = timetable_parse(text, &wrong);
    if (!when) {
        settings_complain(settings, error, key, "%s", wrong->message);
        return FALSE;
    }
    g_autofree char *fixed = timetable_text(when);
    g_autofree char *purpose = g_strdup_printf("the digest '%s', %s", name, fixed);
    TimedJob *job = add_job(self, program, g_strconcat("digest-", name, NULL), purpose, "digest",
                            name, "--send", "--quiet", NULL);
    job->when = when;
    return TRUE;
}

static gboolean has_schedule(const Settings *settings)
{
    for (const char *const *name = settings_names(settings, "digests"); *name; name++) {
        g_autofree char *key = g_strconcat("digests.", *name, ".schedule", NULL);
        if (settings_text(settings, key))
            return TRUE;
    }
    return FALSE;
}

Timed *timed_new(const Workspace *workspace, const char *program, GError **error)
{
    static const char digests[] = "digests";
    const Settings *settings = workspace_settings(workspace);
    g_autoptr(Timed) self = g_new0(Timed, 1);
    self->config = g_canonicalize_filename(settings_file(settings), NULL);
    self->jobs = g_ptr_array_new_with_free_func(job_free);
    self->advice = g_ptr_array_new_with_free_func(g_free);
    if (!is_usable(program, error) || !is_usable(self->config, error) ||
        !read_mailto(self, settings, error))
        return NULL;
    add_job(self, program, g_strdup("send"), "what is due is sent", "send", "--due", "--quiet",
            NULL)
        ->minutes = TIMED_SEND_MINUTES;
    if (settings_text(settings, "imap.host"))
        add_job(self, program, g_strdup("bounces"), "what comes back is read and applied",
                "bounces", "--quiet", NULL)
            ->minutes = TIMED_BOUNCES_MINUTES;
    else
        advise(self, "no mailbox is set up (imap.host): bounces are not read");
    if (settings_flag(settings, "settle.after_send"))
        add_job(self, program, g_strdup("settle"), "letters in doubt are looked for in sent mail",
                "settle", "--quiet", NULL)
            ->minutes = TIMED_SETTLE_MINUTES;
    advise_secret(self, settings, "ledger.password_env");
    advise_secret(self, settings, "relay.password_env");
    advise_secret(self, settings, "imap.password_env");
    advise_secret(self, settings, "settle.password_env");
    advise_secret(self, settings, "oauth2.client_secret_env");
    advise_secret(self, settings, "oauth2.refresh_token_env");
    if (has_schedule(settings)) {
        TimedJob *job = add_job(self, program, g_strdup("digests"),
                                "digests whose run was missed (the machine was off)", "digest",
                                "--due", "--quiet", NULL);
        job->minutes = TIMED_MISSED_MINUTES;
        job->cron_only = TRUE;
    }
    for (const char *const *name = schema_is_free(digests) ? settings_names(settings, digests)
                                                           : NULL;
         name && *name; name++)
        if (!add_digest(self, settings, program, *name, error))
            return NULL;
    return g_steal_pointer(&self);
}

/* --- crontab(5) ------------------------------------------------------------------------------- */

/* For the shell that cron starts. A percent sign ends the command in Vixie's cron unless a
 * backslash precedes it, which other crons leave to the shell: outside quotes it is right for both.
 */
static void append_quoted(GString *out, const char *word)
{
    if (strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./") ==
        strlen(word)) {
        g_string_append(out, word);
        return;
    }
    g_string_append_c(out, '\'');
    for (const char *at = word; *at; at++)
        if (*at == '%')
            g_string_append(out, "'\\%'");
        else if (*at == '\'')
            g_string_append(out, "'\"'\"'");
        else
            g_string_append_c(out, *at);
    g_string_append_c(out, '\'');
}

static char *shell_command(char *const *argv)
{
    GString *out = g_string_new(NULL);
    for (; *argv; argv++) {
        if (out->len)
            g_string_append_c(out, ' ');
        append_quoted(out, *argv);
    }
    return g_string_free(out, FALSE);
}

static gboolean append_line(GString *out, const char *line, GError **error)
{
    enum { CRON_LINE_MAX = 990 }; /* Debian's cron reads 999 bytes of a command */
    if (strlen(line) > CRON_LINE_MAX) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG,
                    "the line for cron would be over %d bytes long: move the workspace to a "
                    "shorter path",
                    CRON_LINE_MAX);
        return FALSE;
    }
    g_string_append_printf(out, "%s\n", line);
    return TRUE;
}

static gboolean append_job(GString *out, const TimedJob *job, GError **error)
{
    g_autofree char *command = shell_command(job->argv);
    g_string_append_printf(out, "# %s\n", job->purpose);
    if (!job->when) {
        g_autofree char *line = g_strdup_printf("*/%u * * * * %s", job->minutes, command);
        return append_line(out, line, error);
    }
    g_auto(GStrv) lines = timetable_cron(job->when, command);
    for (char **line = lines; *line; line++)
        if (!append_line(out, *line, error))
            return FALSE;
    return TRUE;
}

char *timed_crontab(const Timed *self, const char *user, GError **error)
{
    g_autoptr(GString) out = g_string_new(NULL);
    g_autofree char *config = text_visible(self->config);
    g_string_append_printf(out, "# circular, for %s (from 'circular cron print')\n", config);
    for (guint i = 0; i < self->advice->len; i++)
        g_string_append_printf(out, "# note: %s\n", (char *)g_ptr_array_index(self->advice, i));
    g_string_append_printf(
        out, "# what goes wrong is mailed to%s\nMAILTO=%s\n",
        self->mailto ? ":" : " (cron.mailto names another):", self->mailto ? self->mailto : user);
    for (guint i = 0; i < self->jobs->len; i++)
        if (!append_job(out, g_ptr_array_index(self->jobs, i), error))
            return NULL;
    return g_string_free(g_steal_pointer(&out), FALSE);
}
