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
    Database *db;
    char *find; /* SQL, by the order that was wished */
    const char **cells;
    ChildRowsCounts counts;
    guint64 asked;       /* recipients */
    char *first_without; /* the key of the first without rows */
    Lack *lacks;         /* one a column, once they are counted */
    guint *numbers;      /* the column of a worksheet in which each one's cells stand, or 0 */

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

static const char SQL_ADD[] = "INSERT INTO rows VALUES(NULL,$1,$2,$3,$4,$5,$6,$7)";
static const char SQL_ASK[] = "INSERT INTO asked VALUES($1,$2,1) ON CONFLICT(value) DO UPDATE SET "
                              "recipients = recipients + 1";
static const char SQL_COUNT[] =
    "SELECT CAST(total(n) AS INTEGER), coalesce(max(n), 0), CAST(total(recipients) AS INTEGER), "
    "value, key FROM (SELECT a.value, a.key, a.recipients, count(*) AS n FROM asked a "
    "JOIN rows r ON r.value = a.value GROUP BY a.value)";
static const char SQL_UNUSED[] = "SELECT count(*), min(id), line, value FROM rows r WHERE NOT "
                                 "EXISTS (SELECT 1 FROM asked a WHERE a.value = r.value)";
static const char SQL_NEAR[] = "SELECT value FROM asked WHERE " JOIN_NEAR "ORDER BY key LIMIT 1";
static const char SQL_ASKED_FOR[] = "SELECT packed, line, value FROM rows r WHERE EXISTS "
                                    "(SELECT 1 FROM asked a WHERE a.value = r.value) ORDER BY id";

/* --- reading the list ------------------------------------------------------------------------ */

