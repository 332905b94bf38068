/* breaker - the circuit breaker of a run: whether refusals are about us, by what happens
 *
 * Words can't be told apart completely, and a head must not pay for what was said to us. So a
 * refusal that no code or word lays at the recipient's door is held back until it is known whose it
 * is. When a letter is taken from the same sender, those held were meant for their recipients, also
 * where a code says that it is about us: so it is meant until a letter was taken. When
 * the same is said to one recipient after the other it is about us: the run stops, and all of them
 * are given back as if they hadn't been tried. Nobody is given back for ever: who hears the same
 * again while others get theirs is meant. Pure: the caller keeps what is held.
 */
#ifndef SEND_BREAKER_H
#define SEND_BREAKER_H

#include "delivery/transport.h"

enum {
    BREAKER_DOMAINS = 5, /* that were refused in words about us: a limit, a block; or any such words
                          * while no letter was taken yet */
    BREAKER_ROW = 20, /* that were put off in the same words, where relay.stop_after says never */
    BREAKER_HELD_MAX = 1000,
    BREAKER_OLD_DAYS = 2 /* then a refusal whose words lay it at nobody's door is believed */
};

typedef enum {
    BREAKER_RECORD,  /* it is as it says; those held stay held */
    BREAKER_RELEASE, /* it is as it says, and so are those held */
    BREAKER_HOLD,    /* not known yet */
    BREAKER_TRIP,    /* about us: this one and those held are given back, and the run ends */
    BREAKER_STOP     /* it is as it says, and the run ends: so many in a row are no chance */
} BreakerVerdict;

/* What it means that a recipient has heard the same in an earlier run. */
typedef enum {
    BREAKER_FIRST,    /* she hasn't */
    BREAKER_REPEATED, /* she is meant, unless the words are of a block or a limit of ours */
    BREAKER_PROVEN /* she is meant: the server has taken other letters of ours since, or nobody else
                       * is left and she has heard it for BREAKER_OLD_DAYS */
} BreakerAgain;

typedef struct Breaker Breaker;

/* `stop_after` refusals in a row end a run; 0: never. */
Breaker *breaker_new(guint stop_after);
void breaker_free(Breaker *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Breaker, breaker_free)

/* Whether an outcome may be about us and not about its recipient. Her code is believed, of a reply
 * that is for now her words, too; words that refuse for good are no proof: the same are said of
 * everybody by a server that blocks us. */
gboolean breaker_is_suspect(const Outcome *outcome);

/* What one letter's fate means for it and for those held. `again`: this recipient was given back
 * for the very same before, and that means less now. */
BreakerVerdict breaker_take(Breaker *self, const Outcome *outcome, const char *recipient,
                            BreakerAgain again);

/* Nothing more is under way: TRUE when those held are about us, as by BREAKER_TRIP, FALSE when they
 * are as they say. */
gboolean breaker_settle(Breaker *self);

/* Why the run ends, after BREAKER_TRIP, BREAKER_STOP, or breaker_settle: LATER where the server
 * asks for patience, else REMOTE or DENIED. To be freed. */
GError *breaker_error(const Breaker *self, const char *sender);

/* For how long the server asked to be left alone, in seconds; 0 if it didn't say. */
guint breaker_wait(const Breaker *self);

/* Begins anew after a pause: nothing is held, and nothing was taken yet. */
void breaker_reset(Breaker *self);

#endif
