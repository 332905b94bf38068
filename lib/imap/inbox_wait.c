/* inbox_wait - until something new comes: IDLE, or asking now and then */
#include "base/clock.h"
#include "imap/inbox.h"
#include "imap/inbox_parts.h"

enum {
    SLICE = 500,       /* milliseconds between two questions to `stop` */
    ASK_EVERY = 30,    /* seconds, where the server has no IDLE */
    IDLE_ASK = 120,    /* seconds after which one that idles is asked, too: some say nothing */
    SELECT_EVERY = 240 /* seconds after which the folder is opened anew: some tell only then */
};

typedef struct {
    gboolean (*stop)(void *user);
    void *user;
    gint64 until; /* clock_ticks */
} Patience;

static gboolean is_stopped(const Patience *patience)
{
    return patience->stop && patience->stop(patience->user);
}

/* Sleeps or watches the connection in slices, until there is something to read (TRUE), `until`, or
 * a stop. What libetpan holds already counts as something. */
static gboolean watch(Inbox *self, const Patience *patience, gint64 until)
{
    const mailstream *stream = imaplink_session(self->link)->imap_stream;
    while (!is_stopped(patience)) {
        gint64 left = MIN(until, patience->until) - clock_ticks();
        if (stream->read_buffer_len || inbox_exists(self) != self->exists)
            return TRUE;
        if (left <= 0)
            return FALSE;
        if (tlsstream_wait(imaplink_stream(self->link), (guint)MIN(left / 1000 + 1, SLICE)))
            return TRUE;
    }
    return FALSE;
}

/* One IDLE, until the server says something or it must be renewed. */
static gboolean idle_once(Inbox *self, const Patience *patience, GError **error)
{
    static const char doing[] = "waiting for mail failed";
    mailimap *session = imaplink_session(self->link);
    imaplink_begin(self->link, 0);
    if (!imaplink_check(self->link, mailimap_idle(session), doing, error))
        return FALSE;
    watch(self, patience, clock_ticks() + (gint64)MIN(self->renew, IDLE_ASK) * G_USEC_PER_SEC);
    imaplink_begin(self->link, 0);
    return imaplink_check(self->link, mailimap_idle_done(session), doing, error);
}

static gboolean ask_once(Inbox *self, const Patience *patience, GError **error)
{
    watch(self, patience, clock_ticks() + (gint64)ASK_EVERY * G_USEC_PER_SEC);
    imaplink_begin(self->link, 0);
    return imaplink_command(self->link, IMAPLINK_CHATTER, "waiting for mail failed", "NOOP", error);
}

InboxEvent inbox_wait(Inbox *self, guint seconds, gboolean (*stop)(void *user), void *user,
                      GError **error)
{
    Patience patience = {stop, user, clock_ticks() + (gint64)seconds * G_USEC_PER_SEC};
    if (!imaplink_is_usable(self->link, error))
        return INBOX_FAILED;
    for (;;) {
        /* Looked for each time anew: a count alone doesn't tell when one came and one went. */
        guint32 before = self->highest;
        g_autoptr(GArray) uids = inbox_list(self, before, error);
        if (!uids)
            return INBOX_FAILED;
        self->highest = before;
        if (uids->len)
            return INBOX_NEWS;
        if (is_stopped(&patience))
            return INBOX_STOPPED;
        if (clock_ticks() >= patience.until)
            return INBOX_QUIET;
        if (!(self->idles ? idle_once : ask_once)(self, &patience, error))
            return INBOX_FAILED;
        /* GNU imap4d reads a Maildir when it is selected, and then no more. */
        if (clock_ticks() - self->selected_at >= (gint64)SELECT_EVERY * G_USEC_PER_SEC &&
            inbox_exists(self) == self->exists && !inbox_select_again(self, error))
            return INBOX_FAILED;
    }
}
