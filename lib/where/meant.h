/* meant - the line to write instead of a wrong expression
 *
 * Edits of the source, applied and shown; with the quotes of YAML where the line needs them in the
 * config.
 */
#ifndef WHERE_MEANT_H
#define WHERE_MEANT_H

#include "where/sqlslips.h"

/* Edits, in the order of the source; to be freed with g_array_unref. */
GArray *meant_new(void);

/* Bytes `begin` to `end` are to be `text`, which is taken. */
void meant_edit(GArray *edits, gsize begin, gsize end, char *text);

/* The source with its edits; newly allocated. */
char *meant_line(const SlipsSpec *spec, const GArray *edits);

/* "why: write ..."; newly allocated. Takes `why`. Where the line has further slips they are fixed,
 * too; `why` alone when that can't be done: half a line is no help. */
char *meant_say(const SlipsSpec *spec, char *why, const GArray *edits);

/* A text and a column's name as they stand in an expression; newly allocated. */
char *meant_text(const char *text);
char *meant_name(const char *name);

/* Whether a column's name needs no quotes. */
gboolean meant_is_plain(const char *name);

#endif
