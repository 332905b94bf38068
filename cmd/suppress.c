/* suppress - who gets no more letters: listed, added by hand, taken back */
#include <string.h>

#include "text/amount.h"
#include "base/clock.h"
#include "base/error.h"
#include "text/when.h"
#include "command.h"
#include "ledger/lifecycle.h"
#include "ledger/suppressions.h"
#include "mail/address.h"
#include "workspace/workspace.h"
#include "ui.h"

static gboolean option_all, option_json;
static char *option_audience, *option_reason;

static const GOptionEntry options[] = {
    {"audience", 'a', 0, G_OPTION_ARG_STRING, &option_audience,
     "for this audience only, and not for all", "AUDIENCE"},
    {"reason", 'r', 0, G_OPTION_ARG_STRING, &option_reason, "add, remove: why, to be kept with it",
     "TEXT"},
    {"all", 0, 0, G_OPTION_ARG_NONE, &option_all, "list: those that were removed too", NULL},
    {"json", 0, 0, G_OPTION_ARG_NONE, &option_json, "list: print JSON for machines", NULL},
    {0},
};

/* --- list ------------------------------------------------------------------------------------ */

typedef struct {
    JsonBuilder *json; /* NULL for people */
    guint64 found;
} Listing;

static void json_suppression(JsonBuilder *json, const Suppression *one)
{
    g_autofree char *since = clock_iso(one->since);
    g_autofree char *removed = one->removed_at ? clock_iso(one->removed_at) : NULL;
    g_autofree char *until = one->until ? clock_iso(one->until) : NULL;
    json_builder_begin_object(json);
    json_text(json, "address", one->address);
    json_text(json, "audience", one->audience);
    json_text(json, "kind", suppression_name(one->kind));
    json_text(json, "reason", one->reason);
    json_text(json, "source", one->source);
    json_text(json, "since", since);
    json_text(json, "until", until);
    json_text(json, "removed_at", removed);
    json_text(json, "removed_why", one->removed_why);
    json_builder_end_object(json);
}

static void say_suppression(const Suppression *one)
{
    g_autofree char *since = when_day(one->since);
    g_autofree char *address = ui_safe(one->address, 60);
    g_autofree char *reason = ui_safe(one->reason, 0);
    g_autofree char *source = ui_safe(one->source, 120);
    g_autoptr(GString) end = g_string_new(NULL);
    if (!one->removed_at && one->until) {
        g_autofree char *until = when_day(one->until);
        g_string_append_printf(end, ", until %s", until);
    }
    if (one->removed_at) {
        g_autofree char *removed = when_day(one->removed_at);
        g_autofree char *why = ui_safe(one->removed_why, 0);
        g_string_append_printf(end, ", removed %s%s%s", removed, *why ? ": " : "", why);
    }
    ui_print("%-11s  %-36s %-16s %s%s%s%s%s", since, address,
             *one->audience ? one->audience : "all audiences", reason, *source ? " (" : "", source,
             *source ? ")" : "", end->str);
}

static gboolean add_to_listing(void *user, const Suppression *one)
{
    Listing *listing = user;
    if (option_audience && !g_str_equal(one->audience, option_audience))
        return TRUE;
    listing->found++;
    if (listing->json)
        json_suppression(listing->json, one);
    else
        say_suppression(one);
    return TRUE;
}

static gboolean list(const Workspace *workspace, const char *address, GError **error)
{
    g_autoptr(Ledger) ledger = workspace_ledger(workspace, LEDGER_READ, error);
    if (!ledger)
        return FALSE;
    Listing listing = {.json = option_json ? json_builder_new() : NULL};
    if (listing.json)
        json_builder_begin_array(listing.json);
    if (!suppressions_each(ledger, address, option_all, add_to_listing, &listing, error)) {
        g_clear_object(&listing.json);
        return FALSE;
    }
    if (listing.json) {
        json_builder_end_array(listing.json);
        ui_json(listing.json);
    } else if (!listing.found) {
        ui_say(address ? "This address is not suppressed." : "No address is suppressed.");
    }
    return TRUE;
}

