/* hold_show - the time in which a letter that was confirmed can be taken back, counted down */
#include "hold_show.h"

#include <signal.h>

#include "text/amount.h"
#include "base/clock.h"
#include "base/error.h"
#include "interrupt.h"
#include "send/hold.h"
#include "ui.h"

static HoldWish wish(void *user)
{
    (void)user;
    int number = interrupt_signal();
    return !number ? HOLD_ON : number == SIGINT ? HOLD_TAKE_BACK : HOLD_LEAVE;
}

static void tick(void *user, gint64 left)
{
    (void)user;
    ui_countdown(left);
}

static gboolean stopped(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

static gboolean stopped(GError **error, const char *format, ...)
{
    va_list words;
    va_start(words, format);
    g_autofree char *text = g_strdup_vprintf(format, words);
    va_end(words);
    g_set_error_literal(error, CIRCULAR_ERROR, CIRCULAR_ERROR_STOPPED, text);
    return FALSE;
}

gboolean hold_show(Ledger *ledger, const Mailing *mailing, gint64 seconds, GError **error)
{
    const char *id = mailing->id;
    interrupt_watch();
    HoldOptions options = {.until = clock_now() + seconds * (gint64)G_USEC_PER_SEC,
                           .actor = actor_self("circular send"),
                           .wish = wish,
                           .tick = tick};
    HoldEnd end = hold_run(ledger, mailing, &options, error);
    ui_progress_end();
    switch (end) {
    case HOLD_OVER:
        return TRUE;
    case HOLD_WITHDRAWN:
        return stopped(error,
                       "taken back: nothing went, and '%s' is withdrawn; fix the update and "
                       "send that, or plan it anew",
                       id);
    case HOLD_STOPPED:
        return stopped(error,
                       "taken back: no more of '%s' went; 'circular send %s' goes on with "
                       "it, 'circular withdraw %s' ends it",
                       id, id, id);
    case HOLD_ELSEWHERE:
        return stopped(error,
                       "'%s' was stopped from elsewhere while it was held: nothing of it "
                       "went ('circular status %s' says by whom)",
                       id, id);
    case HOLD_LEFT:
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_TEMPORARY,
                    "'%s' is held, and nothing of it went: 'circular send %s' asks again, "
                    "'circular withdraw %s' ends it; by itself it does neither",
                    id, id, id);
        return FALSE;
    case HOLD_FAILED:
        return FALSE;
    }
    g_assert_not_reached();
}
