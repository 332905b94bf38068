/* join - the rows of a second sheet, found by the value of one column */
#include "list/join.h"

#include <string.h>

#include "sheet/cell.h"
#include "list/tempdb.h"

struct Join {
    Database *db;
    guint on;
    guint *wanted, n_wanted;
    GString *packed;
    GByteArray
        *used;  /* a flag a row: writing it into the table would turn every look-up into a write */
    guint last; /* the row that was found last, from 1; 0: none was */
    JoinDiffer *differs; /* one a wanted cell */
    Sheet *sheet;        /* its caller's, who outlives this */
    Findings *findings;
};

enum { USED_ASKED = 1, USED_CHOSEN = 2 }; /* what `used` holds */

static gboolean take_row(void *user, const SheetLine *at, char **cells, GError **error)
{
    Join *self = user;
    sheet_report(self->sheet, at, cells, self->findings);
    if (!*cells[self->on]) {
        const Location empty = sheet_location(self->sheet, at->line, self->on);
        findings_add_at(self->findings, FINDING_WARNING, &empty, "join-empty",
                        "no value in '%s': the row belongs to nobody",
                        sheet_columns(self->sheet)[self->on]);
        return TRUE;
    }
    g_string_truncate(self->packed, 0);
    for (guint i = 0; i < self->n_wanted; i++)
        cells_pack(self->packed, (const char *const *)&cells[self->wanted[i]], 1);
    g_byte_array_append(self->used, (const guint8 *)"", 1);
    g_autoptr(Statement) add =
        statement_begin(self->db, "INSERT INTO partners VALUES($1,$2,$3,$4)", error);
    if (!add)
        return FALSE;
    statement_bind_integer(add, 1, self->used->len);
    statement_bind_integer(add, 2, at->line);
    statement_bind_text(add, 3, cells[self->on]);
    statement_bind_bytes(add, 4, self->packed->str, self->packed->len);
    return statement_run(add, NULL, error);
}

/* Addresses are those of one mailbox however they are written. */
static gboolean is_same(const char *a, const char *b)
{
    return strcmp(a, b) == 0 || (strchr(a, '@') && g_ascii_strcasecmp(a, b) == 0);
}

typedef struct {
    JoinMatters matters;
    void *user;
    const char **cells, **first_cells;
    guint64 same;
    guint same_line;
} Twins;

/* The columns in which the two rows differ, by name; whether any of them matters. */
static char *compare_twins(Join *self, const Twins *twins, const JoinDiffer *two, gboolean *matters)
{
    GString *names = g_string_new(NULL);
    *matters = FALSE;
    for (guint i = 0; i < self->n_wanted; i++) {
        if (is_same(twins->cells[i], twins->first_cells[i]))
            continue;
        *matters |= !twins->matters || twins->matters(twins->user, i);
        g_string_append_printf(names, "%s'%s'", names->len ? ", " : "",
                               sheet_columns(self->sheet)[self->wanted[i]]);
        if (!self->differs[i].value)
            self->differs[i] = (JoinDiffer){g_strdup(two->value), two->line, two->first_line};
    }
    return g_string_free(names, FALSE);
}

/* Columns: value, line and cells of a row, line and cells of the first with that value. */
static void report_twin(Join *self, Statement *twin, Twins *twins)
{
    gsize length;
    gboolean matters;
    g_autofree char *value = cell_quote(statement_text(twin, 0));
    const JoinDiffer two = {value, (guint)statement_integer(twin, 1),
                            (guint)statement_integer(twin, 3)};
    const Location at = sheet_location(self->sheet, two.line, self->on);
    cells_unpack(statement_bytes(twin, 2, &length), twins->cells, self->n_wanted);
    cells_unpack(statement_bytes(twin, 4, &length), twins->first_cells, self->n_wanted);
    g_autofree char *names = compare_twins(self, twins, &two, &matters);
    if (!*names && twins->same++ == 0)
        twins->same_line = two.line;
    else if (matters)
        findings_add_at(self->findings, FINDING_ERROR, &at, "join-twins",
                        "'%s' stands in line %u too (column %s), with another %s: which of the two "
                        "rows belongs to it?",
                        value, two.first_line, sheet_columns(self->sheet)[self->on], names);
    else if (*names)
        findings_add_at(self->findings, FINDING_WARNING, &at, "join-twins",
                        "'%s' stands in line %u too (column %s), with another %s, which decides "
                        "nothing about who gets a letter: the first is taken",
                        value, two.first_line, sheet_columns(self->sheet)[self->on], names);
}

gboolean join_report_twins(Join *self, JoinMatters matters, void *user, GError **error)
{
    /* Goes through the index from end to end, where a look-up a row would go to and fro. */
    static const char sql[] =
        "SELECT t.value, t.line, p.packed, t.first_line, f.packed, t.id, t.first FROM (SELECT id, "
        "value, line, first_value(id) OVER rows AS first, first_value(line) OVER rows AS "
        "first_line FROM partners WINDOW rows AS (PARTITION BY value ORDER BY line)) t JOIN "
        "partners p ON p.id = t.id JOIN partners f ON f.id = t.first WHERE t.first <> t.id ORDER "
        "BY t.id";
    g_autofree const char **cells = g_new0(const char *, 2 * self->n_wanted + 1);
    Twins twins = {matters, user, cells, cells + self->n_wanted, 0, 0};
    StatementStep step = STATEMENT_FAILED;
    g_autoptr(Statement) rows = statement_begin(self->db, sql, error);
    while (rows && (step = statement_step(rows, error)) == STATEMENT_ROW) {
        guint8 first = self->used->data[statement_integer(rows, 6) - 1];
        self->used->data[statement_integer(rows, 5) - 1] = first;
        if (first & USED_CHOSEN)
            report_twin(self, rows, &twins);
    }
    if (twins.same)
        findings_add(self->findings, FINDING_NOTE, sheet_shown(self->sheet), twins.same_line,
                     "join-twins",
                     "rows that say the same as one before them: %" G_GUINT64_FORMAT
                     ", of which this is the first",
                     twins.same);
    return step == STATEMENT_DONE;
}

