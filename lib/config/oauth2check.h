/* oauth2check - what the keys under oauth2 ask of one another, and whom they serve
 */
#ifndef CONFIG_OAUTH2CHECK_H
#define CONFIG_OAUTH2CHECK_H

#include "config/settings.h"

/* Whether `group` ("relay", "imap") signs in with a token that the keys under oauth2 get: it has a
 * user, no password of its own, and an auth that takes a token or leaves the choice to us. */
gboolean oauth2check_serves(const Settings *settings, const char *group);

/* Whether tokens are got with a refresh token rather than as the application itself. */
gboolean oauth2check_refreshes(const Settings *settings);

/* Whether a token may be asked for there: an https URL without user and fragment, or an http one on
 * this very machine (RFC 6749 section 3.2). */
gboolean oauth2check_is_url(const char *url);

/* Whether the keys fit together; FALSE with CONFIG and the line of one that doesn't. */
gboolean oauth2check(const Settings *settings, GError **error);

#endif
