/* suppressions - the table of addresses that get nothing more, why, and since when
 *
 * A suppression holds for one audience or for all, until it is removed or its time is over. None is
 * ever deleted: one that is removed says when and why, and stays as history. Addresses are compared
 * without regard to case.
 */
#ifndef LEDGER_SUPPRESSIONS_H
#define LEDGER_SUPPRESSIONS_H

#include <glib.h>

#include "fact/exclusion.h"
#include "ledger/ledger.h"

/* Whose wish or fault it is; the word in the ledger and for machines. */
typedef enum {
    SUPPRESSION_BY_HAND,     /* the office's; `reason` is what was typed */
    SUPPRESSION_HARD,        /* the address does not work */
    SUPPRESSION_SOFT,        /* so many letters in a row came back */
    SUPPRESSION_COMPLAINT,   /* somebody there marked one as spam */
    SUPPRESSION_UNSUBSCRIBE, /* asked for no more letters */
    SUPPRESSION_FULL,        /* the mailbox was full for too long */
    SUPPRESSION_KINDS
} SuppressionKind;
const char *suppression_name(SuppressionKind kind); /* "by-hand", "bounce-hard" ... */

/* The kind of that name; SUPPRESSION_BY_HAND for one that we don't know. */
SuppressionKind suppression_from_name(const char *name);

#define SUPPRESSIONS_ALL "" /* as `audience`: whatever the audience */

typedef struct {
    char *address;  /* folded */
    char *audience; /* a name, or SUPPRESSIONS_ALL */
    SuppressionKind kind;
    char *reason; /* what was typed, or the kind's name; NULL is that, too */
    char *source; /* what is behind it, for people: a notice and its words, who typed it; or "" */
    gint64 evidence; /* the notice's number (ledger/inbound_reports.h), or 0 */
    gint64 since;
    gint64 until;      /* when letters go again by themselves; 0: never */
    gint64 removed_at; /* 0 while it holds */
    char *removed_why; /* "" while it holds */
} Suppression;

void suppression_free(Suppression *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Suppression, suppression_free)

/* Adds one (removed_at and removed_why are not read), within the caller's transaction. If one for
 * this address and audience holds already it stays as it is, and `added` (may be NULL) is FALSE;
 * one whose time is over by `since` is ended first. */
gboolean suppressions_add(Ledger *ledger, const Suppression *suppression, gboolean *added,
                          GError **error);

/* Ends the one that holds for this address and exactly this audience, within the caller's
 * transaction; `removed` (may be NULL) is FALSE when there was none. */
gboolean suppressions_remove(Ledger *ledger, const char *address, const char *audience,
                             const char *why, gint64 now, gboolean *removed, GError **error);

/* The one that holds at `now` for this address in this audience: that for all comes before that for
 * the audience. */
Lookup suppressions_find(Ledger *ledger, const char *address, const char *audience, gint64 now,
                         Suppression **found, GError **error);

/* Sets `why` when one holds; else leaves it as it is. */
gboolean suppressions_why(Ledger *ledger, const char *address, const char *audience, gint64 now,
                          Why *why, GError **error);

/* Calls back with each, the oldest first; borrowed. `address` NULL means all; those that were
 * removed come too if `removed`. FALSE from the callback stops (no error). The callback must not
 * write to the ledger, nor call this again. */
typedef gboolean (*SuppressionFound)(void *user, const Suppression *suppression);
gboolean suppressions_each(Ledger *ledger, const char *address, gboolean removed,
                           SuppressionFound found, void *user, GError **error);

/* --- for this folder ------------------------------------------------------------------------- */

/* In the text of a statement: when the suppressions of now of somebody left out (an exclusion `e` of a
 * mailing `m`) end by themselves; 0 where one of them is for good, and for who isn't suppressed. */
#define SUPPRESSION_RETRIAL                                                                        \
    "CASE WHEN e.kind = 'suppressed' THEN coalesce((SELECT CASE WHEN min(s.until) = 0 THEN 0 "     \
    "ELSE max(s.until) END FROM suppressions s WHERE s.address = lower(e.address) AND "            \
    "s.removed_at = 0 AND (s.audience = '' OR instr(',' || replace(m.audience, ' ', '') || ',', "  \
    "',' "                                                                                         \
    "|| s.audience || ',') > 0)), 0) ELSE 0 END"

#endif
