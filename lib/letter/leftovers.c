/* leftovers - what programs left in the values that a letter shows, counted by field */
#include "letter/leftovers.h"

#include <string.h>

#include "sheet/cell.h"
#include "sheet/cellnumber.h"
#include "template/template.h"

/* A field that the letter shows, or asks for (a section). */
typedef struct {
    const char *name;
    const char *const *sections; /* around it: in one that is rows it may be a column of them */
    gboolean is_section;
    char *label; /* "'Head'", "'Head' of 'schools'" */
    /* Values that are "0", or TRUE or FALSE; texts, which are no number. What is a number among texts
     * is what a formula gives for an empty cell. */
    guint64 odd, texts, numbers;
    char *odd_first, *odd_key, *odd_file;
    guint odd_line, odd_column;
    guint64 doubts;
    char *first, *key, *file; /* of the first doubt, whose it is, and where */
    guint line, column;
} Shown;

struct Leftovers {
    GArray *shown; /* of Shown; the last two are the key, and the name in To */
};

static void clear(gpointer data)
{
    Shown *shown = data;
    g_free(shown->label);
    g_free(shown->first);
    g_free(shown->key);
    g_free(shown->file);
    g_free(shown->odd_first);
    g_free(shown->odd_key);
    g_free(shown->odd_file);
}

static gboolean is_known(const Leftovers *self, const TemplateUse *use)
{
    for (guint i = 0; i < self->shown->len; i++) {
        const Shown *one = &g_array_index(self->shown, Shown, i);
        if (g_str_equal(one->name, use->name) && one->is_section == use->is_section &&
            g_strv_equal(one->sections, use->sections))
            return TRUE;
    }
    return FALSE;
}

Leftovers *leftovers_new(const Letter *letter)
{
    Leftovers *self = g_new0(Leftovers, 1);
    const GPtrArray *uses = letter_uses(letter);
    self->shown = g_array_new(FALSE, FALSE, sizeof(Shown));
    g_array_set_clear_func(self->shown, clear);
    for (guint i = 0; i < uses->len; i++) {
        const TemplateUse *use = g_ptr_array_index(uses, i);
        if (is_known(self, use))
            continue;
        Shown one = {.name = use->name,
                     .sections = use->sections,
                     .is_section = use->is_section,
                     .label = g_strdup_printf("'%s'", use->name)};
        g_array_append_val(self->shown, one);
    }
    Shown key = {.label = g_strdup("the key")};
    g_array_append_val(self->shown, key);
    Shown name = {.label = g_strdup("the name")};
    g_array_append_val(self->shown, name);
    return self;
}

void leftovers_free(Leftovers *self)
{
    if (!self)
        return;
    g_array_unref(self->shown);
    g_free(self);
}

static void note_doubt(Shown *shown, const Recipient *recipient, const char *value,
                       const Location *at)
{
    if (shown->doubts++)
        return;
    shown->first = cell_quote(value);
    shown->key = g_strdup(recipient->key);
    shown->file = g_strdup(at->file);
    shown->line = at->line;
    shown->column = at->column;
}

/* The first error among a recipient's values. */
typedef struct {
    char *said;
    Location at;
} Found;

/* What says something only beside the column's other values. */
static void count_kind(Shown *shown, const Recipient *recipient, const char *value,
                       const char *rows)
{
    double number;
    if (strcmp(value, "0") != 0 && strcmp(value, "TRUE") != 0 && strcmp(value, "FALSE") != 0) {
        gboolean is_number = cellnumber_parse(value, &number);
        shown->numbers += is_number;
        shown->texts += *value && !is_number;
        return;
    }
    if (shown->odd++)
        return;
    const Location at = recipient_location(recipient, rows ? NULL : shown->name);
    shown->odd_first = g_strdup(value);
    shown->odd_key = g_strdup(recipient->key);
    shown->odd_file = g_strdup(at.file);
    shown->odd_line = at.line;
    shown->odd_column = at.column;
}

/* The column's name, or a field of it as another mail merge or a model sheet has it: [Name], <Name>. */
static gboolean is_name_of(const char *value, const char *name)
{
    gsize length = strlen(value), inner = strlen(name);
    if (g_ascii_strcasecmp(value, name) == 0)
        return TRUE;
    return length == inner + 2 && strchr("[<({", *value) && strchr("]>)}", value[length - 1]) &&
           g_ascii_strncasecmp(value + 1, name, inner) == 0;
}

