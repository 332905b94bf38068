/* signing - what each letter carries so that its return can be believed
 *
 * The envelope sender, X-Circular-Delivery, List-Unsubscribe and answers of each delivery hold a token
 * (mail/token.h) that names it. Tokens depend on the key, the mailing and the number alone: the
 * same letter is the same bytes however often it is made.
 */
#ifndef WORKSPACE_SIGNING_H
#define WORKSPACE_SIGNING_H

#include "ledger/mailings.h"
#include "mail/token.h"
#include "workspace/workspace.h"

typedef struct Signing Signing;

/* Reads the key, or makes it. CONFIG when bounce.address leaves no room for a token. */
Signing *signing_new(const Workspace *workspace, Ledger *ledger, const Mailing *mailing,
                     GError **error);
void signing_free(Signing *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Signing, signing_free)

typedef struct {
    const char *sender;      /* of the envelope */
    const char *delivery;    /* X-Circular-Delivery: "autumn-7c2e91/12 TOKEN" */
    const char *unsubscribe; /* a mailto: URI, or NULL where no address takes requests */
    const char *answer;      /* the token of answers to its questions (fact/question.h), or NULL */
} Signatures;

/* Those of one delivery, with an answer's if that is asked for; borrowed until the next call. */
Signatures signing_sign(Signing *self, guint64 number, gboolean answer);

/* An envelope sender as a letter of plain sender `plain` would carry it, with a token of the form
 * that the config says, which no letter has: to ask a relay whether it takes such ones. Newly
 * allocated. */
char *signing_example(const Workspace *workspace, const char *plain);

/* Whether the config's bounce.address can be an envelope sender, with a token in it if need be;
 * CONFIG if not. */
gboolean signing_check(const Workspace *workspace, GError **error);

#endif
