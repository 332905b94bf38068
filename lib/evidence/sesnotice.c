/* sesnotice - what Amazon SES says of a letter in JSON, as its notification service mails it */
#include "evidence/sesnotice.h"

#include <string.h>

#include "text/jsontext.h"
#include "reason/scan.h"

/* The object that stands in a text, which may go on behind it ("If you wish to stop receiving
 * notifications ..."). Line ends within strings are the mail's: JSON has none. */
static JsonObject *find_object(const char *text)
{
    const char *at = strchr(text, '{');
    if (!at)
        return NULL;
    gsize length = jsontext_extent(at);
    g_autofree char *bytes = g_strndup(at, length);
    for (char *byte = bytes; *byte; byte++)
        if ((guchar)*byte < ' ')
            *byte = ' ';
    return jsontext_parse(bytes, length, SESNOTICE_DEPTH_MAX);
}

/* The notification, which SNS may wrap as a string into an envelope of its own. */
static JsonObject *find_notice(const char *words)
{
    g_autoptr(JsonObject) outer = find_object(words);
    const char *wrapped = jsontext_string(outer, "Message");
    return wrapped ? find_object(wrapped) : g_steal_pointer(&outer);
}

static void add_field(GString *out, const char *name, const char *type, const char *value)
{
    if (!value || !*value)
        return;
    g_autofree char *part = g_strndup(value, SESNOTICE_VALUE_MAX);
    g_autofree char *line = g_utf8_make_valid(part, -1);
    for (char *byte = line; *byte; byte++)
        if ((guchar)*byte < ' ')
            *byte = ' ';
    g_string_append_printf(out, "%s: %s%s\n", name, type, line);
}

static void add_recipient(GString *out, JsonObject *recipient, gboolean complaint,
                          const char *action)
{
    const char *address = jsontext_string(recipient, "emailAddress");
    const char *told = jsontext_string(recipient, "action");
    if (!address || !*address)
        return;
    if (complaint) {
        add_field(out, "Original-Rcpt-To", "", address);
        return;
    }
    add_field(out, "Final-Recipient", "rfc822; ", address);
    add_field(out, "Action", "", told ? told : action);
    add_field(out, "Status", "", jsontext_string(recipient, "status"));
    add_field(out, "Diagnostic-Code", "", jsontext_string(recipient, "diagnosticCode"));
    g_string_append_c(out, '\n');
}

static void add_recipients(GString *out, JsonArray *list, gboolean complaint, const char *action)
{
    guint count = list ? MIN(json_array_get_length(list), SESNOTICE_RECIPIENTS_MAX) : 0;
    for (guint i = 0; i < count; i++)
        add_recipient(out, jsontext_element(list, i), complaint, action);
}

/* What is told of the letter; its headers stand in a list of names and values where they are on. */
static char *letter_head(JsonObject *mail)
{
    static const char *const NAMES[] = {"X-Circular-Delivery", "Message-ID"};
    GString *out = g_string_new(NULL);
    JsonArray *headers = jsontext_list(mail, "headers");
    const char *source = jsontext_string(mail, "source");
    g_autofree char *path = source ? g_strdup_printf("<%s>", source) : NULL;
    add_field(out, "Return-Path", "", path);
    for (guint i = 0; headers && i < json_array_get_length(headers); i++) {
        JsonObject *header = jsontext_element(headers, i);
        const char *name = jsontext_string(header, "name");
        for (guint n = 0; name && n < G_N_ELEMENTS(NAMES); n++)
            if (g_ascii_strcasecmp(name, NAMES[n]) == 0)
                add_field(out, NAMES[n], "", jsontext_string(header, "value"));
    }
    return g_string_free(out, FALSE);
}

/* The groups of fields; of a feedback report for a complaint. */
static void add_groups(GString *out, JsonObject *notice, const char *type)
{
    JsonObject *bounce = jsontext_object(notice, "bounce");
    JsonObject *delay = jsontext_object(notice, "deliveryDelay");
    JsonObject *complaint = jsontext_object(notice, "complaint");
    const char *feedback = jsontext_string(complaint, "complaintFeedbackType");
    if (g_str_equal(type, "Complaint")) {
        add_field(out, "Feedback-Type", "", feedback ? feedback : "abuse");
        add_recipients(out, jsontext_list(complaint, "complainedRecipients"), TRUE, "");
    } else if (g_str_equal(type, "Bounce")) {
        add_recipients(out, jsontext_list(bounce, "bouncedRecipients"), FALSE, "failed");
    } else if (g_str_equal(type, "DeliveryDelay")) {
        add_recipients(out, jsontext_list(delay, "delayedRecipients"), FALSE, "delayed");
    }
}

/* What the header block of a forwarded message begins its lines with, in the languages of the lists. */
static const char *const FORWARDED[] = {
    "from:",    "sent:",      "date:",     "to:",        "cc:",
    "subject:", "reply-to:",  "von:",      "gesendet:",  "an:",
    "betreff:", "datum:",     "de:",       "envoyé:",    "envoyé :",
    "de :",     "à:",         "à :",       "objet:",     "objet :",
    "date :",   "oddi wrth:", "anfonwyd:", "at:",        "pwnc:",
    "dyddiad:", "da:",        "inviato:",  "a:",         "oggetto:",
    "enviado:", "para:",      "asunto:",   "fecha:",     "begin forwarded message",
    "van:",     "verzonden:", "aan:",      "onderwerp:", NULL,
};

/* "________", "---------- Forwarded message ---------". */
static gboolean is_ruled(const char *line)
{
    return g_str_has_prefix(line, "----") || g_str_has_prefix(line, "____");
}

gboolean sesnotice_is_alone(const char *words)
{
    const char *end = strchr(words, '{');
    if (!end)
        return FALSE;
    g_autofree char *before = g_strndup(words, (gsize)(end - words));
    g_auto(GStrv) lines = g_strsplit(before, "\n", -1);
    for (char **line = lines; *line; line++) {
        g_autofree char *folded = scan_fold(*line, strlen(*line));
        const char *text = folded + strspn(folded, "* ");
        gboolean known = !*text || is_ruled(text);
        for (const char *const *label = FORWARDED; *label && !known; label++)
            known = g_str_has_prefix(text, *label);
        if (!known)
            return FALSE;
    }
    return TRUE;
}

SesNotice *sesnotice_read(const char *words)
{
    if (!strstr(words, "edRecipients"))
        return NULL;
    g_autoptr(JsonObject) notice = find_notice(words);
    const char *type = jsontext_string(notice, "notificationType");
    if (!type)
        type = jsontext_string(notice, "eventType");
    JsonObject *mail = jsontext_object(notice, "mail");
    if (!type || !mail)
        return NULL;
    g_autoptr(GString) fields = g_string_new(NULL);
    add_groups(fields, notice, type);
    if (!fields->len)
        return NULL;
    SesNotice *self = g_new0(SesNotice, 1);
    self->fields = g_strdup(fields->str);
    self->letter_head = letter_head(mail);
    self->is_complaint = g_str_equal(type, "Complaint");
    return self;
}

void sesnotice_free(SesNotice *self)
{
    if (!self)
        return;
    g_free(self->fields);
    g_free(self->letter_head);
    g_free(self);
}