/* --- add, remove ----------------------------------------------------------------------------- */

/* A misspelt audience would suppress for nobody, and quietly. */
static gboolean is_audience(const Workspace *workspace, GError **error)
{
    const Settings *settings = workspace_settings(workspace);
    const char *const *names = settings_names(settings, "audiences");
    if (!option_audience || g_strv_contains(names, option_audience))
        return TRUE;
    const char *near = nearest_word(option_audience, names);
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE, "no audience '%s' in %s%s%s%s",
                option_audience, settings_file(settings), near ? ": did you mean '" : "",
                near ? near : "", near ? "'?" : "");
    return FALSE;
}

static gboolean add_one(Ledger *ledger, const Address *address, gboolean *added, GError **error)
{
    Actor actor = actor_self("circular suppress add");
    g_autofree char *source = g_strdup_printf("by %s at %s", actor.user, actor.host);
    Suppression one = {.address = address->spec,
                       .audience = option_audience ? option_audience : (char *)SUPPRESSIONS_ALL,
                       .kind = SUPPRESSION_BY_HAND,
                       .reason = option_reason,
                       .source = source,
                       .since = clock_now()};
    return suppressions_add(ledger, &one, added, error);
}

static gboolean remove_one(Ledger *ledger, const Address *address, gboolean *removed,
                           GError **error)
{
    g_autofree char *why = g_strdup_printf("%s%sby %s", option_reason ? option_reason : "",
                                           option_reason ? ", " : "", g_get_user_name());
    return suppressions_remove(ledger, address->spec,
                               option_audience ? option_audience : SUPPRESSIONS_ALL, why,
                               clock_now(), removed, error);
}

static gboolean add(const Workspace *workspace, const Address *address, GError **error)
{
    gboolean added;
    g_autoptr(Ledger) ledger = workspace_ledger(workspace, LEDGER_WRITE, error);
    if (!ledger || !ledger_begin(ledger, error))
        return FALSE;
    if (!add_one(ledger, address, &added, error)) {
        ledger_rollback(ledger);
        return FALSE;
    }
    if (!ledger_commit(ledger, error))
        return FALSE;
    ui_say(added ? "%s gets no more letters%s%s." : "%s was suppressed already%s%s.", address->spec,
           option_audience ? " for " : "", option_audience ? option_audience : "");
    return TRUE;
}

static gboolean remember_audience(void *user, const Suppression *one)
{
    GString *others = user;
    g_string_append_printf(others, "%s%s%s", others->len ? ", " : "",
                           *one->audience ? "--audience " : "without --audience", one->audience);
    return TRUE;
}

/* Nothing was removed: perhaps it holds for another audience, and that is worth saying. */
static void complain(Ledger *ledger, const Address *address, GError **error)
{
    g_autoptr(GString) others = g_string_new(NULL);
    if (!suppressions_each(ledger, address->spec, FALSE, remember_audience, others, error))
        return;
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_NOINPUT, "'%s' is not suppressed for %s%s%s",
                address->spec, option_audience ? option_audience : "all audiences",
                others->len ? ": it is " : "", others->str);
}

static gboolean take_back(const Workspace *workspace, const Address *address, GError **error)
{
    gboolean removed;
    g_autoptr(Ledger) ledger = workspace_ledger(workspace, LEDGER_WRITE, error);
    if (!ledger || !ledger_begin(ledger, error))
        return FALSE;
    if (!remove_one(ledger, address, &removed, error)) {
        ledger_rollback(ledger);
        return FALSE;
    }
    if (!ledger_commit(ledger, error))
        return FALSE;
    if (!removed) {
        complain(ledger, address, error);
        return FALSE;
    }
    ui_say("%s gets letters again%s%s.", address->spec, option_audience ? " for " : "",
           option_audience ? option_audience : "");
    return TRUE;
}

/* --- a whole domain --------------------------------------------------------------------------- */

/* Those of one domain that bounces ended: what a person wished stays. */
typedef struct {
    const char *domain; /* with its '@' */
    GPtrArray *addresses;
    guint wishes;
} OfDomain;

