/* told - what cron has told of a mailing, so that lasting trouble isn't told every five minutes */
#include "send/told.h"

#include <string.h>

#include "base/clock.h"
#include "base/sha256.h"
#include "ledger/meta.h"

static char *name_of(const Mailing *mailing)
{
    return g_strconcat(META_TOLD, mailing->id, NULL);
}

/* "'554": a reply code as a message quotes it; "5.7.1": a status. */
static gboolean is_code(const char *word)
{
    return (*word == '\'' && strlen(word) == 4 && strspn(word + 1, "0123456789") == 3) ||
           (strlen(word) >= 5 && word[1] == '.' && strspn(word, "0123456789.") == strlen(word) &&
            strchr("245", *word));
}

/* What a message says, without its numbers; newly allocated. */
static char *mark_of(const GError *problem)
{
    GString *said = g_string_new(NULL);
    g_auto(GStrv) words = g_strsplit(problem->message, " ", -1);
    g_string_printf(said, "%d", problem->code);
    for (char **word = words; *word; word++)
        if (!strpbrk(*word, "0123456789") || is_code(*word))
            g_string_append_printf(said, " %s", *word);
    char *mark = bytes_sha256(said->str, said->len);
    g_string_free(said, TRUE);
    return mark;
}

static void put(Ledger *ledger, const char *name, const char *value)
{
    if (!ledger_begin(ledger, NULL))
        return;
    if (!meta_set(ledger, name, value, NULL) || !ledger_commit(ledger, NULL))
        ledger_rollback(ledger);
}

gboolean told_before(Ledger *ledger, const Mailing *mailing, const GError *problem)
{
    const gint64 long_ago = TOLD_HOURS * 3600 * (gint64)G_USEC_PER_SEC;
    gint64 now = clock_now();
    g_autofree char *name = name_of(mailing), *mark = mark_of(problem), *value = NULL;
    if (meta_get(ledger, name, &value, NULL) == LOOKUP_FOUND) {
        g_auto(GStrv) words = g_strsplit(value, " ", 2);
        gint64 at = words[0] && words[1] ? g_ascii_strtoll(words[1], NULL, 10) : 0;
        if (at && g_str_equal(words[0], mark) && now >= at && now - at < long_ago)
            return TRUE;
    }
    g_autofree char *told = g_strdup_printf("%s %" G_GINT64_FORMAT, mark, now);
    put(ledger, name, told);
    return FALSE;
}

void told_clear(Ledger *ledger, const Mailing *mailing)
{
    g_autofree char *name = name_of(mailing), *value = NULL;
    if (meta_get(ledger, name, &value, NULL) == LOOKUP_FOUND && *value)
        put(ledger, name, "");
}
