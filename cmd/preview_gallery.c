/* preview_gallery - preview --gallery: a page on which every letter can be looked at */
#include "preview_gallery.h"

#include "text/amount.h"
#include "base/clock.h"
#include "interrupt.h"
#include "check/check.h"
#include "ui.h"

static gboolean go_on(void *user)
{
    (void)user;
    return interrupt_wish() == SENDER_GO;
}

static void progress(void *user, guint64 done, guint64 total)
{
    ui_progress("Letters", done, total, *(const gint64 *)user);
}

static void say(const GalleryOptions *options, const GalleryResult *result)
{
    g_autofree char *shown = amount_of(result->shown, "letter", "letters");
    g_autofree char *all = amount_number(result->recipients);
    g_autofree char *some = result->shown < result->recipients
                                ? g_strdup_printf("%s of %s", shown, all)
                                : g_strdup(shown);
    g_autofree char *page = g_build_filename(options->folder, "index.html", NULL);
    ui_say("%s: open %s in a browser", some, page);
    if (result->sampled && !options->variety)
        ui_say("A sample, chosen for its extremes and by chance; --all shows everyone, --for KEY "
               "one school.");
    if (options->audience)
        ui_say("It holds names and addresses: only you can read the folder. Delete it when you are "
               "done.");
    if (!result->problems)
        return;
    g_autofree char *problems =
        amount_of(result->problems, "letter can't", "of these letters can't");
    ui_note("%s be made as it should: the page says why", problems);
}

static void check_progress(void *user, const char *what, guint64 done, guint64 total)
{
    ui_progress(what, done, total, *(const gint64 *)user);
}

gboolean preview_check(const Workspace *workspace, const char *update, const char *audience,
                       Findings *findings, GError **error)
{
    gint64 started = clock_ticks();
    CheckResult result = {0};
    CheckOptions options = {
        .update = update, .audience = audience, .progress = check_progress, .user = &started};
    gboolean ok = check_run(workspace, &options, findings, &result, error);
    ui_progress_end();
    check_result_clear(&result);
    return ok;
}

gboolean preview_gallery(const Letter *letter, Audience *audience, const GalleryOptions *options,
                         GError **error)
{
    gint64 started = clock_ticks();
    GalleryOptions own = *options;
    GalleryResult result;
    own.go_on = go_on;
    own.progress = progress;
    own.user = &started;
    interrupt_watch();
    gboolean ok = gallery_make(letter, audience, &own, &result, error);
    ui_progress_end();
    if (ok)
        say(options, &result);
    return ok;
}
