/* collect - the mailbox that bounces come back to, read and applied */
#include "inbound/collect.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "bounce/classify.h"
#include "imap/inbox.h"
#include "ledger/inbound_reports.h"
#include "inbound/intake.h"

typedef struct {
    const Workspace *workspace;
    const CollectOptions *options;
    Intake intake;
    char *name; /* of the mailbox, in the ledger */
    Inbox *inbox;
    CollectSummary *summary; /* of all */
    CollectSummary round;    /* of this one */
    guint32 first_left;      /* the lowest UID that stays in the folder; 0: none */
} Collecting;

static gboolean is_stopped(void *user)
{
    const Collecting *self = user;
    return self->options->stop && self->options->stop(self->options->user);
}

/* --- the connection -------------------------------------------------------------------------- */

static InboxOptions inbox_options(Collecting *self)
{
    const Settings *settings = workspace_settings(self->workspace);
    const char *tls = settings_text(settings, "imap.tls");
    Credential *credential = workspace_credential(self->workspace, "imap");
    InboxOptions options = {
        .host = settings_text(settings, "imap.host"),
        .port = (guint)settings_number(settings, "imap.port"),
        .tls = g_str_equal(tls, "tls")    ? INBOX_TLS
               : g_str_equal(tls, "none") ? INBOX_PLAIN
                                          : INBOX_STARTTLS,
        .ca_file = settings_path(settings, "imap.ca_file"),
        .user = settings_text(settings, "imap.user"),
        .auth = credential_auth(credential),
        .secret = credential_secret,
        .secret_user = credential,
        .renew_secret = credential_renew,
        .folder = settings_text(settings, "imap.folder"),
        .processed = settings_text(settings, "imap.processed"),
        .review = settings_text(settings, "imap.review"),
        .timeout = (guint)settings_number(settings, "imap.timeout"),
    };
    return options;
}

static gboolean connect(Collecting *self, GError **error)
{
    InboxOptions options = inbox_options(self);
    Credential *credential = workspace_credential(self->workspace, "imap");
    credential_watch(credential, is_stopped, self);
    self->inbox = inbox_open(&options, error);
    credential_watch(credential, NULL, NULL);
    return self->inbox != NULL;
}

/* --- one message ----------------------------------------------------------------------------- */

static void stay(Collecting *self, guint32 uid)
{
    if (!self->first_left || uid < self->first_left)
        self->first_left = uid;
}

static void count(CollectSummary *sum, const IntakeResult *result)
{
    sum->messages += result->news == INTAKE_APPLIED;
    sum->repeated += result->news == INTAKE_REPEATED;
    sum->postponed += result->news == INTAKE_LATER;
    sum->reviews += result->to_review && result->news == INTAKE_APPLIED;
    sum->bounced += result->bounced;
    sum->complained += result->complained;
    sum->suppressed += result->suppressed;
    sum->unsubscribed += result->unsubscribed;
    sum->refused += result->refused;
    sum->recorded += result->recorded;
    sum->successors += result->successors;
}

