/* postgres_query - statements on a server: prepared once a connection, and read as rows come */
#include "sql/postgres.h"

#include <string.h>

#include "base/trace.h"
#include "sql/dialect.h"

enum {
    PARAMETERS_MAX = 40,
    COLUMNS_MAX = 64,
    NUMBER_MAX = 24, /* bytes of a 64-bit number in decimal */
    /* Of the types in pg_type.dat, which never change. */
    OID_BOOL = 16,
    OID_BYTEA = 17,
    OID_INT8 = 20,
    OID_TEXT = 25,
    QUEUED_MAX = 1000 /* rows that wait to be written together */
};

typedef enum { QUERY_READY, QUERY_STREAMING, QUERY_IN_MEMORY, QUERY_DONE } QueryPhase;

typedef struct {
    Oid type;
    const char *value; /* NULL: SQL's NULL */
    int length, is_binary;
    char number[NUMBER_MAX];
    char *copy; /* of a text that had to be mended */
} Parameter;

struct Query {
    Server *server;
    char *sql;
    char name[NUMBER_MAX]; /* "" until it is prepared */
    Oid prepared_for[PARAMETERS_MAX];
    int count; /* of parameters bound */
    Parameter parameters[PARAMETERS_MAX];
    QueryPhase phase;
    PGresult *row;
    GQueue rest;       /* of PGresult: taken into memory */
    PGresult *trouble; /* that ends those */
    gboolean is_cut;   /* the connection did */
    guint64 changed;
    char many[NUMBER_MAX];              /* the name of the same for many rows, or "" */
    GByteArray *queued[PARAMETERS_MAX]; /* of each parameter: its values in the rows that wait */
    Oid queued_for[PARAMETERS_MAX];     /* their types */
    GPtrArray *told;          /* of guint64, for each of these rows: whether it is there; or NULL */
    char *bytes[COLUMNS_MAX]; /* of the row, once they were asked for */
    gsize lengths[COLUMNS_MAX];
};

/* --- preparing -------------------------------------------------------------------------------- */

gpointer postgres_prepare(Database *database, const char *sql, gboolean is_kept)
{
    (void)is_kept;
    Query *self = g_new0(Query, 1);
    self->server = (Server *)database;
    self->sql = dialect_query(sql);
    g_queue_init(&self->rest);
    return self;
}

/* Its types are those of what is bound: what the server would guess of `$1 = 0` has 32 bits. */
static gboolean is_prepared(const Query *self)
{
    if (!*self->name)
        return FALSE;
    for (int i = 0; i < self->count; i++)
        if (self->parameters[i].type && self->parameters[i].type != self->prepared_for[i])
            return FALSE;
    return TRUE;
}

static gboolean prepare(Query *self)
{
    Server *server = self->server;
    if (is_prepared(self))
        return TRUE;
    for (int i = 0; i < self->count; i++)
        if (self->parameters[i].type)
            self->prepared_for[i] = self->parameters[i].type;
    g_snprintf(self->name, sizeof self->name, "q%" G_GUINT64_FORMAT, ++server->prepared);
    PGresult *result =
        PQprepare(server->conn, self->name, self->sql, self->count, self->prepared_for);
    if (PQresultStatus(result) == PGRES_COMMAND_OK) {
        PQclear(result);
        return TRUE;
    }
    *self->name = '\0';
    return postgres_fault(server, result);
}

/* --- what is bound ---------------------------------------------------------------------------- */

static Parameter *parameter(Query *self, int index, Oid type)
{
    g_assert(index > 0 && index <= PARAMETERS_MAX && self->phase == QUERY_READY);
    Parameter *one = &self->parameters[index - 1];
    self->count = MAX(self->count, index);
    g_clear_pointer(&one->copy, g_free);
    one->type = type;
    one->is_binary = 0;
    one->length = 0;
    return one;
}

void postgres_bind_integer(gpointer statement, int index, gint64 value)
{
    Parameter *one = parameter(statement, index, OID_INT8);
    g_snprintf(one->number, sizeof one->number, "%" G_GINT64_FORMAT, value);
    one->value = one->number;
}

void postgres_bind_text(gpointer statement, int index, const char *text)
{
    Parameter *one = parameter(statement, index, OID_TEXT);
    if (!g_utf8_validate(text, -1, NULL))
        text = one->copy = g_utf8_make_valid(text, -1);
    one->value = text;
}

