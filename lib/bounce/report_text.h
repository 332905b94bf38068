/* report_text - a failure report's words for people, read for whom it names and what it says of each
 *
 * Most formats that are not RFC 3464 are alike: an introduction, the failed addresses, each with
 * some text before, beside or below it, then a line, then the letter. One reader knows the shapes;
 * a table (formats.c) knows the systems, by a phrase each, and what is particular about them.
 */
#ifndef BOUNCE_REPORT_TEXT_H
#define BOUNCE_REPORT_TEXT_H

#include <glib.h>

#include "evidence/evidence.h"

typedef struct {
    char *address;
    char *original; /* "(expanded from: ...)", or NULL */
    char *text;     /* what is said of it; "" if nothing that could be told from the rest */
    gboolean apart; /* a blank line stands between the address and its text */
} ReportTextEntry;

typedef struct {
    GPtrArray *entries; /* of ReportTextEntry; each address once */
    char *preface;      /* the words before the first entry */
    char *words;        /* the text up to the letter; a copy */
    gboolean listed;    /* the entries stood in lines of their own, not in sentences */
    const char *letter; /* where the returned letter begins in the text read, or NULL */
} ReportText;

enum {
    REPORT_LINE_MAX = 2000,            /* bytes of a line that are looked at */
    REPORT_TEXT_MAX = 4000,            /* bytes kept for one entry */
    REPORT_LETTER_SCAN_MAX = 64 << 10, /* words before the letter */
};

/* Reads a text (UTF-8). Never NULL; `text` must outlive it. */
ReportText *report_text_read(const char *text);
void report_text_free(ReportText *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ReportText, report_text_free)

/* For formats that say why above each address: gives every entry the text before it. */
void report_text_shift(ReportText *self);

/* The entry for an address (any case), or NULL. */
const ReportTextEntry *report_text_find(const ReportText *self, const char *address);

/* ---- the systems: formats.c ---- */

typedef struct {
    const char *system;
    const char *where;  /* "from", "subject", "x-mailer" ...: a header; "" is the words */
    const char *phrase; /* in it, folded; '*' as in reason.h */
    guint flags;
} ReportFormat;

enum {
    FORMAT_OWN_WORDS = 1 << 0,    /* names its own users: "user unknown" needs no RCPT */
    FORMAT_WEAK = 1 << 1,         /* names the system but is no proof of a report */
    FORMAT_DELAY = 1 << 2,        /* is a warning, attempts go on */
    FORMAT_REASON_FIRST = 1 << 3, /* says why above each address, not below */
};

extern const ReportFormat REPORT_FORMATS[]; /* ends with a NULL system */

/* The format whose mark the message bears, one that proves a report before a weak one; or NULL. */
const ReportFormat *format_find(const Evidence *signs);

/* ---- labels.c; NULL-terminated, folded ---- */

extern const char
    *const FOREIGN_LABELS[];         /* before a colon: somebody else's address, or nobody's */
extern const char *const LEAD_INS[]; /* make an address within a sentence the failed one */

#endif
