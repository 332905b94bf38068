/* recipients - the recipients of one or several audiences as one stream, each person once
 *
 * Audiences are named in one text, "heads, ceos": what a mailing has as its audience. Who is in
 * two of them gets the letter of the first that is named, by address as within an audience; the
 * same key with another address gets another letter.
 */
#ifndef PLAN_RECIPIENTS_H
#define PLAN_RECIPIENTS_H

#include "workspace/workspace.h"

enum { RECIPIENTS_MAX = 8 }; /* audiences */

typedef struct Recipients Recipients;

/* Opens all, with their findings, and checks the letter's fields against each (letter/fieldcheck.h).
 * NULL as workspace_audience; USAGE for a name that stands there twice, or over RECIPIENTS_MAX. */
Recipients *recipients_open(const Workspace *workspace, const char *names, const Letter *letter,
                            Findings *findings, GError **error);

/* Those of one audience that is open, and stays the caller's. */
Recipients *recipients_of(Audience *audience, const char *name);
void recipients_free(Recipients *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Recipients, recipients_free)

/* Of all together; recipients_most is how many letters there are at most. */
guint64 recipients_rows(const Recipients *self);
guint64 recipients_chosen(const Recipients *self);
guint64 recipients_most(const Recipients *self);

typedef struct {
    const Recipient *recipient;
    const char *audience;
    const char *same_as; /* "100003 in heads" has this address too: no letter; else NULL */
} AudienceRecipient;

/* Notes what became of the one that was given last: a letter was frozen for it, so that its address
 * is taken from now on; or `why` there is none. */
gboolean recipients_take(Recipients *self, GError **error);
gboolean recipients_leave_out(Recipients *self, const Why *why, GError **error);

/* From now on these are remembered for one audience, too: where a letter may be left out for more
 * than its address. IO. */
gboolean recipients_remember(Recipients *self, GError **error);

/* The next one, audience after audience, borrowed until the next call; NULL at the end or with
 * `error`. recipients_rewind starts again. */
const AudienceRecipient *recipients_next(Recipients *self, GError **error);
gboolean recipients_rewind(Recipients *self, GError **error);

/* Who is left out within their own audience; NULL at the end or with `error`. */
const Exclusion *recipients_next_excluded(Recipients *self, GError **error);

/* Of the exclusion that was given last, the twin of another row: its audience; and why there is no
 * letter to its address, or whose that is where it is another than the exclusion says (`why` is
 * left alone else). `taken` says whether the address is known to have a letter. */
const char *recipients_excluded_audience(const Recipients *self);
gboolean recipients_twin(Recipients *self, const Exclusion *twin, Why *why, gboolean *taken,
                         GError **error);

#endif
