/* check_links - the links of an update, tried out */
#include <string.h>

#include "text/amount.h"
#include "net/linkcheck.h"
#include "rules/weblink.h"
#include "check/check_parts.h"

typedef struct {
    GPtrArray *urls; /* of char *, each once; NULL-terminated */
    GArray *lines;   /* of guint: where each stands first */
    guint with_field, with_field_line;
} Links;

/* Those that can be tried: the same for everybody, and nothing wrong with them at first sight. */
static void gather(const Outline *outline, Links *links)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < outline->links->len; i++) {
        const OutlineLink *link = g_ptr_array_index(outline->links, i);
        g_autofree char *detail = NULL;
        if (g_ascii_strncasecmp(link->url, "http", 4) != 0)
            continue;
        if (link->has_field || strstr(link->url, OUTLINE_GUARD)) {
            links->with_field_line = links->with_field++ ? links->with_field_line : link->line;
            continue;
        }
        WeblinkFault fault = weblink_judge(link->url, &detail);
        if (fault == WEBLINK_NO_ADDRESS || fault == WEBLINK_PASSWORD ||
            !g_hash_table_add(seen, link->url))
            continue;
        g_ptr_array_add(links->urls, link->url);
        g_array_append_val(links->lines, link->line);
    }
    g_ptr_array_add(links->urls, NULL);
}

static void report(const Check *self, const char *url, guint line, const LinkcheckResult *result)
{
    Findings *findings = self->findings;
    const char *detail = result->detail ? result->detail : "";
    switch (result->fate) {
    case LINKCHECK_FINE:
    case LINKCHECK_UNTRIED:
        return;
    case LINKCHECK_MOVED:
        rule_report(findings, "link-moved", self->shown, line, "'%s' has moved for good to '%s'",
                    url, detail);
        return;
    case LINKCHECK_GONE:
        rule_report(findings, "dead-link", self->shown, line, "'%s': the server answers %u%s", url,
                    result->status,
                    result->status == 404   ? ", no such page"
                    : result->status == 410 ? ", the page is gone"
                                            : "");
        return;
    case LINKCHECK_DENIED:
        rule_report(findings, "link-denied", self->shown, line,
                    "'%s' asks for a sign-in (%u): can every reader open it?", url, result->status);
        return;
    case LINKCHECK_BUSY:
        if (result->status >= 400)
            rule_report(findings, "link-busy", self->shown, line, "'%s': the server answers %u",
                        url, result->status);
        else
            rule_report(findings, "link-busy", self->shown, line, "'%s': no answer in time", url);
        return;
    case LINKCHECK_PRIVATE:
        rule_report(findings, "link-private", self->shown, line,
                    "'%s' leads to an address within this network", url);
        return;
    case LINKCHECK_NO_HOST:
        rule_report(findings, "dead-link", self->shown, line, "'%s': there is no such server", url);
        return;
    case LINKCHECK_REFUSED:
    case LINKCHECK_UNPROVEN:
    case LINKCHECK_LOOP:
        rule_report(findings, "dead-link", self->shown, line, "'%s': %s", url, detail);
        return;
    }
    g_assert_not_reached();
}

/* Whether none of several servers could be found: then it is this machine that has no network. */
static gboolean is_offline(const LinkcheckResult *results, guint count)
{
    guint lost = 0;
    for (guint i = 0; i < count; i++)
        lost += results[i].fate == LINKCHECK_NO_HOST;
    return count > 1 && lost == count;
}

static void on_progress(void *user, guint done, guint total)
{
    const Check *self = user;
    if (self->options->progress)
        self->options->progress(self->options->user, "Links", done, total);
}

static void try_all(Check *self, const Links *links)
{
    guint count = links->lines->len, untried = 0;
    const Settings *settings = workspace_settings(self->workspace);
    g_autofree LinkcheckResult *results = g_new0(LinkcheckResult, count + 1);
    LinkcheckOptions options = {.allow_private = settings_flag(settings, "check.private_links"),
                                .progress = on_progress,
                                .user = self};
    linkcheck_run((const char *const *)links->urls->pdata, count, &options, results);
    gboolean offline = is_offline(results, count);
    for (guint i = 0; i < count; i++) {
        untried += results[i].fate == LINKCHECK_UNTRIED;
        if (!offline)
            report(self, g_ptr_array_index(links->urls, i), g_array_index(links->lines, guint, i),
                   &results[i]);
        linkcheck_result_clear(&results[i]);
    }
    if (offline)
        rule_report(self->findings, "link-untried", self->shown, 0,
                    "none of %u links could be looked up: has this machine a connection?", count);
    else if (untried)
        rule_report(self->findings, "link-untried", self->shown, 0,
                    "%u of %u links were left: over %d, or the time was up", untried, count,
                    LINKCHECK_MAX);
}

void check_links(Check *self)
{
    Links links = {.urls = g_ptr_array_new(), .lines = g_array_new(FALSE, FALSE, sizeof(guint))};
    gather(self->outline, &links);
    if (links.lines->len)
        try_all(self, &links);
    if (links.with_field)
        rule_report(self->findings, "link-untried", self->shown, links.with_field_line,
                    "%u link%s a field and %s not tried: open one from a letter sent with --test",
                    links.with_field, amount_form(links.with_field, " holds", "s hold"),
                    amount_form(links.with_field, "was", "were"));
    self->ran[RULE_WITH_LINKS] = TRUE;
    g_ptr_array_unref(links.urls);
    g_array_unref(links.lines);
}
