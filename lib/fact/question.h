/* question - a question of a letter that its reader can answer by mail, and how the answer is written
 *
 * In an update it stands between lines of colons:
 *
 *     ::: answer school-support
 *     Could your school offer up to five days of support to another?
 *     - Yes
 *     - Yes, from the summer term
 *     - No, thank you
 *     until: 17 July 2026
 *     :::
 *
 *     ::: acknowledge safeguarding
 *     Please confirm that you have read the new guidance.
 *     :::
 *
 * Each choice leads to an answer that the reader's own mail program writes: a mailto: URI whose
 * subject is "[TOKEN] school-support: Yes", and whose body holds the same again, "Answer: Yes" on its
 * first line and "[TOKEN] school-support" on its last, because either may be lost or written over on
 * the way. TOKEN is that of the delivery (mail/token.h, TOKEN_ANSWER). Whoever writes and whoever
 * reads an answer takes the form of it from here.
 */
#ifndef FACT_QUESTION_H
#define FACT_QUESTION_H

#include <glib.h>

#include "text/day.h"

enum {
    QUESTION_SLUG_MAX = 40,    /* bytes */
    QUESTION_TEXT_MAX = 1000,  /* bytes */
    QUESTION_CHOICE_MAX = 120, /* bytes: it stands in a subject */
    QUESTION_CHOICES_MAX = 12,
    QUESTIONS_MAX = 12 /* of one letter */
};

#define QUESTION_UNTIL "until:"                     /* begins a line of the block */
#define QUESTION_ANSWER "Answer:"                   /* begins the first line of an answer's body */
#define QUESTION_ACKNOWLEDGED "Yes, I have read it" /* the choice where a block gives none */

typedef struct {
    char *slug;         /* lower-case letters, digits and hyphens, a letter first */
    char *text;         /* one line, as it was written: it may hold {{fields}}; "" if none */
    char *words;        /* the same without Markdown's marks; "" as long as nobody has read them */
    GPtrArray *choices; /* of char *: plain words, no two alike */
    gboolean is_acknowledgement;
    gboolean is_event; /* an event of that name, which calendars accept or decline */
    Day until;         /* the last day for an answer; 0: none. Later ones are taken, and marked */
    guint line;        /* of the update, on which its block begins; 0 where that isn't known */
} Question;

void question_free(Question *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Question, question_free)

/* Builds one step by step, for who has the block's parts. FALSE (NULL) with DATA, which says what is
 * wrong and how to write it: a slug of other characters, a choice that is empty, too long, alike to
 * another or holds a {{field}} (it is the same in every letter). */
Question *question_new(const char *slug, gboolean is_acknowledgement, GError **error);
gboolean question_add_text(Question *self, const char *line, GError **error);
gboolean question_add_choice(Question *self, const char *choice, GError **error);

/* An event as something that can be answered: its choices are those of calendars, in this order. It
 * isn't asked, so that nobody is silent who doesn't answer. */
#define QUESTION_ACCEPTS "Accepts"
#define QUESTION_TENTATIVE "Tentative"
#define QUESTION_DECLINES "Declines"
Question *question_of_event(const char *slug, const char *title);

/* The same from the text of a block. `info` is what stands behind the colons ("answer
 * school-support"), `body` the lines between. Items begin with "-", "*", "+" or a number; an indented
 * line goes on with the one above. NULL with DATA, and the number of the wrong line of the body, from
 * 1, or 0 for the first line of colons, in `line`. */
Question *question_parse(const char *info, const char *body, guint *line, GError **error);

/* Whether what stands behind the colons begins a question: "answer ..." or "acknowledge ...". */
gboolean question_is_info(const char *info);

/* The same words without what mail programs and people change in them: case, kinds of blanks and
 * dashes, quotes, commas, punctuation at the ends. "" where no letter or digit stands. Newly allocated. */
char *question_fold(const char *words);

/* Answers, as the reader's mail program is to write them; all newly allocated. `token` may be a tag
 * that a merge replaces ("{{letter.answer}}"): it is put in as it is. question_mailto percent-encodes
 * all else (RFC 6068: a blank is %20, a line end %0D%0A). */
char *question_subject(const Question *self, guint choice, const char *token);
char *question_body(const Question *self, guint choice, const char *token);
char *question_mailto(const Question *self, guint choice, const char *token, const char *address);

/* The questions of a letter that have a slug: the first, or NULL. Of Question. Borrowed. */
const Question *questions_find(const GPtrArray *questions, const char *slug);

#endif
