/* failure - reports of deliveries that failed, are late, or worked: found and read
 *
 * Joins what the machine-readable part says (dsn.h) with what the words say (report.h): each knows
 * things that the other doesn't. A system that puts neither in can still be understood by its
 * phrases.
 */
#ifndef BOUNCE_FAILURE_H
#define BOUNCE_FAILURE_H

#include "evidence/inbound_report.h"
#include "evidence/evidence.h"

typedef struct Failure Failure;

/* NULL when the message is no report of a delivery. `signs` must outlive the result. */
Failure *failure_find(const Evidence *signs);
void failure_free(Failure *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Failure, failure_free)

/* Whether it names a recipient by itself, and not only by the letter that it returns. */
gboolean failure_names(const Failure *self);

/* Adds the recipients to `notice`. */
void failure_read(const Failure *self, InboundReport *notice);

/* The returned letter's headers as they stand in the words, or NULL. Borrowed. */
const char *failure_letter(const Failure *self);

/* Whether the message is a disposition notification (RFC 8098: read, deleted): neither a delivery
 * report nor an answer. */
gboolean failure_is_receipt(const Evidence *signs);

#endif
