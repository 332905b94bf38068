/* fieldset - what a letter can name: a list's columns, and those derived from them by Mustache
 *
 * A column is named by its heading, EstablishmentStatus (name) as well as URN. Only what Mustache
 * couldn't read is left out: full stops and braces ("No. of pupils" is {{No of pupils}}) and signs
 * like # before the name.
 */
#ifndef LIST_FIELDSET_H
#define LIST_FIELDSET_H

#include <glib.h>

#include "base/finding.h"
#include "base/value.h"

typedef struct {
    const char *name;     /* the derived field */
    const char *template; /* Mustache over the columns and the derived fields before it */
    guint line;           /* in the config */
} FieldSpec;

typedef struct Fieldset Fieldset;

/* `columns` NULL-terminated; `specs` ends with a NULL name and may be NULL; `config_file` is where
 * they stand. Compiles; findings, all by the config's line: error   field-name      a derived field
 * without a name, or with that of a column or of another error   unknown-field   a template names
 * what is no column or earlier field, with no section around it that guards it (with a "did you
 * mean") warning unknown-field   the same, guarded: it is always empty and what template_new says.
 * A field with an error is empty. Never NULL. */
Fieldset *fieldset_new(const char *const *columns, const FieldSpec *specs, const char *config_file,
                       Findings *findings);
void fieldset_free(Fieldset *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Fieldset, fieldset_free)

typedef enum {
    FIELD_COLUMN,
    FIELD_DERIVED,
    FIELD_FLAG, /* a yes or no (list/flags.h) */
    FIELD_ROWS, /* rows of another list (list/child_rows.h) */
} FieldKind;

/* Adds a name behind the others, for a flag or rows, whose values are the caller's to set. FALSE
 * with the error field-name, as for a derived field. Those that fieldset_new compiled can't use it.
 */
gboolean fieldset_add(Fieldset *self, const char *name, FieldKind kind, const char *file,
                      guint line, Findings *findings);

FieldKind fieldset_kind(const Fieldset *self, guint place);

/* The columns, then the derived fields, then what was added; NULL-terminated, borrowed. */
const char *const *fieldset_names(const Fieldset *self);

/* The place of a name among them (or of a column's heading), or -1; those from fieldset_columns()
 * on are no columns. */
int fieldset_find(const Fieldset *self, const char *name);

/* A finding bare-field of that severity where a Mustache text is nothing but the name of a column or
 * field, whatever its case: `name: HeadName` greets every reader as HeadName. */
void fieldset_doubt_bare(const Fieldset *self, const char *source, Severity severity,
                         const char *config_file, guint line, Findings *findings);
guint fieldset_columns(const Fieldset *self);
guint fieldset_derived(const Fieldset *self);

/* A map of all columns, to be freed; then fieldset_derive sets the derived ones, trimmed. FALSE
 * with DATA when one grows beyond what a template may give. */
Value *fieldset_map(const Fieldset *self, const char *const *cells);
gboolean fieldset_derive(const Fieldset *self, Value *map, GError **error);

/* One more template over all fields, as for the name in To; checked as the derived ones are. NULL
 * when an error was added to `findings`. */
struct Template *fieldset_template(const Fieldset *self, const char *source,
                                   const char *config_file, guint line, Findings *findings);

#endif
