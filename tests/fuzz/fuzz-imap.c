/* fuzz-imap - answers of an IMAP server, through the guard into libetpan's parser
 *
 * The input is what the server says after a SELECT, cut into pieces as its first byte says.
 * Whatever the guard lets through must not bring libetpan down.
 */
#include <libetpan/libetpan.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "imap/imapguard.h"

typedef struct {
    const uint8_t *bytes;
    size_t length, piece;
    ImapGuard guard;
} Said;

static ssize_t on_read(mailstream_low *low, void *bytes, size_t room)
{
    Said *said = low->data;
    size_t count = MIN(MIN(said->piece, room), said->length);
    if (!count)
        return -1;
    memcpy(bytes, said->bytes, count);
    said->bytes += count;
    said->length -= count;
    if (imapguard_take(&said->guard, (char *)bytes, count) || said->guard.goodbye)
        return -1;
    return (ssize_t)count;
}

static ssize_t on_write(mailstream_low *low, const void *bytes, size_t length)
{
    (void)low, (void)bytes;
    return (ssize_t)length;
}

static int on_close(mailstream_low *low)
{
    (void)low;
    return 0;
}

static void on_free(mailstream_low *low)
{
    free(low);
}

static void on_cancel(mailstream_low *low)
{
    (void)low;
}

static struct mailstream_cancel *on_get_cancel(mailstream_low *low)
{
    (void)low;
    return NULL;
}

static carray *on_get_chain(mailstream_low *low)
{
    (void)low;
    return NULL;
}

/* Runs commands until one fails. */
static void converse(mailimap *session)
{
    static const char *const commands[] = {
        "CAPABILITY",      "LIST \"\" \"\"",
        "UID SEARCH 1:*",  "UID FETCH 1 (UID BODY.PEEK[]<0.10>)",
        "LIST \"\" \"*\"", "UID FETCH 1:3 (UID BODY.PEEK[HEADER.FIELDS (To)]<0.9>)"};
    if (mailimap_select(session, "INBOX") != MAILIMAP_NO_ERROR)
        return;
    for (unsigned i = 0; i < G_N_ELEMENTS(commands); i++)
        if (mailimap_custom_command(session, commands[i]) != MAILIMAP_NO_ERROR)
            return;
    if (mailimap_idle(session) == MAILIMAP_NO_ERROR)
        mailimap_idle_done(session);
}

/* libetpan loses a few bytes at some broken lines; the connection ends there, so it does not add
 * up.
 */
const char *__asan_default_options(void);

const char *__asan_default_options(void)
{
    return "detect_leaks=0";
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static mailstream_low_driver driver = {on_read,  on_write,  on_close,      on_close,
                                           on_free,  on_cancel, on_get_cancel, on_get_chain,
                                           on_close, on_close,  on_close};
    if (length < 1)
        return 0;
    Said said = {.bytes = bytes + 1, .length = length - 1, .piece = 1 + bytes[0] * 16u};
    imapguard_init(&said.guard);
    imapguard_begin(&said.guard, 1 << 20);
    mailimap *session = mailimap_new(0, NULL);
    int code = mailimap_connect(session, mailstream_new(mailstream_low_new(&said, &driver), 8192));
    if (code == MAILIMAP_NO_ERROR_NON_AUTHENTICATED || code == MAILIMAP_NO_ERROR_AUTHENTICATED) {
        session->imap_state = MAILIMAP_STATE_AUTHENTICATED;
        converse(session);
    }
    if (session->imap_stream)
        mailstream_close(session->imap_stream);
    session->imap_stream = NULL;
    mailimap_free(session);
    imapguard_clear(&said.guard);
    return 0;
}
