/* digest_run - one issue of a digest: gathered, decided, composed, and planned */
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "text/when.h"
#include "ledger/suppressions.h"
#include "digest/digest_calendar.h"
#include "digest/digest_run_parts.h"
#include "digest/noticewords.h"

enum { ATTEMPTS = 20 }; /* to leave out what is broken: each shows mistakes that another hid */

/* --- deciding -------------------------------------------------------------------------------- */

/* Whether a notice's expression chooses the recipient's row. */
static gboolean is_for(const DigestRun *self, guint index, const Recipient *recipient)
{
    const Notice *notice = g_ptr_array_index(self->notices, index);
    if (!notice->chosen.text)
        return TRUE;
    g_autofree char *flag = g_strdup_printf("digest_for_%u", index + 1);
    return value_is_true(value_get(recipient->fields, flag));
}

guint digest_run_decide(DigestRun *self, const Recipient *recipient, Why *why)
{
    guint count = 0;
    for (guint i = 0; i < self->notices->len; i++) {
        Newness news =
            digest_history_judge(self->round, i, recipient->key, is_for(self, i, recipient));
        self->chosen[i] = news == NEWNESS_NEW ? 1 : news == NEWNESS_UPDATED ? 2 : 0;
        count += self->chosen[i] != 0;
    }
    if (count >= self->config.min_items)
        return count;
    if (!why)
        return 0;
    why->kind = count ? EXCLUSION_TOO_FEW : EXCLUSION_NOTHING_NEW;
    if (count)
        why->detail =
            g_strdup_printf("%u new, under the least of %u", count, self->config.min_items);
    return 0;
}

const guint8 *digest_run_order(DigestRun *self)
{
    for (guint i = 0; i < self->notices->len; i++)
        if (self->items[i])
            self->ordered[self->items[i] - 1] = self->chosen[i];
    return self->ordered;
}

gboolean digest_run_suppressed(const DigestRun *self, const Recipient *recipient, Why *why,
                               GError **error)
{
    return !self->ledger || suppressions_why(self->ledger, recipient->address,
                                             self->config.audience, clock_now(), why, error);
}

static void count_recipient(DigestRun *self, const Recipient *recipient)
{
    guint count = digest_run_decide(self, recipient, NULL);
    self->letters += count != 0;
    for (guint i = 0; i < self->notices->len; i++) {
        DigestRunNotice *tally = &g_array_index(self->tallies, DigestRunNotice, i);
        tally->count[digest_history_judge(self->round, i, recipient->key,
                                          is_for(self, i, recipient))]++;
        tally->waiting += self->chosen[i] && !count;
    }
}

static gboolean count_all(DigestRun *self, GError **error)
{
    GError *inner = NULL;
    const Recipient *recipient;
    audience_rewind(self->audience);
    while ((recipient = audience_next(self->audience, &inner))) {
        g_auto(Why) why = {0};
        if (!digest_run_suppressed(self, recipient, &why, &inner))
            break;
        if (!why.kind)
            count_recipient(self, recipient);
    }
    if (inner)
        g_propagate_error(error, inner);
    return !inner;
}

/* --- gathering ------------------------------------------------------------------------------- */

/* What is wrong with a notice's expression is said of its key, not of the flag it is asked as. */
static void name_flags(const Findings *from, Findings *to)
{
    for (guint i = 0; i < findings_kept(from); i++) {
        const Finding *finding = findings_get(from, i);
        const char *text = finding->text, *colon = strstr(text, "': ");
        gboolean ours = g_str_has_prefix(text, "flag 'digest_for_") && colon;
        const Location at = finding_location(finding);
        findings_add_at(to, finding->severity, &at, finding->id, "%s%s", ours ? "'for': " : "",
                        ours ? colon + strlen("': ") : text);
    }
}

