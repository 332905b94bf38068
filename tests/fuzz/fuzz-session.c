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
static const char plain[] = "Subject: x\r\n\r\na\r\nbcde\r\n";

/* Sends up to `most` bytes; whether they held the beginning of the message's end. */
static gboolean send_some(Session *session, gsize most)
{
    gsize length;
    struct iovec pieces[SESSION_PIECES];
    g_autoptr(GString) flat = g_string_new(NULL);
    for (guint i = 0, count = session_pieces(session, pieces, &length); i < count; i++)
        g_string_append_len(flat, pieces[i].iov_base, (gssize)pieces[i].iov_len);
    g_assert(flat->len == length);
    const char *bytes = flat->str;
    gsize step = MIN(length, most);
    g_assert(!step || !session_is_over(session));
    const char *dot = g_strstr_len(bytes, (gssize)length, "\r\n.\r\n");
    gboolean is_end = step && dot && bytes + step > dot;
    gboolean is_rest = step && length < 5 && g_str_has_suffix("\r\n.\r\n", bytes);
    session_sent(session, step);
    return is_end || is_rest;
}

/* The envelopes in hand, the older one first. */
typedef struct {
    guint64 last; /* number given */
    guint count;
    gboolean has_ended; /* the end of the older one's message has begun to leave */
} Given;

static const Envelope *give(Given *self, Envelope *envelope)
{
    envelope->number = ++self->last;
    self->count++;
    return envelope;
}

static void check(Given *self, const Outcome *outcome)
{
    g_assert(self->count && outcome->number == self->last - self->count + 1);
    if (outcome->kind == OUTCOME_SENT || outcome->kind == OUTCOME_UNKNOWN)
        g_assert(self->has_ended);
    g_assert(g_utf8_validate(outcome->text, -1, NULL));
    self->count--;
    self->has_ended = FALSE;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    Extensions offered = {
        .pipelining = data[0] & 1, .size = data[0] & 2, .size_max = data[0] & 4 ? 10 : 0};
    g_autoptr(Session) session = session_new(&offered);
    gboolean is_plain = data[0] & 8;
    const char *text = is_plain ? plain : message;
    const struct iovec pieces[] = {{(char *)text, 5}, {(char *)text + 5, strlen(text) - 5}};
    Envelope envelope = {.sender = "a@example.org",
                         .recipient = "b@example.org",
                         .pieces = pieces,
                         .n_pieces = G_N_ELEMENTS(pieces),
                         .length = strlen(text),
                         .is_plain = is_plain};
    Given given = {.count = 0};
    const uint8_t *end = data + size;
    for (data++; data < end;) {
        if (session_is_ready(session) && !given.count) {
            session_begin(session, give(&given, &envelope));
        } else if (session_may_follow(session) && (*data & 1)) {
            g_assert(given.count == 1);
            session_follow(session, give(&given, &envelope));
        }
        uint8_t event = *data++;
        if (event < 64) {
            given.has_ended |= send_some(session, event == 63 ? G_MAXSIZE : event);
        } else if (event < 255) {
            gsize count = MIN((gsize)(event - 63), (gsize)(end - data));
            session_feed(session, (const char *)data, count);
            data += count;
        } else {
            session_lost(session, "lost");
        }
        Outcome outcome;
        while (session_take(session, &outcome) != SESSION_NOTHING)
            check(&given, &outcome);
        g_assert(!session_is_over(session) || !given.count);
    }
    return 0;
}
