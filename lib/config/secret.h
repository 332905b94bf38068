/* secret - a password or token from the environment, a file or a command, and forgotten after use
 *
 * A secret never stands in the config, in an argument, a log, a trace or an error message.
 */
#ifndef CONFIG_SECRET_H
#define CONFIG_SECRET_H

#include <glib.h>

#include "config/settings.h"

enum {
    SECRET_MAX = 16384,         /* bytes; access tokens have thousands */
    SECRET_COMMAND_SECONDS = 30 /* that a command may take */
};

/* The secret that PREFIX_env, PREFIX_file or PREFIX_command names ("relay.password"); newly
 * allocated, to be freed with secret_free. The first line without its end. NULL without error when
 * none of the three is set (settings_load refuses two); NULL with CONFIG when the variable is
 * unset, the file is missing or open to others (mode & 077), the command (an argv, no shell, 30 s)
 * fails, or the first line is empty or too long. Errors name the source, with file:line, and never
 * what was in it. Safe to call from any thread. */
char *secret_load(const Settings *settings, const char *prefix, GError **error);

/* Which of PREFIX_env, PREFIX_file and PREFIX_command is set, or NULL, into `key` (borrowed for
 * ever); FALSE with CONFIG when two are. */
gboolean secret_key(const Settings *settings, const char *prefix, const char **key, GError **error);

/* The first line that a command prints. It runs in `folder`, with no input and its messages thrown
 * away, and is killed after `seconds`. NULL with CONFIG when it can't be started, ends with another
 * status than 0, prints nothing on its first line, or takes too long. */
char *secret_command(const char *const *argv, const char *folder, guint seconds, GError **error);

/* Overwrites and frees; NULL is fine. */
void secret_free(char *secret);

#endif
