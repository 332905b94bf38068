/* failure - reports of deliveries that failed, are late, or worked: found and read */
#include "bounce/failure.h"

#include <string.h>

#include "reason/sentence.h"
#include "bounce/dsn.h"
#include "evidence/fields.h"
#include "bounce/prose.h"
#include "reason/quoted.h"
#include "bounce/reportproof.h"
#include "evidence/returned.h"
#include "bounce/report_text.h"

struct Failure {
    const Evidence *signs;
    const ReportFormat *format; /* or NULL */
    GPtrArray *dsn;             /* of DsnRecipient */
    ReportText *report;
    char *letter;       /* headers of the letter in the words, or NULL */
    char *command_text; /* all words and the transcript, folded */
    char *prose;        /* the words that may tell a reason (prose.h) */
    char *prose_folded;
    gboolean delayed;
};

/* ---- is it one? ---- */

/* A filter at the end refuses with a disposition notification, too (RFC 5429 section 2.1.1): one
 * that a machine sent, of a letter deleted unseen, whose words say that it was turned away. */
static gboolean is_refusal_receipt(const Evidence *signs)
{
    static const char *const TURNED_AWAY[] = {
        "reject",         "refus",     "returned to", "not deliver", "n't deliver",
        "not be deliver", "undeliver", "not accept",  "bounced",     NULL};
    const char *text = signs->disposition_part < 0
                           ? ""
                           : reader_text(signs->reader, (guint)signs->disposition_part);
    g_autofree char *folded = scan_fold(text, strlen(text));
    return strstr(folded, "automatic-action") && strstr(folded, "deleted") &&
           (folded_has(signs->words_folded, TURNED_AWAY) ||
            folded_has(signs->subject_folded, TURNED_AWAY));
}

/* Notes and others say in words alone that a letter was read; a machine says that it wrote them. */
static gboolean is_plain_receipt(const Evidence *signs)
{
    static const char *const SUBJECTS[] = {"return receipt",
                                           "read receipt",
                                           "read:",
                                           "gelesen:",
                                           "lesebestätigung",
                                           "accusé de lecture",
                                           "leesbevestiging",
                                           "confirmación de lectura",
                                           "conferma di lettura",
                                           NULL};
    if (!evidence_says_machine(signs))
        return FALSE;
    for (const char *const *subject = SUBJECTS; *subject; subject++)
        if (g_str_has_prefix(signs->subject_folded, *subject))
            return TRUE;
    return FALSE;
}

gboolean failure_is_receipt(const Evidence *signs)
{
    gboolean receipt = g_str_equal(reader_type_parameter(signs->reader, "report-type"),
                                   "disposition-notification") ||
                       signs->disposition_part >= 0 || is_plain_receipt(signs);
    return receipt && signs->status_part < 0 && !is_refusal_receipt(signs);
}

static GPtrArray *find_dsn(const Evidence *signs)
{
    GPtrArray *found = NULL;
    if (signs->status_part >= 0) {
        found = dsn_read(reader_text(signs->reader, (guint)signs->status_part));
        if (found->len)
            return found;
        g_ptr_array_unref(found);
    }
    if (signs->ses && !signs->ses->is_complaint)
        return dsn_read(signs->ses->fields);
    if (signs->disposition_part >= 0)
        return dsn_read(reader_text(signs->reader, (guint)signs->disposition_part));
    return dsn_read(signs->words);
}

Failure *failure_find(const Evidence *signs)
{
    Failure *self = g_new0(Failure, 1);
    self->signs = signs;
    self->format = format_find(signs);
    self->report = report_text_read(signs->words);
    if (self->format && self->format->flags & FORMAT_REASON_FIRST)
        report_text_shift(self->report);
    self->dsn = find_dsn(signs);
    if (failure_is_receipt(signs) ||
        !reportproof_holds(signs, self->format, self->dsn, self->report)) {
        failure_free(self);
        return NULL;
    }
    self->letter = letter_head(self->report->letter);
    self->command_text = prose_fold(self->report->words);
    self->prose = prose_evidence(self->report);
    self->prose_folded = prose_fold(self->prose);
    self->delayed = signs->delay || strstr(signs->subject_folded, "(delay") ||
                    strstr(signs->subject_folded, "delayed") ||
                    (self->format && self->format->flags & FORMAT_DELAY);
    return self;
}

