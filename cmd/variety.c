/* variety - the handful of recipients that a letter should be looked at for */
#include "variety.h"

#include "ui.h"

void variety_line(const VarietyPick *extreme)
{
    g_autofree char *key = ui_safe(extreme->key, 0);
    g_autofree char *why = ui_safe(extreme->why, 0);
    ui_say("  %-12s %s", key, why);
}

void variety_show(const GPtrArray *extremes, const char *update)
{
    const char *audience = NULL;
    for (guint i = 0; i < extremes->len; i++) {
        const VarietyPick *extreme = g_ptr_array_index(extremes, i);
        if (extreme->audience != audience)
            ui_say("Whose letters to look at (circular preview %s %s --variety writes them):",
                   update, extreme->audience);
        audience = extreme->audience;
        variety_line(extreme);
    }
}

void variety_json(JsonBuilder *json, const GPtrArray *extremes)
{
    json_builder_set_member_name(json, "variety");
    json_builder_begin_array(json);
    for (guint i = 0; extremes && i < extremes->len; i++) {
        const VarietyPick *extreme = g_ptr_array_index(extremes, i);
        json_builder_begin_object(json);
        json_text(json, "key", extreme->key);
        json_text(json, "address", extreme->address);
        json_text(json, "audience", extreme->audience);
        json_text(json, "why", extreme->why);
        json_text(json, "file", extreme->file);
        json_number(json, "line", extreme->line);
        json_builder_end_object(json);
    }
    json_builder_end_array(json);
}
