/* attachments - the rules about the files that go with a letter
 */
#ifndef RULES_ATTACHMENTS_H
#define RULES_ATTACHMENTS_H

#include "base/finding.h"
#include "config/front.h"

enum {
    ATTACHMENTS_MANY = 5,        /* from here on a page with links is better */
    ATTACHMENTS_ZIP_MAX = 10000, /* entries of a zip that are looked at */
};

/* Kinds that mail systems refuse or that many can't open, names that stand twice, too many of them.
 */
void attachments_check(const char *file, const Front *front, Findings *findings);

/* The name of the first file within a zip of a kind that mail systems refuse; newly allocated, or
 * NULL. Reads the directory at its end (PKWARE's APPNOTE 4.3.12); any bytes are fine. */
char *attachments_blocked_in_zip(const guint8 *bytes, gsize length);

/* Whether a file of that name is refused by Gmail or by the attachment filter of Microsoft 365. */
gboolean attachments_is_blocked(const char *name);

#endif
