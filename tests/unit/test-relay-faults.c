/* test-relay-faults - every accident at every stage of a mailing of three letters, against a real
 * server
 *
 * A letter whose connection fails it goes to a new one: such a row is run with the accident once,
 * and the letter is sent, and with the accident at the second try as well, which is what the row
 * says.
 *
 * Rows run side by side, for the silences take two seconds each. Of each row is checked: the
 * outcome of the second letter, that of the others, what run() said, and that the account agrees
 * with what the server took.
 */
#include "fake-smtp.h"
#include "side-by-side.h"

enum { PIPELINING = 1, LOCK_STEP = 2, BOTH = 3, MOVES = 4 };

typedef struct {
    const char *fault; /* JSON of tests/fake/smtp.py, with ' for " */
    guint modes;
    OutcomeKind kind; /* of the second letter */
    int code;
    const char *stage;
    int error;         /* kind of run()'s error, or NONE */
    guint sent;        /* of the three */
    guint connections; /* that the server has seen */
    gsize size;        /* of a letter */
} Row;

enum { NONE = -1, TEMPORARY = CIRCULAR_ERROR_TEMPORARY, REMOTE = CIRCULAR_ERROR_REMOTE };
enum { LARGE = 12 << 20 }; /* more than all the buffers on the way hold */

#define SENT OUTCOME_SENT, 250, "message"

