/* test-session - every reply at every stage, pipelined and in lock step, against a model of a
 * server */
#include <string.h>

#include "smtp-model.h"

static const char dotted[] = "Subject: x\r\n\r\n.dots\r\n..\r\n"
                             "0123456789012345678901234567890123456789\r\nend\r\n";

static const char plain[] = "Subject: x\r\n\r\nno dots\r\n"
                            "0123456789012345678901234567890123456789\r\nend\r\n";
static const char *message = dotted;

static Envelope envelope(guint64 number)
{
    static struct iovec pieces[3];
    gsize length = strlen(message);
    pieces[0] = (struct iovec){(char *)message, 12};
    pieces[1] = (struct iovec){(char *)message + 12, length - 13};
    pieces[2] = (struct iovec){(char *)message + length - 1, 1};
    return (Envelope){.number = number,
                      .sender = "news@example.org",
                      .recipient = "head@school.example",
                      .pieces = pieces,
                      .n_pieces = G_N_ELEMENTS(pieces),
                      .length = length,
                      .is_plain = message == plain};
}

static Session *session(gboolean pipelining)
{
    Extensions offered = {.pipelining = pipelining, .size = TRUE};
    return session_new(&offered);
}

typedef struct {
    At at;
    const char *reply;
    SessionResult result;
    OutcomeKind kind;
    int code;
    const char *enhanced, *stage;
    gboolean over;
} Row;

