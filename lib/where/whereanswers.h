/* whereanswers - what is known of who answered a letter's question, for expressions that ask it
 *
 * answered('school-support') and answered('school-support', 'Yes') are asked of the key of a row.
 * The records are not this room's: whoever opens a list of people with keys brings them
 * (workspace/answered.h).
 */
#ifndef WHERE_WHEREANSWERS_H
#define WHERE_WHEREANSWERS_H

#include <glib.h>

typedef enum { TRUTH_FALSE, TRUTH_TRUE, TRUTH_UNKNOWN } Truth;

typedef struct {
    /* Reads what is known of a question, before any row is asked; more than once is fine. */
    gboolean (*load)(void *user, const char *question, GError **error);
    /* Whether the row with that key has answered it (with that choice; NULL: with any). Unknown for
     * a key that had no letter that asked, and where a person has still to read what it wrote. */
    Truth (*ask)(void *user, const char *key, const char *question, const char *choice);
    /* Why nothing can come of asking that: no letter asked the question, or it has no such choice.
     * Newly allocated, NULL where all is well. */
    char *(*doubt)(void *user, const char *question, const char *choice);
    void *user;
} WhereAnswers;

#endif
