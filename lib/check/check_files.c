/* check_files - the rules about what goes with a letter, by kind and by weight */
#include <string.h>

#include "rules/attachments.h"
#include "check/check_parts.h"

enum {
    HEAVY = 10 << 20,          /* bytes of a message: what an Exchange server takes by itself */
    HEAVY_MAILING = 200 << 20, /* bytes of all copies together */
    HEAVY_COPY = 1 << 20       /* and of each of them */
};

/* A zip is opened by filters: what is in it counts as if it were attached. */
static void look_into(Check *self, const FrontText *path)
{
    g_autofree char *name = g_strconcat("file:", path->text, NULL);
    g_autofree char *lower = g_ascii_strdown(path->text, -1);
    if (!g_str_has_suffix(lower, ".zip") || strstr(path->text, "{{"))
        return;
    g_autoptr(GBytes) bytes = bundle_get(self->bundle, name, FALSE, NULL);
    gsize length = 0;
    const guint8 *data = bytes ? g_bytes_get_data(bytes, &length) : NULL;
    g_autofree char *found = data ? attachments_blocked_in_zip(data, length) : NULL;
    if (found)
        rule_report(self->findings, "attachment-blocked", self->shown, path->line,
                    "'%s' holds '%s', a kind that mail systems refuse", path->text, found);
}

void check_attachments(Check *self)
{
    attachments_check(self->shown, self->front, self->findings);
    for (guint i = 0; i < self->front->attachments->len; i++)
        look_into(self, g_ptr_array_index(self->front->attachments, i));
}

static char *megabytes(guint64 bytes)
{
    g_autofree char *text = g_strdup_printf("%.1f MB", (double)bytes / (1 << 20));
    return bytes < (guint64)10 << 30 ? g_steal_pointer(&text)
                                     : g_strdup_printf("%.1f GB", (double)bytes / (1 << 30));
}

void check_weight(Check *self, guint64 total, const char *key)
{
    const FrontText *first =
        self->front->attachments->len ? g_ptr_array_index(self->front->attachments, 0) : NULL;
    guint line = first ? first->line : self->front->body_line;
    g_autofree char *one = megabytes(total);
    g_autofree char *all = megabytes(total * self->letters);
    if (total > HEAVY)
        rule_report(self->findings, "letter-large", self->shown, line,
                    "the letter to %s has %s: many mail systems take 10 MB", key, one);
    else if (total > HEAVY_COPY && total * self->letters > HEAVY_MAILING)
        rule_report(self->findings, "letter-weight", self->shown, line,
                    "%" G_GUINT64_FORMAT " letters of up to %s are %s in all: a link is lighter",
                    self->letters, one, all);
}
