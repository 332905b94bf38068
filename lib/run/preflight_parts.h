/* preflight_parts - what the parts of the preflight share (private to lib/run)
 */
#ifndef RUN_PREFLIGHT_PARTS_H
#define RUN_PREFLIGHT_PARTS_H

#include "config/front.h"
#include "markup/outline.h"
#include "preflight/addressbook.h"
#include "preflight/rule.h"
#include "run/preflight.h"

typedef struct {
    const Workspace *workspace;
    const PreflightOptions *options;
    Findings *findings;
    Bundle *bundle;
    const char *shown;  /* the update, for findings */
    Front *front;       /* NULL when it can't be read */
    Outline *outline;   /* NULL when the Markdown can't be read */
    guint body_line;    /* where its words begin */
    Letter *letter;     /* NULL when it can't be made */
    char **audiences;   /* their names; NULL-terminated */
    Audience *audience; /* the one that is looked at, and its name */
    const char *audience_name;
    GHashTable *seen; /* addresses, folded, where there are several audiences: each person once */
    Addressbook *addressbook;
    GPtrArray *variety; /* of Extreme; set by preflight_letters, the result's to free */
    guint64 letters;    /* to the one that is looked at */
    gboolean ran[RULE_WITH_DNS + 1]; /* which kinds of rules had their chance */
} Preflight;

/* preflight_letters.c: every recipient's letter, merged and measured. */
gboolean preflight_letters(Preflight *self, GError **error);

/* The rule about wide lines, for one plain text. TRUE when it was reported. */
gboolean preflight_text(Preflight *self, const char *text);

/* preflight_files.c: what is attached, by kind and weight; `total` is bytes of the heaviest letter.
 */
void preflight_attachments(Preflight *self);
void preflight_weight(Preflight *self, guint64 total, const char *key);

/* preflight_ledger.c: the suppressed, and what has changed since the last mailing. Sets
 * `letters`. */
gboolean preflight_ledger(Preflight *self, GError **error);

/* preflight_sender.c */
void preflight_sender(Preflight *self);
void preflight_pace(Preflight *self, guint64 letters);

/* preflight_dns.c: SPF, DMARC, and whether the recipients' domains take mail. Needs the letter. */
void preflight_dns(Preflight *self);

/* preflight_links.c */
void preflight_links(Preflight *self);

#endif