void postgres_bind_bytes(gpointer statement, int index, const char *bytes, gsize length)
{
    g_assert(length <= G_MAXINT);
    Parameter *one = parameter(statement, index, OID_BYTEA);
    one->is_binary = 1;
    one->length = (int)length;
    one->value = bytes;
}

void postgres_bind_none(gpointer statement, int index)
{
    parameter(statement, index, 0)->value = NULL;
}

/* --- rows ------------------------------------------------------------------------------------- */

static void forget_row(Query *self)
{
    g_clear_pointer(&self->row, PQclear);
    for (int i = 0; i < COLUMNS_MAX; i++)
        g_clear_pointer(&self->bytes[i], PQfreemem);
}

/* Reads what the connection still has of a statement to its end. */
static void drain(Server *server)
{
    PGresult *result;
    while ((result = PQgetResult(server->conn)))
        PQclear(result);
    server->streaming = NULL;
}

void postgres_make_room(Server *server)
{
    PGresult *result;
    Query *self = server->streaming;
    if (!self)
        return;
    while ((result = PQgetResult(server->conn))) {
        switch (PQresultStatus(result)) {
        case PGRES_SINGLE_TUPLE:
            g_queue_push_tail(&self->rest, result);
            break;
        case PGRES_TUPLES_OK:
            PQclear(result);
            break;
        default:
            g_clear_pointer(&self->trouble, PQclear);
            self->trouble = result;
        }
    }
    self->is_cut = PQstatus(server->conn) == CONNECTION_BAD;
    self->phase = QUERY_IN_MEMORY;
    server->streaming = NULL;
}

static gboolean ask(Query *self)
{
    Server *server = self->server;
    const char *values[PARAMETERS_MAX];
    int lengths[PARAMETERS_MAX], formats[PARAMETERS_MAX];
    postgres_make_room(server);
    if (!postgres_flush(server) || !prepare(self))
        return FALSE;
    if (trace_on("sql"))
        trace("sql", "%s", self->sql);
    for (int i = 0; i < self->count; i++) {
        values[i] = self->parameters[i].value;
        lengths[i] = self->parameters[i].length;
        formats[i] = self->parameters[i].is_binary;
    }
    if (!PQsendQueryPrepared(server->conn, self->name, self->count, values, lengths, formats, 0))
        return postgres_fault(server, NULL);
    PQsetSingleRowMode(server->conn);
    server->streaming = self;
    self->phase = QUERY_STREAMING;
    return TRUE;
}

static EngineStep end(Query *self, PGresult *result)
{
    const char *rows = PQcmdTuples(result);
    self->changed = 0;
    if (postgres_is_write(self)) {
        self->changed = g_ascii_strtoull(rows, NULL, 10);
        self->server->changes += self->changed;
    }
    PQclear(result);
    drain(self->server);
    self->phase = QUERY_DONE;
    return ENGINE_DONE;
}

static EngineStep next_from_server(Query *self)
{
    PGresult *result = PQgetResult(self->server->conn);
    switch (result ? PQresultStatus(result) : PGRES_FATAL_ERROR) {
    case PGRES_SINGLE_TUPLE:
        self->row = result;
        g_assert(PQnfields(result) <= COLUMNS_MAX);
        return ENGINE_ROW;
    case PGRES_TUPLES_OK:
    case PGRES_COMMAND_OK:
        return end(self, result);
    default:
        postgres_fault(self->server, result);
        drain(self->server);
        self->phase = QUERY_DONE;
        return ENGINE_FAULT;
    }
}

static EngineStep next_from_memory(Query *self)
{
    self->row = g_queue_pop_head(&self->rest);
    if (self->row)
        return ENGINE_ROW;
    self->phase = QUERY_DONE;
    if (!self->trouble && !self->is_cut)
        return ENGINE_DONE;
    postgres_fault(self->server, g_steal_pointer(&self->trouble));
    return ENGINE_FAULT;
}

EngineStep postgres_step(gpointer statement)
{
    Query *self = statement;
    forget_row(self);
    switch (self->phase) {
    case QUERY_READY:
        return ask(self) ? next_from_server(self) : ENGINE_FAULT;
    case QUERY_STREAMING:
        return next_from_server(self);
    case QUERY_IN_MEMORY:
        return next_from_memory(self);
    case QUERY_DONE:
        return ENGINE_DONE;
    }
    g_assert_not_reached();
}

