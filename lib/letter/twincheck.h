/* twincheck - whether those who have one letter together would have had the same
 */
#ifndef LETTER_TWINCHECK_H
#define LETTER_TWINCHECK_H

#include "letter/letter.h"
#include "list/audience.h"

enum { TWINCHECK_MAX = 2000 }; /* rows that are looked at */

/* Adds a warning twin-differs for each row that has no letter because an earlier one has its
 * address, where a field that the letter shows has another value: in what, with both values. FALSE
 * with `error` when the list can't be read. */
gboolean twins_check(const Letter *letter, Audience *audience, Findings *findings, GError **error);

#endif
