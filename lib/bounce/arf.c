/* arf - complaints: abuse reports in the Abuse Reporting Format (RFC 5965, RFC 6591) and its
 * forerunners */
#include "bounce/arf.h"

#include <string.h>

#include "evidence/fields.h"

/* Before ARF, and beside it: reports that are known by their own words. */
static const char *const OLD_SUBJECTS[] = {"complaint about message from",
                                           "email feedback report for ip", NULL};
static const char *const OLD_WORDS[] = {
    "this is an email abuse report for an email message",
    "this is an authentication failure report for an email message", NULL};

/* What a provider writes around a letter that a reader marked, where it leaves the machine-readable
 * part out. */
static const char *const COMPLAINT_WORDS[] = {"abuse report",
                                              "spam report",
                                              "spam complaint",
                                              "complaint about",
                                              "marked*as spam",
                                              "marked*as junk",
                                              "reported*as spam",
                                              "reported*as junk",
                                              "feedback loop",
                                              "feedback report",
                                              "junk report",
                                              "reported as unsolicited",
                                              NULL};

/* A word of the local part, or all of it: "fbl", "abuse-reports", but not "arfon" or "staffing". */
static gboolean has_local_word(const char *address, const char *const *names)
{
    g_autofree char *local = g_ascii_strdown(address, (gssize)strcspn(address, "@"));
    g_auto(GStrv) words = g_strsplit_set(local, "._-+0123456789", -1);
    for (char **word = words; *word; word++)
        if (g_strv_contains(names, *word))
            return TRUE;
    return g_strv_contains(names, local);
}

/* Microsoft's reports come from staff@hotmail.com; a school may have a staff@, too. */
static gboolean is_microsofts(const char *from)
{
    return g_ascii_strcasecmp(from, "staff@hotmail.com") == 0 ||
           g_ascii_strcasecmp(from, "staff@outlook.com") == 0;
}

/* A mailbox that is for nothing but such reports. */
static gboolean is_loop_sender(const Evidence *signs)
{
    static const char *const LOCALS[] = {"fbl", "feedbackloop", "scomp", "arf", "jmrp", NULL};
    return has_local_word(signs->from, LOCALS) || is_microsofts(signs->from);
}

/* A mailbox that no person writes from, named for such reports or sending as a machine. */
static gboolean is_feedback_sender(const Evidence *signs)
{
    static const char *const LOCALS[] = {"abuse",   "feedback", "complaint",  "complaints",
                                         "noreply", "no-reply", "donotreply", NULL};
    return signs->null_path || signs->system_sender || evidence_says_machine(signs) ||
           is_loop_sender(signs) || has_local_word(signs->from, LOCALS);
}

gboolean arf_is(const Evidence *signs)
{
    if (signs->feedback_part >= 0 || (signs->ses && signs->ses->is_complaint))
        return TRUE;
    if (g_str_equal(reader_type_parameter(signs->reader, "report-type"), "feedback-report"))
        return TRUE;
    if (signs->letter_head && subject_has(&signs->words_subject, "feedback-type:*user-agent:"))
        return TRUE; /* the report's fields in a part of the wrong type */
    if (signs->is_reply &&
        !is_loop_sender(signs)) /* they put a "FW:" before the letter's subject */
        return FALSE;
    if (signs->letter_head && is_feedback_sender(signs) &&
        (subject_has_any(&signs->words_subject, COMPLAINT_WORDS) ||
         subject_has_any(&signs->subject_subject, COMPLAINT_WORDS)))
        return TRUE;
    return subject_has_any(&signs->subject_subject, OLD_SUBJECTS) ||
           (signs->letter_head && subject_has_any(&signs->words_subject, OLD_WORDS));
}

static gboolean is_known(const InboundReport *notice, const char *address)
{
    for (guint i = 0; i < notice->recipients->len; i++) {
        const InboundRecipient *recipient = notice->recipients->pdata[i];
        if (g_ascii_strcasecmp(recipient->address, address) == 0)
            return TRUE;
    }
    return FALSE;
}

static void add(InboundReport *notice, const char *text, const char *diagnostic)
{
    char *address = scan_address_dup(text);
    if (text && !address && strchr(text, '@') == NULL)
        return;
    if (!address || is_known(notice, address)) {
        g_free(address);
        return;
    }
    InboundRecipient *recipient = inbound_report_add(notice, INBOUND_COMPLAINT, address);
    if (!recipient)
        return;
    recipient->reason = REASON_FEEDBACK;
    g_free(recipient->diagnostic);
    recipient->diagnostic = g_strdup(diagnostic);
}

static const char *value_of(const GPtrArray *fields, const char *name)
{
    for (guint i = 0; i < fields->len; i++) {
        const Field *field = fields->pdata[i];
        if (g_str_equal(field->name, name))
            return field->value;
    }
    return NULL;
}

/* Where the letter itself says to whom it went, the best witness first. */
static const char *const LETTER_NAMES[] = {"X-HmXmrOriginalRecipient",
                                           "X-Apparently-To",
                                           "To",
                                           "X-Original-To",
                                           "Envelope-To",
                                           "Delivered-To",
                                           NULL};

static void add_from_letter(const char *head, InboundReport *notice)
{
    for (const char *const *name = LETTER_NAMES; *name && !notice->recipients->len; name++) {
        g_autofree char *value = headers_value(head, *name);
        if (value)
            add(notice, value, "");
    }
}

void arf_read(const Evidence *signs, InboundReport *notice)
{
    static const char *const NAMES[] = {"original-rcpt-to", "removal-recipient", "redacted-address",
                                        NULL};
    const char *text = signs->feedback_part >= 0
                           ? reader_text(signs->reader, (guint)signs->feedback_part)
                       : signs->ses ? signs->ses->fields
                                    : signs->words;
    g_autoptr(GPtrArray) fields = fields_read(text);
    const char *type = value_of(fields, "feedback-type");
    notice->system = "arf";
    notice->feedback_type = g_ascii_strdown(type ? type : "abuse", -1);
    for (const char *const *name = NAMES; *name; name++)
        for (guint i = 0; i < fields->len; i++) {
            const Field *field = fields->pdata[i];
            if (g_str_equal(field->name, *name))
                add(notice, field->value, notice->feedback_type);
        }
    if (!notice->recipients->len && signs->letter_head)
        add_from_letter(signs->letter_head, notice);
    if (!notice->recipients->len) {
        InboundRecipient *nobody = inbound_report_add(notice, INBOUND_COMPLAINT, NULL);
        nobody->reason = REASON_FEEDBACK;
    }
}