/* What a section only asks for isn't shown; it is an error's presence that would be wrong. */
static void look_at(Shown *shown, const Recipient *recipient, const char *value, const char *rows,
                    Found *found)
{
    Leftover left = leftover_find(value);
    gboolean is_heading = shown->name && is_name_of(value, shown->name);
    if (!shown->is_section)
        count_kind(shown, recipient, value, rows);
    if (left == LEFTOVER_NONE && !is_heading)
        return;
    const Location at = recipient_location(recipient, rows ? NULL : shown->name);
    gboolean doubt = is_heading || left == LEFTOVER_DOUBT || (left == LEFTOVER_BLANK && !rows);
    if (doubt && !shown->is_section)
        note_doubt(shown, recipient, value, &at);
    if (left != LEFTOVER_ERROR || found->said)
        return;
    g_autofree char *quoted = cell_quote(value);
    found->at = at;
    found->said = rows ? g_strdup_printf("%s in '%s' is '%s'", shown->label, rows, quoted)
                       : g_strdup_printf("%s%s is '%s'", shown->name ? "the value of " : "",
                                         shown->label, quoted);
}

/* The innermost rows around it that have such a column, or NULL; `*name` is whose they are. */
static const Value *rows_with(const Shown *shown, const Value *fields, const char **name)
{
    for (const char *const *section = shown->sections; *section; section++) {
        const Value *rows = value_get(fields, *section);
        if (!rows || value_kind(rows) != VALUE_LIST || !value_length(rows) ||
            !value_get(value_at(rows, 0), shown->name))
            continue;
        *name = *section;
        return rows;
    }
    return NULL;
}

static void look_at_field(Shown *shown, const Recipient *recipient, Found *found)
{
    const char *name = NULL;
    const Value *rows = rows_with(shown, recipient->fields, &name);
    const Value *value = rows ? NULL : value_get(recipient->fields, shown->name);
    if (value && value_kind(value) == VALUE_TEXT)
        look_at(shown, recipient, value_text(value), NULL, found);
    for (guint i = 0; rows && i < value_length(rows); i++) {
        value = value_get(value_at(rows, i), shown->name);
        if (value && value_kind(value) == VALUE_TEXT)
            look_at(shown, recipient, value_text(value), name, found);
    }
}

gboolean leftovers_look(Leftovers *self, const Recipient *recipient, char **said, Location *at)
{
    Found found = {NULL, {NULL, 0, 0}};
    guint fields = self->shown->len - 2;
    for (guint i = 0; i < fields; i++)
        look_at_field(&g_array_index(self->shown, Shown, i), recipient, &found);
    look_at(&g_array_index(self->shown, Shown, fields), recipient, recipient->key, NULL, &found);
    look_at(&g_array_index(self->shown, Shown, self->shown->len - 1), recipient, recipient->name,
            NULL, &found);
    *said = found.said;
    *at = found.at;
    return found.said != NULL;
}

static void report_odd(const Shown *shown, Findings *findings)
{
    const Location at = {shown->odd_file, shown->odd_line, shown->odd_column};
    if (!shown->odd || shown->odd >= shown->texts || shown->numbers >= shown->texts)
        return;
    findings_add_at(findings, FINDING_WARNING, &at, "value-leftover",
                    "%" G_GUINT64_FORMAT " value%s of %s %s '%s' where others are texts, the first "
                    "of %s: is it what a formula gave for an empty cell?",
                    shown->odd, shown->odd == 1 ? "" : "s", shown->label,
                    shown->odd == 1 ? "is" : "are", shown->odd_first, shown->odd_key);
}

void leftovers_report(const Leftovers *self, Findings *findings)
{
    for (guint i = 0; i < self->shown->len; i++) {
        const Shown *shown = &g_array_index(self->shown, Shown, i);
        const Location at = {shown->file, shown->line, shown->column};
        if (shown->doubts == 1)
            findings_add_at(findings, FINDING_WARNING, &at, "value-leftover",
                            "%s%s of %s is '%s': is it meant?", shown->name ? "the value of " : "",
                            shown->label, shown->key, shown->first);
        else if (shown->doubts)
            findings_add_at(findings, FINDING_WARNING, &at, "value-leftover",
                            "%" G_GUINT64_FORMAT
                            " values of %s are hardly meant; the first is '%s', of %s",
                            shown->doubts, shown->label, shown->first, shown->key);
        report_odd(shown, findings);
    }
}
