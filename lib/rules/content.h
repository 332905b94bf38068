/* content - the rules about what an update says
 *
 * Pure: an update, what it is read against, and findings. Each part of it is a file of its own:
 * headings and prose, dates, links.
 */
#ifndef RULES_CONTENT_H
#define RULES_CONTENT_H

#include "base/finding.h"
#include "config/front.h"
#include "render/outline.h"

enum { CONTENT_SUBJECT_MAX = 60 }; /* characters */

typedef struct {
    const char *file; /* the update, for findings */
    const Front *front;
    const Outline *outline;
    const GPtrArray *images;             /* of MarkdownImage */
    const GPtrArray *questions, *events; /* of Question, Event; NULL for none */
    const char *lang;                    /* "en-GB" */
    guint today;                         /* dates_number() of the day on which it is checked */
    guint reference;                     /* of the letter's own date; `today` when it has none */
    Findings *findings;
} Content;

/* Fills `reference` from the front matter's date and `today`. */
void content_date(Content *self);

/* All rules about content. */
void content_check(const Content *self);

/* Those of them about words, which a text within a letter is asked, too. */
void content_words(const Content *self);

/* Makes a text of the front matter a paragraph of one line, to be freed with the other. FALSE when
 * it is unset. */
gboolean content_front(const FrontText *text, OutlineBlock *block);
void content_front_free(OutlineBlock *block);

/* Its parts. */
void content_prose(const Content *self);
void content_phrases(const Content *self);
void content_slips(const Content *self);
void content_lines(const Content *self);
void content_dates(const Content *self);
void content_links(const Content *self);

/* Whether that block is in English: rules that know words ask. */
gboolean content_is_english(const Content *self, const OutlineBlock *block);

#endif
