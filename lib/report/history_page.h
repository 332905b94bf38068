/* history_page - all that one school or person was sent and what came of it, as a page
 *
 * Plain data, gathered by report/history, and the page that shows it: what to do next first, then
 * everything that happened, the latest first.
 */
#ifndef REPORT_HISTORY_PAGE_H
#define REPORT_HISTORY_PAGE_H

#include "report/figures.h"

typedef enum {
    HAPPENED_LETTER,     /* a copy, by its state */
    HAPPENED_LEFT_OUT,   /* of a mailing */
    HAPPENED_BACK,       /* something came back */
    HAPPENED_ANSWERED,   /* a question was answered, or so it seems */
    HAPPENED_SUPPRESSED, /* the address gets no more letters */
    HAPPENED_RESTORED,   /* it gets letters again */
} Happened;

typedef struct {
    Happened kind;
    gint64 when;
    FigureState state; /* of a letter, and since when it is known */
    gint64 known_at;
    char *what;    /* "came back", "left out", "an automatic answer ..." */
    char *subject; /* of the letter, as this recipient got it; or "" */
    char *mailing; /* id, or "" */
    char *address;
    char *why;            /* in plain words, or "" */
    char *advice;         /* or "" */
    char *detail;         /* as a machine said it, or "" */
    gboolean is_doubtful; /* nothing proves that it is about a letter of ours */
} HistoryEvent;

typedef struct {
    char *asked; /* the key or address that was asked for */
    char *name;  /* as the latest letter had it; may be "" */
    char *office;
    gint64 made_at;
    GPtrArray *events;        /* of DossierEvent, the latest first */
    gboolean is_suppressed;   /* an address of it gets no letters now, for some audience or all */
    guint64 letters, arrived; /* how many there were, and arrived as far as is known */
} HistoryPage;

HistoryPage *history_page_new(const char *asked, gint64 now);
void history_page_free(HistoryPage *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HistoryPage, history_page_free)

/* An empty event at the end, whose texts are to be set; those that are not become "" when the page
 * is written. Borrowed. */
HistoryEvent *history_page_add(HistoryPage *self, Happened kind, gint64 when);

/* Puts the latest first. */
void history_page_sort(HistoryPage *self);

/* What stands first: how the last letter fared, and what to do next. Newly allocated. */
char *history_page_answer(const HistoryPage *self, Verdict *verdict);

void history_page_write(GString *out, const HistoryPage *self);

#endif
