/* child_rows - the rows of another list that belong to a recipient: the schools of a trust */
#include "list/child_rows.h"

#include <string.h>

#include "base/error.h"
#include "sheet/cell.h"
#include "list/fieldset.h"
#include "list/child_rows_order.h"
#include "list/tempdb.h"
#include "where/where.h"

/* Among the rows asked for, those with nothing in one column. */
typedef struct {
    guint64 count;
    guint line;
    char *value;
} Lack;

struct ChildRows {
    char *name, *shown, *config_file, *on;
    guint line;
    Fieldset *columns;
    sqlite3 *db;
    sqlite3_stmt *add, *ask, *find;
    const char **cells;
    ChildRowsCounts counts;
    guint64 asked;       /* recipients */
    char *first_without; /* the key of the first without rows */
    Lack *lacks;         /* one a column, once they are counted */

    /* while the list is read */
    ListSource *source;
    Findings *findings;
    Where *where;
    ChildRowsOrder *order;
    guint on_place;
    guint64 rows, empty;
    guint empty_line;
    GString *packed;
};

/* --- reading the list ------------------------------------------------------------------------ */

static gboolean keep_row(ChildRows *self, guint line, const char *const *cells, GError **error)
{
    g_string_truncate(self->packed, 0);
    cells_pack(self->packed, cells, fieldset_columns(self->columns));
    sqlite3_bind_int64(self->add, 1, line);
    sqlite3_bind_text(self->add, 2, cells[self->on_place], -1, SQLITE_STATIC);
    sqlite3_bind_blob64(self->add, 3, self->packed->str, self->packed->len, SQLITE_STATIC);
    return child_rows_order_bind(self->order, self->add, 4, cells, self->shown, line, error) &&
           tempdb_write(self->add, error);
}

static gboolean take_row(void *user, const ListLine *line, const char *const *cells, GError **error)
{
    ChildRows *self = user;
    Truth answer = TRUTH_TRUE;
    const WhereRow row = listsource_where_row(self->source, line, cells);
    if (self->where && !where_ask(self->where, &row, &answer, error))
        return FALSE;
    if (answer != TRUTH_TRUE)
        return TRUE;
    if (!*cells[self->on_place]) {
        if (self->empty++ == 0)
            self->empty_line = line->at.line;
        return TRUE;
    }
    self->rows++;
    listsource_chosen(self->source, line, cells);
    return keep_row(self, line->at.line, cells, error);
}

static gboolean find_on(ChildRows *self, const ChildRowsSpec *spec, GError **error)
{
    int place = fieldset_find(self->columns, spec->on);
    g_autofree char *what = g_strdup_printf("'on' of '%s'", spec->name);
    if (place < 0)
        return listsource_no_column(self->source, spec->on, what, spec->on_line, error);
    self->on_place = (guint)place;
    return TRUE;
}

static gboolean compile(ChildRows *self, const ChildRowsSpec *spec, GError **error)
{
    const char *const *columns = listsource_columns(self->source);
    g_autofree char *what = g_strdup_printf("where of '%s'", spec->name);
    self->columns = fieldset_new(columns, NULL, spec->config_file, self->findings);
    self->cells = g_new0(const char *, fieldset_columns(self->columns) + 1);
    if (!find_on(self, spec, error))
        return FALSE;
    if (spec->where) {
        WhereSpec where = {.expression = spec->where,
                           .columns = columns,
                           .file = spec->config_file,
                           .line = spec->where_line,
                           .what = what};
        if (!(self->where = where_new(&where, error)))
            return FALSE;
    }
    self->order = child_rows_order_new(spec, columns, error);
    return self->order != NULL;
}

static gboolean read_list(ChildRows *self, GError **error)
{
    static const char schema[] =
        "CREATE TABLE rows(id INTEGER PRIMARY KEY, line INTEGER, value TEXT, packed BLOB, "
        "k0 BLOB, k1 BLOB, k2 BLOB, k3 BLOB);"
        "CREATE TABLE asked(value TEXT PRIMARY KEY, key TEXT, recipients INTEGER) WITHOUT ROWID;";
    g_autofree char *by = child_rows_order_clause(self->order);
    g_autofree char *find =
        g_strconcat("SELECT packed FROM rows WHERE value = ?1 ORDER BY ", by, "id LIMIT ?2", NULL);
    /* The index comes after the rows: it is then written in order. */
    return (self->db = tempdb_open(schema, error)) &&
           tempdb_prepare(self->db, "INSERT INTO rows VALUES(NULL,?,?,?,?,?,?,?)", &self->add,
                          error) &&
           listsource_read(self->source, take_row, self, error) &&
           tempdb_run(self->db, "CREATE INDEX by_value ON rows(value)", error) &&
           tempdb_prepare(self->db,
                          "INSERT INTO asked VALUES(?,?,1) ON CONFLICT(value) DO UPDATE SET "
                          "recipients = recipients + 1",
                          &self->ask, error) &&
           tempdb_prepare(self->db, find, &self->find, error) &&
           listsource_report(self->source, error);
}

