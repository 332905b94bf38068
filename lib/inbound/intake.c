/* intake - what came back, applied to the ledger: once, in one transaction, and only if it is ours
 */
#include "inbound/intake.h"

#include <string.h>

#include "inbound/answering.h"
#include "ledger/answers.h"
#include "ledger/mailings.h"
#include "ledger/marks.h"
#include "ledger/inbound_reports.h"
#include "ledger/settlements.h"
#include "ledger/suppressions.h"
#include "inbound/proof.h"
#include "fact/audience_names.h"
#include "plan/recipients.h"
#include "autoreply/request.h"
#include "inbound/verdict.h"

/* One message on its way into the ledger. */
typedef struct {
    const Intake *intake;
    const IntakeMessage *message;
    Proof proof;
    IntakeResult *result;
    guint part;
} Applying;

/* A row about the message with the delivery that it names; its texts are borrowed. */
static InboundRow row_of(const Applying *a, InboundKind kind)
{
    const InboundReport *notice = a->message->notice;
    const Delivery *delivery = a->proof.delivery;
    InboundRow row = {.message = a->message->hash,
                      .part = a->part,
                      .uidvalidity = a->message->uidvalidity,
                      .uid = a->message->uid,
                      .received_at = a->message->received_at,
                      .kind = kind,
                      .status = "",
                      .reason = "",
                      .recipient = "",
                      .feedback = notice->feedback_type,
                      .sender = notice->from,
                      .subject = notice->subject,
                      .successor = notice->successor,
                      .why = "",
                      .mailing = "",
                      .verified = a->proof.is_proven};
    if (delivery) {
        row.mailing = delivery->mailing;
        row.delivery = delivery->number;
        row.key = delivery->key;
        row.address = delivery->address;
    }
    return row;
}

static void ask_for_review(InboundRow *row, const char *why)
{
    row->action = INBOUND_REVIEW;
    row->why = why;
    row->review = TRUE;
}

static gboolean record(Applying *a, InboundRow *row, GError **error)
{
    if (row->review)
        row->text = a->message->notice->text;
    a->result->to_review = a->result->to_review || row->action == INBOUND_REVIEW;
    a->result->recorded += row->action == INBOUND_RECORDED || row->action == INBOUND_REVIEW;
    a->part++;
    return inbound_reports_add(a->intake->ledger, row, error);
}

/* --- suppressing ----------------------------------------------------------------------------- */

static gboolean suppress_until(Applying *a, const InboundRow *row, const char *audience,
                               SuppressionKind kind, gint64 until, guint *count, GError **error)
{
    gint64 number;
    gboolean added;
    if (!inbound_reports_next(a->intake->ledger, &number, error))
        return FALSE;
    g_autofree char *source =
        g_strdup_printf("notice %" G_GINT64_FORMAT "%s%s%s%s", number, *row->why ? ": " : "",
                        row->why, *row->status ? ", " : "", row->status);
    Suppression one = {.address = a->proof.delivery->address,
                       .audience = (char *)audience,
                       .kind = kind,
                       .source = source,
                       .evidence = number,
                       .since = a->message->received_at,
                       .until = until};
    if (!suppressions_add(a->intake->ledger, &one, &added, error))
        return FALSE;
    *count += added;
    return TRUE;
}

static gboolean suppress(Applying *a, const InboundRow *row, const char *audience,
                         SuppressionKind kind, guint *count, GError **error)
{
    return suppress_until(a, row, audience, kind, 0, count, error);
}

static gboolean mark(Applying *a, const InboundRow *row, DeliveryState state, gboolean *changed,
                     GError **error)
{
    return deliveries_mark(a->intake->ledger, a->proof.delivery, state, row->status,
                           row->diagnostic ? row->diagnostic : "", a->message->received_at, changed,
                           error);
}

/* --- requests -------------------------------------------------------------------------------- */

