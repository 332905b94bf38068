/* leftover - what a spreadsheet or another program left in a cell in place of a value
 *
 * One list of rules for all who look at values before a letter leaves.
 */
#ifndef LETTER_LEFTOVER_H
#define LETTER_LEFTOVER_H

typedef enum {
    LEFTOVER_NONE,
    LEFTOVER_BLANK, /* people's word for nothing: TBC, Vacant, n/a, -; in a table it may be meant */
    LEFTOVER_DOUBT, /* hardly what somebody meant: NULL, an entity or a tag of HTML, =A1, 4.47E+11, «Name» */
    LEFTOVER_ERROR, /* never: #N/A, Err:502, ########, Loading..., _x000D_, ="Smith, {{name}} */
    LEFTOVERS
} Leftover;

/* What a value is; `value` is UTF-8. Errors are found as words within it, too: a name that was put
 * together from two cells is "#N/A #N/A". */
Leftover leftover_find(const char *value);

#endif
