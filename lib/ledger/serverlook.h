/* serverlook - how the server of a ledger stands: for whoever looks after it
 */
#ifndef LEDGER_SERVERLOOK_H
#define LEDGER_SERVERLOOK_H

#include "ledger/ledger.h"

typedef struct {
    char *version; /* "PostgreSQL 15.18" */
    char *channel; /* "TLSv1.3", "without TLS", "a socket of this machine" */
    gboolean is_safe;
    gint64 ahead; /* microseconds that its clock is ahead of this machine's */
    gboolean is_standby, may_write;
    gboolean keeps_all; /* what was committed survives power loss there (fsync) */
    gint64 standbys;    /* copies that follow it, as far as this role may know */
    char *synchronous;  /* those that a commit waits for, as the server's setting has it; or "" */
} ServerLook;

void serverlook_clear(ServerLook *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ServerLook, serverlook_clear)

/* Of a ledger on a server. */
gboolean serverlook_ask(Ledger *ledger, ServerLook *look, GError **error);

/* What a server's administrator runs once so that three roles can do no more than they need: one that
 * owns the schema and brings it up to date, one that sends, one that only looks. Newly allocated. */
char *serverlook_grants(const char *schema);

#endif
