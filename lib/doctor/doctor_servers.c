/* doctor_servers - the relay and the mailbox of bounces, tried; and the clock beside theirs */
#include <string.h>

#include "base/clock.h"
#include "base/netplace.h"
#include "text/when.h"
#include "delivery/relay.h"
#include "ledger/answers.h"
#include "ledger/mailings.h"
#include "ledger/schedule.h"
#include "mail/address.h"
#include "mail/refusal.h"
#include "inbound/collect.h"
#include "doctor/doctor_parts.h"
#include "workspace/signing.h"

/* --- the relay -------------------------------------------------------------------------------- */

static void tell_sender(DoctorRun *self, const RelayProbe *probe, const char *sender)
{
    RefusalCause cause =
        refusal_cause(probe->sender_code, probe->sender_enhanced, probe->sender_reply);
    const char *fix = refusal_fix(cause == CAUSE_NONE ? CAUSE_ADDRESS : cause, sender);
    if (!probe->sender_code)
        doctor_warn(self, NULL, "it gave no answer when asked whether it takes letters from <%s>",
                    sender);
    else if (probe->sender_code < 400)
        doctor_ok(self, "it takes letters from <%s> (asked with MAIL FROM; nothing was sent)",
                  sender);
    else if (refusal_passes(probe->sender_code, probe->sender_enhanced, probe->sender_reply))
        doctor_warn(self, cause == CAUSE_NONE ? "try again later" : fix,
                    "it takes no letters from <%s> now: '%s'", sender, probe->sender_reply);
    else
        doctor_fail(self, CIRCULAR_ERROR_REMOTE, fix, "it refuses letters from <%s>: '%s'", sender,
                    probe->sender_reply);
}

static void tell_size(DoctorRun *self, guint64 size_max)
{
    enum { ROOMY = 1 << 20 };
    if (size_max && size_max < ROOMY)
        doctor_warn(self, "keep attachments small, or ask for more",
                    "it takes letters of up to %d kB only", (int)(size_max >> 10));
    else if (size_max)
        doctor_ok(self, "it takes letters of up to %d MB", (int)(size_max >> 20));
}

static void tell_probe(DoctorRun *self, const RelayProbe *probe, const char *sender)
{
    const char *user = settings_text(self->settings, "relay.user");
    g_autofree char *place = g_strdup_printf("%s:%d", settings_text(self->settings, "relay.host"),
                                             (int)settings_number(self->settings, "relay.port"));
    doctor_ok(self, "%s answers%s", place, probe->is_tls ? ", over TLS" : " (without encryption)");
    doctor_certificate(self, place, probe->certificate_end);
    if (user)
        doctor_ok(self, "signed in as '%s'", user);
    else
        doctor_ok(self, "no sign-in is set (relay.user)");
    tell_size(self, probe->size_max);
    if (sender)
        tell_sender(self, probe, sender);
}

/* The name that we give in EHLO. A server in the building needn't care; others refuse bare ones. */
static void tell_hello(DoctorRun *self)
{
    const char *given = settings_text(self->settings, "relay.hello");
    const char *name = given ? given : g_get_host_name();
    if (!strchr(name, '.') && name[0] != '[' &&
        !netplace_is_this_machine(settings_text(self->settings, "relay.host")))
        doctor_warn(self, "set relay.hello to the full name of this machine in the DNS",
                    "it is greeted as '%s', which is no full name: some servers refuse that", name);
}

void doctor_relay(DoctorRun *self)
{
    g_autoptr(GError) error = NULL;
    RelayProbe probe = {0};
    if (!doctor_run_has_relay(self)) {
        doctor_skip(self, "relay.host isn't set: nothing can be mailed");
        return;
    }
    g_autoptr(Address) plain = doctor_run_sender(self);
    g_autofree char *sender = plain ? signing_example(self->workspace, plain->spec) : NULL;
    g_autoptr(Transport) relay = workspace_transport(self->workspace, VIA_RELAY, "doctor", &error);
    if (relay && relay_probe(relay, sender, DOCTOR_SECONDS * 3, &probe, &error))
        tell_probe(self, &probe, sender);
    else
        doctor_error(self, error, "check the keys under 'relay' in the config");
    tell_hello(self);
    self->relay_is_open = probe.is_open;
    self->relay_reports = probe.reports;
    self->relay_greeting = g_strdup(probe.greeting);
    relay_probe_clear(&probe);
}

