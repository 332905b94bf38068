/* tallies - a ledger's figures, counted where the rows are: one statement a figure
 *
 * For reports. Each function is one reading of one mailing or of many, in memory that doesn't grow
 * with them: what comes back is groups, or rows one after another. Figures that have to agree with
 * one another are asked for within one ledger_begin().
 */
#ifndef LEDGER_TALLIES_H
#define LEDGER_TALLIES_H

#include <glib.h>

#include "fact/exclusion.h"
#include "base/location.h"
#include "ledger/delivery.h"
#include "ledger/ledger.h"
#include "ledger/settlements.h"

/* Which mailings: the one of this number, or (0) all that were planned at `since` or later. */
typedef struct {
    gint64 mailing;
    gint64 since;
} TallyScope;

/* How many are in each state; `what` is borrowed. FALSE stops (no error), as in all callbacks here;
 * none may write to the ledger, nor call the same function again. */
typedef gboolean (*TallyFound)(void *user, const char *what, const guint64 *counts);

/* By mailing: `what` is its id. A mailing without deliveries isn't there. */
gboolean tallies_mailings(Ledger *ledger, const TallyScope *scope, TallyFound found, void *user,
                          GError **error);

/* By the domain of the address, in lower case; those with the most that did not arrive first, then
 * those with the most letters; `limit` at most. */
gboolean tallies_domains(Ledger *ledger, const TallyScope *scope, guint limit, TallyFound found,
                         void *user, GError **error);

/* When outcomes came, in steps of `step` microseconds since 1970 UTC, ascending: `when` is the
 * beginning of the step. A letter that came back counts when it was first tried. Nothing of what is
 * planned or sending. */
typedef gboolean (*TallyMoment)(void *user, gint64 when, DeliveryState state, guint64 count);
gboolean tallies_outcomes(Ledger *ledger, const TallyScope *scope, gint64 step, TallyMoment found,
                          void *user, GError **error);

/* The same for what came back: bounced and complained, when it came. */
gboolean tallies_returns(Ledger *ledger, const TallyScope *scope, gint64 step, TallyMoment found,
                         void *user, GError **error);

/* The first and the last time of tallies_outcomes; 0 and 0 if there is none. */
gboolean tallies_span(Ledger *ledger, const TallyScope *scope, gint64 *first, gint64 *last,
                      GError **error);

/* A copy that did not arrive as far as is known (refused, unknown, bounced, complained, deferred),
 * or somebody who was left out. Texts are borrowed. */
typedef struct {
    const char *mailing;
    const char *key, *address, *name;
    const char *label, *phone; /* of the row, may be "" */
    const char *fields;        /* frozen (base/value.h); "" of who was left out */
    gsize fields_length;
    gboolean is_left_out; /* then `kind`, `detail` and `since` say why, `at` where the row stood or
                           * the cell at fault, `name` is that of another letter to the key, and what
                           * follows is 0 */
    gboolean is_twin; /* the same for having the address of another row (`detail`), whose letter did
                       * not arrive: what follows is of that letter */
    ExclusionKind kind;
    const char *detail;
    gint64 since;
    Location at;
    DeliveryState state;
    const char *reply;
    DeliveryStage stage;
    GivenUp given_up;
    Via via;
    guint attempts;
    int code;
    const char *enhanced;
    gint64 changed_at, first_at, next_at;
    Settlement settlement; /* of one that was in doubt; its texts are borrowed, too */
    /* The same key has a letter that is sent and did not come back: of this mailing, to another
     * address, or (without a single mailing) of one that was planned later. */
    gboolean is_reached;
} TallyTrouble;

/* Of one mailing in the order of its list, those left out after them; of many by key, the latest
 * mailing first. */
typedef gboolean (*TallyTroubleFound)(void *user, const TallyTrouble *trouble);
gboolean tallies_troubles(Ledger *ledger, const TallyScope *scope, TallyTroubleFound found,
                          void *user, GError **error);

/* All copies of a single letter, whatever became of them, and those left out: as they are counted. */
gboolean tallies_copies(Ledger *ledger, const TallyScope *scope, TallyTroubleFound found,
                        void *user, GError **error);

/* Those sent or refused that took longest from the first attempt to the outcome, the longest first;
 * or those tried most often. Only what was tried more than once. `limit` at most. */
gboolean tallies_slowest(Ledger *ledger, const TallyScope *scope, guint limit,
                         TallyTroubleFound found, void *user, GError **error);
gboolean tallies_most_tried(Ledger *ledger, const TallyScope *scope, guint limit,
                            TallyTroubleFound found, void *user, GError **error);

/* The key, state and frozen fields (base/value.h) of each delivery, in no order. */
typedef gboolean (*TallyFields)(void *user, const char *key, DeliveryState state,
                                const char *fields, gsize length);
gboolean tallies_fields(Ledger *ledger, const TallyScope *scope, TallyFields found, void *user,
                        GError **error);

#endif