void failure_free(Failure *self)
{
    if (!self)
        return;
    g_ptr_array_unref(self->dsn);
    report_text_free(self->report);
    g_free(self->letter);
    g_free(self->command_text);
    g_free(self->prose);
    g_free(self->prose_folded);
    g_free(self);
}

gboolean failure_names(const Failure *self)
{
    return self->dsn->len || self->report->entries->len;
}

const char *failure_letter(const Failure *self)
{
    return self->letter;
}

/* ---- reading one recipient ---- */

/* Everything known of one recipient, from whichever source. */
typedef struct {
    const char *address;
    const char *original;
    const char *status;     /* told by the machine-readable part, or "" */
    const char *diagnostic; /* likewise */
    const char *remote;
    const char *words; /* what the report's words say of this one, or "" */
    InboundAction action;
    gboolean expired, unix_program;
    gboolean is_smtp;    /* the diagnostic is a server's reply */
    gboolean is_foreign; /* it is another system's: its numbers are no reply codes */
    gboolean is_prose;   /* the diagnostic is what the words say, too */
    gboolean apart;      /* a blank line stands between the address and its words */
} Case;

static gboolean is_general(const char *status)
{
    return !*status || strcmp(status + 1, ".0.0") == 0;
}

/* The code that says most: that of the innermost reply; else the report's own field, unless it is
 * general and the diagnostic has a better one. */
static gboolean choose_status(const Case *c, const char *reply, char status[STATUS_SIZE])
{
    char other[STATUS_SIZE] = "";
    if (reply && scan_status(reply, FALSE, status) && !is_general(status))
        return TRUE;
    if (c->is_smtp && scan_code(c->diagnostic) && scan_status(c->diagnostic, FALSE, other) &&
        !is_general(other)) { /* a relay derives its own from the reply's code */
        g_strlcpy(status, other, STATUS_SIZE);
        return TRUE;
    }
    *other = '\0';
    g_strlcpy(status, c->status, STATUS_SIZE);
    if (!is_general(status))
        return TRUE;
    if ((scan_status(c->diagnostic, FALSE, other) || scan_status(c->words, FALSE, other)) &&
        (!*status || !is_general(other)))
        g_strlcpy(status, other, STATUS_SIZE);
    return *status != '\0';
}

static guint choose_code(const Case *c, const char *reply)
{
    guint code = reply ? scan_code(reply) : 0;
    if (!code)
        code = scan_code(c->diagnostic);
    return code ? code : scan_code(c->words);
}

/* The remote host and everything that names the reporting system, for rules of one provider. */
static char *remote_text(const Failure *self, const Case *c)
{
    const char *at = strchr(c->address, '@');
    g_autofree char *all = g_strjoin(" ", c->remote, at ? at + 1 : "", self->signs->from, NULL);
    return scan_fold(all, strlen(all));
}

/* Where the dialogue stood: what is said beside this recipient, else what the whole report says if
 * it is about this one alone. A transcript is searched for this recipient's diagnostic first. */
static SmtpCommand choose_command(const Failure *self, const Case *c, const char *diagnostic_folded)
{
    g_autofree char *words = prose_fold(c->words);
    SmtpCommand command = scan_command(diagnostic_folded);
    if (command == SMTP_UNKNOWN && *diagnostic_folded) {
        g_autofree char *key = g_strndup(diagnostic_folded, 40);
        const char *at = strstr(self->command_text, "transcript of session");
        at = at ? strstr(at, key) : NULL;
        if (at) {
            g_autofree char *before = g_strndup(self->command_text, at - self->command_text);
            command = scan_command(before);
        }
    }
    if (command == SMTP_UNKNOWN)
        command = scan_command(words);
    if (command == SMTP_UNKNOWN && MAX(self->report->entries->len, self->dsn->len) <= 1)
        command = scan_command(self->command_text);
    return command;
}

