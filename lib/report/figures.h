/* figures - what became of one mailing, or of all of a year, as plain numbers and names
 *
 * What a report shows, on whatever: gathered by report/report, printed by cmd, drawn by
 * page/mailingpage and page/yearpage. Owns its texts. Lists are cut at the limits below, and say
 * how many there were.
 */
#ifndef REPORT_FIGURES_H
#define REPORT_FIGURES_H

#include <glib.h>

#include "ledger/settlements.h"
#include "report/answersheet.h"
#include "report/meaning.h"

enum {
    FIGURES_PEOPLE_MAX = 1000, /* names that are listed; a page of more nobody reads */
    FIGURES_GROUPS_MAX = 30,   /* domains, or values of a column, that are drawn */
    FIGURES_TOP_MAX = 10,      /* slowest, most tried */
};

/* What to do about a letter that was put off. */
#define FIGURES_RETRY "wait: 'circular send ID', or cron's 'circular send --due', tries again"

/* As in ledger/delivery.h, and one more. */
typedef enum {
    FIGURE_PLANNED,
    FIGURE_SENDING,
    FIGURE_SENT,
    FIGURE_DEFERRED,
    FIGURE_REFUSED,
    FIGURE_UNKNOWN,
    FIGURE_BOUNCED,
    FIGURE_COMPLAINED,
    FIGURE_WRITTEN, /* a rehearsal's: nobody was mailed */
    FIGURE_LEFT_OUT,
    FIGURE_STATES
} FigureState;

/* "planned" ... "left out": the word of the ledger, of --json and of the screen; and as a page or a
 * heading says it to people who don't know ours: "sent", "came back". */
const char *figure_name(FigureState state);
const char *figure_title(FigureState state);

typedef struct {
    guint64 of[FIGURE_STATES];
} Counts;

/* All letters, without those left out; and those whose recipient has none as far as is known
 * (refused, unknown, bounced). */
guint64 counts_letters(const Counts *self);
guint64 counts_missing(const Counts *self);

/* A domain, or a value of a column. */
typedef struct {
    char *name;
    Counts counts;
    char *note; /* of a domain: what to do about it, and whom to ask; or NULL */
} FigureGroup;

/* Why so many letters of one state did not arrive, or why somebody was left out. */
typedef struct {
    FigureState state;
    const Meaning *meaning;
    guint64 count;
    char *advice;
    char *example; /* what a server said, or the plan */
} FigureReason;

/* Outcomes of a span of time that begins at `when`. */
typedef struct {
    gint64 when;
    char *label;
    Counts counts;
} FigureMoment;

/* One copy, or somebody who was left out. */
typedef struct {
    char *mailing;
    char *key, *name, *address;
    char *label, *phone; /* what people call the row, and where to call; may be "" */
    FigureState state;
    const Meaning *meaning;
    char *why; /* the meaning as a sentence with what is known of this one: "..., tried 3 times" */
    char *advice; /* what to do next */
    char *reply;  /* as the server said it */
    char *enhanced;
    int code;
    guint attempts;
    gint64 first_at, since, next_at; /* since: when this became known */
    Settlement settlement;           /* of a letter in doubt; its texts are the person's */
} FigurePerson;

typedef struct {
    char *id, *subject, *audience;
    gint64 planned_at;
    Counts counts;
} FigureMailing;

typedef struct {
    char *address, *audience, *reason, *source;
    gint64 since,
        until; /* until: when a letter is tried again by itself; 0: only a person ends it */
} FigureSuppression;

/* Who did what with a mailing, as it is on record. */
typedef struct {
    char *mailing, *event, *user, *host, *command, *detail;
    gint64 at;
} FigureEvent;

typedef struct {
    gint64 made_at;
    gint64 since; /* of many mailings: planned at this time or later; 0 for one mailing */
    char *office; /* whose mailings they are, or "" */

    /* Of one mailing. */
    char *id, *subject, *audience, *sender, *update;
    gboolean is_withdrawn, is_stopped, is_held;
    gint64 goes_at;  /* when it goes, or goes on, by itself; 0: it has no time */
    char *rehearsal; /* where a rehearsal's letters went: "written into ./outbox"; "" if unknown */
    gint64 planned_at;
    AnswerSheet
        *answers;      /* to its questions, and to those of what follows it; NULL: none is asked */
    GPtrArray *events; /* of FigureEvent, of all plans of the letter, by time; one mailing only */

    Counts counts;
    gint64 first_at, last_at; /* of the outcomes; 0 if there is none yet */
    GPtrArray *mailings;      /* of FigureMailing, the latest first; many only */
    GPtrArray *outcomes;      /* of FigureMoment */
    GPtrArray *returns;       /* of FigureMoment: what came back, when it came */
    char *outcomes_step;      /* "5 minutes", "day", "month": how long a moment lasts */
    char *returns_step;
    GPtrArray *domains; /* of FigureGroup, those with the most trouble first */
    gboolean more_domains;
    char *by;           /* a column, or NULL */
    char *by_note;      /* where its values are from; "" when they were frozen with the letter */
    GPtrArray *by_rows; /* of FigureGroup, the largest first */
    guint64 by_more;    /* values that are not among them; their letters are the last row's */
    GPtrArray *reasons; /* of FigureReason, the most frequent first */
    GPtrArray *slowest, *most_tried; /* of FigurePerson */

    /* Who has no letter as far as is known, once a recipient: whom to call, and what a call won't
     * fix; and how many failed copies are of recipients who have it at another address (or, of
     * many, had a later letter). */
    GPtrArray *calls, *others; /* of FigurePerson */
    guint64 calls_count, others_count, reached_count;
    guint64 settled_count; /* letters that were in doubt and are proven sent */

    GPtrArray *suppressions; /* of FigureSuppression, the latest first */
    guint64 suppressions_count;
} Figures;

/* Empty, with `made_at` set. */
Figures *figures_new(gint64 now);
void figures_free(Figures *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Figures, figures_free)

typedef enum { VERDICT_GOOD, VERDICT_CARE, VERDICT_BAD } Verdict;

/* "Did everyone get it?" in a sentence that anybody can read, and how good that is; the first word
 * answers, before a colon. Newly allocated. */
char *figures_answer(const Figures *self, Verdict *verdict);

/* What to know beside it: who was left out, who needs a call. "" if nothing. Newly allocated. */
char *figures_beside(const Figures *self);

#endif