/* Which rows each notice of today is for, as flags of the audience. */
static gboolean open_audience(DigestRun *self, Findings *findings, GError **error)
{
    g_autoptr(GArray) flags = g_array_new(TRUE, TRUE, sizeof(FlagSpec));
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < self->notices->len; i++) {
        const Notice *notice = g_ptr_array_index(self->notices, i);
        Newness news = newness_of(notice, &self->spec.now, TRUE, 0, 0);
        if (!notice->chosen.text || news == NEWNESS_OVER || news == NEWNESS_EARLY)
            continue;
        FlagSpec flag = {.name = g_strdup_printf("digest_for_%u", i + 1),
                         .expression = notice->chosen.text,
                         .file = notice->file,
                         .line = notice->chosen.line,
                         .soft = TRUE,
                         .of_address = TRUE};
        g_ptr_array_add(names, (char *)flag.name);
        g_array_append_val(flags, flag);
    }
    g_autoptr(Findings) found = findings_new();
    self->audience = workspace_audience_flags(self->workspace, self->config.audience,
                                              (const FlagSpec *)(void *)flags->data, found, error);
    name_flags(found, findings);
    return self->audience != NULL;
}

static void clear(DigestRun *self)
{
    g_clear_pointer(&self->letter, letter_free);
    g_clear_pointer(&self->settings, value_free);
    g_clear_pointer(&self->bundle, bundle_free);
    g_clear_pointer(&self->digest, digest_free);
    g_clear_pointer(&self->audience, audience_free);
    g_clear_pointer(&self->round, digest_history_free);
    g_clear_pointer(&self->tallies, g_array_unref);
    g_clear_pointer(&self->chosen, g_free);
    g_clear_pointer(&self->ordered, g_free);
    g_clear_pointer(&self->items, g_free);
    g_clear_pointer(&self->notices, g_ptr_array_unref);
    self->letters = 0;
}

static gboolean gather(DigestRun *self, GHashTable *skipped, Findings *findings, GError **error)
{
    clear(self);
    self->notices = digest_source_notices(&self->config, skipped, findings, error);
    if (!self->notices)
        return FALSE;
    self->chosen = g_new0(guint8, self->notices->len + 1);
    self->ordered = g_new0(guint8, self->notices->len + 1);
    self->items = g_new0(guint, self->notices->len + 1);
    self->tallies = g_array_new(FALSE, TRUE, sizeof(DigestRunNotice));
    for (guint i = 0; i < self->notices->len; i++) {
        DigestRunNotice tally = {.notice = g_ptr_array_index(self->notices, i)};
        g_array_append_val(self->tallies, tally);
    }
    self->round = digest_history_new(&self->spec, self->notices, self->ledger, error);
    if (!self->round || !digest_run_check_known(self, findings, error) ||
        !open_audience(self, findings, error) || !count_all(self, error))
        return FALSE;
    digest_run_check_nobody(self, findings);
    return TRUE;
}

/* --- composing ------------------------------------------------------------------------------- */

/* What the calendar files say beside the events; of a letter that is compiled. */
static DigestCalendar calendar_of(const DigestRun *self)
{
    const char *zone = settings_text(workspace_settings(self->workspace), "office.zone");
    return (DigestCalendar){self->config.name, zone ? zone : LETTER_ZONE,
                            letter_from(self->letter)};
}

/* A file beside the update that would be called so; NULL when there is none. */
static GBytes *open_beside(const DigestRun *self, const char *folder, const char *name,
                           GError **error)
{
    g_autofree char *update = g_build_filename(folder, "digest", NULL);
    g_autoptr(Bundle) disk = workspace_bundle(self->workspace, update);
    return bundle_get(disk, name, FALSE, error);
}

/* The files of the letter: the composed update, and those beside the notices or the layout. The
 * letter doesn't say which of them names one: where both have another file of that name, neither is
 * guessed. */
