/* test-crash-ledger - a mailing stopped at every step, gone on with, and nobody missed or doubled
 *
 * The program runs itself as a sender, which tells the world of each letter by a line in a file
 * (one write(2): it has left, whatever becomes of the sender). It is stopped by stop-after=N for
 * every durable step N, and by a limit on the size of files, at which the kernel kills it in the
 * middle of a write. Then it goes on until the mailing is done, and the world is compared with the
 * ledger.
 */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "ledger/deliveries.h"
#include "ledger/mailings.h"

/* The first of a ledger has the number 1. */
static const Mailing M = {.number = 1, .id = (char *)"m"};

enum { LETTERS = 23, BATCH = 4, STEPS_MAX = 200 };

/* --- the sender ------------------------------------------------------------------------------ */

static void check(gboolean ok, const GError *error)
{
    if (!ok)
        g_error("%s", error ? error->message : "failed");
}

static void plan(Ledger *ledger)
{
    g_autoptr(GError) error = NULL;
    Mailing mailing = {.id = g_strdup("m"), .planned = LETTERS};
    check(ledger_begin(ledger, &error) && mailings_add(ledger, &mailing, &error), error);
    for (guint i = 1; i <= LETTERS; i++) {
        g_autofree char *key = g_strdup_printf("%u", 100000 + i);
        Delivery delivery = {.number = i, .key = key, .address = key};
        check(deliveries_add(ledger, &mailing, &delivery, &error), error);
    }
    check(contents_add(ledger, &mailing, "update.md", "# Dear head", 11, NULL, &error), error);
    check(ledger_commit(ledger, &error), error);
    g_free(mailing.id);
}

/* A third is put off at the first attempt, and each seventh is refused. */
static DeliveryResult send_one(int world, const Delivery *delivery)
{
    DeliveryResult result = {.number = delivery->number, .tried = TRUE, .at = 1};
    if (delivery->number % 3 == 0 && delivery->attempts == 0) {
        result.state = DELIVERY_DEFERRED;
        result.code = 451;
    } else if (delivery->number % 7 == 0) {
        result.state = DELIVERY_REFUSED;
        result.code = 550;
    } else {
        g_autofree char *line = g_strdup_printf("%" G_GUINT64_FORMAT "\n", delivery->number);
        check(write(world, line, strlen(line)) == (ssize_t)strlen(line), NULL);
        result.state = DELIVERY_SENT;
        result.code = 250;
    }
    return result;
}

static void run_sender(const char *folder)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(folder, "ledger.db", NULL);
    g_autofree char *sent = g_build_filename(folder, "world", NULL);
    int world = open(sent, O_WRONLY | O_CREAT | O_APPEND, 0600);
    g_autoptr(Ledger) ledger = ledger_open(path, LEDGER_WRITE, &error);
    check(world >= 0 && ledger, error);
    g_autoptr(Mailing) mailing = mailings_find(ledger, "m", NULL);
    if (!mailing)
        plan(ledger);
    guint64 unknown;
    check(deliveries_recover(ledger, &M, 1, &unknown, &error), error);
    for (;;) {
        DeliveryResult results[BATCH];
        g_autoptr(GPtrArray) batch = deliveries_claim(ledger, &M, BATCH, 1, &error);
        check(batch != NULL, error);
        if (batch->len == 0)
            break;
        for (guint i = 0; i < batch->len; i++)
            results[i] = send_one(world, g_ptr_array_index(batch, i));
        check(deliveries_record(ledger, &M, results, batch->len, &error), error);
    }
    close(world);
}

/* --- the drill ------------------------------------------------------------------------------- */

typedef struct {
    int times[LETTERS + 1]; /* that it left */
    char *state[LETTERS + 1];
} World;

/* Runs a sender; its wait status. `hooks` and `room` (bytes of a file, or 0) stop it. */
static int run(const char *folder, const char *hooks, rlim_t room)
{
    int status;
    pid_t child = fork();
    if (child == 0) {
        struct rlimit none = {0, 0}, limit = {room, room};
        setrlimit(RLIMIT_CORE, &none);
        if (room)
            setrlimit(RLIMIT_FSIZE, &limit);
        g_setenv("CIRCULAR_TEST", hooks, TRUE);
        execl("/proc/self/exe", "test-crash-ledger", "--sender", folder, NULL);
        _exit(127);
    }
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    return status;
}

static gboolean keep_state(void *user, const Delivery *delivery)
{
    World *world = user;
    g_assert_true(delivery->number >= 1 && delivery->number <= LETTERS);
    g_assert_null(world->state[delivery->number]);
    world->state[delivery->number] = g_strdup(delivery_state_name(delivery->state));
    return TRUE;
}

static void look(const char *folder, World *world)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(folder, "ledger.db", NULL);
    g_autofree char *sent = g_build_filename(folder, "world", NULL);
    g_autofree char *text = NULL;
    memset(world, 0, sizeof *world);
    if (g_file_get_contents(sent, &text, NULL, NULL)) {
        g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
        for (char **line = lines; *line && **line; line++)
            world->times[atoi(*line)]++;
    }
    g_autoptr(Ledger) ledger = ledger_open(path, LEDGER_READ, &error);
    g_autoptr(Mailing) mailing = ledger ? mailings_find(ledger, "m", &error) : NULL;
    if (!mailing)
        return; /* stopped before the plan was on record: nothing of it may be */
    g_assert_true(deliveries_each(ledger, &M, DELIVERY_STATES, keep_state, world, &error));
    g_autoptr(GBytes) frozen = NULL;
    contents_get(ledger, &M, "update.md", &frozen, &error);
    g_assert_no_error(error);
    g_assert_nonnull(frozen);
}

