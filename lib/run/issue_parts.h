/* issue_parts - what the files of an issue share (private to lib/run)
 *
 * run/issue.c leads: gathers, decides, composes. run/issue_check.c finds what is wrong,
 * run/issue_plan.c plans.
 */
#ifndef RUN_ISSUE_PARTS_H
#define RUN_ISSUE_PARTS_H

#include "run/issue.h"

struct Issue {
    const Workspace *workspace;
    DigestConfig config;
    RoundSpec spec;
    Ledger *ledger; /* borrowed; NULL: nothing is on record */
    char *shown;    /* how the composed update is called: "notices/weekly-2027-01-11" */
    char *layout;
    gsize layout_length;

    GPtrArray *notices; /* of Bulletin, by name */
    GArray *tallies;    /* of IssueNotice, one each */
    guint8 *chosen;     /* of one recipient: 0, 1 or 2 (had an earlier revision), by notice */
    guint8 *ordered;    /* the same by item of the digest */
    guint *items;       /* of each notice: its item in the digest plus 1, or 0 */
    guint64 letters;
    Round *round;
    Audience *audience;
    Digest *digest;
    Bundle *bundle;
    LetterSettings *settings;
    Letter *letter;
};

/* Decides what is new to a recipient, into `chosen`; how many. With fewer than min_items it is 0,
 * and `why` (may be NULL) is set. */
guint issue_decide(Issue *self, const Recipient *recipient, Why *why);

/* The same put in the order of the digest's items. */
const guint8 *issue_order(Issue *self);

/* Sets `why` when the address gets nothing at all. FALSE with error. */
gboolean issue_suppressed(const Issue *self, const Recipient *recipient, Why *why, GError **error);

/* issue_check.c: what the ledger knows of the notices; what the letter wants of the recipients. */
gboolean issue_check_known(const Issue *self, Findings *findings, GError **error);
gboolean issue_check_fields(Issue *self, Findings *findings, GError **error);

#endif
