/* digest_run_parts - what the files of an issue share (private to lib/digest)
 *
 * digest/digest_run.c leads: gathers, decides, composes. digest/digest_run_check.c finds what is wrong,
 * digest/digest_run_plan.c plans.
 */
#ifndef DIGEST_DIGEST_RUN_PARTS_H
#define DIGEST_DIGEST_RUN_PARTS_H

#include "digest/digest_run.h"

struct DigestRun {
    const Workspace *workspace;
    DigestConfig config;
    DigestHistorySpec spec;
    NewnessNow clock; /* now; `spec.now` is when the letters leave */
    Ledger *ledger;   /* borrowed; NULL: nothing is on record */
    char *shown;      /* how the composed update is called: "notices/weekly-2027-01-11" */
    char *layout;
    gsize layout_length;

    GPtrArray *notices; /* of Bulletin, by name */
    GArray *tallies;    /* of DigestRunNotice, one each */
    guint8 *chosen;     /* of one recipient: 0, 1 or 2 (had an earlier revision), by notice */
    guint8 *ordered;    /* the same by item of the digest */
    guint *items;       /* of each notice: its item in the digest plus 1, or 0 */
    guint64 letters;
    DigestHistory *round;
    Audience *audience;
    Digest *digest;
    Bundle *bundle;
    LetterSettings *settings;
    Letter *letter;
};

/* Decides what is new to a recipient, into `chosen`; how many. With fewer than min_items it is 0,
 * and `why` (may be NULL) is set. */
guint digest_run_decide(DigestRun *self, const Recipient *recipient, Why *why);

/* The same put in the order of the digest's items. */
const guint8 *digest_run_order(DigestRun *self);

/* Sets `why` when the address gets nothing at all. FALSE with error. */
gboolean digest_run_suppressed(const DigestRun *self, const Recipient *recipient, Why *why,
                               GError **error);

/* issue_check.c: what the ledger knows of the notices; what the letter wants of the recipients. */
gboolean digest_run_check_known(const DigestRun *self, Findings *findings, GError **error);
/* Notices whose `for` chooses none of the recipients, when all were counted. */
void digest_run_check_nobody(const DigestRun *self, Findings *findings);
gboolean digest_run_check_fields(DigestRun *self, Findings *findings, GError **error);

#endif
