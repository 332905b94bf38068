/* choice - the words that some keys of the config may have, as facts
 *
 * The rows of the schema name each word by its fact; settings_choice() gives it. Of a key that is
 * not here the word itself is what is wanted: a charset, an authentication mechanism, a provider.
 */
#ifndef CONFIG_CHOICE_H
#define CONFIG_CHOICE_H

#include "base/tls.h" /* of relay.tls and imap.tls */

/* bounce.verp: how an envelope sender holds the token of a letter (VERP). */
typedef enum { VERP_PLUS, VERP_CATCHALL, VERP_NONE } Verp;

/* relay.dsn: for which letters a report of success is asked for. */
typedef enum { DSN_FOR_NONE, DSN_FOR_DOUBT } DsnFor;

/* oauth2.grant */
typedef enum { GRANT_AUTO, GRANT_REFRESH_TOKEN, GRANT_CLIENT_CREDENTIALS } Oauth2Grant;

/* digests.*.outside_term: what becomes of a digest whose time comes between the terms. */
typedef enum { OUTSIDE_WAIT, OUTSIDE_HOLD, OUTSIDE_SEND } OutsideTerm;

/* digests.*.broken_notices */
typedef enum { BROKEN_STOP, BROKEN_SKIP } BrokenNotices;

#endif
