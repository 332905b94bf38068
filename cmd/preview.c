/* preview - what each recipient will see, written to files or shown as text */
#include <string.h>

#include "text/amount.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "command.h"
#include "fact/audience_names.h"
#include "planning.h"
#include "preview_gallery.h"
#include "letter/fieldcheck.h"
#include "plan/corrected.h"
#include "plan/marking.h"
#include "plan/plan.h"
#include "plan/recipients.h"
#include "ui.h"
#include "variety.h"

static char *option_out, *option_gallery, *option_correct;
static char **option_for;
static gboolean option_all, option_variety, option_text;

static const GOptionEntry options[] = {
    {"for", 'f', 0, G_OPTION_ARG_STRING_ARRAY, &option_for,
     "the recipient with this key; may be given again", "KEY"},
    {"all", 'a', 0, G_OPTION_ARG_NONE, &option_all, "every recipient", NULL},
    {"variety", 0, 0, G_OPTION_ARG_NONE, &option_variety,
     "the few in whom it can go wrong: most rows, longest name, missing fields", NULL},
    {"correct", 0, 0, G_OPTION_ARG_STRING, &option_correct,
     "as the correction of this letter, for who had it (see correct)", "ID"},
    {"out", 'o', 0, G_OPTION_ARG_FILENAME, &option_out, "the folder to write to (default: preview)",
     "FOLDER"},
    {"gallery", 'g', 0, G_OPTION_ARG_FILENAME, &option_gallery,
     "make a page there on which all letters can be looked at in a browser", "FOLDER"},
    {"text", 't', 0, G_OPTION_ARG_NONE, &option_text,
     "show the plain text instead of writing files", NULL},
    {0},
};

/* What one audience's letters are made of, and how many were. */
typedef struct {
    const Letter *letter;
    Audience *audience;
    Marking *marking;    /* of a correction, or NULL */
    GHashTable *written; /* names of files, by all audiences of the run */
    guint64 count, none; /* `none` have nothing that could be corrected */
} Previews;

static char *out_path(const char *name, const char *extension)
{
    g_autofree char *file = g_strconcat(name, extension, NULL);
    return g_build_filename(option_out ? option_out : "preview", file, NULL);
}

static gboolean write_file(const char *name, const char *extension, const char *bytes, gsize length,
                           GError **error)
{
    g_autofree char *path = out_path(name, extension);
    return file_write(path, bytes, length, 0600, error);
}

/* A key as a file's name: what isn't a letter, digit, dot or dash becomes an underscore. */
static char *file_name(const char *key)
{
    g_autofree char *valid = g_utf8_make_valid(key, -1);
    GString *out = g_string_new(NULL);
    for (const char *p = valid; *p && out->len < 100; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        gboolean plain = g_unichar_isalnum(c) || c == '-' || c == '_' || (c == '.' && out->len);
        g_string_append_unichar(out, plain ? c : '_');
    }
    return g_string_free(out, FALSE);
}

/* A name that no other recipient has, of whichever audience: "ash", then "ash-2". A file system may
 * not tell upper from lower case. `written` counts by the plain name, and holds those given. */
static char *unused_name(GHashTable *written, const char *key)
{
    g_autofree char *base = file_name(key);
    g_autofree char *fold = g_utf8_casefold(base, -1);
    guint seen = GPOINTER_TO_UINT(g_hash_table_lookup(written, fold));
    char *name = NULL, *taken = NULL;
    do {
        g_free(name);
        g_free(taken);
        name = seen++ ? g_strdup_printf("%s-%u", base, seen) : g_strdup(base);
        taken = g_utf8_casefold(name, -1);
    } while (seen > 1 && g_hash_table_contains(written, taken));
    g_hash_table_replace(written, taken, GUINT_TO_POINTER(1));
    g_hash_table_replace(written, g_steal_pointer(&fold), GUINT_TO_POINTER(seen));
    return name;
}

static gboolean show(const Letter *letter, const LetterCopy *copy, GError **error)
{
    g_autofree char *subject = letter_subject(letter, copy->fields, error);
    g_autofree char *text = subject ? letter_text(letter, copy->fields, error) : NULL;
    if (!text)
        return FALSE;
    g_autofree char *to = ui_safe(copy->to, 0);
    ui_print("To:      %s%s<%s>\nSubject: %s\n", copy->to_name, *copy->to_name ? " " : "", to,
             subject);
    ui_verbatim(text);
    return TRUE;
}