static const Row rows[] = {
    {AT_MAIL, NULL, SESSION_OUTCOME, OUTCOME_SENT, 250, "2.0.0", "message", FALSE},
    {AT_MAIL, "251 ok", SESSION_OUTCOME, OUTCOME_SENT, 250, "2.0.0", "message", FALSE},
    {AT_MAIL, "451 4.3.0 later", SESSION_UNWANTED, OUTCOME_UNTRIED, 451, "4.3.0", "MAIL", FALSE},
    {AT_MAIL, "452 4.3.4 big", SESSION_OUTCOME, OUTCOME_DEFERRED, 452, "4.3.4", "MAIL", FALSE},
    {AT_MAIL, "421 4.3.2 closing", SESSION_UNWANTED, OUTCOME_UNTRIED, 421, "4.3.2", "MAIL", TRUE},
    {AT_MAIL, "221 2.0.0 bye", SESSION_UNWANTED, OUTCOME_UNTRIED, 221, "2.0.0", "MAIL", TRUE},
    {AT_MAIL, "503 5.5.1 order", SESSION_UNWANTED, OUTCOME_UNTRIED, 503, "5.5.1", "MAIL", FALSE},
    {AT_MAIL, "550 5.7.1 no", SESSION_UNWANTED, OUTCOME_UNTRIED, 550, "5.7.1", "MAIL", FALSE},
    {AT_MAIL, "530 5.7.0 sign in", SESSION_UNWANTED, OUTCOME_UNTRIED, 530, "5.7.0", "MAIL", FALSE},
    {AT_MAIL, "552 5.3.4 big", SESSION_OUTCOME, OUTCOME_REFUSED, 552, "5.3.4", "MAIL", FALSE},
    {AT_MAIL, "354 go", SESSION_OUTCOME, OUTCOME_DEFERRED, 0, "", "MAIL", TRUE},
    {AT_MAIL, "hello", SESSION_OUTCOME, OUTCOME_DEFERRED, 0, "", "MAIL", TRUE},
    {AT_MAIL, DROP, SESSION_OUTCOME, OUTCOME_DEFERRED, 0, "", "MAIL", TRUE},
    {AT_RCPT, "252 maybe", SESSION_OUTCOME, OUTCOME_SENT, 250, "2.0.0", "message", FALSE},
    {AT_RCPT, "450 4.2.1 later", SESSION_OUTCOME, OUTCOME_DEFERRED, 450, "4.2.1", "RCPT", FALSE},
    {AT_RCPT, "421 4.3.2 closing", SESSION_OUTCOME, OUTCOME_DEFERRED, 421, "4.3.2", "RCPT", TRUE},
    {AT_RCPT, "221 2.0.0 bye", SESSION_OUTCOME, OUTCOME_DEFERRED, 221, "2.0.0", "RCPT", TRUE},
    {AT_RCPT, "500 5.5.1 what", SESSION_OUTCOME, OUTCOME_DEFERRED, 500, "5.5.1", "RCPT", FALSE},
    {AT_RCPT, "503 5.5.1 order", SESSION_OUTCOME, OUTCOME_DEFERRED, 503, "5.5.1", "RCPT", FALSE},
    {AT_RCPT, "550 5.7.1 Relay access denied", SESSION_OUTCOME, OUTCOME_REFUSED, 550, "5.7.1",
     "RCPT", FALSE},
    {AT_RCPT, "550 5.1.1 who", SESSION_OUTCOME, OUTCOME_REFUSED, 550, "5.1.1", "RCPT", FALSE},
    {AT_RCPT, "550-5.1.1 who\r\n550 5.1.1 not he", SESSION_OUTCOME, OUTCOME_REFUSED, 550, "5.1.1",
     "RCPT", FALSE},
    {AT_RCPT, "530 5.7.0 sign in", SESSION_OUTCOME, OUTCOME_REFUSED, 530, "5.7.0", "RCPT", FALSE},
    {AT_RCPT, "354 go", SESSION_OUTCOME, OUTCOME_DEFERRED, 0, "", "RCPT", TRUE},
    {AT_RCPT, "garbage", SESSION_OUTCOME, OUTCOME_DEFERRED, 0, "", "RCPT", TRUE},
    {AT_RCPT, DROP, SESSION_OUTCOME, OUTCOME_DEFERRED, 0, "", "RCPT", TRUE},
    {AT_DATA, "250 ok", SESSION_OUTCOME, OUTCOME_DEFERRED, 0, "", "DATA", TRUE},
    {AT_DATA, "451 4.3.0 later", SESSION_OUTCOME, OUTCOME_DEFERRED, 451, "4.3.0", "DATA", FALSE},
    {AT_DATA, "421 closing", SESSION_OUTCOME, OUTCOME_DEFERRED, 421, "", "DATA", TRUE},
    {AT_DATA, "554 5.7.1 no", SESSION_OUTCOME, OUTCOME_REFUSED, 554, "5.7.1", "DATA", FALSE},
    {AT_DATA, "550 5.4.5 daily limit", SESSION_OUTCOME, OUTCOME_REFUSED, 550, "5.4.5", "DATA",
     FALSE},
    {AT_DATA, "355 go on", SESSION_OUTCOME, OUTCOME_DEFERRED, 0, "", "DATA", TRUE},
    {AT_DATA, "??", SESSION_OUTCOME, OUTCOME_DEFERRED, 0, "", "DATA", TRUE},
    {AT_DATA, DROP, SESSION_OUTCOME, OUTCOME_DEFERRED, 0, "", "DATA", TRUE},
    {AT_BODY, "451 4.3.0 disk", SESSION_OUTCOME, OUTCOME_DEFERRED, 451, "4.3.0", "message", TRUE},
    {AT_BODY, "552 5.3.4 big", SESSION_OUTCOME, OUTCOME_REFUSED, 552, "5.3.4", "message", TRUE},
    {AT_BODY, "421 closing", SESSION_OUTCOME, OUTCOME_DEFERRED, 421, "", "message", TRUE},
    {AT_BODY, "250 ok", SESSION_OUTCOME, OUTCOME_DEFERRED, 0, "", "message", TRUE},
    {AT_BODY, "354 go", SESSION_OUTCOME, OUTCOME_DEFERRED, 0, "", "message", TRUE},
    {AT_BODY, "??", SESSION_OUTCOME, OUTCOME_DEFERRED, 0, "", "message", TRUE},
    {AT_BODY, DROP, SESSION_OUTCOME, OUTCOME_DEFERRED, 0, "", "message", TRUE},
    {AT_DOT, "251 ok", SESSION_OUTCOME, OUTCOME_SENT, 251, "", "message", FALSE},
    {AT_DOT, "451 4.3.0 later", SESSION_OUTCOME, OUTCOME_DEFERRED, 451, "4.3.0", "message", FALSE},
    {AT_DOT, "550 5.7.1 spam", SESSION_OUTCOME, OUTCOME_REFUSED, 550, "5.7.1", "message", FALSE},
    {AT_DOT, "552 5.3.4 big", SESSION_OUTCOME, OUTCOME_REFUSED, 552, "5.3.4", "message", TRUE},
    {AT_DOT, "221 2.0.0 bye", SESSION_OUTCOME, OUTCOME_UNKNOWN, 0, "", "message", TRUE},
    {AT_DOT, "550 5.4.5 quota", SESSION_OUTCOME, OUTCOME_REFUSED, 550, "5.4.5", "message", FALSE},
    {AT_DOT, "421 4.3.2 closing", SESSION_OUTCOME, OUTCOME_DEFERRED, 421, "4.3.2", "message", TRUE},
    {AT_DOT, "354 go on", SESSION_OUTCOME, OUTCOME_UNKNOWN, 0, "", "message", TRUE},
    {AT_DOT, "garbage", SESSION_OUTCOME, OUTCOME_UNKNOWN, 0, "", "message", TRUE},
    {AT_DOT, DROP, SESSION_OUTCOME, OUTCOME_UNKNOWN, 0, "", "message", TRUE},
};

