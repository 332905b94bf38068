/* office - for the tests of the heart: a workspace in a folder of its own, a list, an update */
#ifndef TESTS_OFFICE_H
#define TESTS_OFFICE_H

#include "ledger-fixture.h"

#include "ledger/lifecycle.h"
#include "plan/plan.h"
#include "workspace/workspace.h"

typedef struct {
    Fixture f; /* its ledger is the workspace's */
    Workspace *workspace;
    Findings *findings;
} Office;

static const Actor OFFICE_ACTOR = {"ann", "desk", "circular test"};

static inline void office_write(const Office *o, const char *name, const char *text)
{
    g_autofree char *path = g_build_filename(o->f.folder, name, NULL);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static inline void office_set_up(Office *o, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    fixture_set_up(&o->f, data);
    o->findings = findings_new();
    office_write(o, "config",
                 "from: Office <office@example.org>\n"
                 "transport: 'null'\n"
                 "bounce: {address: bounces@example.org}\n"
                 "lists: {heads: {file: heads.csv}, ceos: {file: ceos.csv}}\n"
                 "audiences:\n"
                 "  heads: {list: heads, key: urn, email: email, name: '{{name}}'}\n"
                 "  ceos: {list: ceos, key: urn, email: email}\n");
    office_write(o, "news.md",
                 "---\nsubject: News for {{name}}\n---\n"
                 "Dear {{name}},\n\nThe hall of school {{urn}} is open on Monday for all.\n");
    g_autofree char *config = g_build_filename(o->f.folder, "config", NULL);
    o->workspace = workspace_open(config, &error);
    g_assert_no_error(error);
}

static inline void office_tear_down(Office *o, gconstpointer data)
{
    workspace_free(o->workspace);
    findings_free(o->findings);
    fixture_tear_down(&o->f, data);
}

/* A list of heads 1 to `count`, each with a name and an address of their own. */
static inline void office_heads(const Office *o, guint count)
{
    g_autoptr(GString) rows = g_string_new("urn,name,email\n");
    for (guint i = 1; i <= count; i++)
        g_string_append_printf(rows, "%u,Head %u,head%u@s%u.example\n", i, i, i, i);
    office_write(o, "heads.csv", rows->str);
}

/* Plans news.md for the audience; NULL with error. */
static inline Plan *office_try(Office *o, const char *audience, gboolean again, gboolean missing,
                               GError **error)
{
    g_autofree char *update = g_build_filename(o->f.folder, "news.md", NULL);
    PlanOptions options = {.update = update,
                           .audience = audience,
                           .again = again,
                           .missing = missing,
                           .actor = OFFICE_ACTOR};
    return plan_make(o->workspace, &options, o->findings, error);
}

static inline Plan *office_plan(Office *o)
{
    g_autoptr(GError) error = NULL;
    Plan *plan = office_try(o, "heads", FALSE, FALSE, &error);
    g_assert_no_error(error);
    return plan;
}

/* Rows of `sql`'s first column, joined by a blank. */
static inline char *office_ask(const Office *o, const char *sql)
{
    char *rows = fixture_column(o->f.path, sql, 0);
    return g_strdelimit(rows, "\n", ' ');
}

#define assert_rows(o, sql, expected)                                                              \
    do {                                                                                           \
        g_autofree char *rows = office_ask(o, sql);                                                \
        g_assert_cmpstr(rows, ==, expected);                                                       \
    } while (0)

#define ADD_OFFICE(path, function)                                                                 \
    g_test_add(path, Office, NULL, office_set_up, function, office_tear_down)

#endif
