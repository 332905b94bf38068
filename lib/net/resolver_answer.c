/* resolver_answer - a name server's message, read without trust (RFC 1035 section 4) */
#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netinet/in.h>
#include <string.h>

#include "net/resolver.h"

enum { NAME_MAX_BYTES = 253, LABEL_MAX_BYTES = 63 };

typedef struct {
    guint16 preference;
    guint order; /* as it came, for equals */
    char *text;
} Record;

static void record_clear(void *data)
{
    g_free(((Record *)data)->text);
}

void resolver_answer_free(ResolverAnswer *answer)
{
    if (!answer)
        return;
    g_ptr_array_unref(answer->records);
    g_free(answer);
}

gboolean resolver_is_name(const char *name)
{
    gsize length = strlen(name);
    if (!length || length > NAME_MAX_BYTES)
        return FALSE;
    for (const char *label = name;; label++) {
        gsize bytes = strcspn(label, ".");
        if (!bytes || bytes > LABEL_MAX_BYTES)
            return FALSE;
        for (gsize i = 0; i < bytes; i++)
            if (!g_ascii_isalnum(label[i]) && label[i] != '-' && label[i] != '_')
                return FALSE;
        label += bytes;
        if (!*label)
            return TRUE;
    }
}

/* --- one record ------------------------------------------------------------------------------ */

/* The strings of a TXT record joined, or NULL when they don't fit into it or the limit. */
static char *read_text(const guint8 *data, gsize length)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (gsize at = 0; at < length;) {
        gsize bytes = data[at++];
        if (bytes > length - at || text->len + bytes > RESOLVER_TEXT_MAX)
            return NULL;
        for (gsize i = 0; i < bytes; i++) {
            char c = (char)data[at + i];
            g_string_append_c(text, g_ascii_isprint(c) || c == '\t' ? c : '?');
        }
        at += bytes;
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

/* A name within the message, in lower case without the last dot; NULL when it is none. */
static char *read_name(const ns_msg *message, const guint8 *at)
{
    char name[NS_MAXDNAME];
    if (ns_name_uncompress(ns_msg_base(*message), ns_msg_end(*message), at, name, sizeof name) < 0)
        return NULL;
    if (g_str_equal(name, "."))
        name[0] = '\0';
    return g_ascii_strdown(name, -1);
}

static char *read_address(int family, gsize size, const guint8 *data, gsize length)
{
    char text[INET6_ADDRSTRLEN];
    return length == size && inet_ntop(family, data, text, sizeof text) ? g_strdup(text) : NULL;
}

static gboolean read_record(const ns_msg *message, const ns_rr *rr, ResolverType type, Record *out)
{
    const guint8 *data = ns_rr_rdata(*rr);
    gsize length = ns_rr_rdlen(*rr);
    switch (type) {
    case RESOLVER_TXT:
        out->text = read_text(data, length);
        break;
    case RESOLVER_MX:
        if (length > 2) {
            out->preference = (guint16)(data[0] << 8 | data[1]);
            out->text = read_name(message, data + 2);
        }
        break;
    case RESOLVER_IP4:
        out->text = read_address(AF_INET, 4, data, length);
        break;
    case RESOLVER_IP6:
        out->text = read_address(AF_INET6, 16, data, length);
        break;
    }
    return out->text != NULL;
}

/* --- the answer ------------------------------------------------------------------------------ */

static ns_type wire_type(ResolverType type)
{
    static const ns_type types[] = {ns_t_txt, ns_t_mx, ns_t_a, ns_t_aaaa};
    return types[type];
}

static gboolean is_of(const ns_rr *rr, const char *owner)
{
    return ns_rr_class(*rr) == ns_c_in && g_ascii_strcasecmp(ns_rr_name(*rr), owner) == 0;
}

/* Follows one alias of `owner` (freed and replaced). -1: what stands there is no name. */
static int follow(ns_msg *message, char **owner)
{
    ns_rr rr;
    for (int i = 0; i < ns_msg_count(*message, ns_s_an); i++) {
        if (ns_parserr(message, ns_s_an, i, &rr) < 0)
            return -1;
        if (!is_of(&rr, *owner) || ns_rr_type(rr) != ns_t_cname)
            continue;
        char *target = read_name(message, ns_rr_rdata(rr));
        if (!target)
            return -1;
        g_free(*owner);
        *owner = target;
        return 1;
    }
    return 0;
}

/* What is wrong with the message, or NULL with its records. */
static const char *collect(ns_msg *message, ResolverType type, char **owner, GArray *records)
{
    int alias, aliases = 0;
    while ((alias = follow(message, owner)) > 0)
        if (++aliases > RESOLVER_ALIASES_MAX)
            return "its aliases (CNAME) go in a circle or too far";
    if (alias < 0)
        return "the name server's answer makes no sense";
    for (int i = 0; i < ns_msg_count(*message, ns_s_an); i++) {
        ns_rr rr;
        if (ns_parserr(message, ns_s_an, i, &rr) < 0)
            return "the name server's answer makes no sense";
        if (!is_of(&rr, *owner) || ns_rr_type(rr) != wire_type(type))
            continue;
        if (records->len == RESOLVER_RECORDS_MAX)
            return "it has too many records";
        Record record = {.order = (guint)i};
        if (!read_record(message, &rr, type, &record))
            return type == RESOLVER_TXT ? "a TXT record is broken or too long"
                                        : "a record of it is broken";
        g_array_append_val(records, record);
    }
    return NULL;
}

static gint by_preference(gconstpointer a, gconstpointer b)
{
    const Record *one = a, *other = b;
    if (one->preference != other->preference)
        return one->preference < other->preference ? -1 : 1;
    return one->order < other->order ? -1 : 1;
}

static ResolverStatus status_of(int rcode, guint found, const char **problem)
{
    switch (rcode) {
    case ns_r_noerror:
        return found ? RESOLVER_FOUND : RESOLVER_NO_DATA;
    case ns_r_nxdomain:
        return RESOLVER_NO_NAME;
    case ns_r_servfail:
        *problem = "the name server failed (SERVFAIL)";
        return RESOLVER_FAILED;
    case ns_r_refused:
        *problem = "the name server refuses to answer (REFUSED)";
        return RESOLVER_FAILED;
    default:
        *problem = "the name server answers with an error";
        return RESOLVER_FAILED;
    }
}

ResolverAnswer *resolver_read(const guint8 *bytes, gsize length, ResolverType type,
                              const char *name)
{
    ResolverAnswer *answer = g_new0(ResolverAnswer, 1);
    g_autoptr(GArray) records = g_array_new(FALSE, FALSE, sizeof(Record));
    g_autofree char *owner = g_ascii_strdown(name, -1);
    ns_msg message;
    g_array_set_clear_func(records, record_clear);
    answer->records = g_ptr_array_new_with_free_func(g_free);
    answer->status = RESOLVER_FAILED;
    if (length > RESOLVER_MESSAGE_MAX || ns_initparse(bytes, (int)length, &message) < 0)
        answer->problem = "the name server's answer makes no sense";
    else if (ns_msg_getflag(message, ns_f_tc))
        answer->problem = "the name server's answer was cut short";
    else if (!(answer->problem = collect(&message, type, &owner, records)))
        answer->status =
            status_of(ns_msg_getflag(message, ns_f_rcode), records->len, &answer->problem);
    if (answer->status != RESOLVER_FOUND)
        return answer;
    g_array_sort(records, by_preference);
    for (guint i = 0; i < records->len; i++)
        g_ptr_array_add(answer->records, g_steal_pointer(&g_array_index(records, Record, i).text));
    return answer;
}
