/* where - an office's SQL expression, asked of one row at a time */
#include "where/where.h"

#include <sqlite3.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "where/byvalue.h"
#include "sheet/cell.h"
#include "where/functions.h"
#include "where/sqlslips.h"

struct Where {
    sqlite3 *db;
    sqlite3_stmt *statement; /* one parameter a column that is read, in the order of `read` */
    char *place;             /* "config:12: where" */
    char *file, *what;
    guint line;
    char *source;
    Expression *tree;
    WhereTally *tally;
    FunctionsWatch watch;
    gboolean *doubts;      /* a flag a column: what the row at hand says no number or day in */
    gboolean ours;         /* what is compiled is what we wrote */
    GPtrArray *parts;      /* of Expr: what stands between the ANDs; made when first asked why */
    sqlite3_stmt *reasons; /* their answers, a column each */
    char **columns;
    gboolean *reads; /* a flag a column */
    GArray *read;    /* of guint: the columns that are read */
    guint selects, selects_allowed;
    char *refused; /* what the authorizer refused, or NULL */
    gboolean wants_value;
    WherePurse own, *purse;
    const WhereAnswers *answers;
    GPtrArray *asked;  /* of Expr: the calls of answered() */
    gint64 begun, row; /* microseconds; what each row may take */
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
        if (second && (function_is_allowed(second) || (self->ours && function_is_inner(second))))
            return SQLITE_OK;
        return refuse(self, g_strdup_printf("the function '%s' can't be used here (these can: %s)",
                                            second ? second : "", functions_list()));
    default: /* SQLite's own list, which grows: whatever it is, no */
        return refuse(self, g_strdup("only an expression over the columns can stand here"));
    }
}

static gint64 budget(const Where *self)
{
    return MAX(self->purse->budget, self->purse->rows);
}

static int is_out_of_time(void *user)
{
    const Where *self = user;
    return self->purse->spent + clock_ticks() - self->begun > budget(self);
}

/* A connection with an empty table of the list's columns, for SQLite to resolve names against. */
static gboolean open_table(Where *self)
{
    int flags =
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MEMORY | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(":memory:", &self->db, flags, NULL) != SQLITE_OK ||
        functions_register(self->db, &self->watch) != SQLITE_OK)
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
    /* Few steps, for each may be a function that searches a long cell. */
    sqlite3_progress_handler(self->db, 8, is_out_of_time, self);
}

/* --- what is wrong, in words -------------------------------------------------------------------
 */

