/* join - the rows of a second sheet, found by the value of one column */
#include "list/join.h"

#include "sheet/cell.h"
#include "list/tempdb.h"

struct Join {
    Database *db;
    guint on;
    guint *wanted, n_wanted;
    GString *packed;
    GByteArray
        *used; /* a flag a row: writing it into the table would turn every look-up into a write */
    Sheet *sheet; /* while it is read */
    Findings *findings;
};

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

static void report_twin(const Join *self, Statement *twin)
{
    g_autofree char *value = cell_quote(statement_text(twin, 0));
    const Location at = sheet_location(self->sheet, (guint)statement_integer(twin, 1), self->on);
    findings_add_at(self->findings, FINDING_ERROR, &at, "join-twins",
                    "'%s' stands in line %d too (column %s): which of the two rows belongs to it?",
                    value, (int)statement_integer(twin, 2), sheet_columns(self->sheet)[self->on]);
}

static gboolean report_twins(Join *self, GError **error)
{
    /* Goes through the index from end to end, where a look-up a row would go to and fro. */
    static const char sql[] =
        "SELECT value, line, first, id, same FROM (SELECT id, value, line, min(line) OVER rows AS "
        "first, packed = first_value(packed) OVER rows AS same FROM partners WINDOW rows AS "
        "(PARTITION BY value ORDER BY line)) WHERE first < line ORDER BY id";
    guint64 same = 0;
    guint same_line = 0;
    StatementStep step = STATEMENT_FAILED;
    g_autoptr(Statement) twins = statement_begin(self->db, sql, error);
    while (twins && (step = statement_step(twins, error)) == STATEMENT_ROW) {
        if (!statement_integer(twins, 4))
            report_twin(self, twins);
        else if (same++ == 0)
            same_line = (guint)statement_integer(twins, 1);
        self->used->data[statement_integer(twins, 3) - 1] = 1; /* it has its finding */
    }
    if (same)
        findings_add(self->findings, FINDING_NOTE, sheet_shown(self->sheet), same_line,
                     "join-twins",
                     "rows that say the same as one before them: %" G_GUINT64_FORMAT
                     ", of which this is the first",
                     same);
    return step == STATEMENT_DONE;
}

Join *join_new(Sheet *sheet, guint on, const guint *wanted, guint n_wanted, Findings *findings,
               GError **error)
{
    g_autoptr(Join) self = g_new0(Join, 1);
    self->on = on;
    self->wanted = g_memdup2(wanted, n_wanted * sizeof *wanted);
    self->n_wanted = n_wanted;
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
        !database_run(self->db, "CREATE INDEX by_value ON partners(value, line)", error) ||
        !report_twins(self, error))
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
    self->used->data[statement_integer(find, 0) - 1] = 1;
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
    Lookup answer = *value ? look_up(self, value, cells, line, error) : LOOKUP_NONE;
    for (guint i = 0; answer == LOOKUP_NONE && i < self->n_wanted; i++)
        cells[i] = "";
    return answer != LOOKUP_FAILED;
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
