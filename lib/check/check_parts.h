/* check_parts - what the parts of the preflight share (private to lib/check)
 */
#ifndef CHECK_CHECK_PARTS_H
#define CHECK_CHECK_PARTS_H

#include "config/front.h"
#include "render/outline.h"
#include "rules/addressbook.h"
#include "rules/rule.h"
#include "check/check.h"

typedef struct {
    const Workspace *workspace;
    const CheckOptions *options;
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
    GPtrArray *variety;              /* of Extreme; set by check_letters, the result's to free */
    guint64 letters;                 /* to the one that is looked at */
    gboolean ran[RULE_WITH_DNS + 1]; /* which kinds of rules had their chance */
} Check;

/* check_letters.c: every recipient's letter, merged and measured. */
gboolean check_letters(Check *self, GError **error);

/* The rule about wide lines, for one plain text. TRUE when it was reported. */
gboolean check_text(Check *self, const char *text);

/* preflight_files.c: what is attached, by kind and weight; `total` is bytes of the heaviest letter.
 */
void check_attachments(Check *self);
void check_weight(Check *self, guint64 total, const char *key);

/* check_ledger.c: the suppressed, and what has changed since the last mailing. Sets
 * `letters`. */
gboolean check_ledger(Check *self, GError **error);

/* check_sender.c */
void check_sender(Check *self);
void check_pace(Check *self, guint64 letters);

/* check_dns.c: SPF, DMARC, and whether the recipients' domains take mail. Needs the letter. */
void check_dns(Check *self);

/* check_links.c */
void check_links(Check *self);

#endif
