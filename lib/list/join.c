/* join - the rows of a second sheet, found by the value of one column */
#include "list/join.h"

#include "sheet/cell.h"
#include "list/tempdb.h"

struct Join {
    sqlite3 *db;
    sqlite3_stmt *add, *find;
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
        findings_add(self->findings, FINDING_WARNING, sheet_shown(self->sheet), at->line,
                     "join-empty", "no value in '%s': the row belongs to nobody",
                     sheet_columns(self->sheet)[self->on]);
        return TRUE;
    }
    g_string_truncate(self->packed, 0);
    for (guint i = 0; i < self->n_wanted; i++)
        cells_pack(self->packed, (const char *const *)&cells[self->wanted[i]], 1);
    g_byte_array_append(self->used, (const guint8 *)"", 1);
    sqlite3_bind_int64(self->add, 1, self->used->len);
    sqlite3_bind_int64(self->add, 2, at->line);
    sqlite3_bind_text(self->add, 3, cells[self->on], -1, SQLITE_STATIC);
    sqlite3_bind_blob64(self->add, 4, self->packed->str, self->packed->len, SQLITE_STATIC);
    return tempdb_write(self->add, error);
}

static void report_twin(const Join *self, sqlite3_stmt *twin)
{
    g_autofree char *value = cell_quote(tempdb_text(twin, 0));
    findings_add(self->findings, FINDING_ERROR, sheet_shown(self->sheet),
                 (guint)sqlite3_column_int64(twin, 1), "join-twins",
                 "'%s' stands in line %d too (column %s): which of the two rows belongs to it?",
                 value, sqlite3_column_int(twin, 2), sheet_columns(self->sheet)[self->on]);
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
    sqlite3_stmt *twins = NULL;
    g_autoptr(GError) inner = NULL;
    gboolean ok = tempdb_prepare(self->db, sql, &twins, &inner);
    while (ok && tempdb_next(twins, &inner)) {
        if (!sqlite3_column_int(twins, 4))
            report_twin(self, twins);
        else if (same++ == 0)
            same_line = (guint)sqlite3_column_int64(twins, 1);
        self->used->data[sqlite3_column_int64(twins, 3) - 1] = 1; /* it has its finding */
    }
    sqlite3_finalize(twins);
    if (same)
        findings_add(self->findings, FINDING_NOTE, sheet_shown(self->sheet), same_line,
                     "join-twins",
                     "rows that say the same as one before them: %" G_GUINT64_FORMAT
                     ", of which this is the first",
                     same);
    if (inner)
        g_propagate_error(error, g_steal_pointer(&inner));
    return ok && !inner;
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
    if (!self->db ||
        !tempdb_prepare(self->db, "INSERT INTO partners VALUES(?,?,?,?)", &self->add, error) ||
        !sheet_read(sheet, findings, take_row, self, error) ||
        !tempdb_run(self->db, "CREATE INDEX by_value ON partners(value, line)", error) ||
        !report_twins(self, error) ||
        !tempdb_prepare(
            self->db, "SELECT id, packed, line FROM partners WHERE value = ? ORDER BY line LIMIT 1",
            &self->find, error))
        return NULL;
    return g_steal_pointer(&self);
}

void join_free(Join *self)
{
    if (!self)
        return;
    sqlite3_finalize(self->add);
    sqlite3_finalize(self->find);
    sqlite3_close(self->db);
    g_byte_array_unref(self->used);
    g_string_free(self->packed, TRUE);
    g_free(self->wanted);
    g_free(self);
}

gboolean join_find(Join *self, const char *value, const char **cells, guint *line, GError **error)
{
    g_autoptr(GError) inner = NULL;
    sqlite3_reset(self->find);
    sqlite3_bind_text(self->find, 1, value, -1, SQLITE_TRANSIENT);
    gboolean found = *value && tempdb_next(self->find, &inner);
    *line = found ? (guint)sqlite3_column_int64(self->find, 2) : 0;
    if (inner) {
        g_propagate_error(error, g_steal_pointer(&inner));
        return FALSE;
    }
    if (found) {
        self->used->data[sqlite3_column_int64(self->find, 0) - 1] = 1;
        if (self->n_wanted)
            cells_unpack(sqlite3_column_blob(self->find, 1), cells, self->n_wanted);
    } else {
        for (guint i = 0; i < self->n_wanted; i++)
            cells[i] = "";
    }
    return TRUE;
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
    sqlite3_stmt *row = NULL;
    if (!tempdb_prepare(self->db, "SELECT line, value FROM partners WHERE id = ?", &row, error))
        return FALSE;
    sqlite3_bind_int64(row, 1, first);
    gboolean ok = tempdb_next(row, error);
    if (ok) {
        *line = (guint)sqlite3_column_int64(row, 0);
        *value = g_strdup(tempdb_text(row, 1));
    }
    sqlite3_finalize(row);
    return ok;
}
