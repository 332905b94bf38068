/* crosscheck - what the keys of a configuration ask of one another
 */
#ifndef CONFIG_CROSSCHECK_H
#define CONFIG_CROSSCHECK_H

#include "config/settings.h"

/* Whether the keys fit together; FALSE with CONFIG and the line of one that doesn't. */
gboolean crosscheck(const Settings *settings, GError **error);

#endif