/* Subjects are general ("Mail System Error"); only what they say of the recipient is worth
 * something. */
static gboolean tells_in_subject(Reason reason)
{
    return reason == REASON_USERUNKNOWN || reason == REASON_FILTERED ||
           reason == REASON_MAILBOXFULL || reason == REASON_HOSTUNKNOWN ||
           reason == REASON_SUSPEND || reason == REASON_MESGTOOBIG;
}

/* What the words say of one recipient, by how near to the address they stand. */
typedef struct {
    char *beside; /* folded: up to the first blank line; "" where one stands before it */
    char *entry;  /* all of it but a footer */
    char *entry_folded;
} Said;

static void said_clear(Said *self)
{
    g_free(self->beside);
    g_free(self->entry);
    g_free(self->entry_folded);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Said, said_clear)

static Said said_of(const Failure *self, const Case *c)
{
    const char *text = c->is_prose && *c->diagnostic ? c->diagnostic : c->words;
    Said said = {.entry = prose_without_footer(self->report, text)};
    const char *blank = strstr(said.entry, "\n\n");
    g_autofree char *near =
        g_strndup(said.entry, blank ? (gsize)(blank - said.entry) : strlen(said.entry));
    said.beside = c->apart ? g_strdup("") : prose_fold(near);
    said.entry_folded = prose_fold(said.entry);
    return said;
}

/* Where text may come from, the surest first. */
enum {
    FROM_REPLY,
    FROM_DIAGNOSTIC,
    FROM_BESIDE,
    FROM_ENTRY,
    FROM_STATUS,
    FROM_PROSE,
    FROM_SUBJECT
};

/* Whether a code that says what was wrong says something else: "5.1.1" beside "never see a full
 * mailbox again". */
static gboolean contradicts(const char *status, Reason reason)
{
    Reason by_status = is_general(status) ? REASON_UNDEFINED : status_reason(status);
    return by_status != REASON_UNDEFINED && by_status != reason;
}

/* A source's reason, or REASON_UNDEFINED where it says nothing or may not be believed. */
static Reason ask(const Failure *self, const Case *c, const Said *said, guint source,
                  ReasonEvidence *e)
{
    if (source == FROM_STATUS) /* a specific status beats free prose */
        return *c->status && !is_general(c->status) ? reason_placed(e) : REASON_UNDEFINED;
    Reason reason = *e->text ? reason_told(e) : REASON_UNDEFINED;
    if (source == FROM_ENTRY)
        return prose_supports(said->entry, reason, e, contradicts(e->status, reason))
                   ? reason
                   : REASON_UNDEFINED;
    if (source == FROM_PROSE)
        return prose_supports(self->prose, reason, e, FALSE) ? reason : REASON_UNDEFINED;
    if (prose_is_boast(e, reason))
        return REASON_UNDEFINED;
    return source < FROM_SUBJECT || tells_in_subject(reason) ? reason : REASON_UNDEFINED;
}

/* What the innermost reply says by its words or by its own code, before any gloss around it. */
static Reason reason_quoted(const char *reply, const ReasonEvidence *about)
{
    ReasonEvidence e = *about;
    char status[STATUS_SIZE] = "";
    e.text = reply;
    Reason reason = reason_told(&e);
    if (reason == REASON_UNDEFINED && (reason = sentence_reason(reply)) != REASON_UNDEFINED)
        reason = reason_of_claim(&e, reason);
    if (reason == REASON_UNDEFINED && scan_status(reply, FALSE, status) && !is_general(status))
        reason = status_reason(status);
    return reason;
}

/* Asks the sources one after the other: the innermost reply, the diagnostic around it, the words
 * beside the address, all that is said of it, all the words, the subject. The first that tells
 * something is believed; those that surely speak of this recipient are asked for what their sentences
 * claim before those that may not. */
