/* secret - a password or token from the environment, a file or a command, and forgotten after use
 *
 * A secret never stands in the config, in an argument, a log, a trace or an error message.
 */
#ifndef CONFIG_SECRET_H
#define CONFIG_SECRET_H

#include <glib.h>

#include "config/settings.h"

enum { SECRET_MAX = 16384, SECRET_COMMAND_SECONDS = 30 };

/* The secret that PREFIX_env, PREFIX_file or PREFIX_command names ("relay.password"); newly
 * allocated, to be freed with secret_free. The first line without its end. NULL without error when
 * none of the three is set; NULL with CONFIG when two are, the variable is unset, the file is
 * missing, empty or readable by others (mode & 077), or the command (an argv, no shell, 30 s)
 * fails. */
char *secret_load(const Settings *settings, const char *prefix, GError **error);

/* Overwrites and frees; NULL is fine. */
void secret_free(char *secret);

#endif
