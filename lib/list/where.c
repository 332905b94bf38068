/* where - an office's SQL expression, asked of one row at a time */
#include "list/where.h"

#include <sqlite3.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "list/functions.h"

struct Where {
    sqlite3 *db;
    sqlite3_stmt *statement; /* one parameter a column that is read, in the order of `read` */
    char *place;             /* "config:12: where" */
    const char *expression;  /* while it is compiled */
    char **columns;
    gboolean *reads; /* a flag a column */
    GArray *read;    /* of guint: the columns that are read */
    guint selects, selects_allowed;
    char *refused; /* what the authorizer refused, or NULL */
    gboolean wants_value;
    WherePurse own, *purse;
    gint64 begun, row; /* microseconds; what each row adds to the purse */
};

static gboolean complain(const Where *self, GError **error, const char *text)
{
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG, "%s: %s", self->place, text);
    return FALSE;
}

/* --- the fence -------------------------------------------------------------------------------- */

static int find_column(const Where *self, const char *name)
{
    for (guint i = 0; self->columns[i]; i++)
        if (g_ascii_strcasecmp(self->columns[i], name) == 0)
            return (int)i;
    return -1;
}

static int refuse(Where *self, char *what)
{
    g_free(self->refused);
    self->refused = what;
    return SQLITE_DENY;
}

/* Notes what is read while it allows it. */
static int allow_read(Where *self, const char *table, const char *column)
{
    int index = column && *column ? find_column(self, column) : -1;
    if (g_strcmp0(table, "list") != 0 || (index < 0 && column && *column))
        return refuse(self, g_strdup_printf("'%s' is no column of the list", column ? column : ""));
    if (index >= 0)
        self->reads[index] = TRUE;
    return SQLITE_OK;
}

static int authorize(void *user, int action, const char *first, const char *second,
                     const char *database, const char *trigger)
{
    Where *self = user;
    (void)database;
    (void)trigger;
    switch (action) {
    case SQLITE_SELECT:
        if (++self->selects <= self->selects_allowed)
            return SQLITE_OK;
        return refuse(self, g_strdup("a SELECT can't stand here"));
    case SQLITE_READ:
        return allow_read(self, first, second);
    case SQLITE_FUNCTION:
        if (second && function_is_allowed(second))
            return SQLITE_OK;
        return refuse(self, g_strdup_printf("the function '%s' can't be used here (these can: %s)",
                                            second ? second : "", functions_list()));
    default: /* SQLite's own list, which grows: whatever it is, no */
        return refuse(self, g_strdup("only an expression over the columns can stand here"));
    }
}

static int is_out_of_time(void *user)
{
    const Where *self = user;
    return self->purse->spent + clock_ticks() - self->begun > self->purse->budget;
}

/* A connection with an empty table of the list's columns, for SQLite to resolve names against. */
static gboolean open_table(Where *self)
{
    int flags =
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MEMORY | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(":memory:", &self->db, flags, NULL) != SQLITE_OK ||
        functions_register(self->db) != SQLITE_OK)
        return FALSE;
    sqlite3_str *sql = sqlite3_str_new(NULL);
    sqlite3_str_appendall(sql, "CREATE TABLE list(");
    for (guint i = 0; self->columns[i]; i++)
        sqlite3_str_appendf(sql, "%s\"%w\" TEXT COLLATE " FUNCTIONS_COLLATION, i ? "," : "",
                            self->columns[i]);
    sqlite3_str_appendall(sql, ")");
    char *text = sqlite3_str_finish(sql);
    int rc = sqlite3_exec(self->db, text, NULL, NULL, NULL);
    sqlite3_free(text);
    return rc == SQLITE_OK;
}

