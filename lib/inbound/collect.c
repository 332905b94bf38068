/* collect - the mailbox that bounces come back to, read and applied */
#include "inbound/collect.h"

#include <string.h>

#include "text/amount.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/sha256.h"
#include "bounce/classify.h"
#include "imap/inbox.h"
#include "ledger/inbound_reports.h"
#include "mail/address.h"
#include "inbound/intake.h"
#include "inbound/account.h"
#include "workspace/signing_key.h"

enum {
    STUCK_NAMED = 5, /* messages that are named, of those that are stuck */
    BROKEN_MAX = 10  /* messages at which a connection may break in one run */
};

typedef struct {
    const Workspace *workspace;
    const CollectOptions *options;
    Intake intake;
    char *name; /* of the mailbox, in the ledger */
    Inbox *inbox;
    CollectSummary *summary; /* of all */
    CollectSummary round;    /* of this one */
    guint32 first_left;      /* the lowest UID that stays in the folder; 0: none */
    guint32 current;         /* the UID that is being read or moved; 0: none */
    GHashTable *stuck;       /* UID -> what went wrong with it, in this round */
    GHashTable *broken;      /* UID -> how often the connection broke at it */
    char *told;              /* of what is stuck, the last time */
} Collecting;

static gboolean is_stopped(void *user)
{
    const Collecting *self = user;
    return self->options->stop && self->options->stop(self->options->user);
}

/* --- the connection -------------------------------------------------------------------------- */

static gboolean connect(Collecting *self, GError **error)
{
    InboxOptions options = account_options(self->workspace, ACCOUNT_OF_BOUNCES);
    Credential *credential = account_credential(self->workspace, ACCOUNT_OF_BOUNCES);
    credential_watch(credential, is_stopped, self);
    self->inbox = inbox_open(&options, error);
    credential_watch(credential, NULL, NULL);
    return self->inbox != NULL;
}

/* --- one message ----------------------------------------------------------------------------- */

/* Nothing above a message that stays counts as read. */
static void stay(Collecting *self, guint32 uid)
{
    if (!self->first_left || uid < self->first_left)
        self->first_left = uid;
}

static void note_stuck(Collecting *self, guint32 uid, const char *problem)
{
    stay(self, uid);
    g_hash_table_insert(self->stuck, GUINT_TO_POINTER(uid), g_strdup(problem));
}

static void count(CollectSummary *sum, const IntakeResult *result)
{
    sum->messages += result->news == INTAKE_APPLIED;
    sum->repeated += result->news == INTAKE_REPEATED;
    sum->postponed += result->news == INTAKE_LATER;
    sum->persons += result->news == INTAKE_NOT_OURS;
    sum->reviews += result->to_review && result->news == INTAKE_APPLIED;
    sum->bounced += result->bounced;
    sum->complained += result->complained;
    sum->suppressed += result->suppressed;
    sum->unsubscribed += result->unsubscribed;
    sum->refused += result->refused;
    sum->recorded += result->recorded;
    sum->successors += result->successors;
    sum->settled += result->settled;
    sum->answers += result->answers;
    sum->answers_doubted += result->answers_doubted;
}

static gboolean apply(Collecting *self, guint32 uid, GBytes *bytes, IntakeResult *result,
                      GError **error)
{
    gsize length;
    const char *data = g_bytes_get_data(bytes, &length);
    g_autoptr(InboundReport) notice = classify(data ? data : "", length);
    g_autofree char *hash = bytes_sha256(data ? data : "", length);
    g_autoptr(AnswerMail) answer = notice->kind == INBOUND_NONE ||
                                           notice->kind == INBOUND_CALENDAR ||
                                           (notice->kind == INBOUND_AUTO_REPLY && notice->is_guess)
                                       ? answermail_read(data ? data : "", length)
                                       : NULL;
    IntakeMessage message = {.notice = notice,
                             .answer = answer,
                             .hash = hash,
                             .uidvalidity = inbox_uidvalidity(self->inbox),
                             .uid = uid,
                             .received_at = clock_now()};
    if (!intake_apply(&self->intake, &message, result, error))
        return FALSE;
    count(&self->round, result);
    count(self->summary, result);
    return TRUE;
}

