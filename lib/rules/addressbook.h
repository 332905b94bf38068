/* addressbook - the rules about a list's addresses: roles, unread ones, look-alike domains
 *
 * Addresses are added one after another; only their domains are kept, each once. A domain looks
 * like another when one slip of the finger (a letter more, less, another, or two exchanged) makes
 * it one that is well known, or one that many in the same list have.
 */
#ifndef RULES_ADDRESSBOOK_H
#define RULES_ADDRESSBOOK_H

#include "base/finding.h"

enum {
    ADDRESSBOOK_DOMAINS_MAX = 200000, /* beyond these, new domains are not looked at */
    ADDRESSBOOK_COMMON = 5 /* so many addresses make a domain one that others look like */
};

typedef struct Addressbook Addressbook;

Addressbook *addressbook_new(void);
void addressbook_free(Addressbook *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Addressbook, addressbook_free)

/* Adds a recipient; `address` as it goes into the envelope. */
void addressbook_add(Addressbook *self, const char *key, const char *address, const char *file,
                     guint line);

/* Adds the findings about all of them. */
void addressbook_report(const Addressbook *self, Findings *findings);

/* Calls back with each domain, how many addresses it has, and where the first of them stands. */
typedef void (*AddressbookDomain)(void *user, const char *domain, guint count, const char *file,
                                  guint line);
void addressbook_each(const Addressbook *self, AddressbookDomain found, void *user);

#endif
