/* interrupt - Ctrl-C: the first finishes what is in flight, the second stops at once */
#include "interrupt.h"

#include <signal.h>
#include <string.h>

#include "ui.h"

static volatile sig_atomic_t caught, first;

static void catch (int number)
{
    if (!first)
        first = number;
    if (caught < 2)
        caught++;
}

void interrupt_watch(void)
{
    struct sigaction action = {.sa_handler = catch};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
}

SenderWish interrupt_wish(void)
{
    static int told;
    int now = caught;
    if (now > told && now == 1)
        ui_note("Stopping: finishing what is in flight. Press Ctrl-C again to stop at once.");
    told = now;
    return now == 0 ? SENDER_GO : now == 1 ? SENDER_FINISH : SENDER_ABORT;
}

gboolean interrupt_stops(void *unused)
{
    (void)unused;
    return interrupt_wish() != SENDER_GO;
}

int interrupt_signal(void)
{
    return first;
}