static void clear(World *world)
{
    for (int i = 1; i <= LETTERS; i++)
        g_free(world->state[i]);
}

/* What must hold at any moment. */
static void assert_honest(const char *folder)
{
    World world;
    look(folder, &world);
    for (int i = 1; i <= LETTERS; i++) {
        const char *state = world.state[i];
        g_assert_cmpint(world.times[i], <=, 1); /* nobody twice */
        if (!world.state[1]) {
            g_assert_cmpint(world.times[i], ==, 0); /* nothing that is not on record first */
            continue;
        }
        g_assert_nonnull(state); /* no row lost */
        if (world.times[i])
            g_assert_true(g_str_equal(state, "sent") || g_str_equal(state, "sending") ||
                          g_str_equal(state, "unknown"));
        else
            g_assert_cmpstr(state, !=, "sent"); /* nothing sent that was not */
    }
    clear(&world);
}

/* What must hold when a sender went through to the end. */
static guint assert_complete(const char *folder)
{
    World world;
    guint unknown = 0;
    assert_honest(folder);
    look(folder, &world);
    for (int i = 1; i <= LETTERS; i++) {
        g_assert_true(g_str_equal(world.state[i], "sent") ||
                      g_str_equal(world.state[i], "refused") ||
                      g_str_equal(world.state[i], "unknown"));
        unknown += g_str_equal(world.state[i], "unknown");
    }
    clear(&world);
    return unknown;
}

static char *folder_new(void)
{
    g_autoptr(GError) error = NULL;
    char *folder = g_dir_make_tmp("circular-crash-XXXXXX", &error);
    g_assert_no_error(error);
    return folder;
}

static void folder_free(char *folder)
{
    static const char *const names[] = {"ledger.db", "ledger.db-wal", "ledger.db-shm", "world"};
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = g_build_filename(folder, names[i], NULL);
        g_remove(path);
    }
    g_assert_cmpint(g_rmdir(folder), ==, 0);
    g_free(folder);
}

static gboolean killed(int status, int by)
{
    if (WIFSIGNALED(status))
        g_assert_cmpint(WTERMSIG(status), ==, by);
    else
        g_assert_cmpint(status, ==, 0);
    return WIFSIGNALED(status);
}

static void test_each_step(void)
{
    guint step = 0;
    gboolean stopped;
    do {
        char *folder = folder_new();
        g_autofree char *hooks = g_strdup_printf("stop-after=%u,nodelay", ++step);
        g_assert_cmpuint(step, <, STEPS_MAX);
        stopped = killed(run(folder, hooks, 0), SIGKILL);
        assert_honest(folder);
        g_assert_false(killed(run(folder, "nodelay", 0), 0));
        g_assert_cmpuint(assert_complete(folder), <=, BATCH);
        g_assert_false(killed(run(folder, "nodelay", 0), 0)); /* once more changes nothing */
        g_assert_cmpuint(assert_complete(folder), <=, BATCH);
        folder_free(folder);
    } while (stopped);
    /* The schema, the plan, and two for each batch of those and of the 7 put off. */
    g_assert_cmpuint(step - 1, >=, 2 + 2 * ((LETTERS + 7) / BATCH));
    g_test_message("%u durable steps", step - 1);
}

/* Stopped again and again, each time one step on: it still comes to its end. */
static void test_again_and_again(void)
{
    char *folder = folder_new();
    guint runs = 0;
    while (killed(run(folder, "stop-after=2,nodelay", 0), SIGKILL)) {
        assert_honest(folder);
        g_assert_cmpuint(++runs, <, STEPS_MAX);
    }
    assert_complete(folder);
    folder_free(folder);
}

/* The kernel ends the process at the write that would make a file too large: in the middle of a
 * transaction, of a commit, of a checkpoint, of making the schema. */
static void test_in_a_write(void)
{
    guint stops = 0;
    gboolean stopped = TRUE;
    for (rlim_t room = 1000; stopped; room += 10000) {
        char *folder = folder_new();
        stopped = killed(run(folder, "nodelay", room), SIGXFSZ);
        stops += stopped;
        assert_honest(folder);
        g_assert_false(killed(run(folder, "nodelay", 0), 0));
        g_assert_cmpuint(assert_complete(folder), <=, BATCH);
        folder_free(folder);
    }
    g_assert_cmpuint(stops, >, 10);
    g_test_message("stopped in %u writes", stops);
}

int main(int argc, char **argv)
{
    if (argc == 3 && g_str_equal(argv[1], "--sender")) {
        run_sender(argv[2]);
        return 0;
    }
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/crash-ledger/each-step", test_each_step);
    g_test_add_func("/crash-ledger/again-and-again", test_again_and_again);
    g_test_add_func("/crash-ledger/in-a-write", test_in_a_write);
    return g_test_run();
}
