/* doctor - whether everything is in place for the next letter: tried, and what to fix */
#include "doctor/doctor.h"

#include <string.h>

#include "base/clock.h"
#include "text/when.h"
#include "mail/address.h"
#include "doctor/doctor_parts.h"

/* In the order in which things are to be fixed. */
static const struct {
    const char *name;
    gboolean needs_network;
    void (*examine)(DoctorRun *self);
} checks[] = {
    {"config", FALSE, doctor_config},
    {"ledger", FALSE, doctor_ledger},
    {"key", FALSE, doctor_key},
    {"lists", FALSE, doctor_lists},
    {"schedule", FALSE, doctor_schedule},
    {"outbox", FALSE, doctor_outbox},
    {"relay", TRUE, doctor_relay},
    {"clock", FALSE, doctor_clock},
    {"mailbox", TRUE, doctor_mailbox},
    {"settle", TRUE, doctor_settle},
    {"dns", TRUE, doctor_dns},
};

const char *doctor_mark_name(DoctorMark mark)
{
    static const char *const names[] = {"ok", "skip", "warn", "fail"};
    return names[mark];
}

/* --- telling ---------------------------------------------------------------------------------- */

static void tell(DoctorRun *self, DoctorMark mark, CircularError kind, const char *fix,
                 const char *format, va_list args)
{
    g_autofree char *raw = g_strdup_vprintf(format, args);
    g_autofree char *what = text_visible(raw);
    g_autofree char *how = fix ? text_visible(fix) : NULL;
    DoctorResult result = {self->check, mark, kind, what, how};
    if (mark == DOCTOR_FAIL && !self->summary->marks[DOCTOR_FAIL])
        self->summary->kind = kind;
    self->summary->marks[mark]++;
    self->options->tell(self->options->user, &result);
}

#define TELL(mark, kind, fix)                                                                      \
    do {                                                                                           \
        va_list args;                                                                              \
        va_start(args, format);                                                                    \
        tell(self, mark, kind, fix, format, args);                                                 \
        va_end(args);                                                                              \
    } while (0)

void doctor_ok(DoctorRun *self, const char *format, ...)
{
    TELL(DOCTOR_OK, CIRCULAR_ERROR_CONFIG, NULL);
}

void doctor_skip(DoctorRun *self, const char *format, ...)
{
    TELL(DOCTOR_SKIP, CIRCULAR_ERROR_CONFIG, NULL);
}

void doctor_warn(DoctorRun *self, const char *fix, const char *format, ...)
{
    TELL(DOCTOR_WARN, CIRCULAR_ERROR_CONFIG, fix);
}

void doctor_fail(DoctorRun *self, CircularError kind, const char *fix, const char *format, ...)
{
    TELL(DOCTOR_FAIL, kind, fix);
}

void doctor_error(DoctorRun *self, const GError *error, const char *fix)
{
    const char *end = g_strrstr(error->message, "; ");
    CircularError kind =
        error->domain == CIRCULAR_ERROR ? (CircularError)error->code : CIRCULAR_ERROR_IO;
    g_autofree char *what =
        end ? g_strndup(error->message, (gsize)(end - error->message)) : g_strdup(error->message);
    /* A wrong key of the config says by itself what is wrong and where. */
    const char *otherwise = kind == CIRCULAR_ERROR_CONFIG ? NULL : fix;
    doctor_fail(self, kind, end ? end + 2 : otherwise, "%s", what);
}

void doctor_certificate(DoctorRun *self, const char *whose, gint64 end)
{
    gint64 days = (end - clock_now()) / (24 * 60 * 60 * (gint64)G_USEC_PER_SEC);
    if (!end)
        return;
    g_autofree char *date = when_day(end);
    if (days < DOCTOR_CERT_DAYS)
        doctor_warn(self, "ask whoever runs it to renew the certificate",
                    "the certificate of %s ends in %d days, on %s", whose, (int)MAX(days, 0), date);
    else
        doctor_ok(self, "its certificate is verified, and good for %d days more (until %s)",
                  (int)MIN(days, G_MAXINT), date);
}

/* --- what the checks ask ---------------------------------------------------------------------- */

gboolean doctor_run_has_relay(const DoctorRun *self)
{
    return settings_text(self->settings, "relay.host") != NULL;
}

gboolean doctor_run_mails(const DoctorRun *self)
{
    return workspace_via(self->workspace) == VIA_RELAY;
}

Address *doctor_run_from(const DoctorRun *self)
{
    const char *from = settings_text(self->settings, "from");
    return from ? address_parse_mailbox(from, NULL) : NULL;
}

Address *doctor_run_sender(const DoctorRun *self)
{
    const char *bounces = settings_text(self->settings, "bounce.address");
    return bounces ? address_parse(bounces, NULL) : doctor_run_from(self);
}

/* --- the run ---------------------------------------------------------------------------------- */

gboolean doctor_run(const char *config, const DoctorOptions *options, DoctorSummary *summary)
{
    g_autoptr(GError) error = NULL;
    *summary = (DoctorSummary){.kind = CIRCULAR_ERROR_CONFIG};
    DoctorRun self = {.options = options, .summary = summary, .check = checks[0].name};
    g_autoptr(Workspace) workspace = workspace_open(config, &error);
    if (!workspace) {
        doctor_error(&self, error, NULL);
        return FALSE;
    }
    self.workspace = workspace;
    self.settings = workspace_settings(workspace);
    for (gsize i = 0; i < G_N_ELEMENTS(checks); i++) {
        self.check = checks[i].name;
        if (options->offline && checks[i].needs_network)
            doctor_skip(&self, "it needs the network (--offline)");
        else
            checks[i].examine(&self);
    }
    g_free(self.relay_greeting);
    return !summary->marks[DOCTOR_FAIL];
}
