/* parts - what a compiled letter is made of (private to lib/letter)
 *
 * letter/compile.c fills it, letter/letter.c merges it.
 */
#ifndef LETTER_PARTS_H
#define LETTER_PARTS_H

#include "config/front.h"
#include "letter/letter.h"
#include "mail/compose.h"
#include "template/template.h"

/* The constants that each copy has for itself: places in `late` of options and sink. */
enum { LATE_UNSUBSCRIBE, LATE_ANSWER };
G_STATIC_ASSERT(LATE_ANSWER + 1 == TEMPLATE_LATE);

/* A template with its literals encoded once as quoted-printable pieces (mail/qp.h). */
typedef struct {
    Template *template;
    GPtrArray *encoded; /* of Constant, by the literal's number */
} LetterPart;

/* An embedded image, for showing a page outside a mail. */
typedef struct {
    char *cid, *path;
    GBytes *bytes; /* NULL in a draft whose image is missing */
} LetterImage;

struct Letter {
    Bundle *bundle; /* borrowed */
    Front *front;
    Address *from, *reply_to;
    char *lang, *unsubscribe;
    Template *subject;
    LetterPart html, text;
    GPtrArray *images;    /* of LetterImage */
    GPtrArray *own_files; /* of Template (TEMPLATE_PATH): attachments that differ by recipient */
    Compose *compose;
    GPtrArray *uses;    /* of TemplateUse, borrowed from the templates in `checked` */
    GPtrArray *checked; /* of Template */
    char **fields;
    GPtrArray *questions, *events; /* of Question, Event; NULL before the text is read */
    GPtrArray *event_questions;    /* of Question: the events as what can be answered */
};

#endif