/* Whether an error is this message's alone: the connection is of further use. Notes it then. */
static gboolean is_its_own(Collecting *self, guint32 uid, GError *problem, GError **error)
{
    if (inbox_is_usable(self->inbox) &&
        (g_error_matches(problem, CIRCULAR_ERROR, CIRCULAR_ERROR_NOINPUT) ||
         g_error_matches(problem, CIRCULAR_ERROR, CIRCULAR_ERROR_DENIED) ||
         g_error_matches(problem, CIRCULAR_ERROR, CIRCULAR_ERROR_TEMPORARY))) {
        note_stuck(self, uid, problem->message);
        g_error_free(problem);
        return TRUE;
    }
    g_propagate_error(error, problem);
    return FALSE;
}

static gboolean collect_one(Collecting *self, guint32 uid, GError **error)
{
    GError *inner = NULL;
    IntakeResult result;
    g_autoptr(GBytes) bytes = inbox_fetch(self->inbox, uid, NULL, &inner);
    if (!bytes)
        return is_its_own(self, uid, inner, error);
    if (!apply(self, uid, bytes, &result, error))
        return FALSE;
    if (result.news == INTAKE_NOT_OURS || result.stays)
        return TRUE;
    if (result.news == INTAKE_LATER) {
        stay(self, uid);
        return TRUE;
    }
    if (!inbox_move(self->inbox, uid, result.to_review ? INBOX_REVIEW : INBOX_PROCESSED, &inner))
        return is_its_own(self, uid, inner, error);
    durable_step("imap: move");
    return TRUE;
}

/* --- all of them ----------------------------------------------------------------------------- */

/* What somebody else has taken out of the folder meanwhile is not stuck. */
static gboolean forget_gone(Collecting *self, GError **error)
{
    GHashTableIter each;
    gpointer uid;
    if (!g_hash_table_size(self->stuck))
        return TRUE;
    g_autoptr(GArray) there = inbox_list(self->inbox, self->first_left - 1, error);
    if (!there)
        return FALSE;
    g_autoptr(GHashTable) set = g_hash_table_new(NULL, NULL);
    for (guint i = 0; i < there->len; i++)
        g_hash_table_add(set, GUINT_TO_POINTER(g_array_index(there, guint32, i)));
    g_hash_table_iter_init(&each, self->stuck);
    while (g_hash_table_iter_next(&each, &uid, NULL))
        if (!g_hash_table_contains(set, uid))
            g_hash_table_iter_remove(&each);
    return TRUE;
}

static gboolean collect_each(Collecting *self, const GArray *uids, guint32 *last, GError **error)
{
    for (guint i = 0; i < uids->len && !is_stopped(self); i++) {
        guint32 uid = g_array_index(uids, guint32, i);
        self->current = uid;
        if (GPOINTER_TO_UINT(g_hash_table_lookup(self->broken, GUINT_TO_POINTER(uid))) > 1)
            note_stuck(self, uid, "the connection broke when it was asked for");
        else if (!collect_one(self, uid, error))
            return FALSE;
        self->current = 0;
        *last = uid;
    }
    self->current = 0;
    return TRUE;
}

/* All that is there, and how far that is. Up to the bookmark nothing of ours is left; under another
 * UIDVALIDITY it means nothing, and messages are known again by their bytes. */
static gboolean collect_all(Collecting *self, GError **error)
{
    guint32 uidvalidity, bookmark, last;
    Ledger *ledger = self->intake.ledger;
    self->first_left = 0;
    g_hash_table_remove_all(self->stuck);
    if (!inbound_reports_bookmark(ledger, self->name, &uidvalidity, &bookmark, error))
        return FALSE;
    last = uidvalidity == inbox_uidvalidity(self->inbox) ? bookmark : 0;
    g_autoptr(GArray) uids = inbox_list(self->inbox, last, error);
    if (!uids || !collect_each(self, uids, &last, error) || !forget_gone(self, error))
        return FALSE;
    self->round.stuck = self->summary->stuck = g_hash_table_size(self->stuck);
    if (self->first_left)
        last = MIN(last, self->first_left - 1);
    if (last == bookmark && uidvalidity == inbox_uidvalidity(self->inbox))
        return TRUE;
    return inbound_reports_set_bookmark(ledger, self->name, inbox_uidvalidity(self->inbox), last,
                                        error);
}

static gint by_uid(gconstpointer a, gconstpointer b)
{
    guint one = GPOINTER_TO_UINT(a), other = GPOINTER_TO_UINT(b);
    return (one > other) - (one < other);
}

