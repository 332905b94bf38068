/* settle - letters in doubt, looked for among the copies that a server files of what it takes */
#include "inbound/settle.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "imap/sentfolder.h"
#include "inbound/copyproof.h"
#include "inbound/account.h"
#include "workspace/signing_key.h"

#define DAY_LENGTH (24 * 60 * 60 * (gint64)G_USEC_PER_SEC)

typedef struct {
    const Workspace *workspace;
    Ledger *ledger;
    TokenKey *key;
    SettleSummary *summary;
    GHashTable *by_name;   /* "autumn-7c2e91/12" -> SettleLetter */
    GHashTable *by_number; /* "3/12", mailing and delivery -> SettleLetter */
    SentFolder *folder;
    gboolean (*stop)(void *user);
    void *user;
} Settling;

static gboolean is_stopped(void *user)
{
    const Settling *self = user;
    return self->stop && self->stop(self->user);
}

/* --- what is in doubt ------------------------------------------------------------------------- */

static void doubt_free(gpointer data)
{
    SettleLetter *self = data;
    g_free(self->id);
    g_free(self->key);
    g_free(self->label);
    g_free(self->address);
    g_free((char *)self->found.message_id);
    g_free(self);
}

void settle_summary_clear(SettleSummary *summary)
{
    g_clear_pointer(&summary->mailbox, g_free);
    g_clear_pointer(&summary->folder, g_free);
    g_clear_pointer(&summary->letters, g_ptr_array_unref);
}

static gboolean add_doubt(void *user, gint64 mailing, const Delivery *delivery)
{
    SettleSummary *summary = user;
    SettleLetter *letter = g_new0(SettleLetter, 1);
    letter->mailing = mailing;
    letter->number = delivery->number;
    letter->id = g_strdup(delivery->mailing);
    letter->key = g_strdup(delivery->key);
    letter->label = g_strdup(delivery->label);
    letter->address = g_strdup(delivery->address);
    letter->in_doubt_at = delivery->first_at ? delivery->first_at : delivery->changed_at;
    g_ptr_array_add(summary->letters, letter);
    return TRUE;
}

/* Letters are known by both names that a copy gives them. */
static void index_doubts(Settling *self)
{
    SettleSummary *summary = self->summary;
    for (guint i = 0; i < summary->letters->len; i++) {
        SettleLetter *letter = g_ptr_array_index(summary->letters, i);
        g_hash_table_insert(self->by_name,
                            g_strdup_printf("%s/%" G_GUINT64_FORMAT, letter->id, letter->number),
                            letter);
        g_hash_table_insert(self->by_number,
                            g_strdup_printf("%" G_GINT64_FORMAT "/%" G_GUINT64_FORMAT,
                                            letter->mailing, letter->number),
                            letter);
        if (!summary->since || letter->in_doubt_at < summary->since)
            summary->since = letter->in_doubt_at;
    }
    summary->since = MAX(summary->since - DAY_LENGTH, 0);
}

/* --- one message ------------------------------------------------------------------------------ */

/* How much a finding tells of a letter: a proof more than all else. */
static int weight(SettlementKind kind)
{
    return kind == SETTLEMENT_COPY ? 3 : kind == SETTLEMENT_OTHER_ADDRESS ? 2 : 1;
}

static void note(SettleLetter *letter, SettlementKind kind, guint32 uid, CopyClaim *claim)
{
    Settlement *found = &letter->found;
    found->copies += kind == SETTLEMENT_COPY;
    if (found->kind && weight(found->kind) >= weight(kind))
        return;
    found->kind = kind;
    found->uid = uid;
    g_free((char *)found->message_id);
    found->message_id = kind == SETTLEMENT_COPY ? g_steal_pointer(&claim->message_id) : NULL;
}

static void weigh(void *user, guint32 uid, const char *fields)
{
    Settling *self = user;
    g_auto(CopyClaim) claim = {0};
    copyproof_read(self->key, fields, &claim);
    self->summary->looked++;
    if (!claim.name)
        return;
    g_autofree char *signed_for =
        g_strdup_printf("%" G_GUINT64_FORMAT "/%" G_GUINT64_FORMAT, claim.mailing, claim.number);
    SettleLetter *named = g_hash_table_lookup(self->by_name, claim.name);
    SettleLetter *other = g_hash_table_lookup(self->by_number, signed_for);
    if (named && copyproof_is_of(&claim, claim.name, (guint64)named->mailing, named->number))
        note(named,
             copyproof_went_to(&claim, named->address) ? SETTLEMENT_COPY : SETTLEMENT_OTHER_ADDRESS,
             uid, &claim);
    else if (named)
        note(named, SETTLEMENT_NOT_PROVEN, uid, &claim);
    if (other && other != named)
        note(other, SETTLEMENT_NOT_PROVEN, uid, &claim);
}

/* --- the folder ------------------------------------------------------------------------------- */

