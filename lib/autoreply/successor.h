/* successor - whom an automatic answer names in place of its writer
 *
 * "I have left; please write to the new head, Ms P. Quinn (p.quinn@oak.example)". Never a box of
 * another purpose (safeguarding, finance, IT), never an address of our own, never the writer's.
 */
#ifndef AUTOREPLY_SUCCESSOR_H
#define AUTOREPLY_SUCCESSOR_H

#include "evidence/inbound_report.h"
#include "evidence/evidence.h"

/* Sets the notice's successor, with the name beside it and whether the post is only filled for a
 * time; leaves all NULL where nobody is named. */
void successor_find(const Evidence *signs, InboundReport *notice);

/* The name that stands before an address in a text, newly allocated; NULL if none does. */
char *successor_name_in(const char *text, const char *address);

#endif
