/* tcp_connect - TCP to a host within a time limit */
#include "imap/tcp_connect.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "mail/domain.h"

gboolean tcp_connect_is_ip(const char *host)
{
    struct in6_addr address;
    return inet_pton(AF_INET, host, &address) == 1 || inet_pton(AF_INET6, host, &address) == 1;
}

/* 0 when connected, else an errno. */
static int await_connected(int fd, gint64 until)
{
    for (;;) {
        gint64 left = until - clock_ticks();
        if (left <= 0)
            return ETIMEDOUT;
        struct pollfd one = {.fd = fd, .events = POLLOUT};
        int ready = poll(&one, 1, (int)MIN(left / 1000 + 1, 60000));
        if (ready > 0)
            break;
        if (ready < 0 && errno != EINTR)
            return errno;
    }
    int code = 0;
    socklen_t length = sizeof code;
    return getsockopt(fd, SOL_SOCKET, SO_ERROR, &code, &length) < 0 ? errno : code;
}

/* A connected socket, or -1 with errno. */
static int dial_one(const struct addrinfo *to, gint64 until)
{
    int fd = socket(to->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    int code = 0, yes = 1;
    if (connect(fd, to->ai_addr, to->ai_addrlen) < 0)
        code = errno == EINPROGRESS ? await_connected(fd, until) : errno;
    if (code) {
        close(fd);
        errno = code;
        return -1;
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    /* A wait with IDLE would else never hear that the server's machine is gone. */
    setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &yes, sizeof yes);
    return fd;
}

int tcp_connect(const char *host, guint port, guint timeout, GError **error)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found = NULL;
    g_autofree char *wrong = NULL;
    g_autofree char *ascii = g_str_is_ascii(host) ? g_strdup(host) : domain_to_ascii(host, &wrong);
    g_autofree char *service = g_strdup_printf("%u", port);
    int code = ascii ? getaddrinfo(ascii, service, &hints, &found) : EAI_NONAME;
    if (code != 0) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_TEMPORARY,
                    "%s:%u: no address for this host (%s); check the name of the host", host, port,
                    gai_strerror(code));
        return -1;
    }
    gint64 until = clock_ticks() + (gint64)timeout * G_USEC_PER_SEC;
    int fd = -1, first = 0;
    for (const struct addrinfo *one = found; one && fd < 0; one = one->ai_next) {
        fd = dial_one(one, until);
        if (fd < 0 && !first)
            first = errno;
    }
    freeaddrinfo(found);
    if (fd < 0 && first == ETIMEDOUT)
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_TEMPORARY,
                    "%s:%u: can't be reached within %u s", host, port, timeout);
    else if (fd < 0)
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_TEMPORARY, "%s:%u: can't be reached: %s",
                    host, port, g_strerror(first));
    return fd;
}
