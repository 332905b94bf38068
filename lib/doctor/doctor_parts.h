/* doctor_parts - what the checks of the doctor share (private to lib/doctor) */
#ifndef DOCTOR_DOCTOR_PARTS_H
#define DOCTOR_DOCTOR_PARTS_H

#include "doctor/doctor.h"
#include "workspace/workspace.h"

typedef struct {
    const DoctorOptions *options;
    DoctorSummary *summary;
    const char *check; /* the one that is at work */
    Workspace *workspace;
    const Settings *settings;
    gboolean relay_is_open, relay_reports; /* it was asked; it offers reports of success */
    char *relay_greeting;                  /* what the relay said first, or NULL */
} DoctorRun;

/* Whether letters leave this machine, and whether a relay is set at all. */
gboolean doctor_run_mails(const DoctorRun *self);
gboolean doctor_run_has_relay(const DoctorRun *self);

/* The addresses that letters carry by the config, parsed; NULL when there is none or it can't be
 * read. To be freed. The envelope sender is bounce.address or else the From address. */
Address *doctor_run_from(const DoctorRun *self);
Address *doctor_run_sender(const DoctorRun *self);

void doctor_ok(DoctorRun *self, const char *format, ...) G_GNUC_PRINTF(2, 3);
void doctor_skip(DoctorRun *self, const char *format, ...) G_GNUC_PRINTF(2, 3);
void doctor_warn(DoctorRun *self, const char *fix, const char *format, ...) G_GNUC_PRINTF(3, 4);
void doctor_fail(DoctorRun *self, CircularError kind, const char *fix, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

/* A call failed: what its message says after the last "; " is how to fix it. Where it says nothing
 * there it is `fix` (may be NULL), unless the fault is in the config: then the message tells all.
 */
void doctor_error(DoctorRun *self, const GError *error, const char *fix);

/* Whether a certificate that ends at `end` will do, in a line of its own; 0: nothing is said. */
void doctor_certificate(DoctorRun *self, const char *whose, gint64 end);

/* The checks. */
void doctor_config(DoctorRun *self);
void doctor_ledger(DoctorRun *self);
void doctor_key(DoctorRun *self);
void doctor_lists(DoctorRun *self);
void doctor_schedule(DoctorRun *self);
void doctor_outbox(DoctorRun *self);
void doctor_relay(DoctorRun *self);
void doctor_clock(DoctorRun *self);
void doctor_mailbox(DoctorRun *self);
void doctor_settle(DoctorRun *self);
void doctor_dns(DoctorRun *self);

#endif
