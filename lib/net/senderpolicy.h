/* senderpolicy - what a domain's DNS records say about who may send in its name
 *
 * SPF (RFC 7208), DMARC (RFC 9989) and DKIM keys (RFC 6376), read from the texts of TXT records;
 * who asks for those is another matter (net/resolver.h). Pure functions; domains are in
 * lower-case ASCII. Nothing here judges a message: it tells the office what receivers will make of
 * its letters.
 */
#ifndef NET_SENDERPOLICY_H
#define NET_SENDERPOLICY_H

#include <glib.h>

enum {
    SENDERPOLICY_TEXT_MAX = 8192, /* bytes of one record: a longer one is broken */
    SENDERPOLICY_TERMS_MAX = 200, /* terms of an SPF record, tags of the others */
    SENDERPOLICY_LOOKUPS_MAX = 10 /* that SPF may cost its receivers (RFC 7208 section 4.6.4) */
};

typedef enum {
    POLICY_NONE,    /* there is no such record */
    POLICY_FOUND,   /* one, and it can be read */
    POLICY_SEVERAL, /* more than one: receivers then take none */
    POLICY_BROKEN   /* `problem` says what is wrong with it */
} PolicyState;

/* --- SPF ------------------------------------------------------------------------------------ */

typedef struct {
    char *domain;    /* lower case; may hold macros, "%{i}.example.org" */
    gboolean passes; /* who is found there may send: include: or +include:, or redirect= */
} SpfInclude;

typedef struct {
    PolicyState state;
    char *record;        /* as it stands, of POLICY_FOUND and POLICY_BROKEN; else NULL */
    char *problem;       /* of POLICY_BROKEN; else NULL */
    GArray *includes;    /* of SpfInclude: include: and redirect=, in their order */
    guint lookups;       /* that its own terms cost: include a mx ptr exists redirect */
    char all;            /* what holds for all others: '-', '~', '?' or '+'; 0: nothing is said */
    gboolean names_ip;   /* it has ip4:, ip6:, a or mx */
    gboolean ends_early; /* terms stand after "all", and nobody reads them */
} Spf;

/* Reads a domain's TXT records (NULL-terminated). Newly allocated. */
Spf *senderpolicy_spf(const char *const *texts);
void spf_free(Spf *spf);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Spf, spf_free)

/* --- DMARC ---------------------------------------------------------------------------------- */

typedef enum { DMARC_DO_NONE, DMARC_QUARANTINE, DMARC_REJECT } DmarcPolicy;

/* Whether a domain is one below which others register theirs: psd=u, y, n. */
typedef enum { DMARC_PSD_UNKNOWN, DMARC_PSD_YES, DMARC_PSD_NO } DmarcPsd;

typedef struct {
    PolicyState state;
    char *problem;
    char *ignored;           /* what stands in it and isn't heeded, though somebody may think so */
    DmarcPolicy policy;      /* p= */
    DmarcPolicy subdomains;  /* sp=, else as p= */
    DmarcPolicy nonexistent; /* np=, of subdomains that don't exist; else as sp= */
    DmarcPsd psd;
    gboolean testing;     /* t=y: receivers are asked not to apply the policy yet */
    gboolean strict_dkim; /* adkim=s */
    gboolean strict_spf;  /* aspf=s */
} Dmarc;

/* Reads the TXT records of _dmarc.DOMAIN (RFC 9989 section 4.7). Tags that it doesn't know are as if
 * they weren't there; pct, rf and ri, which RFC 7489 had, are among them. Newly allocated. */
Dmarc *senderpolicy_dmarc(const char *const *texts);
void dmarc_free(Dmarc *dmarc);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Dmarc, dmarc_free)

enum { DMARC_WALK_MAX = 8 }; /* names that are asked for one domain (RFC 9989 section 4.10) */

/* What stands at _dmarc.DOMAIN, newly allocated; NULL when nobody can say. */
typedef Dmarc *(*DmarcAsk)(void *user, const char *domain);

typedef struct {
    Dmarc *dmarc;       /* the record that holds for the domain, or one of the state NONE */
    char *at;           /* the domain that it stands at */
    char *organisation; /* the domain's organisational domain */
} DmarcDiscovery;

/* Walks up the DNS from `domain` (RFC 9989 section 4.10). A record of the domain's own that is
 * broken, or one of several, is given back as it is: that is what its owner has to know. NULL when
 * `ask` can't say. Newly allocated. */
DmarcDiscovery *senderpolicy_discover(const char *domain, DmarcAsk ask, void *user);
void dmarc_discovery_free(DmarcDiscovery *discovery);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DmarcDiscovery, dmarc_discovery_free)

/* What receivers are asked to do with letters of `domain` that fail. `exists`: whether it has
 * addresses or takes mail. A test (t=y) is not counted in. */
DmarcPolicy senderpolicy_dmarc_for(const DmarcDiscovery *discovery, const char *domain,
                                   gboolean exists);

/* "none", "quarantine", "reject". */
const char *senderpolicy_dmarc_word(DmarcPolicy policy);

/* --- DKIM ----------------------------------------------------------------------------------- */

typedef struct {
    PolicyState state;
    char *problem;
    gboolean revoked; /* p= is empty: the key was taken back */
    gboolean testing; /* t=y: receivers are to treat the letters as if unsigned */
    gboolean weak;    /* an RSA key under 1024 bits, which receivers don't believe (RFC 8301) */
} Dkim;

/* Reads the TXT records of SELECTOR._domainkey.DOMAIN. Newly allocated. */
Dkim *senderpolicy_dkim(const char *const *texts);
void dkim_free(Dkim *dkim);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Dkim, dkim_free)

/* --- domains -------------------------------------------------------------------------------- */

/* The organisational domain without asking the DNS: the part that somebody registered, by the
 * Public Suffix List, as RFC 7489 had it; a domain that is itself a public suffix as it is. In lower case; newly
 * allocated. Where the DNS can be asked, senderpolicy_discover knows better. */
char *senderpolicy_organisation(const char *domain);

/* Whether DMARC lets `other` vouch for `from`: the same domain, or when not strict, the same
 * organisational domain by senderpolicy_organisation (RFC 9989 section 4.4). */
gboolean senderpolicy_is_aligned(const char *from, const char *other, gboolean strict);

#endif
