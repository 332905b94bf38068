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

#include "config/choice.h"

typedef struct Settings Settings;

enum { SETTINGS_NAME_MAX = 64 }; /* bytes of a free name: letters, digits, _ and - */

/* Reads `path` (YAML). NULL with CONFIG or NOINPUT (missing), or IO. */
Settings *settings_load(const char *path, GError **error);

/* The same from bytes; `path` is what errors say and what paths are relative to. */
Settings *settings_parse(const char *bytes, gsize length, const char *path, GError **error);

/* All defaults, as from an empty file in `folder`. */
Settings *settings_default(const char *folder);
void settings_free(Settings *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Settings, settings_free)

/* The value of a key, or its default; borrowed; NULL (0, FALSE) for one that has neither. A key
 * that the schema doesn't have, or that is asked for by the wrong kind, is our own fault and
 * aborts.
 *
 * settings_text gives paths as they are written, for messages; settings_path resolves them: against
 * the config's folder (as they are when that is the current one), and ~/ at home. A number of a
 * duration is in seconds. settings_texts gives one text as a list of one, or, for a command, its
 * words. */
const char *settings_text(const Settings *self, const char *key);
const char *settings_path(const Settings *self, const char *key);
gint64 settings_number(const Settings *self, const char *key);
gboolean settings_flag(const Settings *self, const char *key);
const char *const *settings_texts(const Settings *self, const char *key);

/* Which of its words a choice has, as config/choice.h names them. Of a key that is set or has a
 * default. */
int settings_choice(const Settings *self, const char *key);

/* The free names below "lists" or "audiences" or "audiences.heads.fields", in the order of the
 * file; NULL-terminated, borrowed, never NULL. */
const char *const *settings_names(const Settings *self, const char *key);

/* Whether the file sets the key or holds the group, and the line where it does (else 0). */
gboolean settings_has(const Settings *self, const char *key);
guint settings_line(const Settings *self, const char *key);

/* The config's own path as it was given, and its folder. */
const char *settings_file(const Settings *self);
const char *settings_folder(const Settings *self);

/* A CONFIG error about one key: "config:12: <text>"; sets `error`. An unset key is complained about
 * where its group stands. */
void settings_complain(const Settings *self, GError **error, const char *key, const char *format,
                       ...) G_GNUC_PRINTF(4, 5);

#endif