static void check_row(const Row *row, gboolean pipelining, gsize window, gsize piece)
{
    g_autoptr(Session) self = session(pipelining);
    Server server;
    Outcome outcome;
    server_init(&server);
    server.script[row->at] = row->reply;
    server.window = window;
    server.piece = piece;
    Envelope one = envelope(41);
    session_begin(self, &one);
    SessionResult result = drive(self, &server, &outcome);
    g_assert_cmpint(result, ==, row->result);
    g_assert_cmpint(outcome.kind, ==, row->kind);
    g_assert_cmpuint(outcome.number, ==, 41);
    g_assert_cmpint(outcome.code, ==, row->code);
    g_assert_cmpstr(outcome.enhanced, ==, row->enhanced);
    g_assert_cmpstr(outcome.stage, ==, row->stage);
    g_assert_nonnull(outcome.text);
    g_assert_cmpint(session_is_over(self), ==, row->over);
    g_assert_cmpint(session_is_ready(self), ==, !row->over);
    g_assert_cmpuint(server.taken, ==, row->kind == OUTCOME_SENT);
    if (row->kind == OUTCOME_SENT)
        g_assert_cmpstr(server.taken_message->str, ==, message);

    if (!row->over) { /* the connection is as good as new */
        memset(server.script, 0, sizeof server.script);
        guint taken = server.taken;
        Envelope two = envelope(42);
        session_begin(self, &two);
        g_assert_cmpint(drive(self, &server, &outcome), ==, SESSION_OUTCOME);
        g_assert_cmpint(outcome.kind, ==, OUTCOME_SENT);
        g_assert_cmpuint(outcome.number, ==, 42);
        g_assert_cmpuint(server.taken, ==, taken + 1);
        g_assert_cmpuint(session_completed(self), ==, 2);
    }
    server_finish(&server);
}

static void test_rows(void)
{
    static const gsize sizes[] = {1, 13, 100000};
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        for (int pipelining = 0; pipelining < 2; pipelining++)
            for (gsize w = 0; w < 3; w++)
                for (gsize p = 0; p < 3; p++)
                    /* byte by byte, so that an answer in the body comes before the dot is sent */
                    if (rows[i].at != AT_BODY || sizes[w] == 1)
                        check_row(&rows[i], pipelining, sizes[w], sizes[p]);
}

/* Whatever a server answers, to every command of two transactions: what it took is SENT or UNKNOWN,
 * what it did not take is never SENT, and the first letter's replies don't reach the second. */
