/* senderpolicy - what a domain's DNS records say about who may send in its name
 *
 * SPF (RFC 7208), DMARC (RFC 7489) and DKIM keys (RFC 6376), read from the texts of TXT records;
 * who asks for those is another matter (delivery/resolver.h). Pure functions; domains are in
 * lower-case ASCII. Nothing here judges a message: it tells the office what receivers will make of
 * its letters.
 */
#ifndef MAIL_SENDERPOLICY_H
#define MAIL_SENDERPOLICY_H

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

typedef struct {
    PolicyState state;
    char *problem;
    DmarcPolicy policy;     /* p= */
    DmarcPolicy subdomains; /* sp=, else as p= */
    gboolean strict_dkim;   /* adkim=s */
    gboolean strict_spf;    /* aspf=s */
    guint percent;          /* pct= */
} Dmarc;

/* Reads the TXT records of _dmarc.DOMAIN. Newly allocated. */
Dmarc *senderpolicy_dmarc(const char *const *texts);
void dmarc_free(Dmarc *dmarc);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Dmarc, dmarc_free)

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

/* The organisational domain: the part that somebody registered, newly allocated. RFC 7489 section
 * 3.2 leaves how to find it to a list of public suffixes; ours is a rule in its place that needs no
 * list to be kept fresh: the last two labels; three where the last is a country's (two letters) and
 * the one before is of the kind that registries hand out below (ac co com edu gov gob gouv go ltd
 * me mil mod ne net nhs nom or org plc police); four below sch.uk, where local authorities stand in
 * between. It errs towards the longer domain only for registries with words of their own. */
char *senderpolicy_organisation(const char *domain);

/* Whether DMARC lets `other` vouch for `from`: the same domain, or when not strict, the same
 * organisational domain (RFC 7489 section 3.1). */
gboolean senderpolicy_is_aligned(const char *from, const char *other, gboolean strict);

#endif
