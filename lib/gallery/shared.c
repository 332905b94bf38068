/* shared - texts that are alike, each written as what it has in common with the first */
#include "gallery/shared.h"

#include <string.h>

#include "page/script.h"

struct SharedPieces {
    GPtrArray *pieces; /* of the first text; char * */
    GHashTable *index; /* piece -> its first place, counted from 1 */
    gboolean begun;
};

SharedPieces *shared_new(void)
{
    SharedPieces *self = g_new0(SharedPieces, 1);
    self->pieces = g_ptr_array_new_with_free_func(g_free);
    self->index = g_hash_table_new(g_str_hash, g_str_equal);
    return self;
}

void shared_free(SharedPieces *self)
{
    if (!self)
        return;
    g_hash_table_unref(self->index);
    g_ptr_array_unref(self->pieces);
    g_free(self);
}

/* Where the piece that begins at `text` ends. */
static const char *piece_end(const char *text)
{
    const char *end = text + 1 + strcspn(text + 1, "\n<");
    if (*text == '\n')
        return text + 1;
    return *end == '\n' ? end + 1 : end;
}

static void keep(SharedPieces *self, const char *text)
{
    for (const char *p = text, *end; *p; p = end) {
        end = piece_end(p);
        char *piece = g_strndup(p, (gsize)(end - p));
        g_ptr_array_add(self->pieces, piece);
        if (!g_hash_table_contains(self->index, piece))
            g_hash_table_insert(self->index, piece, GUINT_TO_POINTER(self->pieces->len));
    }
    self->begun = TRUE;
}

typedef struct {
    guint first, count;
} Run;

static void write_run(Run *run, GString *out)
{
    if (!run->count)
        return;
    script_number(out, run->first);
    script_number(out, run->count);
    run->count = 0;
}

/* Adds a piece to the run if it goes on there - a blank line stands in many places, and the next
 * one is meant -, or begins another. FALSE when the first text doesn't have it. */
static gboolean find(const SharedPieces *self, const char *piece, Run *run, GString *out)
{
    guint next = run->first + run->count;
    if (run->count && next < self->pieces->len &&
        g_str_equal(g_ptr_array_index(self->pieces, next), piece)) {
        run->count++;
        return TRUE;
    }
    guint place = GPOINTER_TO_UINT(g_hash_table_lookup(self->index, piece));
    write_run(run, out);
    if (!place)
        return FALSE;
    *run = (Run){.first = place - 1, .count = 1};
    return TRUE;
}

void shared_write(SharedPieces *self, const char *text, GString *out)
{
    Run run = {0};
    if (!self->begun)
        keep(self, text);
    script_open(out, '[');
    for (const char *p = text, *end; *p; p = end) {
        end = piece_end(p);
        g_autofree char *piece = g_strndup(p, (gsize)(end - p));
        if (!find(self, piece, &run, out))
            script_text(out, piece);
    }
    write_run(&run, out);
    script_close(out, ']');
}

void shared_write_pieces(const SharedPieces *self, GString *out)
{
    script_open(out, '[');
    for (guint i = 0; i < self->pieces->len; i++)
        script_text(out, g_ptr_array_index(self->pieces, i));
    script_close(out, ']');
}
