/* test-breaker - whose a refusal is, by what happens to the others */
#include "send/breaker.h"

#include <string.h>

#include "base/error.h"

static const char BLOCKED[] =
    "Service unavailable; Client host [192.0.2.7] blocked using bl.example";

static BreakerVerdict take(Breaker *self, OutcomeKind kind, int code, const char *enhanced,
                           const char *text, const char *recipient)
{
    Outcome outcome = {
        .kind = kind, .code = code, .enhanced = enhanced, .text = text, .stage = "RCPT"};
    return breaker_take(self, &outcome, recipient, BREAKER_FIRST);
}

/* The same for recipient number n, each at a domain of its own. */
static BreakerVerdict nth(Breaker *self, guint n, OutcomeKind kind, int code, const char *enhanced,
                          const char *text)
{
    g_autofree char *recipient = g_strdup_printf("head@school%u.example", n);
    g_autofree char *whole = g_strdup_printf("<%s>: %s", recipient, text);
    return take(self, kind, code, enhanced, whole, recipient);
}

static BreakerVerdict sent(Breaker *self)
{
    return take(self, OUTCOME_SENT, 250, "2.0.0", "ok", "head@school.example");
}

/* A recipient whom the server doesn't relay to, at every place among those it does. */
static void test_poison_at_every_place(void)
{
    for (guint place = 0; place < 10; place++) {
        g_autoptr(Breaker) self = breaker_new(20);
        for (guint n = 0; n < 10; n++)
            if (n == place)
                g_assert_cmpint(nth(self, n, OUTCOME_REFUSED, 550, "", "relay not permitted"), ==,
                                BREAKER_HOLD);
            else
                g_assert_cmpint(sent(self), ==, BREAKER_RELEASE);
        g_assert_false(breaker_settle(self));
    }
}

/* All the same, in words about us, and nobody taken: five domains are enough. */
static void test_block(void)
{
    g_autoptr(Breaker) self = breaker_new(20);
    for (guint n = 1; n < BREAKER_DOMAINS; n++)
        g_assert_cmpint(nth(self, n, OUTCOME_REFUSED, 554, "5.7.1", BLOCKED), ==, BREAKER_HOLD);
    g_assert_cmpint(nth(self, 99, OUTCOME_REFUSED, 554, "5.7.1", BLOCKED), ==, BREAKER_TRIP);
    g_autoptr(GError) error = breaker_error(self, "b+t@example.org");
    g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_REMOTE);
    g_assert_nonnull(strstr(error->message, "Client host"));
    g_assert_nonnull(strstr(error->message, "for 5 recipients"));
}

/* One domain may have a policy of its own: then it takes as many as end any run. */
static void test_one_domain(void)
{
    g_autoptr(Breaker) self = breaker_new(20);
    for (guint n = 1; n < 20; n++)
        g_assert_cmpint(
            take(self, OUTCOME_REFUSED, 550, "", "relaying denied", "head@school.example"), ==,
            BREAKER_HOLD);
    g_assert_cmpint(take(self, OUTCOME_REFUSED, 550, "", "relaying denied", "head@school.example"),
                    ==, BREAKER_TRIP);
}

/* In the middle of a mailing: a block is met as at its beginning, a word about relaying isn't. */
static void test_in_the_middle(void)
{
    g_autoptr(Breaker) self = breaker_new(20);
    sent(self);
    for (guint n = 1; n < 20; n++)
        g_assert_cmpint(nth(self, n, OUTCOME_REFUSED, 550, "", "relay not permitted"), ==,
                        BREAKER_HOLD);
    sent(self);
    for (guint n = 1; n < BREAKER_DOMAINS; n++)
        g_assert_cmpint(nth(self, n, OUTCOME_REFUSED, 550, "5.7.1", "daily limit exceeded"), ==,
                        BREAKER_HOLD);
    g_assert_cmpint(nth(self, 9, OUTCOME_REFUSED, 550, "5.7.1", "daily limit exceeded"), ==,
                    BREAKER_TRIP);
}

/* Words that nobody knows, for all: as relay.stop_after says. */
static void test_unknown_words(void)
{
    g_autoptr(Breaker) self = breaker_new(7);
    sent(self);
    for (guint n = 1; n < 7; n++)
        g_assert_cmpint(nth(self, n, OUTCOME_REFUSED, 550, "5.7.1", "nope"), ==, BREAKER_HOLD);
    g_assert_cmpint(nth(self, 7, OUTCOME_REFUSED, 550, "5.7.1", "nope"), ==, BREAKER_TRIP);
}

/* A code about us needs others who hear the same, as words do: over several connections the first
 * answer may be to the only recipient whom it is about. */
