/* fuzz-session - a whole session against a server that says anything at any moment
 *
 * The first byte chooses what is offered; then each byte is an event: how much is sent, how much is
 * received of what follows, the connection's end. What must hold: an outcome for each envelope, the
 * right number, and SENT or UNKNOWN only after the message's end has begun to leave.
 */
#include <stdint.h>
#include <string.h>

#include "delivery/session.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char message[] = "Subject: x\r\n\r\n.a\r\nb\n.c\rd";

/* Sends up to `most` bytes; whether they held the beginning of the message's end. */
static gboolean send_some(Session *session, gsize most)
{
    gsize length;
    const char *bytes = session_output(session, &length);
    gsize step = MIN(length, most);
    g_assert(!step || !session_is_over(session));
    gboolean is_end =
        step && length >= 5 && g_str_has_suffix(bytes, "\r\n.\r\n") && step > length - 5;
    gboolean is_rest = step && length < 5 && g_str_has_suffix("\r\n.\r\n", bytes);
    session_sent(session, step);
    return is_end || is_rest;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    Extensions offered = {
        .pipelining = data[0] & 1, .size = data[0] & 2, .size_max = data[0] & 4 ? 10 : 0};
    g_autoptr(Session) session = session_new(&offered);
    Envelope envelope = {.sender = "a@example.org",
                         .recipient = "b@example.org",
                         .bytes = message,
                         .length = sizeof message - 1};
    gboolean has_ended = FALSE, is_given = FALSE;
    const uint8_t *end = data + size;
    for (data++; data < end;) {
        if (session_is_ready(session) && !is_given) {
            envelope.number++;
            session_begin(session, &envelope);
            has_ended = FALSE;
            is_given = TRUE;
        }
        uint8_t event = *data++;
        if (event < 64) {
            has_ended |= send_some(session, event == 63 ? G_MAXSIZE : event);
        } else if (event < 255) {
            gsize count = MIN((gsize)(event - 63), (gsize)(end - data));
            session_feed(session, (const char *)data, count);
            data += count;
        } else {
            session_lost(session, "lost");
        }
        Outcome outcome;
        SessionResult result = session_take(session, &outcome);
        if (result != SESSION_NOTHING) {
            g_assert(is_given && outcome.number == envelope.number);
            if (outcome.kind == OUTCOME_SENT || outcome.kind == OUTCOME_UNKNOWN)
                g_assert(has_ended);
            g_assert(g_utf8_validate(outcome.text, -1, NULL));
            is_given = FALSE;
        }
        g_assert(!session_is_over(session) || !is_given);
    }
    return 0;
}
