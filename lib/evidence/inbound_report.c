/* inbound_report - what a message that came back says */
#include "evidence/inbound_report.h"

static void recipient_free(gpointer data)
{
    InboundRecipient *recipient = data;
    g_free(recipient->address);
    g_free(recipient->original);
    g_free(recipient->diagnostic);
    g_free(recipient);
}

InboundReport *inbound_report_new(void)
{
    InboundReport *self = g_new0(InboundReport, 1);
    self->recipients = g_ptr_array_new_with_free_func(recipient_free);
    self->sent_to = g_ptr_array_new_with_free_func(g_free);
    self->system = "";
    return self;
}

void inbound_report_free(InboundReport *self)
{
    if (!self)
        return;
    g_ptr_array_unref(self->recipients);
    g_ptr_array_unref(self->sent_to);
    g_free(self->from);
    g_free(self->subject);
    g_free(self->text);
    g_free(self->successor);
    g_free(self->successor_name);
    g_free(self->feedback_type);
    g_free(self->original_message_id);
    g_free(self->original_delivery);
    g_free(self->original_sender);
    g_free(self->original_envelope);
    g_free(self);
}

InboundRecipient *inbound_report_add(InboundReport *self, InboundKind kind, char *address)
{
    if (self->recipients->len >= INBOUND_RECIPIENTS_MAX) {
        g_free(address);
        return NULL;
    }
    InboundRecipient *recipient = g_new0(InboundRecipient, 1);
    recipient->kind = kind;
    recipient->address = address ? address : g_strdup("");
    recipient->diagnostic = g_strdup("");
    g_ptr_array_add(self->recipients, recipient);
    self->kind = MAX(self->kind, kind);
    return recipient;
}

const char *inbound_action_name(InboundAction action)
{
    switch (action) {
    case ACTION_NONE:
        return "";
    case ACTION_DELIVERED:
        return "delivered";
    case ACTION_RELAYED:
        return "relayed";
    case ACTION_EXPANDED:
        return "expanded";
    case ACTION_DELAYED:
        return "delayed";
    case ACTION_FAILED:
        return "failed";
    }
    g_assert_not_reached();
}
