/* imaplink - one IMAP connection and its commands: libetpan between our stream and our errors */
#include "imap/imaplink.h"

#include <libetpan/libetpan_version.h>
#include <string.h>

#include "base/clock.h"

struct ImapLink {
    TlsStream *stream;
    mailimap *session;
    char *place;
    guint timeout;
    gint64 deadline;
};

mailimap *imaplink_session(ImapLink *self)
{
    return self->session;
}

TlsStream *imaplink_stream(ImapLink *self)
{
    return self->stream;
}

const char *imaplink_place(const ImapLink *self)
{
    return self->place;
}

void imaplink_begin(ImapLink *self, guint more)
{
    gint64 seconds = (gint64)self->timeout * INBOX_PATIENCE + more;
    self->deadline = clock_ticks() + seconds * G_USEC_PER_SEC;
    imaplink_allow(self, IMAPLINK_CHATTER);
}

void imaplink_allow(ImapLink *self, gsize budget)
{
    tlsstream_begin(self->stream, self->deadline, budget);
}

/* --- errors ------------------------------------------------------------------------------- */

gboolean imaplink_is_usable(const ImapLink *self, GError **error)
{
    return !tlsstream_fault(self->stream, error);
}

gboolean imaplink_break(ImapLink *self, CircularError kind, GError **error, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    tlsstream_fail(self->stream, kind, "%s", text);
    return !tlsstream_fault(self->stream, error);
}

char *imaplink_said(const ImapLink *self)
{
    const char *said = self->session->imap_response;
    if (!said || !*said)
        return g_strdup("");
    g_autofree char *shown = tlsstream_shown(self->stream, said);
    g_autofree char *valid = g_utf8_make_valid(shown, -1);
    if (strlen(valid) > IMAPLINK_TEXT_MAX)
        *g_utf8_find_prev_char(valid, valid + IMAPLINK_TEXT_MAX) = '\0';
    return g_strdup_printf(": '%s'", valid);
}

/* Response codes of RFC 5530 that say it may work later. */
static gboolean is_passing(const mailimap *session)
{
    static const char *const passing[] = {"UNAVAILABLE", "INUSE", "SERVERBUG", "LIMIT", NULL};
    const struct mailimap_response_info *info = session->imap_response_info;
    if (!info || !info->rsp_atom)
        return FALSE;
    g_autofree char *atom = g_ascii_strup(info->rsp_atom, -1);
    return g_strv_contains(passing, atom);
}

gboolean imaplink_check(ImapLink *self, int code, const char *doing, GError **error)
{
    if (tlsstream_fault(self->stream, error))
        return FALSE;
    if (code == MAILIMAP_NO_ERROR || code == MAILIMAP_NO_ERROR_AUTHENTICATED ||
        code == MAILIMAP_NO_ERROR_NON_AUTHENTICATED)
        return TRUE;
    g_autofree char *said = NULL;
    switch (code) {
    case MAILIMAP_ERROR_STREAM:
    case MAILIMAP_ERROR_FATAL:
        return imaplink_break(self, CIRCULAR_ERROR_TEMPORARY, error, "%s: the connection was lost",
                              doing);
    case MAILIMAP_ERROR_MEMORY:
        g_error("libetpan: out of memory");
    case MAILIMAP_ERROR_PARSE:
        return imaplink_break(self, CIRCULAR_ERROR_REMOTE, error,
                              "%s: the server's answer is not IMAP", doing);
    case MAILIMAP_ERROR_PROTOCOL:
    case MAILIMAP_ERROR_BAD_STATE:
        said = imaplink_said(self);
        return imaplink_break(self, CIRCULAR_ERROR_REMOTE, error,
                              "%s: the server doesn't follow IMAP%s", doing, said);
    default: /* a NO, by libetpan's name for each command */
        said = imaplink_said(self);
        g_set_error(error, CIRCULAR_ERROR,
                    is_passing(self->session) ? CIRCULAR_ERROR_TEMPORARY : CIRCULAR_ERROR_DENIED,
                    "%s: %s%s", self->place, doing, said);
        return FALSE;
    }
}

gboolean imaplink_say(ImapLink *self, const char *line)
{
    mailstream *stream = self->session->imap_stream;
    gssize length = (gssize)strlen(line);
    return mailstream_write(stream, line, (gsize)length) == length &&
           mailstream_write(stream, "\r\n", 2) == 2 && mailstream_flush(stream) == 0;
}

int imaplink_hear(ImapLink *self)
{
    struct mailimap_response *response = NULL;
    int code = mailimap_parse_response(self->session, &response);
    if (code != MAILIMAP_NO_ERROR)
        return code;
    int state = response->rsp_resp_done->rsp_data.rsp_tagged->rsp_cond_state->rsp_type;
    mailimap_response_free(response);
    return state == MAILIMAP_RESP_COND_STATE_OK ? MAILIMAP_NO_ERROR : MAILIMAP_ERROR_CUSTOM_COMMAND;
}

/* As mailimap_custom_command, which ends each command with a space: strict servers refuse that. */
static int run(ImapLink *self, const char *command)
{
    int code = mailimap_send_current_tag(self->session);
    if (code != MAILIMAP_NO_ERROR)
        return code;
    if (!imaplink_say(self, command) || !mailimap_read_line(self->session))
        return MAILIMAP_ERROR_STREAM;
    return imaplink_hear(self);
}