void postgres_rewind(gpointer statement)
{
    Query *self = statement;
    PGresult *result;
    forget_row(self);
    if (self->server->streaming == self)
        drain(self->server);
    while ((result = g_queue_pop_head(&self->rest)))
        PQclear(result);
    g_clear_pointer(&self->trouble, PQclear);
    self->is_cut = FALSE;
    self->phase = QUERY_READY;
}

void postgres_reset(gpointer statement)
{
    Query *self = statement;
    postgres_rewind(self);
    for (int i = 0; i < self->count; i++) {
        g_clear_pointer(&self->parameters[i].copy, g_free);
        self->parameters[i].value = NULL; /* and keeps its type */
    }
}

void postgres_finalize(gpointer statement)
{
    Query *self = statement;
    postgres_reset(self);
    if (self->server->queue == self)
        postgres_flush(self->server); /* what is wrong with it spoils the transaction */
    for (int i = 0; i < PARAMETERS_MAX; i++)
        g_clear_pointer(&self->queued[i], g_byte_array_unref);
    g_clear_pointer(&self->told, g_ptr_array_unref);
    g_free(self->sql);
    g_free(self);
}

gboolean postgres_is_write(gpointer statement)
{
    static const char *const words[] = {"INSERT ", "UPDATE ", "DELETE "};
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
        if (g_str_has_prefix(((const Query *)statement)->sql, words[i]))
            return TRUE;
    return FALSE;
}

guint64 postgres_changed(gpointer statement)
{
    return ((const Query *)statement)->changed;
}

/* --- many rows at once ------------------------------------------------------------------------ */

typedef struct {
    Oid type, array;
    const char *name;
} ArrayType;

static const ArrayType *array_type(Oid type)
{
    static const ArrayType types[] = {
        {OID_INT8, 1016, "bigint"}, {OID_TEXT, 1009, "text"}, {OID_BYTEA, 1001, "bytea"}};
    for (gsize i = 0; i < G_N_ELEMENTS(types); i++)
        if (types[i].type == type)
            return &types[i];
    return NULL;
}

static void put_number(GByteArray *to, guint32 number)
{
    guint32 big = GUINT32_TO_BE(number);
    g_byte_array_append(to, (const guint8 *)&big, sizeof big);
}

/* A value as the server has it in an array: its length, and its bytes. */
static void put_value(GByteArray *to, const Parameter *one)
{
    if (one->type == OID_INT8) {
        gint64 big = GINT64_TO_BE(g_ascii_strtoll(one->value, NULL, 10));
        put_number(to, sizeof big);
        g_byte_array_append(to, (const guint8 *)&big, sizeof big);
        return;
    }
    guint length = one->is_binary ? (guint)one->length : (guint)strlen(one->value);
    put_number(to, length);
    g_byte_array_append(to, (const guint8 *)one->value, length);
}

/* An array of one dimension, without NULLs, from 1 on: array_recv() of the server. */
static GByteArray *array_of(const GByteArray *values, Oid type, guint rows)
{
    const guint32 head[] = {1, 0, type, rows, 1};
    GByteArray *array = g_byte_array_new();
    for (gsize i = 0; i < G_N_ELEMENTS(head); i++)
        put_number(array, head[i]);
    return g_byte_array_append(array, values->data, values->len);
}

void postgres_forget(Server *server)
{
    Query *self = server->queue;
    server->queue = NULL;
    if (!self)
        return;
    g_ptr_array_set_size(self->told, 0);
    for (int i = 0; i < self->count; i++)
        g_byte_array_set_size(self->queued[i], 0);
}

static gboolean prepare_many(Query *self)
{
    Oid arrays[PARAMETERS_MAX];
    const char *names[PARAMETERS_MAX];
    if (*self->many)
        return TRUE;
    for (int i = 0; i < self->count; i++) {
        arrays[i] = array_type(self->queued_for[i])->array;
        names[i] = array_type(self->queued_for[i])->name;
    }
    g_autofree char *sql = dialect_many(self->sql, names, (guint)self->count);
    g_snprintf(self->many, sizeof self->many, "q%" G_GUINT64_FORMAT, ++self->server->prepared);
    PGresult *result = PQprepare(self->server->conn, self->many, sql, self->count, arrays);
    if (PQresultStatus(result) == PGRES_COMMAND_OK) {
        PQclear(result);
        return TRUE;
    }
    *self->many = '\0';
    return postgres_fault(self->server, result);
}

