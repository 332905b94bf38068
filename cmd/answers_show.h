/* answers_show - who answered a letter's questions: for answers, status and report
 */
#ifndef CMD_ANSWERS_SHOW_H
#define CMD_ANSWERS_SHOW_H

#include <json-glib/json-glib.h>

#include "ledger/mailings.h"
#include "report/answersheet.h"

/* The letter that asked first, whatever of it was named: a reminder, say, or a plan for those who
 * missed it. NULL with error; newly allocated. */
Mailing *answers_asked(Ledger *ledger, const char *id, GError **error);

/* Of a letter and all that follow it; nothing where it asks nothing. `lead` begins each line. */
gboolean answers_say(Ledger *ledger, const Mailing *mailing, const char *lead, GError **error);

/* All of a sheet for people: each question with its choices, who made each, and who hasn't answered. */
void answers_say_sheet(const AnswerSheet *sheet);

/* Members of an open object: `questions` and `schools`, with all that each said. */
void answers_json_sheet(JsonBuilder *json, const AnswerSheet *sheet);

/* One question as an object. */
void answers_json_question(JsonBuilder *json, const AnswerSheet *sheet, guint q);

/* Members of an open object: `counts` by choice, and how many are `silent`. */
void answers_json_counts(JsonBuilder *json, const AnswerSheet *sheet, guint q);

/* A member `answers` of an open object; none where it asks nothing. */
gboolean answers_json(JsonBuilder *json, Ledger *ledger, const Mailing *mailing, GError **error);

#endif
