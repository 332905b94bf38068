/* init - a workspace: config, lists, templates, updates, notices */
#include <gio/gio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "text/day.h"
#include "base/error.h"
#include "base/files.h"
#include "command.h"
#include "ui.h"

/* Where each built-in file goes. The samples let a newcomer send a whole mailing into a folder. */
static const struct {
    const char *resource, *path;
} files[] = {
    {"config.example", "config"},
    {"templates/email.html", "templates/email.html"},
    {"templates/email.txt", "templates/email.txt"},
    {"templates/theme.yaml", "templates/theme.yaml"},
    {"templates/termly-update.md", "updates/termly-update.md"},
    {"templates/short-notice.md", "updates/short-notice.md"},
    {"templates/trust-update.md", "updates/trust-update.md"},
    {"templates/call-for-interest.md", "updates/call-for-interest.md"},
    {"lists/schools.csv", "lists/schools.csv"},
    {"lists/trusts.csv", "lists/trusts.csv"},
    {"lists/terms.csv", "lists/terms.csv"},
    {"templates/weekly.md", "templates/weekly.md"},
    {"templates/notices/admissions-figures.md", "notices/admissions-figures.md"},
    {"templates/notices/phonics-morning.md", "notices/phonics-morning.md"},
    {"templates/notices/water-main.md", "notices/water-main.md"},
};

/* "@today@" and "@today+21@" as dates: samples that are out of date would show nothing. */
static gboolean put_day(const GMatchInfo *match, GString *out, gpointer user)
{
    (void)user;
    g_autofree char *days = g_match_info_fetch(match, 1);
    g_autofree char *day = day_iso(day_of(clock_now(), NULL) + (Day)atoi(days));
    g_string_append(out, day);
    return FALSE;
}

static char *with_days(const char *text)
{
    g_autoptr(GRegex) mark = g_regex_new("@today([+][0-9]{1,3})?@", 0, 0, NULL);
    return g_regex_replace_eval(mark, text, -1, 0, 0, put_day, NULL, NULL);
}

static gboolean write_one(const char *folder, const char *resource, const char *path,
                          GError **error)
{
    gsize length;
    g_autofree char *name = g_strconcat("/circular/", resource, NULL);
    g_autofree char *full = g_build_filename(folder, path, NULL);
    g_autofree char *parent = g_path_get_dirname(full);
    g_autoptr(GBytes) bytes = g_resources_lookup_data(name, G_RESOURCE_LOOKUP_FLAGS_NONE, error);
    if (!bytes || !folder_make(parent, error))
        return FALSE;
    if (g_file_test(full, G_FILE_TEST_EXISTS)) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                    "%s is there already: choose another folder; nothing was overwritten", full);
        return FALSE;
    }
    const char *data = g_bytes_get_data(bytes, &length);
    g_autofree char *dated = g_str_has_suffix(path, ".md") ? with_days(data) : NULL;
    if (!file_write(full, dated ? dated : data, dated ? strlen(dated) : length, 0644, error))
        return FALSE;
    ui_say("  %s", full);
    return TRUE;
}

static gboolean run(char **words, GError **error)
{
    const char *folder = words[0];
    g_autofree char *config = g_build_filename(folder, "config", NULL);
    if (g_file_test(config, G_FILE_TEST_EXISTS)) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                    "%s is a workspace already: nothing was changed", folder);
        return FALSE;
    }
    if (!folder_make(folder, error))
        return FALSE;
    ui_heading("A new workspace in %s", folder);
    for (gsize i = 0; i < G_N_ELEMENTS(files); i++)
        if (!write_one(folder, files[i].resource, files[i].path, error))
            return FALSE;
    ui_say("\nNothing can be mailed to anybody yet: letters go into the folder %s/outbox until "
           "'transport' in the config says otherwise.",
           folder);
    ui_hint("Next: cd %s && circular plan updates/termly-update.md heads", folder);
    return TRUE;
}

const Command command_init = {
    .name = "init",
    .usage = "FOLDER",
    .summary = "make a workspace: config, lists, templates, updates, notices",
    .description =
        "Writes a config that sends nothing to anybody, sample lists, the layouts and four "
        "starter updates.\nNever overwrites a file.",
    .min_words = 1,
    .max_words = 1,
    .run = run,
};
