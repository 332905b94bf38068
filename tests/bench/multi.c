/* multi - letters sent by libcurl's own SMTP through its multi interface, as its manual shows
 *
 *   multi PORT CONNECTIONS LETTERS FILE
 *
 * Sends the message in FILE to head1@school1.example.org and so on: one body for all, nothing
 * merged, nothing recorded. One handle a connection; libcurl keeps the connections.
 */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MESSAGE_MAX = 1 << 20 };

typedef struct {
    CURL *easy;
    struct curl_slist *recipient;
    size_t sent; /* bytes of the message given to libcurl */
} Slot;

static char message[MESSAGE_MAX];
static size_t message_length;
static char url[64];
static long begun, done, failed, wanted;

static size_t give(char *to, size_t size, size_t count, void *user)
{
    Slot *slot = user;
    size_t left = message_length - slot->sent, length = size * count < left ? size * count : left;
    memcpy(to, message + slot->sent, length);
    slot->sent += length;
    return length;
}

static void begin(CURLM *multi, Slot *slot)
{
    char recipient[100];
    begun++;
    snprintf(recipient, sizeof recipient, "<head%ld@school%ld.example.org>", begun, begun);
    curl_slist_free_all(slot->recipient);
    slot->recipient = curl_slist_append(NULL, recipient);
    slot->sent = 0;
    curl_easy_setopt(slot->easy, CURLOPT_URL, url);
    curl_easy_setopt(slot->easy, CURLOPT_MAIL_FROM, "<bounces@northmere.example.org>");
    curl_easy_setopt(slot->easy, CURLOPT_MAIL_RCPT, slot->recipient);
    curl_easy_setopt(slot->easy, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(slot->easy, CURLOPT_READFUNCTION, give);
    curl_easy_setopt(slot->easy, CURLOPT_READDATA, slot);
    curl_easy_setopt(slot->easy, CURLOPT_PRIVATE, slot);
    curl_multi_add_handle(multi, slot->easy);
}

/* Takes what has ended, and begins the next on the same handle. */
static void turn(CURLM *multi)
{
    CURLMsg *news;
    int left;
    while ((news = curl_multi_info_read(multi, &left))) {
        Slot *slot;
        if (news->msg != CURLMSG_DONE)
            continue;
        failed += news->data.result != CURLE_OK;
        done++;
        curl_easy_getinfo(news->easy_handle, CURLINFO_PRIVATE, &slot);
        curl_multi_remove_handle(multi, slot->easy);
        if (begun < wanted)
            begin(multi, slot);
    }
}

int main(int argc, char **argv)
{
    FILE *file = argc == 5 ? fopen(argv[4], "rb") : NULL;
    if (!file)
        return 64;
    message_length = fread(message, 1, sizeof message, file);
    fclose(file);
    snprintf(url, sizeof url, "smtp://127.0.0.1:%d/bench.test", atoi(argv[1]));
    long connections = atol(argv[2]);
    wanted = atol(argv[3]);

    curl_global_init(CURL_GLOBAL_DEFAULT);
    CURLM *multi = curl_multi_init();
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, connections);
    Slot *slots = calloc((size_t)connections, sizeof *slots);
    for (long i = 0; i < connections && begun < wanted; i++) {
        slots[i].easy = curl_easy_init();
        begin(multi, &slots[i]);
    }
    while (done < wanted) {
        int running;
        curl_multi_perform(multi, &running);
        turn(multi);
        if (done < wanted)
            curl_multi_poll(multi, NULL, 0, 1000, NULL);
    }
    for (long i = 0; i < connections; i++) {
        curl_slist_free_all(slots[i].recipient);
        curl_easy_cleanup(slots[i].easy);
    }
    curl_multi_cleanup(multi);
    free(slots);
    if (failed)
        fprintf(stderr, "multi: %ld of %ld failed\n", failed, wanted);
    return failed != 0;
}
