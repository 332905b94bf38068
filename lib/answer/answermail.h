/* answermail - a message as an answer to a letter's question: what it says of itself, unproven
 *
 * A pure function of the message's bytes. It knows the form that fact/question.h gives to answers,
 * and neither keys nor questions: which token is ours and what was chosen is for inbound to say.
 */
#ifndef ANSWER_ANSWERMAIL_H
#define ANSWER_ANSWERMAIL_H

#include <glib.h>

#include "answer/calendarreply.h"

enum {
    ANSWERMAIL_TOKENS_MAX = 40,
    ANSWERMAIL_TEXT_MAX = 4000,   /* bytes of free text that are kept */
    ANSWERMAIL_SUBJECT_MAX = 400, /* bytes */
    ANSWERMAIL_NAME_MAX = 200,
    ANSWERMAIL_PARTS_MAX = 16 /* texts that are read */
};

/* Where a token stands, the most telling first. */
typedef enum { ANSWER_IN_SUBJECT, ANSWER_IN_WORDS, ANSWER_IN_QUOTE } AnswerPlace;

typedef struct {
    char *text;
    AnswerPlace place;
} AnswerToken;

typedef struct {
    char *from;         /* address, "" if none */
    char *from_name;    /* "" if none */
    char *subject;      /* on one line */
    gint64 date;        /* that it claims, or 0 */
    GPtrArray *tokens;  /* of AnswerToken: what stands in brackets and could be a token */
    char *subject_slug; /* of "[TOKEN] school-support: Yes" in the subject, or NULL */
    char *subject_choice;
    char *words_slug;   /* of "[TOKEN] school-support" in the writer's own words, or NULL */
    char *words_choice; /* behind "Answer:" there, or NULL */
    char *words;        /* the writer's own words without that form */
    gboolean is_reply, is_forward;
    gboolean is_generated;   /* says itself that no person wrote it (RFC 3834) */
    char *quoted_choice;     /* behind "Answer:" in what is forwarded, or NULL */
    char *references;        /* In-Reply-To and References, "" if none */
    CalendarReply *calendar; /* what a calendar answers, or NULL */
} AnswerMail;

/* Reads a message. Never NULL. */
AnswerMail *answermail_read(const char *bytes, gsize length);
void answermail_free(AnswerMail *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AnswerMail, answermail_free)

#endif
