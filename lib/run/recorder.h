/* recorder - how far each letter in the air has come, in a file that outlives the process
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
#ifndef RUN_RECORDER_H
#define RUN_RECORDER_H

#include <glib.h>

enum { RECORDER_SLOTS = 2048 };

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
} Flown;

typedef struct Recorder Recorder;

/* Opens the recorder at `path`, made if missing (mode 0600). What an earlier process left in it is
 * there until recorder_start. */
Recorder *recorder_open(const char *path, GError **error);

/* Closes, and removes the file if no slot is taken: the ledger then knows all. NULL is fine. */
void recorder_close(Recorder *self);

/* What was left behind: TRUE if it can be believed (the same boot, a process that was at work), and
 * then the phase of a number; PHASE_CLAIMED for one without a slot, since slots are taken before a
 * letter is begun. */
gboolean recorder_is_trusted(const Recorder *self);
Flown recorder_lookup(const Recorder *self, guint64 number);

/* Forgets what was left and begins anew. */
void recorder_start(Recorder *self);

/* Takes a slot for a number that is claimed; sets its phase; gives the slot back when its outcome
 * is in the ledger. A number without a slot is our own fault, as are more than RECORDER_SLOTS. */
void recorder_claim(Recorder *self, guint64 number);
void recorder_set(Recorder *self, guint64 number, Phase phase, int code);
void recorder_release(Recorder *self, guint64 number);

#endif
