/* examine - whether everything is in place for the next letter: tried, and what to mend */
#include "run/examine.h"

#include <string.h>

#include "base/clock.h"
#include "base/when.h"
#include "mail/address.h"
#include "run/examine_parts.h"

/* In the order in which things are to be mended. */
static const struct {
    const char *name;
    gboolean needs_network;
    void (*examine)(Examination *self);
} checks[] = {
    {"config", FALSE, examine_config},     {"ledger", FALSE, examine_ledger},
    {"key", FALSE, examine_key},           {"lists", FALSE, examine_lists},
    {"schedule", FALSE, examine_schedule}, {"outbox", FALSE, examine_outbox},
    {"relay", TRUE, examine_relay},        {"clock", FALSE, examine_clock},
    {"mailbox", TRUE, examine_mailbox},    {"dns", TRUE, examine_dns},
};

const char *examine_mark_name(ExamineMark mark)
{
    static const char *const names[] = {"ok", "skip", "warn", "fail"};
    return names[mark];
}

/* --- telling ---------------------------------------------------------------------------------- */

static void tell(Examination *self, ExamineMark mark, CircularError kind, const char *mend,
                 const char *format, va_list args)
{
    g_autofree char *raw = g_strdup_vprintf(format, args);
    g_autofree char *what = text_visible(raw);
    g_autofree char *how = mend ? text_visible(mend) : NULL;
    ExamineResult result = {self->check, mark, kind, what, how};
    if (mark == EXAMINE_FAIL && !self->summary->marks[EXAMINE_FAIL])
        self->summary->kind = kind;
    self->summary->marks[mark]++;
    self->options->tell(self->options->user, &result);
}

#define TELL(mark, kind, mend)                                                                     \
    do {                                                                                           \
        va_list args;                                                                              \
        va_start(args, format);                                                                    \
        tell(self, mark, kind, mend, format, args);                                                \
        va_end(args);                                                                              \
    } while (0)

void examine_ok(Examination *self, const char *format, ...)
{
    TELL(EXAMINE_OK, CIRCULAR_ERROR_CONFIG, NULL);
}

void examine_skip(Examination *self, const char *format, ...)
{
    TELL(EXAMINE_SKIP, CIRCULAR_ERROR_CONFIG, NULL);
}

void examine_warn(Examination *self, const char *mend, const char *format, ...)
{
    TELL(EXAMINE_WARN, CIRCULAR_ERROR_CONFIG, mend);
}

void examine_fail(Examination *self, CircularError kind, const char *mend, const char *format, ...)
{
    TELL(EXAMINE_FAIL, kind, mend);
}

void examine_error(Examination *self, const GError *error, const char *mend)
{
    const char *end = g_strrstr(error->message, "; ");
    CircularError kind =
        error->domain == CIRCULAR_ERROR ? (CircularError)error->code : CIRCULAR_ERROR_IO;
    g_autofree char *what =
        end ? g_strndup(error->message, (gsize)(end - error->message)) : g_strdup(error->message);
    /* A wrong key of the config says by itself what is wrong and where. */
    const char *otherwise = kind == CIRCULAR_ERROR_CONFIG ? NULL : mend;
    examine_fail(self, kind, end ? end + 2 : otherwise, "%s", what);
}

void examine_certificate(Examination *self, const char *whose, gint64 end)
{
    gint64 days = (end - clock_now()) / (24 * 60 * 60 * (gint64)G_USEC_PER_SEC);
    if (!end)
        return;
    g_autofree char *date = when_day(end);
    if (days < EXAMINE_CERT_DAYS)
        examine_warn(self, "ask whoever runs it to renew the certificate",
                     "the certificate of %s ends in %d days, on %s", whose, (int)MAX(days, 0),
                     date);
    else
        examine_ok(self, "its certificate is verified, and good for %d days more (until %s)",
                   (int)MIN(days, G_MAXINT), date);
}

/* --- what the checks ask ---------------------------------------------------------------------- */

gboolean examination_has_relay(const Examination *self)
{
    return settings_text(self->settings, "relay.host") != NULL;
}

gboolean examination_mails(const Examination *self)
{
    return g_str_equal(workspace_transport_name(self->workspace), "relay");
}

Address *examination_from(const Examination *self)
{
    const char *from = settings_text(self->settings, "from");
    return from ? address_parse_mailbox(from, NULL) : NULL;
}

Address *examination_sender(const Examination *self)
{
    const char *bounces = settings_text(self->settings, "bounce.address");
    return bounces ? address_parse(bounces, NULL) : examination_from(self);
}

/* --- the run ---------------------------------------------------------------------------------- */

gboolean examine_run(const char *config, const ExamineOptions *options, ExamineSummary *summary)
{
    g_autoptr(GError) error = NULL;
    *summary = (ExamineSummary){.kind = CIRCULAR_ERROR_CONFIG};
    Examination self = {.options = options, .summary = summary, .check = checks[0].name};
    g_autoptr(Workspace) workspace = workspace_open(config, &error);
    if (!workspace) {
        examine_error(&self, error, NULL);
        return FALSE;
    }
    self.workspace = workspace;
    self.settings = workspace_settings(workspace);
    for (gsize i = 0; i < G_N_ELEMENTS(checks); i++) {
        self.check = checks[i].name;
        if (options->offline && checks[i].needs_network)
            examine_skip(&self, "it needs the network (--offline)");
        else
            checks[i].examine(&self);
    }
    g_free(self.relay_greeting);
    return !summary->marks[EXAMINE_FAIL];
}
