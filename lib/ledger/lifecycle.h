/* lifecycle - the state machine of a mailing: where it stands, how it got there, and by whom
 *
 *   planned ──> scheduled | held | sending | withdrawn     scheduled ──> planned, stopped, too
 *   held ──> sending | planned | scheduled | stopped | withdrawn
 *   sending ──> stopped | done | withdrawn | planned (a rehearsal is over: nobody was mailed)
 *           ──> scheduled (the hours of sending are over, or a first wave is to be judged)
 *   stopped ──> sending | scheduled | held | withdrawn | planned      done ──> sending (again)
 *
 * Every step is an event with who did it, when and from which command. `send --due` goes on with
 * what is scheduled and due, and with what is sending; with nothing else.
 */
#ifndef LEDGER_LIFECYCLE_H
#define LEDGER_LIFECYCLE_H

#include <glib.h>

#include "fact/exclusion.h"
#include "ledger/ledger.h"
#include "ledger/mailings.h"

/* Who does something. Texts are borrowed. */
typedef struct {
    const char *user, *host;
    const char *command; /* "circular stop" */
} Actor;

/* The user at this machine (behind sudo, who called it), with a command that is a constant. */
Actor actor_self(const char *command);

/* Moves a mailing to `state`, with an event, within the caller's transaction. USAGE, with the state
 * that it is in, when there is no way from there. One that is there already stays, and gets no
 * event. `detail` for people; may be NULL. */
gboolean lifecycle_move(Ledger *ledger, const Mailing *mailing, MailingState state,
                        const Actor *actor, gint64 now, const char *detail, GError **error);

/* An event that changes no state ("rehearsed", "planned"), within the caller's transaction. */
gboolean lifecycle_note(Ledger *ledger, const Mailing *mailing, const char *event,
                        const Actor *actor, gint64 now, const char *detail, GError **error);

/* Where it stands now, as other processes have left it. NOINPUT when it was removed since it was
 * found, also where another has got its number: whoever moves one asks this first. */
gboolean lifecycle_state(Ledger *ledger, const Mailing *mailing, MailingState *state,
                         GError **error);

/* Sets what the letters go through, within the caller's transaction. */
gboolean lifecycle_set_via(Ledger *ledger, const Mailing *mailing, Via via, GError **error);

typedef struct {
    const char *event; /* the state that it went to, or a note's word */
    gint64 at;
    Actor actor; /* all "" for what version 1 of the ledger planned */
    const char *detail;
} LifeEvent;

/* Calls back with each event, the oldest first; borrowed. FALSE from the callback stops (no error).
 * The callback must not write to the ledger, nor call this again. */
typedef gboolean (*LifeEventFound)(void *user, const LifeEvent *event);
gboolean lifecycle_each(Ledger *ledger, const Mailing *mailing, LifeEventFound found, void *user,
                        GError **error);

/* What had not gone never will: all that is planned or deferred becomes left out (withdrawn), each
 * with an exclusion, and the mailing withdrawn; how many in `count`. Within the caller's
 * transaction; nothing may be `sending`. */
gboolean lifecycle_withdraw(Ledger *ledger, const Mailing *mailing, const Actor *actor, gint64 now,
                            guint64 *count, GError **error);

/* The same for one delivery that is planned, deferred or claimed: it is left out after all, for
 * `why`. The mailing goes on. Within the caller's transaction; DATA when it is in another state. */
gboolean lifecycle_leave_out(Ledger *ledger, const Mailing *mailing, const Delivery *delivery,
                             const Why *why, gint64 now, GError **error);

/* A rehearsal's letters, written and had by nobody, are planned again; how many in `count`. Within
 * the caller's transaction. */
gboolean lifecycle_end_rehearsal(Ledger *ledger, const Mailing *mailing, gint64 now, guint64 *count,
                                 GError **error);

#endif
