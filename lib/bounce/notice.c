/* notice - what a message that came back says */
#include "bounce/notice.h"

static void recipient_free(gpointer data)
{
    NoticeRecipient *recipient = data;
    g_free(recipient->address);
    g_free(recipient->original);
    g_free(recipient->diagnostic);
    g_free(recipient);
}

Notice *notice_new(void)
{
    Notice *self = g_new0(Notice, 1);
    self->recipients = g_ptr_array_new_with_free_func(recipient_free);
    self->sent_to = g_ptr_array_new_with_free_func(g_free);
    self->system = "";
    return self;
}

void notice_free(Notice *self)
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
    g_free(self);
}

NoticeRecipient *notice_add(Notice *self, NoticeKind kind, char *address)
{
    if (self->recipients->len >= NOTICE_RECIPIENTS_MAX) {
        g_free(address);
        return NULL;
    }
    NoticeRecipient *recipient = g_new0(NoticeRecipient, 1);
    recipient->kind = kind;
    recipient->address = address ? address : g_strdup("");
    recipient->diagnostic = g_strdup("");
    g_ptr_array_add(self->recipients, recipient);
    self->kind = MAX(self->kind, kind);
    return recipient;
}

const char *notice_kind_name(NoticeKind kind)
{
    switch (kind) {
    case NOTICE_NONE:
        return "none";
    case NOTICE_AUTO_REPLY:
    case NOTICE_CHALLENGE:
        return "auto-reply";
    case NOTICE_RECEIPT:
        return "receipt";
    case NOTICE_CALENDAR:
        return "calendar";
    case NOTICE_DELIVERED:
        return "success";
    case NOTICE_COMPLAINT:
        return "complaint";
    case NOTICE_DELAYED:
    case NOTICE_SOFT:
        return "bounce-soft";
    case NOTICE_HARD:
        return "bounce-hard";
    }
    g_assert_not_reached();
}

const char *notice_action_name(NoticeAction action)
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
