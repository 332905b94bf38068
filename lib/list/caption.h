/* caption - what a person calls a row of a list, and the telephone to reach it by
 *
 * "St Brigid's", and not 900003: an officer who has to call somebody knows schools by their names.
 */
#ifndef LIST_CAPTION_H
#define LIST_CAPTION_H

#include "list/fieldset.h"

typedef enum { CAPTION_LABEL, CAPTION_PHONE, CAPTIONS } CaptionKind;

typedef struct Caption Caption;

/* Of what the config says: a field's name ("TelephoneNum") or Mustache ("{{School}}, {{Town}}");
 * NULL for the first column that is named as such a thing is ("SchoolName", "Telephone"), or for
 * nothing where there is none. What is wrong with the text is in `findings`, at that place. */
Caption *caption_new(CaptionKind kind, const char *text, const Fieldset *fields, const char *file,
                     guint line, Findings *findings);
void caption_free(Caption *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Caption, caption_free)

/* The column that is taken when none is named, borrowed, or NULL. */
const char *caption_likely(CaptionKind kind, const char *const *columns);

/* Of a row's fields, on one line, CAPTION_MAX bytes at most; "" where there is none. It is for
 * people, and no reason to fail. Newly allocated. */
enum { CAPTION_MAX = 200 };
char *caption_of(const Caption *self, const Value *fields);

#endif
