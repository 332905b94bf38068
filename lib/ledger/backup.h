/* backup - a consistent copy of a ledger in one file, with the files that belong to it
 *
 * The copy is a ledger with a table more, which holds the key and the config. It can be made while
 * letters are being sent: it is what was committed at one moment.
 */
#ifndef LEDGER_BACKUP_H
#define LEDGER_BACKUP_H

#include "ledger/ledger.h"

enum { BACKUP_PARTS_MAX = 16 };

typedef struct {
    char *name; /* "key", "config" */
    char *bytes;
    gsize length;
} BackupPart;

void backup_part_free(gpointer part);

/* Writes the ledger and the parts into a new file (0600), checks it, and gives it its name: whole or
 * not at all. IO when that can't be, also when there is a file of that name. */
gboolean backup_write(Ledger *ledger, const char *path, const GPtrArray *parts, GError **error);

/* The parts of a backup that is whole. NULL with DATA when it is none, or damaged. Of BackupPart, to
 * be unreffed. */
GPtrArray *backup_check(const char *path, GError **error);

/* Makes the ledger at `ledger` of the backup: whole or not at all. IO, and nothing touched, when
 * there is one already. */
gboolean backup_restore(const char *path, const char *ledger, GError **error);

#endif
