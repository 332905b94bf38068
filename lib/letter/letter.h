/* letter - an update set into its layouts, ready to be merged with one recipient after another
 *
 * letter_compile does once all that is the same for everyone: front matter, Markdown, layouts,
 * images, MIME. letter_write then only escapes, encodes and splices values; it gives the same
 * bytes for the same recipient, plan after plan.
 */
#ifndef LETTER_LETTER_H
#define LETTER_LETTER_H

#include <glib.h>

#include "base/finding.h"
#include "base/value.h"
#include "letter/bundle.h"
#include "mail/address.h"
#include "mail/splice.h"

enum {
    LETTER_SIZE_MAX = 25 << 20, /* bytes of one message: what the large providers take */
    LETTER_ATTACHMENTS_MAX = 20
};

typedef struct Letter Letter;

/* What marks a copy for the office is a map among the fields, LETTER_MARK, of two texts: the key of
 * whose letter it is, for the subject and the header X-Circular-Copy, and key and name in words,
 * which the layouts show as {{letter.copy_of}}. A list's column of that name is no map, and no
 * letter can name it: "letter" is a constant. */
#define LETTER_MARK "letter"
#define LETTER_COPY_KEY "copy_key"
#define LETTER_COPY_OF "copy_of"

/* What makes a letter the correction of an earlier one stands in the same map: that one's subject
 * and day, which the layouts show as {{letter.corrects}} and {{letter.corrects_on}}, and the message
 * ids that its reader knows it by (mail/compose.h, `thread`). A layout that doesn't name
 * letter.corrects gets a paragraph at the top of the text that says so. */
#define LETTER_CORRECTS "corrects"
#define LETTER_CORRECTS_ON "corrects_on"
#define LETTER_THREAD "thread"

/* What a letter needs of the configuration, as a map that a plan freezes; its keys:
 * audience, from, reply_to, lang, list_id, list_name, unsubscribe (an address), answers (the address
 * that answers to its questions go to, where one is set), office.name, office.address,
 * office.contact (as a map "office"); pictures, "keep" for those that are to be sent as they are;
 * auto_submitted, not empty for a letter that no person sent (Auto-Submitted, RFC 3834); zone, of the
 * times of events; of a planned letter with events LETTER_CALENDAR (calendar/ical.h). Front matter
 * wins over from, reply_to and lang. */
typedef Value LetterSettings;

#define LETTER_ZONE "Europe/London" /* where the settings have none */

/* A map of three texts: what its events are known by, corrections before it, seconds since 1970. */
#define LETTER_CALENDAR "calendar"
#define LETTER_CALENDAR_MAILING "mailing"
#define LETTER_CALENDAR_SEQUENCE "sequence"
#define LETTER_CALENDAR_STAMP "stamp"

/* Compiles. NULL when an error was added to `findings`. Whatever it reads is kept in `bundle`,
 * which has to outlive the letter. A missing subject is an error unless `draft`, which is for
 * looking at what isn't finished: then, too, a missing image is left out instead of stopping. */
Letter *letter_compile(Bundle *bundle, const LetterSettings *settings, gboolean draft,
                       Findings *findings);
void letter_free(Letter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Letter, letter_free)

/* Subject template, From, audience of the front matter (or NULL). Borrowed. */
const char *letter_subject_template(const Letter *self);
const Address *letter_from(const Letter *self);
const char *letter_audience(const Letter *self);

/* Its language, "" if none is set; what is corrected, of a front matter that says so, or NULL.
 * Borrowed. */
const char *letter_lang(const Letter *self);
const char *letter_correction(const Letter *self);

/* What it asks (fact/question.h) and the events it tells of (calendar/event.h), in the order of the
 * text; of Question and Event. Borrowed. */
const GPtrArray *letter_questions(const Letter *self);
const GPtrArray *letter_events(const Letter *self);

/* All that can be answered: its questions, and then its events (question_of_event). Of Question,
 * borrowed for as long as the letter lives; the array is to be unreffed. */
GPtrArray *letter_answerable(const Letter *self);

/* Every use of a field, in update and layouts; of TemplateUse. Borrowed. */
const GPtrArray *letter_uses(const Letter *self);

/* Whether a copy's `answer` stands anywhere in it. */
gboolean letter_shows_answer(const Letter *self);

/* The names of fields it uses, sorted, NULL-terminated: what a plan freezes. Borrowed. */
const char *const *letter_fields(const Letter *self);

typedef struct {
    const char *to, *to_name; /* an Address.spec, and the display name or "" */
    const Value *fields;      /* a map */
    const char *message_id;   /* with angle brackets */
    const char *date;         /* RFC 5322 */
    const char *delivery;     /* X-Circular-Delivery, or NULL */
    const char *unsubscribe;  /* a mailto: URI for List-Unsubscribe and wherever the layouts name
                               * letter.unsubscribe; NULL: the letter's own, if any */
    const char *answer; /* the token of answers to its questions; NULL: one that proves nothing */
} LetterCopy;

/* Makes the whole message, CRLF lines, no dot-stuffing, of pieces: all that is the same for everyone
 * is the letter's and borrowed from it. FALSE with DATA or NOINPUT: an attachment of this recipient
 * is missing or its path unsafe, the message is over LETTER_SIZE_MAX. */
gboolean letter_splice(const Letter *self, const LetterCopy *copy, Splice *out, GError **error);

/* Appends the same bytes. */
gboolean letter_write(const Letter *self, const LetterCopy *copy, GString *out, GError **error);

/* The parts as a person sees them, newly allocated: the page with its images as data: URIs, the
 * plain text, the subject. NULL with error. letter_page is the page as it is sent, with cid: URIs.
 */
char *letter_html(const Letter *self, const Value *fields, GError **error);
char *letter_page(const Letter *self, const Value *fields, GError **error);
char *letter_text(const Letter *self, const Value *fields, GError **error);
char *letter_subject(const Letter *self, const Value *fields, GError **error);

/* Whether recipients have attachments of their own. Any number of threads may write copies of a
 * letter that has none; the others' are read from the bundle. */
gboolean letter_has_own_files(const Letter *self);

/* The bundle names of the attachments that this recipient gets and others may not; to be freed
 * with g_strfreev. NULL with DATA for an unsafe path. */
char **letter_own_files(const Letter *self, const Value *fields, GError **error);

#endif