static gboolean keep_row(ChildRows *self, guint line, const char *const *cells, GError **error)
{
    g_string_truncate(self->packed, 0);
    cells_pack(self->packed, cells, fieldset_columns(self->columns));
    g_autoptr(Statement) add = statement_begin(self->db, SQL_ADD, error);
    if (!add)
        return FALSE;
    statement_bind_integer(add, 1, line);
    statement_bind_text(add, 2, cells[self->on_place]);
    statement_bind_bytes(add, 3, self->packed->str, self->packed->len);
    return child_rows_order_bind(self->order, add, 4, cells, self->shown, line, error) &&
           statement_run(add, NULL, error);
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
    self->numbers = g_new0(guint, fieldset_columns(self->columns) + 1);
    for (guint i = 0; i < fieldset_columns(self->columns); i++) {
        const WhereColumn *column = &listsource_where_columns(self->source)[i];
        self->numbers[i] = column->is_joined ? 0 : column->number;
    }
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
    self->find =
        g_strconcat("SELECT packed FROM rows WHERE value = $1 ORDER BY ", by, "id LIMIT $2", NULL);
    /* The index comes after the rows: it is then written in order. */
    return (self->db = tempdb_open(schema, error)) &&
           listsource_read(self->source, take_row, self, error) &&
           database_run(self->db, "CREATE INDEX by_value ON rows(value)", error) &&
           listsource_report(self->source, NULL, NULL, error);
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
    g_free(self->numbers);
    database_close(self->db);
    g_free(self->find);
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

/* Its rows, at most so many, in the order that was wished. */
static Statement *find(ChildRows *self, const char *value, gint64 most, GError **error)
{
    Statement *rows = statement_begin(self->db, self->find, error);
    if (rows) {
        statement_bind_text(rows, 1, value);
        statement_bind_integer(rows, 2, most);
    }
    return rows;
}

static gboolean ask(ChildRows *self, const char *key, const char *value, GError **error)
{
    g_autoptr(Statement) add = statement_begin(self->db, SQL_ASK, error);
    if (!add)
        return FALSE;
    statement_bind_text(add, 1, value);
    statement_bind_text(add, 2, key);
    return statement_run(add, NULL, error);
}

gboolean child_rows_ask(ChildRows *self, const char *key, const char *value, GError **error)
{
    self->asked++;
    if (!ask(self, key, value, error))
        return FALSE;
    if (self->first_without)
        return TRUE;
    g_autoptr(Statement) row = find(self, value, 1, error);
    Lookup answer = row ? statement_lookup(row, error) : LOOKUP_FAILED;
    if (answer == LOOKUP_NONE)
        self->first_without = g_strdup(key);
    return answer != LOOKUP_FAILED;
}

static gboolean count_rows(ChildRows *self, Findings *findings, GError **error)
{
    g_autoptr(Statement) row = statement_begin(self->db, SQL_COUNT, error);
    if (!row || statement_lookup(row, error) != LOOKUP_FOUND)
        return FALSE;
    self->counts.rows = (guint64)statement_integer(row, 0);
    self->counts.most = (guint64)statement_integer(row, 1);
    self->counts.without = self->asked - (guint64)statement_integer(row, 2);
    if (self->counts.most > CHILD_ROWS_EACH_MAX)
        findings_add(findings, FINDING_ERROR, self->config_file, self->line, "many-rows",
                     "'%s' gives %s %" G_GUINT64_FORMAT
                     " rows of %s; the limit is %d (is '%s' the right column?)",
                     self->name, statement_text(row, 4), self->counts.most, self->shown,
                     CHILD_ROWS_EACH_MAX, self->on);
    return TRUE;
}

/* A recipient's value that looks like that of a row; NULL where there is none. FALSE with error. */
static gboolean find_near(ChildRows *self, const char *value, char **hint, GError **error)
{
    g_autofree char *near = NULL;
    gboolean ok = join_near_in(self->db, SQL_NEAR, value, &near, error);
    *hint = near ? join_near_hint(value, near) : NULL;
    return ok;
}

static gboolean report_unused(ChildRows *self, Findings *findings, GError **error)
{
    g_autoptr(Statement) row = statement_begin(self->db, SQL_UNUSED, error);
    if (!row || statement_lookup(row, error) != LOOKUP_FOUND)
        return FALSE;
    guint64 unused = (guint64)statement_integer(row, 0);
    g_autofree char *unasked = g_strdup(statement_text(row, 3)), *hint = NULL;
    g_autofree char *value = cell_quote(unasked ? unasked : "");
    const Location first = {self->shown, (guint)statement_integer(row, 2),
                            self->numbers[self->on_place]};
    if (!unused)
        return TRUE;
    if (!find_near(self, unasked, &hint, error))
        return FALSE;
    findings_add_at(findings, FINDING_WARNING, &first, "many-unused",
                    "'%s': rows that belong to no recipient: %" G_GUINT64_FORMAT
                    " of %" G_GUINT64_FORMAT "; the first is of '%s'%s",
                    self->name, unused, self->rows, value, hint ? hint : "");
    return TRUE;
}

gboolean child_rows_settle(ChildRows *self, Findings *findings, GError **error)
{
    if (!count_rows(self, findings, error) || !report_unused(self, findings, error))
        return FALSE;
    const Location empty = {self->shown, self->empty_line, self->numbers[self->on_place]};
    if (self->empty)
        findings_add_at(findings, FINDING_NOTE, &empty, "many-empty",
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
    Value *list = value_new_list();
    g_autoptr(Statement) rows = find(self, value, CHILD_ROWS_EACH_MAX, error);
    StatementStep step = STATEMENT_FAILED;
    gsize length;
    while (rows && (step = statement_step(rows, error)) == STATEMENT_ROW) {
        cells_unpack(statement_bytes(rows, 0, &length), self->cells,
                     fieldset_columns(self->columns));
        value_append(list, fieldset_map(self->columns, self->cells));
    }
    if (step == STATEMENT_DONE)
        return list;
    value_free(list);
    return NULL;
}

static void note_lacks(ChildRows *self, Statement *row)
{
    guint columns = fieldset_columns(self->columns);
    gsize length;
    cells_unpack(statement_bytes(row, 0, &length), self->cells, columns);
    for (guint i = 0; i < columns; i++)
        if (!*self->cells[i] && self->lacks[i].count++ == 0) {
            self->lacks[i].line = (guint)statement_integer(row, 1);
            self->lacks[i].value = g_strdup(statement_text(row, 2));
        }
}

static gboolean count_lacks(ChildRows *self, GError **error)
{
    g_autoptr(Statement) rows = statement_begin(self->db, SQL_ASKED_FOR, error);
    StatementStep step = STATEMENT_FAILED;
    if (!rows)
        return FALSE;
    self->lacks = g_new0(Lack, fieldset_columns(self->columns) + 1);
    while ((step = statement_step(rows, error)) == STATEMENT_ROW)
        note_lacks(self, rows);
    return step == STATEMENT_DONE;
}

guint64 child_rows_without(ChildRows *self, const char *column, ChildRowsPlace *first,
                           GError **error)
{
    int place = fieldset_find(self->columns, column);
    *first = (ChildRowsPlace){{self->shown, 0, 0}, ""};
    if (place < 0)
        return self->counts.rows;
    if (!self->lacks && !count_lacks(self, error))
        return 0;
    const Lack *lack = &self->lacks[place];
    if (lack->count)
        *first = (ChildRowsPlace){{self->shown, lack->line, self->numbers[place]}, lack->value};
    return lack->count;
}
