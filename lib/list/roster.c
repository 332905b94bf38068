/* roster - the rows that were chosen, the letters they get and those they don't, in the list's
 * order */
#include "list/roster.h"

#include <string.h>

#include "list/tempdb.h"

struct Roster {
    Database *db;
    gint64 rows;
    guint64 letters;
    gboolean
        ascending; /* keys so far, as in any extract of the register: then there are no twins */
    GString *last_key;
    /* Of the keys: what two that look like one would have in common. */
    gboolean has_nought, has_point, has_small, has_capital;
    gsize shortest, longest;
};

struct RosterCursor {
    Statement *statement;
    gboolean is_excluded; /* entries have a kind and a detail */
};

/* A letter's id is its row's times ROSTER_PLACES plus its place, so that both tables are walked
 * side by side. */
static const char schema[] =
    "CREATE TABLE rows(id INTEGER PRIMARY KEY, line INTEGER, key TEXT, packed BLOB, partner "
    "INTEGER);"
    "CREATE TABLE letters(id INTEGER PRIMARY KEY, address TEXT, fold TEXT);"
    "CREATE TABLE excluded(id INTEGER PRIMARY KEY, address TEXT, detail TEXT, kind INTEGER, "
    "joined INTEGER);"
    "CREATE TABLE twins(id INTEGER PRIMARY KEY, first INTEGER);";

static const char SQL_ADD[] = "INSERT INTO rows VALUES($1,$2,$3,$4,$5)";
static const char SQL_ADD_LETTER[] = "INSERT INTO letters VALUES($1,$2,$3)";
static const char SQL_EXCLUDE[] = "INSERT INTO excluded VALUES($1,$2,$3,$4,$5)";
static const char SQL_NOTE_TWIN[] = "INSERT INTO twins VALUES($1,$2)";
static const char SQL_BY_KEY[] = "SELECT key, id FROM rows ORDER BY key, id";
static const char SQL_BY_LIKENESS[] =
    "SELECT lower(ltrim(CASE WHEN key LIKE '%.0' THEN substr(key, 1, length(key) - 2) ELSE key "
    "END, '0')) AS look, id FROM rows ORDER BY look, id";
static const char SQL_BY_ADDRESS[] = "SELECT fold, id FROM letters ORDER BY fold, id";
static const char SQL_KEY_TWINS[] = "SELECT r.key, r.line, 0, '', f.key, f.line, 0, "
                                    "r.packed = f.packed "
                                    "FROM twins t JOIN rows r ON r.id = t.id "
                                    "JOIN rows f ON f.id = t.first WHERE EXISTS (SELECT 1 FROM "
                                    "letters l WHERE l.id BETWEEN r.id * $1 AND r.id * $1 + $1 - "
                                    "1) ORDER BY t.id";
static const char SQL_LETTER_TWINS[] =
    "SELECT r.key, r.line, t.id, l.address, f.key, f.line, t.first "
    "FROM twins t JOIN letters l ON l.id = t.id JOIN rows r ON r.id = t.id / $1 "
    "JOIN rows f ON f.id = t.first / $1 ORDER BY t.id";
static const char SQL_EACH_TWIN[] =
    "SELECT l.address, r.key, r.line, r.packed, f.key, f.packed FROM twins t JOIN letters l "
    "ON l.id = t.first JOIN rows r ON r.id = t.id / $1 JOIN rows f ON f.id = t.first / $1 "
    "WHERE t.id / $1 <> t.first / $1 ORDER BY t.id";
/* CROSS JOIN keeps SQLite from turning the loops round. */
static const char SQL_READ[] =
    "SELECT r.line, r.key, l.address, r.packed, r.partner, l.id FROM letters l "
    "CROSS JOIN rows r WHERE r.id = l.id / $1 ORDER BY l.id";
static const char SQL_READ_KEY[] =
    "SELECT r.line, r.key, l.address, r.packed, r.partner, l.id FROM rows r CROSS JOIN letters l "
    "WHERE l.id BETWEEN r.id * $1 AND r.id * $1 + $1 - 1 AND r.key = $2 ORDER BY r.id, l.id";
static const char SQL_READ_EXCLUDED[] =
    "SELECT r.line, r.key, e.address, r.packed, r.partner, e.id, e.detail, e.kind, e.joined "
    "FROM excluded e CROSS JOIN rows r WHERE r.id = e.id / $1 ORDER BY e.id";