/* A letter to several audiences doesn't say of which the reader is: no more letters to any. */
static gboolean suppress_request(Applying *a, const InboundRow *row, const char *audiences,
                                 GError **error)
{
    guint *count = &a->result->unsubscribed, added = 0;
    g_auto(GStrv) names = audience_names_split(audiences);
    if (!*names)
        return suppress(a, row, audiences, SUPPRESSION_UNSUBSCRIBE, count, error);
    for (char **name = names; *name; name++)
        if (!suppress(a, row, *name, SUPPRESSION_UNSUBSCRIBE, &added, error))
            return FALSE;
    *count += added > 0;
    return TRUE;
}

static gboolean apply_request(Applying *a, Request request, GError **error)
{
    InboundRow row = row_of(a, INBOUND_UNSUBSCRIBE);
    if (!a->proof.is_proven) {
        ask_for_review(&row, "asks for no more letters, but holds no token of ours: "
                             "'circular suppress add ADDRESS' if it is right");
        return record(a, &row, error);
    }
    g_autoptr(Mailing) mailing =
        mailings_find(a->intake->ledger, a->proof.delivery->mailing, error);
    if (!mailing)
        return FALSE;
    row.action = INBOUND_UNSUBSCRIBED;
    row.why = (request == REQUEST_ALL ? "asked for no more letters of any kind"
                                      : "asked for no more letters of this audience");
    return suppress_request(a, &row, request == REQUEST_ALL ? SUPPRESSIONS_ALL : mailing->audience,
                            error) &&
           record(a, &row, error);
}

/* --- reports --------------------------------------------------------------------------------- */

static gboolean is_refusal(const InboundRow *row, InboundKind kind, Reason reason)
{
    return policy_is_refusal(
        &(PolicyEvent){.kind = kind, .reason = reason, .status = row->status, .proven = TRUE});
}

static SuppressionKind suppression_of(InboundKind judged, Reason reason)
{
    if (judged == INBOUND_COMPLAINT)
        return SUPPRESSION_COMPLAINT;
    if (judged == INBOUND_HARD)
        return SUPPRESSION_HARD;
    return reason == REASON_MAILBOXFULL ? SUPPRESSION_FULL : SUPPRESSION_SOFT;
}

/* A proven failure or complaint: marks the delivery, and suppresses where the history says so. */
static gboolean apply_judged(Applying *a, InboundRow *row, gboolean is_complaint, GError **error)
{
    PolicyVerdict verdict;
    const char *why;
    gboolean changed = FALSE;
    if (!verdict_reach(a->intake->ledger, &a->intake->limits, a->proof.delivery, row, &verdict,
                       &why, error))
        return FALSE;
    /* A report on authentication, or one that says "not spam", is no complaint of the reader's. */
    gboolean marks = !is_complaint || verdict == POLICY_SUPPRESS;
    if (marks &&
        !mark(a, row, is_complaint ? DELIVERY_COMPLAINED : DELIVERY_BOUNCED, &changed, error))
        return FALSE;
    if (marks)
        row->action = is_complaint ? INBOUND_COMPLAINED : INBOUND_BOUNCED;
    a->result->bounced += changed && !is_complaint;
    a->result->complained += changed && is_complaint;
    if (verdict != POLICY_SUPPRESS)
        return TRUE;
    row->action = INBOUND_SUPPRESSED;
    row->why = why;
    Reason reason = reason_from_name(row->reason);
    gint64 until = policy_until(row->judged, reason, &a->intake->limits, a->message->received_at);
    return suppress_until(a, row, SUPPRESSIONS_ALL, suppression_of(row->judged, reason), until,
                          &a->result->suppressed, error);
}

/* Looking for an earlier notice of the same failed address that still waits for a person. */
typedef struct {
    const InboundRow *row;
    gboolean found;
} Waiting;

static gboolean is_same_stranger(void *user, const InboundRow *other)
{
    Waiting *waiting = user;
    waiting->found =
        waiting->found || (other->review && !other->reviewed_at &&
                           g_ascii_strcasecmp(other->recipient, waiting->row->recipient) == 0);
    return !waiting->found;
}

