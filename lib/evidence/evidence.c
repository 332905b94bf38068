/* evidence - what of a message speaks for a machine having written it */
#include "evidence/evidence.h"

#include <string.h>

#include "evidence/fields.h"
#include "evidence/returned.h"
#include "reason/scan.h"
#include "evidence/tagged.h"

const char *evidence_header(const Evidence *self, const char *name)
{
    for (guint i = 0; i < self->fields->len; i++) {
        const Field *field = self->fields->pdata[i];
        if (g_str_equal(field->name, name))
            return field->value;
    }
    return NULL;
}

gboolean evidence_says_machine(const Evidence *self)
{
    const char *submitted = evidence_header(self, "auto-submitted");
    return submitted && g_ascii_strncasecmp(submitted, "no", 2) != 0;
}

static const char *const SYSTEM_LOCALS[] = {
    "mailer-daemon", "mailerdaemon", "mailer_daemon", "mail-daemon", "maildaemon", "mail_daemon",
    "postmaster",    "post_master",  "postmast",      "poostmaster", "mdaemon",    "bounce-daemon",
    "daemon",        "mailsystem",   "mail-system",   NULL,
};

static const char *const SYSTEM_NAMES[] = {
    "mailer-daemon",
    "mail delivery",
    "mailer daemon",
    "mail administrator",
    "system administrator",
    "mail system",
    "postmaster",
    "delivery subsystem",
    "microsoft outlook",
    "mail router",
    NULL,
};

static gboolean is_system_sender(const char *from, const char *from_folded)
{
    gsize local = strcspn(from, "@");
    if (!*from_folded || g_str_equal(from_folded, "<>"))
        return TRUE;
    for (const char *const *name = SYSTEM_LOCALS; *name; name++)
        if (strlen(*name) == local && g_ascii_strncasecmp(from, *name, local) == 0)
            return TRUE;
    return folded_has(from_folded, SYSTEM_NAMES);
}

static gboolean is_null_path(const Evidence *self)
{
    const char *path = evidence_header(self, "return-path");
    if (!path)
        path = evidence_header(self, "x-envelope-from");
    if (!path)
        return FALSE;
    return !*path || g_str_has_prefix(path, "<>") ||
           g_ascii_strncasecmp(path, "<mailer-daemon", 14) == 0;
}

/* An address that nobody reads, as notification services write from. */
static gboolean is_unattended(const char *from)
{
    static const char *const LOCALS[] = {"no-reply", "noreply", "donotreply", "do-not-reply", NULL};
    for (const char *const *local = LOCALS; *local; local++)
        if (g_ascii_strncasecmp(from, *local, strlen(*local)) == 0)
            return TRUE;
    return FALSE;
}

/* What a person encloses in a letter with words of their own is that letter's matter: they ask about
 * it. Forwarded without a word it is still the service's. */
static SesNotice *find_ses(const Evidence *self)
{
    gboolean is_machine = self->null_path || self->system_sender || evidence_says_machine(self) ||
                          (is_unattended(self->from) && !self->is_reply);
    return is_machine || sesnotice_is_alone(self->words) ? sesnotice_read(self->words) : NULL;
}

static gboolean is_blank(const GString *text)
{
    return strspn(text->str, " \t\n") == text->len;
}

/* The message's own words: every plain text before the letter; else every HTML text; else, where
 * the structure is broken, the body as it came. */
static char *gather_words(Reader *reader)
{
    GString *plain = g_string_new(NULL), *html = g_string_new(NULL);
    for (guint i = 0; i < reader_parts(reader); i++) {
        const ReaderPart *part = reader_part(reader, i);
        if (g_str_equal(part->type, "text/plain"))
            g_string_append_printf(plain, "%s\n", reader_text(reader, i));
        else if (g_str_equal(part->type, "text/html") && is_blank(plain))
            g_string_append_printf(html, "%s\n", reader_text(reader, i));
    }
    if (is_blank(plain) && html->len)
        g_string_assign(plain, html->str);
    if (is_blank(plain))
        g_string_assign(plain, reader_raw_body(reader));
    g_string_free(html, TRUE);
    return g_string_free(plain, FALSE);
}

static gboolean is_letter_part(const char *type)
{
    return g_str_equal(type, "message/rfc822") || g_str_equal(type, "text/rfc822-headers") ||
           g_str_equal(type, "message/global") || g_str_equal(type, "message/global-headers") ||
           g_str_equal(type, "message/rfc822-headers") || g_str_equal(type, "text/rfc822-header") ||
           g_str_equal(type, "text/rfc822");
}

static void find_parts(Evidence *self)
{
    for (guint i = 0; i < reader_parts(self->reader); i++) {
        const ReaderPart *part = reader_part(self->reader, i);
        if ((g_str_equal(part->type, "message/delivery-status") ||
             g_str_equal(part->type, "message/global-delivery-status") ||
             g_str_equal(part->type, "text/delivery-status")) &&
            self->status_part < 0)
            self->status_part = (int)i;
        else if (g_str_equal(part->type, "message/disposition-notification") &&
                 self->disposition_part < 0)
            self->disposition_part = (int)i;
        else if (g_str_equal(part->type, "message/feedback-report") && self->feedback_part < 0)
            self->feedback_part = (int)i;
        else if (is_letter_part(part->type) && !self->letter_head)
            self->letter_head = letter_head(reader_text(self->reader, i));
    }
}

Evidence *evidence_new(Reader *reader)
{
    Evidence *self = g_new0(Evidence, 1);
    self->reader = reader;
    self->status_part = self->feedback_part = self->disposition_part = -1;
    self->fields = fields_read(reader_headers(reader));
    const char *from = reader_header(reader, "From"), *subject = reader_header(reader, "Subject");
    self->from = scan_address_dup(from ? from : "");
    if (!self->from)
        self->from = g_strdup("");
    self->from_folded = scan_fold(from ? from : "", from ? strlen(from) : 0);
    self->subject = g_strdup(subject ? subject : "");
    self->subject_folded = scan_fold(self->subject, strlen(self->subject));
    self->words = gather_words(reader);
    self->words_folded = scan_fold(self->words, strlen(self->words));
    subject_init(&self->words_subject, self->words_folded);
    subject_init(&self->subject_subject, self->subject_folded);
    find_parts(self);
    self->null_path = is_null_path(self);
    self->system_sender = is_system_sender(self->from, self->from_folded);
    self->daemon_sender = self->system_sender && strstr(self->from_folded, "daemon");
    self->is_reply = tagged_is_reply(self->subject_folded);
    self->ses = find_ses(self);
    if (self->ses && !self->letter_head)
        self->letter_head = g_strdup(self->ses->letter_head);
    self->failure_subject = subject_has_any(&self->subject_subject, FAILURE_SUBJECTS);
    self->failure_words = subject_has_any(&self->words_subject, FAILURE_PHRASES);
    self->delay = subject_has_any(&self->words_subject, DELAY_PHRASES);
    return self;
}

void evidence_free(Evidence *self)
{
    if (!self)
        return;
    g_ptr_array_unref(self->fields);
    g_free(self->from);
    g_free(self->from_folded);
    g_free(self->subject);
    g_free(self->subject_folded);
    g_free(self->words);
    g_free(self->words_folded);
    g_free(self->letter_head);
    sesnotice_free(self->ses);
    g_free(self);
}