/* "2 messages stay in the folder and are tried again the next time: ...", the first few named. */
static char *say_stuck(const Collecting *self)
{
    g_autoptr(GList) uids = g_list_sort(g_hash_table_get_keys(self->stuck), by_uid);
    guint count = g_list_length(uids), named = 0;
    GString *said = g_string_new(NULL);
    g_string_printf(said, "%u %s in the folder and %s tried again the next time:", count,
                    amount_form(count, "message stays", "messages stay"),
                    amount_form(count, "is", "are"));
    for (GList *at = uids; at && named < STUCK_NAMED; at = at->next, named++)
        g_string_append_printf(said, "%s message %u: %s", named ? ";" : "",
                               GPOINTER_TO_UINT(at->data),
                               (const char *)g_hash_table_lookup(self->stuck, at->data));
    if (count > named)
        g_string_append_printf(said, "; and %u more", count - named);
    return g_string_free(said, FALSE);
}

/* While watching: once for each set of them. */
static void tell_stuck(Collecting *self)
{
    g_autofree char *said = g_hash_table_size(self->stuck) ? say_stuck(self) : g_strdup("");
    if (*said && g_strcmp0(said, self->told) != 0 && self->options->stuck)
        self->options->stuck(self->options->user, said);
    g_free(self->told);
    self->told = g_steal_pointer(&said);
}

/* Reads what there is and then waits for more, as long as the connection holds. */
static gboolean watch_connection(Collecting *self, GError **error)
{
    while (!is_stopped(self)) {
        self->round = (CollectSummary){0};
        if (!collect_all(self, error))
            return FALSE;
        if (self->options->round && self->round.messages)
            self->options->round(self->options->user, &self->round);
        tell_stuck(self);
        /* What was left is asked for again soon: its letter is being sent. */
        guint seconds = self->round.postponed ? 5 : COLLECT_IDLE;
        if (inbox_wait(self->inbox, seconds, is_stopped, self, error) == INBOX_FAILED)
            return FALSE;
    }
    return TRUE;
}

static void pause_for(Collecting *self, guint seconds)
{
    gint64 until = clock_ticks() + seconds * (gint64)G_USEC_PER_SEC;
    while (clock_ticks() < until && !is_stopped(self))
        clock_sleep(G_USEC_PER_SEC / 4);
}

/* A sign-in that was refused, a certificate or a ledger that fails are for a person; all else
 * passes. */
static gboolean may_pass(const GError *error)
{
    return g_error_matches(error, CIRCULAR_ERROR, CIRCULAR_ERROR_TEMPORARY) ||
           g_error_matches(error, CIRCULAR_ERROR, CIRCULAR_ERROR_LATER);
}

/* Once may be chance: a message at which the connection broke twice is passed over. */
static gboolean note_broken(Collecting *self)
{
    gpointer uid = GUINT_TO_POINTER(self->current);
    if (!self->current || g_hash_table_size(self->broken) >= BROKEN_MAX)
        return FALSE;
    guint times = GPOINTER_TO_UINT(g_hash_table_lookup(self->broken, uid));
    g_hash_table_insert(self->broken, uid, GUINT_TO_POINTER(times + 1));
    return TRUE;
}

static gboolean watch(Collecting *self, GError **error)
{
    guint pause = 1;
    while (!is_stopped(self)) {
        g_autoptr(GError) inner = NULL;
        gboolean connected = connect(self, &inner);
        gint64 since = clock_ticks();
        gboolean ok = connected && watch_connection(self, &inner);
        g_clear_pointer(&self->inbox, inbox_close);
        if (ok || g_error_matches(inner, CIRCULAR_ERROR, CIRCULAR_ERROR_STOPPED))
            break;
        if (!may_pass(inner)) {
            g_propagate_error(error, g_steal_pointer(&inner));
            return FALSE;
        }
        if (connected && clock_ticks() - since > 60 * (gint64)G_USEC_PER_SEC) {
            pause = 1; /* it held for a while: begin the pauses anew */
            g_hash_table_remove_all(self->broken);
        }
        note_broken(self);
        if (self->options->lost)
            self->options->lost(self->options->user, inner, pause);
        pause_for(self, pause);
        pause = MIN(pause * 2, COLLECT_PAUSE_MAX);
    }
    return TRUE;
}

