/* fuzz-audience - whatever the lists hold, letters go to sound addresses, once each, and nobody is
 * lost
 *
 * The input is the list; after a form feed, if there is one, the sheet that is joined to it.
 */
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "list/audience.h"
#include "mail/address.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

enum { PATH = 64 };

/* A file without a name that is overwritten each time. */
static void fill(int *fd, char *path, const guint8 *bytes, gsize length)
{
    if (*fd < 0) {
        g_autofree char *name = NULL;
        *fd = g_file_open_tmp("circular-fuzz-XXXXXX", &name, NULL);
        g_assert(*fd >= 0 && unlink(name) == 0);
        g_snprintf(path, PATH, "/proc/self/fd/%d", *fd);
    }
    g_assert(ftruncate(*fd, 0) == 0 && pwrite(*fd, bytes, length, 0) == (gssize)length);
}

static guint64 check_letters(Audience *audience, GHashTable *keys)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GError) error = NULL;
    guint64 count = 0;
    guint line = 0;
    for (const Recipient *to; (to = audience_next(audience, &error)); count++) {
        g_assert(to->line >= line && *to->key && strchr(to->address, '@'));
        for (const guchar *p = (const guchar *)to->address; *p; p++)
            g_assert(*p > ' ' && *p != '<' && *p != '>' && *p != 0x7F);
        g_assert(!strpbrk(to->name, "\r\n"));
        g_assert(g_hash_table_add(seen, address_fold(to->address)));
        g_hash_table_add(keys, GUINT_TO_POINTER(to->line));
        line = to->line;
    }
    g_assert_no_error(error);
    g_assert(count == audience_count(audience));
    return count;
}

static guint64 check_exclusions(Audience *audience, GHashTable *keys)
{
    guint64 count = 0;
    g_autoptr(GError) error = NULL;
    for (const Exclusion *no; (no = audience_next_excluded(audience, &error)); count++) {
        g_assert(*no->key && no->kind != EXCLUSION_NONE);
        g_hash_table_add(keys, GUINT_TO_POINTER(no->at.line));
    }
    g_assert_no_error(error);
    return count;
}

/* How many lines of a file say the same as one before, in letters and digits: such rows may be one. */
static guint count_twins(const guint8 *data, gsize size)
{
    guint twins = 0;
    g_autofree char *text = g_strndup((const char *)data, size);
    g_auto(GStrv) lines = g_strsplit_set(text, "\r\n", -1);
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (char **line = lines; *line; line++) {
        GString *letters = g_string_new(NULL);
        for (const char *at = *line; *at; at++)
            if (g_ascii_isalnum(*at))
                g_string_append_c(letters, *at);
        twins += !g_hash_table_add(seen, g_string_free(letters, FALSE));
    }
    return twins;
}

/* A row with neither letter nor reason is a missed school, but for one that says the same as another.
 * Reasons stand where the fault does, in a joined sheet maybe: a line there may be several rows', and
 * a row have several. */
static void check(Audience *audience, const Findings *findings, guint twins, gboolean is_joined)
{
    g_autoptr(GHashTable) lines = g_hash_table_new(NULL, NULL);
    guint64 all = check_letters(audience, lines) + check_exclusions(audience, lines);
    guint bad = findings_count_id(findings, "no-key") + findings_count_id(findings, "bad-key");
    guint64 told = (is_joined ? all : (guint64)g_hash_table_size(lines)) + bad;
    g_assert(told + twins >= audience_chosen(audience));
    g_assert(audience_chosen(audience) <= audience_rows(audience));
    const char *const *names = audience_fields(audience);
    for (guint i = 0; names[i]; i++) {
        Recipient first;
        guint64 without = audience_without(audience, names[i], &first, NULL);
        g_assert(without <= audience_count(audience) && !without == !*first.key);
    }
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    static int list = -1, join = -1;
    static char list_path[PATH], join_path[PATH];
    static const char *const email[] = {"A", "B", NULL};
    static const FieldSpec fields[] = {{"Dear", "{{#N}}Dear {{N}}{{/N}}", 1}, {NULL, NULL, 0}};
    const guint8 *cut = size ? memchr(data, '\f', size) : NULL;
    fill(&list, list_path, data, cut ? (gsize)(cut - data) : size);
    if (cut)
        fill(&join, join_path, cut + 1, size - (gsize)(cut + 1 - data));
    AudienceSpec spec = {.name = "x",
                         .sheet = {.file = list_path, .shown = "x"},
                         .join = {.file = cut ? join_path : NULL, .shown = "y"},
                         .join_on = "K",
                         .key = "K",
                         .email = email,
                         .to_name = "{{Dear}}",
                         .where = "N <> 'no'",
                         .fields = fields,
                         .config_file = "config"};
    g_autoptr(Findings) findings = findings_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(Audience) audience = audience_open(&spec, findings, &error);
    g_assert(!audience == (error != NULL));
    if (audience)
        check(audience, findings, count_twins(data, cut ? (gsize)(cut - data) : size), cut != NULL);
    return 0;
}