static GBytes *open_file(void *user, const char *name, GError **error)
{
    const DigestRun *self = user;
    if (g_str_equal(name, "update"))
        return g_bytes_ref(digest_update(self->digest));
    if (digest_calendar_is(name)) {
        DigestCalendar calendar = calendar_of(self);
        return digest_calendar_open(self->digest, &calendar, name, error);
    }
    g_autofree char *folder = self->layout ? g_path_get_dirname(self->config.layout) : NULL;
    GError *inner = NULL;
    g_autoptr(GBytes) own = open_beside(self, self->config.notices, name, &inner);
    g_autoptr(GBytes) other = folder ? open_beside(self, folder, name, NULL) : NULL;
    if (own && other && !g_bytes_equal(own, other)) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA,
                    "'%s' is one file beside the layout %s and another in %s: rename one", name,
                    self->config.layout_shown, self->config.notices_shown);
        return NULL;
    }
    if (!own && !other)
        g_propagate_error(error, g_steal_pointer(&inner));
    g_clear_error(&inner);
    return own ? g_steal_pointer(&own) : g_steal_pointer(&other);
}

static gboolean compose(DigestRun *self, Findings *findings)
{
    g_autoptr(GPtrArray) wanted = g_ptr_array_new();
    for (guint i = 0; i < self->notices->len; i++) {
        const DigestRunNotice *tally = digest_run_notice(self, i);
        if (tally->count[NEWNESS_NEW] + tally->count[NEWNESS_UPDATED] > tally->waiting)
            g_ptr_array_add(wanted, g_ptr_array_index(self->notices, i));
    }
    if (!wanted->len)
        return TRUE;
    DigestSpec spec = self->config.spec;
    spec.today = self->spec.now.today;
    spec.layout = self->layout;
    spec.layout_length = self->layout_length;
    self->digest = digest_new(&spec, wanted, findings);
    for (guint i = 0; self->digest && i < digest_length(self->digest); i++) {
        guint index;
        g_assert(g_ptr_array_find(self->notices, digest_item(self->digest, i)->notice, &index));
        self->items[index] = i + 1;
    }
    return self->digest != NULL;
}

static gboolean compile(DigestRun *self, Findings *findings)
{
    g_autoptr(Findings) own = findings_new();
    self->settings = workspace_letter_settings(self->workspace, self->config.name);
    value_set_text(self->settings, "list_name", self->config.title);
    value_set_text(self->settings, "auto_submitted", "auto-generated");
    self->bundle = bundle_new(self->shown, open_file, self, NULL);
    self->letter = letter_compile(self->bundle, self->settings, FALSE, own);
    digest_place_findings(self->digest, self->shown, own, findings);
    if (!self->letter)
        return FALSE;
    const char *told = letter_lang(self->letter), *lang = *told ? told : "en";
    for (guint i = 0; i < digest_length(self->digest); i++)
        noticewords_check(digest_item(self->digest, i)->notice, lang, self->clock.today, findings);
    if (self->layout)
        noticewords_check_layout(self->layout, self->layout_length, self->config.layout_shown, lang,
                                 self->clock.today, findings);
    DigestCalendar calendar = calendar_of(self);
    digest_calendar_check(self->digest, &calendar, findings);
    return TRUE;
}

static gboolean attempt(DigestRun *self, GHashTable *skipped, Findings *findings, GError **error)
{
    if (!gather(self, skipped, findings, error))
        return FALSE;
    if (!compose(self, findings) || !self->digest)
        return TRUE;
    return !compile(self, findings) || digest_run_check_fields(self, findings, error);
}

/* --- what is broken -------------------------------------------------------------------------- */

static gboolean is_notice(const DigestRun *self, const char *file)
{
    g_autofree char *folder = file ? g_path_get_dirname(file) : NULL;
    g_autofree char *own = g_path_get_dirname(self->shown);
    return folder && g_str_equal(folder, own) && g_str_has_suffix(file, ".md");
}

/* Gives `to` what an attempt found. Where mistakes in notices don't stop the digest, they become
 * warnings, and their files are added to `skipped`; TRUE when there were such. */
static gboolean sort_out(const DigestRun *self, const Findings *from, GHashTable *skipped,
                         Findings *to)
{
    gboolean any = FALSE;
    for (guint i = 0; i < findings_kept(from); i++) {
        const Finding *finding = findings_get(from, i);
        if (!self->config.skip_broken || finding->severity != FINDING_ERROR ||
            !is_notice(self, finding->file))
            continue;
        findings_add(to, FINDING_WARNING, finding->file, finding->line, finding->id,
                     "%s; the digest goes without this notice", finding->text);
        any |= g_hash_table_add(skipped, g_strdup(finding->file));
    }
    return any;
}

