/* notice - one notice of a digest: a Markdown file with front matter that says when and for whom
 *
 *   ---
 *   title: Parking at the summer fair    (Mustache)
 *   date: 2027-01-11                     the day from which it goes out
 *   for: Phase = 'Primary'               SQL over the recipient's row; or `audience`; none: all
 *   topic: Events                        under which heading
 *   event: 2027-06-19 10:00              when it takes place; the notice expires with it
 *   expires: 2027-06-01                  the last day on which it goes out
 *   pinned: yes                          before all others
 *   revision: 2                          goes out again to those who had a lesser one
 *   ---
 *
 * Its name, by which the ledger knows it, is that of the file.
 */
#ifndef DIGEST_NOTICE_H
#define DIGEST_NOTICE_H

#include "text/day.h"
#include "base/finding.h"
#include "config/front.h"

enum {
    NOTICE_BYTES_MAX = 64 << 10,
    NOTICE_TITLE_MAX = 200, /* bytes, also of a topic */
    NOTICE_NAME_MAX = 100,  /* bytes of a file's name */
    NOTICE_REVISION_MAX = 9999
};

typedef struct {
    char *file;               /* as findings call it: "notices/parking.md" */
    char *name;               /* "parking.md" */
    FrontText title;          /* Mustache */
    FrontText chosen;         /* the expression, or NULL for everybody */
    FrontText topic;          /* or NULL */
    Day date, event, expires; /* 0: none; the date is always there */
    guint date_line, event_line, expires_line;
    int event_minutes; /* DAY_NO_TIME: all day */
    gboolean pinned;
    guint revision; /* from 1 */
    char *body;     /* Markdown */
    guint body_line;
    char *hash; /* SHA-256 of the file */
} Notice;

/* Reads. NULL when an error was added to `findings`, each by file and line: "front-matter" and
 * "unknown-key" as front_parse; "no-title", "no-date", "bad-date" (impossible, without a year),
 * "bad-value", "event-past" (the event comes before the notice's own date), "expires-past" (it
 * expires before it), "too-long"; and what markdown_new says of the body, which is read by itself:
 * what it opens it must close. Warnings of the body are not given: whoever takes it into a letter
 * has them again. */
Notice *notice_parse(const char *bytes, gsize length, const char *file, Findings *findings);

/* The same from disk; what keeps it from being read is a finding "unreadable". */
Notice *notice_load(const char *path, const char *file, Findings *findings);
void notice_free(Notice *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Notice, notice_free)

/* The title without its tags, for lists and reports; newly allocated. */
char *notice_title(const Notice *self);

/* "Wednesday 3 February 2027, 9:30am"; newly allocated, NULL without an event. */
char *notice_when(const Notice *self);

/* Whether it is over at that time of that day: past its last day, or the event has begun. */
gboolean notice_is_over(const Notice *self, Day today, int minutes);

#endif