static gboolean write_copy(const Letter *letter, const char *name, const LetterCopy *copy,
                           GError **error)
{
    if (option_text)
        return show(letter, copy, error);
    g_autoptr(GString) message = g_string_new(NULL);
    g_autofree char *html = letter_html(letter, copy->fields, error);
    g_autofree char *text = html ? letter_text(letter, copy->fields, error) : NULL;
    if (!text || !letter_write(letter, copy, message, error))
        return FALSE;
    return write_file(name, ".eml", message->str, message->len, error) &&
           write_file(name, ".html", html, strlen(html), error) &&
           write_file(name, ".txt", text, strlen(text), error);
}

static gboolean preview_marked(Previews *p, const Recipient *recipient, const Value *fields,
                               GError **error)
{
    g_autofree char *date = clock_rfc5322(clock_now());
    g_autofree char *name = unused_name(p->written, recipient->key);
    g_autofree char *id = g_strdup_printf("<preview.%s@%s>", name, letter_from(p->letter)->domain);
    LetterCopy copy = {.to = recipient->address,
                       .to_name = recipient->name,
                       .fields = fields,
                       .message_id = id,
                       .date = date};
    p->count++;
    if (write_copy(p->letter, name, &copy, error))
        return TRUE;
    g_prefix_error(error, "%s (%s:%u): ", recipient->key, recipient->file, recipient->line);
    return FALSE;
}

static gboolean preview_recipient(Previews *p, const Recipient *recipient, GError **error)
{
    g_auto(Why) why = {0};
    g_autoptr(Value) fields = p->marking ? value_copy(recipient->fields) : NULL;
    if (p->marking && !marking_ask(p->marking, recipient, fields, &why, error))
        return FALSE;
    if (!why.kind)
        return preview_marked(p, recipient, fields ? fields : recipient->fields, error);
    p->none++;
    g_autofree char *called = ui_called(recipient->label, recipient->key);
    g_autofree char *said = exclusion_said(why.kind, why.detail, why.since);
    if (option_for)
        ui_note("%s gets none: %s", called, said);
    return TRUE;
}

/* The recipients that audience_next gives from here on, until there are `limit` letters. */
static gboolean preview_next(Previews *p, guint64 limit, GError **error)
{
    GError *inner = NULL;
    const Recipient *recipient;
    gint64 started = clock_ticks();
    guint64 before = p->count;
    while (p->count - before < limit && (recipient = audience_next(p->audience, &inner))) {
        if (!preview_recipient(p, recipient, &inner))
            break;
        ui_progress("Previews", p->count + p->none, audience_count(p->audience), started);
    }
    if (inner)
        g_propagate_error(error, inner);
    return !inner;
}

/* Those that show most, in the order of the list, each with the reason. */
static gboolean preview_variety(Previews *p, GError **error)
{
    GError *inner = NULL;
    const Recipient *recipient;
    g_autoptr(GPtrArray) variety = variety_find(p->audience, p->letter, error);
    if (!variety)
        return FALSE;
    audience_rewind(p->audience);
    for (guint64 place = 0; !inner && (recipient = audience_next(p->audience, &inner)); place++) {
        const VarietyPick *extreme = variety_at(variety, place);
        if (!extreme)
            continue;
        variety_line(extreme);
        preview_recipient(p, recipient, &inner);
    }
    if (inner)
        g_propagate_error(error, inner);
    return !inner;
}

static gboolean preview_keys(Previews *p, GError **error)
{
    for (char **key = option_for; *key; key++) {
        guint64 before = p->count + p->none;
        audience_seek(p->audience, *key);
        if (!preview_next(p, G_MAXUINT64, error))
            return FALSE;
        if (p->count + p->none > before)
            continue;
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                    "nobody in the audience has the key '%s': 'circular lists AUDIENCE --rows' "
                    "shows them",
                    *key);
        return FALSE;
    }
    return TRUE;
}

static gboolean preview_chosen(Previews *p, GError **error)
{
    if (option_variety)
        return preview_variety(p, error);
    audience_rewind(p->audience);
    if (option_for)
        return preview_keys(p, error);
    return preview_next(p, option_all ? G_MAXUINT64 : 1, error);
}

