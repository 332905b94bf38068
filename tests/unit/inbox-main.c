/* inbox-main - an inbox driven by lines of standard input, for tests/system/test_inbox.py
 *
 * inbox-main HOST PORT tls|starttls CA USER SECRET AUTH; then "list N", "fetch UID FILE",
 * "move UID processed|review", "wait SECONDS". Each line is answered by one; an error by
 * "error KIND MESSAGE".
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "imap/inbox.h"

static char *secret(void *user, GError **error)
{
    (void)error;
    return g_strdup(user);
}

static void answer(GError *error, const char *text)
{
    if (error)
        printf("error %d %s\n", error->code, error->message);
    else
        printf("%s\n", text);
    fflush(stdout);
    g_clear_error(&error);
}

static void list(Inbox *inbox, guint32 after)
{
    GError *error = NULL;
    g_autoptr(GArray) uids = inbox_list(inbox, after, &error);
    g_autoptr(GString) text = g_string_new("uids");
    for (guint i = 0; uids && i < uids->len; i++)
        g_string_append_printf(text, " %u", g_array_index(uids, guint32, i));
    answer(error, text->str);
}

static void fetch(Inbox *inbox, guint32 uid, const char *path)
{
    GError *error = NULL;
    gboolean truncated = FALSE;
    g_autoptr(GBytes) bytes = inbox_fetch(inbox, uid, &truncated, &error);
    if (bytes)
        g_file_set_contents(path, g_bytes_get_data(bytes, NULL), (gssize)g_bytes_get_size(bytes),
                            &error);
    answer(error, truncated ? "truncated" : "whole");
}

static void wait_for(Inbox *inbox, guint seconds)
{
    static const char *const names[] = {"news", "quiet", "stopped", "failed"};
    GError *error = NULL;
    InboxEvent event = inbox_wait(inbox, seconds, NULL, NULL, &error);
    answer(error, names[event]);
}

static void run(Inbox *inbox, char **words)
{
    GError *error = NULL;
    guint32 number = (guint32)strtoul(words[1], NULL, 10);
    if (g_str_equal(words[0], "list"))
        list(inbox, number);
    else if (g_str_equal(words[0], "fetch"))
        fetch(inbox, number, words[2]);
    else if (g_str_equal(words[0], "wait"))
        wait_for(inbox, number);
    else {
        gboolean is_review = g_str_equal(words[2], "review");
        inbox_move(inbox, number, is_review ? INBOX_REVIEW : INBOX_PROCESSED, &error);
        answer(error, "moved");
    }
}

int main(int argc, char **argv)
{
    char line[4096];
    if (argc != 8)
        return 64;
    InboxOptions options = {.host = argv[1],
                            .port = (guint)strtoul(argv[2], NULL, 10),
                            .tls = g_str_equal(argv[3], "tls") ? TLS_IMPLICIT : TLS_STARTTLS,
                            .ca_file = argv[4],
                            .user = argv[5],
                            .secret = secret,
                            .secret_user = argv[6],
                            .auth = argv[7],
                            .timeout = 20};
    GError *error = NULL;
    Inbox *inbox = inbox_open(&options, &error);
    g_autofree char *hello = inbox ? g_strdup_printf("open %u", inbox_uidvalidity(inbox)) : NULL;
    answer(error, hello);
    while (inbox && fgets(line, sizeof line, stdin)) {
        g_auto(GStrv) words = g_strsplit(g_strchomp(line), " ", -1);
        run(inbox, words);
    }
    inbox_close(inbox);
    return 0;
}