/* All that wait, by one statement. */
static PGresult *write_many(Query *self)
{
    const char *values[PARAMETERS_MAX];
    int lengths[PARAMETERS_MAX], formats[PARAMETERS_MAX];
    g_autoptr(GPtrArray) arrays =
        g_ptr_array_new_with_free_func((GDestroyNotify)g_byte_array_unref);
    for (int i = 0; i < self->count; i++) {
        GByteArray *one = array_of(self->queued[i], self->queued_for[i], self->told->len);
        g_ptr_array_add(arrays, one);
        values[i] = (const char *)one->data;
        lengths[i] = (int)one->len;
        formats[i] = 1;
    }
    if (trace_on("sql"))
        trace("sql", "%u times: %s", self->told->len, self->sql);
    return PQexecPrepared(self->server->conn, self->many, self->count, values, lengths, formats, 0);
}

static gboolean take_result(Query *self, PGresult *result)
{
    switch (PQresultStatus(result)) {
    case PGRES_COMMAND_OK:
        self->server->changes += g_ascii_strtoull(PQcmdTuples(result), NULL, 10);
        break;
    case PGRES_TUPLES_OK:
        self->server->changes += (guint64)PQntuples(result);
        for (int i = 0; i < PQntuples(result); i++) {
            gint64 place = g_ascii_strtoll(PQgetvalue(result, i, 0), NULL, 10);
            g_assert(place > 0 && place <= (gint64)self->told->len);
            guint64 *told = g_ptr_array_index(self->told, (guint)place - 1);
            if (told)
                *told = 1;
        }
        break;
    default:
        return postgres_fault(self->server, result);
    }
    PQclear(result);
    return TRUE;
}

gboolean postgres_flush(Server *server)
{
    Query *self = server->queue;
    if (!self)
        return TRUE;
    postgres_make_room(server);
    gboolean ok = prepare_many(self) && take_result(self, write_many(self));
    postgres_forget(server);
    return ok;
}

/* Whether what is bound can wait with the rows that do. */
static gboolean is_alike(const Query *self)
{
    for (int i = 0; i < self->count; i++)
        if (*self->many && self->parameters[i].type != self->queued_for[i])
            return FALSE;
    return TRUE;
}

gboolean postgres_queue(gpointer statement, guint64 *changed)
{
    Query *self = statement;
    Server *server = self->server;
    g_assert(self->phase == QUERY_READY && postgres_is_write(self));
    if ((server->queue != self || !is_alike(self)) && !postgres_flush(server))
        return FALSE;
    if (!is_alike(self))
        *self->many = '\0';
    if (!self->told)
        self->told = g_ptr_array_new();
    for (int i = 0; i < self->count; i++) {
        if (!self->queued[i])
            self->queued[i] = g_byte_array_new();
        self->queued_for[i] = self->parameters[i].type;
        put_value(self->queued[i], &self->parameters[i]);
    }
    if (changed)
        *changed = 0;
    g_ptr_array_add(self->told, changed);
    server->queue = self;
    return self->told->len < QUEUED_MAX || postgres_flush(server);
}

/* --- columns ---------------------------------------------------------------------------------- */

gint64 postgres_integer(gpointer statement, int column)
{
    const Query *self = statement;
    const char *value = PQgetvalue(self->row, 0, column);
    if (PQftype(self->row, column) == OID_BOOL)
        return *value == 't';
    return g_ascii_strtoll(value, NULL, 10);
}

const char *postgres_text(gpointer statement, int column, gsize *length)
{
    Query *self = statement;
    if (PQftype(self->row, column) != OID_BYTEA || PQgetisnull(self->row, 0, column)) {
        if (length)
            *length = (gsize)PQgetlength(self->row, 0, column);
        return PQgetvalue(self->row, 0, column);
    }
    if (!self->bytes[column]) {
        const char *hexadecimal = PQgetvalue(self->row, 0, column);
        self->bytes[column] =
            (char *)PQunescapeBytea((const unsigned char *)hexadecimal, &self->lengths[column]);
        if (!self->bytes[column])
            g_error("out of memory");
    }
    if (length)
        *length = self->lengths[column];
    return self->bytes[column];
}
