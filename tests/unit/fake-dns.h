/* fake-dns - for tests: the name server of tests/fake, answering from a zone that the test writes
 *
 * A header of static functions, for each test is one program of one file.
 */
#ifndef FAKE_DNS_H
#define FAKE_DNS_H

#include <glib.h>
#include <glib/gstdio.h>
#include <sys/wait.h>
#include <unistd.h>

static struct {
    GPid pid;
    int lifeline; /* its standard input: it ends when we do */
    char *folder, *zone;
} fake_dns;

/* Starts it, and has CIRCULAR_TEST name it; before anything asks for the time. FALSE, and says so,
 * where there is no python3. */
static gboolean fake_dns_start(void)
{
    char text[16] = "";
    int out;
    fake_dns.folder = g_dir_make_tmp("circular-dns-XXXXXX", NULL);
    fake_dns.zone = g_build_filename(fake_dns.folder, "zone", NULL);
    const char *server[] = {"python3", "tests/fake/dns.py", fake_dns.zone, NULL};
    if (!g_spawn_async_with_pipes(NULL, (char **)server, NULL,
                                  G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL,
                                  &fake_dns.pid, &fake_dns.lifeline, &out, NULL, NULL))
        return FALSE;
    for (gsize n = 0; n < sizeof text - 1 && read(out, text + n, 1) == 1 && text[n] != '\n'; n++)
        ;
    close(out);
    guint64 port = g_ascii_strtoull(text, NULL, 10);
    g_autofree char *hook = g_strdup_printf("dns=%" G_GUINT64_FORMAT, port);
    g_setenv("CIRCULAR_TEST", hook, TRUE);
    return port != 0;
}

static void fake_dns_zone(const char *zone)
{
    g_assert_true(g_file_set_contents(fake_dns.zone, zone, -1, NULL));
}

static void fake_dns_stop(void)
{
    close(fake_dns.lifeline);
    waitpid(fake_dns.pid, NULL, 0);
    g_remove(fake_dns.zone);
    g_rmdir(fake_dns.folder);
    g_free(fake_dns.zone);
    g_free(fake_dns.folder);
}

#endif
