/* rule - what is looked for in a letter before it leaves, in tables
 *
 * A row is a rule: the id that stands in brackets after a finding, how grave it is, and what
 * circular-check(7) says about it. To add one, add a row to a table of lib/preflight/rules_*.c and
 * report it with rule_report(); `make bless` writes the manual. The findings that other layers make
 * have rows, too, so that each is explained; `tests/lint/checks` holds them complete.
 */
#ifndef RULES_RULE_H
#define RULES_RULE_H

#include <glib.h>

#include "base/finding.h"

typedef enum { RULES_CONTENT, RULES_LETTER, RULES_LIST, RULES_SENDER } RuleGroup;
enum { RULE_GROUPS = RULES_SENDER + 1 };

/* What a run must have looked at for a rule to have had its chance. */
typedef enum {
    RULE_ALWAYS,
    RULE_WITH_AUDIENCE, /* an audience was given */
    RULE_WITH_LEDGER,   /* and there is a ledger */
    RULE_WITH_LINKS,    /* --links */
    RULE_WITH_DNS       /* --dns */
} RuleNeeds;

typedef struct {
    const char *id;
    Severity severity; /* the gravest that it comes with; rule_report() gives it just that */
    RuleGroup group;
    const char *what; /* one line: "a link whose text doesn't say where it leads" */
    const char *why;  /* sentences, with their source where there is one */
    const char *fix;  /* one sentence, in the imperative */
    RuleNeeds needs;
} Rule;

/* The rows of one group, those of other layers' findings last; ends with a NULL id. */
const Rule *rules_of(RuleGroup group);

/* "content". */
const char *rules_group_name(RuleGroup group);

/* The rule of that id, or NULL; and the id that was most likely meant, or NULL. Borrowed. */
const Rule *rule_find(const char *id);
const char *rule_near(const char *typed);

/* Adds a finding of that rule, which has to be in a table. */
void rule_report(Findings *findings, const char *id, const char *file, guint line,
                 const char *format, ...) G_GNUC_PRINTF(5, 6);

/* circular-check(7), whole. */
void rules_write_man(GString *out);

/* The tables (private to rule.c). */
extern const Rule RULES_OF_CONTENT[], RULES_OF_DATES[], RULES_OF_LINKS[], RULES_OF_UPDATES[],
    RULES_OF_NOTICES[], RULES_OF_LETTERS[], RULES_OF_LAYOUTS[], RULES_OF_LISTS[], RULES_OF_SHEETS[],
    RULES_OF_SENDERS[];

#endif
