/* fake-imap - for tests of the inbox: the scripted server of tests/fake
 *
 * A header of static functions, for each test is one program of one file. A script is JSON with '
 * for ".
 */
#ifndef FAKE_IMAP_H
#define FAKE_IMAP_H

#include <errno.h>
#include <gio/gio.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "imap/inbox.h"

static struct {
    GPid pid;
    int lifeline; /* its standard input: it ends when we do */
    guint16 control;
    char *folder; /* of certificates */
    char *ca;
} fake;

static guint16 first_number(int fd)
{
    char text[16] = "";
    for (gsize n = 0; n < sizeof text - 1 && read(fd, text + n, 1) == 1 && text[n] != '\n'; n++)
        ;
    return (guint16)g_ascii_strtoull(text, NULL, 10);
}

/* Makes certificates and starts the server. FALSE where that can't be done. */
static gboolean fake_start(void)
{
    g_autoptr(GError) error = NULL;
    int status = 0, out;
    fake.folder = g_dir_make_tmp("circular-imap-XXXXXX", NULL);
    fake.ca = g_build_filename(fake.folder, "ca.pem", NULL);
    const char *certs[] = {"sh", "tests/fake/certs.sh", fake.folder, NULL};
    if (!g_spawn_sync(NULL, (char **)certs, NULL,
                      G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL | G_SPAWN_STDOUT_TO_DEV_NULL,
                      NULL, NULL, NULL, NULL, &status, &error) ||
        status != 0)
        return FALSE;
    const char *server[] = {"python3", "tests/fake/imap-server", "--certs", fake.folder, NULL};
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
    g_free(fake.ca);
}

/* Sends one line to the control port and returns the answer. */
static char *fake_ask(const char *line)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons(fake.control),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) < 0)
        g_error("fake imap: %s", g_strerror(errno));
    g_autofree char *whole = g_strconcat(line, "\n", NULL);
    if (send(fd, whole, strlen(whole), MSG_NOSIGNAL) < 0)
        g_error("fake imap: %s", g_strerror(errno));
    GString *answer = g_string_new(NULL);
    char piece[4096];
    for (gssize count; (count = read(fd, piece, sizeof piece)) > 0;)
        g_string_append_len(answer, piece, count);
    close(fd);
    return g_strchomp(g_string_free(answer, FALSE));
}

/* A new server for this script; its port. */
static guint fake_serve(const char *script)
{
    g_autofree char *json = g_strdelimit(g_strdup(script), "'", '"');
    g_autofree char *answer = fake_ask(json);
    guint port = (guint)g_ascii_strtoull(answer, NULL, 10);
    if (!port)
        g_error("fake imap: %s: %s", script, answer);
    return port;
}

/* "log" or "state", as the server answers it. */
static G_GNUC_UNUSED char *fake_tell(const char *what, guint port)
{
    g_autofree char *line = g_strdup_printf("%s %u", what, port);
    return fake_ask(line);
}

#define g_assert_has(text, part)                                                                   \
    do {                                                                                           \
        if (!strstr((text), (part)))                                                               \
            g_error("%s:%d: '%s' is not in: %s", __FILE__, __LINE__, (part), (text));              \
    } while (0)

#define g_assert_has_not(text, part)                                                               \
    do {                                                                                           \
        if (strstr((text), (part)))                                                                \
            g_error("%s:%d: '%s' is in: %s", __FILE__, __LINE__, (part), (text));                  \
    } while (0)

static char *fixed_secret(void *user, GError **error)
{
    (void)error;
    return g_strdup(user);
}

static char fake_secret[] = "secret";

static InboxOptions inbox_options(guint port)
{
    return (InboxOptions){.host = "localhost",
                          .port = port,
                          .tls = TLS_NONE,
                          .ca_file = fake.ca,
                          .user = "user",
                          .auth = "auto",
                          .secret = fixed_secret,
                          .secret_user = fake_secret,
                          .timeout = 20};
}

#endif
