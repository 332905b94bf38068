/* dossier - all that one school or person was sent and what came of it, as a page
 *
 * Plain data, gathered by run/past, and the page that shows it: what to do next first, then
 * everything that happened, the latest first.
 */
#ifndef PAGE_DOSSIER_H
#define PAGE_DOSSIER_H

#include "page/figures.h"

typedef enum {
    HAPPENED_LETTER,     /* a copy, by its state */
    HAPPENED_LEFT_OUT,   /* of a mailing */
    HAPPENED_BACK,       /* something came back */
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
} DossierEvent;

typedef struct {
    char *asked; /* the key or address that was asked for */
    char *name;  /* as the latest letter had it; may be "" */
    char *office;
    gint64 made_at;
    GPtrArray *events;        /* of DossierEvent, the latest first */
    gboolean is_suppressed;   /* an address of it gets no letters now, for some audience or all */
    guint64 letters, arrived; /* how many there were, and arrived as far as is known */
} Dossier;

Dossier *dossier_new(const char *asked, gint64 now);
void dossier_free(Dossier *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Dossier, dossier_free)

/* An empty event at the end, whose texts are to be set; those that are not become "" when the page
 * is written. Borrowed. */
DossierEvent *dossier_add(Dossier *self, Happened kind, gint64 when);

/* Puts the latest first. */
void dossier_sort(Dossier *self);

/* What stands first: how the last letter fared, and what to do next. Newly allocated. */
char *dossier_answer(const Dossier *self, Verdict *verdict);

void dossier_write(GString *out, const Dossier *self);

#endif