/* A forward or a member of an alias that fails, behind the address that the letter went to: the head
 * may well have read it. It is told, once, and never counts against the address. */
static gboolean apply_stranger(Applying *a, InboundRow *row, GError **error)
{
    Waiting waiting = {.row = row};
    if (!inbound_reports_history(a->intake->ledger, row->address, is_same_stranger, &waiting,
                                 error))
        return FALSE;
    row->review = !waiting.found;
    row->why =
        (waiting.found ? "a forward or an alias behind the address fails again"
                       : "the failed address is not the one that the letter went to: a "
                         "forward or an alias behind it; the letter itself may have arrived");
    return TRUE;
}

static gboolean apply_failure(Applying *a, InboundRow *row, const InboundRecipient *recipient,
                              GError **error)
{
    const char *sender = a->message->notice->original_sender;
    if ((sender && !*sender) || proof_is_our_own(a->intake->key, a->intake->bounces, recipient)) {
        ask_for_review(row, "a bounce of an answer to a letter, not of a letter");
        return TRUE;
    }
    if (!proof_fits(a->proof.delivery, recipient))
        return apply_stranger(a, row, error);
    row->judged = recipient->kind;
    if (is_refusal(row, recipient->kind, recipient->reason)) {
        row->why = "refused on grounds of policy: our server or our text is meant";
        a->result->refused++;
    }
    return apply_judged(a, row, FALSE, error);
}

/* What only looks like an automatic answer may be a person's: it is not put away unseen. */
static void apply_auto_reply(Applying *a, InboundRow *row)
{
    const InboundReport *notice = a->message->notice;
    if (notice->is_guess)
        ask_for_review(row, "looks like an automatic answer, but nothing proves that it is one");
    if (!*row->successor)
        return;
    row->review = TRUE;
    row->why = (notice->successor_acts ? "names somebody who has the post for a time"
                                       : "names a successor");
    a->result->successors++;
}

/* Whoever reports on a letter, delivered it, tries to, or answers it by itself, has it: one that was
 * in doubt was sent. */
static gboolean settle(Applying *a, const InboundRow *row, GError **error)
{
    gint64 number, mailing;
    gboolean changed;
    const Delivery *delivery = a->proof.delivery;
    if (!inbound_reports_next(a->intake->ledger, &number, error) ||
        !mailings_number(a->intake->ledger, delivery->mailing, &mailing, error))
        return FALSE;
    Settlement proof = {.kind = SETTLEMENT_REPORT, .at = a->message->received_at, .notice = number};
    if (!settlements_prove(a->intake->ledger, mailing, delivery->number, &proof, row->status,
                           row->diagnostic ? row->diagnostic : "", &changed, error))
        return FALSE;
    a->result->settled += changed;
    return TRUE;
}

/* What a proven report of each kind does. */
static gboolean apply_proven(Applying *a, InboundRow *row, const InboundRecipient *recipient,
                             GError **error)
{
    switch (recipient->kind) {
    case INBOUND_NONE:
    case INBOUND_UNSUBSCRIBE:
    case INBOUND_KINDS:
        ask_for_review(row, "not understood, or a person wrote");
        return TRUE;
    case INBOUND_CHALLENGE:
        ask_for_review(row, "wants the sender to prove being a person");
        return TRUE;
    case INBOUND_AUTO_REPLY:
        apply_auto_reply(a, row);
        return a->message->notice->is_guess || settle(a, row, error);
    case INBOUND_CALENDAR:
        ask_for_review(row, "an invitation was answered");
        return TRUE;
    case INBOUND_RECEIPT:
    case INBOUND_DELAYED:
        return settle(a, row, error);
    case INBOUND_DELIVERED:
        row->judged = INBOUND_DELIVERED;
        return settle(a, row, error);
    case INBOUND_COMPLAINT:
        row->judged = INBOUND_COMPLAINT;
        return apply_judged(a, row, TRUE, error);
    case INBOUND_SOFT:
    case INBOUND_HARD:
        return apply_failure(a, row, recipient, error);
    }
    g_assert_not_reached();
}

