/* meaning - what a reason or a status code says, in plain words, and what to do next
 *
 * Tables: one line to add one. The words are those of lib/bounce ("userunknown") and of
 * fact/exclusion.h. For people in an office who have never heard of SMTP.
 */
#ifndef REPORT_MEANING_H
#define REPORT_MEANING_H

#include <glib.h>

#include "fact/exclusion.h"
#include "fact/inbound_kind.h"

/* Who has to do something. */
typedef enum {
    NEXT_NOTHING, /* nobody: it is as it should be, or as the recipient wishes */
    NEXT_WAIT,    /* circular, by itself */
    NEXT_CALL,    /* the office: the recipient has to be asked */
    NEXT_IT,      /* whoever looks after our mail: it is about us and not about the recipient */
} Next;

typedef struct {
    const char *word; /* stable, for machines: "userunknown", "no-address" */
    const char *said; /* "the mailbox does not exist" */
    Next next;
    const char *advice; /* "ask for the right address and put it into the list" */
} Meaning;

/* Of a failure: by the enhanced status code where that says more than the reason's word, else by
 * the word. Never NULL: what nobody knows has a meaning too. Static, as all here. */
const Meaning *meaning_of_failure(const char *enhanced, const char *reason);

/* Of a state that has its own, whatever was said: "unknown" and "complained"; NULL for others. */
const Meaning *meaning_of_state(const char *state);

/* Of why somebody was left out; `detail` is a suppression's reason, and is read of no other kind. */
const Meaning *meaning_of_exclusion(ExclusionKind kind, const char *detail);

/* Of a suppression's reason: "bounce-hard", "complaint", "unsubscribe", and whatever was typed by
 * hand (then `said` is NULL: the reason speaks for itself). */
const Meaning *meaning_of_suppression(const char *reason);

/* Of a kind of notice that came back: "auto-reply", "delayed" ... */
const Meaning *meaning_of_notice(InboundKind kind);

/* "call", "wait", "it" or "" for machines. */
const char *next_name(Next next);

#endif
