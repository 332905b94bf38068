/* gateways - whose filter turns our letters away, letter after letter */
#include "report/gateways.h"

#include <string.h>

#include "text/when.h"
#include "ledger/deliveries.h"
#include "report/report.h"

typedef struct {
    guint letters;    /* mailings that were refused */
    gint64 mailing;   /* the last of them */
    gint64 since;     /* when the first of them was tried */
    GHashTable *keys; /* a set: the recipients */
} Gateway;

struct Gateways {
    GHashTable *domains; /* folded name -> Gateway */
};

static void free_gateway(gpointer data)
{
    Gateway *self = data;
    g_hash_table_unref(self->keys);
    g_free(self);
}

/* The domain of an address, folded; "" if it has none. Newly allocated. */
static char *domain_of(const char *address)
{
    const char *at = strrchr(address, '@');
    return g_utf8_casefold(at ? at + 1 : "", -1);
}

static gboolean add_return(void *user, const Return *one)
{
    Gateways *self = user;
    if (!report_is_refusal(one->code, one->enhanced, one->reply))
        return TRUE;
    char *domain = domain_of(one->address);
    Gateway *gateway = g_hash_table_lookup(self->domains, domain);
    if (gateway) {
        g_free(domain);
    } else {
        gateway = g_new0(Gateway, 1);
        gateway->keys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        gateway->since = one->first_at;
        g_hash_table_insert(self->domains, domain, gateway);
    }
    gateway->letters += gateway->mailing != one->mailing;
    gateway->mailing = one->mailing;
    g_hash_table_add(gateway->keys, g_strdup(*one->key ? one->key : one->address));
    return TRUE;
}

Gateways *gateways_read(Ledger *ledger, GError **error)
{
    Gateways *self = g_new0(Gateways, 1);
    self->domains = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_gateway);
    if (deliveries_returned(ledger, add_return, self, error))
        return self;
    gateways_free(self);
    return NULL;
}

void gateways_free(Gateways *self)
{
    if (!self)
        return;
    g_hash_table_unref(self->domains);
    g_free(self);
}

char *gateways_said(const Gateways *self, const char *address)
{
    g_autofree char *domain = domain_of(address);
    const Gateway *gateway = g_hash_table_lookup(self->domains, domain);
    if (!gateway || gateway->letters < GATEWAYS_LETTERS ||
        g_hash_table_size(self->domains) > GATEWAYS_FEW)
        return NULL;
    g_autofree char *since = when_day(gateway->since);
    guint people = g_hash_table_size(gateway->keys);
    return g_strdup_printf("their filter has refused us since %s: %u letters, %u %s", since,
                           gateway->letters, people, people == 1 ? "recipient" : "recipients");
}

char *gateways_advice(const char *address)
{
    const char *at = strrchr(address, '@');
    return g_strdup_printf("ask the IT of %s to let our address in", at ? at + 1 : address);
}
