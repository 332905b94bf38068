/* examine_parts - what the checks of the doctor share (private to lib/run) */
#ifndef RUN_EXAMINE_PARTS_H
#define RUN_EXAMINE_PARTS_H

#include "run/examine.h"
#include "run/workspace.h"

typedef struct {
    const ExamineOptions *options;
    ExamineSummary *summary;
    const char *check; /* the one that is at work */
    Workspace *workspace;
    const Settings *settings;
    char *relay_greeting; /* what the relay said first, or NULL */
} Examination;

/* Whether letters leave this machine, and whether a relay is set at all. */
gboolean examination_mails(const Examination *self);
gboolean examination_has_relay(const Examination *self);

/* Whether a host is this very machine. */
gboolean examination_is_near(const char *host);

/* The addresses that letters carry by the config, parsed; NULL when there is none or it can't be
 * read. To be freed. The envelope sender is bounce.address or else the From address. */
Address *examination_from(const Examination *self);
Address *examination_sender(const Examination *self);

void examine_ok(Examination *self, const char *format, ...) G_GNUC_PRINTF(2, 3);
void examine_skip(Examination *self, const char *format, ...) G_GNUC_PRINTF(2, 3);
void examine_warn(Examination *self, const char *mend, const char *format, ...) G_GNUC_PRINTF(3, 4);
void examine_fail(Examination *self, CircularError kind, const char *mend, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

/* A call failed: what its message says after the last "; " is how to mend it. Where it says nothing
 * there it is `mend` (may be NULL), unless the fault is in the config: then the message tells all.
 */
void examine_error(Examination *self, const GError *error, const char *mend);

/* Whether a certificate that ends at `end` will do, in a line of its own; 0: nothing is said. */
void examine_certificate(Examination *self, const char *whose, gint64 end);

/* The checks. */
void examine_config(Examination *self);
void examine_ledger(Examination *self);
void examine_key(Examination *self);
void examine_lists(Examination *self);
void examine_schedule(Examination *self);
void examine_outbox(Examination *self);
void examine_relay(Examination *self);
void examine_clock(Examination *self);
void examine_mailbox(Examination *self);
void examine_dns(Examination *self);

#endif