static void test_codes_of_all(void)
{
    g_autoptr(Breaker) alone = breaker_new(20);
    g_assert_cmpint(nth(alone, 1, OUTCOME_REFUSED, 530, "5.7.0", "sign in"), ==, BREAKER_HOLD);
    g_assert_true(breaker_settle(alone));
    g_autoptr(Breaker) first = breaker_new(20);
    for (guint n = 1; n < BREAKER_DOMAINS; n++)
        g_assert_cmpint(nth(first, n, OUTCOME_REFUSED, 530, "5.7.0", "sign in"), ==, BREAKER_HOLD);
    g_assert_cmpint(nth(first, 9, OUTCOME_REFUSED, 530, "5.7.0", "sign in"), ==, BREAKER_TRIP);
    g_autoptr(GError) error = breaker_error(first, NULL);
    g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DENIED);
    g_autoptr(Breaker) self = breaker_new(20);
    sent(self);
    g_assert_cmpint(nth(self, 1, OUTCOME_REFUSED, 530, "5.7.0", "sign in"), ==, BREAKER_HOLD);
    g_assert_cmpint(sent(self), ==, BREAKER_RELEASE);
    nth(self, 2, OUTCOME_REFUSED, 530, "5.7.0", "sign in");
    g_assert_false(breaker_settle(self)); /* hers, though she was the last */
    nth(self, 3, OUTCOME_REFUSED, 550, "5.7.705", "tenant blocked");
    g_assert_true(breaker_settle(self));
    for (guint n = 1; n < BREAKER_DOMAINS; n++)
        g_assert_cmpint(nth(self, n, OUTCOME_REFUSED, 550, "5.1.8", "no"), ==, BREAKER_HOLD);
    g_assert_cmpint(nth(self, 9, OUTCOME_REFUSED, 550, "5.1.8", "no"), ==, BREAKER_TRIP);
}

/* A limit is waited for, whatever class the reply is of. */
static void test_limit_of_class_5(void)
{
    g_autoptr(Breaker) self = breaker_new(20);
    nth(self, 1, OUTCOME_DEFERRED, 550, "5.4.5", "daily limit");
    nth(self, 2, OUTCOME_DEFERRED, 550, "5.4.5", "daily limit");
    g_assert_true(breaker_settle(self));
    g_autoptr(GError) error = breaker_error(self, NULL);
    g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_LATER);
}

/* A code for the recipient is never held, and ends a run only as a wrong list does. */
static void test_recipients(void)
{
    g_autoptr(Breaker) self = breaker_new(3);
    g_assert_cmpint(nth(self, 1, OUTCOME_REFUSED, 550, "5.1.1", BLOCKED), ==, BREAKER_RECORD);
    g_assert_cmpint(nth(self, 2, OUTCOME_DEFERRED, 450, "4.2.1", "later"), ==, BREAKER_RECORD);
    g_assert_cmpint(nth(self, 3, OUTCOME_REFUSED, 550, "5.1.1", "who"), ==, BREAKER_RECORD);
    g_assert_cmpint(nth(self, 4, OUTCOME_REFUSED, 550, "5.1.1", "unknown user"), ==, BREAKER_STOP);
    g_autoptr(GError) error = breaker_error(self, NULL);
    g_assert_nonnull(strstr(error->message, "3 recipients in a row were refused"));
    g_assert_false(breaker_settle(self));
}

/* Words for the recipient are believed of a few; of everybody they are what a block says. */
static void test_recipients_by_words(void)
{
    static const char text[] = "Recipient address rejected: Access denied";
    g_autoptr(Breaker) few = breaker_new(20);
    nth(few, 1, OUTCOME_REFUSED, 550, "5.7.1", text);
    nth(few, 2, OUTCOME_REFUSED, 550, "5.7.1", text);
    g_assert_false(breaker_settle(few));
    g_autoptr(Breaker) all = breaker_new(20);
    for (guint n = 0; n < 20 - 1; n++)
        g_assert_cmpint(nth(all, n, OUTCOME_REFUSED, 550, "", text), ==, BREAKER_HOLD);
    g_assert_cmpint(nth(all, 99, OUTCOME_REFUSED, 550, "", text), ==, BREAKER_TRIP);
    for (guint n = 0; n < BREAKER_DOMAINS; n++)
        nth(all, n, OUTCOME_REFUSED, 550, "", text);
    g_assert_true(breaker_settle(all));
    g_assert_cmpint(nth(all, 1, OUTCOME_DEFERRED, 450, "", "greylisted"), ==, BREAKER_RECORD);
}

