/* cron - what is to run by itself, written for cron or for systemd */
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/files.h"
#include "command.h"
#include "schedule/timed.h"
#include "ui.h"

static char *option_out;

static const GOptionEntry options[] = {
    {"out", 'o', 0, G_OPTION_ARG_FILENAME, &option_out,
     "systemd: write the units into this folder instead of showing them", "FOLDER"},
    {0},
};

/* The absolute path of this very program. */
static char *own_path(GError **error)
{
    char *path = g_file_read_link("/proc/self/exe", NULL);
    if (!path)
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_IO,
                    "/proc/self/exe: can't tell where this program is; mount /proc");
    return path;
}

/* Who owns the config: not whoever happens to write the units, which often is root. */
static char *owner_of(const char *config)
{
    struct stat st;
    const struct passwd *entry = stat(config, &st) == 0 ? getpwuid(st.st_uid) : NULL;
    return g_strdup(entry ? entry->pw_name : "root");
}

static gboolean print_crontab(const Timed *timed, GError **error)
{
    g_autofree char *user = owner_of(timed->config);
    g_autofree char *text = timed_crontab(timed, user, error);
    if (!text)
        return FALSE;
    g_strchomp(text);
    ui_verbatim(text);
    ui_note("Put these lines into 'crontab -e' of the user who runs circular.");
    return TRUE;
}

/* --- systemd ---------------------------------------------------------------------------------- */

static void add_folder(GPtrArray *folders, char *path)
{
    for (guint i = 0; i < folders->len; i++) {
        const char *other = g_ptr_array_index(folders, i);
        if (g_str_has_prefix(path, other) &&
            (path[strlen(other)] == '/' || path[strlen(other)] == '\0')) {
            g_free(path);
            return;
        }
    }
    g_ptr_array_add(folders, path);
}

/* The workspace, and where ledger, outbox and kept tokens are if they are elsewhere. */
static GPtrArray *writable_folders(const Workspace *workspace, const Timed *timed)
{
    const Settings *settings = workspace_settings(workspace);
    const char *const paths[] = {settings_path(settings, "ledger.file"),
                                 settings_path(settings, "outbox.folder"),
                                 settings_path(settings, "oauth2.cache")};
    GPtrArray *folders = g_ptr_array_new_with_free_func(g_free);
    add_folder(folders, g_path_get_dirname(timed->config));
    for (guint i = 0; i < G_N_ELEMENTS(paths) && paths[i]; i++) {
        g_autofree char *path = g_canonicalize_filename(paths[i], NULL);
        add_folder(folders, g_path_get_dirname(path));
    }
    g_ptr_array_add(folders, NULL);
    return folders;
}

static gboolean write_units(const GPtrArray *units, GError **error)
{
    if (!folder_make(option_out, error))
        return FALSE;
    for (guint i = 0; i < units->len; i++) {
        const TimedUnit *unit = g_ptr_array_index(units, i);
        g_autofree char *path = g_build_filename(option_out, unit->name, NULL);
        if (!file_write(path, unit->text, strlen(unit->text), 0644, error))
            return FALSE;
        ui_say("  %s", path);
    }
    return TRUE;
}

static void hint_units(const GPtrArray *units)
{
    g_autoptr(GString) timers = g_string_new(NULL);
    for (guint i = 0; i < units->len; i++) {
        const TimedUnit *unit = g_ptr_array_index(units, i);
        if (g_str_has_suffix(unit->name, ".timer"))
            g_string_append_printf(timers, " %s", unit->name);
    }
    ui_note("Put them into /etc/systemd/system, then: systemctl daemon-reload && systemctl enable "
            "--now%s",
            timers->str);
}

static gboolean show_units(const Workspace *workspace, const Timed *timed, GError **error)
{
    g_autofree char *user = owner_of(timed->config);
    g_autoptr(GPtrArray) folders = writable_folders(workspace, timed);
    g_autoptr(GPtrArray) units = timed_units(timed, user, (const char *const *)folders->pdata);
    if (option_out && !write_units(units, error))
        return FALSE;
    for (guint i = 0; i < units->len && !option_out; i++) {
        const TimedUnit *unit = g_ptr_array_index(units, i);
        ui_print("### %s", unit->name);
        ui_verbatim(unit->text);
    }
    hint_units(units);
    return TRUE;
}

/* --- the command ------------------------------------------------------------------------------ */

static gboolean run(char **words, GError **error)
{
    gboolean is_cron = g_str_equal(words[0], "print");
    if ((!is_cron && !g_str_equal(words[0], "systemd")) || (is_cron && option_out)) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                    "usage: circular cron print, or circular cron systemd [--out FOLDER] "
                    "('circular cron --help' says more)");
        return FALSE;
    }
    g_autoptr(Workspace) workspace = workspace_open(option_config, error);
    g_autofree char *program = workspace ? own_path(error) : NULL;
    g_autoptr(Timed) timed = program ? timed_new(workspace, program, error) : NULL;
    if (!timed)
        return FALSE;
    return is_cron ? print_crontab(timed, error) : show_units(workspace, timed, error);
}

const Command command_cron = {
    .name = "cron",
    .usage = "print | systemd",
    .summary = "writes what is to run by itself, for cron or systemd",
    .description = "print shows lines for crontab(5), systemd timer and service units: for sending "
                   "what is due,\nreading bounces and each digest with a schedule. Nothing is "
                   "installed.",
    .options = options,
    .min_words = 1,
    .max_words = 1,
    .run = run,
};
