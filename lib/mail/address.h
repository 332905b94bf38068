/* address - one e-mail address, understood, comparable, safe in an envelope and in a header
 *
 * RFC 5321 section 4.1.2 and RFC 6531. What this accepts can be put between < and > in an SMTP
 * command without any further thought: no control character, no space, no angle bracket, no
 * invisible character.
 */
#ifndef MAIL_ADDRESS_H
#define MAIL_ADDRESS_H

#include <glib.h>

/* In octets. 254 is what a path of 256 leaves without its brackets (RFC 5321 section 4.5.3.1.3). */
enum {
    ADDRESS_LOCAL_MAX = 64,
    ADDRESS_DOMAIN_MAX = 253,
    ADDRESS_LABEL_MAX = 63,
    ADDRESS_SPEC_MAX = 254,
    ADDRESS_TEXT_MAX = 2000, /* of what is read, blanks and all: nobody's slip is longer */
    ADDRESS_NAME_MAX = 400
};

typedef struct {
    char *name;       /* display name, UTF-8, or "" */
    char *local;      /* before the @, NFC */
    char *domain;     /* after it, lower case, in ASCII (xn--) */
    char *spec;       /* "local@domain", for envelope and header */
    gboolean is_utf8; /* the local part isn't ASCII: the server must offer SMTPUTF8 */
} Address;

/* Reads "ann@example.org" only. NULL with DATA and a text that says what is wrong and, for a likely
 * slip (a comma, two @, a trailing dot, mailto:, spaces inside), how to fix it. White space and
 * invisible characters around it are ignored. Quoted local parts and address literals are refused:
 * no school has one. So is a domain that IDNA would silently change into another ("straße" into
 * "strasse"). */
Address *address_parse(const char *text, GError **error);

/* The same, with nothing but the reason: "'ann@@example': it has more than one @". NULL with
 * `reason`, newly allocated. */
Address *address_read(const char *text, char **reason);

/* Reads "Ann Smith <ann@example.org>", "\"Smith, Ann\" <…>" or a bare address. A name that holds a
 * special character of RFC 5322 section 3.2.3 other than a dot must stand in quotes; comments are
 * refused. */
Address *address_parse_mailbox(const char *text, GError **error);

void address_free(Address *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Address, address_free)

/* The form in which two spellings of one mailbox are equal (RFC 5321 lets local parts differ by
 * case; no provider that matters does): NFC and case folded, the domain in ASCII; newly allocated.
 */
char *address_fold(const char *spec);

#endif
