/* settings - the configuration of a workspace, checked against one table of keys
 *
 * One table (config/schema.c) holds every key with its kind, default, and a line of help; the man
 * page circular-config(5) and config.example are written from it and checked against it. Keys are
 * dotted paths, "relay.host"; a level of free names is written *, "audiences.*.where".
 *
 * A misspelt key, a wrong kind or a value out of range is a CONFIG error: file:line, and a "did you
 * mean". Relative paths are resolved against the config file's folder.
 */
#ifndef CONFIG_SETTINGS_H
#define CONFIG_SETTINGS_H

#include <glib.h>

typedef struct Settings Settings;

/* Reads `path` (YAML). NULL with CONFIG or NOINPUT. */
Settings *settings_load(const char *path, GError **error);

/* All defaults, as from an empty file in `folder`. */
Settings *settings_default(const char *folder);
void settings_free(Settings *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Settings, settings_free)

/* The value of a key, or its default. A key that the schema doesn't have, or asked for by the wrong
 * kind, is our own fault and aborts. Texts are borrowed; an unset text without default is NULL. */
const char *settings_text(const Settings *self, const char *key);
gint64 settings_number(const Settings *self, const char *key); /* plain, or seconds of a duration */
gboolean settings_flag(const Settings *self, const char *key);
const char *const *settings_texts(const Settings *self,
                                  const char *key);               /* a list, or one text as a
                                                                   * list; NULL when unset */
const char *settings_path(const Settings *self, const char *key); /* resolved; NULL when unset */

/* The free names below "lists" or "audiences" or "audiences.heads.fields", in the order of the
 * file; NULL-terminated, borrowed, never NULL. */
const char *const *settings_names(const Settings *self, const char *key);

/* Whether the file sets the key, and the line where it does (0 when it doesn't). */
gboolean settings_has(const Settings *self, const char *key);
guint settings_line(const Settings *self, const char *key);

/* The config's own path as it was given, and its folder. */
const char *settings_file(const Settings *self);
const char *settings_folder(const Settings *self);

/* A CONFIG error about one key: "config:12: <text>"; sets `error`. */
void settings_complain(const Settings *self, GError **error, const char *key, const char *format,
                       ...) G_GNUC_PRINTF(4, 5);

#endif