static void test_every_combination(void)
{
    static const char *const replies[] = {NULL,          "250 x",   "354 x", "450 4.0.0 x",
                                          "550 5.0.0 x", "421 bye", "?",     DROP};
    enum { N = G_N_ELEMENTS(replies) };
    for (guint n = 0; n < N * N * N * N * N * 2; n++) {
        gboolean pipelining = n % 2;
        guint rest = n / 2;
        g_autoptr(Session) self = session(pipelining);
        Server server;
        Outcome outcome;
        server_init(&server);
        server.window = 100000;
        for (At at = AT_MAIL; at < STAGES; at++) {
            if (at == AT_BODY)
                continue;
            server.script[at] = replies[rest % N];
            rest /= N;
        }
        server.script[AT_RSET] = replies[rest % N];

        for (guint64 number = 1; number <= 2 && session_is_ready(self); number++) {
            Envelope one = envelope(number);
            guint taken = server.taken;
            session_begin(self, &one);
            SessionResult result = drive(self, &server, &outcome);
            g_assert_cmpint(result, !=, SESSION_NOTHING);
            g_assert_cmpuint(outcome.number, ==, number);
            g_assert_cmpint(result == SESSION_UNWANTED, ==, outcome.kind == OUTCOME_UNTRIED);
            if (server.taken > taken)
                g_assert_true(outcome.kind == OUTCOME_SENT || outcome.kind == OUTCOME_UNKNOWN);
            else
                g_assert_cmpint(outcome.kind, !=, OUTCOME_SENT);
            if (result == SESSION_MISSED)
                g_assert_true(number == 2 && session_is_over(self));
            g_assert_cmpuint(server.taken, <=, taken + 1);
            memset(server.script, 0, sizeof server.script - sizeof server.script[AT_RSET]);
            server.script[AT_RSET] = replies[rest % N];
        }
        server_finish(&server);
    }
}

/* A follower's commands leave with the end of the message before it, and its own message only after
 * the answer to that. */
static void test_follower_commands(void)
{
    g_autoptr(Session) self = session(TRUE);
    Outcome outcome;
    gsize length;
    Envelope one = envelope(1), two = envelope(2);
    static const char go[] = "250 ok\r\n250 ok\r\n354 go on\r\n";
    g_assert_false(session_may_follow(self));
    session_begin(self, &one);
    g_assert_false(session_may_follow(self));
    session_output(self, &length);
    session_sent(self, length);
    session_feed(self, go, sizeof go - 1);
    g_assert_true(session_may_follow(self));
    session_follow(self, &two);
    g_assert_false(session_may_follow(self));
    g_autofree char *out = g_strdup(session_output(self, &length));
    g_assert_true(g_str_has_suffix(out, "\r\nend\r\n.\r\nMAIL FROM:<news@example.org> SIZE=72\r\n"
                                        "RCPT TO:<head@school.example>\r\nDATA\r\n"));
    gsize end = (gsize)(strstr(out, ".\r\nMAIL") + 3 - out);
    session_sent(self, end - 5);
    g_assert_true(session_commits(self));
    session_sent(self, 1);
    g_assert_false(session_commits(self));
    session_sent(self, length - end + 4);
    session_feed(self, "250 2.0.0 queued\r\n", 18);
    g_assert_cmpint(session_take(self, &outcome), ==, SESSION_OUTCOME);
    g_assert_cmpuint(outcome.number, ==, 1);
    g_assert_cmpint(outcome.kind, ==, OUTCOME_SENT);
    session_output(self, &length);
    g_assert_cmpuint(length, ==, 0); /* the second message waits for its 354 */
    session_feed(self, go, sizeof go - 1);
    session_output(self, &length);
    g_assert_cmpuint(length, ==, end);

    g_autoptr(Session) step = session(FALSE);
    Server server;
    server_init(&server);
    const Envelope *follower = &two;
    session_begin(step, &one);
    g_assert_cmpint(drive_with(step, &server, &follower, &outcome), ==, SESSION_OUTCOME);
    g_assert_nonnull(follower); /* nothing follows where the server offers no PIPELINING */
    server_finish(&server);
}

static void check_follower(const char *const *replies, guint count, guint rest, gsize window)
{
    static const char other[] = "Subject: y\r\n\r\nthe second message, which is another one\r\n";
    const char *then[STAGES] = {NULL};
    g_autoptr(Session) self = session(TRUE);
    Server server;
    Outcome outcome;
    server_init(&server);
    server.window = window;
    server.piece = window;
    server.then = then;
    server.script[AT_DOT] = replies[rest % count];
    for (At at = AT_MAIL; at < STAGES; at++)
        if (at != AT_BODY)
            then[at] = replies[(rest /= count) % count];
    Envelope one = envelope(1), two = envelope(2);
    struct iovec second = {(char *)other, sizeof other - 1};
    two.pieces = &second;
    two.n_pieces = 1;
    two.length = sizeof other - 1;
    const Envelope *follower = &two;
    session_begin(self, &one);
    SessionResult first = drive_with(self, &server, &follower, &outcome);
    g_assert_cmpuint(outcome.number, ==, 1);
    g_assert_null(follower);
    gboolean first_is_sent = outcome.kind == OUTCOME_SENT;
    g_assert_true(first == SESSION_OUTCOME || first == SESSION_UNWANTED);
    g_assert_cmpint(drive(self, &server, &outcome), !=, SESSION_NOTHING);
    g_assert_cmpuint(outcome.number, ==, 2);
    g_assert_cmpint(session_take(self, &outcome), ==, SESSION_NOTHING);
    g_assert_cmpuint(server.taken, <=, 2);
    if (first_is_sent && outcome.kind == OUTCOME_SENT)
        g_assert_cmpuint(server.taken, ==, 2);
    if (g_str_equal(server.taken_message->str, other))
        g_assert_true(outcome.kind == OUTCOME_SENT || outcome.kind == OUTCOME_UNKNOWN);
    else
        g_assert_cmpint(outcome.kind, !=, OUTCOME_SENT);
    server_finish(&server);
}