gboolean imaplink_command(ImapLink *self, gsize budget, const char *doing, const char *command,
                          GError **error)
{
    imaplink_allow(self, budget);
    return imaplink_check(self, run(self, command), doing, error);
}

/* --- capabilities ------------------------------------------------------------------------- */

static void forget_capabilities(ImapLink *self)
{
    struct mailimap_connection_info *info = self->session->imap_connection_info;
    if (info && info->imap_capability) {
        mailimap_capability_data_free(info->imap_capability);
        info->imap_capability = NULL;
    }
}

gboolean imaplink_ask_capabilities(ImapLink *self, GError **error)
{
    forget_capabilities(self); /* what was said in the clear counts for nothing */
    /* Not mailimap_capability: it crashes when the server answers without telling any. */
    return imaplink_command(self, IMAPLINK_CHATTER, "the server doesn't say what it can do",
                            "CAPABILITY", error);
}

gboolean imaplink_offers(ImapLink *self, const char *capability)
{
    const struct mailimap_connection_info *info = self->session->imap_connection_info;
    const clist *list = info && info->imap_capability ? info->imap_capability->cap_list : NULL;
    gboolean is_way = g_str_has_prefix(capability, "AUTH=");
    const char *wanted = is_way ? capability + strlen("AUTH=") : capability;
    for (clistiter *at = list ? clist_begin(list) : NULL; at; at = clist_next(at)) {
        const struct mailimap_capability *one = clist_content(at);
        const char *name = is_way ? one->cap_data.cap_auth_type : one->cap_data.cap_name;
        if (is_way == (one->cap_type == MAILIMAP_CAPABILITY_AUTH_TYPE) && name &&
            g_ascii_strcasecmp(name, wanted) == 0)
            return TRUE;
    }
    return FALSE;
}

/* --- opening and closing ------------------------------------------------------------------ */

static gboolean start_tls(ImapLink *self, const InboxOptions *options, GError **error)
{
    mailimap *session = self->session;
    imaplink_allow(self, IMAPLINK_CHATTER);
    int code = mailimap_starttls(session);
    /* CVE-2020-15953 and its kin: words that stand behind the OK were said by nobody verified. */
    if (session->imap_stream->read_buffer_len)
        return imaplink_break(self, CIRCULAR_ERROR_REMOTE, error,
                              "the server sent data between STARTTLS and TLS: somebody may be "
                              "interfering");
    if (code == MAILIMAP_ERROR_STARTTLS || code == MAILIMAP_ERROR_PROTOCOL) {
        g_autofree char *said = imaplink_said(self);
        return imaplink_break(self, CIRCULAR_ERROR_REMOTE, error,
                              "the server refuses STARTTLS%s, or somebody hides that it offers it: "
                              "nothing is sent in the clear; check port, or set "
                              "tls to tls for port 993",
                              said);
    }
    if (!imaplink_check(self, code, "STARTTLS failed", error))
        return FALSE;
    return tlsstream_secure(self->stream, options->host, options->ca_file, error);
}

static gboolean greet(ImapLink *self, const InboxOptions *options, GError **error)
{
    if (options->tls == TLS_IMPLICIT &&
        !tlsstream_secure(self->stream, options->host, options->ca_file, error))
        return FALSE;
    imaplink_allow(self, IMAPLINK_CHATTER);
    int code = mailimap_connect(self->session, tlsstream_new_stream(self->stream));
    if (!imaplink_check(self, code, "what answers is no IMAP server", error))
        return FALSE;
    /* Signed in as whom? And before STARTTLS it is how an attacker keeps us from it. */
    if (code == MAILIMAP_NO_ERROR_AUTHENTICATED)
        return imaplink_break(self, CIRCULAR_ERROR_REMOTE, error,
                              "the server greets with PREAUTH, as if we were signed in: refused");
    if (options->tls == TLS_STARTTLS && !start_tls(self, options, error))
        return FALSE;
    return imaplink_ask_capabilities(self, error);
}

ImapLink *imaplink_open(const InboxOptions *options, guint port, guint timeout, GError **error)
{
    TlsStream *stream = tlsstream_connect(options->host, port, timeout, error);
    if (!stream)
        return NULL;
    g_autoptr(ImapLink) self = g_new0(ImapLink, 1);
    self->stream = stream;
    self->timeout = timeout;
    self->place = g_strdup_printf("%s:%u", options->host, port);
    self->session = mailimap_new(0, NULL);
    if (!self->session)
        g_error("libetpan: out of memory");
    imaplink_begin(self, 0);
    return greet(self, options, error) ? g_steal_pointer(&self) : NULL;
}

void imaplink_close(ImapLink *self)
{
    if (!self)
        return;
    if (self->session->imap_stream && imaplink_is_usable(self, NULL)) {
        self->deadline = clock_ticks() + IMAPLINK_GOODBYE;
        imaplink_allow(self, IMAPLINK_CHATTER);
        tlsstream_expect_goodbye(self->stream);
        mailimap_logout(self->session);
    }
    /* mailimap_free would else sign out once more, and wait for the answer. */
    if (self->session->imap_stream) {
        mailstream_close(self->session->imap_stream);
        self->session->imap_stream = NULL;
    }
    mailimap_free(self->session);
    tlsstream_free(self->stream);
    g_free(self->place);
    g_free(self);
}

char *imaplink_library(void)
{
    return g_strdup_printf("libetpan %d.%d", libetpan_get_version_major(),
                           libetpan_get_version_minor()); /* it tells no more */
}
