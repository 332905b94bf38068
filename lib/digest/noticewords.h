/* noticewords - the rules about what a letter says, over the notices of a digest */
#ifndef DIGEST_NOTICEWORDS_H
#define DIGEST_NOTICEWORDS_H

#include "digest/notice.h"

/* Looks at title and text of a notice as check does at a letter's: fields of other programs, marks that
 * stand raw, lines that run together, dates that can't be. `lang` is that of the digest. Findings are
 * those of rules/content.h, at the lines of the notice's file, but for what a comment there allows
 * (rules/allow.h). */
void noticewords_check(const Notice *notice, const char *lang, Day today, Findings *findings);

/* The same for the layout, what stands around the notices. */
void noticewords_check_layout(const char *bytes, gsize length, const char *file, const char *lang,
                              Day today, Findings *findings);

#endif
