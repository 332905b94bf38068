/* digest_source - a digest as the config describes it, and the notices in its folder */
#include "digest/digest_source.h"

#include <string.h>

#include "base/error.h"

/* --- the config ------------------------------------------------------------------------------ */

static char *key_of(const char *name, const char *key)
{
    return g_strconcat("digests.", name, ".", key, NULL);
}

static const char *text_of(const Settings *settings, const char *name, const char *key)
{
    g_autofree char *full = key_of(name, key);
    return settings_text(settings, full);
}

static const char *path_of(const Settings *settings, const char *name, const char *key)
{
    g_autofree char *full = key_of(name, key);
    return settings_path(settings, full);
}

static guint number_of(const Settings *settings, const char *name, const char *key)
{
    g_autofree char *full = key_of(name, key);
    return (guint)settings_number(settings, full);
}

static int choice_of(const Settings *settings, const char *name, const char *key)
{
    g_autofree char *full = key_of(name, key);
    return settings_choice(settings, full);
}

static void read_words(const Settings *settings, const char *name, DigestSpec *spec)
{
    g_autofree char *subject = key_of(name, "subject"), *topics = key_of(name, "topics");
    spec->subject = settings_text(settings, subject);
    spec->subject_file = settings_file(settings);
    spec->subject_line = settings_line(settings, subject);
    spec->topics = settings_texts(settings, topics);
    spec->contents = text_of(settings, name, "words.contents");
    spec->pinned = text_of(settings, name, "words.pinned");
    spec->events = text_of(settings, name, "words.events");
    spec->other = text_of(settings, name, "words.other");
    spec->updated = text_of(settings, name, "words.updated");
}

gboolean digest_source_config(const Workspace *workspace, const char *name, DigestConfig *config,
                              GError **error)
{
    const Settings *settings = workspace_settings(workspace);
    if (!workspace_has(workspace, "digest", name,
                       "none; 'man circular-config' shows how to describe one", error))
        return FALSE;
    const char *const *names = settings_names(settings, "digests");
    for (; !g_str_equal(*names, name); names++)
        ;
    g_autofree char *quiet = key_of(name, "quiet_when_empty"), *schedule = key_of(name, "schedule");
    const char *title = text_of(settings, name, "title");
    *config = (DigestConfig){
        .name = *names,
        .title = title ? title : *names,
        .audience = text_of(settings, name, "audience"),
        .schedule = text_of(settings, name, "schedule"),
        .config_file = settings_file(settings),
        .schedule_line = settings_line(settings, schedule),
        .notices = path_of(settings, name, "notices"),
        .notices_shown = text_of(settings, name, "notices"),
        .layout = path_of(settings, name, "layout"),
        .layout_shown = text_of(settings, name, "layout"),
        .terms = path_of(settings, name, "terms"),
        .terms_shown = text_of(settings, name, "terms"),
        .outside = choice_of(settings, name, "outside_term"),
        .skip_broken = choice_of(settings, name, "broken_notices") == BROKEN_SKIP,
        .quiet_when_empty = settings_flag(settings, quiet),
        .min_items = number_of(settings, name, "min_items"),
        .first_days = number_of(settings, name, "first_days"),
    };
    read_words(settings, name, &config->spec);
    config->spec.title = config->title;
    config->spec.layout_file = config->layout_shown;
    return TRUE;
}

/* --- notices --------------------------------------------------------------------------------- */

static int by_name(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names of the files, sorted: a folder's own order is another on each machine. */
static GPtrArray *list_files(const DigestConfig *config, GError **error)
{
    g_autoptr(GError) inner = NULL;
    g_autoptr(GDir) folder = g_dir_open(config->notices, 0, &inner);
    if (!folder) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_NOINPUT,
                    "%s: the folder of the notices of digest '%s' can't be read: %s",
                    config->notices_shown, config->name, inner->message);
        return NULL;
    }
    g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(g_free);
    const char *name;
    while ((name = g_dir_read_name(folder))) {
        if (!g_str_has_suffix(name, ".md") || *name == '.')
            continue;
        if (files->len == DIGEST_SOURCE_FILES_MAX) {
            g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA,
                        "%s: over %d notices: move old ones to another folder",
                        config->notices_shown, DIGEST_SOURCE_FILES_MAX);
            return NULL;
        }
        g_ptr_array_add(files, g_strdup(name));
    }
    g_ptr_array_sort(files, by_name);
    return g_steal_pointer(&files);
}

GPtrArray *digest_source_notices(const DigestConfig *config, GHashTable *skipped,
                                 Findings *findings, GError **error)
{
    g_autoptr(GPtrArray) files = list_files(config, error);
    if (!files)
        return NULL;
    GPtrArray *notices = g_ptr_array_new_with_free_func((GDestroyNotify)notice_free);
    for (guint i = 0; i < files->len; i++) {
        const char *name = g_ptr_array_index(files, i);
        g_autofree char *path = g_build_filename(config->notices, name, NULL);
        g_autofree char *shown = g_build_filename(config->notices_shown, name, NULL);
        if (skipped && g_hash_table_contains(skipped, shown))
            continue;
        Notice *notice = notice_load(path, shown, findings);
        if (notice)
            g_ptr_array_add(notices, notice);
    }
    return notices;
}

/* --- terms ----------------------------------------------------------------------------------- */

gboolean digest_source_term(const DigestConfig *config, Day today, Findings *findings,
                            gboolean *is_term, char **why, GError **error)
{
    *is_term = TRUE;
    *why = NULL;
    if (!config->terms)
        return TRUE;
    SheetSpec sheet = {.file = config->terms, .shown = config->terms_shown};
    g_autoptr(Terms) terms = terms_read(&sheet, findings, error);
    if (!terms)
        return FALSE;
    if (findings_count(findings, FINDING_ERROR) || terms_at(terms, today))
        return TRUE;
    *is_term = FALSE;
    const Term *next = terms_after(terms, today);
    if (!next) {
        findings_add(findings, FINDING_WARNING, config->terms_shown, 0, "no-term",
                     "all terms have ended: add those to come, or no digest is sent any more");
        *why = g_strdup("it is not term, and no term is to come");
        return TRUE;
    }
    g_autofree char *day = day_text(next->from);
    *why = g_strdup_printf("it is not term: '%s' begins on %s", next->name, day);
    return TRUE;
}
