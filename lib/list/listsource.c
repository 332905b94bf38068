/* listsource - a list's rows, each with the row of a second sheet that is joined to it */
#include "list/listsource.h"

#include <string.h>

#include "base/error.h"
#include "sheet/cell.h"

struct ListSource {
    ListSpec spec; /* its texts are the owner's, who outlives this */
    Findings *findings;
    Sheet *sheet, *join;
    GPtrArray *columns;        /* of both sheets; borrowed, NULL-terminated */
    GArray *wanted;            /* of guint: the partner's columns that are among them */
    guint join_on, partner_on; /* in the list, in the second sheet */
    Join *partners;
    const char **cells;  /* the row: list, then partner */
    WhereColumn *places; /* where each of its cells stands */
    ListRow row;         /* while it is read */
    void *user;
    guint64 rows, chosen, alone; /* alone: chosen without a partner, */
    guint64 lost;                /* and so without an address */
    guint alone_line;
    char *alone_value;
};

/* --- columns --------------------------------------------------------------------------------- */

static gboolean no_column(const ListSource *self, const Sheet *sheet, const char *name,
                          const char *what, guint line, GError **error)
{
    const char *near = nearest_word(name, sheet_columns(sheet));
    g_autofree char *there = strchr(name, ',')
                                 ? g_strdup_printf("several columns are a list: [%s]", name)
                                 : sheet_explain(sheet, name);
    g_autofree char *where = line ? g_strdup_printf("%s:%u", self->spec.config_file, line)
                                  : g_strdup(self->spec.config_file);
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA,
                "%s:%u: no column '%s', %s of %s (%s)%s%s%s; %s", sheet_shown(sheet),
                sheet_header_line(sheet), name, what, self->spec.owner, where,
                near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "", there);
    return FALSE;
}

gboolean listsource_no_column(const ListSource *self, const char *name, const char *what,
                              guint line, GError **error)
{
    return no_column(self, self->sheet, name, what, line, error);
}

static gboolean find_joining(ListSource *self, const Sheet *sheet, guint *place, GError **error)
{
    const char *name = self->spec.join_on;
    int found = sheet_find(sheet, name);
    if (found < 0)
        return no_column(self, sheet, name, "which joins the sheets", self->spec.join_line, error);
    *place = (guint)found;
    return TRUE;
}

/* Adds the partner's columns behind the list's own. */
static void combine_columns(ListSource *self)
{
    const char *const *names = sheet_columns(self->join);
    for (guint i = 0; names[i]; i++) {
        if (i == self->partner_on)
            continue;
        int mine = -1;
        for (guint j = 0; j < sheet_width(self->sheet) && mine < 0; j++)
            if (g_ascii_strcasecmp(g_ptr_array_index(self->columns, j), names[i]) == 0)
                mine = (int)j;
        if (mine < 0) {
            g_ptr_array_add(self->columns, (gpointer)names[i]);
            g_array_append_val(self->wanted, i);
            continue;
        }
        findings_add(self->findings, FINDING_WARNING, sheet_shown(self->join),
                     sheet_header_line(self->join), "join-column",
                     "'%s' is a column of %s too: that one is used (rename one to have both)",
                     names[i], sheet_shown(self->sheet));
    }
}

static gboolean open_join(ListSource *self, GError **error)
{
    const ListSpec *spec = &self->spec;
    self->join = sheet_open(&spec->join, error);
    if (!self->join)
        return FALSE;
    if (!spec->join_on) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG,
                    "%s:%u: %s has no column to join by", spec->config_file, spec->join_line,
                    spec->owner);
        return FALSE;
    }
    if (!find_joining(self, self->sheet, &self->join_on, error) ||
        !find_joining(self, self->join, &self->partner_on, error))
        return FALSE;
    combine_columns(self);
    return TRUE;
}

static void place_columns(ListSource *self)
{
    guint width = sheet_width(self->sheet);
    self->places = g_new0(WhereColumn, self->columns->len);
    for (guint i = 0; i < width; i++)
        self->places[i].number = sheet_column_number(self->sheet, i);
    for (guint i = 0; i < self->wanted->len; i++)
        self->places[width + i] = (WhereColumn){
            TRUE, sheet_column_number(self->join, g_array_index(self->wanted, guint, i))};
}

ListSource *listsource_open(const ListSpec *spec, Findings *findings, GError **error)
{
    g_autoptr(ListSource) self = g_new0(ListSource, 1);
    self->spec = *spec;
    self->spec.owner = g_strdup(spec->owner);
    self->findings = findings;
    self->columns = g_ptr_array_new();
    self->wanted = g_array_new(FALSE, FALSE, sizeof(guint));
    self->sheet = sheet_open(&spec->sheet, error);
    if (!self->sheet)
        return NULL;
    for (const char *const *name = sheet_columns(self->sheet); *name; name++)
        g_ptr_array_add(self->columns, (gpointer)*name);
    if (spec->join.file && !open_join(self, error))
        return NULL;
    g_ptr_array_add(self->columns, NULL);
    self->cells = g_new0(const char *, self->columns->len);
    place_columns(self);
    return g_steal_pointer(&self);
}

void listsource_free(ListSource *self)
{
    if (!self)
        return;
    join_free(self->partners);
    sheet_close(self->sheet);
    sheet_close(self->join);
    g_ptr_array_unref(self->columns);
    g_array_unref(self->wanted);
    g_free((char *)self->spec.owner);
    g_free(self->cells);
    g_free(self->places);
    g_free(self->alone_value);
    g_free(self);
}

