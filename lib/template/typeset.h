/* typeset - what a typesetter does in running text: what belongs together stays on a line, and an
 * apostrophe is no foot mark
 *
 * "20 January", "Year 6", "9.30 am" and telephone numbers get a no-break space (U+00A0) for the
 * blank in them.
 */
#ifndef TEMPLATE_TYPESET_H
#define TEMPLATE_TYPESET_H

#include <glib.h>

/* The text with no-break spaces; newly allocated. `field` begins a word that stands for a field,
 * which may be a number; NULL: there are none. */
char *typeset_join(const char *text, const char *field);

/* The same for a field's value (UTF-8 or not), whose straight apostrophes become U+2019 too, but for
 * those in addresses and names of files. FALSE when nothing changes, `out` then being of no use. */
gboolean typeset_value(const char *bytes, gsize length, GString *out);

/* What became of values, by where they stand in memory: a letter shows the same few again and again,
 * in both its parts. They must stay as they are until it is cleared. */
enum { TYPESET_MEMO = 16 }; /* values that are remembered */

typedef struct {
    const char *bytes;
    gsize length;
    gsize at, set; /* where in `texts`, and how long; 0 when nothing changes */
} TypesetValue;

typedef struct {
    GString *texts, *set; /* NULL before the first; the present one */
    guint count;
    TypesetValue values[TYPESET_MEMO];
} TypesetMemo;

void typeset_memo_init(TypesetMemo *self);
void typeset_memo_clear(TypesetMemo *self);

/* A value as it is shown, `*length` bytes before and after: it itself where nothing changes. Borrowed
 * until the next call. */
const char *typeset_memo_value(TypesetMemo *self, const char *bytes, gsize *length);

#endif
