/* resolver - what the DNS says about a mail domain */
#include "net/resolver.h"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <errno.h>
#include <netinet/in.h>
#include <resolv.h>
#include <string.h>

#include "base/clock.h"
#include "base/trace.h"

enum { PATIENCE = 2, TRIES = 2 }; /* seconds for one try at one name server */

struct Resolver {
    struct __res_state state;
    gboolean is_ready;
    gint64 deadline; /* clock_ticks; 0 before the first question */
    guint seconds;
    GHashTable *answers; /* "type name" -> ResolverAnswer */
    guint8 *buffer;
};

static void free_answer(gpointer data)
{
    resolver_answer_free(data);
}

/* A name server of the test's, on loopback and nowhere else. */
static void use_test_server(Resolver *self, guint port)
{
    struct sockaddr_in *server = &self->state.nsaddr_list[0];
    *server = (struct sockaddr_in){.sin_family = AF_INET,
                                   .sin_port = htons((guint16)port),
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    self->state.nscount = 1;
    self->state.retrans = 1;
    self->state.retry = 1;
}

Resolver *resolver_new(guint seconds)
{
    Resolver *self = g_new0(Resolver, 1);
    self->seconds = seconds ? seconds : RESOLVER_SECONDS;
    self->answers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_answer);
    self->buffer = g_malloc(RESOLVER_MESSAGE_MAX);
    self->is_ready = res_ninit(&self->state) == 0;
    if (!self->is_ready)
        return self;
    self->state.retrans = PATIENCE;
    self->state.retry = TRIES;
    /* Long TXT records fit into one datagram then (RFC 6891); those that don't come by TCP. */
    self->state.options |= RES_USE_EDNS0;
    if (test_name_server())
        use_test_server(self, test_name_server());
    return self;
}

void resolver_free(Resolver *self)
{
    if (!self)
        return;
    if (self->is_ready)
        res_nclose(&self->state);
    g_hash_table_unref(self->answers);
    g_free(self->buffer);
    g_free(self);
}

/* --- asking ---------------------------------------------------------------------------------- */

static ResolverAnswer *answer_new(ResolverStatus status, const char *problem)
{
    ResolverAnswer *answer = g_new0(ResolverAnswer, 1);
    answer->status = status;
    answer->problem = problem;
    answer->records = g_ptr_array_new_with_free_func(g_free);
    return answer;
}

static const char *type_name(ResolverType type)
{
    static const char *const names[] = {"TXT", "MX", "A", "AAAA"};
    return names[type];
}

static int wire_type(ResolverType type)
{
    static const int types[] = {ns_t_txt, ns_t_mx, ns_t_a, ns_t_aaaa};
    return types[type];
}

static ResolverAnswer *ask(Resolver *self, ResolverType type, const char *name)
{
    guint8 query[NS_PACKETSZ];
    int size = res_nmkquery(&self->state, ns_o_query, name, ns_c_in, wire_type(type), NULL, 0, NULL,
                            query, sizeof query);
    if (size < 0)
        return answer_new(RESOLVER_NO_NAME, NULL);
    errno = 0;
    int length = res_nsend(&self->state, query, size, self->buffer, RESOLVER_MESSAGE_MAX);
    if (length >= 0)
        return resolver_read(self->buffer, (gsize)length, type, name);
    /* libresolv tells a server that fails (SERVFAIL, REFUSED) and one that is silent apart by
     * errno, and not always. */
    return answer_new(RESOLVER_FAILED, errno == ECONNREFUSED
                                           ? "no name server can be reached"
                                           : "no name server answers, or all of them fail");
}

static ResolverAnswer *ask_in_time(Resolver *self, ResolverType type, const char *name)
{
    if (!resolver_is_name(name))
        return answer_new(RESOLVER_NO_NAME, NULL);
    if (!self->is_ready)
        return answer_new(RESOLVER_FAILED, "the system's resolver can't be used");
    gint64 now = clock_ticks();
    if (!self->deadline)
        self->deadline = now + (gint64)self->seconds * G_USEC_PER_SEC;
    if (now >= self->deadline)
        return answer_new(RESOLVER_FAILED, "no time is left: the name servers are too slow");
    return ask(self, type, name);
}

const ResolverAnswer *resolver_ask(Resolver *self, ResolverType type, const char *name)
{
    g_autofree char *lower = g_ascii_strdown(name, -1);
    g_autofree char *key = g_strconcat(type_name(type), " ", lower, NULL);
    ResolverAnswer *answer = g_hash_table_lookup(self->answers, key);
    if (answer)
        return answer;
    answer = ask_in_time(self, type, lower);
    trace("dns", "%s: %s (%u records)", key,
          answer->status == RESOLVER_FOUND     ? "found"
          : answer->status == RESOLVER_NO_DATA ? "no such record"
          : answer->status == RESOLVER_NO_NAME ? "no such name"
                                               : answer->problem,
          answer->records->len);
    g_hash_table_insert(self->answers, g_steal_pointer(&key), answer);
    return answer;
}

/* --- where mail goes ------------------------------------------------------------------------- */

/* Without MX records: the domain's own address (RFC 5321 section 5.1). */
static ResolverMail implicit_mail(Resolver *self, const char *domain, char **detail)
{
    const ResolverAnswer *answers[] = {resolver_ask(self, RESOLVER_IP4, domain),
                                       resolver_ask(self, RESOLVER_IP6, domain)};
    for (guint i = 0; i < G_N_ELEMENTS(answers); i++) {
        if (answers[i]->status != RESOLVER_FOUND)
            continue;
        *detail = g_strdup(g_ptr_array_index(answers[i]->records, 0));
        return RESOLVER_MAIL_IMPLICIT;
    }
    for (guint i = 0; i < G_N_ELEMENTS(answers); i++) {
        if (answers[i]->status != RESOLVER_FAILED)
            continue;
        *detail = g_strdup(answers[i]->problem);
        return RESOLVER_MAIL_FAILED;
    }
    return RESOLVER_MAIL_NOWHERE;
}

static ResolverMail mail(Resolver *self, const char *domain, char **detail)
{
    const ResolverAnswer *answer = resolver_ask(self, RESOLVER_MX, domain);
    switch (answer->status) {
    case RESOLVER_FOUND:
        /* "" beside others is against RFC 7505, and those others are tried. */
        for (guint i = 0; i < answer->records->len; i++) {
            const char *host = g_ptr_array_index(answer->records, i);
            if (!*host)
                continue;
            *detail = g_strdup(host);
            return RESOLVER_MAIL_HOSTS;
        }
        return RESOLVER_MAIL_NULL;
    case RESOLVER_NO_DATA:
        return implicit_mail(self, domain, detail);
    case RESOLVER_NO_NAME:
        return RESOLVER_MAIL_NO_NAME;
    case RESOLVER_FAILED:
        *detail = g_strdup(answer->problem);
        return RESOLVER_MAIL_FAILED;
    }
    g_assert_not_reached();
}

ResolverMail resolver_mail(Resolver *self, const char *domain, char **detail)
{
    g_autofree char *found = NULL;
    ResolverMail result = mail(self, domain, &found);
    if (detail)
        *detail = found ? g_steal_pointer(&found) : g_strdup("");
    return result;
}