static gboolean collect_now(Collecting *self, GError **error)
{
    gboolean ok = FALSE, again;
    do {
        g_autoptr(GError) inner = NULL;
        ok = connect(self, &inner) && collect_all(self, &inner);
        again = !ok && may_pass(inner) && note_broken(self);
        g_clear_pointer(&self->inbox, inbox_close);
        if (!ok && !again)
            g_propagate_error(error, g_steal_pointer(&inner));
    } while (again && !is_stopped(self));
    if (ok && g_hash_table_size(self->stuck)) {
        g_autofree char *said = say_stuck(self);
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_TEMPORARY, "%s", said);
        return FALSE;
    }
    if (ok && is_stopped(self)) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_STOPPED, "stopped as asked");
        return FALSE;
    }
    return ok;
}

gboolean collect_look(const Workspace *workspace, guint seconds, InboxLook *look, GError **error)
{
    *look = (InboxLook){0};
    if (!account_is_set(workspace, ACCOUNT_OF_BOUNCES, error))
        return FALSE;
    InboxOptions options = account_options(workspace, ACCOUNT_OF_BOUNCES);
    options.timeout = MIN(options.timeout, seconds);
    return inbox_look(&options, look, error);
}

/* --- whose mailbox ---------------------------------------------------------------------------- */

/* Whether an address of the config is the one that the mailbox belongs to: by the whole of it, or by
 * its local part where the server's users have no domain. */
static gboolean is_mailbox_of(const char *user, const char *setting)
{
    g_autoptr(Address) address = setting ? address_parse_mailbox(setting, NULL) : NULL;
    if (!address || !user)
        return FALSE;
    g_autofree char *ours = address_fold(address->spec), *theirs = address_fold(user);
    gsize local = strcspn(ours, "@");
    return g_str_equal(ours, theirs) ||
           (!strchr(theirs, '@') && strlen(theirs) == local && strncmp(ours, theirs, local) == 0);
}

gboolean collect_is_shared(const Workspace *workspace)
{
    const Settings *settings = workspace_settings(workspace);
    const char *user = settings_text(settings, "imap.user");
    const char *bounces = settings_text(settings, "bounce.address");
    static const char *const PEOPLES[] = {"from", "reply_to"};
    if (!bounces)
        return TRUE; /* letters come back to 'from' */
    for (gsize i = 0; i < G_N_ELEMENTS(PEOPLES); i++) {
        const char *address = settings_text(settings, PEOPLES[i]);
        if (is_mailbox_of(user, address) || is_mailbox_of(bounces, address))
            return TRUE;
    }
    return FALSE;
}

/* --- the run ---------------------------------------------------------------------------------- */

static gboolean collect_locked(const Workspace *workspace, Ledger *ledger,
                               const CollectOptions *options, CollectSummary *summary,
                               GError **error)
{
    const Settings *settings = workspace_settings(workspace);
    g_autoptr(TokenKey) key = signing_key_open(workspace, ledger, error);
    if (!key)
        return FALSE;
    g_autofree char *name = g_strdup_printf("%s@%s/%s", settings_text(settings, "imap.user"),
                                            settings_text(settings, "imap.host"),
                                            settings_text(settings, "imap.folder"));
    Collecting self = {
        .workspace = workspace,
        .options = options,
        .intake = {.ledger = ledger,
                   .key = key,
                   .bounces = settings_text(settings, "bounce.address"),
                   .only_proven = collect_is_shared(workspace),
                   .limits = {.soft_limit = (guint)settings_number(settings, "bounce.soft_run"),
                              .soft_days = (guint)settings_number(settings, "bounce.soft_days"),
                              .full_days = (guint)settings_number(settings, "bounce.full_days"),
                              .rest_days = (guint)settings_number(settings, "bounce.rest_days")}},
        .name = name,
        .summary = summary,
        .stuck = g_hash_table_new_full(NULL, NULL, NULL, g_free),
        .broken = g_hash_table_new(NULL, NULL),
    };
    gboolean ok = options->watch ? watch(&self, error) : collect_now(&self, error);
    g_hash_table_unref(self.stuck);
    g_hash_table_unref(self.broken);
    g_free(self.told);
    return ok;
}

gboolean collect_run(const Workspace *workspace, Ledger *ledger, const CollectOptions *options,
                     CollectSummary *summary, GError **error)
{
    *summary = (CollectSummary){0};
    if (!account_is_set(workspace, ACCOUNT_OF_BOUNCES, error))
        return FALSE;
    g_autoptr(AccountLock) lock = account_lock(workspace, ledger, ACCOUNT_OF_BOUNCES, error);
    return lock && collect_locked(workspace, ledger, options, summary, error);
}
