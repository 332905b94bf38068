/* fake-smtp - for tests of the relay: the scripted server of tests/fake, and letters to give the
 * relay
 *
 * A header of static functions, for each test is one program of one file.
 */
#ifndef FAKE_SMTP_H
#define FAKE_SMTP_H

#include <errno.h>
#include <gio/gio.h>
#include <json-glib/json-glib.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "delivery/relay.h"

/* --- the server ------------------------------------------------------------------------------- */

static struct {
    GPid pid;
    int lifeline; /* its standard input: it ends when we do */
    guint16 control;
    char *folder; /* of certificates */
} fake;

static guint16 first_number(int fd)
{
    char text[16] = "";
    for (gsize n = 0; n < sizeof text - 1 && read(fd, text + n, 1) == 1 && text[n] != '\n'; n++)
        ;
    return (guint16)g_ascii_strtoull(text, NULL, 10);
}

/* Makes certificates and starts the server. FALSE, and says so, where that can't be done. */
static gboolean fake_start(void)
{
    g_autoptr(GError) error = NULL;
    int status = 0, out;
    fake.folder = g_dir_make_tmp("circular-relay-XXXXXX", NULL);
    const char *certs[] = {"sh", "tests/fake/certs.sh", fake.folder, NULL};
    if (!g_spawn_sync(NULL, (char **)certs, NULL,
                      G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL | G_SPAWN_STDOUT_TO_DEV_NULL,
                      NULL, NULL, NULL, NULL, &status, &error) ||
        status != 0)
        return FALSE;
    const char *server[] = {"python3",   "tests/fake/smtp.py", "--certs",
                            fake.folder, "--control",          NULL};
    if (!g_spawn_async_with_pipes(NULL, (char **)server, NULL,
                                  G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL,
                                  &fake.pid, &fake.lifeline, &out, NULL, &error))
        return FALSE;
    fake.control = first_number(out);
    close(out);
    return fake.control != 0;
}

static void fake_stop(void)
{
    close(fake.lifeline);
    waitpid(fake.pid, NULL, 0);
    const char *remove[] = {"rm", "-r", fake.folder, NULL};
    g_spawn_sync(NULL, (char **)remove, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
                 NULL);
    g_free(fake.folder);
}

static char *fake_file(const char *name)
{
    return g_build_filename(fake.folder, name, NULL);
}

/* Sends one line to the control port and returns the answer. */
static char *fake_ask(const char *line)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons(fake.control),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) < 0)
        g_error("fake smtp: %s", g_strerror(errno));
    g_autofree char *whole = g_strconcat(line, "\n", NULL);
    if (send(fd, whole, strlen(whole), MSG_NOSIGNAL) < 0)
        g_error("fake smtp: %s", g_strerror(errno));
    GString *answer = g_string_new(NULL);
    char piece[4096];
    ssize_t got;
    while (!strchr(answer->str, '\n') && (got = recv(fd, piece, sizeof piece, 0)) > 0)
        g_string_append_len(answer, piece, got);
    close(fd);
    return g_strchomp(g_string_free(answer, FALSE));
}

/* A new server for this script (JSON, with ' for "); its port. */
static guint fake_serve(const char *script)
{
    g_autofree char *json = g_strdelimit(g_strdup(script), "'", '"');
    g_autofree char *answer = fake_ask(json);
    guint port = (guint)g_ascii_strtoull(answer, NULL, 10);
    if (!port)
        g_error("fake smtp: %s: %s", script, answer);
    return port;
}

/* The server's list of messages, or its counts; to be freed with json_node_unref. */
static JsonNode *fake_json(const char *what, guint port)
{
    g_autofree char *line = g_strdup_printf("%s %u", what, port);
    g_autofree char *answer = fake_ask(line);
    JsonNode *node = json_from_string(answer, NULL);
    if (!node)
        g_error("fake smtp: %s: %s", line, answer);
    return node;
}

static gint64 fake_count(guint port, const char *what)
{
    g_autoptr(JsonNode) stats = fake_json("stats", port);
    return json_object_get_int_member_with_default(json_node_get_object(stats), what, 0);
}

