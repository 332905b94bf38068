/* sink - an SMTP server that takes everything and keeps nothing, fast enough not to be the
 * bottleneck
 *
 *   sink [PORT [LOG]]
 *
 * One thread, epoll. Prints "port N" when it listens and, when it ends (SIGTERM), how many messages
 * and bytes it took and what processor time that cost it: as long as that is well below the time
 * that went by, it is the client that is measured. With LOG, a line for each message: recipient and
 * Message-ID, for counting copies. Offers PIPELINING, 8BITMIME, SMTPUTF8; understands just what a
 * mail client sends.
 */
#define _GNU_SOURCE /* memmem, SMTPs CRLF . CRLF */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    BUFFER = 1 << 16, /* a whole letter of the bench at one recv */
    EVENTS = 64,
    HEADERS = 4096, /* how far into a message its Message-ID is looked for */
    LOG_BUFFER = 1 << 20
};

typedef struct {
    int fd;
    int in_data;
    size_t data_length; /* of the message so far, and what ends DATA's line */
    size_t have;
    char in[BUFFER];
    size_t out_length;
    char out[4096];
    char recipient[320];
    char message_id[200];
} Client;

static volatile sig_atomic_t ended;
static unsigned long messages;
static unsigned long long octets;
static FILE *record;

static void end(int number)
{
    (void)number;
    ended = 1;
}

static void say(Client *client, const char *text)
{
    size_t length = strlen(text);
    if (client->out_length + length <= sizeof client->out) {
        memcpy(client->out + client->out_length, text, length);
        client->out_length += length;
    }
}

static void flush(Client *client)
{
    size_t done = 0;
    while (done < client->out_length) {
        ssize_t sent =
            send(client->fd, client->out + done, client->out_length - done, MSG_NOSIGNAL);
        if (sent <= 0)
            break;
        done += (size_t)sent;
    }
    client->out_length = 0;
}

/* The Message-ID, if it stands whole in this first piece of the message. */
static void note_id(Client *client, const char *bytes, size_t length)
{
    if (length > HEADERS)
        length = HEADERS;
    const char *found = memmem(bytes, length, "\nMessage-ID: ", 13);
    if (!found)
        return;
    size_t room = length - (size_t)(found + 13 - bytes), n = 0;
    while (n < room && n < sizeof client->message_id - 1 && found[13 + n] != '\r')
        n++;
    memcpy(client->message_id, found + 13, n);
    client->message_id[n] = '\0';
}

static void message_done(Client *client)
{
    messages++;
    octets += client->data_length - 5; /* less DATA's line end, and the dot with its own */
    if (record)
        fprintf(record, "%s %s\n", client->recipient, client->message_id);
    client->in_data = 0;
    client->data_length = 0;
    client->message_id[0] = '\0';
    say(client, "250 2.0.0 Ok\r\n");
}

/* Takes message bytes up to and with the final dot; gives how many bytes were taken. */
static size_t take_data(Client *client, const char *bytes, size_t length)
{
    const char *dot = memmem(bytes, length, "\r\n.\r\n", 5);
    if (record && !client->message_id[0] && client->data_length < HEADERS)
        note_id(client, bytes, length);
    if (dot) {
        size_t taken = (size_t)(dot - bytes) + 5;
        client->data_length += taken;
        message_done(client);
        return taken;
    }
    /* Keep the last four bytes for the next look; the others are gone. */
    size_t taken = length > 4 ? length - 4 : 0;
    client->data_length += taken;
    return taken;
}

static void command(Client *client, const char *line, size_t length)
{
    if (!strncasecmp(line, "EHLO", 4))
        say(client, "250-sink.test\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 "
                    "ENHANCEDSTATUSCODES\r\n");
    else if (!strncasecmp(line, "RCPT TO:", 8)) {
        size_t n =
            length - 8 < sizeof client->recipient - 1 ? length - 8 : sizeof client->recipient - 1;
        memcpy(client->recipient, line + 8, n);
        client->recipient[n] = '\0';
        say(client, "250 2.1.5 Ok\r\n");
    } else if (!strncasecmp(line, "DATA", 4)) {
        client->in_data = 1;
        say(client, "354 Go on\r\n");
    } else if (!strncasecmp(line, "QUIT", 4))
        say(client, "221 2.0.0 Bye\r\n");
    else
        say(client, "250 2.0.0 Ok\r\n");
}

static int serve(Client *client)
{
    ssize_t got = recv(client->fd, client->in + client->have, BUFFER - client->have, 0);
    if (got <= 0)
        return got < 0 && errno == EAGAIN;
    client->have += (size_t)got;
    size_t at = 0;
    while (at < client->have) {
        char *start = client->in + at;
        size_t left = client->have - at;
        if (client->in_data) {
            size_t taken = take_data(client, start, left);
            at += taken;
            if (client->in_data)
                break;
            continue;
        }
        char *newline = memchr(start, '\n', left);
        if (!newline)
            break;
        size_t length = (size_t)(newline - start);
        command(client, start, length && start[length - 1] == '\r' ? length - 1 : length);
        at += length + 1;
        /* DATA's message may begin with the final dot at once: look for it from its CRLF on. */
        if (client->in_data)
            at -= 2;
    }
    memmove(client->in, client->in + at, client->have - at);
    client->have -= at;
    flush(client);
    /* A client that leaves Nagle's algorithm on holds back the rest of its message until this part
     * is acknowledged: at once, or 40 ms later. */
    if (client->in_data) {
        int on = 1;
        setsockopt(client->fd, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
    }
    return 1;
}

static int listen_on(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, (struct sockaddr *)&address, sizeof address) || listen(fd, 512)) {
        perror("sink");
        exit(1);
    }
    getsockname(fd, (struct sockaddr *)&address, &length);
    printf("port %d\n", ntohs(address.sin_port));
    fflush(stdout);
    return fd;
}

static void welcome(int server, int poll)
{
    int on = 1, fd = accept(server, NULL, NULL);
    if (fd < 0)
        return;
    fcntl(fd, F_SETFL, O_NONBLOCK);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    Client *client = calloc(1, sizeof *client);
    client->fd = fd;
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = client};
    epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event);
    say(client, "220 sink.test ESMTP\r\n");
    flush(client);
}

static void report(void)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    printf("messages %lu octets %llu seconds %.3f\n", messages, octets,
           (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
               (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6);
}

int main(int argc, char **argv)
{
    struct sigaction action = {.sa_handler = end};
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    int server = listen_on(argc > 1 ? atoi(argv[1]) : 0), poll = epoll_create1(0);
    record = argc > 2 ? fopen(argv[2], "w") : NULL;
    if (record)
        setvbuf(record, NULL, _IOFBF, LOG_BUFFER);
    struct epoll_event event = {.events = EPOLLIN}, events[EVENTS];
    epoll_ctl(poll, EPOLL_CTL_ADD, server, &event);
    while (!ended) {
        int count = epoll_wait(poll, events, EVENTS, -1);
        for (int i = 0; i < count; i++) {
            Client *client = events[i].data.ptr;
            if (!client)
                welcome(server, poll);
            else if (!serve(client)) {
                close(client->fd);
                free(client);
            }
        }
    }
    if (record)
        fclose(record);
    report();
    return 0;
}
