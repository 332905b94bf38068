/* merger - letters merged ahead of their turn, on a thread of their own
 *
 * Merging takes about as long as sending: with a second processor the one costs nothing beside the
 * other. What is merged, and in which order, is for send/supply.c.
 */
#ifndef SEND_MERGER_H
#define SEND_MERGER_H

#include "ledger/delivery.h"
#include "letter/letter.h"
#include "workspace/signing.h"

enum { MERGER_AHEAD = 8 }; /* letters */

/* A claimed delivery and its letter. */
typedef struct {
    Delivery *delivery;
    Splice *message;
    char sender[ADDRESS_SPEC_MAX + 1]; /* of the envelope, with the token */
    char date[40];                     /* RFC 5322 */
    GError *error;                     /* why it could not be merged */
    gboolean is_merged;                /* the merger's while it works; see merger_wait */
} Flight;

typedef struct Merger Merger;

/* All are borrowed. With `ahead` FALSE, or when no thread is to be had, merger_put does the work
 * itself: for a letter that each recipient has attachments of its own in, which are read from the
 * ledger. */
Merger *merger_new(const Letter *letter, Signing *signing, const char *mailing, gboolean ahead);

/* Waits for what is under way. */
void merger_free(Merger *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Merger, merger_free)

/* Whether it works on a thread of its own. */
gboolean merger_is_ahead(const Merger *self);

/* Hands flights over: delivery, message and date are filled in, and none of it is touched until
 * merger_wait has returned for it. */
void merger_put(Merger *self, Flight *const *flights, guint count);

/* Waits until a flight that was put is merged. FALSE with DATA or NOINPUT, as letter_write. */
gboolean merger_wait(Merger *self, Flight *flight, GError **error);

#endif
