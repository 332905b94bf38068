/* planning - what plan and send share: making a plan and showing it
 */
#ifndef CMD_PLANNING_H
#define CMD_PLANNING_H

#include <json-glib/json-glib.h>

#include "plan/plan.h"

/* Plans with progress and findings shown. `audience` NULL: the one that the update names. */
Plan *planning_make(const Workspace *workspace, const char *update, const char *audience,
                    gboolean again, gboolean missing, Findings *findings, GError **error);

/* The same with all options but the progress, which is shown; a letter in several audiences. */
Plan *planning_run(const Workspace *workspace, const PlanOptions *wanted, Findings *findings,
                   GError **error);

/* "new", "unchanged", "replaced", "empty"; for machines. */
const char *planning_news(const Plan *plan);

/* The mailing of an id that somebody typed; NOINPUT says how to find the right one. */
Mailing *planning_find(Ledger *ledger, const char *id, GError **error);

/* The same in the workspace's ledger, which isn't made by looking. */
Mailing *planning_find_in(const Workspace *workspace, const char *id, GError **error);

/* The audience that the update's front matter names; newly allocated. USAGE when it names none. */
char *planning_audience(const Workspace *workspace, const char *update, GError **error);

/* Subject, sender, audience, counts, and who is left out. */
gboolean planning_show(const Workspace *workspace, Ledger *ledger, const Plan *plan,
                       GError **error);

/* What follows a plan that was shown: it is sent where --yes or --at says so or somebody can be asked;
 * else the next command is told. */
gboolean planning_go_on(const Workspace *workspace, Ledger *ledger, const Mailing *mailing,
                        gboolean yes, const char *at, GError **error);

/* What is said of a mailing that has nothing left to send. */
const char *planning_nothing_left(const Mailing *mailing);

/* "31 sent, 2 deferred" of counts by state; newly allocated. */
char *planning_counts(const guint64 *counts);

/* The members of a mailing, and of those left out, into an open JSON object. */
void planning_json(JsonBuilder *json, const Mailing *mailing);
/* And who did what with it and when, as a member `events`. */
/* What `plan` and `correct` print of a plan, into the object that is open: its schema, the mailing where
 * there is one, its news, and who is left out. FALSE with error. */
gboolean planning_json_plan(JsonBuilder *json, Ledger *ledger, const Plan *plan, GError **error);
gboolean planning_json_events(JsonBuilder *json, Ledger *ledger, const Mailing *mailing,
                              GError **error);
gboolean planning_json_excluded(JsonBuilder *json, Ledger *ledger, const Mailing *mailing,
                                GError **error);

#endif
