/* plaincheck - the rules about finished letters: plain text, and values that went into them
 */
#ifndef RULES_PLAINCHECK_H
#define RULES_PLAINCHECK_H

#include "base/finding.h"
#include "base/value.h"
#include "render/outline.h"

enum {
    PLAINCHECK_COLUMNS = 78,      /* RFC 5322 section 2.1.1 */
    PLAINCHECK_WORDS = 5,         /* fewer are next to none */
    PLAINCHECK_PICTURE_WORDS = 15 /* of a letter with a picture */
};

/* The first line of the plain text that is wider than it should be, without addresses of pages;
 * newly allocated, or NULL. */
char *plaincheck_wide(const char *text);

/* A line that greets nobody, "Dear ," or "Dear Mrs ,"; newly allocated, or NULL. */
char *plaincheck_blank_greeting(const char *text);

/* The rules that look at the update's blocks for how they will read as plain text. */
void plaincheck_blocks(const char *file, guint body_line, const Outline *outline,
                       gboolean has_pictures, Findings *findings);

#endif
