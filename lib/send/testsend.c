/* testsend - one recipient's copy sent to somebody else, to look at it in a real mailbox */
#include "send/testsend.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"

typedef struct {
    const char *sender;
    const Address *to;
    struct iovec message;
    gboolean given;
    OutcomeKind kind;
    char *said;
} Trial;

static Supply supply(void *user, Envelope *envelope, gint64 *wait)
{
    (void)wait;
    Trial *trial = user;
    if (trial->given)
        return SUPPLY_END;
    trial->given = TRUE;
    *envelope = (Envelope){.number = 1,
                           .sender = trial->sender,
                           .recipient = trial->to->spec,
                           .is_utf8 = trial->to->is_utf8,
                           .pieces = &trial->message,
                           .n_pieces = 1,
                           .length = trial->message.iov_len};
    return SUPPLY_GIVEN;
}

static void outcome(void *user, const Outcome *told)
{
    Trial *trial = user;
    trial->kind = told->kind;
    trial->said = g_strdup_printf("%s: %d %s", told->stage ? told->stage : "", told->code,
                                  told->text ? told->text : "");
}

static gboolean go_on(void *user)
{
    (void)user;
    return FALSE;
}

/* "Subject: x" becomes "Subject: [TEST] x": the header's first line has room or is folded anyway.
 */
static void mark_subject(GString *message)
{
    static const char header[] = "\r\nSubject: ";
    const char *found = strstr(message->str, header);
    if (found)
        g_string_insert(message, found - message->str + (gssize)strlen(header), "[TEST]\r\n ");
}

gboolean testsend(const Workspace *workspace, const Letter *letter, const Recipient *recipient,
                  const char *address, GError **error)
{
    g_autoptr(Address) to = address_parse(address, error);
    if (!to)
        return FALSE;
    guint8 chance[6];
    random_bytes(chance, sizeof chance);
    g_autofree char *word = g_base64_encode(chance, sizeof chance);
    g_strdelimit(word, "+/=", 'x');
    g_autofree char *date = clock_rfc5322(clock_now());
    g_autofree char *id = g_strdup_printf("<test.%s@%s>", word, letter_from(letter)->domain);
    LetterCopy copy = {.to = to->spec,
                       .to_name = recipient->name,
                       .fields = recipient->fields,
                       .message_id = id,
                       .date = date};
    g_autoptr(GString) message = g_string_new(NULL);
    g_autofree char *mailing = g_strdup_printf("test-%s", word);
    if (!letter_write(letter, &copy, message, error))
        return FALSE;
    mark_subject(message);
    g_autoptr(Transport) transport =
        workspace_transport(workspace, workspace_via(workspace), mailing, error);
    Trial trial = {.sender = workspace_envelope_sender(workspace, letter),
                   .to = to,
                   .message = {message->str, message->len}};
    TransportCalls calls = {.supply = supply, .outcome = outcome, .stop = go_on, .user = &trial};
    gboolean ok = transport && transport_run(transport, &calls, error);
    if (ok && trial.kind != OUTCOME_SENT) {
        g_set_error(error, CIRCULAR_ERROR,
                    trial.kind == OUTCOME_REFUSED ? CIRCULAR_ERROR_REMOTE
                                                  : CIRCULAR_ERROR_TEMPORARY,
                    "the test letter was not sent: %s", trial.said);
        ok = FALSE;
    }
    g_free(trial.said);
    return ok;
}