/* What is needed only while the list is read. */
static void end_reading(ChildRows *self)
{
    if (self->where)
        where_report(self->where, TRUE, self->findings);
    g_clear_pointer(&self->source, listsource_free);
    g_clear_pointer(&self->where, where_free);
    g_clear_pointer(&self->order, child_rows_order_free);
    self->findings = NULL;
}

ChildRows *child_rows_new(const ChildRowsSpec *spec, Findings *findings, GError **error)
{
    g_autoptr(ChildRows) self = g_new0(ChildRows, 1);
    self->name = g_strdup(spec->name);
    self->config_file = g_strdup(spec->config_file);
    self->on = g_strdup(spec->on);
    self->line = spec->line;
    self->packed = g_string_new(NULL);
    self->findings = findings;
    self->source = listsource_open(&spec->list, findings, error);
    if (!self->source)
        return NULL;
    self->shown = g_strdup(listsource_shown(self->source));
    gboolean ok = compile(self, spec, error) && read_list(self, error);
    end_reading(self);
    return ok ? g_steal_pointer(&self) : NULL;
}

void child_rows_free(ChildRows *self)
{
    if (!self)
        return;
    end_reading(self);
    for (guint i = 0; self->lacks && i < fieldset_columns(self->columns); i++)
        g_free(self->lacks[i].value);
    g_free(self->lacks);
    sqlite3_finalize(self->add);
    sqlite3_finalize(self->ask);
    sqlite3_finalize(self->find);
    sqlite3_close(self->db);
    fieldset_free(self->columns);
    g_string_free(self->packed, TRUE);
    g_free(self->cells);
    g_free(self->first_without);
    g_free(self->name);
    g_free(self->shown);
    g_free(self->config_file);
    g_free(self->on);
    g_free(self);
}

const char *child_rows_name(const ChildRows *self)
{
    return self->name;
}

const char *child_rows_shown(const ChildRows *self)
{
    return self->shown;
}

const char *const *child_rows_columns(const ChildRows *self)
{
    return fieldset_names(self->columns);
}

const ChildRowsCounts *child_rows_counts(const ChildRows *self)
{
    return &self->counts;
}

/* --- who asks -------------------------------------------------------------------------------- */

gboolean child_rows_ask(ChildRows *self, const char *key, const char *value, GError **error)
{
    self->asked++;
    sqlite3_bind_text(self->ask, 1, value, -1, SQLITE_STATIC);
    sqlite3_bind_text(self->ask, 2, key, -1, SQLITE_STATIC);
    if (!tempdb_write(self->ask, error))
        return FALSE;
    if (self->first_without)
        return TRUE;
    sqlite3_bind_text(self->find, 1, value, -1, SQLITE_STATIC);
    sqlite3_bind_int(self->find, 2, 1);
    GError *inner = NULL;
    gboolean found = tempdb_next(self->find, &inner);
    sqlite3_reset(self->find);
    if (inner)
        g_propagate_error(error, inner);
    else if (!found)
        self->first_without = g_strdup(key);
    return !inner;
}

/* The first row of a query, which is given back for reading and finalizing; NULL with error. */
static sqlite3_stmt *query(ChildRows *self, const char *sql, GError **error)
{
    sqlite3_stmt *statement = NULL;
    if (!tempdb_prepare(self->db, sql, &statement, error))
        return NULL;
    if (tempdb_next(statement, error))
        return statement;
    sqlite3_finalize(statement);
    return NULL;
}

static gboolean count_rows(ChildRows *self, Findings *findings, GError **error)
{
    sqlite3_stmt *row = query(self,
                              "SELECT total(n), coalesce(max(n), 0), total(recipients), value, key "
                              "FROM (SELECT a.value, a.key, a.recipients, count(*) AS n FROM asked "
                              "a JOIN rows r ON r.value = a.value GROUP BY a.value)",
                              error);
    if (!row)
        return FALSE;
    self->counts.rows = (guint64)sqlite3_column_double(row, 0);
    self->counts.most = (guint64)sqlite3_column_int64(row, 1);
    self->counts.without = self->asked - (guint64)sqlite3_column_double(row, 2);
    if (self->counts.most > CHILD_ROWS_EACH_MAX)
        findings_add(findings, FINDING_ERROR, self->config_file, self->line, "many-rows",
                     "'%s' gives %s %" G_GUINT64_FORMAT
                     " rows of %s; the limit is %d (is '%s' the right column?)",
                     self->name, tempdb_text(row, 4), self->counts.most, self->shown,
                     CHILD_ROWS_EACH_MAX, self->on);
    sqlite3_finalize(row);
    return TRUE;
}