/* What stands after `prefix` in SQLite's message, or NULL. */
static const char *message_after(const char *message, const char *prefix)
{
    return g_str_has_prefix(message, prefix) ? message + strlen(prefix) : NULL;
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
    if (self->refused)
        return g_strdup(self->refused);
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

/* "SELECT " and the row whose cells are parameters in place of the table. A cast gives them a
 * column's affinity. */
static char *select_over_row(const Where *self, const char *what)
{
    sqlite3_str *sql = sqlite3_str_new(NULL);
    sqlite3_str_appendf(sql, "SELECT %s FROM (SELECT ", what);
    for (guint i = 0; i < self->read->len; i++)
        sqlite3_str_appendf(sql, "%sCAST(?%u AS TEXT) COLLATE " FUNCTIONS_COLLATION " AS \"%w\"",
                            i ? "," : "", i + 1,
                            self->columns[g_array_index(self->read, guint, i)]);
    sqlite3_str_appendf(sql, "%s) AS list", self->read->len ? "" : "1");
    char *text = sqlite3_str_finish(sql), *copy = g_strdup(text);
    sqlite3_free(text);
    return copy;
}

/* What we wrote is deeper than what the office wrote, and calls functions of ours. */
static gboolean prepare(Where *self, const char *sql, sqlite3_stmt **statement, GError **error)
{
    enum { DEEPER = 3 };
    sqlite3_limit(self->db, SQLITE_LIMIT_VARIABLE_NUMBER, MAX(1, (int)self->read->len));
    sqlite3_limit(self->db, SQLITE_LIMIT_EXPR_DEPTH, DEEPER * WHERE_DEPTH_MAX);
    self->selects = 0;
    self->selects_allowed = 2; /* ours */
    self->ours = TRUE;
    int rc = sqlite3_prepare_v3(self->db, sql, -1, SQLITE_PREPARE_PERSISTENT, statement, NULL);
    self->ours = FALSE;
    if (rc == SQLITE_OK)
        return TRUE;
    g_autofree char *why = explain(self);
    return complain(self, error, why);
}

static gboolean compile(Where *self, GError **error)
{
    const char *const *columns = (const char *const *)self->columns;
    note_columns(self);
    g_autofree char *by_value = byvalue_write(expression_root(self->tree), columns);
    g_autofree char *sql = select_over_row(self, by_value);
    return prepare(self, sql, &self->statement, error);
}

/* What SQLite would say, or say nothing of, in our words. */
static gboolean understand(Where *self, GError **error)
{
    const char *flag = self->what ? strchr(self->what, '\'') : NULL; /* flag 'x' */
    g_autofree char *name = flag ? g_strndup(flag + 1, strcspn(flag + 1, "'")) : NULL;
    const char *key = name && !strstr(self->what, " of ") ? name : "where";
    SlipsSpec spec = {.source = self->source,
                      .columns = (const char *const *)self->columns,
                      .key = key,
                      .is_value = self->wants_value};
    gsize at = 0;
    g_autofree char *wrong = slips_in_words(&spec);
    self->tree = wrong ? NULL : expression_parse(self->source, spec.columns, &at);
    if (!wrong && self->tree)
        wrong = slips_in_tree(&spec, self->tree);
    g_autofree char *unquoted = NULL;
    if (wrong || !self->tree || !check(self, self->source, NULL)) {
        unquoted = slips_foreign(&spec);
        if (!unquoted)
            unquoted = slips_unquoted(&spec);
    }
    if (unquoted)
        return complain(self, error, unquoted);
    if (!wrong && !self->tree)
        wrong = slips_unparsed(&spec, at);
    if (wrong)
        return complain(self, error, wrong);
    g_clear_pointer(&self->refused, g_free);
    if (!check(self, self->source, error))
        return FALSE;
    if (self->tree)
        return TRUE;
    g_autofree char *rest = cell_quote(self->source + at);
    g_autofree char *text = g_strdup_printf("can't be understood at '%s'", rest);
    return complain(self, error, text);
}

/* --- answers ------------------------------------------------------------------------------------
 */

static void find_asked(void *user, const Expr *node, const Expr *parent)
{
    (void)parent;
    if (node->kind == EXPR_CALL && g_str_equal(node->text, "answered"))
        g_ptr_array_add(user, (gpointer)node);
}

static const char *asked_question(const Expr *call)
{
    return expr_part(call, 0)->text;
}

static const char *asked_choice(const Expr *call)
{
    return expr_count(call) > 1 ? expr_part(call, 1)->text : NULL;
}

static gboolean load_answers(Where *self, GError **error)
{
    expression_each(self->tree, find_asked, self->asked);
    if (self->asked->len && !self->answers)
        return complain(self, error,
                        "answered() can be asked in 'where' and flags of an audience, whose rows "
                        "have keys: not here");
    for (guint i = 0; i < self->asked->len; i++)
        if (!self->answers->load(self->answers->user,
                                 asked_question(g_ptr_array_index(self->asked, i)), error))
            return FALSE;
    return TRUE;
}

gboolean where_asks_answers(const Where *self)
{
    return self->asked->len > 0;
}

/* Whether each call of answered() asks what can be known. */
static gboolean report_asked(const Where *self, gboolean is_filter, Findings *findings)
{
    gboolean ok = TRUE;
    for (guint i = 0; i < self->asked->len; i++) {
        const Expr *call = g_ptr_array_index(self->asked, i);
        g_autofree char *doubt =
            self->answers->doubt(self->answers->user, asked_question(call), asked_choice(call));
        if (doubt)
            findings_add(findings, is_filter ? FINDING_ERROR : FINDING_WARNING, self->file,
                         self->line, "unasked-question", "%s: %s", self->what, doubt);
        ok = ok && !doubt;
    }
    return ok;
}

/* --- a new one ----------------------------------------------------------------------------------
 */

Where *where_new(const WhereSpec *spec, GError **error)
{
    g_autoptr(Where) self = g_new0(Where, 1);
    const char *what = spec->what ? spec->what : "where";
    self->place = spec->line ? g_strdup_printf("%s:%u: %s", spec->file, spec->line, what)
                             : g_strdup_printf("%s: %s", spec->file, what);
    self->file = g_strdup(spec->file);
    self->line = spec->line;
    self->what = g_strdup(what);
    self->source = g_strdup(spec->expression);
    self->columns = g_strdupv((char **)spec->columns);
    self->reads = g_new0(gboolean, g_strv_length(self->columns) + 1);
    self->doubts = g_new0(gboolean, g_strv_length(self->columns) + 1);
    self->answers = spec->answers;
    self->asked = g_ptr_array_new();
    self->watch = (FunctionsWatch){.is_out_of_time = is_out_of_time,
                                   .user = self,
                                   .doubts = self->doubts,
                                   .answer = g_strv_length(self->columns),
                                   .answers = spec->answers};
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
    if (!understand(self, error) || !load_answers(self, error) || !compile(self, error))
        return NULL;
    self->tally = wheretally_new(self->tree, (const char *const *)self->columns);
    return g_steal_pointer(&self);
}

void where_free(Where *self)
{
    if (!self)
        return;
    sqlite3_finalize(self->statement);
    sqlite3_finalize(self->reasons);
    sqlite3_close(self->db);
    wheretally_free(self->tally);
    g_clear_pointer(&self->parts, g_ptr_array_unref);
    expression_free(self->tree);
    g_free(self->file);
    g_free(self->what);
    g_free(self->source);
    g_free(self->doubts);
    g_array_unref(self->read);
    g_ptr_array_unref(self->asked);
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

static int step(Where *self, sqlite3_stmt *statement, const WhereRow *row)
{
    self->watch.key = row->key;
    self->doubts[self->watch.answer] = FALSE;
    for (guint i = 0; i < self->read->len; i++) {
        guint column = g_array_index(self->read, guint, i);
        int rc = sqlite3_bind_text(statement, (int)i + 1, row->cells[column], -1, SQLITE_STATIC);
        if (rc != SQLITE_OK)
            return rc;
        self->doubts[column] = FALSE;
    }
    return sqlite3_step(statement);
}

/* Begins to ask; the answer is in `statement`, which is then to be reset. */
static gboolean ask(Where *self, sqlite3_stmt *statement, const WhereRow *row, GError **error)
{
    WherePurse *purse = self->purse;
    purse->rows += self->row;
    self->begun = clock_ticks();
    int rc = step(self, statement, row);
    g_autofree char *message = rc == SQLITE_ROW ? NULL : g_strdup(sqlite3_errmsg(self->db));
    purse->spent += clock_ticks() - self->begun;
    g_autofree char *why = NULL;
    if (purse->spent > budget(self) || (rc & 0xFF) == SQLITE_INTERRUPT)
        why = g_strdup_printf("took over %d ms by %s:%u: make it simpler",
                              (int)(budget(self) / 1000), row->file, row->line);
    else if (message)
        why = g_strdup_printf("fails at %s:%u: %s", row->file, row->line, message);
    if (!why)
        return TRUE;
    sqlite3_reset(statement);
    return complain(self, error, why);
}

static Truth truth_of(sqlite3_stmt *statement, int column)
{
    return sqlite3_column_type(statement, column) == SQLITE_NULL ? TRUTH_UNKNOWN
           : sqlite3_column_double(statement, column) != 0       ? TRUTH_TRUE
                                                                 : TRUTH_FALSE;
}

gboolean where_ask(Where *self, const WhereRow *row, Truth *answer, GError **error)
{
    g_assert(!self->wants_value);
    if (!ask(self, self->statement, row, error))
        return FALSE;
    *answer = truth_of(self->statement, 0);
    sqlite3_reset(self->statement);
    wheretally_row(self->tally, row, *answer, self->doubts);
    return TRUE;
}

gboolean where_matches(Where *self, char *const *cells, const char *file, guint line,
                       gboolean *matches, GError **error)
{
    const WhereRow row = {.cells = cells, .file = file, .line = line};
    Truth answer = TRUTH_FALSE;
    gboolean ok = where_ask(self, &row, &answer, error);
    *matches = answer == TRUTH_TRUE;
    return ok;
}

char *where_value(Where *self, char *const *cells, const char *file, guint line, GError **error)
{
    const WhereRow row = {.cells = cells, .file = file, .line = line};
    g_assert(self->wants_value);
    if (!ask(self, self->statement, &row, error))
        return NULL;
    const char *text = (const char *)sqlite3_column_text(self->statement, 0);
    char *value = g_strdup(text ? text : "");
    sqlite3_reset(self->statement);
    return value;
}

void where_report(const Where *self, gboolean is_filter, Findings *findings)
{
    const WhereTallied place = {self->what, self->file, self->line, is_filter};
    g_autofree char *mixed = slips_mixed(self->source, self->tree);
    if (mixed)
        findings_add(findings, FINDING_WARNING, self->file, self->line, "and-before-or",
                     "%s: AND goes before OR, and so it is read as %s: write the brackets, there "
                     "or where they are meant",
                     self->what, mixed);
    if (report_asked(self, is_filter, findings))
        wheretally_report(self->tally, &place, findings);
}

/* --- why ---------------------------------------------------------------------------------------
 */

static void split(const Expr *node, GPtrArray *parts)
{
    if (node->kind == EXPR_AND) {
        split(expr_part(node, 0), parts);
        split(expr_part(node, 1), parts);
    } else {
        g_ptr_array_add(parts, (gpointer)node);
    }
}

static gboolean compile_reasons(Where *self, GError **error)
{
    GString *all = g_string_new(NULL);
    self->parts = g_ptr_array_new();
    split(expression_root(self->tree), self->parts);
    for (guint i = 0; i < self->parts->len; i++) {
        g_autofree char *part =
            byvalue_write(g_ptr_array_index(self->parts, i), (const char *const *)self->columns);
        g_string_append_printf(all, "%s%s", i ? ", " : "", part);
    }
    g_autofree char *sql = select_over_row(self, all->str);
    g_string_free(all, TRUE);
    return prepare(self, sql, &self->reasons, error);
}

/* The columns that a part reads, each once, with their cells. */
static void append_cells(const Where *self, const Expr *part, char *const *cells, GString *seen,
                         GString *out)
{
    if (part->kind == EXPR_COLUMN) {
        g_autofree char *mark = g_strdup_printf(",%u,", part->column);
        g_autofree char *cell = cell_quote(cells[part->column]);
        if (!strstr(seen->str, mark))
            g_string_append_printf(out, "%s%s is '%s'", seen->len ? ", " : "",
                                   self->columns[part->column], cell);
        g_string_append(seen, mark);
    }
    for (guint i = 0; i < expr_count(part); i++)
        if (expr_part(part, i))
            append_cells(self, expr_part(part, i), cells, seen, out);
}

static void append_reason(const Where *self, const Expr *part, Truth answer, char *const *cells,
                          GString *out)
{
    g_autofree char *source = expression_slice(self->source, part->begin, part->end);
    GString *seen = g_string_new(NULL), *values = g_string_new(NULL);
    append_cells(self, part, cells, seen, values);
    g_string_append_printf(out, "%s%s is %s%s%s%s", out->len ? "; " : "", source,
                           answer == TRUTH_UNKNOWN ? "unknown" : "false", values->len ? " (" : "",
                           values->str, values->len ? ")" : "");
    g_string_free(seen, TRUE);
    g_string_free(values, TRUE);
}

char *where_why(Where *self, const WhereRow *row, GError **error)
{
    if ((!self->reasons && !compile_reasons(self, error)) || !ask(self, self->reasons, row, error))
        return NULL;
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < self->parts->len; i++) {
        Truth answer = truth_of(self->reasons, (int)i);
        if (answer != TRUTH_TRUE)
            append_reason(self, g_ptr_array_index(self->parts, i), answer, row->cells, out);
    }
    sqlite3_reset(self->reasons);
    return g_string_free(out, FALSE);
}
