/* gateways - whose filter turns our letters away, letter after letter
 *
 * Where many domains refuse a letter, something is wrong with us or with the letter: IT is to be
 * asked. Where one refuses again and again what the others take, the rule is theirs, and only they
 * can lift it: somebody there is to be called.
 */
#ifndef REPORT_GATEWAYS_H
#define REPORT_GATEWAYS_H

#include <glib.h>

#include "ledger/ledger.h"

enum {
    GATEWAYS_LETTERS = 3, /* refused by a domain before it is told as one that refuses us */
    GATEWAYS_FEW = 3      /* as many domains may refuse us and it still is theirs */
};

typedef struct Gateways Gateways;

/* Looks at all that came back or was refused. NULL with an error. */
Gateways *gateways_read(Ledger *ledger, GError **error);
void gateways_free(Gateways *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Gateways, gateways_free)

/* What to tell of the domain of an address: "their filter has refused us since 7 Sep 2026: 5 letters,
 * 1 recipient", newly allocated; NULL where nothing of the kind is so. */
char *gateways_said(const Gateways *self, const char *address);

/* "ask the IT of oak.example to let our address in". Newly allocated. */
char *gateways_advice(const char *address);

#endif