static gboolean apply_recipient(Applying *a, const InboundRecipient *recipient, GError **error)
{
    InboundRow row = row_of(a, recipient->kind);
    row.recipient = recipient->address;
    row.status = recipient->status;
    row.reason = reason_name(recipient->reason);
    row.diagnostic = recipient->diagnostic;
    row.successor = row.successor ? row.successor : "";
    if (a->proof.is_proven) {
        if (!apply_proven(a, &row, recipient, error))
            return FALSE;
    } else if (recipient->kind == INBOUND_NONE) {
        ask_for_review(&row, "not understood, or a person wrote");
    } else {
        ask_for_review(&row, "no token of ours proves that it is about a letter of ours");
    }
    return record(a, &row, error);
}

static gboolean apply_report(Applying *a, GError **error)
{
    const GPtrArray *recipients = a->message->notice->recipients;
    static char nothing[1];
    InboundRecipient nobody = {
        .kind = a->message->notice->kind, .address = nothing, .diagnostic = nothing};
    if (!recipients->len)
        return apply_recipient(a, &nobody, error);
    for (guint i = 0; i < recipients->len; i++)
        if (!apply_recipient(a, g_ptr_array_index(recipients, i), error))
            return FALSE;
    return TRUE;
}

/* --- one message ----------------------------------------------------------------------------- */

/* While a letter is `sending` its row is its sender's; the report came before the relay's answer
 * was on record. */
static gboolean is_in_flight(const Proof *proof)
{
    return proof->is_proven && proof->delivery->state == DELIVERY_SENDING;
}

/* In a mailbox that people write to: whether the message is none that a token of ours proves to be a
 * report, a machine's answer or a request. */
static gboolean is_somebodys(const Applying *a, Request request)
{
    const InboundReport *notice = a->message->notice;
    if (!a->proof.is_proven)
        return TRUE;
    return request == REQUEST_NONE &&
           (notice->kind == INBOUND_NONE || notice->is_guess || notice->kind == INBOUND_CALENDAR);
}

static gboolean apply(Applying *a, GError **error)
{
    const Intake *intake = a->intake;
    const InboundReport *notice = a->message->notice;
    gboolean found;
    if (!inbound_reports_find(intake->ledger, a->message->hash, &found, &a->result->to_review,
                              error))
        return FALSE;
    if (!found &&
        !answers_find(intake->ledger, a->message->hash, &found, &a->result->to_review, error))
        return FALSE;
    if (found) {
        a->result->news = INTAKE_REPEATED;
        a->result->stays = a->result->to_review && intake->only_proven;
        return TRUE;
    }
    Request request = request_read(notice);
    gboolean taken = FALSE;
    if (request == REQUEST_NONE && !answering_take(intake, a->message, a->result, &taken, error))
        return FALSE;
    if (taken || a->result->news == INTAKE_LATER)
        return TRUE;
    if (request == REQUEST_NONE
            ? !proof_find(intake->ledger, intake->key, notice, &a->proof, error)
            : !proof_find_request(intake->ledger, intake->key, notice, &a->proof, error))
        return FALSE;
    if (intake->only_proven && is_somebodys(a, request)) {
        a->result->news = INTAKE_NOT_OURS;
        return TRUE;
    }
    if (is_in_flight(&a->proof)) {
        a->result->news = INTAKE_LATER;
        return TRUE;
    }
    return request == REQUEST_NONE ? apply_report(a, error) : apply_request(a, request, error);
}

gboolean intake_apply(const Intake *self, const IntakeMessage *message, IntakeResult *result,
                      GError **error)
{
    *result = (IntakeResult){.news = INTAKE_APPLIED};
    if (!ledger_begin(self->ledger, error))
        return FALSE;
    Applying applying = {.intake = self, .message = message, .result = result};
    gboolean ok = apply(&applying, error);
    proof_clear(&applying.proof);
    if (ok)
        return ledger_commit(self->ledger, error);
    ledger_rollback(self->ledger);
    return FALSE;
}