static gboolean remember_bounced(void *user, const Suppression *one)
{
    OfDomain *all = user;
    const char *audience = option_audience ? option_audience : SUPPRESSIONS_ALL;
    const char *at = strrchr(one->address, '@');
    if (!at || g_ascii_strcasecmp(at, all->domain) != 0 || !g_str_equal(one->audience, audience))
        return TRUE;
    if (one->kind == SUPPRESSION_HARD || one->kind == SUPPRESSION_SOFT ||
        one->kind == SUPPRESSION_FULL)
        g_ptr_array_add(all->addresses, g_strdup(one->address));
    else
        all->wishes++;
    return TRUE;
}

static gboolean remove_all(Ledger *ledger, const OfDomain *all, GError **error)
{
    for (guint i = 0; i < all->addresses->len; i++) {
        Address address = {.spec = g_ptr_array_index(all->addresses, i)};
        gboolean removed;
        if (!remove_one(ledger, &address, &removed, error))
            return FALSE;
    }
    return TRUE;
}

/* A domain that did not resolve for a week has silenced all its heads: one command for all. */
static gboolean take_back_domain(const Workspace *workspace, const char *domain, GError **error)
{
    g_autoptr(GPtrArray) addresses = g_ptr_array_new_with_free_func(g_free);
    OfDomain all = {.domain = domain, .addresses = addresses};
    g_autoptr(Ledger) ledger = workspace_ledger(workspace, LEDGER_WRITE, error);
    if (!ledger || !suppressions_each(ledger, NULL, FALSE, remember_bounced, &all, error) ||
        !ledger_begin(ledger, error))
        return FALSE;
    if (!remove_all(ledger, &all, error)) {
        ledger_rollback(ledger);
        return FALSE;
    }
    if (!ledger_commit(ledger, error))
        return FALSE;
    if (!addresses->len && !all.wishes) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_NOINPUT,
                    "no address of '%s' is suppressed for %s", domain + 1,
                    option_audience ? option_audience : "all audiences");
        return FALSE;
    }
    g_autofree char *back = amount_of(addresses->len, "address", "addresses");
    ui_say("%s of %s %s letters again.", back, domain + 1,
           amount_form(addresses->len, "gets", "get"));
    if (all.wishes)
        ui_hint("%u more asked for no letters, complained, or were taken off by hand: they stay, "
                "each until 'circular suppress remove ADDRESS'.",
                all.wishes);
    return TRUE;
}

static gboolean run(char **words, GError **error)
{
    static const char *const verbs[] = {"list", "add", "remove", NULL};
    if (!g_strv_contains(verbs, words[0])) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                    "no such action '%s': it is 'suppress list', 'suppress add ADDRESS' or "
                    "'suppress remove ADDRESS'",
                    words[0]);
        return FALSE;
    }
    gboolean lists = g_str_equal(words[0], "list");
    if (!lists && !words[1]) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                    "an address is missing: circular suppress %s ADDRESS", words[0]);
        return FALSE;
    }
    g_autoptr(Workspace) workspace = workspace_open(option_config, error);
    if (workspace && g_str_equal(words[0], "remove") && *words[1] == '@')
        return is_audience(workspace, error) && take_back_domain(workspace, words[1], error);
    if (workspace && g_str_equal(words[0], "add") && *words[1] == '@') {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                    "'%s' is a domain, and only one address at a time gets no more letters (a "
                    "whole domain can be given to 'suppress remove')",
                    words[1]);
        return FALSE;
    }
    g_autoptr(Address) address = workspace && words[1] ? address_parse(words[1], error) : NULL;
    if (!workspace || (words[1] && !address))
        return FALSE;
    if (lists)
        return list(workspace, address ? address->spec : NULL, error);
    if (!is_audience(workspace, error))
        return FALSE;
    return g_str_equal(words[0], "add") ? add(workspace, address, error)
                                        : take_back(workspace, address, error);
}

const Command command_suppress = {
    .name = "suppress",
    .usage = "list|add|remove [ADDRESS|@DOMAIN]",
    .summary = "who gets no more letters, and why",
    .options = options,
    .min_words = 1,
    .max_words = 2,
    .run = run,
};