static gboolean report_unused(ChildRows *self, Findings *findings, GError **error)
{
    sqlite3_stmt *row =
        query(self,
              "SELECT count(*), min(id), line, value FROM rows r WHERE NOT EXISTS (SELECT 1 FROM "
              "asked a WHERE a.value = r.value)",
              error);
    if (!row)
        return FALSE;
    guint64 unused = (guint64)sqlite3_column_int64(row, 0);
    g_autofree char *value = cell_quote(tempdb_text(row, 3));
    if (unused)
        findings_add(findings, FINDING_WARNING, self->shown, (guint)sqlite3_column_int64(row, 2),
                     "many-unused",
                     "'%s': rows that belong to no recipient: %" G_GUINT64_FORMAT
                     " of %" G_GUINT64_FORMAT "; the first is of '%s'",
                     self->name, unused, self->rows, value);
    sqlite3_finalize(row);
    return TRUE;
}

gboolean child_rows_settle(ChildRows *self, Findings *findings, GError **error)
{
    if (!count_rows(self, findings, error) || !report_unused(self, findings, error))
        return FALSE;
    if (self->empty)
        findings_add(findings, FINDING_NOTE, self->shown, self->empty_line, "many-empty",
                     "'%s': rows without a value in '%s' belong to nobody: %" G_GUINT64_FORMAT,
                     self->name, self->on, self->empty);
    gboolean nobody = self->counts.without == self->asked;
    if (self->counts.without)
        findings_add(findings, nobody ? FINDING_WARNING : FINDING_NOTE, self->config_file,
                     self->line, "many-none",
                     "'%s': recipients without rows: %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT
                     "; the first is %s",
                     self->name, self->counts.without, self->asked, self->first_without);
    return TRUE;
}

/* --- giving ---------------------------------------------------------------------------------- */

Value *child_rows_rows(ChildRows *self, const char *value, GError **error)
{
    g_autoptr(GError) inner = NULL;
    Value *rows = value_new_list();
    sqlite3_bind_text(self->find, 1, value, -1, SQLITE_TRANSIENT);
    sqlite3_bind_int(self->find, 2, CHILD_ROWS_EACH_MAX);
    while (tempdb_next(self->find, &inner)) {
        cells_unpack(sqlite3_column_blob(self->find, 0), self->cells,
                     fieldset_columns(self->columns));
        value_append(rows, fieldset_map(self->columns, self->cells));
    }
    if (!inner)
        return rows;
    value_free(rows);
    g_propagate_error(error, g_steal_pointer(&inner));
    return NULL;
}

static void note_lacks(ChildRows *self, sqlite3_stmt *row)
{
    guint columns = fieldset_columns(self->columns);
    cells_unpack(sqlite3_column_blob(row, 0), self->cells, columns);
    for (guint i = 0; i < columns; i++)
        if (!*self->cells[i] && self->lacks[i].count++ == 0) {
            self->lacks[i].line = (guint)sqlite3_column_int64(row, 1);
            self->lacks[i].value = g_strdup(tempdb_text(row, 2));
        }
}

static gboolean count_lacks(ChildRows *self, GError **error)
{
    g_autoptr(GError) inner = NULL;
    sqlite3_stmt *rows = NULL;
    if (!tempdb_prepare(self->db,
                        "SELECT packed, line, value FROM rows r WHERE EXISTS (SELECT 1 FROM "
                        "asked a WHERE a.value = r.value) ORDER BY id",
                        &rows, error))
        return FALSE;
    self->lacks = g_new0(Lack, fieldset_columns(self->columns) + 1);
    while (tempdb_next(rows, &inner))
        note_lacks(self, rows);
    sqlite3_finalize(rows);
    if (inner)
        g_propagate_error(error, g_steal_pointer(&inner));
    return !inner;
}

guint64 child_rows_without(ChildRows *self, const char *column, ChildRowsPlace *first,
                           GError **error)
{
    int place = fieldset_find(self->columns, column);
    *first = (ChildRowsPlace){self->shown, 0, ""};
    if (place < 0)
        return self->counts.rows;
    if (!self->lacks && !count_lacks(self, error))
        return 0;
    const Lack *lack = &self->lacks[place];
    if (lack->count)
        *first = (ChildRowsPlace){self->shown, lack->line, lack->value};
    return lack->count;
}
