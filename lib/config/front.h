/* front - an update's front matter: YAML between two lines of three dashes
 *
 * Known keys come from a table; a misspelt one is an error finding with a "did you mean", one of
 * another tool ("author", "layout") a warning. A document that merely begins with a thematic break
 * has no front matter.
 */
#ifndef CONFIG_FRONT_H
#define CONFIG_FRONT_H

#include <glib.h>

#include "base/finding.h"

enum { FRONT_MAX = 64 << 10 }; /* bytes between the two lines of dashes */

typedef struct {
    char *text; /* on one line; NULL when it is missing or empty */
    guint line; /* 0 when it is missing */
} FrontText;

typedef struct {
    FrontText subject;   /* Mustache */
    FrontText preheader; /* Mustache */
    FrontText from;
    FrontText reply_to;
    FrontText audience;
    FrontText lang;
    FrontText date;
    FrontText correction;     /* what a correction puts right, for its readers */
    FrontText contents;       /* "yes": a list of the sections */
    FrontText swap_languages; /* the field of readers who get the second language first */
    GPtrArray *attachments;   /* of FrontText *; paths relative to the update, Mustache */
    GPtrArray *allow;         /* of FrontText *; ids of findings that are not to be shown */
    gsize body_offset;        /* where the Markdown begins in the bytes given */
    guint body_line;          /* and on which line */
} Front;

/* Reads the front matter at the head of `bytes` (a BOM and CRLF are fine). Without any, all is
 * missing and the body is everything (after a BOM). NULL when an error was added to `findings`.
 *
 * Findings, errors: "front-matter" (not closed, too large, not YAML, a value of the wrong kind) and
 * "unknown-key"; warnings: "ignored-key", "cut-value" (an unquoted value ends at a "#"),
 * "curly-quotes", "no-front-matter" (the first line is three dashes and what follows isn't "key:
 * value", or it is a dash that an editor made of them). */
Front *front_parse(const char *bytes, gsize length, const char *file, Findings *findings);
void front_free(Front *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Front, front_free)

/* Where front matter stands in a file, whatever its keys: for others that have some. */
typedef struct {
    const char *block; /* what stands between the dashes, from line 2 on; NULL when there is none */
    gsize length;
    gsize body_offset; /* as in Front */
    guint body_line;
} FrontPlace;

/* Finds it, with front_parse's findings "front-matter" and "no-front-matter". FALSE when an error
 * was added. */
gboolean front_find(const char *bytes, gsize length, const char *file, FrontPlace *place,
                    Findings *findings);

/* Adds "curly-quotes", a warning, for a value that stands in quotes that are not YAML's. */
void front_quotes(const char *file, guint line, const char *value, Findings *findings);

#endif
