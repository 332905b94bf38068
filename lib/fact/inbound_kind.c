/* inbound_kind - what comes back, and what was done about it, as facts */
#include "fact/inbound_kind.h"

static const struct {
    const char *name, *class;
} KINDS[INBOUND_KINDS] = {
    [INBOUND_NONE] = {"reply", "none"},
    [INBOUND_UNSUBSCRIBE] = {"unsubscribe", "none"},
    [INBOUND_AUTO_REPLY] = {"auto-reply", "auto-reply"},
    [INBOUND_CHALLENGE] = {"challenge", "auto-reply"},
    [INBOUND_RECEIPT] = {"receipt", "receipt"},
    [INBOUND_CALENDAR] = {"calendar", "calendar"},
    [INBOUND_DELIVERED] = {"delivered", "success"},
    [INBOUND_COMPLAINT] = {"complaint", "complaint"},
    [INBOUND_DELAYED] = {"delayed", "bounce-soft"},
    [INBOUND_SOFT] = {"bounce-soft", "bounce-soft"},
    [INBOUND_HARD] = {"bounce-hard", "bounce-hard"},
};

const char *inbound_kind_name(InboundKind kind)
{
    g_assert(kind < INBOUND_KINDS);
    return KINDS[kind].name;
}

const char *inbound_kind_class(InboundKind kind)
{
    g_assert(kind < INBOUND_KINDS);
    return KINDS[kind].class;
}

InboundKind inbound_kind_from_name(const char *name)
{
    for (int i = 0; i < INBOUND_KINDS; i++)
        if (g_str_equal(KINDS[i].name, name))
            return (InboundKind)i;
    return INBOUND_NONE;
}

gboolean inbound_kind_is_failure(InboundKind kind)
{
    return kind == INBOUND_DELAYED || kind == INBOUND_SOFT || kind == INBOUND_HARD;
}

static const char *const DONE[INBOUND_DONE_KINDS] = {
    [INBOUND_RECORDED] = "recorded",     [INBOUND_REVIEW] = "review",
    [INBOUND_BOUNCED] = "bounced",       [INBOUND_COMPLAINED] = "complained",
    [INBOUND_SUPPRESSED] = "suppressed", [INBOUND_UNSUBSCRIBED] = "unsubscribed",
};

const char *inbound_done_name(InboundDone done)
{
    g_assert(done < INBOUND_DONE_KINDS);
    return DONE[done];
}

InboundDone inbound_done_from_name(const char *name)
{
    for (int i = 0; i < INBOUND_DONE_KINDS; i++)
        if (g_str_equal(DONE[i], name))
            return (InboundDone)i;
    return INBOUND_RECORDED;
}
