/* roster - the rows that were chosen, the letters they get and those they don't, in the list's
 * order */
#include "list/roster.h"

#include "list/tempdb.h"

struct Roster {
    sqlite3 *db;
    sqlite3_stmt *add, *add_letter, *exclude;
    gint64 rows;
    guint64 letters;
    gboolean
        ascending; /* keys so far, as in any extract of the register: then there are no twins */
    GString *last_key;
};

struct RosterCursor {
    sqlite3_stmt *statement;
    gboolean ended; /* or SQLite would begin again */
};

/* A letter's id is its row's times ROSTER_PLACES plus its place, so that both tables are walked
 * side by side. */
static const char schema[] =
    "CREATE TABLE rows(id INTEGER PRIMARY KEY, line INTEGER, key TEXT, packed BLOB);"
    "CREATE TABLE letters(id INTEGER PRIMARY KEY, address TEXT, fold TEXT);"
    "CREATE TABLE excluded(id INTEGER PRIMARY KEY, address TEXT, detail TEXT, kind INTEGER, "
    "joined INTEGER);"
    "CREATE TABLE twins(id INTEGER PRIMARY KEY, first INTEGER);";

Roster *roster_new(GError **error)
{
    g_autoptr(Roster) self = g_new0(Roster, 1);
    self->ascending = TRUE;
    self->last_key = g_string_new(NULL);
    self->db = tempdb_open(schema, error);
    if (!self->db ||
        !tempdb_prepare(self->db, "INSERT INTO rows VALUES(?,?,?,?)", &self->add, error) ||
        !tempdb_prepare(self->db, "INSERT INTO letters VALUES(?,?,?)", &self->add_letter, error) ||
        !tempdb_prepare(self->db, "INSERT INTO excluded VALUES(?,?,?,?,?)", &self->exclude, error))
        return NULL;
    return g_steal_pointer(&self);
}

void roster_free(Roster *self)
{
    if (!self)
        return;
    sqlite3_finalize(self->add);
    sqlite3_finalize(self->add_letter);
    sqlite3_finalize(self->exclude);
    sqlite3_close(self->db);
    g_string_free(self->last_key, TRUE);
    g_free(self);
}

/* --- adding ---------------------------------------------------------------------------------- */

gboolean roster_add(Roster *self, guint line, const char *key, const char *packed, gsize length,
                    GError **error)
{
    self->rows++;
    if (self->ascending) {
        self->ascending = self->rows == 1 || g_strcmp0(self->last_key->str, key) < 0;
        g_string_assign(self->last_key, key);
    }
    sqlite3_bind_int64(self->add, 1, self->rows);
    sqlite3_bind_int64(self->add, 2, line);
    sqlite3_bind_text(self->add, 3, key, -1, SQLITE_STATIC);
    sqlite3_bind_blob64(self->add, 4, packed, length, SQLITE_STATIC);
    return tempdb_write(self->add, error);
}

static gboolean add(Roster *self, sqlite3_stmt *statement, guint place, const char *first,
                    const char *second, GError **error)
{
    g_assert(place < ROSTER_PLACES);
    sqlite3_bind_int64(statement, 1, self->rows * ROSTER_PLACES + place);
    sqlite3_bind_text(statement, 2, first, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 3, second, -1, SQLITE_STATIC);
    return tempdb_write(statement, error);
}

gboolean roster_add_letter(Roster *self, guint place, const char *address, const char *fold,
                           GError **error)
{
    self->letters++;
    return add(self, self->add_letter, place, address, fold, error);
}

gboolean roster_exclude(Roster *self, guint place, const char *address, ExclusionKind kind,
                        const char *detail, guint joined, GError **error)
{
    sqlite3_bind_int(self->exclude, 4, (int)kind);
    sqlite3_bind_int64(self->exclude, 5, joined);
    return add(self, self->exclude, place, address, detail, error);
}

guint64 roster_letters(const Roster *self)
{
    return self->letters;
}

/* --- twins ----------------------------------------------------------------------------------- */

/* Notes in the table twins each id whose text stood before. `sql` gives text and id, sorted by
 * both. */
