/* answers - the tables of what a letter asks, and of what was answered
 *
 * The questions of a mailing are frozen with it. An answer is one message, known by the SHA-256 of
 * its bytes, and counts or waits for a person, with the reason. Nothing is written over: of those
 * that count for a school and a question the last that was said holds, and the earlier ones stay.
 *
 * A mailing that follows another (a reminder, a correction, one for those who missed it) asks for the
 * first one: their answers are counted together, under the first one's number.
 */
#ifndef LEDGER_ANSWERS_H
#define LEDGER_ANSWERS_H

#include "fact/question.h"
#include "ledger/ledger.h"

typedef enum {
    ANSWER_COUNTED,
    ANSWER_REVIEW,    /* waits for a person, who may count it */
    ANSWER_DISMISSED, /* a person has looked, and it counts for nobody */
    ANSWER_STATES
} AnswerState;

/* "counted", "review", "dismissed": in the ledger and in --json. */
const char *answer_state_name(AnswerState state);

/* Its texts are borrowed; NULL is "". */
typedef struct {
    gint64 number;            /* from 1; the ledger gives it */
    const char *message;      /* SHA-256 of the bytes, in hexadecimal */
    guint32 uidvalidity, uid; /* where it was read */
    gint64 received_at;       /* when it was read */
    gint64 said_at;           /* when it was written, as far as that can be believed */
    gint64 mailing;           /* number, or 0 where none is named */
    const char *mailing_id;   /* of rows that are read: "" where none is */
    guint64 delivery;         /* or 0 */
    const char *key, *address;
    const char *question; /* its slug, or "" */
    const char *choice;   /* its words as the letter has them, or "" */
    AnswerState state;
    gboolean late;     /* said after the question's last day */
    gboolean verified; /* a token of ours names the delivery */
    const char *why;   /* in words, of what waits or was counted by a person */
    const char *sender, *sender_name, *subject;
    const char *text; /* what else the writer said */
} AnswerRow;

/* Freezes the questions of a mailing, and its events (of Question), within the caller's transaction. */
gboolean answers_ask(Ledger *ledger, gint64 mailing, const GPtrArray *questions, GError **error);

/* What a mailing asks; of Question, empty if nothing, to be unreffed. Their texts are plain words with
 * {{fields}}. NULL with error. */
GPtrArray *answers_questions(Ledger *ledger, gint64 mailing, GError **error);

/* The same of a mailing and all that follow it: each slug once, as the first has it. */
GPtrArray *answers_all_questions(Ledger *ledger, gint64 first, GError **error);

/* The events of a mailing and of all that follow it, as what can be answered (question_of_event): each
 * name once, as the first has it. */
GPtrArray *answers_all_events(Ledger *ledger, gint64 first, GError **error);

/* Whether any mailing asks anything, or has an event. */
gboolean answers_are_asked(Ledger *ledger, gboolean *any, GError **error);

/* The number of the mailing that one follows, over as many as there are; its own if it follows none. */
gboolean answers_first(Ledger *ledger, gint64 mailing, gint64 *first, GError **error);

/* The latest delivery to an address (any case) of a mailing that asks something, not older than
 * `since` (first_at). */
Lookup answers_asked_of(Ledger *ledger, const char *address, gint64 since, gint64 *mailing,
                        guint64 *delivery, GError **error);

/* The latest letter of a mailing, or of one that follows it, to an address (any case) that may have it,
 * and how many `keys` have one there. */
Lookup answers_letter_to(Ledger *ledger, gint64 first, const char *address, gint64 *mailing,
                         guint64 *delivery, guint *keys, GError **error);

/* Whether the address has a copy of its own of that mailing, or of one that follows the same first,
 * under another key. */
gboolean answers_is_other_reader(Ledger *ledger, gint64 mailing, const char *key,
                                 const char *address, gboolean *other, GError **error);

/* Adds one, within the caller's transaction, and sets `number`. DATA if the message is there. */
gboolean answers_add(Ledger *ledger, AnswerRow *row, GError **error);

/* Whether that message is on record, and whether it waits for a person. */
gboolean answers_find(Ledger *ledger, const char *message, gboolean *found, gboolean *to_review,
                      GError **error);

/* Calls back with each, borrowed. FALSE from the callback stops (no error). It must not write to the
 * ledger, nor call this again. */
typedef gboolean (*AnswerFound)(void *user, const AnswerRow *row);

/* Those about a mailing and all that follow it (0: about any, or none), in the order in which they
 * were said; ANSWER_STATES: of all states. */
gboolean answers_each(Ledger *ledger, gint64 first, AnswerState state, AnswerFound found,
                      void *user, GError **error);

/* Those of a key, and those that were sent from or about an address (any case). */
gboolean answers_history(Ledger *ledger, const char *key_or_address, AnswerFound found, void *user,
                         GError **error);

/* A person counts one that waits, as an answer with that choice, or dismisses it. Own transaction.
 * NOINPUT when no such one waits. */
gboolean answers_count(Ledger *ledger, gint64 number, const char *question, const char *choice,
                       const char *who, GError **error);
gboolean answers_dismiss(Ledger *ledger, gint64 number, const char *who, GError **error);

/* The letters that asked a question and went out to anybody, the last first, with the names of their
 * audiences. FALSE from the callback stops (no error); it must not call the ledger. */
typedef gboolean (*AnswerLetter)(void *user, gint64 mailing, const char *audience);
gboolean answers_each_letter(Ledger *ledger, const char *question, AnswerLetter found, void *user,
                             GError **error);

/* The keys that have a letter of a mailing or of one that follows it, as far as is known. */
typedef void (*AnswerReader)(void *user, const char *key);
gboolean answers_each_reader(Ledger *ledger, gint64 first, AnswerReader found, void *user,
                             GError **error);

/* How one school stands with a mailing and all that follow it. */
typedef struct {
    guint answered; /* questions with an answer that counts */
    guint waiting;  /* answers that wait for a person */
    guint reminded; /* reminders that it was sent, or may have been */
    gint64 last_at; /* when it was last sent any of them */
} AnswerStanding;
gboolean answers_standing(Ledger *ledger, gint64 first, const char *key, AnswerStanding *standing,
                          GError **error);

#endif