static Reason choose_reason(const Failure *self, const Case *c, const char *reply,
                            ReasonEvidence *e)
{
    g_auto(Said) said = said_of(self, c);
    const char *diagnostic = e->text;
    const gboolean alone = !*said.entry_folded || self->report->entries->len <= 1;
    const char *sources[] = {reply ? reply : "",
                             c->is_prose ? "" : e->text,
                             said.beside,
                             said.entry_folded,
                             diagnostic,
                             alone ? self->prose_folded : "",
                             self->signs->subject_folded};
    Reason reason = reply ? reason_quoted(reply, e) : REASON_UNDEFINED;
    if (reason != REASON_UNDEFINED)
        return reason;
    for (guint i = 0; i < G_N_ELEMENTS(sources); i++) {
        for (guint j = 0; i == FROM_ENTRY && j < FROM_ENTRY; j++)
            if ((reason = sentence_reason(sources[j])) != REASON_UNDEFINED)
                return reason_of_claim(e, reason);
        e->text = sources[i];
        if ((reason = ask(self, c, &said, i, e)) != REASON_UNDEFINED)
            return reason;
    }
    if ((reason = sentence_reason(said.entry_folded)) != REASON_UNDEFINED)
        return reason_of_claim(e, reason);
    e->text = *diagnostic ? diagnostic : said.entry_folded;
    return reason_find(e);
}

/* Class 4 says "not now" (RFC 3463 section 3.1, RFC 5321 section 4.2.1): when the relay gives up
 * after days the letter has failed, but nobody is gone. */
static gboolean is_for_now(const Case *c, const InboundRecipient *recipient)
{
    return *recipient->status == '4' ||
           (!c->is_foreign && recipient->code >= 400 && recipient->code < 500);
}

static InboundKind kind_for(const Case *c, const InboundRecipient *recipient, gboolean doubted)
{
    if (recipient->action == ACTION_DELIVERED || recipient->action == ACTION_RELAYED ||
        recipient->action == ACTION_EXPANDED)
        return INBOUND_DELIVERED;
    if (recipient->action == ACTION_DELAYED)
        return INBOUND_DELAYED;
    if (is_for_now(c, recipient) || doubted)
        return INBOUND_SOFT;
    return reason_is_permanent(recipient->reason) ? INBOUND_HARD : INBOUND_SOFT;
}

/* Whether the server that refused could not tell, or may be able to later: nobody is gone then. */
static gboolean is_doubted(const Failure *self, const Case *c, const char *reply, const char *text,
                           Reason *reason)
{
    g_auto(Said) said = said_of(self, c);
    const char *asked = reply ? reply : *text && !c->is_prose ? text : said.entry_folded;
    if ((!reason_is_permanent(*reason) && *reason != REASON_FILTERED) || !sentence_doubts(asked))
        return FALSE;
    Reason left = sentence_left(asked);
    *reason = left != REASON_UNDEFINED ? left : *reason;
    return TRUE;
}

/* What was said, on one line, however the reporting system wrapped and indented it. */
static void set_diagnostic(InboundRecipient *recipient, const char *text)
{
    char *valid = g_utf8_make_valid(text, (gssize)MIN(strlen(text), INBOUND_DIAGNOSTIC_MAX)), *to;
    to = valid;
    for (const char *at = valid; *at; at++)
        if ((guchar)*at > ' ')
            *to++ = *at;
        else if (to > valid && to[-1] != ' ')
            *to++ = ' ';
    *to = '\0';
    g_free(recipient->diagnostic);
    recipient->diagnostic = g_strchomp(valid);
}

static void set_inferred_status(InboundRecipient *recipient)
{
    g_strlcpy(recipient->status, reason_status(recipient->reason), STATUS_SIZE);
    if ((recipient->code >= 400 && recipient->code < 500) || recipient->action == ACTION_DELAYED)
        recipient->status[0] = '4';
}