/* Nobody has refused a letter that broke no rule of the server's. */
static void test_no_reply(void)
{
    g_autoptr(Breaker) self = breaker_new(1);
    g_assert_cmpint(nth(self, 1, OUTCOME_DEFERRED, 0, "", "the connection was lost"), ==,
                    BREAKER_RECORD);
    g_assert_cmpint(nth(self, 2, OUTCOME_UNKNOWN, 0, "", "the connection was lost"), ==,
                    BREAKER_RECORD);
    g_assert_cmpint(nth(self, 3, OUTCOME_REFUSED, 0, "5.3.4", "too large"), ==, BREAKER_RECORD);
}

/* A short mailing never reaches the numbers: its end decides. */
static void test_the_end(void)
{
    static const struct {
        guint count;
        const char *text;
        gboolean has_sent, is_us;
    } table[] = {
        {1, "relaying denied", FALSE, TRUE},
        {1, "nope", FALSE, FALSE},
        {2, "nope", FALSE, TRUE},
        {3, "nope", TRUE, FALSE},
        {1, BLOCKED, TRUE, FALSE},
        {3, BLOCKED, TRUE, TRUE},
        {3, "relaying denied", TRUE, FALSE},
        {BREAKER_DOMAINS - 1, "nope", TRUE, FALSE},
        {BREAKER_DOMAINS, "nope", TRUE, TRUE}, /* so many different ones are no chance */
        {BREAKER_DOMAINS, "relaying denied", TRUE, FALSE},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(Breaker) self = breaker_new(20);
        if (table[i].has_sent)
            sent(self);
        for (guint n = 0; n < table[i].count; n++)
            nth(self, n, OUTCOME_REFUSED, 554, "5.7.1", table[i].text);
        g_assert_cmpint(breaker_settle(self), ==, table[i].is_us);
        g_assert_false(breaker_settle(self)); /* nothing is held any more */
    }
}

/* The last one of a mailing, whose own server is busy: her deferral, whatever the code is of. */
static void test_put_off_alone(void)
{
    static const char *const stages[] = {"RCPT", "MAIL"};
    for (gsize i = 0; i < G_N_ELEMENTS(stages); i++) {
        g_autoptr(Breaker) self = breaker_new(20);
        Outcome outcome = {.kind = OUTCOME_DEFERRED,
                           .code = 451,
                           .enhanced = "4.3.2",
                           .text = "we are busy, please try again later",
                           .stage = stages[i]};
        g_assert_cmpint(breaker_take(self, &outcome, "head@school.example", BREAKER_FIRST), ==,
                        BREAKER_HOLD);
        g_assert_cmpint(breaker_settle(self), ==, i == 1);
    }
}

static BreakerVerdict again(Breaker *self, guint n, BreakerAgain before, const char *text)
{
    g_autofree char *recipient = g_strdup_printf("head@school%u.example", n);
    Outcome outcome = {
        .kind = OUTCOME_REFUSED, .code = 550, .enhanced = "5.7.1", .text = text, .stage = "RCPT"};
    return breaker_take(self, &outcome, recipient, before);
}

/* Given back for the very same in an earlier run: not for ever. */
static void test_said_again(void)
{
    static const struct {
        const char *text;
        guint first, repeated, proven;
        gboolean is_us;
    } table[] = {
        {"nope", 0, BREAKER_DOMAINS, 0, FALSE}, /* of a mailing that others have had */
        {"nope", 1, BREAKER_DOMAINS, 0, TRUE},  /* and one who hears it for the first time */
        {"nope", 2, 0, 3, FALSE},               /* others got theirs since */
        {"nope", 3, 0, 2, TRUE},
        {BLOCKED, 0, 3, 0, TRUE},  /* a block lasts */
        {BLOCKED, 0, 0, 3, FALSE}, /* it doesn't: these are blocked by their own */
        {BLOCKED, 0, 0, BREAKER_DOMAINS + 1, FALSE},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(Breaker) self = breaker_new(20);
        guint n = 0, counts[] = {table[i].first, table[i].repeated, table[i].proven};
        for (guint before = BREAKER_FIRST; before <= BREAKER_PROVEN; before++)
            for (guint k = 0; k < counts[before]; k++)
                g_assert_cmpint(again(self, ++n, (BreakerAgain)before, table[i].text), ==,
                                BREAKER_HOLD);
        g_assert_cmpint(breaker_settle(self), ==, table[i].is_us);
    }
    /* As many as end a run are never chance, unless others got theirs. */
    g_autoptr(Breaker) self = breaker_new(20);
    for (guint n = 1; n < 20; n++)
        again(self, n, BREAKER_REPEATED, "nope");
    g_assert_cmpint(again(self, 20, BREAKER_REPEATED, "nope"), ==, BREAKER_TRIP);
    g_autoptr(GError) error = breaker_error(self, NULL);
    g_assert_nonnull(strstr(error->message, "relay.stop_after: 0"));
    for (guint n = 1; n <= 30; n++)
        g_assert_cmpint(again(self, n, BREAKER_PROVEN, "nope"), ==, BREAKER_HOLD);
    g_assert_false(breaker_settle(self));
}

