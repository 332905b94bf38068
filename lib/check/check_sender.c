/* check_sender - the rules about who a letter is from, and how long the sending takes */
#include <string.h>

#include "base/clock.h"
#include "mail/address.h"
#include "net/senderpolicy.h"
#include "rules/sendercheck.h"
#include "check/check_parts.h"

static void check_replies(Check *self)
{
    const Settings *settings = workspace_settings(self->workspace);
    const FrontText *own = self->front ? &self->front->reply_to : NULL;
    const char *reply_to = own && own->text ? own->text : settings_text(settings, "reply_to");
    const Address *from = letter_from(self->letter);
    Address *to = reply_to && *reply_to ? address_parse_mailbox(reply_to, NULL) : NULL;
    const Address *read = to ? to : from;
    if (sendercheck_is_unread(read->local)) {
        gboolean here = own && own->text;
        rule_report(self->findings, "reply-nowhere", here ? self->shown : settings_file(settings),
                    here ? own->line : settings_line(settings, to ? "reply_to" : "from"),
                    "answers go to '%s', which nobody reads", read->spec);
    }
    address_free(to);
}

/* An address in which a person reads letters: those that count answers would pass through it. */
static void check_answers(Check *self, const Address *from)
{
    const Settings *settings = workspace_settings(self->workspace);
    const char *given = workspace_answers(self->workspace);
    Address *to =
        given && letter_questions(self->letter)->len ? address_parse_mailbox(given, NULL) : NULL;
    if (to && g_ascii_strcasecmp(to->spec, from->spec) == 0)
        rule_report(self->findings, "answers-to-sender", settings_file(settings),
                    settings_line(settings, "answers.address"),
                    "the answers go to '%s', who sends the letter: an address of their own keeps "
                    "them apart from other mail",
                    to->spec);
    address_free(to);
}

void check_sender(Check *self)
{
    const Settings *settings = workspace_settings(self->workspace);
    const char *envelope = workspace_envelope_sender(self->workspace, self->letter);
    const Address *from = letter_from(self->letter);
    const char *at = envelope ? strrchr(envelope, '@') : NULL;
    if (at && !senderpolicy_is_aligned(from->domain, at + 1, FALSE))
        rule_report(self->findings, "sender-alignment", settings_file(settings),
                    settings_line(settings, "bounce.address"),
                    "letters are from '%s' and their bounces go to '%s': SPF can't vouch for From",
                    from->domain, at + 1);
    if (!workspace_unsubscribe(self->workspace) && self->audience_name)
        rule_report(self->findings, "no-unsubscribe", settings_file(settings), 0,
                    "the letters have no List-Unsubscribe: set bounce.address or unsubscribe");
    check_replies(self);
    check_answers(self, from);
}

/* --- pace ------------------------------------------------------------------------------------ */

typedef struct {
    guint most;
} Busiest;

static void find_busiest(void *user, const char *domain, guint count, const char *file, guint line)
{
    (void)domain;
    (void)file;
    (void)line;
    Busiest *busiest = user;
    busiest->most = MAX(busiest->most, count);
}

void check_pace(Check *self, guint64 letters)
{
    WorkspacePace pace = workspace_pace(self->workspace);
    Busiest busiest = {0};
    addressbook_each(self->addressbook, find_busiest, &busiest);
    g_autofree char *text =
        sendercheck_pace(&(SendercheckPace){.letters = letters,
                                            .per_minute = pace.limits.per_minute,
                                            .per_day = pace.limits.per_day,
                                            .per_domain_minute = pace.limits.per_domain_minute,
                                            .busiest = busiest.most,
                                            .now = clock_now()});
    if (text)
        rule_report(self->findings, "pace", NULL, 0, "%s", text);
}
