/* clock - the time, chance, and the hooks by which a test fixes both
 *
 * The only place that asks the system for the time or for random bytes. The environment variable
 * CIRCULAR_TEST=clock=2026-01-05T09:00:00Z,seed=7,stop-after=12,nodelay makes a run repeatable:
 *   clock=T       the wall clock stands still at T (ISO 8601 with a zone)
 *   seed=N        random bytes come from a fixed series
 *   stop-after=N  the process ends as by kill -9 just after its Nth durable step
 *   nodelay       clock_sleep returns at once, clock_poll nearly so, and both clocks jump on by as
 *                 much
 *   dns=PORT      names are asked of 127.0.0.1:PORT, and of nobody else
 * CIRCULAR_TEST_AHEAD=SECONDS has the wall clock run as it does, but so many seconds ahead (or
 * behind): a whole test suite runs at another date, with tests that set CIRCULAR_TEST as they like.
 *
 * Both are read once. A word that is none of these ends the program: a test would else test nothing.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <glib.h>
#include <poll.h>

/* Microseconds since 1970-01-01T00:00:00Z; may jump when the system's clock is set. */
gint64 clock_now(void);

/* Microseconds that only go forward, for pauses and rates. */
gint64 clock_ticks(void);

/* Sleeps for so many microseconds, however often a signal comes: who wants to hear one sleeps in
 * short pieces. Returns at once for 0 and less. */
void clock_sleep(gint64 microseconds);

/* The same for what another process does, as a lock that it holds: that takes its time in a test
 * with "nodelay", too, where a tenth is slept and the clocks don't jump. */
void clock_wait(gint64 microseconds);

/* poll(2): waits until something happens on one of them, at most so many milliseconds (0 and more).
 * Under nodelay it waits for one at most, and when nothing came both clocks jump on by the whole:
 * an hour in which a server says nothing passes in seconds. */
int clock_poll(struct pollfd *watched, guint count, guint milliseconds);

/* "2026-01-05T09:00:00Z" for a time in microseconds, fractions cut off; newly allocated. A time
 * outside the years 1000 to 9999 is shown as the nearest within. */
char *clock_iso(gint64 when);

/* "Mon, 05 Jan 2026 09:00:00 +0000", RFC 5322 section 3.3, in the local zone; newly allocated. */
char *clock_rfc5322(gint64 when);

/* Fills `bytes` from the system's generator (getrandom(2)). Never fails: no randomness, no program.
 */
void random_bytes(guint8 *bytes, gsize length);

/* Says that something is now on disk that a crash would leave there. `what` names it for the trace.
 */
void durable_step(const char *what);

/* The port of the test's own name server, or 0 for those of the system. */
guint test_name_server(void);

#endif
