/* doctor - whether everything is in place for the next letter: tried, and what to fix
 *
 * Config, ledger, key, clock, lists, the relay, the mailbox of bounces, what can prove that a letter in
 * doubt was sent, and the DNS, one after the other. Nothing is sent, made, moved or changed anywhere (but for an access token that is kept for
 * the next sign-in): the relay hears a MAIL FROM and a RSET, the mailbox is only looked at. What is
 * said never holds a secret.
 *
 * How to add a check: write a function that tells what it finds (doctor/doctor_parts.h) and name it
 * in the table of doctor/doctor.c.
 */
#ifndef DOCTOR_DOCTOR_H
#define DOCTOR_DOCTOR_H

#include <glib.h>

#include "base/error.h"

enum {
    DOCTOR_SECONDS = 20,        /* for one answer of a server; the config's own timeout if less */
    DOCTOR_CERT_DAYS = 14,      /* a certificate that ends within so many days is worth a warning */
    DOCTOR_CLOCK_SECONDS = 300, /* that the clock may differ from another */
    DOCTOR_DISK_MB = 200,       /* free space under which is a warning */
    DOCTOR_DISK_LEAST_MB = 10   /* and under which the next plan may fail */
};

typedef enum { DOCTOR_OK, DOCTOR_SKIP, DOCTOR_WARN, DOCTOR_FAIL } DoctorMark;

typedef struct {
    const char *check; /* "relay" */
    DoctorMark mark;
    CircularError kind; /* of DOCTOR_FAIL: what the exit status is made of */
    const char *what;   /* one line */
    const char *fix;    /* how to fix it, one line; or NULL */
} DoctorResult;

typedef struct {
    gboolean offline; /* skips whatever needs the network */
    /* Told each result as it is found; it is valid only during the call. */
    void (*tell)(void *user, const DoctorResult *result);
    void *user;
} DoctorOptions;

typedef struct {
    guint marks[DOCTOR_FAIL + 1]; /* how many results by mark */
    CircularError kind;           /* of the first that failed */
} DoctorSummary;

/* Tries all of them. `config` as in workspace_open: one that can't be used is itself a failed
 * check, and then the only one. TRUE when none failed. */
gboolean doctor_run(const char *config, const DoctorOptions *options, DoctorSummary *summary);

/* "ok", "skip", "warn", "fail". */
const char *doctor_mark_name(DoctorMark mark);

#endif
