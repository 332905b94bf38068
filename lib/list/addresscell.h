/* addresscell - the address in a cell, as address books, links and mail programs have it
 */
#ifndef LIST_ADDRESSCELL_H
#define LIST_ADDRESSCELL_H

#include <glib.h>

/* The bare address in "Name <a@example.org>", "mailto:a@example.org?subject=x",
 * "SMTP:a@example.org", "a@example.org (Name)", "a@example.org;" and the same in quotes of any kind;
 * newly allocated. Whatever else stands there comes as it is. */
char *addresscell_bare(const char *cell);

/* Whether a bare address is several. */
gboolean addresscell_is_several(const char *bare);

/* The one bare address that a cell of several has each time; newly allocated, or NULL. */
char *addresscell_same(const char *cell);

#endif
