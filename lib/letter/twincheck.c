/* twincheck - whether those who have one letter together would have had the same */
#include "letter/twincheck.h"

#include <string.h>

#include "sheet/cell.h"

enum { SHOWN = 3 }; /* fields that a finding names */

typedef struct {
    const Letter *letter;
    Findings *findings;
    guint seen;
} Check;

static const char *text_of(const Value *fields, const char *name)
{
    const Value *value = value_get(fields, name);
    return value && value_kind(value) == VALUE_TEXT ? value_text(value) : "";
}

static gboolean compare(void *user, const AudienceTwin *twin)
{
    Check *self = user;
    g_autoptr(GString) differs = g_string_new(NULL);
    guint count = 0;
    for (const char *const *name = letter_fields(self->letter); *name; name++) {
        const char *own = text_of(twin->fields, *name), *first = text_of(twin->first_fields, *name);
        if (strcmp(own, first) == 0 || count++ >= SHOWN)
            continue;
        g_autofree char *quoted = cell_quote(own), *other = cell_quote(first);
        g_string_append_printf(differs, "%s%s ('%s', not '%s')", differs->len ? ", " : "", *name,
                               quoted, other);
    }
    if (count > SHOWN)
        g_string_append_printf(differs, " and %u more", count - SHOWN);
    if (count)
        findings_add(self->findings, FINDING_WARNING, twin->file, twin->line, "twin-differs",
                     "%s has the letter of %s, who has the same address; their own would differ in "
                     "%s: 'group: email' has both in one letter",
                     twin->key, twin->first_key, differs->str);
    return ++self->seen < TWINCHECK_MAX;
}

gboolean twins_check(const Letter *letter, Audience *audience, Findings *findings, GError **error)
{
    Check self = {letter, findings, 0};
    return audience_each_twin(audience, compare, &self, error);
}