/* The same for a letter that follows another, whatever is answered to both. */
static void test_every_follower(void)
{
    static const char *const replies[] = {NULL,          "250 x",   "354 x", "450 4.0.0 x",
                                          "550 5.0.0 x", "421 bye", "?",     DROP};
    static const gsize windows[] = {1, 100000};
    enum { N = G_N_ELEMENTS(replies) };
    for (guint n = 0; n < N * N * N * N * N; n++)
        check_follower(replies, N, n, windows[n % 7 == 0 ? 0 : 1]);
}

static void test_commands(void)
{
    for (int pipelining = 0; pipelining < 2; pipelining++) {
        g_autoptr(Session) self = session(pipelining);
        Server server;
        Outcome outcome;
        server_init(&server);
        server.script[AT_RCPT] = "550 5.1.1 who";
        Envelope one = envelope(1);
        session_begin(self, &one);
        drive(self, &server, &outcome);
        server.script[AT_RCPT] = NULL;
        session_begin(self, &one);
        drive(self, &server, &outcome);
        session_quit(self);
        drive(self, &server, &outcome);
        g_assert_true(session_is_over(self));
        g_assert_cmpstr(server.log->str, ==,
                        pipelining
                            ? "MAIL FROM:<news@example.org> SIZE=72|RCPT TO:<head@school.example>|"
                              "DATA|RSET|MAIL FROM:<news@example.org> SIZE=72|"
                              "RCPT TO:<head@school.example>|DATA|Subject: x||..dots|...|"
                              "0123456789012345678901234567890123456789|end|.|QUIT|"
                            : "MAIL FROM:<news@example.org> SIZE=72|RCPT TO:<head@school.example>|"
                              "RSET|MAIL FROM:<news@example.org> SIZE=72|"
                              "RCPT TO:<head@school.example>|DATA|Subject: x||..dots|...|"
                              "0123456789012345678901234567890123456789|end|.|QUIT|");
        server_finish(&server);
    }
}

/* DATA accepted although the only recipient was refused: a lone dot, and nothing is delivered. */
static void test_lone_dot(void)
{
    static const char *const dots[] = {NULL, "250 2.0.0 fine", "451 later", "421 bye", "?", DROP};
    for (gsize i = 0; i < G_N_ELEMENTS(dots); i++) {
        g_autoptr(Session) self = session(TRUE);
        Server server;
        Outcome outcome;
        server_init(&server);
        server.script[AT_RCPT] = "550 5.1.1 who";
        server.script[AT_DATA] = "354 go on";
        server.script[AT_DOT] = dots[i];
        Envelope one = envelope(1);
        session_begin(self, &one);
        g_assert_cmpint(drive(self, &server, &outcome), ==, SESSION_OUTCOME);
        g_assert_cmpint(outcome.kind, ==, OUTCOME_REFUSED);
        g_assert_cmpint(outcome.code, ==, 550);
        g_assert_cmpstr(outcome.stage, ==, "RCPT");
        g_assert_true(g_str_has_suffix(server.log->str, "DATA|.|"));
        g_assert_cmpuint(server.message->len, ==, 0);
        g_assert_cmpint(session_is_over(self), ==, i > 2);
        server_finish(&server);
    }
    /* but a sender refused and a recipient accepted: a dot might deliver something. Say no more. */
    g_autoptr(Session) self = session(TRUE);
    Server server;
    Outcome outcome;
    server_init(&server);
    server.script[AT_MAIL] = "450 later";
    server.script[AT_RCPT] = "250 ok";
    server.script[AT_DATA] = "354 go on";
    Envelope one = envelope(1);
    session_begin(self, &one);
    g_assert_cmpint(drive(self, &server, &outcome), ==, SESSION_UNWANTED);
    g_assert_cmpint(outcome.kind, ==, OUTCOME_UNTRIED);
    g_assert_true(session_is_over(self));
    g_assert_true(g_str_has_suffix(server.log->str, "DATA|"));
    server_finish(&server);
}