/* Whether the reporting system itself knows of the user: its format says so, or its transcript
 * holds no dialogue with another. */
static gboolean speaks_itself(const Failure *self)
{
    if (self->format && self->format->flags & FORMAT_OWN_WORDS)
        return TRUE;
    return strstr(self->command_text, "transcript of session") &&
           !strstr(self->command_text, ">>>") && !strstr(self->command_text, "<<<");
}

static void read_case(const Failure *self, const Case *c, InboundReport *notice)
{
    InboundRecipient *recipient = inbound_report_add(notice, INBOUND_NONE, g_strdup(c->address));
    if (!recipient)
        return;
    recipient->original = g_strdup(c->original);
    recipient->action = c->action ? c->action : self->delayed ? ACTION_DELAYED : ACTION_FAILED;
    g_autofree char *told =
        prose_without_footer(self->report, *c->diagnostic ? c->diagnostic : c->words);
    /* Below what a server said in words stands what others advertise. */
    const char *said = c->is_prose && *c->diagnostic ? told : c->diagnostic;
    g_autofree char *text = scan_fold(said, strlen(said));
    scan_unwrap(text);
    const char *reply = quoted_innermost(text);
    recipient->code = choose_code(c, reply);
    recipient->status_is_told = choose_status(c, reply, recipient->status);
    set_diagnostic(recipient, told);

    g_autofree char *remote = remote_text(self, c);
    ReasonEvidence e = {
        .text = text, .remote = remote, .status = recipient->status, .code = recipient->code};
    e.command = choose_command(self, c, text);
    e.own_words = speaks_itself(self);
    e.unix_program = c->unix_program;
    e.delayed = c->expired || recipient->action == ACTION_DELAYED;
    if (recipient->action < ACTION_DELAYED)
        recipient->reason = REASON_DELIVERED;
    else
        recipient->reason = choose_reason(self, c, reply, &e);
    gboolean doubted = is_doubted(self, c, reply, text, &recipient->reason);
    if (!recipient->status_is_told)
        set_inferred_status(recipient);
    recipient->kind = kind_for(c, recipient, doubted);
    notice->kind = MAX(notice->kind, recipient->kind);
}

/* ---- who ---- */

static const ReportTextEntry *entry_for(const Failure *self, const DsnRecipient *from)
{
    const ReportTextEntry *entry =
        from->address ? report_text_find(self->report, from->address) : NULL;
    if (!entry && from->original)
        entry = report_text_find(self->report, from->original);
    if (!entry && self->dsn->len == 1 && self->report->entries->len == 1)
        entry = self->report->entries->pdata[0];
    return entry;
}

/* An address where the machine-readable part has none: a file or a program. */
static char *other_address(const Failure *self)
{
    const char *failed = evidence_header(self->signs, "x-failed-recipients");
    if (failed && strchr(failed, '@'))
        return scan_address_dup(failed);
    if (self->report->entries->len == 1)
        return g_strdup(((ReportTextEntry *)self->report->entries->pdata[0])->address);
    return NULL;
}

static void read_dsn(const Failure *self, InboundReport *notice)
{
    for (guint i = 0; i < self->dsn->len; i++) {
        const DsnRecipient *from = self->dsn->pdata[i];
        const ReportTextEntry *entry = entry_for(self, from);
        g_autofree char *other = from->address ? NULL : other_address(self);
        Case c = {.address = from->address ? from->address
                             : other       ? other
                                           : "",
                  .original = from->original,
                  .status = from->status,
                  .diagnostic = from->diagnostic,
                  .remote = from->remote,
                  .words = entry ? entry->text : "",
                  .apart = entry && entry->apart,
                  .action = from->action,
                  .expired = from->expired,
                  .is_smtp = g_str_equal(from->diagnostic_type, "smtp"),
                  .is_foreign =
                      *from->diagnostic_type && !g_str_equal(from->diagnostic_type, "smtp"),
                  .unix_program = g_str_equal(from->diagnostic_type, "x-unix")};
        read_case(self, &c, notice);
    }
}

