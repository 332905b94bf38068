/* tokenreply - what a token endpoint answers, read from bytes that nobody vouches for
 *
 * RFC 6749 sections 5.1 and 5.2: a JSON object with an access token, or with an error. Pure.
 */
#ifndef NET_TOKENREPLY_H
#define NET_TOKENREPLY_H

#include <glib.h>

enum {
    TOKENREPLY_MAX = 64 << 10,            /* bytes of a reply; two tokens of 16 KiB and more */
    TOKENREPLY_DEPTH_MAX = 8,             /* objects and lists within one another */
    TOKENREPLY_TOKEN_MAX = 16 << 10,      /* bytes of a token: SECRET_MAX of config/secret.h */
    TOKENREPLY_WORD_MAX = 64,             /* bytes of an error's name */
    TOKENREPLY_TEXT_MAX = 300,            /* bytes kept of an error's description */
    TOKENREPLY_SECONDS_MAX = 366 * 86400, /* that a token is believed to live */
    TOKENREPLY_SECONDS_UNSAID = 10 * 60   /* where the reply doesn't say (section 5.1) */
};

typedef struct {
    char *access_token;  /* or NULL: then there is an error */
    char *refresh_token; /* a new one, or NULL: the one that was used goes on */
    gint64 lifetime;     /* seconds from now */
    char *error;         /* "invalid_grant": letters, digits and _; or NULL */
    char *description;   /* the server's words, printable, cut off; "" when it gave none */
} TokenReply;

/* Reads a reply. NULL with REMOTE when it is neither of the two, or over a limit; the message
 * quotes nothing of it. Tokens are printable ASCII without blanks, so that they can't become
 * anything else where they are sent (RFC 6750 section 2.1); their type must be Bearer where it is
 * named. */
TokenReply *tokenreply_parse(const char *bytes, gsize length, GError **error);

/* Overwrites the tokens and frees; NULL is fine. */
void tokenreply_free(TokenReply *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TokenReply, tokenreply_free)

/* Whether the error is one that passes: the same may be asked again later (section 5.2, RFC 8628
 * section 3.5). */
gboolean tokenreply_is_passing(const TokenReply *self);

/* How a person fixes the error, "the application must be allowed ..."; never NULL. */
const char *tokenreply_fix(const TokenReply *self);

#endif