/* --- letters ---------------------------------------------------------------------------------- */

enum { LETTERS_MAX = 1000 };

typedef struct {
    guint total; /* how many supply gives */
    gsize size;  /* bytes of one letter, at least: of the second, or number `large` */
    guint large;
    guint given;            /* so far; letter N has the number N, from 1 */
    guint told;             /* outcomes so far */
    guint stop_at;          /* stop says TRUE after so many outcomes; 0 for never */
    const char *stop_stage; /* or when the server on stop_port has come to this stage; or NULL */
    guint stop_port;
    gint64 stopped;  /* when stop first said TRUE, by g_get_monotonic_time */
    guint freeze_at; /* supply sleeps before this letter ... */
    gint64 freeze;   /* so many microseconds, as a frozen process would */
    gint64 pause;    /* supply says WAIT so many microseconds before each letter; 0 for none */
    gint64 ready_at;
    const char *sender;

    struct {
        char *recipient;
        struct iovec bytes;
        gboolean is_committed;
        guint outcomes;
        OutcomeKind kind;
        int code;
        char *enhanced, *text, *stage;
    } letters[LETTERS_MAX + 1];
    guint in_hand, most_in_hand;
} Letters;

static void letter_write(Letters *self, guint number)
{
    GString *text = g_string_new(NULL);
    g_string_append_printf(text,
                           "From: news@example.org\r\nMessage-ID: <%u@example.org>\r\n"
                           "Subject: letter %u\r\n\r\n.a line\r\n.\r\n..\r\n",
                           number, number);
    while (number == (self->large ? self->large : 2) && text->len < self->size)
        g_string_append(text, "Dear head, this line is here to make the letter longer. So.\r\n");
    self->letters[number].recipient = g_strdup_printf("r%u@example.org", number);
    gsize length = text->len;
    self->letters[number].bytes = (struct iovec){g_string_free(text, FALSE), length};
}

static Supply letters_supply(void *user, Envelope *envelope, gint64 *wait)
{
    Letters *self = user;
    if (self->given == self->total)
        return SUPPLY_END;
    gint64 now = g_get_monotonic_time();
    if (self->pause && !self->ready_at)
        self->ready_at = now + self->pause;
    if (self->pause && now < self->ready_at) {
        *wait = self->ready_at - now;
        return SUPPLY_WAIT;
    }
    self->ready_at = 0;
    guint number = ++self->given;
    if (number == self->freeze_at)
        g_usleep((gulong)self->freeze);
    letter_write(self, number);
    self->in_hand++;
    self->most_in_hand = MAX(self->most_in_hand, self->in_hand);
    *envelope = (Envelope){.number = number,
                           .sender = self->sender ? self->sender : "news@example.org",
                           .recipient = self->letters[number].recipient,
                           .pieces = &self->letters[number].bytes,
                           .n_pieces = 1,
                           .length = self->letters[number].bytes.iov_len};
    return SUPPLY_GIVEN;
}

static void letters_committing(void *user, guint64 number)
{
    Letters *self = user;
    g_assert_cmpuint(self->letters[number].outcomes, ==, 0);
    self->letters[number].is_committed = TRUE;
}

/* A letter whose end may have left must have been announced before: the sender's record of what is
 * in doubt after a crash hangs on it. */
static void letters_outcome(void *user, const Outcome *outcome)
{
    Letters *self = user;
    if (outcome->kind == OUTCOME_SENT || outcome->kind == OUTCOME_UNKNOWN)
        g_assert_true(self->letters[outcome->number].is_committed);
    g_assert_cmpuint(outcome->number, >=, 1);
    g_assert_cmpuint(outcome->number, <=, self->given);
    guint n = (guint)outcome->number;
    self->letters[n].outcomes++;
    self->letters[n].kind = outcome->kind;
    self->letters[n].code = outcome->code;
    self->letters[n].enhanced = g_strdup(outcome->enhanced);
    self->letters[n].text = g_strdup(outcome->text);
    self->letters[n].stage = g_strdup(outcome->stage);
    /* The envelope need not be valid any more: a use of it would show under ASan. */
    g_clear_pointer(&self->letters[n].bytes.iov_base, g_free);
    g_clear_pointer(&self->letters[n].recipient, g_free);
    self->told++;
    self->in_hand--;
}