/* --- the mailbox ------------------------------------------------------------------------------ */

static void tell_folder(DoctorRun *self, const char *key, gboolean is_there, const char *rights)
{
    const char *name = settings_text(self->settings, key);
    if (is_there && rights)
        doctor_fail(self, CIRCULAR_ERROR_DENIED,
                    "ask who runs the mailbox for the right to insert ('i')",
                    "the folder '%s' (%s) may not be written to: our rights on it are '%s'", name,
                    key, rights);
    else if (is_there)
        doctor_ok(self, "the folder '%s' is there (%s)", name, key);
    else
        doctor_ok(self, "the folder '%s' (%s) isn't there yet: 'circular bounces' makes it", name,
                  key);
}

static void tell_abilities(DoctorRun *self, const InboxLook *look)
{
    if (!look->moves && !look->expunges)
        doctor_warn(self, NULL,
                    "the server offers neither MOVE nor UIDPLUS: messages are copied, and their "
                    "originals stay in the folder, marked as deleted");
    if (!look->idles)
        doctor_ok(self, "the server offers no IDLE: 'bounces --watch' asks now and then instead");
}

static gboolean note_answer(void *user, const AnswerRow *row)
{
    (void)row;
    *(gboolean *)user = TRUE;
    return FALSE;
}

/* Whether an answer ever came in. */
static gboolean has_answers(const DoctorRun *self)
{
    gboolean any = FALSE;
    g_autoptr(Ledger) ledger = workspace_ledger(self->workspace, LEDGER_READ, NULL);
    return ledger && answers_each(ledger, 0, ANSWER_STATES, note_answer, &any, NULL) && any;
}

/* "office+answers@example.org" comes to office@example.org. */
static char *without_detail(const char *address)
{
    const char *at = strrchr(address, '@'), *plus = strchr(address, '+');
    return at && plus && plus < at ? g_strdup_printf("%.*s%s", (int)(plus - address), address, at)
                                   : g_strdup(address);
}

/* No letter is sent to see where it comes in: what is known is told, and how to find out the rest. */
static void tell_answers(DoctorRun *self)
{
    const char *answers = workspace_answers(self->workspace);
    const char *user = settings_text(self->settings, "imap.user");
    const char *bounces = settings_text(self->settings, "bounce.address");
    const char *folder = settings_text(self->settings, "imap.folder");
    if (!answers)
        return;
    g_autofree char *bare = without_detail(answers);
    if (user && g_ascii_strcasecmp(bare, user) == 0)
        doctor_ok(self, "answers to letters go to the mailbox that is read: %s", answers);
    else if (bounces && g_ascii_strcasecmp(bare, bounces) == 0)
        doctor_ok(self, "answers to letters go where bounces go: %s", answers);
    else if (has_answers(self))
        doctor_ok(self, "answers to letters have come in; they go to %s", answers);
    else
        doctor_warn(self,
                    "write to it from another account, and look whether the message comes to that "
                    "folder; where it doesn't, have it made an alias of the mailbox",
                    "answers to letters go to %s, and none has come to the folder '%s' of '%s' yet",
                    answers, folder, user ? user : "");
}

void doctor_mailbox(DoctorRun *self)
{
    g_autoptr(GError) error = NULL;
    g_auto(InboxLook) look = {0};
    const char *host = settings_text(self->settings, "imap.host");
    if (!host) {
        if (workspace_answers(self->workspace))
            doctor_warn(self, "set imap.host, imap.user and a password",
                        "letters can ask questions (answers.address), and no mailbox is read in "
                        "which the answers come in");
        if (doctor_run_mails(self))
            doctor_warn(self, "set bounce.address and imap.host, imap.user and a password",
                        "no mailbox for bounces is set up: nobody will see which letters failed");
        else
            doctor_skip(self, "imap.host isn't set: no bounces are read");
        return;
    }
    gboolean ok = collect_look(self->workspace, DOCTOR_SECONDS, &look, &error);
    if (look.is_connected)
        doctor_ok(self, "%s answers%s", host, look.is_tls ? ", over TLS" : " (without encryption)");
    doctor_certificate(self, host, look.certificate_end);
    if (look.is_signed_in)
        doctor_ok(self, "signed in as '%s'", settings_text(self->settings, "imap.user"));
    if (!ok) {
        doctor_error(self, error,
                     look.is_signed_in ? "check imap.folder: folders are named as the server does"
                                       : "check imap.host, imap.port and the network");
        return;
    }
    doctor_ok(self, "the folder '%s' opens; %u messages are in it",
              settings_text(self->settings, "imap.folder"), look.messages);
    if (look.folder_rights)
        doctor_fail(self, CIRCULAR_ERROR_DENIED,
                    "ask who runs the mailbox for the rights to read and to delete ('r', 't', 'e')",
                    "messages can't be taken out of the folder '%s': our rights on it are '%s'",
                    settings_text(self->settings, "imap.folder"), look.folder_rights);
    tell_folder(self, "imap.processed", look.has_processed, look.processed_rights);
    tell_folder(self, "imap.review", look.has_review, look.review_rights);
    tell_abilities(self, &look);
    tell_answers(self);
    if (collect_is_shared(self->workspace))
        doctor_warn(self, "set bounce.address to a mailbox of its own, and imap.user to that",
                    "people write to the mailbox that bounces are read from ('from' or "
                    "'reply_to'): only what is proven to be a report of ours is moved there");
}