static gboolean find_twins(Roster *self, const char *sql, GError **error)
{
    sqlite3_stmt *sorted = NULL, *note = NULL;
    g_autoptr(GString) last = g_string_new(NULL);
    g_autoptr(GError) inner = NULL;
    gint64 first = 0;
    gboolean ok = tempdb_run(self->db, "DELETE FROM twins", &inner) &&
                  tempdb_prepare(self->db, sql, &sorted, &inner) &&
                  tempdb_prepare(self->db, "INSERT INTO twins VALUES(?,?)", &note, &inner);
    while (ok && tempdb_next(sorted, &inner)) {
        const char *text = tempdb_text(sorted, 0);
        gint64 id = sqlite3_column_int64(sorted, 1);
        if (!first || g_strcmp0(text, last->str) != 0) {
            g_string_assign(last, text);
            first = id;
            continue;
        }
        sqlite3_bind_int64(note, 1, id);
        sqlite3_bind_int64(note, 2, first);
        ok = tempdb_write(note, &inner);
    }
    sqlite3_finalize(sorted);
    sqlite3_finalize(note);
    if (inner)
        g_propagate_error(error, g_steal_pointer(&inner));
    return ok && !inner;
}

/* Columns: key, line, id of the twin, address, key, line and id of the first. */
static RosterTwin read_twin(sqlite3_stmt *statement)
{
    return (RosterTwin){
        .key = tempdb_text(statement, 0),
        .line = (guint)sqlite3_column_int64(statement, 1),
        .place = (guint)(sqlite3_column_int64(statement, 2) % ROSTER_PLACES),
        .address = tempdb_text(statement, 3),
        .first_key = tempdb_text(statement, 4),
        .first_line = (guint)sqlite3_column_int64(statement, 5),
        .first_place = (guint)(sqlite3_column_int64(statement, 6) % ROSTER_PLACES),
    };
}

static gboolean settle_keys(Roster *self, RosterKeyTwin found, void *user, GError **error)
{
    sqlite3_stmt *twins = NULL;
    g_autoptr(GError) inner = NULL;
    if (self->ascending)
        return TRUE;
    gboolean ok = find_twins(self, "SELECT key, id FROM rows ORDER BY key, id", &inner) &&
                  tempdb_prepare(self->db,
                                 "SELECT r.key, r.line, 0, '', f.key, f.line, 0 "
                                 "FROM twins t JOIN rows r ON r.id = t.id "
                                 "JOIN rows f ON f.id = t.first ORDER BY t.id",
                                 &twins, &inner);
    while (ok && tempdb_next(twins, &inner)) {
        RosterTwin twin = read_twin(twins);
        found(user, &twin);
    }
    sqlite3_finalize(twins);
    if (inner)
        g_propagate_error(error, g_steal_pointer(&inner));
    return ok && !inner;
}

static gboolean exclude_twin(Roster *self, sqlite3_stmt *twins, RosterLetterTwin found, void *user,
                             GError **error)
{
    RosterTwin twin = read_twin(twins);
    g_autofree char *detail = found(user, &twin);
    sqlite3_bind_int64(self->exclude, 1, sqlite3_column_int64(twins, 2));
    sqlite3_bind_text(self->exclude, 2, twin.address, -1, SQLITE_STATIC);
    sqlite3_bind_text(self->exclude, 3, detail, -1, SQLITE_STATIC);
    sqlite3_bind_int(self->exclude, 4, EXCLUSION_SAME_ADDRESS);
    sqlite3_bind_int64(self->exclude, 5, 0);
    self->letters--;
    return tempdb_write(self->exclude, error);
}

static gboolean settle_letters(Roster *self, RosterLetterTwin found, void *user, GError **error)
{
    sqlite3_stmt *twins = NULL;
    g_autoptr(GError) inner = NULL;
    gboolean ok =
        find_twins(self, "SELECT fold, id FROM letters ORDER BY fold, id", &inner) &&
        tempdb_prepare(self->db,
                       "SELECT r.key, r.line, t.id, l.address, f.key, f.line, t.first "
                       "FROM twins t JOIN letters l ON l.id = t.id JOIN rows r ON r.id = t.id / ?1 "
                       "JOIN rows f ON f.id = t.first / ?1 ORDER BY t.id",
                       &twins, &inner);
    if (ok)
        sqlite3_bind_int(twins, 1, ROSTER_PLACES);
    while (ok && tempdb_next(twins, &inner))
        ok = exclude_twin(self, twins, found, user, &inner);
    sqlite3_finalize(twins);
    ok = ok && !inner &&
         tempdb_run(self->db, "DELETE FROM letters WHERE id IN (SELECT id FROM twins)", &inner);
    if (inner)
        g_propagate_error(error, g_steal_pointer(&inner));
    return ok;
}

