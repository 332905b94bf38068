/* digest_show - a digest for people and for machines: the plan, the dry run, the previews
 */
#ifndef CMD_DIGEST_SHOW_H
#define CMD_DIGEST_SHOW_H

#include "digest/digest_run.h"

/* Subject, notices and counts of a plan; what comes next, unless it is sent now. */
void digest_say_plan(const Workspace *workspace, const DigestConfig *config, const DigestRun *issue,
                     const Plan *plan, gboolean sent_now);

/* Each notice with what becomes of it, each recipient with what comes and why. */
gboolean digest_say_dry_run(const DigestConfig *config, DigestRun *issue, GError **error);

/* The same as JSON, schema circular-digest/1. */
void digest_json_plan(Ledger *ledger, const DigestConfig *config, const DigestRun *issue,
                      const Plan *plan, const Findings *findings);
gboolean digest_json_dry_run(const DigestConfig *config, DigestRun *issue, const Findings *findings,
                             GError **error);

/* Writes KEY.html, KEY.txt and KEY.eml of all who would get a letter. */
gboolean digest_preview(DigestRun *issue, const char *folder, GError **error);

#endif
