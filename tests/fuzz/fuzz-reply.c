/* fuzz-reply - SMTP replies and EHLO's lines from a hostile server, in pieces of any size */
#include <stdint.h>
#include <string.h>

#include "delivery/handshake.h"
#include "delivery/reply.h"
#include "mail/refusal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!size)
        return 0;
    gsize step = 1 + data[0] % 64;
    const char *bytes = (const char *)data + 1;
    gsize length = size - 1;

    Reply reply;
    reply_init(&reply);
    for (gsize at = 0; at < length;) {
        gsize used, piece = MIN(step, length - at);
        ReplyProgress progress = reply_feed(&reply, bytes + at, piece, &used);
        g_assert(used <= piece && (used == piece || progress == REPLY_WHOLE));
        g_assert(used || progress == REPLY_BROKEN);
        g_assert(reply.text->len <= REPLY_TEXT_MAX && reply.lines <= REPLY_LINES_MAX);
        g_assert(g_utf8_validate(reply.text->str, (gssize)reply.text->len, NULL));
        g_assert(!strpbrk(reply.text->str, "\r\n\033"));
        if (progress == REPLY_WHOLE)
            g_assert(reply.code >= 200 && reply.code < 600);
        at += used;
        if (progress != REPLY_MORE) {
            refusal_cause(reply.code, reply.enhanced, reply.text->str);
            refusal_wait(reply.text->str);
            g_free(refusal_fingerprint(reply.code, reply.enhanced, reply.text->str, "a@b.example"));
            reply_clear(&reply);
        }
    }
    reply_finish(&reply);

    Handshake preamble;
    handshake_init(&preamble, data[0] & 64);
    for (gsize at = 0; at < length; at += step)
        if (!handshake_take(&preamble, bytes + at, MIN(step, length - at)))
            break;
    handshake_step_name(&preamble);
    handshake_finish(&preamble);
    return 0;
}
