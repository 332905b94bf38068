/* resolver - what the DNS says about a mail domain: TXT, MX, addresses (RFC 1035)
 *
 * Through the system's own name servers (libresolv). There are no errors, only answers: whether a
 * name exists without such a record, doesn't exist, or whether nobody can say just now are three
 * different things, and only the first two may be held against a domain. CNAMEs are followed.
 *
 * A Resolver remembers its answers and has a number of seconds for all its questions together: once
 * they are used up every new question fails at once, so that silent name servers can't hold up the
 * caller. CIRCULAR_TEST=dns=PORT (base/clock.h) asks a name server of the test on loopback instead.
 */
#ifndef NET_RESOLVER_H
#define NET_RESOLVER_H

#include <glib.h>

enum {
    RESOLVER_SECONDS = 15,        /* for all questions, where the caller has no other wish */
    RESOLVER_MESSAGE_MAX = 65535, /* bytes of an answer (RFC 1035 section 4.2.2) */
    RESOLVER_RECORDS_MAX = 100,   /* of the type that was asked for, in one answer */
    RESOLVER_TEXT_MAX = 8192,     /* bytes of one TXT record, its strings joined */
    RESOLVER_ALIASES_MAX = 8,     /* CNAMEs one after the other */
};

typedef enum { RESOLVER_TXT, RESOLVER_MX, RESOLVER_IP4, RESOLVER_IP6 } ResolverType;

typedef enum {
    RESOLVER_FOUND,   /* `records` holds at least one */
    RESOLVER_NO_DATA, /* the name exists and has no such record */
    RESOLVER_NO_NAME, /* no such name (NXDOMAIN), or it can't be one */
    RESOLVER_FAILED,  /* nobody can say: no answer, SERVFAIL, nonsense; `problem` says why */
} ResolverStatus;

typedef struct {
    ResolverStatus status;
    /* Texts: TXT records with their strings joined (RFC 7208 section 3.3), bytes that are neither
     * printable ASCII nor a tab shown as '?'; hosts of MX records in lower case without the last
     * dot, best preference first, "" for the null MX (RFC 7505); or IP addresses. */
    GPtrArray *records;
    const char *problem; /* of RESOLVER_FAILED, in words; else NULL */
} ResolverAnswer;

typedef struct Resolver Resolver;

/* Asks nothing yet. `seconds` is for all questions together; 0: RESOLVER_SECONDS. */
Resolver *resolver_new(guint seconds);
void resolver_free(Resolver *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Resolver, resolver_free)

/* Asks, or remembers. `name` is in ASCII: a domain, or one with underscores ("_dmarc.example.org").
 * Borrowed; never NULL. Blocks, at most for what is left of the seconds and five more. */
const ResolverAnswer *resolver_ask(Resolver *self, ResolverType type, const char *name);

typedef enum {
    RESOLVER_MAIL_HOSTS,    /* it names its mail servers (MX) */
    RESOLVER_MAIL_IMPLICIT, /* no MX, but an address: mail goes there (RFC 5321 section 5.1) */
    RESOLVER_MAIL_NULL,     /* it says that it takes no mail (RFC 7505) */
    RESOLVER_MAIL_NOWHERE,  /* it exists, and has neither MX nor address */
    RESOLVER_MAIL_NO_NAME,  /* there is no such domain */
    RESOLVER_MAIL_FAILED,   /* nobody can say */
} ResolverMail;

/* Whether mail for `domain` can go anywhere. `detail` (may be NULL) is set to the best mail server
 * or to what the problem is, "" where there is nothing to tell; newly allocated. */
ResolverMail resolver_mail(Resolver *self, const char *domain, char **detail);

/* The pure half: what the bytes of a name server's message say about `name`. Newly allocated. */
ResolverAnswer *resolver_read(const guint8 *bytes, gsize length, ResolverType type,
                              const char *name);
void resolver_answer_free(ResolverAnswer *answer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ResolverAnswer, resolver_answer_free)

/* Whether this can be asked at all: letters, digits, hyphens and underscores between dots, labels
 * of up to 63 bytes, 253 altogether. */
gboolean resolver_is_name(const char *name);

#endif
