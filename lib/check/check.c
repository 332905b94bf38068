/* check - everything that is wrong with a letter, or worth knowing, before anything is frozen
 */
#include "check/check.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "text/day.h"
#include "text/garble.h"
#include "fact/audience_names.h"
#include "markup/markdown.h"
#include "rules/allow.h"
#include "rules/content.h"
#include "rules/plaincheck.h"
#include "letter/fieldcheck.h"
#include "plan/plan.h"
#include "check/check_parts.h"
#include "plan/recipients.h"

void check_result_clear(CheckResult *self)
{
    g_clear_pointer(&self->audience, g_free);
    g_clear_pointer(&self->variety, g_ptr_array_unref);
}

/* --- what the update says of itself ---------------------------------------------------------- */

/* Reads the front matter before anything is found, so that what it allows isn't. The findings of
 * this reading come again when the letter is made. */
static Allow *read_front(Check *self)
{
    g_autoptr(Findings) unheard = findings_new();
    g_autoptr(GBytes) update = bundle_get(self->bundle, "update", TRUE, NULL);
    gsize length = 0;
    const char *bytes = update ? g_bytes_get_data(update, &length) : NULL;
    if (!bytes)
        return NULL;
    self->front = front_parse(bytes, length, self->shown, unheard);
    return self->front ? allow_new(self->shown, bytes, length, self->front) : NULL;
}

/* A plan would be refused; where there is no config yet, nobody can know. */
static void report_unknown(const Check *self, const char *name)
{
    g_autoptr(GError) wrong = NULL;
    if (!workspace_has(self->workspace, "audience", name, "none", &wrong))
        rule_report(self->findings, "unknown-audience", self->shown, self->front->audience.line,
                    "%s", wrong->message);
}

/* The audiences of the command line, or else the update's own where the config knows them. */
static char **choose_audiences(const Check *self)
{
    const Settings *settings = workspace_settings(self->workspace);
    const char *const *known = settings_names(settings, "audiences");
    const char *given = self->options->audience;
    const char *named = given ? given : self->front ? self->front->audience.text : NULL;
    g_autoptr(GPtrArray) chosen = g_ptr_array_new();
    g_auto(GStrv) names = audience_names_split(named ? named : "");
    for (char **name = names; *name; name++)
        if (**name && (given || g_strv_contains(known, *name)))
            g_ptr_array_add(chosen, g_strdup(*name));
        else if (**name && *known)
            report_unknown(self, *name);
    g_ptr_array_add(chosen, NULL);
    return (char **)g_ptr_array_steal(chosen, NULL);
}

/* --- content --------------------------------------------------------------------------------- */

static void check_content(Check *self)
{
    g_autoptr(Findings) unheard = findings_new();
    g_autoptr(GBytes) update = bundle_get(self->bundle, "update", TRUE, NULL);
    if (!self->front || !update)
        return;
    gsize length;
    const char *bytes = g_bytes_get_data(update, &length);
    Markdown *markdown =
        markdown_new(bytes + self->front->body_offset, length - self->front->body_offset,
                     self->shown, self->front->body_line, unheard);
    if (!markdown)
        return;
    const char *lang = settings_text(workspace_settings(self->workspace), "lang");
    self->outline = outline_new(markdown);
    self->body_line = outline_first_line(self->outline, self->front->body_line);
    Content content = {.file = self->shown,
                       .front = self->front,
                       .outline = self->outline,
                       .images = markdown_images(markdown),
                       .questions = markdown_questions(markdown),
                       .events = markdown_events(markdown),
                       .lang = self->front->lang.text ? self->front->lang.text
                               : lang                 ? lang
                                                      : "en",
                       .today = day_of(clock_now(), NULL),
                       .findings = self->findings};
    content_date(&content);
    content_check(&content);
    plaincheck_blocks(self->shown, self->front->body_line, self->outline, content.images->len > 0,
                      self->findings);
    markdown_free(markdown);
}

/* What the config says of the office stands at the foot of each letter. */
static void check_office(Check *self)
{
    static const char *const keys[] = {"office.name", "office.address", "office.contact"};
    const Settings *settings = workspace_settings(self->workspace);
    g_autoptr(Findings) unheard = findings_new();
    g_autoptr(GPtrArray) none = g_ptr_array_new();
    g_autoptr(Markdown) nothing = markdown_new("", 0, settings_file(settings), 1, unheard);
    Outline *outline = outline_new(nothing);
    for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
        g_autofree char *value = g_strdup(settings_text(settings, keys[i]));
        Front front = {.subject = {value, settings_line(settings, keys[i])}, .attachments = none};
        Content content = {.file = settings_file(settings),
                           .front = &front,
                           .outline = outline,
                           .images = none,
                           .lang = "en",
                           .today = day_of(clock_now(), NULL),
                           .findings = self->findings};
        content_phrases(&content);
        content_slips(&content);
    }
    outline_free(outline);
}