/* --- the clock -------------------------------------------------------------------------------- */

static const char CLOCK_MEND[] = "set this machine's clock, best by network time (NTP)";

/* The date in a greeting such as "220 mx.example.org ESMTP Exim 4.96 Mon, 23 Nov 2026 18:16:10
 * +0000", as Exchange Online and Exim say it; 0 when there is none. */
static gint64 greeting_time(const char *greeting)
{
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    g_autoptr(GMatchInfo) match = NULL;
    g_autoptr(GRegex) date =
        g_regex_new("\\b(\\d{1,2}) ([A-Z][a-z]{2}) (\\d{4}) (\\d\\d:\\d\\d:\\d\\d) ([+-]\\d{4})\\b",
                    0, 0, NULL);
    if (!greeting || !g_regex_match(date, greeting, 0, &match))
        return 0;
    g_auto(GStrv) part = g_match_info_fetch_all(match);
    guint month = 0;
    while (month < 12 && !g_str_equal(months[month], part[2]))
        month++;
    g_autofree char *iso = g_strdup_printf(
        "%s-%02u-%02d"
        "T%s%.3s:%s",
        part[3], month + 1, (int)g_ascii_strtoll(part[1], NULL, 10), part[4], part[5], part[5] + 3);
    g_autoptr(GDateTime) time = g_date_time_new_from_iso8601(iso, NULL);
    return time ? g_date_time_to_unix(time) * G_USEC_PER_SEC : 0;
}

/* Whether the ledger holds anything of the future; FALSE, too, when it can't be asked: that is
 * another check's to tell. */
static gboolean ledger_is_ahead(DoctorRun *self, gint64 limit)
{
    guint64 sent = 0;
    g_autoptr(Ledger) ledger = workspace_ledger(self->workspace, LEDGER_READ, NULL);
    g_autoptr(GPtrArray) all = ledger ? mailings_all(ledger, NULL) : NULL;
    if (!all || !schedule_sent_since(ledger, limit, &sent, NULL))
        return FALSE;
    for (guint i = 0; i < all->len; i++)
        if (((const Mailing *)g_ptr_array_index(all, i))->planned_at > limit)
            return TRUE;
    return sent > 0;
}

void doctor_clock(DoctorRun *self)
{
    const gint64 margin = DOCTOR_CLOCK_SECONDS * (gint64)G_USEC_PER_SEC;
    gint64 now = clock_now(), theirs = greeting_time(self->relay_greeting);
    g_autofree char *text = when_short(now);
    if (ledger_is_ahead(self, now + margin))
        doctor_fail(self, CIRCULAR_ERROR_CONFIG, CLOCK_MEND,
                    "it is %s by this machine's clock, and the ledger holds letters of a later "
                    "time",
                    text);
    else if (theirs && ABS(now - theirs) > margin)
        doctor_fail(self, CIRCULAR_ERROR_CONFIG, CLOCK_MEND,
                    "it is %s by this machine's clock, and the relay's is %d minutes %s", text,
                    (int)MIN(ABS(now - theirs) / G_USEC_PER_SEC / 60, G_MAXINT),
                    theirs > now ? "ahead" : "behind");
    else
        doctor_ok(self, "it is %s%s", text, theirs ? ", as the relay says, too" : "");
}