static gboolean letters_stop(void *user)
{
    Letters *self = user;
    if (!self->stopped && ((self->stop_at && self->told >= self->stop_at) ||
                           (self->stop_stage && fake_count(self->stop_port, self->stop_stage))))
        self->stopped = g_get_monotonic_time();
    return self->stopped != 0;
}

static Letters *letters_new(guint total)
{
    Letters *self = g_new0(Letters, 1);
    self->total = total;
    return self;
}

static void letters_free(Letters *self)
{
    for (guint n = 1; n <= self->given; n++) {
        g_free(self->letters[n].recipient);
        g_free(self->letters[n].bytes.iov_base);
        g_free(self->letters[n].enhanced);
        g_free(self->letters[n].text);
        g_free(self->letters[n].stage);
    }
    g_free(self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Letters, letters_free)

static guint letters_count(const Letters *self, OutcomeKind kind)
{
    guint count = 0;
    for (guint n = 1; n <= self->given; n++)
        count += self->letters[n].outcomes == 1 && self->letters[n].kind == kind;
    return count;
}

/* The whole account: every given letter has one outcome, and it agrees with what the server took:
 * SENT exactly once, UNKNOWN at most once, all others never. What is wrong, or NULL. */
static char *letters_account(const Letters *self, guint port)
{
    guint taken[LETTERS_MAX + 1] = {0};
    g_autoptr(JsonNode) log = fake_json("log", port);
    JsonArray *entries = json_node_get_array(log);
    for (guint i = 0; i < json_array_get_length(entries); i++) {
        JsonObject *entry = json_array_get_object_element(entries, i);
        const char *to =
            json_array_get_string_element(json_object_get_array_member(entry, "recipients"), 0);
        guint n = (guint)g_ascii_strtoull(to + 1, NULL, 10);
        g_autofree char *id = g_strdup_printf("<%u@example.org>", n);
        const char *found = json_object_get_string_member_with_default(entry, "message_id", "");
        if (n < 1 || n > self->given || !g_str_equal(id, found))
            return g_strdup_printf("the server took '%s' for '%s'", found, to);
        if (json_object_get_int_member(entry, "bytes") != (gint64)self->letters[n].bytes.iov_len)
            return g_strdup_printf("letter %u came with another length", n);
        taken[n]++;
    }
    for (guint n = 1; n <= self->given; n++) {
        OutcomeKind kind = self->letters[n].kind;
        if (self->letters[n].outcomes != 1)
            return g_strdup_printf("letter %u has %u outcomes", n, self->letters[n].outcomes);
        guint least = kind == OUTCOME_SENT;
        guint most = kind == OUTCOME_SENT || kind == OUTCOME_UNKNOWN;
        if (taken[n] < least || taken[n] > most)
            return g_strdup_printf("letter %u was taken %u times, and its outcome is %d", n,
                                   taken[n], kind);
    }
    return NULL;
}

/* --- the relay -------------------------------------------------------------------------------- */

static char *fixed_secret(void *user, GError **error)
{
    (void)error;
    return g_strdup(user);
}

static RelayOptions relay_options(guint port)
{
    return (RelayOptions){.host = "localhost",
                          .port = port,
                          .tls = TLS_NONE,
                          .hello = "mailer.example.org",
                          .auth = "auto",
                          .secret = fixed_secret,
                          .connections = 1,
                          .timeout = 60};
}

static gboolean relay_run(const RelayOptions *options, Letters *letters, GError **error)
{
    Transport *relay = relay_new(options, error);
    if (!relay)
        return FALSE;
    TransportCalls calls = {.supply = letters_supply,
                            .committing = letters_committing,
                            .outcome = letters_outcome,
                            .stop = letters_stop,
                            .user = letters};
    gboolean ok = relay->class->run(relay, &calls, error);
    relay->class->free(relay);
    return ok;
}

#endif
