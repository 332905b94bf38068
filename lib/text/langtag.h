/* langtag - whether a word is a tag for a language (RFC 5646), and how a language writes a day
 */
#ifndef TEXT_LANGTAG_H
#define TEXT_LANGTAG_H

#include <glib.h>

#include "text/day.h"

/* Why a text is no language tag, with the one that was most likely meant: "'Welsh' is no language
 * tag: write cy"; newly allocated. NULL when it is one: its first part is of two letters and in ISO
 * 639-1, or of three; its region is not UK, which is GB. */
char *langtag_problem(const char *tag);

/* The tag of a language that is named by its tag or in words ("cy", "Welsh", "Cymraeg"); the text
 * itself when it is one. Of three letters only those that schools meet: "box" is no language to
 * them. NULL for anything else. Borrowed. */
const char *langtag_of(const char *text);

/* Whether a word names a month, in a language whose months are known, in full or as "Sept". */
gboolean langtag_is_month(const char *word, gsize length);

/* "rtl" for languages that are written from right to left, else "ltr". */
const char *langtag_direction(const char *tag);

/* A day as people write it in that language ("13 January 2027", "January 13, 2027" in en-US, "13
 * Ionawr 2027"); newly allocated. NULL for a language whose months aren't known. */
char *langtag_day(const char *tag, Day day);

#endif