static const Row rows[] = {
    /* MAIL: a connection that dies here had died before; its letter goes to another one */
    {"'stage':'mail','do':'drop'", BOTH, SENT, NONE, 3, 2, 0},
    {"'stage':'mail','do':'rst'", BOTH, SENT, NONE, 3, 2, 0},
    {"'stage':'mail','do':'hang'", BOTH, SENT, NONE, 3, 2, 0},
    {"'stage':'mail','do':'drip'", PIPELINING, SENT, NONE, 3, 2, 0},
    {"'stage':'mail','do':'garbage'", BOTH, SENT, NONE, 3, 2, 0},
    {"'stage':'mail','do':'reply','text':'421 4.7.0 enough','then':'drop'", BOTH, SENT, NONE, 3, 2,
     0},
    {"'stage':'mail','do':'reply','text':'354 go'", BOTH, SENT, NONE, 3, 2, 0},
    {"'stage':'mail','do':'delay','seconds':0.2", BOTH, SENT, NONE, 3, 1, 0},
    {"'stage':'mail','do':'reply','text':'451 4.3.0 later'", BOTH | MOVES, OUTCOME_UNTRIED, 451,
     "MAIL", CIRCULAR_ERROR_LATER, 1, 2, 0},
    {"'stage':'mail','do':'reply','text':'552 5.3.4 too big'", BOTH, OUTCOME_REFUSED, 552, "MAIL",
     NONE, 2, 1, 0},
    {"'stage':'mail','do':'reply','text':'550 5.7.1 not you'", BOTH | MOVES, OUTCOME_UNTRIED, 550,
     "MAIL", REMOTE, 1, 2, 0},
    {"'stage':'mail','do':'reply','text':'530 5.7.0 sign in'", BOTH | MOVES, OUTCOME_UNTRIED, 530,
     "MAIL", CIRCULAR_ERROR_DENIED, 1, 2, 0},
    /* RCPT */
    {"'stage':'rcpt','do':'drop'", BOTH | MOVES, OUTCOME_DEFERRED, 0, "RCPT", NONE, 2, 3, 0},
    {"'stage':'rcpt','do':'rst'", BOTH | MOVES, OUTCOME_DEFERRED, 0, "RCPT", NONE, 2, 3, 0},
    {"'stage':'rcpt','do':'hang'", BOTH | MOVES, OUTCOME_DEFERRED, 0, "RCPT", NONE, 2, 3, 0},
    {"'stage':'rcpt','do':'garbage'", BOTH | MOVES, OUTCOME_DEFERRED, 0, "RCPT", NONE, 2, 3, 0},
    {"'stage':'rcpt','do':'reply','text':'421 4.3.2 down','then':'drop'", BOTH | MOVES,
     OUTCOME_DEFERRED, 421, "RCPT", NONE, 2, 3, 0},
    {"'stage':'rcpt','do':'reply','text':'450 4.2.1 later'", BOTH, OUTCOME_DEFERRED, 450, "RCPT",
     NONE, 2, 1, 0},
    {"'stage':'rcpt','do':'reply','text':'550 5.1.1 who?'", BOTH, OUTCOME_REFUSED, 550, "RCPT",
     NONE, 2, 1, 0},
    {"'stage':'rcpt','do':'reply','text':'550-5.7.1 one\\r\\n550-5.7.1 two\\r\\n550 5.7.1 three'",
     BOTH | MOVES, OUTCOME_REFUSED, 550, "RCPT", NONE, 2, 2, 0},
    {"'stage':'rcpt','do':'reply','text':'553 5.7.1 Sender address rejected'", BOTH | MOVES,
     OUTCOME_REFUSED, 553, "RCPT", NONE, 2, 2, 0},
    {"'stage':'rcpt','do':'reply','text':'550 5.1.1 who?','then':'drop'", LOCK_STEP,
     OUTCOME_REFUSED, 550, "RCPT", NONE, 2, 2, 0},
    /* DATA */
    {"'stage':'data','do':'drop'", BOTH | MOVES, OUTCOME_DEFERRED, 0, "DATA", NONE, 2, 3, 0},
    {"'stage':'data','do':'rst'", BOTH | MOVES, OUTCOME_DEFERRED, 0, "DATA", NONE, 2, 3, 0},
    {"'stage':'data','do':'hang'", BOTH | MOVES, OUTCOME_DEFERRED, 0, "DATA", NONE, 2, 3, 0},
    {"'stage':'data','do':'garbage'", BOTH | MOVES, OUTCOME_DEFERRED, 0, "DATA", NONE, 2, 3, 0},
    {"'stage':'data','do':'reply','text':'421 4.3.2 down','then':'drop'", BOTH | MOVES,
     OUTCOME_DEFERRED, 421, "DATA", NONE, 2, 3, 0},
    {"'stage':'data','do':'reply','text':'250 ok'", BOTH | MOVES, OUTCOME_DEFERRED, 0, "DATA", NONE,
     2, 3, 0},
    {"'stage':'data','do':'reply','text':'451 4.3.0 later'", BOTH | MOVES, OUTCOME_DEFERRED, 451,
     "DATA", NONE, 2, 2, 0},
    {"'stage':'data','do':'reply','text':'554 5.7.1 no'", BOTH | MOVES, OUTCOME_REFUSED, 554,
     "DATA", NONE, 2, 2, 0},
    {"'stage':'data','do':'reply','text':'550 5.4.5 daily limit'", BOTH | MOVES, OUTCOME_REFUSED,
     550, "DATA", NONE, 2, 2, 0},
    /* in the message, before its end has left */
    {"'stage':'body','do':'drop','bytes':100000", BOTH | MOVES, OUTCOME_DEFERRED, 0, "message",
     NONE, 2, 3, LARGE},
    {"'stage':'body','do':'rst','bytes':100000", BOTH | MOVES, OUTCOME_DEFERRED, 0, "message", NONE,
     2, 3, LARGE},
    {"'stage':'body','do':'stop-reading','bytes':100000", BOTH | MOVES, OUTCOME_DEFERRED, 0,
     "message", NONE, 2, 3, LARGE},
    {"'stage':'body','do':'garbage','bytes':100000", BOTH | MOVES, OUTCOME_DEFERRED, 0, "message",
     NONE, 2, 3, LARGE},
    {"'stage':'body','do':'reply','text':'552 5.3.4 too big','bytes':100000", BOTH, OUTCOME_REFUSED,
     552, "message", NONE, 2, 2, LARGE},
    {"'stage':'body','do':'reply','text':'421 4.3.2 down','bytes':100000", BOTH | MOVES,
     OUTCOME_DEFERRED, 421, "message", NONE, 2, 3, LARGE},
    /* and after it has left: it was in the kernel's hands, and nobody knows */
    {"'stage':'body','do':'drop','bytes':10", BOTH, OUTCOME_UNKNOWN, 0, "message", NONE, 2, 2, 0},
    /* after the dot */
    {"'stage':'dot','do':'drop'", BOTH, OUTCOME_UNKNOWN, 0, "message", NONE, 2, 2, 0},
    {"'stage':'dot','do':'drop','took':true", BOTH, OUTCOME_UNKNOWN, 0, "message", NONE, 2, 2, 0},
    {"'stage':'dot','do':'rst','took':true", BOTH, OUTCOME_UNKNOWN, 0, "message", NONE, 2, 2, 0},
    {"'stage':'dot','do':'hang','took':true", BOTH, OUTCOME_UNKNOWN, 0, "message", NONE, 2, 2, 0},
    {"'stage':'dot','do':'drip','took':true", PIPELINING, OUTCOME_UNKNOWN, 0, "message", NONE, 2, 2,
     0},
    {"'stage':'dot','do':'delay','seconds':20,'took':true", PIPELINING, OUTCOME_UNKNOWN, 0,
     "message", NONE, 2, 2, 0},
    {"'stage':'dot','do':'delay','seconds':0.4", BOTH, SENT, NONE, 3, 1, 0},
    {"'stage':'dot','do':'garbage','took':true", BOTH, OUTCOME_UNKNOWN, 0, "message", NONE, 2, 2,
     0},
    {"'stage':'dot','do':'reply','text':'354 go on'", BOTH, OUTCOME_UNKNOWN, 0, "message", NONE, 2,
     2, 0},
    {"'stage':'dot','do':'reply','text':'421 4.3.2 down','then':'drop'", BOTH | MOVES,
     OUTCOME_DEFERRED, 421, "message", NONE, 2, 3, 0},
    {"'stage':'dot','do':'reply','text':'452 4.3.1 disk full'", BOTH | MOVES, OUTCOME_DEFERRED, 452,
     "message", NONE, 2, 2, 0},
    {"'stage':'dot','do':'reply','text':'554 5.7.1 spam'", BOTH, OUTCOME_REFUSED, 554, "message",
     NONE, 2, 1, 0},
    {"'stage':'dot','do':'reply','text':'550 5.1.90 limit'", BOTH | MOVES, OUTCOME_REFUSED, 550,
     "message", NONE, 2, 2, 0},
    {"'stage':'dot','do':'reply','text':'251 fine','took':true", BOTH, OUTCOME_SENT, 251, "message",
     NONE, 3, 1, 0},
    /* between two letters */
    {"'stage':'idle','do':'reply'", BOTH, SENT, NONE, 3, 2, 0},
};

