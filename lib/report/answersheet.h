/* answersheet - a letter's questions, by school: who said what, and who hasn't answered
 *
 * Over a mailing and all that follow it (reminders, those for who missed it): a school is a key, and
 * stands there once, however many of its addresses had a letter. Of its answers to a question that
 * count the last that was said holds; the earlier ones are kept beside it.
 */
#ifndef REPORT_ANSWERSHEET_H
#define REPORT_ANSWERSHEET_H

#include "fact/question.h"
#include "ledger/answers.h"
#include "ledger/mailings.h"

typedef struct {
    gint64 number, said_at;
    char *choice, *sender, *sender_name, *text;
    gboolean late;
} SaidAnswer;

typedef struct {
    char *key, *name, *label, *phone, *address; /* as the latest of the letters has them */
    gboolean had;                               /* a letter is with it, as far as is known */
    guint reminded, waiting;                    /* reminders; answers that wait for a person */
    GPtrArray **said;                           /* of SaidAnswer, for each question; in order */
} AnswerSchool;

typedef struct {
    GPtrArray *questions; /* of Question; behind them the events that calendars have answered */
    GPtrArray *schools;   /* of AnswerSchool, in the order of the list */
    GHashTable *by_key;
    guint waiting; /* answers that wait for a person */
    guint had;     /* schools that have a letter, as far as is known */
    guint written; /* letters that were only rehearsed */
} AnswerSheet;

/* Gathers it under the number of the first mailing. NULL with error. */
AnswerSheet *answersheet_new(Ledger *ledger, gint64 first, GError **error);
void answersheet_free(AnswerSheet *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AnswerSheet, answersheet_free)

/* The answer of a school that holds, or NULL. Borrowed. */
const SaidAnswer *answersheet_holds(const AnswerSchool *school, guint question);

/* How many schools say so; how many had the letter and have no answer that counts (none of an event,
 * which nobody has to answer). */
guint answersheet_count(const AnswerSheet *self, guint question, guint choice);
guint answersheet_silent(const AnswerSheet *self, guint question);

/* Why nobody can have answered: "the letter was only rehearsed: nobody was mailed"; NULL where
 * somebody has the letter. Static. */
const char *answersheet_nobody(const AnswerSheet *self);

/* What the question asks, for people: a field is an ellipsis; newly allocated. */
char *answersheet_text(const Question *question);

/* "St Brigid's (900003)", or what there is of it; newly allocated. */
char *answersheet_called(const AnswerSchool *school);

/* A line a school for a spreadsheet, free text safe in it (text/rowline.h). */
void answersheet_csv(const AnswerSheet *self, GString *out);

/* "Ann Head <ann@oak.example>"; newly allocated. */
char *answersheet_sender(const SaidAnswer *said);

/* "Yes (3 Jan 2026), No (2 Jan 2026)": what a school said before; newly allocated. */
char *answersheet_earlier(const GPtrArray *said);

/* answersheet_page.c: a page for a browser that holds all it needs; `title` is the letter's subject.
 * Its sections, one a question, for another page as well; each has the id "question1" and so on. */
void answersheet_page(const AnswerSheet *self, const char *title, GString *out);
void answersheet_sections(const AnswerSheet *self, GString *out);

#endif