gboolean roster_settle(Roster *self, RosterKeyTwin key_twin, RosterLetterTwin letter_twin,
                       void *user, GError **error)
{
    return settle_keys(self, key_twin, user, error) &&
           settle_letters(self, letter_twin, user, error);
}

/* --- reading --------------------------------------------------------------------------------- */

static RosterCursor *read_by(Roster *self, const char *sql, const char *key, GError **error)
{
    g_autoptr(RosterCursor) cursor = g_new0(RosterCursor, 1);
    if (!tempdb_prepare(self->db, sql, &cursor->statement, error))
        return NULL;
    sqlite3_bind_int(cursor->statement, 1, ROSTER_PLACES);
    if (key)
        sqlite3_bind_text(cursor->statement, 2, key, -1, SQLITE_TRANSIENT);
    return g_steal_pointer(&cursor);
}

RosterCursor *roster_read(Roster *self, const char *key, GError **error)
{
    /* CROSS JOIN keeps SQLite from turning the loops round. */
    if (key)
        return read_by(self,
                       "SELECT r.line, r.key, l.address, r.packed FROM rows r CROSS JOIN letters l "
                       "WHERE r.key = ?2 AND l.id BETWEEN r.id * ?1 AND r.id * ?1 + ?1 - 1 "
                       "ORDER BY r.id, l.id",
                       key, error);
    return read_by(self,
                   "SELECT r.line, r.key, l.address, r.packed FROM letters l CROSS JOIN rows r "
                   "WHERE r.id = l.id / ?1 ORDER BY l.id",
                   NULL, error);
}

RosterCursor *roster_read_excluded(Roster *self, GError **error)
{
    return read_by(self,
                   "SELECT r.line, r.key, e.address, r.packed, e.detail, e.kind, "
                   "e.joined "
                   "FROM excluded e CROSS JOIN rows r WHERE r.id = e.id / ?1 ORDER BY e.id",
                   NULL, error);
}

gboolean roster_each_twin(Roster *self, RosterTwinFound found, void *user, GError **error)
{
    sqlite3_stmt *twins = NULL;
    g_autoptr(GError) inner = NULL;
    gboolean ok = tempdb_prepare(self->db,
                                 "SELECT l.address, r.packed FROM twins t JOIN letters l ON l.id = "
                                 "t.first JOIN rows r ON r.id = t.id / ?1 ORDER BY t.id",
                                 &twins, &inner);
    if (ok)
        sqlite3_bind_int(twins, 1, ROSTER_PLACES);
    while (ok && tempdb_next(twins, &inner))
        found(user, tempdb_text(twins, 0), sqlite3_column_blob(twins, 1));
    sqlite3_finalize(twins);
    if (inner)
        g_propagate_error(error, g_steal_pointer(&inner));
    return ok && !inner;
}

void roster_cursor_free(RosterCursor *self)
{
    if (!self)
        return;
    sqlite3_finalize(self->statement);
    g_free(self);
}

gboolean roster_next(RosterCursor *self, RosterEntry *entry, GError **error)
{
    if (self->ended || !tempdb_next(self->statement, error)) {
        self->ended = TRUE;
        return FALSE;
    }
    entry->line = (guint)sqlite3_column_int64(self->statement, 0);
    entry->key = tempdb_text(self->statement, 1);
    entry->address = tempdb_text(self->statement, 2);
    entry->packed = sqlite3_column_blob(self->statement, 3);
    gboolean is_letter = sqlite3_column_count(self->statement) == 4;
    entry->detail = is_letter ? NULL : tempdb_text(self->statement, 4);
    entry->joined = is_letter ? 0 : (guint)sqlite3_column_int64(self->statement, 6);
    entry->kind =
        is_letter ? EXCLUSION_NONE : (ExclusionKind)sqlite3_column_int(self->statement, 5);
    return TRUE;
}