static gboolean apply(Collecting *self, guint32 uid, GBytes *bytes, IntakeResult *result,
                      GError **error)
{
    gsize length;
    const char *data = g_bytes_get_data(bytes, &length);
    g_autoptr(InboundReport) notice = classify(data ? data : "", length);
    g_autofree char *hash = bytes_sha256(data ? data : "", length);
    IntakeMessage message = {.notice = notice,
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

static gboolean collect_one(Collecting *self, guint32 uid, GError **error)
{
    GError *inner = NULL;
    IntakeResult result;
    g_autoptr(GBytes) bytes = inbox_fetch(self->inbox, uid, NULL, &inner);
    if (!bytes) {
        if (g_error_matches(inner, CIRCULAR_ERROR, CIRCULAR_ERROR_NOINPUT)) {
            g_error_free(inner); /* somebody else moved it */
            return TRUE;
        }
        g_propagate_error(error, inner);
        return FALSE;
    }
    if (!apply(self, uid, bytes, &result, error))
        return FALSE;
    if (result.news == INTAKE_LATER) {
        stay(self, uid);
        return TRUE;
    }
    if (!inbox_move(self->inbox, uid, result.to_review ? INBOX_REVIEW : INBOX_PROCESSED, error))
        return FALSE;
    durable_step("imap: move");
    return TRUE;
}

/* --- all of them ----------------------------------------------------------------------------- */

/* All that is there, and how far that is. Up to the bookmark nothing of ours is left; under another
 * UIDVALIDITY it means nothing, and messages are known again by their bytes. */
static gboolean collect_all(Collecting *self, GError **error)
{
    guint32 uidvalidity, bookmark, last;
    Ledger *ledger = self->intake.ledger;
    self->first_left = 0;
    if (!inbound_reports_bookmark(ledger, self->name, &uidvalidity, &bookmark, error))
        return FALSE;
    last = uidvalidity == inbox_uidvalidity(self->inbox) ? bookmark : 0;
    g_autoptr(GArray) uids = inbox_list(self->inbox, last, error);
    if (!uids)
        return FALSE;
    for (guint i = 0; i < uids->len && !is_stopped(self); i++) {
        guint32 uid = g_array_index(uids, guint32, i);
        if (!collect_one(self, uid, error))
            return FALSE;
        last = uid;
    }
    if (self->first_left)
        last = MIN(last, self->first_left - 1);
    if (last == bookmark && uidvalidity == inbox_uidvalidity(self->inbox))
        return TRUE;
    return inbound_reports_set_bookmark(ledger, self->name, inbox_uidvalidity(self->inbox), last,
                                        error);
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
        /* What was left is asked for again soon: its letter is being sent. */
        guint seconds = self->first_left ? 5 : COLLECT_IDLE;
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
        if (connected && clock_ticks() - since > 60 * (gint64)G_USEC_PER_SEC)
            pause = 1; /* it held for a while: begin the pauses anew */
        if (self->options->lost)
            self->options->lost(self->options->user, inner, pause);
        pause_for(self, pause);
        pause = MIN(pause * 2, COLLECT_PAUSE_MAX);
    }
    return TRUE;
}

static gboolean collect_now(Collecting *self, GError **error)
{
    gboolean ok = connect(self, error) && collect_all(self, error);
    g_clear_pointer(&self->inbox, inbox_close);
    if (ok && is_stopped(self)) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_STOPPED, "stopped as asked");
        return FALSE;
    }
    return ok;
}

static gboolean has_mailbox(const Settings *settings, GError **error)
{
    if (settings_text(settings, "imap.host"))
        return TRUE;
    settings_complain(settings, error, "bounce.address",
                      "no mailbox to read: set imap.host, imap.user and its password");
    return FALSE;
}

gboolean collect_look(const Workspace *workspace, guint seconds, InboxLook *look, GError **error)
{
    Collecting self = {.workspace = workspace};
    *look = (InboxLook){0};
    if (!has_mailbox(workspace_settings(workspace), error))
        return FALSE;
    InboxOptions options = inbox_options(&self);
    options.timeout = MIN(options.timeout, seconds);
    return inbox_look(&options, look, error);
}

gboolean collect_run(const Workspace *workspace, Ledger *ledger, const CollectOptions *options,
                     CollectSummary *summary, GError **error)
{
    const Settings *settings = workspace_settings(workspace);
    *summary = (CollectSummary){0};
    if (!has_mailbox(settings, error))
        return FALSE;
    g_autoptr(TokenKey) key = workspace_token_key(workspace, error);
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
                   .limits = {.soft_limit = (guint)settings_number(settings, "bounce.soft_run"),
                              .soft_days = (guint)settings_number(settings, "bounce.soft_days"),
                              .full_days = (guint)settings_number(settings, "bounce.full_days")}},
        .name = name,
        .summary = summary,
    };
    return options->watch ? watch(&self, error) : collect_now(&self, error);
}
