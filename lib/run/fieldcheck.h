/* fieldcheck - whether an audience has every field that a letter uses
 */
#ifndef RUN_FIELDCHECK_H
#define RUN_FIELDCHECK_H

#include "base/finding.h"
#include "letter/letter.h"
#include "list/audience.h"

/* Adds an error for each unguarded field that the audience doesn't have or that some recipient
 * lacks, with the update's file and line, a "did you mean" or the first recipient without it; a
 * warning for a guarded field that the audience doesn't have at all. FALSE with `error` when the
 * list can't be read. */
gboolean fields_check(const Letter *letter, Audience *audience, const char *audience_name,
                      Findings *findings, GError **error);

/* A map with "[name]" for every field: a letter with the names shown instead of values. To be
 * freed. */
Value *fields_as_names(const Letter *letter);

#endif
