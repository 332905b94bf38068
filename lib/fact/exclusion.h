/* exclusion - why somebody on a list gets no letter, as a fact
 *
 * Who a list names and a mailing leaves out has a kind, with what is particular to the case beside
 * it: never a sentence that somebody would have to read back. The sentence for people is made here,
 * and the word by which a kind is kept.
 */
#ifndef FACT_EXCLUSION_H
#define FACT_EXCLUSION_H

#include <glib.h>

typedef enum {
    EXCLUSION_NONE,         /* gets the letter */
    EXCLUSION_NO_ADDRESS,   /* the list has none; `detail`: "no row in lists/a.csv", or "" */
    EXCLUSION_BAD_ADDRESS,  /* `detail`: what is wrong with it */
    EXCLUSION_SAME_ADDRESS, /* `detail`: whose it is too, "100003" or "100003 in heads" */
    EXCLUSION_SUPPRESSED,   /* `detail`: the suppression's reason; `since` */
    EXCLUSION_NOTHING_NEW,  /* of a digest */
    EXCLUSION_TOO_FEW,      /* of a digest; `detail`: "1 new, under the least of 3" */
    EXCLUSION_HAS_IT,       /* of a plan for those who missed it; `detail`: which mailing, or "" */
    EXCLUSION_MAY_HAVE_IT,  /* the same, where the answer was lost */
    EXCLUSION_ON_ITS_WAY,   /* the same, where it is still to go; `detail`: as which mailing */
    EXCLUSION_CAME_BACK,    /* the same, where it came back from this very address */
    EXCLUSION_HAD_NONE,     /* of a correction: had nothing that could be corrected */
    EXCLUSION_LEFT_LIST,    /* of a correction: had it and is on the list no more */
    EXCLUSION_ANSWERED,     /* of a reminder: its questions are answered */
    EXCLUSION_ANSWER_WAITS, /* of a reminder: an answer waits for a person to read it */
    EXCLUSION_REMINDED,     /* of a reminder: often enough; `detail`: "2 times" */
    EXCLUSION_TOO_SOON,     /* of a reminder: had a letter of it lately; `since` */
    EXCLUSION_WITHDRAWN,    /* was planned, and the mailing was withdrawn; `since` */
    EXCLUSION_HELD_BACK,    /* `detail`: what is wrong in a value that the letter shows */
    EXCLUSION_OTHER,        /* `detail` says it */
    EXCLUSION_KINDS
} ExclusionKind;

/* "no-address", "same-address" ...; the word in the ledger and for machines. */
const char *exclusion_name(ExclusionKind kind);

/* The kind of that name; EXCLUSION_OTHER for one that we don't know. */
ExclusionKind exclusion_from_name(const char *name);

/* Why one is left out. */
typedef struct {
    ExclusionKind kind;
    char *detail; /* NULL is "" */
    gint64 since; /* microseconds since 1970, or 0 */
} Why;

void why_clear(Why *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Why, why_clear)

/* "no address", "same address as 100003", "suppressed since 5 Jan 2026: by-hand"; newly allocated.
 */
char *exclusion_said(ExclusionKind kind, const char *detail, gint64 since);

#endif
