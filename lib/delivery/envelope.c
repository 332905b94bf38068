/* envelope - an envelope as SMTP commands, and whether it can be one */
#include "delivery/envelope.h"

#include <string.h>

/* What can be put between < and > in a command without becoming anything else. */
static gboolean is_safe(const char *address)
{
    gsize length = strlen(address);
    for (const char *p = address; *p; p++)
        if ((guchar)*p <= ' ' || *p == 0x7f || *p == '<' || *p == '>')
            return FALSE;
    return length <= ENVELOPE_ADDRESS_MAX && g_utf8_validate(address, (gssize)length, NULL);
}

static gboolean needs_utf8(const Envelope *envelope)
{
    return envelope->is_utf8 || !g_str_is_ascii(envelope->sender) ||
           !g_str_is_ascii(envelope->recipient);
}

char *envelope_unfit(const Envelope *envelope, const Extensions *offered, const char **enhanced)
{
    *enhanced = "5.1.3";
    if (!*envelope->recipient || !is_safe(envelope->recipient))
        return g_strdup("not an address that can stand in a command");
    *enhanced = "5.1.7";
    if (!is_safe(envelope->sender))
        return g_strdup("not an envelope sender that can stand in a command");
    *enhanced = "5.6.0";
    if (!envelope->length)
        return g_strdup("the message is empty");
    *enhanced = "5.3.4";
    if (offered->size_max && envelope->length > offered->size_max)
        return g_strdup_printf("the message has %" G_GSIZE_FORMAT
                               " bytes and the server takes no more than %" G_GUINT64_FORMAT,
                               envelope->length, offered->size_max);
    *enhanced = "5.6.7";
    if (needs_utf8(envelope) && !offered->smtputf8)
        return g_strdup("an address isn't ASCII and the server doesn't offer SMTPUTF8");
    return NULL;
}

/* RFC 3461 section 4: what could end or change a parameter as "+" and two hexadecimal digits. */
static void append_xtext(GString *out, const char *text)
{
    for (; *text; text++)
        if ((guchar)*text > ' ' && (guchar)*text < 0x7f && *text != '+' && *text != '=')
            g_string_append_c(out, *text);
        else
            g_string_append_printf(out, "+%02X", (guchar)*text);
}

static gboolean asks_report(const Envelope *envelope, const Extensions *offered)
{
    return envelope->report && offered->dsn;
}

void envelope_mail(const Envelope *envelope, const Extensions *offered, GString *out)
{
    g_string_append_printf(out, "MAIL FROM:<%s>", envelope->sender);
    if (offered->size)
        g_string_append_printf(out, " SIZE=%" G_GSIZE_FORMAT, envelope->length);
    if (needs_utf8(envelope)) { /* RFC 6531 section 3.6: the headers may hold UTF-8, too */
        if (offered->eight_bit_mime)
            g_string_append(out, " BODY=8BITMIME");
        g_string_append(out, " SMTPUTF8");
    }
    if (asks_report(envelope, offered)) {
        g_string_append(out, " RET=HDRS ENVID=");
        append_xtext(out, envelope->report);
    }
}

void envelope_rcpt(const Envelope *envelope, const Extensions *offered, GString *out)
{
    g_string_append_printf(out, "RCPT TO:<%s>", envelope->recipient);
    if (!asks_report(envelope, offered))
        return;
    g_string_append(out, " NOTIFY=SUCCESS,FAILURE,DELAY");
    if (!g_str_is_ascii(envelope->recipient)) /* RFC 6533 has another form, which few know */
        return;
    g_string_append(out, " ORCPT=rfc822;");
    append_xtext(out, envelope->recipient);
}
