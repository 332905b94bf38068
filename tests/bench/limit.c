/* limit - the fastest sender there can be: what a letter costs when nothing is done but to send it
 *
 *   limit PORT CONNECTIONS LETTERS FILE
 *
 * Sends the message in FILE, ready as it travels, to head1@school1.example.org and so on: nothing
 * merged, nothing recorded, no answer looked at twice. One call of sendmsg gives a letter's end and
 * the commands of the next (RFC 2920).
 */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

enum { MESSAGE_MAX = 1 << 20, CONNECTIONS_MAX = 64, LINE = 512 };

typedef enum { GREETED, HELLO, ENVELOPE, LETTERS, DONE } Stage;

typedef struct {
    int fd;
    Stage stage;
    unsigned due; /* replies that are awaited */
    size_t have;
    char line[LINE];
    char commands[LINE]; /* of the letter that comes next */
    size_t commands_length;
} Line;

static char message[MESSAGE_MAX + 3];
static size_t message_length;
static long begun, done, wanted;
static Line lines[CONNECTIONS_MAX];

static void fail(const char *what)
{
    fprintf(stderr, "limit: %s\n", what);
    exit(1);
}

static void send_pieces(Line *self, struct iovec *pieces, size_t count)
{
    struct msghdr all = {.msg_iov = pieces, .msg_iovlen = count};
    while (all.msg_iovlen) {
        ssize_t sent = sendmsg(self->fd, &all, MSG_NOSIGNAL);
        if (sent < 0)
            fail("the server is gone");
        while (all.msg_iovlen && (size_t)sent >= all.msg_iov->iov_len) {
            sent -= (ssize_t)all.msg_iov->iov_len;
            all.msg_iov++;
            all.msg_iovlen--;
        }
        if (all.msg_iovlen) {
            all.msg_iov->iov_base = (char *)all.msg_iov->iov_base + sent;
            all.msg_iov->iov_len -= (size_t)sent;
        }
    }
}

/* Makes the commands of the next letter; none when all are begun. */
static void next_commands(Line *self)
{
    self->commands_length = 0;
    if (begun == wanted)
        return;
    begun++;
    self->commands_length = (size_t)snprintf(self->commands, sizeof self->commands,
                                             "MAIL FROM:<bounces@northmere.example.org>\r\n"
                                             "RCPT TO:<head%ld@school%ld.example.org>\r\nDATA\r\n",
                                             begun, begun);
}

/* All that was awaited has come. */
static void go_on(Line *self)
{
    static char hello[] = "EHLO bench.test\r\n";
    struct iovec greeting = {hello, sizeof hello - 1};
    done += self->stage == LETTERS;
    if (self->stage == GREETED) {
        send_pieces(self, &greeting, 1);
        self->stage = HELLO;
        self->due = 1;
        return;
    }
    if (self->stage == HELLO) {
        next_commands(self);
        struct iovec commands = {self->commands, self->commands_length};
        send_pieces(self, &commands, 1);
        self->stage = self->commands_length ? ENVELOPE : DONE;
        self->due = 3;
        return;
    }
    if (!self->commands_length) { /* that was the last one's answer */
        self->stage = DONE;
        return;
    }
    next_commands(self);
    struct iovec pieces[] = {{message, message_length}, {self->commands, self->commands_length}};
    send_pieces(self, pieces, self->commands_length ? 2 : 1);
    self->stage = LETTERS;
    self->due = self->commands_length ? 4 : 1;
}

static void hear(Line *self)
{
    ssize_t got = recv(self->fd, self->line + self->have, LINE - self->have, 0);
    if (got <= 0)
        fail("the server is gone");
    self->have += (size_t)got;
    char *at = self->line, *end = self->line + self->have, *stop;
    while ((stop = memchr(at, '\n', (size_t)(end - at)))) {
        if (*at != '2' && *at != '3')
            fail("the server refuses");
        if (stop - at > 3 && at[3] == ' ' && self->due)
            self->due--;
        at = stop + 1;
    }
    self->have = (size_t)(end - at);
    memmove(self->line, at, self->have);
    if (!self->due)
        go_on(self);
}

static void open_line(Line *self, int port)
{
    int on = 1;
    struct sockaddr_in there = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    there.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    self->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (self->fd < 0 || connect(self->fd, (struct sockaddr *)&there, sizeof there) < 0)
        fail("can't connect");
    setsockopt(self->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    self->due = 1;
}

static void read_message(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        fail("can't read the message");
    message_length = fread(message, 1, MESSAGE_MAX, file);
    fclose(file);
    memcpy(message + message_length, ".\r\n", 3);
    message_length += 3;
}

int main(int argc, char **argv)
{
    struct pollfd watched[CONNECTIONS_MAX];
    int connections = argc == 5 ? atoi(argv[2]) : 0;
    if (connections < 1 || connections > CONNECTIONS_MAX)
        return 64;
    wanted = atol(argv[3]);
    read_message(argv[4]);
    for (int i = 0; i < connections; i++)
        open_line(&lines[i], atoi(argv[1]));
    while (done < wanted) {
        for (int i = 0; i < connections; i++)
            watched[i] =
                (struct pollfd){.fd = lines[i].stage == DONE ? -1 : lines[i].fd, .events = POLLIN};
        if (poll(watched, (nfds_t)connections, -1) < 0)
            fail("can't wait");
        for (int i = 0; i < connections; i++)
            if (watched[i].revents)
                hear(&lines[i]);
    }
    return 0;
}
