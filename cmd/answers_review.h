/* answers_review - the answers that a person should read: listed, and decided one by one
 */
#ifndef CMD_ANSWERS_REVIEW_H
#define CMD_ANSWERS_REVIEW_H

#include "workspace/workspace.h"

/* Lists those that wait, of one letter or (NULL) of all. */
gboolean answers_review(const Workspace *workspace, const char *id, gboolean as_json,
                        GError **error);

/* Counts one with a choice, in its words; or takes it off the list (NULL). `question` names one where
 * the letter asks several; may be NULL. */
gboolean answers_decide(const Workspace *workspace, gint64 number, const char *choice,
                        const char *question, GError **error);

#endif