static gboolean make(DigestRun *self, Findings *findings, GError **error)
{
    g_autoptr(GHashTable) skipped = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < ATTEMPTS; i++) {
        g_autoptr(Findings) found = findings_new();
        if (!attempt(self, skipped, found, error)) {
            findings_copy_all(findings, found);
            return FALSE;
        }
        if (sort_out(self, found, skipped, findings))
            continue;
        findings_copy_all(findings, found);
        break;
    }
    return findings_pass(findings, error);
}

/* --- the whole ------------------------------------------------------------------------------- */

static gboolean read_layout(DigestRun *self, GError **error)
{
    if (!self->config.layout)
        return TRUE;
    self->layout = file_read(self->config.layout, BUNDLE_UPDATE_MAX, &self->layout_length, error);
    return self->layout != NULL;
}

DigestRun *digest_run_new(const Workspace *workspace, const DigestConfig *config, Day since,
                          Ledger *ledger, Findings *findings, GError **error)
{
    g_autoptr(DigestRun) self = g_new0(DigestRun, 1);
    self->workspace = workspace;
    self->config = *config;
    self->ledger = ledger;
    self->spec = (DigestHistorySpec){
        .digest = config->name, .since = since, .first_days = config->first_days};
    self->clock.today = day_of(clock_now(), &self->clock.minutes);
    self->spec.now = self->clock;
    if (config->leaves)
        self->spec.now.today = day_of(config->leaves, &self->spec.now.minutes);
    g_autofree char *day = day_iso(self->spec.now.today);
    g_autofree char *base = g_strdup_printf("%s-%s", config->name, day);
    self->shown = g_build_filename(config->notices_shown, base, NULL);
    return read_layout(self, error) && make(self, findings, error) ? g_steal_pointer(&self) : NULL;
}

void digest_run_free(DigestRun *self)
{
    if (!self)
        return;
    clear(self);
    g_free(self->shown);
    g_free(self->layout);
    g_free(self);
}

guint64 digest_run_letters(const DigestRun *self)
{
    return self->letters;
}

guint digest_run_length(const DigestRun *self)
{
    return self->digest ? digest_length(self->digest) : 0;
}

guint digest_run_notices(const DigestRun *self)
{
    return self->tallies->len;
}

const DigestRunNotice *digest_run_notice(const DigestRun *self, guint index)
{
    return &g_array_index(self->tallies, DigestRunNotice, index);
}

const Letter *digest_run_letter(const DigestRun *self)
{
    return self->letter;
}

Value *digest_run_fields(const DigestRun *self, const Recipient *recipient)
{
    Value *fields = value_copy(recipient->fields);
    digest_run_decide((DigestRun *)self, recipient, NULL);
    digest_set_fields(self->digest, digest_run_order((DigestRun *)self), fields);
    return fields;
}

static void list_chosen(const DigestRun *self, GPtrArray *chosen)
{
    g_ptr_array_set_size(chosen, 0);
    for (guint i = 0; self->digest && i < digest_length(self->digest); i++)
        if (self->ordered[i])
            g_ptr_array_add(chosen, (gpointer)digest_item(self->digest, i)->notice);
}

gboolean digest_run_each(DigestRun *self, DigestRunFound found, void *user, GError **error)
{
    GError *inner = NULL;
    const Recipient *recipient;
    g_autoptr(GPtrArray) chosen = g_ptr_array_new();
    audience_rewind(self->audience);
    while ((recipient = audience_next(self->audience, &inner))) {
        g_auto(Why) why = {0};
        if (!digest_run_suppressed(self, recipient, &why, &inner))
            break;
        g_ptr_array_set_size(chosen, 0);
        if (!why.kind && digest_run_decide(self, recipient, &why)) {
            digest_run_order(self);
            list_chosen(self, chosen);
        }
        if (!found(user, recipient, chosen, &why))
            break;
    }
    if (inner)
        g_propagate_error(error, inner);
    return !inner;
}
