/* roster - the rows that were chosen, the letters they get and those they don't, in the list's
 * order
 *
 * Kept in a scratch database, so that a million rows take no more memory than a thousand. Rows are
 * added in the list's order; roster_settle then finds the twins by sorting, which unlike an index
 * touches a large file only from end to end.
 */
#ifndef LIST_ROSTER_H
#define LIST_ROSTER_H

#include <glib.h>

#include "fact/exclusion.h"

enum { ROSTER_PLACES = 16 }; /* letters that one row can have: 0 to ROSTER_PLACES-1 */

typedef struct Roster Roster;

/* All calls that take an `error` fail with IO only. */
Roster *roster_new(GError **error);
void roster_free(Roster *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Roster, roster_free)

/* Adds a row. Copies it. */
typedef struct {
    guint line;
    guint partner; /* the line of what is joined to it, or 0 */
    const char *key;
    const char *packed; /* its cells (sheet/cell.h), */
    gsize length;       /* and their bytes */
} RosterRow;
gboolean roster_add(Roster *self, const RosterRow *row, GError **error);

/* What comes of the row that was added last, by place: a letter to `address`, or none and why.
 * `fold` is equal for addresses of one mailbox; `joined` is the line of a second sheet in which the
 * fault stands, or 0. */
gboolean roster_add_letter(Roster *self, guint place, const char *address, const char *fold,
                           GError **error);
gboolean roster_exclude(Roster *self, guint place, const char *address, ExclusionKind kind,
                        const char *detail, guint joined, GError **error);

/* One row, or one letter of it, and the first in the list with the same key or address. */
typedef struct {
    const char *key, *address; /* the address is "" for rows */
    guint line, place;
    const char *first_key;
    guint first_line, first_place;
    gboolean is_same; /* of rows: all their cells are the same, and it is dropped */
    gboolean is_like; /* of rows: the keys are two, and only look like one: 0012 and 12 */
} RosterTwin;

/* Called with each twin, in the list's order. */
typedef void (*RosterKeyTwin)(void *user, const RosterTwin *twin);
/* The same for a letter, which becomes an exclusion with the detail that is given back (newly
 * allocated). */
typedef char *(*RosterLetterTwin)(void *user, const RosterTwin *twin);

/* To be called once, after the last row and before any reading. */
gboolean roster_settle(Roster *self, RosterKeyTwin key_twin, RosterLetterTwin letter_twin,
                       void *user, GError **error);

guint64 roster_letters(const Roster *self);

/* A reading of letters or of exclusions, in the list's order. */
typedef struct RosterCursor RosterCursor;

/* All letters, or those of one key. */
RosterCursor *roster_read(Roster *self, const char *key, GError **error);
RosterCursor *roster_read_excluded(Roster *self, GError **error);
void roster_cursor_free(RosterCursor *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RosterCursor, roster_cursor_free)

/* A row that has no letter because an earlier one has the same address; borrowed. */
typedef struct {
    const char *address; /* that of the letter */
    const char *key, *packed;
    guint line;
    const char *first_key, *first_packed; /* of the row that has it */
} RosterPair;

/* Calls back with each, in the list's order; twins within one row are none. FALSE stops. */
typedef gboolean (*RosterTwinFound)(void *user, const RosterPair *pair);
gboolean roster_each_twin(Roster *self, RosterTwinFound found, void *user, GError **error);

typedef struct {
    guint line, partner; /* of the row; of what is joined to it, or 0 */
    guint place;
    const char *key, *address;
    const char *packed; /* of a letter: the row's cells */
    ExclusionKind kind; /* of an exclusion, with its detail */
    const char *detail;
    guint joined; /* the same: the line of a second sheet where the fault stands, or 0 */
} RosterEntry;

/* The next one, borrowed until the next call. FALSE at the end or with `error`. */
gboolean roster_next(RosterCursor *self, RosterEntry *entry, GError **error);

#endif
