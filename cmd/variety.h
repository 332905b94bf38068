/* variety - the handful of recipients that a letter should be looked at for
 */
#ifndef CMD_VARIETY_H
#define CMD_VARIETY_H

#include <json-glib/json-glib.h>

#include "letter/variety.h"

/* Who they are and why, a line each, audience by audience, and how to see their letters. */
void variety_show(const GPtrArray *extremes, const char *update);

/* One of them. */
void variety_line(const VarietyPick *extreme);

/* The member "variety" of an open JSON object. */
void variety_json(JsonBuilder *json, const GPtrArray *extremes);

#endif
