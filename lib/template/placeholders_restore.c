/* placeholders_restore - the words of tags made tags again, in a finished page or plain text */
#include <string.h>

#include "template/placeholders.h"
#include "template/wrap.h"

static const char *sigil(TagKind kind)
{
    switch (kind) {
    case TAG_VARIABLE:
    case TAG_COMMENT:
    case TAG_DELIMITERS:
        return "";
    case TAG_RAW:
        return "&";
    case TAG_SECTION:
        return "#";
    case TAG_INVERTED:
        return "^";
    case TAG_CLOSE:
        return "/";
    case TAG_PARTIAL:
        return ">";
    }
    g_assert_not_reached();
}

typedef struct {
    GString *out;
    PlaceholderKind kind;
    guint line;        /* the last mark's */
    gssize mark_at;    /* where a mark may stand: before the element or URL that is open, or -1 */
    gboolean in_table; /* of FLOW_TABLE: no mark may stand between rows */
} Restore;

/* Follows what a mark must not stand in. */
static void follow(Restore *in, char c)
{
    if (in->kind == PLACEHOLDER_HTML) {
        if (c == '<')
            in->mark_at = (gssize)in->out->len;
        else if (c == '>')
            in->mark_at = -1;
    } else if (c == FLOW_URL_BEGIN) {
        in->mark_at = (gssize)in->out->len;
    } else if (c == FLOW_URL_END) {
        in->mark_at = -1;
    } else if (c == FLOW_TABLE || c == FLOW_TABLE_END) {
        in->in_table = c == FLOW_TABLE;
    }
}

/* Two braces, or one before a tag, would open a tag: other delimiters hold for just those bytes.
 * (In HTML the writer made all braces character references.) */
static void append_literal(Restore *in, const char *text, gsize length, gboolean before_tag)
{
    for (gsize i = 0; i < length;) {
        gsize run = 0;
        while (i + run < length && text[i + run] == '{')
            run++;
        if (run > 1 || (run == 1 && before_tag && i + run == length)) {
            g_string_append(in->out, "{{=<% %>=}}");
            g_string_append_len(in->out, text + i, (gssize)run);
            g_string_append(in->out, "<%={{ }}=%>");
        } else {
            follow(in, text[i]);
            g_string_append_len(in->out, text + i, (gssize)MAX(run, 1));
        }
        i += MAX(run, 1);
    }
}

static void mark(Restore *in, const PlaceholderTag *tag)
{
    gboolean between_rows = in->in_table && in->out->len &&
                            in->out->str[in->out->len - 1] == '\n' && tag->kind != TAG_VARIABLE &&
                            tag->kind != TAG_RAW;
    if (in->kind == PLACEHOLDER_PLAIN || between_rows || tag->line == in->line)
        return;
    g_autofree char *text = g_strdup_printf("%c%u%c", FLOW_LINE, tag->line, FLOW_PART);
    g_string_insert(in->out, in->mark_at, text);
    if (in->mark_at >= 0)
        in->mark_at += (gssize)strlen(text);
    in->line = tag->line;
}

char *placeholders_exact(const Placeholders *self, const char *text)
{
    GString *out = g_string_new(NULL);
    const char *start, *end;
    int index;
    while ((index = placeholders_find(self, text, &start, &end)) >= 0) {
        g_string_append_len(out, text, start - text);
        if (placeholders_tag(self, (guint)index)->kind == TAG_VARIABLE)
            g_string_append_c(out, PLACEHOLDER_EXACT);
        g_string_append_len(out, start, end - start);
        text = end;
    }
    g_string_append(out, text);
    return g_string_free(out, FALSE);
}

char *placeholders_restore(const Placeholders *self, const char *text, PlaceholderKind kind)
{
    Restore in = {g_string_new(NULL), kind, 0, -1, FALSE};
    const char *start, *end;
    int index;
    while ((index = placeholders_find(self, text, &start, &end)) >= 0) {
        const PlaceholderTag *tag = placeholders_tag(self, (guint)index);
        gboolean exact = start > text && start[-1] == PLACEHOLDER_EXACT;
        append_literal(&in, text, (gsize)(start - text) - exact, TRUE);
        mark(&in, tag);
        g_string_append_printf(in.out, "{{%s%s}}",
                               sigil(exact && tag->kind == TAG_VARIABLE ? TAG_RAW : tag->kind),
                               tag->name);
        text = end;
    }
    append_literal(&in, text, strlen(text), FALSE);
    return g_string_free(in.out, FALSE);
}
