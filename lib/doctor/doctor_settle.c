/* doctor_settle - what can prove, in this setup, that a letter in doubt was sent */
#include "doctor/doctor_parts.h"
#include "inbound/account.h"
#include "inbound/settle.h"

/* --- copies ----------------------------------------------------------------------------------- */

/* A server files the copy with whoever signed in to send. */
static void tell_whose(DoctorRun *self)
{
    const char *sender = settings_text(self->settings, "relay.user");
    const char *looked = account_options(self->workspace, ACCOUNT_OF_COPIES).user;
    g_autofree char *one = sender ? g_utf8_casefold(sender, -1) : NULL;
    g_autofree char *other = looked ? g_utf8_casefold(looked, -1) : NULL;
    if (sender && looked && !g_str_equal(one, other))
        doctor_warn(
            self,
            "set settle.user to whose sent mail holds the copies, or have the shared mailbox "
            "keep one (Exchange: MessageCopyForSentAsEnabled)",
            "letters are sent by '%s', and their copies are looked for in the mailbox of "
            "'%s': servers file the copy with who sends, not with whose name it bears",
            sender, looked);
}

/* What was found among the latest messages says more than any setting. */
static void tell_copies(DoctorRun *self, const SettleTrial *trial)
{
    doctor_ok(self, "the folder of sent mail '%s' opens (%s); %u messages are in it", trial->folder,
              trial->is_marked ? "the server marks it" : "settle.folder", trial->look.messages);
    if (trial->ours) {
        doctor_ok(self,
                  "%u of the latest %u messages there are copies of our letters: they prove "
                  "what was sent",
                  trial->ours, trial->looked);
        return;
    }
    tell_whose(self);
    if (trial->looked)
        doctor_warn(self, "if letters went out since, copies are filed elsewhere or not at all",
                    "none of the latest %u messages there is a copy of a letter of ours",
                    trial->looked);
    else
        doctor_ok(self,
                  "no copy of ours is there yet: after the next letter this tells whether any "
                  "is filed");
}

static void look_at_copies(DoctorRun *self)
{
    g_autoptr(GError) error = NULL;
    g_auto(SettleTrial) trial = {0};
    gboolean is_wanted = settings_flag(self->settings, "settle.after_send") ||
                         settings_has(self->settings, "settle.user") ||
                         settings_has(self->settings, "settle.folder");
    if (settle_try(self->workspace, DOCTOR_SECONDS, &trial, &error))
        tell_copies(self, &trial);
    else if (is_wanted)
        doctor_error(self, error,
                     "check the keys under 'settle': the folder is named as the server "
                     "does");
    else
        doctor_ok(self, "no copies can be looked for ('circular settle'): %s", error->message);
}

/* --- reports ---------------------------------------------------------------------------------- */

static void tell_reports(DoctorRun *self)
{
    gboolean asks = settings_choice(self->settings, "relay.dsn") == DSN_FOR_DOUBT;
    if (!self->relay_is_open)
        return;
    if (self->relay_reports)
        doctor_ok(self, "the relay offers reports of success (DSN)%s",
                  asks ? ", and letters in doubt that are sent again ask for one (relay.dsn)"
                       : ": 'relay.dsn: doubt' asks for one when a letter in doubt is sent again");
    else if (asks)
        doctor_warn(self, "leave relay.dsn away",
                    "relay.dsn is doubt, and the relay offers no reports of success (DSN)");
    else
        doctor_ok(self, "the relay offers no reports of success (DSN)");
    if (asks && !settings_text(self->settings, "imap.host"))
        doctor_warn(self, "set imap.host, imap.user and a password",
                    "relay.dsn is doubt, and no mailbox is read that its reports come back to");
}

void doctor_settle(DoctorRun *self)
{
    gboolean has_mailbox = account_is_set(self->workspace, ACCOUNT_OF_COPIES, NULL);
    if (!has_mailbox && !doctor_run_has_relay(self)) {
        doctor_skip(self, "no relay and no mailbox is set: no letter can be in doubt");
        return;
    }
    if (has_mailbox)
        look_at_copies(self);
    else
        doctor_ok(self,
                  "no mailbox is set whose sent mail could prove that a letter in doubt went");
    if (has_mailbox && !settings_flag(self->settings, "settle.after_send"))
        doctor_ok(self,
                  "'circular settle' looks by hand; 'settle.after_send: yes' has 'send' do it");
    tell_reports(self);
}