const char *const *listsource_columns(const ListSource *self)
{
    return (const char *const *)self->columns->pdata;
}

const char *listsource_shown(const ListSource *self)
{
    return sheet_shown(self->sheet);
}

const char *listsource_joined_shown(const ListSource *self)
{
    return self->join ? sheet_shown(self->join) : NULL;
}

/* --- rows ------------------------------------------------------------------------------------ */

static gboolean take_row(void *user, const SheetLine *at, char **cells, GError **error)
{
    ListSource *self = user;
    guint width = sheet_width(self->sheet);
    ListLine line = {*at, TRUE, 0};
    self->rows++;
    memcpy(self->cells, cells, width * sizeof *cells);
    if (self->partners && !join_find(self->partners, cells[self->join_on], self->cells + width,
                                     &line.partner_line, error))
        return FALSE;
    line.has_partner = !self->partners || line.partner_line;
    return self->row(self->user, &line, self->cells, error);
}

gboolean listsource_read(ListSource *self, ListRow row, void *user, GError **error)
{
    self->row = row;
    self->user = user;
    if (self->join) {
        self->partners = join_new(self->join, self->partner_on, (guint *)(void *)self->wanted->data,
                                  self->wanted->len, self->findings, error);
        if (!self->partners)
            return FALSE;
    }
    return sheet_read(self->sheet, self->findings, take_row, self, error);
}

WhereRow listsource_where_row(const ListSource *self, const ListLine *line,
                              const char *const *cells)
{
    return (WhereRow){.cells = (char *const *)cells,
                      .file = sheet_shown(self->sheet),
                      .line = line->at.line,
                      .joined_file = self->join ? sheet_shown(self->join) : NULL,
                      .joined_line = line->partner_line,
                      .columns = self->places};
}

const WhereColumn *listsource_where_columns(const ListSource *self)
{
    return self->places;
}

Location listsource_location(const ListSource *self, const ListLine *line, guint column)
{
    const WhereColumn *place = &self->places[column];
    return (Location){sheet_shown(place->is_joined ? self->join : self->sheet),
                      place->is_joined ? line->partner_line : line->at.line, place->number};
}

void listsource_chosen(ListSource *self, const ListLine *line, const char *const *cells)
{
    self->chosen++;
    if (self->partners)
        join_choose(self->partners);
    if (!line->has_partner && self->alone++ == 0) {
        self->alone_line = line->at.line;
        self->alone_value = cell_quote(cells[self->join_on]);
    }
    sheet_report(self->sheet, &line->at, (char *const *)cells, self->findings);
}

typedef struct {
    const ListSource *source;
    ListMatters matters;
    void *user;
} Matters;

static gboolean wanted_matters(void *user, guint wanted)
{
    const Matters *in = user;
    return in->matters(in->user, sheet_width(in->source->sheet) + wanted);
}

const JoinDiffer *listsource_differ(const ListSource *self, guint column)
{
    static const JoinDiffer none = {NULL, 0, 0};
    return self->partners && column >= sheet_width(self->sheet)
               ? join_differ(self->partners, column - sheet_width(self->sheet))
               : &none;
}

void listsource_lost(ListSource *self)
{
    self->lost++;
}

static gboolean report_alone(const ListSource *self, GError **error)
{
    g_autofree char *near = NULL, *lost = NULL, *hint = NULL;
    if (!self->alone)
        return TRUE;
    if (!join_near(self->partners, self->alone_value, &near, error))
        return FALSE;
    if (self->lost == self->alone)
        lost = g_strdup(", which so have no address");
    else if (self->lost)
        lost = g_strdup_printf(", of which %" G_GUINT64_FORMAT " so have no address", self->lost);
    if (near && *self->alone_value)
        hint = join_near_hint(self->alone_value, near);
    findings_add(self->findings, FINDING_WARNING, sheet_shown(self->sheet), self->alone_line,
                 "join-none",
                 "rows without a partner in %s: %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT
                 "%s; the first is '%s'%s",
                 sheet_shown(self->join), self->alone, self->chosen, lost ? lost : "",
                 self->alone_value, hint ? hint : "");
    return TRUE;
}

gboolean listsource_report(ListSource *self, ListMatters matters, void *user, GError **error)
{
    Matters in = {self, matters, user};
    guint64 unused = 0;
    guint line = 0;
    g_autofree char *value = NULL;
    if (!self->partners)
        return TRUE;
    if (!report_alone(self, error) ||
        !join_report_twins(self->partners, matters ? wanted_matters : NULL, &in, error))
        return FALSE;
    if (!join_unused(self->partners, &unused, &line, &value, error))
        return FALSE;
    g_autofree char *quoted = value ? cell_quote(value) : NULL;
    if (unused)
        findings_add(self->findings, FINDING_NOTE, sheet_shown(self->join), line, "join-unused",
                     "rows that belong to no row of %s: %" G_GUINT64_FORMAT "; the first is '%s'",
                     sheet_shown(self->sheet), unused, quoted);
    return TRUE;
}

guint64 listsource_rows(const ListSource *self)
{
    return self->rows;
}

guint64 listsource_rows_chosen(const ListSource *self)
{
    return self->chosen;
}
