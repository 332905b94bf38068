/* addressbook - the rules about a list's addresses: roles, unread ones, look-alike domains */
#include "rules/addressbook.h"

#include <string.h>

#include "rules/rule.h"
#include "rules/sendercheck.h"
#include "rules/typos.h"

typedef struct {
    char *domain, *address, *file; /* of the first address */
    guint count, line;
} Domain;

struct Addressbook {
    GHashTable *domains; /* name -> Domain */
    GPtrArray *order;    /* of Domain, as they came */
    guint64 all, roles;
    char *role_key, *role_address, *role_file; /* the first of them */
    guint role_line;
    GPtrArray *unread; /* of Domain: noreply@ and the like */
};

static void domain_free(gpointer data)
{
    Domain *domain = data;
    g_free(domain->domain);
    g_free(domain->address);
    g_free(domain->file);
    g_free(domain);
}

Addressbook *addressbook_new(void)
{
    Addressbook *self = g_new0(Addressbook, 1);
    self->domains = g_hash_table_new(g_str_hash, g_str_equal);
    self->order = g_ptr_array_new_with_free_func(domain_free);
    self->unread = g_ptr_array_new_with_free_func(domain_free);
    return self;
}

void addressbook_free(Addressbook *self)
{
    if (!self)
        return;
    g_hash_table_unref(self->domains);
    g_ptr_array_unref(self->order);
    g_ptr_array_unref(self->unread);
    g_free(self->role_key);
    g_free(self->role_address);
    g_free(self->role_file);
    g_free(self);
}

static Domain *domain_new(const char *name, const char *address, const char *file, guint line)
{
    Domain *domain = g_new0(Domain, 1);
    *domain = (Domain){g_ascii_strdown(name, -1), g_strdup(address), g_strdup(file), 0, line};
    return domain;
}

/* --- what stands before the @ ---------------------------------------------------------------- */

/* head@ and headteacher@ are a person's, whoever that is; they are no roles here. */
static gboolean is_role(const char *local)
{
    static const char *const roles[] = {
        "office",    "admin",        "info",        "enquiries",    "enquiry",
        "reception", "contact",      "mail",        "schooloffice", "school",
        "secretary", "postmaster",   "webmaster",   "general",      "administration",
        "post",      "office-admin", "adminoffice", "contactus",    NULL};
    return g_strv_contains(roles, local);
}

void addressbook_add(Addressbook *self, const char *key, const char *address, const char *file,
                     guint line)
{
    const char *at = strrchr(address, '@');
    if (!at)
        return;
    g_autofree char *local = g_ascii_strdown(address, at - address);
    g_autofree char *name = g_ascii_strdown(at + 1, -1);
    self->all++;
    if (sendercheck_is_unread(local)) {
        if (self->unread->len < FINDINGS_KEPT)
            g_ptr_array_add(self->unread, domain_new(name, address, file, line));
    } else if (is_role(local) && !self->roles++) {
        self->role_key = g_strdup(key);
        self->role_address = g_strdup(address);
        self->role_file = g_strdup(file);
        self->role_line = line;
    }
    Domain *domain = g_hash_table_lookup(self->domains, name);
    if (!domain && self->order->len < ADDRESSBOOK_DOMAINS_MAX) {
        domain = domain_new(name, address, file, line);
        g_hash_table_insert(self->domains, domain->domain, domain);
        g_ptr_array_add(self->order, domain);
    }
    if (domain)
        domain->count++;
}

void addressbook_each(const Addressbook *self, AddressbookDomain found, void *user)
{
    for (guint i = 0; i < self->order->len; i++) {
        const Domain *domain = g_ptr_array_index(self->order, i);
        found(user, domain->domain, domain->count, domain->file, domain->line);
    }
}

/* --- domains that look like others ----------------------------------------------------------- */

/* What many addresses end in: their domains, and of the domains of schools the part that an
 * authority gives out, "bham.sch.uk". */
static GHashTable *count_ends(const Addressbook *self)
{
    GHashTable *ends = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < self->order->len; i++) {
        const Domain *domain = g_ptr_array_index(self->order, i);
        for (const char *end = domain->domain; end; end = typos_parent(end)) {
            guint count = GPOINTER_TO_UINT(g_hash_table_lookup(ends, end)) + domain->count;
            g_hash_table_insert(ends, g_strdup(end), GUINT_TO_POINTER(count));
        }
    }
    return ends;
}

static TypoIndex *index_common(GHashTable *ends)
{
    TypoIndex *common = typo_index_new();
    GHashTableIter iter;
    gpointer end, count;
    g_hash_table_iter_init(&iter, ends);
    while (g_hash_table_iter_next(&iter, &end, &count))
        if (GPOINTER_TO_UINT(count) >= ADDRESSBOOK_COMMON)
            typo_index_add(common, end);
    return common;
}

/* The domain that many have and from which this one is a slip away; newly allocated, or NULL. A
 * short one is near to too many. */
static char *common_near(const Domain *domain, GHashTable *ends, const TypoIndex *common)
{
    for (const char *end = domain->domain; end; end = typos_parent(end)) {
        const char *near = typo_index_find(common, end);
        guint own = GPOINTER_TO_UINT(g_hash_table_lookup(ends, end));
        if (!near || own * ADDRESSBOOK_COMMON > GPOINTER_TO_UINT(g_hash_table_lookup(ends, near)))
            continue;
        return g_strdup_printf("%.*s%s", (int)(end - domain->domain), domain->domain, near);
    }
    return NULL;
}

static void report_look_alikes(const Addressbook *self, Findings *findings)
{
    g_autoptr(GHashTable) ends = count_ends(self);
    TypoIndex *common = index_common(ends);
    for (guint i = 0; i < self->order->len; i++) {
        const Domain *domain = g_ptr_array_index(self->order, i);
        gboolean settled = domain->count >= ADDRESSBOOK_COMMON;
        g_autofree char *meant = typos_meant(domain->domain);
        if (!meant && !settled)
            meant = common_near(domain, ends, common);
        if (!meant)
            continue;
        g_autofree char *more =
            domain->count > 1 ? g_strdup_printf(" (%u addresses)", domain->count) : g_strdup("");
        rule_report(findings, "look-alike", domain->file, domain->line,
                    "'%s'%s: is the domain '%s'?", domain->address, more, meant);
    }
    typo_index_free(common);
}

void addressbook_report(const Addressbook *self, Findings *findings)
{
    for (guint i = 0; i < self->unread->len; i++) {
        const Domain *one = g_ptr_array_index(self->unread, i);
        rule_report(findings, "unread-address", one->file, one->line,
                    "'%s' is an address that nobody reads", one->address);
    }
    if (self->roles)
        rule_report(findings, "role-address", self->role_file, self->role_line,
                    "%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT
                    " letters go to an office, not to a person; the first is '%s' (%s)",
                    self->roles, self->all, self->role_address, self->role_key);
    report_look_alikes(self, findings);
}