static void read_entry(const Failure *self, InboundReport *notice, const char *address,
                       const char *words, gboolean apart, const char *original)
{
    Case c = {.address = address,
              .original = original,
              .status = "",
              .diagnostic = words,
              .remote = "",
              .words = "",
              .is_prose = TRUE,
              .apart = apart};
    if (!*words || self->report->entries->len <= 1) /* the reason may stand above the address */
        c.words = self->report->words;
    read_case(self, &c, notice);
}

/* "X-Failed-Recipients: a, b" (Exim, Google) is surer than any text that is no list. */
static gboolean read_failed_header(const Failure *self, InboundReport *notice)
{
    const char *value = evidence_header(self->signs, "x-failed-recipients");
    g_autofree char *decoded = NULL;
    if (value && strstr(value, "=?")) /* an address beyond ASCII */
        value = decoded = g_strdup(reader_header(self->signs->reader, "X-Failed-Recipients"));
    const char *start, *end;
    guint count = 0, listed = 0;
    for (const char *at = value; at && scan_address(at, &start, &end); at = end, count++) {
        g_autofree char *address = g_strndup(start, end - start);
        listed += report_text_find(self->report, address) != NULL;
    }
    if (self->report->listed && listed < count) /* it names an alias, or was cut */
        return FALSE;
    for (const char *at = value; at && scan_address(at, &start, &end); at = end) {
        g_autofree char *address = g_strndup(start, end - start);
        const ReportTextEntry *entry = report_text_find(self->report, address);
        read_entry(self, notice, address,
                   entry && *entry->text ? entry->text
                   : count == 1          ? self->report->words
                                         : "",
                   entry && entry->apart, entry ? entry->original : NULL);
    }
    return count > 0;
}

/* A system that calls its own users by their names alone: one such name on a line of its own, made an
 * address of the reporter's domain. NULL unless there is just one. */
static char *local_name(const Failure *self)
{
    const char *domain = strchr(self->signs->from, '@');
    char *found = NULL;
    guint count = 0;
    for (const char *at = self->report->words; domain && *at;) {
        gsize length = line_length(at), blank = strspn(at, " \t<"), n = 0;
        const char *name = at + blank;
        while (name < at + length &&
               (g_ascii_isalnum(name[n]) || (name[n] && strchr("._-", name[n]))))
            n++;
        const char *rest = name + n + strspn(name + n, " \t>");
        if (blank && blank < length && n > 1 && rest >= at + length && count++ == 0)
            found = g_strdup_printf("%.*s%s", (int)n, name, domain);
        at += length + (at[length] == '\n');
    }
    if (count > 1)
        g_clear_pointer(&found, g_free);
    return found;
}

static void read_letter_recipient(const Failure *self, InboundReport *notice)
{
    static const char *const NAMES[] = {
        "X-Failed-Recipients", "Original-Recipient", "X-Envelope-To", "Delivered-To", "To", NULL};
    const char *heads[] = {self->signs->letter_head, self->letter, self->report->words};
    g_autofree char *address = NULL;
    for (gsize h = 0; h < G_N_ELEMENTS(heads) && !address; h++)
        for (const char *const *name = NAMES; *name && heads[h] && !address; name++) {
            g_autofree char *value = headers_value(heads[h], *name);
            address = scan_address_dup(value);
        }
    if (!address)
        address = local_name(self);
    read_entry(self, notice, address ? address : "", "", FALSE, NULL);
}

void failure_read(const Failure *self, InboundReport *notice)
{
    notice->system = self->format ? self->format->system : "";
    if (self->dsn->len) {
        read_dsn(self, notice);
        return;
    }
    if (read_failed_header(self, notice))
        return;
    for (guint i = 0; i < self->report->entries->len; i++) {
        const ReportTextEntry *entry = self->report->entries->pdata[i];
        read_entry(self, notice, entry->address, entry->text, entry->apart, entry->original);
    }
    if (!self->report->entries->len)
        read_letter_recipient(self, notice);
}
