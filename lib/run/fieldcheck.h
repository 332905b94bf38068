/* fieldcheck - whether an audience has every field that a letter uses
 */
#ifndef RUN_FIELDCHECK_H
#define RUN_FIELDCHECK_H

#include "base/finding.h"
#include "letter/letter.h"
#include "list/audience.h"

/* Adds findings, by the update's file and line:
 *
 *   error   unknown-field   a field that the audience doesn't have, with a "did you mean"; a
 * warning where a section guards it error   missing-value   a field that no section guards and some
 * recipient or row lacks: how many, and the first error   flag-value      a flag as if it were a
 * text error   rows-value      rows as if they were a text, or a column of theirs outside of them
 *
 * FALSE with `error` when the list can't be read. */
gboolean fields_check(const Letter *letter, Audience *audience, const char *audience_name,
                      Findings *findings, GError **error);

/* A map with "[name]" for every field, and two rows where it asks for their number: a letter with
 * the names shown instead of values. To be freed. */
Value *fields_as_names(const Letter *letter);

#endif
