/* finding - what is wrong or worth knowing about an input, by file and line
 *
 * Findings are results, not errors: they are collected, counted and shown together, so that an
 * officer fixes a list once and not row by row. Memory stays bounded: past FINDINGS_KEPT of one id
 * and severity they are only counted.
 */
#ifndef BASE_FINDING_H
#define BASE_FINDING_H

#include <glib.h>

#include "base/location.h"

enum { FINDINGS_KEPT = 100 }; /* of one id and severity; the rest is counted */

typedef enum { FINDING_NOTE, FINDING_WARNING, FINDING_ERROR } Severity; /* an error stops a plan */

typedef struct {
    Severity severity;
    char *file;   /* as the user would write it, or NULL */
    guint line;   /* from 1, or 0 for the whole file */
    guint column; /* of a cell of a worksheet, from 1; else 0 */
    char *id;     /* a stable word: "bad-address" */
    char *text;   /* one sentence in the grammar of base/error.h, without the place */
} Finding;

typedef struct Findings Findings;

Findings *findings_new(void);
void findings_free(Findings *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Findings, findings_free)

/* Adds one. `file` may be NULL and `line` 0. Copies all it is given; what `format` makes is kept as
 * text_visible() shows it, for it quotes what stood in the file. */
void findings_add(Findings *self, Severity severity, const char *file, guint line, const char *id,
                  const char *format, ...) G_GNUC_PRINTF(6, 7);

/* The same for what stands `at` a place, which may be a cell. */
void findings_add_at(Findings *self, Severity severity, const Location *at, const char *id,
                     const char *format, ...) G_GNUC_PRINTF(5, 6);

/* Adds a finding of another collection, all or one as it is. */
void findings_copy(Findings *self, const Finding *finding);
void findings_copy_all(Findings *self, const Findings *from);

/* From now on `silences` is asked about each finding that is no error, before it is counted: one
 * for which it gives TRUE is as if it had never been added. Errors are never asked about. */
typedef gboolean (*FindingSilencer)(void *user, const char *file, guint line, const char *id);
void findings_silence(Findings *self, FindingSilencer silences, void *user);

/* How many of that severity were added, kept or not. */
guint findings_count(const Findings *self, Severity severity);

/* The kept ones in the order they came. Borrowed; `index` < findings_kept(). */
guint findings_kept(const Findings *self);
const Finding *findings_get(const Findings *self, guint index);

/* Puts the kept ones in order: those of the file `first` (may be NULL), then the other files in the
 * order in which they came, then those without a file; each by line, and else as they came. */
void findings_sort(Findings *self, const char *first);

/* How many with `id` were added, kept or not. */
guint findings_count_id(const Findings *self, const char *id);

/* Where it stands; borrowed. */
Location finding_location(const Finding *self);

/* "file:line: error: text [id]", of a cell "file!C17: ..."; newly allocated. Without a place, "error: text [id]". */
char *finding_text(const Finding *finding);

/* "error", "warning" or "note". */
const char *severity_name(Severity severity);

/* Sets `error` to the first error-severity finding (kind DATA), with how many more there are.
 * Returns TRUE when there was none, so that a caller may `return findings_pass(...)`. */
gboolean findings_pass(const Findings *self, GError **error);

#endif
