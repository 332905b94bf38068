/* probe - what a relay says to us when nothing is sent */
#include "delivery/probe.h"

#include <poll.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/trace.h"
#include "delivery/connection.h"
#include "delivery/envelope.h"
#include "delivery/token_refresh.h"
#include "delivery/reply.h"

/* Waits for the connection; FALSE when time is over. */
static gboolean await(Connection *connection, short events, gint64 until)
{
    gint64 left = until - clock_ticks();
    struct pollfd one = {.fd = connection_fd(connection), .events = events};
    return left > 0 && poll(&one, 1, (int)MIN(left / 1000 + 1, 60000)) != 0;
}

static gboolean say(Connection *connection, const char *line, gint64 until)
{
    g_autofree char *bytes = g_strconcat(line, "\r\n", NULL);
    trace("smtp", "> %s", line);
    for (gsize at = 0, length = strlen(bytes); at < length;) {
        gssize sent = connection_send(connection, bytes + at, length - at);
        if (sent == CONNECTION_GONE ||
            (sent == CONNECTION_AGAIN && !await(connection, POLLOUT, until)))
            return FALSE;
        at += (gsize)sent;
    }
    return TRUE;
}

static gboolean hear(Connection *connection, Reply *reply, gint64 until)
{
    ReplyProgress progress = REPLY_MORE;
    reply_clear(reply);
    while (progress == REPLY_MORE) {
        char bytes[1024];
        gsize used;
        gssize got = connection_receive(connection, bytes, sizeof bytes);
        if (got == CONNECTION_GONE ||
            (got == CONNECTION_AGAIN && !await(connection, POLLIN, until)))
            return FALSE;
        if (got > 0)
            progress = reply_feed(reply, bytes, (gsize)got, &used);
    }
    if (progress == REPLY_WHOLE)
        trace("smtp", "< %d %s", reply->code, reply->text->str);
    return progress == REPLY_WHOLE;
}

/* Nothing but the answer to MAIL counts: whatever goes wrong afterwards harms no letter. */
static void try_sender(Connection *connection, const char *sender, gint64 until, RelayProbe *probe)
{
    Reply reply;
    const char *enhanced;
    g_autoptr(GString) mail = g_string_new(NULL);
    Envelope envelope = {.sender = sender, .recipient = "nobody", .length = 1};
    g_autofree char *unfit =
        envelope_unfit(&envelope, connection_extensions(connection), &enhanced);
    if (unfit)
        return;
    envelope_mail(&envelope, connection_extensions(connection), mail);
    reply_init(&reply);
    if (say(connection, mail->str, until) && hear(connection, &reply, until)) {
        probe->sender_code = reply.code;
        g_strlcpy(probe->sender_enhanced, reply.enhanced, sizeof probe->sender_enhanced);
        probe->sender_reply = g_strdup_printf("%d%s%s %s", reply.code, *reply.enhanced ? " " : "",
                                              reply.enhanced, reply.text->str);
        if (say(connection, "RSET", until) && hear(connection, &reply, until) &&
            say(connection, "QUIT", until))
            hear(connection, &reply, until);
    }
    reply_finish(&reply);
}

/* As a run does: a token that is refused may have ended before its time. */
static Connection *connect_with(const RelayOptions *options, RelayProbe *probe, GError **error)
{
    TokenRefresh token_refresh = {0};
    for (;;) {
        GError *inner = NULL;
        g_autoptr(Connection) connection = token_refresh_connect(options, error);
        if (!connection)
            return NULL;
        probe->is_open = connection_open(connection, &inner);
        g_free(probe->greeting);
        probe->greeting =
            *connection_greeting(connection) ? text_visible(connection_greeting(connection)) : NULL;
        if (probe->is_open)
            return g_steal_pointer(&connection);
        if (!token_refresh_helps(&token_refresh, options, token_refresh.generation, inner)) {
            g_propagate_error(error, inner);
            return NULL;
        }
        g_error_free(inner);
    }
}

gboolean probe_run(const RelayOptions *options, const char *sender, RelayProbe *probe,
                   GError **error)
{
    *probe = (RelayProbe){0};
    g_autoptr(Connection) connection = connect_with(options, probe, error);
    if (!connection)
        return FALSE;
    probe->is_tls = connection_is_tls(connection);
    probe->certificate_end = connection_certificate_end(connection);
    probe->size_max = connection_extensions(connection)->size_max;
    probe->reports = connection_extensions(connection)->dsn;
    if (sender)
        try_sender(connection, sender, clock_ticks() + options->timeout * (gint64)G_USEC_PER_SEC,
                   probe);
    return TRUE;
}