/* The connection has served one letter and ends before it has answered to the next: that one goes to
 * another connection. */
static void test_missed(void)
{
    static const struct {
        At at;
        const char *reply;
        SessionResult result;
    } table[] = {{AT_MAIL, DROP, SESSION_MISSED},
                 {AT_MAIL, "421 4.7.0 too many messages", SESSION_MISSED},
                 {AT_MAIL, "?", SESSION_MISSED},
                 {AT_MAIL, "221 2.0.0 bye", SESSION_MISSED},
                 {AT_RCPT, DROP, SESSION_MISSED},
                 {AT_RCPT, "421 bye", SESSION_MISSED},
                 {AT_DATA, DROP, SESSION_MISSED},
                 {AT_DATA, "221 bye", SESSION_MISSED},
                 {AT_DOT, "421 bye", SESSION_OUTCOME}};
    for (gsize i = 0; i < G_N_ELEMENTS(table) * 2; i++) {
        g_autoptr(Session) self = session(i % 2);
        Server server;
        Outcome outcome;
        server_init(&server);
        Envelope one = envelope(1);
        session_begin(self, &one);
        g_assert_cmpint(drive(self, &server, &outcome), ==, SESSION_OUTCOME);
        server.script[table[i / 2].at] = table[i / 2].reply;
        Envelope two = envelope(2);
        session_begin(self, &two);
        g_assert_cmpint(drive(self, &server, &outcome), ==, table[i / 2].result);
        g_assert_cmpint(outcome.kind, ==, OUTCOME_DEFERRED);
        g_assert_cmpuint(outcome.number, ==, 2);
        server_finish(&server);
    }
}

/* Where exactly `deferred` becomes `unknown`: at the first byte of CRLF "." CRLF. */
static void test_dot_boundary(void)
{
    Envelope one = envelope(1);
    struct iovec pieces[SESSION_PIECES];
    gsize wire = strlen(message) + (message == plain ? 0 : 2) + 3; /* dots stuffed, and the end */
    for (gsize count = 0; count <= wire; count++) {
        g_autoptr(Session) self = session(TRUE);
        Outcome outcome;
        gsize length;
        session_begin(self, &one);
        session_output(self, &length);
        session_sent(self, length);
        static const char go[] = "250 ok\r\n250 ok\r\n354 go on\r\n";
        session_feed(self, go, sizeof go - 1);
        session_pieces(self, pieces, &length);
        g_assert_cmpuint(length, ==, wire);
        g_assert_true(message != plain || pieces[1].iov_base == message + 12); /* no copy */
        session_sent(self, count);
        session_lost(self, "no answer within 300 s");
        g_assert_cmpint(session_take(self, &outcome), ==, SESSION_OUTCOME);
        g_assert_cmpint(outcome.kind, ==, count > wire - 5 ? OUTCOME_UNKNOWN : OUTCOME_DEFERRED);
        g_assert_true(g_str_has_prefix(outcome.text, "no answer within 300 s"));
        g_assert_cmpint(session_take(self, &outcome), ==, SESSION_NOTHING);
    }
}

static void test_large_message(void)
{
    g_autoptr(GString) large = g_string_new(NULL);
    while (large->len < 10 * SESSION_WINDOW)
        g_string_append(large, ".a line that begins with a dot\r\n");
    g_autoptr(Session) self = session(TRUE);
    Server server;
    Outcome outcome;
    server_init(&server);
    server.window = 50000;
    Envelope one = envelope(1);
    struct iovec halves[] = {{large->str, large->len / 2},
                             {large->str + large->len / 2, large->len - large->len / 2}};
    one.pieces = halves;
    one.n_pieces = G_N_ELEMENTS(halves);
    one.length = large->len;
    session_begin(self, &one);
    g_assert_cmpint(drive(self, &server, &outcome), ==, SESSION_OUTCOME);
    g_assert_cmpint(outcome.kind, ==, OUTCOME_SENT);
    g_assert_cmpstr(server.taken_message->str, ==, large->str);
    server_finish(&server);
}

