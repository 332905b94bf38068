/* allow - the findings that an update says not to show */
#include "rules/allow.h"

#include <string.h>

typedef struct {
    char *id;
    guint line;     /* where it stands */
    guint from, to; /* lines it holds for; 0: the whole update */
    guint64 used;
} Entry;

struct Allow {
    char *file;
    GPtrArray *entries; /* of Entry */
    guint64 silenced;
};

static void entry_free(gpointer data)
{
    Entry *entry = data;
    g_free(entry->id);
    g_free(entry);
}

static void add(Allow *self, const char *id, guint line, guint from, guint to)
{
    if (self->entries->len >= ALLOW_MAX || !*id)
        return;
    Entry *entry = g_new0(Entry, 1);
    *entry = (Entry){g_strdup(id), line, from, to, 0};
    g_ptr_array_add(self->entries, entry);
}

/* --- comments -------------------------------------------------------------------------------- */

static gboolean is_blank(const char *line)
{
    return !line[strspn(line, " \t\r>")];
}

/* The ids within a comment "<!-- circular: allow a, b -->" on the line, newly allocated; NULL when
 * there is none. `alone`: nothing but quote marks and blanks stand beside it. */
static char *comment_of(const char *line, gboolean *alone)
{
    const char *open = strstr(line, "<!--"), *close = open ? strstr(open, "-->") : NULL;
    if (!close)
        return NULL;
    g_autofree char *inner = g_strndup(open + 4, (gsize)(close - open - 4));
    const char *words = g_strstrip(inner);
    if (!g_str_has_prefix(words, "circular:"))
        return NULL;
    words += strlen("circular:");
    words += strspn(words, " \t");
    if (!g_str_has_prefix(words, "allow"))
        return NULL;
    g_autofree char *before = g_strndup(line, (gsize)(open - line));
    *alone = is_blank(before) && is_blank(close + 3);
    return g_strdup(words + strlen("allow"));
}

/* The last line of those that follow `line` without a blank one between them; other comments of
 * ours count as blank, so that two may stand one above the other. */
static guint block_end(char **lines, guint line)
{
    gboolean alone = FALSE;
    guint end = line;
    while (lines[end]) {
        g_autofree char *comment = comment_of(lines[end], &alone);
        if (is_blank(lines[end]) || (comment && alone))
            break;
        end++;
    }
    return end;
}

static guint block_start(char **lines, guint line)
{
    gboolean alone = FALSE;
    for (; lines[line]; line++) {
        g_autofree char *comment = comment_of(lines[line], &alone);
        if (!is_blank(lines[line]) && !(comment && alone))
            break;
    }
    return line;
}

/* `lines[i]` is line i+1 of the body, which begins on line `first` of the file. */
static void read_comment(Allow *self, char **lines, guint i, guint first)
{
    gboolean alone = FALSE;
    g_autofree char *ids = comment_of(lines[i], &alone);
    if (!ids)
        return;
    guint from = first + i, to = first + i;
    if (alone) {
        guint start = block_start(lines, i + 1);
        from = first + start;
        to = first + MAX(block_end(lines, start), start + 1) - 1;
    }
    g_auto(GStrv) each = g_strsplit_set(ids, ", \t", -1);
    for (char **id = each; *id; id++)
        add(self, *id, first + i, from, to);
}

/* Whether a line opens or closes a fenced block; `fence` is the mark that is open, or '\0'. */
static void heed_fence(const char *line, char *fence)
{
    const char *at = line + strspn(line, " >");
    if (!g_str_has_prefix(at, "```") && !g_str_has_prefix(at, "~~~"))
        return;
    if (!*fence)
        *fence = *at;
    else if (*fence == *at)
        *fence = '\0';
}

static void read_comments(Allow *self, const char *body, gsize length, guint first)
{
    char fence = '\0';
    g_autofree char *text = g_strndup(body, length);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i]; i++) {
        heed_fence(lines[i], &fence);
        if (!fence)
            read_comment(self, lines, i, first);
    }
}

/* --- the whole ------------------------------------------------------------------------------- */

Allow *allow_new(const char *file, const char *update, gsize length, const Front *front)
{
    Allow *self = g_new0(Allow, 1);
    self->file = g_strdup(file);
    self->entries = g_ptr_array_new_with_free_func(entry_free);
    for (guint i = 0; i < front->allow->len; i++) {
        const FrontText *id = g_ptr_array_index(front->allow, i);
        g_auto(GStrv) each = g_strsplit_set(id->text, ", ", -1);
        for (char **one = each; *one; one++)
            add(self, *one, id->line, 0, 0);
    }
    read_comments(self, update + front->body_offset, length - front->body_offset, front->body_line);
    return self;
}

void allow_free(Allow *self)
{
    if (!self)
        return;
    g_free(self->file);
    g_ptr_array_unref(self->entries);
    g_free(self);
}

gboolean allow_silences(void *allow, const char *file, guint line, const char *id)
{
    Allow *self = allow;
    gboolean here = g_strcmp0(file, self->file) == 0, silenced = FALSE;
    for (guint i = 0; i < self->entries->len; i++) {
        Entry *entry = g_ptr_array_index(self->entries, i);
        if (!g_str_equal(entry->id, id) ||
            (entry->from && !(here && line >= entry->from && line <= entry->to)))
            continue;
        entry->used++;
        silenced = TRUE;
    }
    self->silenced += silenced;
    return silenced;
}

guint64 allow_silenced(const Allow *self)
{
    return self->silenced;
}

void allow_report(const Allow *self, const gboolean *ran, Findings *findings)
{
    for (guint i = 0; i < self->entries->len; i++) {
        const Entry *entry = g_ptr_array_index(self->entries, i);
        const Rule *rule = rule_find(entry->id);
        const char *near = rule ? NULL : rule_near(entry->id);
        if (near)
            rule_report(findings, "allow-unknown", self->file, entry->line,
                        "no finding is called '%s': did you mean '%s'?", entry->id, near);
        else if (!rule)
            rule_report(findings, "allow-unknown", self->file, entry->line,
                        "no finding is called '%s': circular-check(7) lists them", entry->id);
        else if (!entry->used && rule->severity == FINDING_ERROR &&
                 findings_count_id(findings, entry->id))
            rule_report(findings, "allow-error", self->file, entry->line,
                        "'%s' is an error, which can't be allowed", entry->id);
        else if (!entry->used && ran[rule->needs])
            rule_report(findings, "allow-unused", self->file, entry->line,
                        "'%s' is allowed and not found %s", entry->id,
                        entry->from ? "there" : "in this update");
    }
}
