/* examine - whether everything is in place for the next letter: tried, and what to mend
 *
 * Config, ledger, key, clock, lists, the relay, the mailbox of bounces and the DNS, one after the
 * other. Nothing is sent, made, moved or changed anywhere (but for an access token that is kept for
 * the next sign-in): the relay hears a MAIL FROM and a RSET, the mailbox is only looked at. What is
 * said never holds a secret.
 *
 * How to add a check: write a function that tells what it finds (run/examine_parts.h) and name it
 * in the table of run/examine.c.
 */
#ifndef RUN_EXAMINE_H
#define RUN_EXAMINE_H

#include <glib.h>

#include "base/error.h"

enum {
    EXAMINE_SECONDS = 20,   /* for one answer of a server; the config's own timeout if less */
    EXAMINE_CERT_DAYS = 14, /* a certificate that ends within so many days is worth a warning */
    EXAMINE_CLOCK_SECONDS = 300, /* that the clock may differ from another */
    EXAMINE_DISK_MB = 200,       /* free space under which is a warning */
    EXAMINE_DISK_LEAST_MB = 10   /* and under which the next plan may fail */
};

typedef enum { EXAMINE_OK, EXAMINE_SKIP, EXAMINE_WARN, EXAMINE_FAIL } ExamineMark;

typedef struct {
    const char *check; /* "relay" */
    ExamineMark mark;
    CircularError kind; /* of EXAMINE_FAIL: what the exit status is made of */
    const char *what;   /* one line */
    const char *mend;   /* how to mend it, one line; or NULL */
} ExamineResult;

typedef struct {
    gboolean offline; /* skips whatever needs the network */
    /* Told each result as it is found; it is valid only during the call. */
    void (*tell)(void *user, const ExamineResult *result);
    void *user;
} ExamineOptions;

typedef struct {
    guint marks[EXAMINE_FAIL + 1]; /* how many results by mark */
    CircularError kind;            /* of the first that failed */
} ExamineSummary;

/* Tries all of them. `config` as in workspace_open: one that can't be used is itself a failed
 * check, and then the only one. TRUE when none failed. */
gboolean examine_run(const char *config, const ExamineOptions *options, ExamineSummary *summary);

/* "ok", "skip", "warn", "fail". */
const char *examine_mark_name(ExamineMark mark);

#endif
