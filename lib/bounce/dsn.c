/* dsn - delivery status notifications (RFC 3464, and RFC 6533 for UTF-8 addresses) */
#include "bounce/dsn.h"

#include <string.h>

#include "evidence/fields.h"

/* What one per-recipient group says, before it is understood. */
typedef struct {
    const char *final, *original, *actual, *action, *status, *diagnostic, *more, *remote;
    guint group;
} Raw;

static void recipient_free(gpointer data)
{
    DsnRecipient *self = data;
    g_free(self->address);
    g_free(self->original);
    g_free(self->status_comment);
    g_free(self->diagnostic);
    g_free(self->diagnostic_type);
    g_free(self->remote);
    g_free(self);
}

static const struct {
    const char *word;
    InboundAction action;
} ACTIONS[] = {
    {"failed", ACTION_FAILED},         {"failure", ACTION_FAILED},  {"expired", ACTION_FAILED},
    {"undeliverable", ACTION_FAILED},  {"delayed", ACTION_DELAYED}, {"delivered", ACTION_DELIVERED},
    {"deliverable", ACTION_DELIVERED}, {"relayed", ACTION_RELAYED}, {"expanded", ACTION_EXPANDED},
};

static InboundAction read_action(const char *value)
{
    for (gsize i = 0; value && i < G_N_ELEMENTS(ACTIONS); i++)
        if (g_ascii_strncasecmp(value, ACTIONS[i].word, strlen(ACTIONS[i].word)) == 0)
            return ACTIONS[i].action;
    return ACTION_NONE;
}

static void read_status(DsnRecipient *self, const char *value)
{
    self->status_comment = g_strdup("");
    if (!value || !scan_status(value, TRUE, self->status))
        return;
    const char *comment = strchr(value, '(');
    if (comment) {
        g_free(self->status_comment);
        self->status_comment = g_strdup(comment);
    }
}

/* The diagnostic, and Exchange's supplement if that is all there is. */
static void read_diagnostic(DsnRecipient *self, const Raw *raw)
{
    const char *value = raw->diagnostic && *raw->diagnostic ? raw->diagnostic : raw->more;
    const char *semicolon = value ? strchr(value, ';') : NULL;
    self->diagnostic_type = g_strdup("");
    if (semicolon && (gsize)(semicolon - value) < 30 && !memchr(value, ' ', semicolon - value)) {
        g_free(self->diagnostic_type);
        self->diagnostic_type = g_ascii_strdown(value, semicolon - value);
        value = semicolon + 1;
    }
    self->diagnostic = value ? g_strstrip(g_strdup(value)) : g_strdup("");
    if (!*self->diagnostic && self->status_comment) {
        g_free(self->diagnostic);
        self->diagnostic = g_strdup(self->status_comment);
    }
}

/* RFC 6533 section 3 writes what ASCII can't hold as "\x{5C0F}". */
static char *read_utf8_escapes(const char *text)
{
    GString *out = g_string_new(NULL);
    while (*text) {
        char *end = NULL;
        gunichar c = strncmp(text, "\\x{", 3) == 0 && g_ascii_isxdigit(text[3])
                         ? (gunichar)g_ascii_strtoull(text + 3, &end, 16)
                         : 0;
        if (c && end && *end == '}' && g_unichar_validate(c)) {
            g_string_append_unichar(out, c);
            text = end + 1;
        } else {
            g_string_append_c(out, *text++);
        }
    }
    return g_string_free(out, FALSE);
}

/* The address of a field "type; address", or NULL. */
static char *read_address(const char *value)
{
    if (value && field_has_type(value, "utf-8")) {
        g_autofree char *plain = read_utf8_escapes(field_typed(value));
        return scan_address_dup(plain);
    }
    return value ? scan_address_dup(field_typed(value)) : NULL;
}

static DsnRecipient *understand(const Raw *raw, const char *reporter)
{
    DsnRecipient *self = g_new0(DsnRecipient, 1);
    self->address = read_address(raw->final);
    self->original = read_address(raw->original);
    if (!self->address && raw->actual)
        self->address = scan_address_dup(field_typed(raw->actual));
    if (!self->address)
        self->address = g_strdup(self->original);
    self->action = read_action(raw->action);
    self->expired = raw->action && g_ascii_strncasecmp(raw->action, "expired", 7) == 0;
    read_status(self, raw->status);
    read_diagnostic(self, raw);
    self->remote = g_strjoin(" ", raw->remote ? field_typed(raw->remote) : "",
                             reporter ? reporter : "", self->diagnostic_type, NULL);
    return self;
}

static gboolean names_recipient(const Raw *raw)
{
    return raw->final || raw->original;
}

static gboolean says_outcome(const Raw *raw)
{
    return raw->action || raw->status || raw->diagnostic;
}

static const char **slot(Raw *raw, const char *name)
{
    const struct {
        const char *name;
        const char **value;
    } slots[] = {
        {"final-recipient", &raw->final},
        {"original-recipient", &raw->original},
        {"x-actual-recipient", &raw->actual},
        {"action", &raw->action},
        {"status", &raw->status},
        {"diagnostic-code", &raw->diagnostic},
        {"x-supplementary-info", &raw->more},
        {"remote-mta", &raw->remote},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(slots); i++)
        if (g_str_equal(slots[i].name, name))
            return slots[i].value;
    return NULL;
}

/* Whether the group that fields[index] begins names a recipient. One that doesn't was torn off the
 * group before it. */
static gboolean group_names(const GPtrArray *fields, guint index)
{
    guint group = ((Field *)fields->pdata[index])->group;
    for (; index < fields->len; index++) {
        const Field *field = fields->pdata[index];
        if (field->group != group)
            return FALSE;
        if (g_str_equal(field->name, "final-recipient") ||
            g_str_equal(field->name, "original-recipient"))
            return TRUE;
    }
    return FALSE;
}

/* Whether a field begins the next recipient: a blank line came before it and this one is complete,
 * or it repeats the name that this one has. `value` is the field's place in `raw`. */
static gboolean begins_next(const Raw *raw, const GPtrArray *fields, guint index,
                            const char **value)
{
    const Field *field = fields->pdata[index];
    if (field->group != raw->group && names_recipient(raw) && says_outcome(raw))
        return group_names(fields, index);
    return *value && **value &&
           (value == (const char **)&raw->final || value == (const char **)&raw->original);
}

static void finish(GPtrArray *recipients, Raw *raw, const char *reporter)
{
    if (names_recipient(raw) && recipients->len < INBOUND_RECIPIENTS_MAX)
        g_ptr_array_add(recipients, understand(raw, reporter));
    memset(raw, 0, sizeof *raw);
}

GPtrArray *dsn_read(const char *text)
{
    GPtrArray *recipients = g_ptr_array_new_with_free_func(recipient_free);
    g_autoptr(GPtrArray) fields = fields_read(text);
    const char *reporter = NULL;
    Raw raw = {0};
    for (guint i = 0; i < fields->len; i++) {
        const Field *field = fields->pdata[i];
        if (g_str_equal(field->name, "reporting-mta") && !reporter)
            reporter = field_typed(field->value);
        const char **value = slot(&raw, field->name);
        if (!value)
            continue;
        if (begins_next(&raw, fields, i, value))
            finish(recipients, &raw, reporter);
        raw.group = field->group;
        if (!*value || !**value)
            *value = field->value;
    }
    finish(recipients, &raw, reporter);
    return recipients;
}