static SentFolder *open_folder(const Workspace *workspace, guint seconds, InboxLook *look,
                               gboolean (*stop)(void *), void *user, GError **error)
{
    InboxOptions options = account_options(workspace, ACCOUNT_OF_COPIES);
    Credential *credential = account_credential(workspace, ACCOUNT_OF_COPIES);
    options.timeout = seconds ? MIN(options.timeout, seconds) : options.timeout;
    credential_watch(credential, stop, user);
    SentFolder *folder = sentfolder_open(&options, look, error);
    credential_watch(credential, NULL, NULL);
    return folder;
}

/* Another connection to the very same folder. */
static gboolean open_again(Settling *self, GError **error)
{
    InboxLook look;
    g_clear_pointer(&self->folder, sentfolder_close);
    self->folder = open_folder(self->workspace, 0, &look, is_stopped, self, error);
    if (!self->folder)
        return FALSE;
    if (!self->summary->folder) {
        self->summary->folder = g_strdup(sentfolder_name(self->folder));
        self->summary->uidvalidity = sentfolder_uidvalidity(self->folder);
    }
    if (self->summary->uidvalidity == sentfolder_uidvalidity(self->folder))
        return TRUE;
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_TEMPORARY,
                "the folder '%s' was made anew while it was read (UIDVALIDITY changed); try again",
                self->summary->folder);
    return FALSE;
}

static gboolean passes(const GError *error)
{
    return g_error_matches(error, CIRCULAR_ERROR, CIRCULAR_ERROR_TEMPORARY) ||
           g_error_matches(error, CIRCULAR_ERROR, CIRCULAR_ERROR_REMOTE);
}

/* Reads all of them, some at a time. Where the connection breaks, fewer are asked for on another one;
 * a single message at which it breaks is passed over. */