/* The letter with the names of fields in the place of values. */
static gboolean preview_names(const Letter *letter, GError **error)
{
    g_autoptr(Value) names = fields_as_names(letter);
    g_autofree char *date = clock_rfc5322(clock_now());
    LetterCopy copy = {.to = "recipient@example.org",
                       .to_name = "",
                       .fields = names,
                       .message_id = "<preview@circular.invalid>",
                       .date = date};
    return write_copy(letter, "letter", &copy, error);
}

/* --- a correction ----------------------------------------------------------------------------- */

/* The letter of --correct; `id` may be that of a plan for who missed it. */
static Mailing *find_first(const Workspace *workspace, GError **error)
{
    g_autoptr(Ledger) ledger = workspace_ledger(workspace, LEDGER_READ, error);
    g_autoptr(Mailing) named = ledger ? planning_find(ledger, option_correct, error) : NULL;
    return named ? corrected_first(ledger, named, error) : NULL;
}

/* NULL with `error`, and without where nothing is corrected. */
static Marking *open_marking(const Workspace *workspace, const Letter *letter, Audience *audience,
                             const char *name, GError **error)
{
    g_autoptr(Mailing) first = option_correct ? find_first(workspace, error) : NULL;
    return first ? marking_open(workspace, first, letter, audience, name, error) : NULL;
}

/* Who had nothing has no letter: told where more than one was to be shown. */
static gboolean say_none(const Previews *p, const char *audience, GError **error)
{
    g_autofree char *people = amount_of(p->none, "recipient", "recipients");
    if (!p->none || option_for)
        return TRUE;
    if (p->count && (option_all || option_variety))
        ui_note("%s had nothing that could be corrected, and %s no letter.", people,
                amount_form(p->none, "gets", "get"));
    if (p->count)
        return TRUE;
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                "nobody in '%s' has '%s': there is nothing to correct", audience, option_correct);
    return FALSE;
}

/* --- what is shown ---------------------------------------------------------------------------- */

static gboolean preview_audience(const Workspace *workspace, const Letter *letter,
                                 Audience *audience, const char *name, guint64 *count,
                                 GError **error)
{
    static GHashTable *written;
    GError *inner = NULL;
    if (!written)
        written = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(Marking) marking = open_marking(workspace, letter, audience, name, &inner);
    Previews previews = {letter, audience, marking, written, 0, 0};
    if (inner) {
        g_propagate_error(error, inner);
        return FALSE;
    }
    if (!preview_chosen(&previews, error) || !say_none(&previews, name, error))
        return FALSE;
    *count = previews.count;
    return TRUE;
}

static gboolean preview(const Workspace *workspace, const char *update, const char *audience_name,
                        Findings *findings, GError **error)
{
    g_autoptr(Bundle) bundle = workspace_bundle(workspace, update);
    g_autoptr(Audience) audience = NULL;
    g_autoptr(Letter) letter =
        plan_prepare(workspace, bundle, audience_name, TRUE, &audience, findings, error);
    guint64 count = 1;
    const char *folder = option_out ? option_out : "preview";
    if (!letter || (!option_text && !folder_make_private(folder, error)))
        return FALSE;
    if (!audience && !preview_names(letter, error))
        return FALSE;
    if (audience && !preview_audience(workspace, letter, audience, audience_name, &count, error))
        return FALSE;
    g_autofree char *letters = amount_of(count, "letter", "letters");
    if (!option_text)
        ui_say("%s written to %s: .html to look at, .txt as plain text, .eml as it will be sent",
               letters, folder);
    return TRUE;
}

/* What is wrong is what 'circular check' finds; the letter is made as a draft all the same. */
static gboolean mark(void *marker, const Recipient *recipient, Value *fields, Why *why,
                     GError **error)
{
    return marking_ask(marker, recipient, fields, why, error);
}

static gboolean preview_on_page(const Workspace *workspace, const char *update,
                                const char *audience_name, Findings *findings, GError **error)
{
    g_autoptr(Findings) unheard = findings_new();
    g_autoptr(Bundle) bundle = workspace_bundle(workspace, update);
    g_autoptr(Audience) audience = NULL;
    g_autoptr(Letter) letter =
        plan_prepare(workspace, bundle, audience_name, TRUE, &audience, unheard, error);
    GalleryOptions wanted = {.folder = option_gallery,
                             .update = update,
                             .audience = audience_name,
                             .keys = (const char *const *)option_for,
                             .all = option_all,
                             .variety = option_variety,
                             .findings = findings};
    GError *inner = NULL;
    if (!letter) { /* then all that is wrong is told, and not only the first */
        preview_check(workspace, update, audience_name, findings, NULL);
        return FALSE;
    }
    g_autoptr(Marking) marking = open_marking(workspace, letter, audience, audience_name, &inner);
    if (inner) {
        g_propagate_error(error, inner);
        return FALSE;
    }
    wanted.marks = marking ? mark : NULL;
    wanted.marker = marking;
    return preview_check(workspace, update, audience_name, findings, error) &&
           preview_gallery(letter, audience, &wanted, error);
}

