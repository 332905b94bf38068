/* ownwords - what a person wrote into an answer, without the letter that is quoted around it
 *
 * People write above the quoted letter, below it, and between its lines. Their mail programs say
 * where it begins in their own ways: marks at the lines' beginnings, a line that ends in "wrote:" in
 * one of many languages, a block of "From:", "Sent:", "Subject:". What the programs, gateways and
 * lawyers add is nobody's word either: "Sent from my iPhone", "CAUTION: this message came from
 * outside", "This e-mail is confidential".
 */
#ifndef ANSWER_OWNWORDS_H
#define ANSWER_OWNWORDS_H

#include <glib.h>

enum {
    OWNWORDS_MAX = 8 << 10,   /* bytes that are kept */
    OWNWORDS_SCAN = 64 << 10, /* bytes that are looked at */
    OWNWORDS_LINE_MAX = 2000
};

/* The writer's own words in a text (UTF-8, quoted lines marked by ">"), a line each, without blank
 * lines at either end; newly allocated. `forwarded` (may be NULL) says whether what follows them is
 * marked as forwarded. */
char *ownwords_of(const char *text, gboolean *forwarded);

#endif
