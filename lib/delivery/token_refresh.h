/* token_refresh - a secret that was refused may be asked for anew: once, until one is accepted
 *
 * Access tokens end: by their time, by a changed password, by an administrator. Several connections
 * may be refused with the same one; it is renewed for all of them by the first.
 */
#ifndef DELIVERY_TOKEN_REFRESH_H
#define DELIVERY_TOKEN_REFRESH_H

#include "delivery/connection.h"

typedef struct {
    guint generation;    /* of the secret that is given out now */
    gboolean is_untried; /* it is a renewed one that no sign-in has been accepted with yet */
} TokenRefresh;

/* A connection with the secret that is current; NULL when there is none to be had. The secret is in
 * memory for as long as libcurl needs to copy it. */
Connection *token_refresh_connect(const RelayOptions *options, GError **error);

/* A connection that was begun with the secret of `generation` has been signed in. */
void token_refresh_accepted(TokenRefresh *self, guint generation);

/* Or could not be opened: whether to try again, since the sign-in was refused and there is another
 * secret now. */
gboolean token_refresh_helps(TokenRefresh *self, const RelayOptions *options, guint generation,
                             const GError *error);

#endif