/* From here on the connection makes and reads nothing of its own accord. */
static void put_fence(Where *self)
{
    static const struct {
        int id, value;
    } limits[] = {
        {SQLITE_LIMIT_LENGTH, WHERE_VALUE_MAX}, {SQLITE_LIMIT_EXPR_DEPTH, WHERE_DEPTH_MAX},
        {SQLITE_LIMIT_VDBE_OP, 250000},         {SQLITE_LIMIT_COMPOUND_SELECT, 1},
        {SQLITE_LIMIT_FUNCTION_ARG, 100},       {SQLITE_LIMIT_ATTACHED, 0},
        {SQLITE_LIMIT_TRIGGER_DEPTH, 1},        {SQLITE_LIMIT_WORKER_THREADS, 0},
        {SQLITE_LIMIT_VARIABLE_NUMBER, 0}, /* no ? in the office's expression */
    };
    static const int off[] = {SQLITE_DBCONFIG_TRUSTED_SCHEMA, SQLITE_DBCONFIG_DQS_DML,
                              SQLITE_DBCONFIG_DQS_DDL, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION};
    for (guint i = 0; i < G_N_ELEMENTS(limits); i++)
        sqlite3_limit(self->db, limits[i].id, limits[i].value);
    for (guint i = 0; i < G_N_ELEMENTS(off); i++)
        sqlite3_db_config(self->db, off[i], 0, NULL);
    sqlite3_db_config(self->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_set_authorizer(self->db, authorize, self);
    sqlite3_progress_handler(self->db, 100, is_out_of_time, self);
}

/* --- what is wrong, in words -------------------------------------------------------------------
 */

/* What stands after `prefix` in SQLite's message, or NULL. */
static const char *message_after(const char *message, const char *prefix)
{
    return g_str_has_prefix(message, prefix) ? message + strlen(prefix) : NULL;
}

static char *explain_column(const Where *self, const char *name)
{
    const char *near = nearest_word(name, (const char *const *)self->columns);
    if (near)
        return g_strdup_printf("no such column: '%s' (did you mean \"%s\"?)", name, near);
    return g_strdup_printf("no such column: '%s' (a text stands in single quotes: '%s')", name,
                           name);
}

/* The column that stands in the expression without the quotes its name needs, or NULL: to SQLite
 * Status (name) is a call of a function. */
static const char *unquoted_column(const Where *self)
{
    for (guint i = 0; self->columns[i]; i++) {
        const char *name = self->columns[i];
        const char *found = strpbrk(name, " ()-./'") ? strstr(self->expression, name) : NULL;
        if (found && (found == self->expression || !strchr("\"[`'", found[-1])))
            return name;
    }
    return NULL;
}

static char *explain_function(const char *name)
{
    return g_strdup_printf("no such function: '%s' (these can be used: %s)", name,
                           functions_list());
}

/* SQLite's message with a fix; newly allocated. */
static char *explain(const Where *self)
{
    const char *message = sqlite3_errmsg(self->db), *rest;
    const char *unquoted = unquoted_column(self);
    if (self->refused)
        return g_strdup(self->refused);
    if (unquoted)
        return g_strdup_printf("the column '%s' wants double quotes: \"%s\"", unquoted, unquoted);
    if ((rest = message_after(message, "no such column: ")))
        return explain_column(self, rest);
    if ((rest = message_after(message, "no such function: ")))
        return explain_function(rest);
    if (strstr(message, "SQL variables") || strstr(message, "variable number"))
        return g_strdup("a parameter (? : @ $) can't stand here");
    if (sqlite3_errcode(self->db) == SQLITE_INTERRUPT)
        return g_strdup("takes too long to compile");
    return g_strdup_printf(
        "%s (an expression over the columns, as in Phase = 'Primary' AND \"Pupils "
        "on roll\" > 200)",
        message);
}

/* --- compiling ---------------------------------------------------------------------------------
 */

/* Prepares `before` expression `after` and lets go of it again. */
static gboolean try_statement(Where *self, const char *before, const char *expression,
                              const char *after, GError **error)
{
    g_autofree char *sql = g_strconcat(before, expression, after, NULL);
    sqlite3_stmt *statement = NULL;
    const char *tail = "";
    self->selects = 0;
    int rc = sqlite3_prepare_v2(self->db, sql, -1, &statement, &tail);
    gboolean readonly = statement && sqlite3_stmt_readonly(statement);
    g_autofree char *text = NULL;
    if (rc != SQLITE_OK)
        text = explain(self);
    else if (*tail || !readonly)
        text = g_strdup("only one expression can stand here");
    sqlite3_finalize(statement);
    return !text || complain(self, error, text);
}

/* Alone it must be whole, so that no ")" of its own can close our bracket; in brackets it must be
 * an expression, so that no LIMIT or ORDER BY follows it. */
static gboolean check(Where *self, const char *expression, GError **error)
{
    self->selects_allowed = 1;
    return try_statement(self, "SELECT 1 FROM list WHERE ", expression, "", error) &&
           try_statement(self, "SELECT 1 FROM list WHERE (\n", expression, "\n)", error);
}

static void note_columns(Where *self)
{
    for (guint i = 0; self->columns[i]; i++)
        if (self->reads[i])
            g_array_append_val(self->read, i);
}

/* The same expression over parameters in place of the table. A cast gives them a column's affinity.
 */
static gboolean compile(Where *self, const char *expression, GError **error)
{
    note_columns(self);
    sqlite3_limit(self->db, SQLITE_LIMIT_VARIABLE_NUMBER, MAX(1, (int)self->read->len));
    sqlite3_str *sql = sqlite3_str_new(NULL);
    if (self->wants_value)
        sqlite3_str_appendf(sql, "SELECT (\n%s\n) FROM (SELECT ", expression);
    else
        sqlite3_str_appendall(sql, "SELECT 1 FROM (SELECT ");
    for (guint i = 0; i < self->read->len; i++)
        sqlite3_str_appendf(sql, "%sCAST(?%u AS TEXT) COLLATE " FUNCTIONS_COLLATION " AS \"%w\"",
                            i ? "," : "", i + 1,
                            self->columns[g_array_index(self->read, guint, i)]);
    sqlite3_str_appendf(sql, "%s) AS list", self->read->len ? "" : "1");
    if (!self->wants_value)
        sqlite3_str_appendf(sql, " WHERE (\n%s\n)", expression);
    char *text = sqlite3_str_finish(sql);
    self->selects = 0;
    self->selects_allowed = 2; /* ours */
    int rc =
        sqlite3_prepare_v3(self->db, text, -1, SQLITE_PREPARE_PERSISTENT, &self->statement, NULL);
    sqlite3_free(text);
    if (rc == SQLITE_OK)
        return TRUE;
    g_autofree char *why = explain(self);
    return complain(self, error, why);
}

Where *where_new(const WhereSpec *spec, GError **error)
{
    g_autoptr(Where) self = g_new0(Where, 1);
    const char *what = spec->what ? spec->what : "where";
    self->place = spec->line ? g_strdup_printf("%s:%u: %s", spec->file, spec->line, what)
                             : g_strdup_printf("%s: %s", spec->file, what);
    self->expression = spec->expression;
    self->columns = g_strdupv((char **)spec->columns);
    self->reads = g_new0(gboolean, g_strv_length(self->columns) + 1);
    self->read = g_array_new(FALSE, FALSE, sizeof(guint));
    self->wants_value = spec->wants_value;
    self->purse = spec->purse ? spec->purse : &self->own;
    self->row = spec->milliseconds ? 0 : WHERE_ROW_MICROSECONDS;
    if (!self->purse->budget)
        self->purse->budget =
            (gint64)(spec->milliseconds ? spec->milliseconds : WHERE_MILLISECONDS) * 1000;
    self->begun = clock_ticks();
    if (strlen(spec->expression) > WHERE_BYTES_MAX) {
        g_autofree char *text = g_strdup_printf("over %d bytes", WHERE_BYTES_MAX);
        complain(self, error, text);
        return NULL;
    }
    if (!open_table(self)) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_IO, "%s: SQLite: %s", self->place,
                    sqlite3_errmsg(self->db));
        return NULL;
    }
    put_fence(self);
    if (!check(self, spec->expression, error) || !compile(self, spec->expression, error))
        return NULL;
    return g_steal_pointer(&self);
}

