/* digest - notices composed into one update, whose sections decide what each recipient gets of it
 *
 * The update holds every notice that anybody may get: the pinned ones first, then events by their
 * date, then the others by topic; above them a list of contents that leads to each. Every notice,
 * and all that only it needs, stands in a section on a yes-or-no field, so that a digest is
 * planned, frozen and sent as any other letter is. Each notice is a part of its own
 * (markup/markdown.h).
 *
 * Fields of the composed update, N being a notice's number from 1:
 *   digest_N          this recipient gets notice N
 *   digest_N_updated  and had an earlier revision of it
 *   digest_group_N    gets something of a group
 *   digest_contents   gets so much that a list of contents helps
 *   digest_count      how many ("4"); digest_items with its word ("4 items")
 *   digest_dates      gets an event, and so a calendar file (digest/digest_calendar.h)
 *   digest_title, digest_date, digest_week   the digest's title, the day, its week's Monday
 */
#ifndef DIGEST_DIGEST_H
#define DIGEST_DIGEST_H

#include "base/value.h"
#include "digest/notice.h"

enum {
    DIGEST_NOTICES_MAX = 200, /* in one digest */
    DIGEST_CONTENTS_MIN = 2,  /* from so many on there is a list of contents */
    DIGEST_PREHEADER_MAX = 6  /* titles in the line beside the subject */
};

typedef struct {
    const char *title;        /* "Northmere notices" */
    const char *subject;      /* Mustache */
    const char *subject_file; /* where that stands, for findings */
    guint subject_line;
    const char *layout; /* Markdown with front matter around the notices, or NULL */
    gsize layout_length;
    const char *layout_file;
    const char *const *topics; /* their order; others follow in that of the alphabet */
    const char *contents, *pinned, *events, *other, *updated; /* headings, and the mark */
    Day today;
} DigestSpec;

typedef struct {
    const Notice *notice; /* borrowed */
    char *flag, *updated; /* "digest_3", "digest_3_updated" */
    guint group;          /* index */
} DigestItem;

typedef struct Digest Digest;

/* Composes; `notices` (of Bulletin) have to outlive it. NULL when an error was added to `findings`:
 * the layout's front matter is wrong, or has {{digest}} not alone on its line or twice; over
 * DIGEST_NOTICES_MAX. */
Digest *digest_new(const DigestSpec *spec, const GPtrArray *notices, Findings *findings);
void digest_free(Digest *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Digest, digest_free)

/* The update. Borrowed. */
GBytes *digest_update(const Digest *self);

/* The day that it is of. */
Day digest_today(const Digest *self);

/* Its notices in the order in which they stand. */
guint digest_length(const Digest *self);
const DigestItem *digest_item(const Digest *self, guint index);

/* Gives the findings of `from` that are about the composed update, called `file` there, their own
 * places; and all others as they are. */
void digest_place_findings(const Digest *self, const char *file, const Findings *from,
                           Findings *to);

/* Where a line of the composed update came from. Borrowed. */
const char *digest_origin(const Digest *self, guint line, guint *its_line);

/* Sets the fields of one recipient, who gets those of the items whose place in `chosen` is not 0,
 * and has had an earlier revision of those where it is 2. Returns how many. */
guint digest_set_fields(const Digest *self, const guint8 *chosen, Value *map);

/* The names of the fields that it sets, NULL-terminated; borrowed. */
const char *const *digest_fields(const Digest *self);

#endif
