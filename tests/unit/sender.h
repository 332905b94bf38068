/* sender - for the tests of transports: a sender that notes what it is told, and a Maildir to fill
 */
#ifndef TESTS_SENDER_H
#define TESTS_SENDER_H

#include "delivery/transport.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

/* --- a sender that notes what it is told ----------------------------------------------------- */

typedef struct {
    guint total, given;
    guint waits_every; /* SUPPLY_WAIT before every so many letters */
    gboolean has_waited;
    guint stop_at;           /* stop is TRUE once so many were given; 0 for never */
    guint wait_for_outcomes; /* give no more than so many before their outcomes; 0 for any */
    guint told;
    OutcomeKind kinds[1000];
    guint times[1000]; /* that an outcome was told of each */
    char *text;        /* of the last outcome */
    const char *body;
    struct iovec pieces[2]; /* of it: cut where `cut` says */
    gsize cut;
    const char *check_in; /* a Maildir: what is told as sent has to be in its new/ */
    const char *mailing;
} Sender;

static char *path_of(const char *folder, const char *sub, const char *mailing, guint number)
{
    return g_strdup_printf("%s/%s/%s.%06u.circular", folder, sub, mailing, number);
}

static Supply supply(void *user, Envelope *envelope, gint64 *wait)
{
    Sender *self = user;
    if (self->given == self->total)
        return self->told < self->given ? SUPPLY_WAIT : SUPPLY_END;
    if ((self->waits_every && self->given % self->waits_every == 0 && !self->has_waited) ||
        (self->wait_for_outcomes && self->given - self->told >= self->wait_for_outcomes)) {
        *wait = 2000;
        self->has_waited = TRUE;
        return SUPPLY_WAIT;
    }
    self->has_waited = FALSE;
    gsize length = strlen(self->body), first = MIN(self->cut, length);
    self->pieces[0] = (struct iovec){(char *)self->body, first};
    self->pieces[1] = (struct iovec){(char *)self->body + first, length - first};
    *envelope = (Envelope){.number = ++self->given,
                           .sender = "bounces+x@example.org",
                           .recipient = "ann@school.example",
                           .pieces = self->pieces + !first,
                           .n_pieces = (guint)(first > 0) + (first < length),
                           .length = length};
    return SUPPLY_GIVEN;
}

static void outcome(void *user, const Outcome *outcome)
{
    Sender *self = user;
    g_assert_cmpuint(outcome->number, >=, 1);
    g_assert_cmpuint(outcome->number, <=, self->given);
    g_assert_nonnull(outcome->text);
    g_assert_nonnull(outcome->enhanced);
    g_assert_nonnull(outcome->stage);
    self->kinds[outcome->number] = outcome->kind;
    self->times[outcome->number]++;
    self->told++;
    g_free(self->text);
    self->text = g_strdup(outcome->text);
    if (self->check_in && outcome->kind == OUTCOME_SENT) {
        g_autofree char *path =
            path_of(self->check_in, "new", self->mailing, (guint)outcome->number);
        g_assert_true(g_file_test(path, G_FILE_TEST_IS_REGULAR));
    }
}

static gboolean stop(void *user)
{
    Sender *self = user;
    return self->stop_at && self->given >= self->stop_at;
}

static gboolean run(Transport *transport, Sender *sender, GError **error)
{
    TransportCalls calls = {.supply = supply, .outcome = outcome, .stop = stop, .user = sender};
    if (!sender->body)
        sender->body = "Subject: x\r\n\r\nHello\r\n";
    return transport_run(transport, &calls, error);
}

static void assert_each_told_once(const Sender *sender, OutcomeKind kind)
{
    g_assert_cmpuint(sender->told, ==, sender->given);
    for (guint i = 1; i <= sender->given; i++) {
        g_assert_cmpuint(sender->times[i], ==, 1);
        g_assert_cmpint(sender->kinds[i], ==, kind);
    }
}

/* --- a temporary folder ---------------------------------------------------------------------- */

static char *folder_new(void)
{
    g_autoptr(GError) error = NULL;
    char *folder = g_dir_make_tmp("circular-outbox-XXXXXX", &error);
    g_assert_no_error(error);
    return folder;
}

static void remove_all(const char *path)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        g_autofree char *below = g_build_filename(path, name, NULL);
        remove_all(below);
    }
    g_remove(path);
}

static void folder_free(char *folder)
{
    remove_all(folder);
    g_free(folder);
}
typedef char Folder;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Folder, folder_free)

static guint count_in(const char *folder, const char *sub)
{
    g_autofree char *path = g_build_filename(folder, sub, NULL);
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    guint count = 0;
    g_assert_nonnull(dir);
    while (g_dir_read_name(dir))
        count++;
    return count;
}

static void deliver(const char *folder, const char *mailing, Sender *sender)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Transport) transport = outbox_new(folder, mailing, &error);
    g_assert_no_error(error);
    sender->check_in = folder;
    sender->mailing = mailing;
    g_assert_true(run(transport, sender, &error));
    g_assert_no_error(error);
    g_free(sender->text);
}

#endif