void where_free(Where *self)
{
    if (!self)
        return;
    sqlite3_finalize(self->statement);
    sqlite3_close(self->db);
    g_array_unref(self->read);
    g_strfreev(self->columns);
    g_free(self->reads);
    g_free(self->refused);
    g_free(self->place);
    g_free(self);
}

gboolean where_reads(const Where *self, guint column)
{
    return self->reads[column];
}

/* --- asking ------------------------------------------------------------------------------------
 */

static int step(Where *self, char *const *cells)
{
    for (guint i = 0; i < self->read->len; i++) {
        const char *cell = cells[g_array_index(self->read, guint, i)];
        int rc = sqlite3_bind_text(self->statement, (int)i + 1, cell, -1, SQLITE_STATIC);
        if (rc != SQLITE_OK)
            return rc;
    }
    return sqlite3_step(self->statement);
}

/* Asks, and says whether there was a row; its value goes to `text` where that isn't NULL. */
static gboolean ask(Where *self, char *const *cells, const char *file, guint line, gboolean *row,
                    char **text, GError **error)
{
    WherePurse *purse = self->purse;
    purse->budget += self->row;
    self->begun = clock_ticks();
    int rc = step(self, cells);
    g_autofree char *message =
        rc == SQLITE_ROW || rc == SQLITE_DONE ? NULL : g_strdup(sqlite3_errmsg(self->db));
    *row = rc == SQLITE_ROW;
    if (*row && text)
        *text = g_strdup((const char *)sqlite3_column_text(self->statement, 0));
    sqlite3_reset(self->statement);
    purse->spent += clock_ticks() - self->begun;
    if (purse->spent > purse->budget || rc == SQLITE_INTERRUPT) {
        g_autofree char *why = g_strdup_printf("took over %d ms by %s:%u: make it simpler",
                                               (int)(purse->budget / 1000), file, line);
        return complain(self, error, why);
    }
    if (!message)
        return TRUE;
    g_autofree char *why = g_strdup_printf("fails at %s:%u: %s", file, line, message);
    return complain(self, error, why);
}

gboolean where_matches(Where *self, char *const *cells, const char *file, guint line,
                       gboolean *matches, GError **error)
{
    g_assert(!self->wants_value);
    return ask(self, cells, file, line, matches, NULL, error);
}

char *where_value(Where *self, char *const *cells, const char *file, guint line, GError **error)
{
    g_autofree char *text = NULL;
    gboolean row;
    g_assert(self->wants_value);
    if (!ask(self, cells, file, line, &row, &text, error))
        return NULL;
    return text ? g_steal_pointer(&text) : g_strdup("");
}
