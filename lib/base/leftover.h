/* leftover - what a spreadsheet or another program left in a cell in place of a value
 *
 * One list of rules for all who look at values before a letter leaves.
 */
#ifndef BASE_LEFTOVER_H
#define BASE_LEFTOVER_H

typedef enum {
    LEFTOVER_NONE,
    LEFTOVER_DOUBT, /* hardly what somebody meant: TBC, n/a, NULL, an entity of HTML */
    LEFTOVER_ERROR, /* never: #N/A, Err:502, ########, Loading..., _x000D_, ="Smith, {{name}} */
    LEFTOVERS
} Leftover;

/* What a value is; `value` is UTF-8. */
Leftover leftover_find(const char *value);

#endif
