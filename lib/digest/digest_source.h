/* digest_source - a digest as the config describes it, and the notices in its folder
 */
#ifndef DIGEST_DIGEST_SOURCE_H
#define DIGEST_DIGEST_SOURCE_H

#include "digest/digest.h"
#include "list/terms.h"
#include "workspace/sendhours.h"
#include "workspace/workspace.h"

enum { DIGEST_SOURCE_FILES_MAX = 5000 }; /* notices in one folder */

/* All texts are borrowed from the settings; paths are resolved. */
typedef struct {
    const char *name, *title, *audience, *schedule; /* schedule: NULL if unset */
    const char *config_file;
    guint schedule_line;                 /* in the config, of the schedule */
    const char *notices, *notices_shown; /* the folder, and as the config has it */
    const char *layout, *layout_shown;   /* or NULL */
    const char *terms, *terms_shown;     /* or NULL */
    OutsideTerm outside;
    gboolean skip_broken, quiet_when_empty;
    guint min_items, first_days;
    const SendHours *hours; /* of the letters; borrowed, NULL: at any time */
    gint64 leaves;          /* when they leave, if that is later than now (microseconds); else 0 */
    DigestSpec spec;        /* but for the layout's bytes and the day */
} DigestConfig;

/* FALSE with USAGE and a "did you mean" when the config has no digest of that name. */
gboolean digest_source_config(const Workspace *workspace, const char *name, DigestConfig *config,
                              GError **error);

/* The notices of the folder by name, but for those whose file is in `skipped` (may be NULL); of
 * Bulletin. What is wrong with one is a finding, and it is left out. NULL with NOINPUT when the
 * folder can't be read, DATA when it holds over DIGEST_SOURCE_FILES_MAX. */
GPtrArray *digest_source_notices(const DigestConfig *config, GHashTable *skipped,
                                 Findings *findings, GError **error);

/* Whether it is term. When it isn't, `why` says so, with the next term's first day (newly
 * allocated). A broken sheet is findings, and term. FALSE with error. */
gboolean digest_source_term(const DigestConfig *config, Day today, Findings *findings,
                            gboolean *is_term, char **why, GError **error);

#endif