Roster *roster_new(GError **error)
{
    g_autoptr(Roster) self = g_new0(Roster, 1);
    self->ascending = TRUE;
    self->last_key = g_string_new(NULL);
    self->db = tempdb_open(schema, error);
    return self->db ? g_steal_pointer(&self) : NULL;
}

void roster_free(Roster *self)
{
    if (!self)
        return;
    database_close(self->db);
    g_string_free(self->last_key, TRUE);
    g_free(self);
}

/* --- adding ---------------------------------------------------------------------------------- */

static void note_look(Roster *self, const char *key)
{
    gsize length = strlen(key);
    self->shortest = self->rows == 1 ? length : MIN(self->shortest, length);
    self->longest = MAX(self->longest, length);
    self->has_nought |= *key == '0';
    self->has_point |= g_str_has_suffix(key, ".0");
    for (; *key; key++) {
        self->has_small |= g_ascii_islower(*key);
        self->has_capital |= g_ascii_isupper(*key);
    }
}

/* Whether two keys may look like one: lists whose keys can't are spared the sorting. */
static gboolean may_look_alike(const Roster *self)
{
    return (self->shortest != self->longest && (self->has_nought || self->has_point)) ||
           (self->has_small && self->has_capital);
}

gboolean roster_add(Roster *self, const RosterRow *row, GError **error)
{
    self->rows++;
    note_look(self, row->key);
    if (self->ascending) {
        self->ascending = self->rows == 1 || g_strcmp0(self->last_key->str, row->key) < 0;
        g_string_assign(self->last_key, row->key);
    }
    g_autoptr(Statement) add = statement_begin(self->db, SQL_ADD, error);
    if (!add)
        return FALSE;
    statement_bind_integer(add, 1, self->rows);
    statement_bind_integer(add, 2, row->line);
    statement_bind_text(add, 3, row->key);
    statement_bind_bytes(add, 4, row->packed, row->length);
    statement_bind_integer(add, 5, row->partner);
    return statement_run(add, NULL, error);
}

static gint64 letter_id(const Roster *self, guint place)
{
    g_assert(place < ROSTER_PLACES);
    return self->rows * ROSTER_PLACES + place;
}

gboolean roster_add_letter(Roster *self, guint place, const char *address, const char *fold,
                           GError **error)
{
    g_autoptr(Statement) add = statement_begin(self->db, SQL_ADD_LETTER, error);
    if (!add)
        return FALSE;
    self->letters++;
    statement_bind_integer(add, 1, letter_id(self, place));
    statement_bind_text(add, 2, address);
    statement_bind_text(add, 3, fold);
    return statement_run(add, NULL, error);
}

static gboolean exclude(Roster *self, gint64 id, const char *address, ExclusionKind kind,
                        const char *detail, guint joined, GError **error)
{
    g_autoptr(Statement) add = statement_begin(self->db, SQL_EXCLUDE, error);
    if (!add)
        return FALSE;
    statement_bind_integer(add, 1, id);
    statement_bind_text(add, 2, address);
    statement_bind_text(add, 3, detail);
    statement_bind_integer(add, 4, kind);
    statement_bind_integer(add, 5, joined);
    return statement_run(add, NULL, error);
}

gboolean roster_exclude(Roster *self, guint place, const char *address, ExclusionKind kind,
                        const char *detail, guint joined, GError **error)
{
    return exclude(self, letter_id(self, place), address, kind, detail, joined, error);
}

guint64 roster_letters(const Roster *self)
{
    return self->letters;
}

static gboolean count_letters(Roster *self, GError **error)
{
    g_autoptr(Statement) count = statement_begin(self->db, "SELECT count(*) FROM letters", error);
    if (!count || statement_step(count, error) != STATEMENT_ROW)
        return FALSE;
    self->letters = (guint64)statement_integer(count, 0);
    return TRUE;
}

/* --- twins ----------------------------------------------------------------------------------- */

static gboolean note_twin(Roster *self, gint64 id, gint64 first, GError **error)
{
    g_autoptr(Statement) note = statement_begin(self->db, SQL_NOTE_TWIN, error);
    if (!note)
        return FALSE;
    statement_bind_integer(note, 1, id);
    statement_bind_integer(note, 2, first);
    return statement_run(note, NULL, error);
}

