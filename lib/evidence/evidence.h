/* evidence - what of a message speaks for a machine having written it
 *
 * Gathered once, for the readers of reports, complaints and auto-replies to weigh.
 */
#ifndef EVIDENCE_EVIDENCE_H
#define EVIDENCE_EVIDENCE_H

#include <glib.h>

#include "reason/pattern.h"
#include "evidence/sesnotice.h"
#include "mail/reader.h"

typedef struct {
    Reader *reader;    /* borrowed */
    GPtrArray *fields; /* of Field: the message's headers, as they came */
    char *from;        /* address, "" if none */
    char *from_folded; /* the whole header, decoded */
    char *subject;     /* decoded, "" if none */
    char *subject_folded;
    char *words;                            /* the message's own text: plain, else from HTML */
    char *words_folded;                     /* its beginning */
    Subject words_subject, subject_subject; /* the two folded texts, prepared */
    SesNotice *ses;                         /* what SES says in JSON, and nobody else, or NULL */
    char *letter_head;                      /* headers of the enclosed letter, or NULL */
    int status_part,
        feedback_part,      /* index of a message/delivery-status or feedback-report part, or -1 */
        disposition_part;   /* likewise message/disposition-notification */
    gboolean null_path;     /* Return-Path: <> */
    gboolean system_sender; /* From: MAILER-DAEMON and its kin */
    gboolean daemon_sender; /* one of those that no person writes from */
    gboolean is_reply;      /* "Re:", "Fwd:" */
    gboolean failure_subject, failure_words, delay;
} Evidence;

Evidence *evidence_new(Reader *reader);
void evidence_free(Evidence *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Evidence, evidence_free)

/* The first header of that (lower case) name, or NULL. Borrowed, not decoded. */
const char *evidence_header(const Evidence *self, const char *name);

/* RFC 3834 section 5: whether it says that a machine sent it. Whoever sends by hand doesn't. */
gboolean evidence_says_machine(const Evidence *self);

/* ---- failurewords.c ---- */

/* Phrases of delays, of failures in a subject, and of failures in the words; NULL-terminated,
 * folded. */
extern const char *const DELAY_PHRASES[];
extern const char *const FAILURE_SUBJECTS[];
extern const char *const FAILURE_PHRASES[];

#endif
