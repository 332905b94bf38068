/* fieldcheck - whether an audience has every field that a letter uses
 */
#ifndef LETTER_FIELDCHECK_H
#define LETTER_FIELDCHECK_H

#include "base/finding.h"
#include "template/template.h"
#include "letter/letter.h"
#include "list/audience.h"

/* Adds findings, by the update's file and line:
 *
 *   error   unknown-field   a field that the audience doesn't have, with a "did you mean"; a
 * warning where a section guards it error   missing-value   a field that no section guards and some
 * recipient or row lacks: how many, and the first error   flag-value      a flag as if it were a
 * text error   rows-value      rows as if they were a text, or a column of theirs outside of them
 *
 * and those of letter/twincheck.h.
 *
 * FALSE with `error` when the list can't be read. */
gboolean fields_check(const Letter *letter, Audience *audience, const char *audience_name,
                      Findings *findings, GError **error);

/* For a letter that not all of an audience get: `own` are fields that its caller sets
 * (NULL-terminated), and `wanted` is called with each use of a field that all who get the line must
 * have, or (`of_rows`) each row of their address, which then is for the caller to check. */
typedef struct {
    const char *const *own;
    void (*wanted)(void *user, const TemplateUse *use, gboolean of_rows);
    void *user;
} FieldsHook;

/* The same; `hook` may be NULL. */
gboolean fields_check_hooked(const Letter *letter, Audience *audience, const char *audience_name,
                             const FieldsHook *hook, Findings *findings, GError **error);

/* A map with "[name]" for every field, and two rows where it asks for their number: a letter with
 * the names shown instead of values. To be freed. */
Value *fields_as_names(const Letter *letter);

#endif