static gboolean check_options(char **words, GError **error)
{
    const char *wrong = NULL;
    if (!!option_for + option_all + option_variety > 1)
        wrong = "--for, --all and --variety each choose recipients: give one";
    else if (option_gallery && (option_out || option_text))
        wrong = "--gallery makes a page, --out and --text other things: give one of them";
    else if (option_gallery && words[1] && words[2])
        wrong = "--gallery shows one AUDIENCE at a time";
    else if (option_gallery && !*option_gallery)
        wrong = "--gallery needs the name of a folder";
    if (wrong)
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE, "%s", wrong);
    return !wrong;
}

/* A correction goes to the audience of its letter: "heads, ceos". */
static char *corrected_audience(const Workspace *workspace, char **words, GError **error)
{
    g_autoptr(Mailing) first = find_first(workspace, error);
    if (!first)
        return NULL;
    g_auto(GStrv) names = audience_names_split(first->audience);
    for (char **word = words + 1; words[0] && *word; word++)
        if (!g_strv_contains((const char *const *)names, *word)) {
            g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                        "'%s' went to %s, and so does what corrects it: not to '%s'", first->id,
                        first->audience, *word);
            return NULL;
        }
    return g_strdup(first->audience);
}

/* Recipients are chosen from an audience: where none was typed, from that of the letter which is
 * corrected, or of the front matter. The words with it, newly allocated; NULL with error. */
static char **words_with_audience(char **words, GError **error)
{
    if (!option_correct && (words[1] || !(option_for || option_all || option_variety)))
        return g_strdupv(words);
    g_autoptr(Workspace) workspace = workspace_open(option_config, error);
    if (!workspace)
        return NULL;
    g_autofree char *named = option_correct ? corrected_audience(workspace, words, error)
                                            : planning_audience(workspace, words[0], error);
    if (!named)
        return NULL;
    if (words[1])
        return g_strdupv(words);
    g_auto(GStrv) names = audience_names_split(named);
    GStrvBuilder *all = g_strv_builder_new();
    g_strv_builder_add(all, words[0]);
    g_strv_builder_addv(all, (const char **)names);
    char **made = g_strv_builder_end(all);
    g_strv_builder_unref(all);
    return made;
}

static gboolean preview_all(char **words, GError **error)
{
    if (!check_options(words, error))
        return FALSE;
    g_autoptr(Workspace) workspace = words[1] ? workspace_open(option_config, error)
                                              : workspace_open_or_default(option_config, error);
    if (!workspace)
        return FALSE;
    g_autoptr(Findings) findings = findings_new();
    gboolean ok = (option_gallery ? preview_on_page : preview)(workspace, words[0], words[1],
                                                               findings, error);
    for (char **other = words[1] ? words + 2 : words + 1; ok && *other; other++) {
        g_autoptr(Findings) again = findings_new(); /* the letter's own were shown */
        ok = preview(workspace, words[0], *other, again, error) && findings_pass(again, error);
    }
    ui_findings(findings, FINDING_WARNING);
    /* What is wrong is shown beside what could be made, and still fails the command. */
    return ok && findings_pass(findings, error);
}

static gboolean run(char **typed, GError **error)
{
    g_auto(GStrv) words = words_with_audience(typed, error);
    return words && preview_all(words, error);
}

const Command command_preview = {
    .name = "preview",
    .usage = "UPDATE [AUDIENCE ...]",
    .summary = "see the letter before it is planned",
    .description =
        "Without an audience, writes letter.eml, letter.html and letter.txt with the names "
        "of fields in place of values.\nWith one, writes KEY.eml and so on: the first "
        "recipient, those of --for, those of --variety, or --all.\nWith --gallery, makes a page "
        "that "
        "a browser opens from the disk: every recipient's letter, or a\nsample of very many.\nWith "
        "--correct, all of it as the correction of a letter that went: for who had it.",
    .options = options,
    .min_words = 1,
    .max_words = 1 + RECIPIENTS_MAX,
    .run = run,
};