/* Notes in the table twins each id whose text stood before. `sql` gives text and id, sorted by
 * both. */
static gboolean find_twins(Roster *self, const char *sql, GError **error)
{
    if (!database_run(self->db, "DELETE FROM twins", error))
        return FALSE;
    g_autoptr(Statement) sorted = statement_begin(self->db, sql, error);
    g_autoptr(GString) last = g_string_new(NULL);
    StatementStep step = STATEMENT_FAILED;
    gint64 first = 0;
    while (sorted && (step = statement_step(sorted, error)) == STATEMENT_ROW) {
        const char *text = statement_text(sorted, 0);
        gint64 id = statement_integer(sorted, 1);
        if (!first || g_strcmp0(text, last->str) != 0) {
            g_string_assign(last, text);
            first = id;
        } else if (!note_twin(self, id, first, error)) {
            return FALSE;
        }
    }
    return step == STATEMENT_DONE;
}

/* Columns: key, line, id of the twin, address, key, line and id of the first. */
static RosterTwin read_twin(Statement *statement)
{
    return (RosterTwin){
        .key = statement_text(statement, 0),
        .line = (guint)statement_integer(statement, 1),
        .place = (guint)(statement_integer(statement, 2) % ROSTER_PLACES),
        .address = statement_text(statement, 3),
        .first_key = statement_text(statement, 4),
        .first_line = (guint)statement_integer(statement, 5),
        .first_place = (guint)(statement_integer(statement, 6) % ROSTER_PLACES),
    };
}

/* Rows of which another says the same, key and all, are that row. */
static gboolean drop_same(Roster *self, GError **error)
{
    static const char keep[] =
        "DELETE FROM twins WHERE id NOT IN (SELECT t.id FROM twins t JOIN rows r ON r.id = t.id "
        "JOIN rows f ON f.id = t.first WHERE r.packed = f.packed)";
    static const char *const steps[] = {
        keep, "DELETE FROM letters WHERE id / $1 IN (SELECT id FROM twins)",
        "DELETE FROM excluded WHERE id / $1 IN (SELECT id FROM twins)",
        "DELETE FROM rows WHERE id IN (SELECT id FROM twins)"};
    for (guint i = 0; i < G_N_ELEMENTS(steps); i++) {
        g_autoptr(Statement) step = statement_begin(self->db, steps[i], error);
        if (!step)
            return FALSE;
        if (strstr(steps[i], "$1"))
            statement_bind_integer(step, 1, ROSTER_PLACES);
        if (!statement_run(step, NULL, error))
            return FALSE;
    }
    return count_letters(self, error);
}

/* Each of those that have the same as another by that order: of a key, or of what only looks like one. */
static gboolean each_twin(Roster *self, const char *sql, gboolean is_like, RosterKeyTwin found,
                          void *user, GError **error)
{
    if (!find_twins(self, sql, error))
        return FALSE;
    g_autoptr(Statement) twins = statement_begin(self->db, SQL_KEY_TWINS, error);
    StatementStep step = STATEMENT_FAILED;
    if (twins)
        statement_bind_integer(twins, 1, ROSTER_PLACES);
    while (twins && (step = statement_step(twins, error)) == STATEMENT_ROW) {
        RosterTwin twin = read_twin(twins);
        twin.is_like = is_like;
        twin.is_same = !is_like && statement_integer(twins, 7) != 0;
        if (!is_like || strcmp(twin.key, twin.first_key) != 0)
            found(user, &twin);
    }
    return step == STATEMENT_DONE;
}

static gboolean settle_keys(Roster *self, RosterKeyTwin found, void *user, GError **error)
{
    return self->ascending ||
           (each_twin(self, SQL_BY_KEY, FALSE, found, user, error) && drop_same(self, error));
}

/* 0012 and 12: two schools to us, and hardly to the office. */
static gboolean tell_likes(Roster *self, RosterKeyTwin found, void *user, GError **error)
{
    return !may_look_alike(self) || each_twin(self, SQL_BY_LIKENESS, TRUE, found, user, error);
}

static gboolean exclude_twin(Roster *self, Statement *twins, RosterLetterTwin found, void *user,
                             GError **error)
{
    RosterTwin twin = read_twin(twins);
    g_autofree char *detail = found(user, &twin);
    self->letters--;
    return exclude(self, statement_integer(twins, 2), twin.address, EXCLUSION_SAME_ADDRESS, detail,
                   0, error);
}

