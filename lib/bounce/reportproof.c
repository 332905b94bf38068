/* reportproof - whether a message is a report of a delivery at all */
#include "bounce/reportproof.h"

#include "autoreply/autoreply.h"
#include "reason/reason.h"

/* A person who quotes or forwards a report writes from an address of their own, in reply. */
static gboolean is_machine(const Evidence *signs)
{
    return signs->system_sender || signs->null_path || !signs->is_reply;
}

/* Whether a server's reply ("550 5.1.1 ...") stands beside a listed address: no need to understand
 * the words around it. */
static gboolean holds_refusal(const ReportText *report)
{
    for (guint i = 0; report->listed && i < report->entries->len; i++) {
        const ReportTextEntry *entry = report->entries->pdata[i];
        char status[STATUS_SIZE];
        if (scan_code(entry->text) && scan_status(entry->text, FALSE, status))
            return TRUE;
    }
    return FALSE;
}

/* Whether the words hold a server's reply, or a reason that no parcel is returned for. */
static gboolean tells_why(const ReportText *report)
{
    char status[STATUS_SIZE];
    if (scan_code(report->words) || scan_status(report->words, FALSE, status))
        return TRUE;
    g_autofree char *folded = scan_fold(report->words, strlen(report->words));
    ReasonEvidence e = {.text = folded, .remote = "", .status = ""};
    Reason reason = reason_told(&e);
    return reason == REASON_FILTERED || reason == REASON_MAILBOXFULL ||
           reason == REASON_HOSTUNKNOWN || reason == REASON_SUSPEND ||
           reason == REASON_SPAMDETECTED || reason == REASON_MESGTOOBIG;
}

gboolean reportproof_holds(const Evidence *signs, const ReportFormat *format, const GPtrArray *dsn,
                           const ReportText *report)
{
    gboolean machine = signs->system_sender || signs->null_path;
    if (signs->status_part >= 0 || signs->disposition_part >= 0 || signs->ses ||
        evidence_header(signs, "x-failed-recipients") ||
        g_str_equal(reader_type_parameter(signs->reader, "report-type"), "delivery-status"))
        return TRUE;
    if (autoreply_is_certain(signs) && !signs->failure_subject && !report->entries->len)
        return FALSE;
    if (format && !(format->flags & FORMAT_WEAK))
        return is_machine(signs);
    if (dsn->len)
        return machine || signs->failure_subject;
    if (signs->is_reply)
        return FALSE; /* a postmaster is a person, too */
    if (machine && signs->failure_subject)
        return signs->failure_words || report->entries->len || format ||
               (signs->daemon_sender && signs->null_path);
    if (machine && !autoreply_is_certain(signs))
        return (signs->failure_words && report->entries->len) || holds_refusal(report) ||
               (signs->daemon_sender && (report->listed || (signs->delay && report->entries->len)));
    if (evidence_says_machine(signs) && signs->failure_subject && signs->failure_words &&
        report->entries->len && tells_why(report))
        return TRUE;
    return signs->failure_subject && report->listed &&
           ((signs->failure_words && (tells_why(report) || report->letter)) ||
            holds_refusal(report)) &&
           !evidence_header(signs, "list-unsubscribe");
}
