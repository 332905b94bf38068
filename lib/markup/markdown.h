/* markdown - an update's Markdown, read once into a tree
 *
 * CommonMark through cmark with smart punctuation, raw HTML off. Mustache tags are set aside before
 * cmark sees the text and put back by whoever writes the tree (render/body.h), so a field can stand
 * in text, in a link's target or title, in a heading, in a table's cell and in code, and is never
 * Markdown itself. A section's tags alone on their lines may enclose blocks or list items; within a
 * line, words.
 */
#ifndef MARKUP_MARKDOWN_H
#define MARKUP_MARKDOWN_H

#include <glib.h>

#include "base/finding.h"

/* Parts: a comment {{!circular:part}} alone on its line begins a part that is read by itself, so
 * that no code, list or link definition of one reaches into another; below {{!circular:part 3}}
 * headings go three levels down. For letters made of several files (digest/digest.h). What stands
 * between "::: cy" and ":::" is in that language; between "::: signature" and ":::" it is a name, a
 * role and perhaps a picture; "::: note" and its like make a callout; "::: answer" and "::: acknowledge"
 * ask a question (fact/question.h), "::: event" tells of an event (calendar/event.h). A heading may
 * end in {#name}, to which [text](#name) leads. */

enum {
    MARKDOWN_SOURCE_MAX = 256 << 10, /* bytes; cmark 0.30 has quadratic corners beyond it */
    MARKDOWN_DEPTH_MAX = 100,        /* blocks within blocks */
    MARKDOWN_SPANS_MAX = 100         /* emphases and links within one another */
};

/* A local image to be embedded: the page refers to it as cid:CID. */
typedef struct {
    char *path; /* as written in the source, unescaped */
    char *cid;  /* "image1@circular.invalid", until whoever reads the file sets it */
    char *alt;  /* where it stands first */
    guint line;
    guint width; /* in pixels; 0 until whoever reads the file sets it, before body_html: Outlook
                  * shows a picture that has no width attribute at its full size */
} MarkdownImage;

typedef struct Markdown Markdown;

/* Reads. NULL when an error was added to `findings` (limits, crossed sections, a section that opens
 * in one paragraph and closes in another, a table whose CSV is broken, an image without alternative
 * text is an error too). Warnings: raw HTML left out, remote image turned into a link. `first_line`
 * is the number that `source`'s first line has in `file` (front matter comes before it). */
Markdown *markdown_new(const char *source, gsize length, const char *file, guint first_line,
                       Findings *findings);
void markdown_free(Markdown *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Markdown, markdown_free)

/* Whether the letter is written from right to left; blocks of the other direction say so. */
void markdown_set_direction(Markdown *self, gboolean rtl);

/* Puts a numbered list of the letter's sections before the first of them, under words in that
 * language where they are known; nothing when there are fewer than two. A block in another language
 * has a list of its own. Returns how many the longest has. */
guint markdown_add_contents(Markdown *self, const char *lang);

/* Has readers of whom the field is true get every two neighbouring blocks of different languages the
 * other way round. FALSE when there are none. To be called once, before the tree is written. */
gboolean markdown_set_swap(Markdown *self, const char *field, guint line);

/* The questions and events in order; of Question and Event, owned by the Markdown. */
const GPtrArray *markdown_questions(const Markdown *self);
const GPtrArray *markdown_events(const Markdown *self);

/* Gives questions buttons, which write to that address, and shows events, in that language where
 * there is no block of another. The token of an answer is the field letter.answer. To be called once,
 * before the tree is written; `answers` is not NULL where there are questions. */
void markdown_dress(Markdown *self, const char *lang, const char *answers);

/* The local images in order, each path once; of MarkdownImage, owned by the Markdown. */
const GPtrArray *markdown_images(const Markdown *self);

/* The text of the first heading as a template's source, or NULL. Owned by the Markdown. */
const char *markdown_title(const Markdown *self);

/* Whether the body begins with a heading 1, which every recipient gets. If not, the layout shows
 * the subject as heading 1 and the body's headings begin at 2. They never skip a level either way.
 */
gboolean markdown_has_title(const Markdown *self);

/* "cmark 0.30.2", of the one that runs. Newly allocated. */
char *markdown_library(void);

#endif
