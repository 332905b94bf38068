/* journal - how far each letter in flight has come, in a file that outlives the process */
#include "send/journal.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/files.h"

#define MAGIC "circular flight recorder 1\n"

typedef struct {
    guint64 number; /* 0: free */
    guint32 phase;
    gint32 code;
} Slot;

/* The file. Native byte order: it never leaves the boot it was written in. */
typedef struct {
    char magic[32];
    char boot[64];
    guint32 at_work; /* a process is, or was when it died */
    Slot slots[JOURNAL_SLOTS];
    char run[64];
} Sheet;

struct Journal {
    char *path;
    Sheet *sheet;
    GHashTable *slots; /* number -> Slot */
    GPtrArray *spare;  /* of Slot */
    gboolean trusted;
};

/* Empty where the system doesn't say: then nothing is ever believed. */
static void read_boot(char *boot, gsize size)
{
    g_autofree char *text = NULL;
    memset(boot, 0, size);
    if (g_file_get_contents("/proc/sys/kernel/random/boot_id", &text, NULL, NULL))
        g_strlcpy(boot, g_strchomp(text), size);
}

static void index_slots(Journal *self)
{
    char boot[sizeof self->sheet->boot];
    read_boot(boot, sizeof boot);
    self->trusted = self->sheet->at_work && *boot &&
                    memcmp(self->sheet->magic, MAGIC, sizeof MAGIC) == 0 &&
                    memcmp(self->sheet->boot, boot, sizeof boot) == 0;
    for (guint i = 0; self->trusted && i < JOURNAL_SLOTS; i++)
        if (self->sheet->slots[i].number)
            g_hash_table_insert(self->slots, &self->sheet->slots[i].number, &self->sheet->slots[i]);
}

Journal *journal_open(const char *path, GError **error)
{
    Sheet *sheet = file_map(path, sizeof(Sheet), error);
    if (!sheet)
        return NULL;
    Journal *self = g_new0(Journal, 1);
    self->path = g_strdup(path);
    self->sheet = sheet;
    self->slots = g_hash_table_new(g_int64_hash, g_int64_equal);
    self->spare = g_ptr_array_new();
    index_slots(self);
    return self;
}

void journal_close(Journal *self)
{
    if (!self)
        return;
    if (self->spare->len == JOURNAL_SLOTS) {
        self->sheet->at_work = 0;
        unlink(self->path);
    }
    munmap(self->sheet, sizeof(Sheet));
    g_hash_table_unref(self->slots);
    g_ptr_array_unref(self->spare);
    g_free(self->path);
    g_free(self);
}

gboolean journal_is_trusted(const Journal *self)
{
    return self->trusted;
}

JournalEntry journal_lookup(const Journal *self, guint64 number)
{
    const Slot *slot = g_hash_table_lookup(self->slots, &number);
    if (!slot)
        return (JournalEntry){number, PHASE_CLAIMED, 0};
    return (JournalEntry){number, (Phase)slot->phase, slot->code};
}

gboolean journal_has(const Journal *self, guint64 number)
{
    return g_hash_table_contains(self->slots, &number);
}

const char *journal_run(const Journal *self)
{
    self->sheet->run[sizeof self->sheet->run - 1] = '\0'; /* another process wrote it */
    return self->sheet->run;
}

void journal_name_run(Journal *self, const char *run)
{
    g_strlcpy(self->sheet->run, run, sizeof self->sheet->run);
}

void journal_start(Journal *self)
{
    g_hash_table_remove_all(self->slots);
    g_ptr_array_set_size(self->spare, 0);
    memset(self->sheet, 0, sizeof *self->sheet);
    read_boot(self->sheet->boot, sizeof self->sheet->boot);
    memcpy(self->sheet->magic, MAGIC, sizeof MAGIC);
    for (guint i = JOURNAL_SLOTS; i-- > 0;)
        g_ptr_array_add(self->spare, &self->sheet->slots[i]);
    self->sheet->at_work = 1;
}

/* The compiler must not move stores over one another: what a reader after a crash finds has to have
 * been true at some moment. */
static void settle(void)
{
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    durable_step("flight");
}

void journal_claim(Journal *self, guint64 number)
{
    g_assert(self->spare->len);
    Slot *slot = g_ptr_array_steal_index_fast(self->spare, self->spare->len - 1);
    slot->code = 0;
    slot->phase = PHASE_CLAIMED;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    slot->number = number;
    g_hash_table_insert(self->slots, &slot->number, slot);
    settle();
}

void journal_set(Journal *self, guint64 number, Phase phase, int code)
{
    Slot *slot = g_hash_table_lookup(self->slots, &number);
    g_assert(slot);
    slot->code = code;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    slot->phase = phase;
    settle();
}

void journal_release(Journal *self, guint64 number)
{
    Slot *slot = g_hash_table_lookup(self->slots, &number);
    g_assert(slot);
    g_hash_table_remove(self->slots, &number);
    slot->number = 0;
    g_ptr_array_add(self->spare, slot);
}
