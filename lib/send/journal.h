/* journal - how far each letter in flight has come, in a file that outlives the process
 *
 * The ledger commits claims and outcomes in batches, since a commit that survives power loss is
 * slow. What has happened in between stands here: a small file beside the ledger, mapped into
 * memory, where each claimed delivery has a slot with its phase. Memory shared with a file is the
 * kernel's: it survives kill -9 of the process at any instruction, at the cost of a store. It
 * doesn't survive power loss, and doesn't claim to: it names the boot it was written in, and in any
 * other boot nothing of it is believed.
 *
 * So after kill -9 only letters whose final dot left and whose answer had not come are unknown;
 * after power loss, all that were claimed.
 */
#ifndef SEND_JOURNAL_H
#define SEND_JOURNAL_H

#include <glib.h>

enum { JOURNAL_SLOTS = 2048 };

typedef enum {
    PHASE_CLAIMED = 1, /* `sending` in the ledger, not begun */
    PHASE_BEGUN,       /* given to the transport: something of it may have left, not its end */
    PHASE_DOT,         /* its end may have left: delivered or not, nobody here can say */
    PHASE_SENT,        /* the answer came; the ledger doesn't have it yet */
    PHASE_DEFERRED,
    PHASE_REFUSED,
} Phase;

typedef struct {
    guint64 number;
    Phase phase;
    int code; /* of the answer, or 0 */
} JournalEntry;

typedef struct Journal Journal;

/* Opens the journal at `path`, made if missing (mode 0600). What an earlier process left in it is
 * there until journal_start. */
Journal *journal_open(const char *path, GError **error);

/* Closes, and removes the file if no slot is taken: the ledger then knows all. NULL is fine. */
void journal_close(Journal *self);

/* What was left behind: TRUE if it can be believed (the same boot, a process that was at work), and
 * then the phase of a number; PHASE_CLAIMED for one without a slot, since slots are taken before a
 * letter is begun. */
gboolean journal_is_trusted(const Journal *self);
JournalEntry journal_lookup(const Journal *self, guint64 number);
gboolean journal_has(const Journal *self, guint64 number); /* a slot for it */

/* The run that it is of, as journal_name_run has it; "" without one. Borrowed. */
const char *journal_run(const Journal *self);

/* Forgets what was left and begins anew; it is of no run that has a name. */
void journal_start(Journal *self);

/* Writes down of which run it is. Where several machines share a ledger, letters that are `sending`
 * may be of a run on another: only the journal of that very run can speak for them. */
void journal_name_run(Journal *self, const char *run);

/* Takes a slot for a number that is claimed; sets its phase; gives the slot back when its outcome
 * is in the ledger. A number without a slot is our own fault, as are more than JOURNAL_SLOTS. */
void journal_claim(Journal *self, guint64 number);
void journal_set(Journal *self, guint64 number, Phase phase, int code);
void journal_release(Journal *self, guint64 number);

#endif