/* What comes when nothing was asked ends the session: the next reply must be the next command's. */
static void test_unasked(void)
{
    static const char *const texts[] = {"421 4.4.2 idle\r\n", "250 ok\r\n", "2", "hello\r\n"};
    Envelope one = envelope(1);
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(Session) self = session(TRUE);
        Outcome outcome;
        session_feed(self, texts[i], strlen(texts[i]));
        g_assert_true(session_is_over(self));
        g_assert_false(session_is_ready(self));
        g_assert_cmpint(session_take(self, &outcome), ==, SESSION_NOTHING);

        /* an answer that comes before its command has left */
        g_autoptr(Session) other = session(i % 2);
        session_begin(other, &one);
        session_feed(other, "250 ok\r\n", 8);
        g_assert_true(session_is_over(other));
        g_assert_cmpint(session_take(other, &outcome), ==, SESSION_OUTCOME);
        g_assert_cmpint(outcome.kind, ==, OUTCOME_DEFERRED);
    }
}

/* The same of messages that travel as they are, taken in pieces. */
static void test_in_pieces(void)
{
    message = plain;
    model_takes_pieces = TRUE;
    test_rows();
    test_every_combination();
    test_every_follower();
    test_dot_boundary();
    message = dotted;
    test_every_follower();
    test_large_message();
    model_takes_pieces = FALSE;
}

/* More pieces than can be lent at a time, and a message of many windows, sent in odd steps. */
static void test_many_pieces(void)
{
    g_autoptr(GString) large = g_string_new(NULL);
    g_autoptr(GArray) pieces = g_array_new(FALSE, FALSE, sizeof(struct iovec));
    for (guint i = 0; large->len < 3 * SESSION_WINDOW; i++)
        g_string_append_printf(large, "line %u\r\n", i);
    for (gsize at = 0, run; at < large->len; at += run) {
        run = MIN(1 + at % 997, large->len - at);
        struct iovec piece = {large->str + at, run};
        g_array_append_val(pieces, piece);
    }
    for (gsize step = 1013; step < SESSION_WINDOW; step *= 7) {
        g_autoptr(Session) self = session(TRUE);
        Server server;
        Outcome outcome;
        server_init(&server);
        server.window = step;
        Envelope one = envelope(1), two = envelope(2);
        const Envelope *follower = &two;
        one.pieces = (const struct iovec *)(void *)pieces->data;
        one.n_pieces = pieces->len;
        one.length = large->len;
        one.is_plain = TRUE;
        model_takes_pieces = TRUE;
        session_begin(self, &one);
        g_assert_cmpint(drive_with(self, &server, &follower, &outcome), ==, SESSION_OUTCOME);
        g_assert_cmpint(outcome.kind, ==, OUTCOME_SENT);
        g_assert_cmpstr(server.taken_message->str, ==, large->str);
        g_assert_null(follower);
        g_assert_cmpint(drive(self, &server, &outcome), ==, SESSION_OUTCOME);
        g_assert_cmpint(outcome.kind, ==, OUTCOME_SENT);
        g_assert_cmpstr(server.taken_message->str, ==, message);
        model_takes_pieces = FALSE;
        server_finish(&server);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/session/rows", test_rows);
    g_test_add_func("/session/every-combination", test_every_combination);
    g_test_add_func("/session/follower-commands", test_follower_commands);
    g_test_add_func("/session/every-follower", test_every_follower);
    g_test_add_func("/session/commands", test_commands);
    g_test_add_func("/session/lone-dot", test_lone_dot);
    g_test_add_func("/session/missed", test_missed);
    g_test_add_func("/session/dot-boundary", test_dot_boundary);
    g_test_add_func("/session/large-message", test_large_message);
    g_test_add_func("/session/unasked", test_unasked);
    g_test_add_func("/session/in-pieces", test_in_pieces);
    g_test_add_func("/session/many-pieces", test_many_pieces);
    return g_test_run();
}