const JoinDiffer *join_differ(const Join *self, guint wanted)
{
    return &self->differs[wanted];
}

void join_choose(Join *self)
{
    if (self->last)
        self->used->data[self->last - 1] |= USED_CHOSEN;
}

Join *join_new(Sheet *sheet, guint on, const guint *wanted, guint n_wanted, Findings *findings,
               GError **error)
{
    g_autoptr(Join) self = g_new0(Join, 1);
    self->on = on;
    self->wanted = g_memdup2(wanted, n_wanted * sizeof *wanted);
    self->n_wanted = n_wanted;
    self->differs = g_new0(JoinDiffer, n_wanted + 1);
    self->packed = g_string_new(NULL);
    self->used = g_byte_array_new();
    self->sheet = sheet;
    self->findings = findings;
    self->db =
        tempdb_open("CREATE TABLE partners(id INTEGER PRIMARY KEY, line INTEGER, value TEXT, "
                    "packed BLOB);",
                    error);
    /* The index comes after the rows: it is then written in order. */
    if (!self->db || !sheet_read(sheet, findings, take_row, self, error) ||
        !database_run(self->db, "CREATE INDEX by_value ON partners(value, line)", error))
        return NULL;
    return g_steal_pointer(&self);
}

void join_free(Join *self)
{
    if (!self)
        return;
    database_close(self->db);
    g_byte_array_unref(self->used);
    g_string_free(self->packed, TRUE);
    for (guint i = 0; self->differs && i < self->n_wanted; i++)
        g_free(self->differs[i].value);
    g_free(self->differs);
    g_free(self->wanted);
    g_free(self);
}

/* The row's place among the rows, its cells and line; LOOKUP_NONE for a value that no row has. */
static Lookup look_up(Join *self, const char *value, const char **cells, guint *line,
                      GError **error)
{
    g_autoptr(Statement) find = statement_begin(
        self->db, "SELECT id, packed, line FROM partners WHERE value = $1 ORDER BY line LIMIT 1",
        error);
    if (!find)
        return LOOKUP_FAILED;
    statement_bind_text(find, 1, value);
    Lookup answer = statement_lookup(find, error);
    if (answer != LOOKUP_FOUND)
        return answer;
    gsize length;
    const char *packed = statement_bytes(find, 1, &length);
    self->last = (guint)statement_integer(find, 0);
    self->used->data[self->last - 1] |= USED_ASKED;
    *line = (guint)statement_integer(find, 2);
    g_string_truncate(self->packed, 0);
    g_string_append_len(self->packed, packed, (gssize)length); /* the cells point into it */
    if (self->n_wanted)
        cells_unpack(self->packed->str, cells, self->n_wanted);
    return LOOKUP_FOUND;
}

gboolean join_find(Join *self, const char *value, const char **cells, guint *line, GError **error)
{
    *line = 0;
    self->last = 0;
    Lookup answer = *value ? look_up(self, value, cells, line, error) : LOOKUP_NONE;
    for (guint i = 0; answer == LOOKUP_NONE && i < self->n_wanted; i++)
        cells[i] = "";
    return answer != LOOKUP_FAILED;
}

char *join_near_hint(const char *value, const char *near)
{
    gboolean case_only = g_ascii_strcasecmp(value, near) == 0;
    return g_strdup_printf(" (there is '%s': the two are no one key; %s)", near,
                           case_only ? "capital and small letters differ: write both alike"
                                     : "format both columns as text, with the same noughts");
}

gboolean join_near_in(Database *db, const char *sql, const char *value, char **near, GError **error)
{
    *near = NULL;
    g_autoptr(Statement) find = statement_begin(db, sql, error);
    if (!find)
        return FALSE;
    statement_bind_text(find, 1, value);
    Lookup answer = statement_lookup(find, error);
    if (answer == LOOKUP_FOUND)
        *near = g_strdup(statement_text(find, 0));
    return answer != LOOKUP_FAILED;
}

gboolean join_near(Join *self, const char *value, char **near, GError **error)
{
    return join_near_in(self->db,
                        "SELECT value FROM partners WHERE " JOIN_NEAR "ORDER BY line LIMIT 1",
                        value, near, error);
}

gboolean join_unused(Join *self, guint64 *count, guint *line, char **value, GError **error)
{
    guint first = 0;
    *count = 0;
    for (guint i = self->used->len; i > 0; i--) {
        if (!self->used->data[i - 1]) {
            ++*count;
            first = i;
        }
    }
    if (!first)
        return TRUE;
    g_autoptr(Statement) row =
        statement_begin(self->db, "SELECT line, value FROM partners WHERE id = $1", error);
    if (!row)
        return FALSE;
    statement_bind_integer(row, 1, first);
    Lookup answer = statement_lookup(row, error);
    if (answer == LOOKUP_FOUND) {
        *line = (guint)statement_integer(row, 0);
        *value = g_strdup(statement_text(row, 1));
    }
    return answer == LOOKUP_FOUND;
}