/* Every text that ends in a letter, but for the lists', which are looked at as they are read. */
static void check_garbled(Check *self)
{
    static const char *const files[] = {"update", "email.html", "email.txt"};
    static const char *const keys[] = {"office.name", "office.address", "office.contact", "from"};
    const Settings *settings = workspace_settings(self->workspace);
    for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
        gsize length;
        g_autoptr(GBytes) bytes = bundle_get(self->bundle, files[i], TRUE, NULL);
        const char *text = bytes ? g_bytes_get_data(bytes, &length) : NULL;
        if (text)
            garble_check(text, length, bundle_shown(self->bundle, files[i]), 1, self->findings);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
        const char *text = settings_text(settings, keys[i]);
        if (text)
            garble_check(text, strlen(text), settings_file(settings),
                         settings_line(settings, keys[i]), self->findings);
    }
}

/* --- all of it ------------------------------------------------------------------------------- */

/* The letter and its audience, with what a plan would find. What is said in findings is no error of
 * this call; what no finding tells (a config that can't be read) is. */
static gboolean prepare(Check *self, GError **error)
{
    GError *inner = NULL;
    self->letter = plan_prepare(self->workspace, self->bundle, self->audience_name, FALSE,
                                &self->audience, self->findings, &inner);
    if (!inner)
        return TRUE;
    if (findings_count(self->findings, FINDING_ERROR)) {
        g_clear_error(&inner);
        return TRUE;
    }
    g_propagate_error(error, inner);
    return FALSE;
}

/* The letters to one audience, and what the ledger knows of it. */
static gboolean look_at_audience(Check *self, GError **error)
{
    self->ran[RULE_WITH_AUDIENCE] = TRUE;
    self->letters = audience_count(self->audience);
    return check_letters(self, error) && check_ledger(self, error);
}

/* The first audience is open; the others come one after another. */
static gboolean look_at_audiences(Check *self, guint64 *letters, GError **error)
{
    if (self->audiences[1])
        self->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; self->audiences[i]; i++) {
        self->audience_name = self->audiences[i];
        if (i) {
            g_clear_pointer(&self->audience, audience_free);
            self->audience =
                workspace_audience(self->workspace, self->audience_name, self->findings, error);
            if (!self->audience || !fields_check(self->letter, self->audience, self->audience_name,
                                                 self->findings, error))
                return FALSE;
        }
        if (!look_at_audience(self, error))
            return FALSE;
        *letters += self->letters;
    }
    addressbook_report(self->addressbook, self->findings);
    check_pace(self, *letters);
    return TRUE;
}

/* What an update without an audience can be asked. */
static void look_at_nobody(Check *self)
{
    g_autoptr(Value) names = fields_as_names(self->letter);
    g_autofree char *text = letter_text(self->letter, names, NULL);
    if (text)
        check_text(self, text);
}

static gboolean look(Check *self, guint64 *letters, GError **error)
{
    self->ran[RULE_ALWAYS] = TRUE;
    self->audience_name = self->audiences[0];
    if (!prepare(self, error))
        return FALSE;
    check_content(self);
    check_garbled(self);
    check_office(self);
    if (self->front)
        check_attachments(self);
    if (self->letter)
        check_sender(self);
    if (self->letter && self->audience) {
        if (!look_at_audiences(self, letters, error))
            return FALSE;
    } else if (self->letter) {
        look_at_nobody(self);
    }
    if (self->options->dns && self->letter)
        check_dns(self);
    if (self->options->links && self->outline)
        check_links(self);
    return TRUE;
}

static void clear(Check *self)
{
    bundle_free(self->bundle);
    front_free(self->front);
    outline_free(self->outline);
    letter_free(self->letter);
    audience_free(self->audience);
    addressbook_free(self->addressbook);
    g_strfreev(self->audiences);
    if (self->seen)
        g_hash_table_unref(self->seen);
}

gboolean check_run(const Workspace *workspace, const CheckOptions *options, Findings *findings,
                   CheckResult *result, GError **error)
{
    Check self = {.workspace = workspace,
                  .options = options,
                  .findings = findings,
                  .bundle = workspace_bundle(workspace, options->update),
                  .addressbook = addressbook_new()};
    self.shown = bundle_shown(self.bundle, "update");
    g_autoptr(Allow) allow = read_front(&self);
    if (allow)
        findings_silence(findings, allow_silences, allow);
    self.audiences = choose_audiences(&self);
    result->audience = *self.audiences ? g_strjoinv(", ", self.audiences) : NULL;
    gboolean ok = look(&self, &result->letters, error);
    if (ok && allow)
        allow_report(allow, self.ran, findings);
    findings_silence(findings, NULL, NULL);
    findings_sort(findings, self.shown);
    result->variety = self.variety;
    result->silenced = allow ? allow_silenced(allow) : 0;
    clear(&self);
    return ok;
}
