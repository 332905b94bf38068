/* finding - what is wrong or worth knowing about an input, by file and line */
#include "base/finding.h"

#include <stdlib.h>

#include "base/error.h"

enum { SEVERITIES = FINDING_ERROR + 1 };

struct Findings {
    GPtrArray *kept;   /* of Finding */
    GHashTable *by_id; /* id -> guint[SEVERITIES], how many */
    guint by_severity[SEVERITIES];
    FindingSilencer silences; /* may be NULL */
    void *silencer;
};

static void finding_free(gpointer data)
{
    Finding *finding = data;
    g_free(finding->file);
    g_free(finding->id);
    g_free(finding->text);
    g_free(finding);
}

Findings *findings_new(void)
{
    Findings *self = g_new0(Findings, 1);
    self->kept = g_ptr_array_new_with_free_func(finding_free);
    self->by_id = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return self;
}

void findings_free(Findings *self)
{
    if (!self)
        return;
    g_ptr_array_unref(self->kept);
    g_hash_table_unref(self->by_id);
    g_free(self);
}

/* Counts one more, and returns how many of its id and severity there are now. The severity matters:
 * a hundred warnings must not push out the error of the same id that stops the plan. */
static guint count(Findings *self, Severity severity, const char *id)
{
    guint *seen = g_hash_table_lookup(self->by_id, id);
    if (!seen) {
        seen = g_new0(guint, SEVERITIES);
        g_hash_table_insert(self->by_id, g_strdup(id), seen);
    }
    self->by_severity[severity]++;
    return ++seen[severity];
}

G_GNUC_PRINTF(5, 0)
static void add(Findings *self, Severity severity, const Location *at, const char *id,
                const char *format, va_list args)
{
    if (self->silences && severity != FINDING_ERROR &&
        self->silences(self->silencer, at->file, at->line, id))
        return;
    if (count(self, severity, id) > FINDINGS_KEPT)
        return;

    Finding *finding = g_new0(Finding, 1);
    g_autofree char *text = g_strdup_vprintf(format, args);
    finding->text = text_visible(text);
    finding->severity = severity;
    finding->file = g_strdup(at->file);
    finding->line = at->line;
    finding->column = at->column;
    finding->id = g_strdup(id);
    g_ptr_array_add(self->kept, finding);
}

void findings_add(Findings *self, Severity severity, const char *file, guint line, const char *id,
                  const char *format, ...)
{
    const Location at = {file, line, 0};
    va_list args;
    va_start(args, format);
    add(self, severity, &at, id, format, args);
    va_end(args);
}

void findings_add_at(Findings *self, Severity severity, const Location *at, const char *id,
                     const char *format, ...)
{
    va_list args;
    va_start(args, format);
    add(self, severity, at, id, format, args);
    va_end(args);
}

Location finding_location(const Finding *self)
{
    return (Location){self->file, self->line, self->column};
}

void findings_copy(Findings *self, const Finding *finding)
{
    const Location at = finding_location(finding);
    findings_add_at(self, finding->severity, &at, finding->id, "%s", finding->text);
}

void findings_copy_all(Findings *self, const Findings *from)
{
    for (guint i = 0; i < from->kept->len; i++)
        findings_copy(self, g_ptr_array_index(from->kept, i));
}

void findings_silence(Findings *self, FindingSilencer silences, void *user)
{
    self->silences = silences;
    self->silencer = user;
}

guint findings_count(const Findings *self, Severity severity)
{
    return self->by_severity[severity];
}

guint findings_kept(const Findings *self)
{
    return self->kept->len;
}

const Finding *findings_get(const Findings *self, guint index)
{
    return g_ptr_array_index(self->kept, index);
}

/* --- order ----------------------------------------------------------------------------------- */

typedef struct {
    guint file, line, index;
    Finding *finding;
} Placed;

static int by_place(gconstpointer one, gconstpointer other)
{
    const Placed *a = one, *b = other;
    if (a->file != b->file)
        return a->file < b->file ? -1 : 1;
    if (a->line != b->line)
        return a->line < b->line ? -1 : 1;
    return a->index < b->index ? -1 : 1;
}

void findings_sort(Findings *self, const char *first)
{
    g_autoptr(GHashTable) files = g_hash_table_new(g_str_hash, g_str_equal);
    g_autofree Placed *placed = g_new0(Placed, self->kept->len + 1);
    if (first)
        g_hash_table_insert(files, (gpointer)first, GUINT_TO_POINTER(1));
    for (guint i = 0; i < self->kept->len; i++) {
        Finding *finding = g_ptr_array_index(self->kept, i);
        const char *file = finding->file;
        if (file && !g_hash_table_contains(files, file))
            g_hash_table_insert(files, (gpointer)file,
                                GUINT_TO_POINTER(g_hash_table_size(files) + 2));
        guint number = file ? GPOINTER_TO_UINT(g_hash_table_lookup(files, file)) : G_MAXUINT;
        placed[i] = (Placed){number, finding->line, i, finding};
    }
    qsort(placed, self->kept->len, sizeof(Placed), by_place);
    for (guint i = 0; i < self->kept->len; i++)
        self->kept->pdata[i] = placed[i].finding;
}

guint findings_count_id(const Findings *self, const char *id)
{
    const guint *seen = g_hash_table_lookup(self->by_id, id);
    guint sum = 0;
    for (int i = 0; seen && i < SEVERITIES; i++)
        sum += seen[i];
    return sum;
}

const char *severity_name(Severity severity)
{
    switch (severity) {
    case FINDING_NOTE:
        return "note";
    case FINDING_WARNING:
        return "warning";
    case FINDING_ERROR:
        return "error";
    }
    g_assert_not_reached();
}

static char *place(const Finding *finding)
{
    const Location at = finding_location(finding);
    g_autofree char *text = location_text(&at);
    return *text ? g_strconcat(text, ": ", NULL) : g_steal_pointer(&text);
}

char *finding_text(const Finding *finding)
{
    g_autofree char *where = place(finding);
    return g_strdup_printf("%s%s: %s [%s]", where, severity_name(finding->severity), finding->text,
                           finding->id);
}

gboolean findings_pass(const Findings *self, GError **error)
{
    guint errors = findings_count(self, FINDING_ERROR);
    if (!errors)
        return TRUE;
    for (guint i = 0; i < self->kept->len; i++) {
        const Finding *finding = findings_get(self, i);
        if (finding->severity != FINDING_ERROR)
            continue;
        g_autofree char *where = place(finding);
        if (errors == 1)
            g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA, "%s%s", where, finding->text);
        else
            g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA, "%s%s (and %u more)", where,
                        finding->text, errors - 1);
        return FALSE;
    }
    g_assert_not_reached();
}