static gboolean exclude_twins(Roster *self, RosterLetterTwin found, void *user, GError **error)
{
    g_autoptr(Statement) twins = statement_begin(self->db, SQL_LETTER_TWINS, error);
    StatementStep step = STATEMENT_FAILED;
    if (twins)
        statement_bind_integer(twins, 1, ROSTER_PLACES);
    while (twins && (step = statement_step(twins, error)) == STATEMENT_ROW)
        if (!exclude_twin(self, twins, found, user, error))
            return FALSE;
    return step == STATEMENT_DONE;
}

static gboolean settle_letters(Roster *self, RosterLetterTwin found, void *user, GError **error)
{
    return find_twins(self, SQL_BY_ADDRESS, error) && exclude_twins(self, found, user, error) &&
           database_run(self->db, "DELETE FROM letters WHERE id IN (SELECT id FROM twins)", error);
}

gboolean roster_settle(Roster *self, RosterKeyTwin key_twin, RosterLetterTwin letter_twin,
                       void *user, GError **error)
{
    return settle_keys(self, key_twin, user, error) && tell_likes(self, key_twin, user, error) &&
           settle_letters(self, letter_twin, user, error);
}

/* --- reading --------------------------------------------------------------------------------- */

/* Several may read at once: each has a statement of its own. */
static RosterCursor *read_by(Roster *self, const char *sql, const char *key, GError **error)
{
    Statement *statement = statement_prepare(self->db, sql, error);
    if (!statement)
        return NULL;
    RosterCursor *cursor = g_new0(RosterCursor, 1);
    cursor->statement = statement;
    statement_bind_integer(statement, 1, ROSTER_PLACES);
    if (key)
        statement_bind_text(statement, 2, key);
    return cursor;
}

RosterCursor *roster_read(Roster *self, const char *key, GError **error)
{
    return read_by(self, key ? SQL_READ_KEY : SQL_READ, key, error);
}

RosterCursor *roster_read_excluded(Roster *self, GError **error)
{
    RosterCursor *cursor = read_by(self, SQL_READ_EXCLUDED, NULL, error);
    if (cursor)
        cursor->is_excluded = TRUE;
    return cursor;
}

gboolean roster_each_twin(Roster *self, RosterTwinFound found, void *user, GError **error)
{
    g_autoptr(Statement) twins = statement_begin(self->db, SQL_EACH_TWIN, error);
    StatementStep step = STATEMENT_FAILED;
    gsize length;
    if (twins)
        statement_bind_integer(twins, 1, ROSTER_PLACES);
    while (twins && (step = statement_step(twins, error)) == STATEMENT_ROW) {
        const RosterPair pair = {.address = statement_text(twins, 0),
                                 .key = statement_text(twins, 1),
                                 .line = (guint)statement_integer(twins, 2),
                                 .packed = statement_bytes(twins, 3, &length),
                                 .first_key = statement_text(twins, 4),
                                 .first_packed = statement_bytes(twins, 5, &length)};
        if (!found(user, &pair))
            return TRUE;
    }
    return step == STATEMENT_DONE;
}

void roster_cursor_free(RosterCursor *self)
{
    if (!self)
        return;
    statement_end(self->statement);
    g_free(self);
}

gboolean roster_next(RosterCursor *self, RosterEntry *entry, GError **error)
{
    gsize length;
    if (statement_step(self->statement, error) != STATEMENT_ROW)
        return FALSE;
    entry->line = (guint)statement_integer(self->statement, 0);
    entry->key = statement_text(self->statement, 1);
    entry->address = statement_text(self->statement, 2);
    entry->packed = statement_bytes(self->statement, 3, &length);
    entry->partner = (guint)statement_integer(self->statement, 4);
    entry->place = (guint)(statement_integer(self->statement, 5) % ROSTER_PLACES);
    entry->detail = self->is_excluded ? statement_text(self->statement, 6) : NULL;
    entry->joined = self->is_excluded ? (guint)statement_integer(self->statement, 8) : 0;
    entry->kind =
        self->is_excluded ? (ExclusionKind)statement_integer(self->statement, 7) : EXCLUSION_NONE;
    return TRUE;
}