static gboolean read_all(Settling *self, const GArray *uids, GError **error)
{
    guint most = MIN(uids->len, SETTLE_MESSAGES_MAX), at_once = SENTFOLDER_HEADS_MAX, breaks = 0;
    for (guint at = 0; at < most;) {
        g_autoptr(GError) inner = NULL;
        guint count = MIN(at_once, most - at);
        if (is_stopped(self)) {
            g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_STOPPED, "stopped as asked");
            return FALSE;
        }
        if (sentfolder_heads(self->folder, uids, at, count, weigh, self, &inner)) {
            at += count;
            at_once = MIN(at_once * 2, SENTFOLDER_HEADS_MAX);
            continue;
        }
        gboolean is_broken = !sentfolder_is_usable(self->folder);
        if ((is_broken && (!passes(inner) || ++breaks > SETTLE_BREAKS_MAX)) ||
            (!is_broken && count > 1 && ++breaks > SETTLE_BREAKS_MAX)) {
            g_propagate_error(error, g_steal_pointer(&inner));
            return FALSE;
        }
        at += count == 1;
        at_once = MAX(count / 8, 1);
        if (is_broken && !open_again(self, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean read_folder(Settling *self, GError **error)
{
    if (!open_again(self, error))
        return FALSE;
    g_autoptr(GArray) uids = sentfolder_since(self->folder, self->summary->since, error);
    if (!uids)
        return FALSE;
    self->summary->there = uids->len;
    return read_all(self, uids, error);
}

/* --- on record -------------------------------------------------------------------------------- */

static gboolean record_one(Settling *self, SettleLetter *letter, gboolean is_complete, gint64 now,
                           GError **error)
{
    SettleSummary *summary = self->summary;
    Settlement *found = &letter->found;
    gboolean changed = FALSE;
    if (!found->kind && is_complete)
        found->kind = SETTLEMENT_NOT_FOUND;
    if (!found->kind)
        return TRUE;
    found->at = now;
    found->mailbox = summary->mailbox;
    found->folder = summary->folder;
    found->uidvalidity = summary->uidvalidity;
    found->there = summary->there;
    found->looked = summary->looked;
    found->since = summary->since;
    if (!settlement_is_proof(found->kind))
        return settlements_look(self->ledger, letter->mailing, letter->number, found, error);
    if (!settlements_prove(self->ledger, letter->mailing, letter->number, found, "", "", &changed,
                           error))
        return FALSE;
    letter->is_sent = changed;
    return TRUE;
}

/* A letter that was settled, or taken to be sent again, while the folder was read is not ours to
 * speak of. */
static gboolean still_doubts(void *user, gint64 mailing, const Delivery *delivery)
{
    g_hash_table_add(user, g_strdup_printf("%" G_GINT64_FORMAT "/%" G_GUINT64_FORMAT, mailing,
                                           delivery->number));
    return TRUE;
}

static gboolean record_all(Settling *self, gint64 mailing, gboolean is_complete, GError **error)
{
    gint64 now = clock_now();
    GPtrArray *letters = self->summary->letters;
    g_autoptr(GHashTable) doubts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    if (!settlements_doubts(self->ledger, mailing, 0, still_doubts, doubts, error))
        return FALSE;
    for (guint i = 0; i < letters->len;) {
        SettleLetter *letter = g_ptr_array_index(letters, i);
        g_autofree char *name = g_strdup_printf("%" G_GINT64_FORMAT "/%" G_GUINT64_FORMAT,
                                                letter->mailing, letter->number);
        if (!g_hash_table_contains(doubts, name)) {
            g_ptr_array_remove_index(letters, i);
            continue;
        }
        if (!record_one(self, letter, is_complete, now, error))
            return FALSE;
        self->summary->sent += letter->is_sent;
        i++;
    }
    self->summary->left = letters->len - self->summary->sent;
    return TRUE;
}

static gboolean record(Settling *self, gint64 mailing, gboolean is_complete, GError **error)
{
    if (!ledger_begin(self->ledger, error))
        return FALSE;
    if (record_all(self, mailing, is_complete, error))
        return ledger_commit(self->ledger, error);
    ledger_rollback(self->ledger);
    return FALSE;
}

/* --- the run ---------------------------------------------------------------------------------- */

static gboolean run_locked(Settling *self, gint64 mailing, GError **error)
{
    GError *problem = NULL, *other = NULL;
    g_autoptr(TokenKey) key = signing_key_open(self->workspace, self->ledger, error);
    if (!key)
        return FALSE;
    self->key = key;
    index_doubts(self);
    gboolean is_complete = read_folder(self, &problem);
    g_clear_pointer(&self->folder, sentfolder_close);
    /* What was found by then counts, whatever came in the way of the rest. */
    gboolean ok = record(self, mailing, is_complete, problem ? &other : error);
    g_clear_error(&other);
    if (problem && self->summary->folder)
        g_prefix_error(&problem, "%u of %u messages in the folder '%s' could be looked at: ",
                       self->summary->looked, self->summary->there, self->summary->folder);
    if (problem)
        g_propagate_error(error, problem);
    return is_complete && ok;
}

gboolean settle_run(const Workspace *workspace, Ledger *ledger, const Mailing *mailing,
                    gboolean (*stop)(void *user), void *user, SettleSummary *summary,
                    GError **error)
{
    gint64 number = mailing ? mailing->number : 0;
    gint64 since = mailing ? 0 : clock_now() - SETTLE_DAYS * DAY_LENGTH;
    *summary = (SettleSummary){.letters = g_ptr_array_new_with_free_func(doubt_free)};
    if (!settlements_doubts(ledger, number, since, add_doubt, summary, error))
        return FALSE;
    summary->left = summary->letters->len;
    if (!summary->left)
        return TRUE;
    if (!account_is_set(workspace, ACCOUNT_OF_COPIES, error))
        return FALSE;
    g_autoptr(AccountLock) lock = account_lock(workspace, ledger, ACCOUNT_OF_COPIES, error);
    if (!lock)
        return FALSE;
    summary->mailbox = g_strdup(account_options(workspace, ACCOUNT_OF_COPIES).user);
    Settling self = {.workspace = workspace,
                     .ledger = ledger,
                     .summary = summary,
                     .by_name = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
                     .by_number = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
                     .stop = stop,
                     .user = user};
    gboolean ok = run_locked(&self, number, error);
    g_hash_table_unref(self.by_name);
    g_hash_table_unref(self.by_number);
    return ok;
}

/* --- what can be proven ----------------------------------------------------------------------- */

typedef struct {
    TokenKey *key;
    SettleTrial *trial;
} Trying;

static void count_ours(void *user, guint32 uid, const char *fields)
{
    const Trying *self = user;
    g_auto(CopyClaim) claim = {0};
    (void)uid;
    copyproof_read(self->key, fields, &claim);
    self->trial->looked++;
    self->trial->ours += claim.is_whole && claim.mailing;
}

gboolean settle_try(const Workspace *workspace, guint seconds, SettleTrial *trial, GError **error)
{
    *trial = (SettleTrial){0};
    if (!account_is_set(workspace, ACCOUNT_OF_COPIES, error))
        return FALSE;
    g_autoptr(TokenKey) key = signing_key_peek(workspace);
    g_autoptr(SentFolder) folder = open_folder(workspace, seconds, &trial->look, NULL, NULL, error);
    if (!folder)
        return FALSE;
    trial->folder = g_strdup(sentfolder_name(folder));
    trial->is_marked = sentfolder_is_marked(folder);
    g_autoptr(GArray) uids =
        sentfolder_since(folder, clock_now() - SETTLE_DAYS * DAY_LENGTH, error);
    if (!uids)
        return FALSE;
    Trying trying = {.key = key, .trial = trial};
    guint count = key ? MIN(uids->len, SETTLE_SAMPLE) : 0;
    return !count ||
           sentfolder_heads(folder, uids, uids->len - count, count, count_ours, &trying, error);
}

void settle_trial_clear(SettleTrial *trial)
{
    inbox_look_clear(&trial->look);
    g_clear_pointer(&trial->folder, g_free);
}
