/* fold - text broken into lines that fit a terminal */
#include "fold.h"

#include <string.h>

#include "template/wrap.h"

enum {
    LAST_COLUMN = 24, /* columns that the last one needs, or what goes on doesn't stand under it */
    GAP = 2           /* blanks between two columns, at least */
};

typedef struct {
    guint columns;
    guint indent; /* of the first line */
    guint hang;   /* of those that follow */
    gboolean keeps_padding;
} Fold;

/* Where the last column begins: after the last run of blanks, or 0. */
static guint last_column(const char *line, gsize length, guint indent)
{
    guint last = 0;
    for (gsize i = indent; i < length; i++) {
        gsize blanks = strspn(line + i, " ");
        if (blanks >= GAP && i + blanks < length)
            last = wrap_columns(line, i) + (guint)blanks;
        i += blanks;
    }
    return last;
}

static Fold plan(const char *line, gsize length, guint columns)
{
    guint indent = (guint)strspn(line, " ");
    guint last = last_column(line, length, indent);
    if (last && last + LAST_COLUMN <= columns)
        return (Fold){columns, indent, last, TRUE};
    indent = MIN(indent, columns / 4);
    return (Fold){columns, indent, indent + GAP, FALSE};
}

static gboolean fits(const Fold *fold, const char *at, gsize length)
{
    return fold->hang + wrap_columns(at, length) <= fold->columns;
}

/* The length of the word at `at`: to the next blank; where a line has room for them, a number keeps
 * what it counts, and a quoted command its words. */
static gsize word_length(const Fold *fold, const char *at, const char *end)
{
    gsize length = MIN(strcspn(at, " "), (gsize)(end - at)), whole = length;
    const char *close = g_str_has_prefix(at, "'circular ") ? strchr(at + 1, '\'') : NULL;
    if (close && close < end)
        whole = (gsize)(close - at) + 1 + strcspn(close + 1, " ");
    else if (strspn(at, "0123456789,") == length && at + length + 1 < end && at[length + 1] != ' ')
        whole = length + 1 + strcspn(at + length + 1, " ");
    whole = MIN(whole, (gsize)(end - at));
    return fits(fold, at, whole) ? whole : length;
}

static void add_blanks(GString *out, guint count)
{
    g_string_append_printf(out, "%*s", (int)count, "");
}

static void fold_line(GString *out, const char *line, gsize length, guint columns)
{
    const char *end = line + length;
    if (wrap_columns(line, length) <= columns) {
        g_string_append_len(out, line, (gssize)length);
        return;
    }
    Fold fold = plan(line, length, columns);
    const char *at = line + strspn(line, " ");
    guint used = fold.indent;
    add_blanks(out, fold.indent);
    for (guint blanks = 0; at < end; at += blanks) {
        gsize word = word_length(&fold, at, end);
        guint gap = fold.keeps_padding ? blanks : MIN(blanks, GAP);
        guint wide = wrap_columns(at, word);
        if (blanks && used + gap + wide > columns) {
            g_string_append_c(out, '\n');
            gap = fold.hang;
            used = 0;
        }
        add_blanks(out, gap);
        g_string_append_len(out, at, (gssize)word);
        used += gap + wide;
        at += word;
        blanks = (guint)MIN(strspn(at, " "), (gsize)(end - at));
    }
}

char *fold_text(const char *text, guint columns)
{
    GString *out = g_string_new(NULL);
    if (!columns)
        return g_string_free(g_string_append(out, text), FALSE);
    for (;;) {
        gsize length = strcspn(text, "\n");
        fold_line(out, text, length, columns);
        if (!text[length])
            return g_string_free(out, FALSE);
        g_string_append_c(out, '\n');
        text += length + 1;
    }
}
