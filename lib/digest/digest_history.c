/* digest_history - what one run of a digest knows of its readers: since when, and what each was given */
#include "digest/digest_history.h"

#include "ledger/digests.h"
#include "ledger/readings.h"

struct DigestHistory {
    DigestHistorySpec spec;
    char *digest;
    const GPtrArray *notices;
    GHashTable *readers; /* key -> DigestReaderRow */
    GPtrArray *given;    /* of GHashTable, one a notice: key -> revision */
    gint64 last_sent;    /* 0: none */
    Day began;           /* the first day of all; 0 if it is still to begin */
};

static gboolean load(DigestHistory *self, Ledger *ledger, GError **error)
{
    self->readers = digest_readers_load(ledger, self->digest, error);
    if (!self->readers || !digests_last_sent(ledger, self->digest, &self->last_sent, error) ||
        !digests_since(ledger, self->digest, &self->began, error))
        return FALSE;
    for (guint i = 0; i < self->notices->len; i++) {
        const Notice *notice = g_ptr_array_index(self->notices, i);
        GHashTable *given = readings_of(ledger, self->digest, notice->name, error);
        if (!given)
            return FALSE;
        g_ptr_array_add(self->given, given);
    }
    return TRUE;
}

DigestHistory *digest_history_new(const DigestHistorySpec *spec, const GPtrArray *notices,
                                  Ledger *ledger, GError **error)
{
    g_autoptr(DigestHistory) self = g_new0(DigestHistory, 1);
    self->spec = *spec;
    self->spec.digest = self->digest = g_strdup(spec->digest);
    self->notices = notices;
    self->given = g_ptr_array_new_with_free_func((GDestroyNotify)g_hash_table_unref);
    if (ledger && !load(self, ledger, error))
        return NULL;
    return g_steal_pointer(&self);
}

void digest_history_free(DigestHistory *self)
{
    if (!self)
        return;
    g_clear_pointer(&self->readers, g_hash_table_unref);
    g_ptr_array_unref(self->given);
    g_free(self->digest);
    g_free(self);
}

Day digest_history_begin(const DigestHistory *self)
{
    if (self->spec.since)
        return self->spec.since;
    if (self->last_sent)
        return day_of(self->last_sent, NULL);
    Day today = self->spec.now.today, back = self->spec.first_days;
    return self->began ? self->began : today > back ? today - back : 1;
}

/* The reader of that key, unless it was absent from the last digest that was sent. */
static const DigestReaderRow *find_reader(const DigestHistory *self, const char *key)
{
    const DigestReaderRow *reader = self->readers ? g_hash_table_lookup(self->readers, key) : NULL;
    return reader && reader->seen >= self->last_sent ? reader : NULL;
}

Day digest_history_since(const DigestHistory *self, const char *key)
{
    const DigestReaderRow *reader = find_reader(self, key);
    return reader && !self->spec.since ? reader->since : digest_history_begin(self);
}

Newness digest_history_judge(const DigestHistory *self, guint notice, const char *key,
                             gboolean is_for)
{
    const GHashTable *given = self->given->len ? g_ptr_array_index(self->given, notice) : NULL;
    guint had = given ? GPOINTER_TO_UINT(g_hash_table_lookup((GHashTable *)given, key)) : 0;
    return newness_of(g_ptr_array_index(self->notices, notice), &self->spec.now, is_for, had,
                      digest_history_since(self, key));
}

/* --since is about one run: what is noted is what would have been without it. But with the first
 * run of all it is the day on which the digest begins. */
static DigestHistory without_since(const DigestHistory *self)
{
    DigestHistory own = *self;
    if (self->began || self->last_sent)
        own.spec.since = 0;
    return own;
}

gboolean digest_history_note_reader(const DigestHistory *self, Ledger *ledger, const char *key,
                                    gint64 now, GError **error)
{
    DigestHistory own = without_since(self);
    DigestReaderRow reader = {digest_history_since(&own, key), now};
    return digest_readers_set(ledger, self->digest, key, &reader, error);
}

gboolean digest_history_note(const DigestHistory *self, Ledger *ledger, gint64 now, GError **error)
{
    DigestHistory own = without_since(self);
    if (!digests_begin(ledger, self->digest, digest_history_begin(&own), error))
        return FALSE;
    for (guint i = 0; i < self->notices->len; i++) {
        const Notice *notice = g_ptr_array_index(self->notices, i);
        g_autofree char *title = notice_title(notice);
        DigestNotice row = {notice->name, notice->revision, notice->date, title, notice->hash};
        if (notice->date <= self->spec.now.today &&
            !digests_note(ledger, self->digest, &row, now, error))
            return FALSE;
    }
    return TRUE;
}