/* What was released when a letter was taken is meant when it is said again, to however many. */
static void test_known_words(void)
{
    g_autoptr(Breaker) self = breaker_new(20);
    again(self, 1, BREAKER_FIRST, "nope");
    again(self, 2, BREAKER_FIRST, BLOCKED);
    sent(self);
    for (guint n = 1; n <= BREAKER_DOMAINS; n++)
        again(self, n, BREAKER_FIRST, "nope");
    g_assert_false(breaker_settle(self));
    again(self, 1, BREAKER_FIRST, BLOCKED);
    again(self, 2, BREAKER_FIRST, BLOCKED);
    g_assert_true(breaker_settle(self)); /* a block may begin at any time */
}

/* For different reasons, each once: each is its recipient's. */
static void test_different_reasons(void)
{
    static const char *const texts[] = {"nope", "never", "not with me", "go away"};
    g_autoptr(Breaker) self = breaker_new(20);
    for (guint n = 0; n < G_N_ELEMENTS(texts); n++)
        g_assert_cmpint(nth(self, n, OUTCOME_REFUSED, 550, "5.7.1", texts[n]), ==, BREAKER_HOLD);
    g_assert_false(breaker_settle(self));
}

static void test_asked_to_wait(void)
{
    g_autoptr(Breaker) self = breaker_new(20);
    for (guint n = 1; n < BREAKER_DOMAINS; n++)
        nth(self, n, OUTCOME_DEFERRED, 452, "4.7.1", "too many messages, try again in 40 minutes");
    g_assert_cmpint(
        nth(self, 9, OUTCOME_DEFERRED, 452, "4.7.1", "too many messages, try again in 40 minutes"),
        ==, BREAKER_TRIP);
    g_autoptr(GError) error = breaker_error(self, NULL);
    g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_LATER);
    g_assert_cmpuint(breaker_wait(self), ==, 2400);
    breaker_reset(self);
    g_assert_cmpuint(breaker_wait(self), ==, 0);
}

/* What is put off is waited for even where refusals never end a run. */
static void test_never_stops(void)
{
    g_autoptr(Breaker) self = breaker_new(0);
    sent(self);
    for (guint n = 0; n < 50; n++)
        g_assert_cmpint(nth(self, n, OUTCOME_REFUSED, 550, "5.7.1", "nope"), ==, BREAKER_HOLD);
    for (guint n = 1; n < BREAKER_ROW; n++)
        g_assert_cmpint(nth(self, n, OUTCOME_DEFERRED, 451, "4.7.1", "later"), ==, BREAKER_HOLD);
    g_assert_cmpint(nth(self, 99, OUTCOME_DEFERRED, 451, "4.7.1", "later"), ==, BREAKER_TRIP);
    for (guint n = 1; n < BREAKER_HELD_MAX; n++)
        g_assert_cmpint(nth(self, n, OUTCOME_REFUSED, 550, "5.7.1", "nope"), ==, BREAKER_HOLD);
    g_assert_cmpint(nth(self, 1, OUTCOME_REFUSED, 550, "5.7.1", "nope"), ==, BREAKER_RELEASE);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/breaker/recipients-by-words", test_recipients_by_words);
    g_test_add_func("/breaker/codes-of-all", test_codes_of_all);
    g_test_add_func("/breaker/limit-of-class-5", test_limit_of_class_5);
    g_test_add_func("/breaker/poison-at-every-place", test_poison_at_every_place);
    g_test_add_func("/breaker/block", test_block);
    g_test_add_func("/breaker/one-domain", test_one_domain);
    g_test_add_func("/breaker/in-the-middle", test_in_the_middle);
    g_test_add_func("/breaker/unknown-words", test_unknown_words);
    g_test_add_func("/breaker/recipients", test_recipients);
    g_test_add_func("/breaker/no-reply", test_no_reply);
    g_test_add_func("/breaker/the-end", test_the_end);
    g_test_add_func("/breaker/said-again", test_said_again);
    g_test_add_func("/breaker/known-words", test_known_words);
    g_test_add_func("/breaker/put-off-alone", test_put_off_alone);
    g_test_add_func("/breaker/different-reasons", test_different_reasons);
    g_test_add_func("/breaker/asked-to-wait", test_asked_to_wait);
    g_test_add_func("/breaker/never-stops", test_never_stops);
    return g_test_run();
}