static const char *const kinds[] = {"sent", "deferred", "refused", "unknown", "untried"};

static const Row moved = {.kind = OUTCOME_SENT,
                          .code = 250,
                          .stage = "message",
                          .error = NONE,
                          .sent = 3,
                          .connections = 2};

static char *check(const Row *row, const Letters *letters, guint port, const GError *error)
{
    int kind = error ? error->code : NONE;
    if (kind != row->error)
        return g_strdup_printf("run: %s", error ? error->message : "no error");
    if (letters->given < 2 || letters->letters[2].outcomes != 1)
        return g_strdup("the second letter has no outcome");
    if (letters->letters[2].kind != row->kind || letters->letters[2].code != row->code ||
        !g_str_equal(letters->letters[2].stage, row->stage))
        return g_strdup_printf("second letter: %s, %d, %s, '%s'", kinds[letters->letters[2].kind],
                               letters->letters[2].code, letters->letters[2].stage,
                               letters->letters[2].text);
    if (letters_count(letters, OUTCOME_SENT) != row->sent)
        return g_strdup_printf("%u letters sent", letters_count(letters, OUTCOME_SENT));
    if (fake_count(port, "connections") != row->connections)
        return g_strdup_printf("%d connections", (int)fake_count(port, "connections"));
    return letters_account(letters, port);
}

static gboolean in_tls; /* the cases are run with it, or without */

/* A row makes a case with pipelining, and one without; each of them with the accident once or twice.
 */
static char *check_case(guint index, guint seconds)
{
    const Row *row = &rows[index / 4];
    gboolean is_twice = index % 4 > 1;
    if (is_twice && !(row->modes & MOVES))
        return NULL;
    gboolean pipelining = index % 2 == 0;
    if (!(row->modes & (pipelining ? PIPELINING : LOCK_STEP)))
        return NULL;
    if (in_tls && row->size && !pipelining)
        return NULL; /* slow, and shows nothing new */
    /* "idle" is reached after each message; all others once a letter: the second is meant */
    gboolean is_idle = strstr(row->fault, "'idle'") != NULL;
    g_autofree char *script = g_strdup_printf(
        "{'extensions':[%s'SIZE 99999999','8BITMIME'],'tls':'%s','receive_buffer':8192,"
        "'faults':[{'nth':%d,%s}%s%s%s]}",
        pipelining ? "'PIPELINING'," : "", in_tls ? "starttls" : "none", is_idle ? 1 : 2,
        row->fault, is_twice ? ",{'nth':3," : "", is_twice ? row->fault : "", is_twice ? "}" : "");
    guint port = fake_serve(script);
    g_autofree char *ca = fake_file("ca.pem");
    RelayOptions options = relay_options(port);
    options.timeout = options.final = seconds;
    options.ca_file = ca;
    options.tls = in_tls ? TLS_STARTTLS : TLS_NONE;
    g_autoptr(Letters) letters = letters_new(3);
    g_autoptr(GError) error = NULL;
    letters->size = row->size;
    relay_run(&options, letters, &error);
    return check((row->modes & MOVES) && !is_twice ? &moved : row, letters, port, error);
}

static const char *case_name(guint index)
{
    return rows[index / 4].fault;
}

static void test_rows(gconstpointer data)
{
    in_tls = GPOINTER_TO_INT(data);
    cases_run(G_N_ELEMENTS(rows) * 4, check_case, case_name);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    if (!fake_start()) {
        g_print("1..0 # SKIP needs python3 and openssl, and to run in the project's folder\n");
        return 0;
    }
    g_test_add_data_func("/relay/faults/plain", GINT_TO_POINTER(FALSE), test_rows);
    g_test_add_data_func("/relay/faults/tls", GINT_TO_POINTER(TRUE), test_rows);
    int status = g_test_run();
    fake_stop();
    return status;
}
