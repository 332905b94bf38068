/* linkcheck - whether the pages that a letter links to answer
 *
 * Asks as a browser would, but for less: HEAD, and GET where HEAD is refused, of which nothing but
 * the beginning is read. In parallel, bounded in number and time; http and https only, certificates
 * verified, at most LINKCHECK_REDIRECTS redirects. Addresses within one network are not connected
 * to unless allowed, however a name or a redirect leads there - so a link can't make this machine
 * knock at its neighbours. (Behind a proxy of the environment it is the proxy that decides.)
 */
#ifndef NET_LINKCHECK_H
#define NET_LINKCHECK_H

#include <glib.h>

enum {
    LINKCHECK_MAX = 200,    /* links of one run */
    LINKCHECK_PARALLEL = 8, /* at once; two to one host */
    LINKCHECK_SECONDS = 10, /* for one link */
    LINKCHECK_SECONDS_ALL = 90,
    LINKCHECK_REDIRECTS = 5,
    LINKCHECK_BODY_MAX = 4096 /* bytes of a page that are read */
};

typedef enum {
    LINKCHECK_FINE,
    LINKCHECK_MOVED,    /* answers with a permanent redirect; `detail` says where it leads */
    LINKCHECK_GONE,     /* 404, 410 and other 4xx */
    LINKCHECK_DENIED,   /* 401, 403, or a sign-in page */
    LINKCHECK_BUSY,     /* 429, 5xx, too slow */
    LINKCHECK_NO_HOST,  /* its name is not in the DNS, or could not be looked up */
    LINKCHECK_REFUSED,  /* no connection, or one that breaks off */
    LINKCHECK_UNPROVEN, /* its certificate doesn't hold */
    LINKCHECK_PRIVATE,  /* it leads into one network */
    LINKCHECK_LOOP,     /* too many redirects */
    LINKCHECK_UNTRIED   /* the time was up, or it was stopped */
} LinkcheckFate;

typedef struct {
    LinkcheckFate fate;
    guint status; /* of the last answer; 0 without one */
    char *detail; /* where it leads, or what went wrong in libcurl's words; or NULL */
} LinkcheckResult;

void linkcheck_result_clear(LinkcheckResult *self);

typedef struct {
    gboolean allow_private;
    guint seconds, seconds_all;                            /* 0: the defaults above */
    gboolean (*stopped)(void *user);                       /* asked now and then; may be NULL */
    void (*progress)(void *user, guint done, guint total); /* may be NULL */
    void *user;
} LinkcheckOptions;

/* Tries each of `count` URLs; results[i] is what became of urls[i], to be cleared each. Never
 * fails: what can't be tried says so. */
void linkcheck_run(const char *const *urls, guint count, const LinkcheckOptions *options,
                   LinkcheckResult *results);

#endif
