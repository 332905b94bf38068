/* sesnotice - what Amazon SES says of a letter in JSON, as its notification service mails it */
#include "evidence/sesnotice.h"

#include <string.h>

/* The string that begins behind the quote at `at`, unescaped, on one line; `end` behind it. NULL for
 * one that doesn't end. */
static char *read_string(const char *at, const char **end)
{
    GString *out = g_string_new(NULL);
    for (at++; *at && *at != '"'; at++) {
        char c = *at;
        if (c == '\\' && at[1]) {
            c = *++at;
            c = strchr("nrt", c) ? ' ' : c;
        }
        if (out->len < SESNOTICE_VALUE_MAX)
            g_string_append_c(out, (guchar)c < ' ' ? ' ' : c);
    }
    *end = *at ? at + 1 : at;
    return g_string_free(out, !*at);
}

/* The place of a key's value between `at` and `end`, or NULL. */
static const char *find_value(const char *at, const char *end, const char *key)
{
    g_autofree char *quoted = g_strdup_printf("\"%s\"", key);
    const char *found = g_strstr_len(at, end - at, quoted);
    if (!found)
        return NULL;
    found += strlen(quoted);
    found += strspn(found, " \t\n");
    return found < end && *found == ':' ? found + 1 + strspn(found + 1, " \t\n") : NULL;
}

static char *find_text(const char *at, const char *end, const char *key)
{
    const char *value = find_value(at, end, key), *after;
    return value && *value == '"' ? read_string(value, &after) : NULL;
}

/* SNS may wrap the notification as a string into an envelope of its own. */
static char *unwrap(const char *words)
{
    const char *value = find_value(words, words + strlen(words), "Message");
    if (!value || *value != '"')
        return g_strdup(words);
    GString *out = g_string_new(NULL);
    for (value++; *value && *value != '"'; value++) {
        if (*value == '\\' && value[1])
            value++;
        g_string_append_c(out, *value);
    }
    return g_string_free(out, FALSE);
}

static void add_field(GString *out, const char *name, const char *type, const char *value)
{
    if (value && *value)
        g_string_append_printf(out, "%s: %s%s\n", name, type, value);
}

static void add_recipient(GString *out, const char *at, const char *end, gboolean complaint,
                          const char *action)
{
    g_autofree char *address = find_text(at, end, "emailAddress");
    g_autofree char *told = find_text(at, end, "action"), *status = find_text(at, end, "status");
    g_autofree char *diagnostic = find_text(at, end, "diagnosticCode");
    if (!address)
        return;
    if (complaint) {
        add_field(out, "Original-Rcpt-To", "", address);
        return;
    }
    add_field(out, "Final-Recipient", "rfc822; ", address);
    add_field(out, "Action", "", told ? told : action);
    add_field(out, "Status", "", status);
    add_field(out, "Diagnostic-Code", "", diagnostic);
    g_string_append_c(out, '\n');
}

/* The bracket that closes the one at `open`, whatever strings between them hold; NULL if none does. */
static const char *close_of(const char *open)
{
    guint depth = 0;
    for (const char *at = open; *at; at++) {
        if (*at == '"') {
            for (at++; *at && *at != '"'; at++)
                at += *at == '\\' && at[1];
            if (!*at)
                return NULL;
        } else if (*at == '{' || *at == '[') {
            depth++;
        } else if ((*at == '}' || *at == ']') && --depth == 0) {
            return at;
        }
    }
    return NULL;
}

/* Each object of the list that a key holds. */
static void add_recipients(GString *out, const char *text, const char *key, gboolean complaint,
                           const char *action)
{
    const char *at = find_value(text, text + strlen(text), key);
    const char *stop = at && *at == '[' ? close_of(at) : NULL;
    for (guint n = 0; stop && n < SESNOTICE_RECIPIENTS_MAX; n++) {
        const char *open = memchr(at, '{', stop - at), *close = open ? close_of(open) : NULL;
        if (!close)
            break;
        add_recipient(out, open, close, complaint, action);
        at = close + 1;
    }
}

/* What is told of the letter; its headers stand in a list of names and values where they are on. */
static char *letter_head(const char *text)
{
    const char *end = text + strlen(text);
    g_autofree char *source = find_text(text, end, "source");
    GString *out = g_string_new(NULL);
    if (source)
        g_string_append_printf(out, "Return-Path: <%s>\n", source);
    static const char *const NAMES[] = {"X-Circular-Delivery", "Message-ID", NULL};
    for (const char *const *name = NAMES; *name; name++) {
        g_autofree char *quoted = g_strdup_printf("\"%s\"", *name);
        const char *at = strstr(text, quoted);
        g_autofree char *value = at ? find_text(at, end, "value") : NULL;
        add_field(out, *name, "", value);
    }
    return g_string_free(out, FALSE);
}

SesNotice *sesnotice_read(const char *words)
{
    if (!strstr(words, "edRecipients") && !strstr(words, "\"Delivery\""))
        return NULL;
    g_autofree char *text = unwrap(words);
    const char *end = text + strlen(text);
    g_autofree char *type = find_text(text, end, "notificationType");
    if (!type)
        type = find_text(text, end, "eventType");
    if (!type || !find_value(text, end, "mail"))
        return NULL;
    g_autoptr(GString) fields = g_string_new(NULL);
    gboolean is_complaint = g_str_equal(type, "Complaint");
    if (is_complaint) {
        g_autofree char *feedback = find_text(text, end, "complaintFeedbackType");
        add_field(fields, "Feedback-Type", "", feedback ? feedback : "abuse");
        add_recipients(fields, text, "complainedRecipients", TRUE, "");
    } else if (g_str_equal(type, "Bounce")) {
        add_recipients(fields, text, "bouncedRecipients", FALSE, "failed");
    } else if (g_str_equal(type, "DeliveryDelay")) {
        add_recipients(fields, text, "delayedRecipients", FALSE, "delayed");
    }
    if (!fields->len)
        return NULL;
    SesNotice *self = g_new0(SesNotice, 1);
    self->fields = g_strdup(fields->str);
    self->letter_head = letter_head(text);
    self->is_complaint = is_complaint;
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
