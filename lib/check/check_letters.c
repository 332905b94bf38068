/* check_letters - every recipient's letter, merged and measured, before any is planned */
#include <string.h>

#include "text/amount.h"
#include "base/error.h"
#include "text/garble.h"
#include "rules/content.h"
#include "check/emptyblock.h"
#include "rules/plaincheck.h"
#include "letter/leftovers.h"
#include "letter/variety.h"
#include "check/check_parts.h"

enum { PAGE_MAX = 102 << 10, SHOWN_MAX = 60 };

/* The most of something, and whose it is. */
typedef struct {
    guint64 most;
    char *key, *shown;
} Peak;

typedef struct {
    Check *preflight;
    Variety *extremes;
    Peak subject, page, files;
    Leftovers *leftovers;
    guint64 long_subjects, large_pages, blank;
    Value *heaviest; /* the fields of whose page is largest */
    char *heaviest_to;
    guint64 own, heaviest_own; /* bytes of own files: of this one, and of the heaviest */
    gboolean wide;             /* a line of the plain text, and said so */
    char *blank_shown, *blank_key;
    guint64 empty; /* letters with an empty block */
    const char *empty_name;
    char *empty_key;
} Letters;

static void peak_set(Peak *self, guint64 most, const char *key, const char *shown)
{
    g_free(self->key);
    g_free(self->shown);
    *self = (Peak){most, g_strdup(key), g_strdup(shown)};
}

gboolean check_text(Check *self, const char *text)
{
    g_autofree char *wide = plaincheck_wide(text);
    if (wide)
        rule_report(self->findings, "text-wide", self->shown, self->body_line,
                    "the plain text has a line of over %d characters: '%.60s…'", PLAINCHECK_COLUMNS,
                    wide);
    return wide != NULL;
}

/* --- one recipient --------------------------------------------------------------------------- */

static gboolean measure_subject(Letters *in, const Recipient *recipient, GError **error)
{
    g_autofree char *subject = letter_subject(in->preflight->letter, recipient->fields, error);
    if (!subject)
        return FALSE;
    guint64 length = (guint64)g_utf8_strlen(subject, -1);
    in->long_subjects += length > CONTENT_SUBJECT_MAX;
    if (length > in->subject.most)
        peak_set(&in->subject, length, recipient->key, subject);
    return TRUE;
}

static gboolean measure_page(Letters *in, const Recipient *recipient, GError **error)
{
    g_autofree char *page = letter_page(in->preflight->letter, recipient->fields, error);
    if (!page)
        return FALSE;
    guint64 length = strlen(page);
    in->large_pages += length > PAGE_MAX;
    const char *empty = emptyblock_find(page);
    if (empty && !in->empty++) {
        in->empty_name = empty;
        in->empty_key = g_strdup(recipient->key);
    }
    if (length <= in->page.most)
        return TRUE;
    peak_set(&in->page, length, recipient->key, NULL);
    value_free(in->heaviest);
    g_free(in->heaviest_to);
    in->heaviest = value_copy(recipient->fields);
    in->heaviest_to = g_strdup(recipient->address);
    in->heaviest_own = in->own;
    return TRUE;
}

static gboolean read_text(Letters *in, const Recipient *recipient, GError **error)
{
    g_autofree char *text = letter_text(in->preflight->letter, recipient->fields, error);
    if (!text)
        return FALSE;
    if (!in->wide)
        in->wide = check_text(in->preflight, text);
    g_autofree char *blank = plaincheck_blank_greeting(text);
    if (blank && !in->blank++) {
        in->blank_shown = g_steal_pointer(&blank);
        in->blank_key = g_strdup(recipient->key);
    }
    return TRUE;
}

static void read_values(Letters *in, const Recipient *recipient)
{
    const char *const *names = letter_fields(in->preflight->letter);
    g_autofree char *said = NULL;
    Location at;
    for (; *names; names++) {
        const Value *value = value_get(recipient->fields, *names);
        const char *text = value ? value_text(value) : "";
        if (garble_turns(text, strlen(text)))
            rule_report(in->preflight->findings, "hidden-direction", recipient->file,
                        recipient->line,
                        "%s: a character in '%s' that turns the text round is left out",
                        recipient->key, *names);
    }
    if (leftovers_look(in->leftovers, recipient, &said, &at))
        findings_add_at(in->preflight->findings, FINDING_ERROR, &at, "value-leftover", "%s: %s",
                        recipient->key, said);
}

/* The recipient's own attachments are there; how much they weigh. */
static void read_files(Letters *in, const Recipient *recipient)
{
    Check *preflight = in->preflight;
    g_autoptr(GError) problem = NULL;
    guint64 weight = 0;
    g_auto(GStrv) names = letter_own_files(preflight->letter, recipient->fields, &problem);
    for (char **name = names; name && *name && !problem; name++) {
        g_autoptr(GBytes) bytes = bundle_get(preflight->bundle, *name, FALSE, &problem);
        weight += bytes ? g_bytes_get_size(bytes) : 0;
    }
    if (problem)
        findings_add(preflight->findings, FINDING_ERROR, recipient->file, recipient->line,
                     "missing-attachment", "%s: %s", recipient->key, problem->message);
    in->own = weight;
    if (weight > in->files.most)
        peak_set(&in->files, weight, recipient->key, NULL);
}

static gboolean read_recipient(Letters *in, const Recipient *recipient, GError **error)
{
    addressbook_add(in->preflight->addressbook, recipient->key, recipient->address, recipient->file,
                    recipient->line);
    variety_see(in->extremes, recipient);
    read_values(in, recipient);
    read_files(in, recipient);
    return measure_subject(in, recipient, error) && measure_page(in, recipient, error) &&
           read_text(in, recipient, error);
}

/* --- all of them ----------------------------------------------------------------------------- */

static char *others(guint64 count)
{
    return count > 1 ? g_strdup_printf(" (and %" G_GUINT64_FORMAT " more are too long)", count - 1)
                     : g_strdup("");
}

static void report(Letters *in)
{
    const Check *preflight = in->preflight;
    Findings *findings = preflight->findings;
    guint subject_line = preflight->front ? preflight->front->subject.line : 0;
    guint body_line = preflight->body_line;
    if (in->long_subjects && strstr(letter_subject_template(preflight->letter), "{{")) {
        g_autofree char *more = others(in->long_subjects);
        rule_report(findings, "long-subject", preflight->shown, subject_line,
                    "%s gets a subject of %" G_GUINT64_FORMAT " characters%s: '%s'",
                    in->subject.key, in->subject.most, more, in->subject.shown);
    }
    if (in->large_pages)
        rule_report(findings, "html-large", preflight->shown, body_line,
                    "%" G_GUINT64_FORMAT " page%s over 102 KB, which Gmail cuts off; the largest, "
                    "of %" G_GUINT64_FORMAT " KB, is that of %s",
                    in->large_pages, amount_form(in->large_pages, " is", "s are"),
                    in->page.most >> 10, in->page.key);
    if (in->empty)
        rule_report(findings, "empty-block", preflight->shown, body_line,
                    "%" G_GUINT64_FORMAT " letter%s an empty <%s>, the first is that of %s: fields "
                    "and sections leave nothing in it",
                    in->empty, amount_form(in->empty, " has", "s have"), in->empty_name,
                    in->empty_key);
    if (in->blank && !findings_count_id(findings, "missing-value") &&
        !findings_count_id(findings, "unknown-field"))
        rule_report(findings, "blank-greeting", preflight->shown, body_line,
                    "%" G_GUINT64_FORMAT " letter%s '%s'; the first is that of %s", in->blank,
                    amount_form(in->blank, " begins", "s begin"), in->blank_shown, in->blank_key);
}

/* The fields that some lack and that the letter has guarded, in one line. */
static gboolean report_empty(Check *self, GError **error)
{
    g_autoptr(GString) counts = g_string_new(NULL);
    g_autofree char *file = NULL;
    guint line = 0;
    for (const char *const *name = letter_fields(self->letter); *name; name++) {
        GError *inner = NULL;
        Recipient first = {0};
        if (!g_strv_contains(audience_fields(self->audience), *name))
            continue; /* it has a finding of its own */
        guint64 without = audience_without(self->audience, *name, &first, &inner);
        if (inner) {
            g_propagate_error(error, inner);
            return FALSE;
        }
        if (!without || without == self->letters)
            continue;
        if (!file) {
            file = g_strdup(first.file);
            line = first.line;
        }
        g_string_append_printf(counts, "%s%s for %" G_GUINT64_FORMAT, counts->len ? ", " : "",
                               *name, without);
    }
    if (counts->len && !findings_count_id(self->findings, "missing-value"))
        rule_report(self->findings, "empty-fields", file, line,
                    "of %" G_GUINT64_FORMAT " letters these fields are empty: %s", self->letters,
                    counts->str);
    return TRUE;
}

/* The size of the largest message: the one with the largest page, and the most in own files. */
static void weigh(Letters *in)
{
    Check *preflight = in->preflight;
    g_autoptr(GString) message = g_string_new(NULL);
    g_autoptr(GError) problem = NULL;
    LetterCopy copy = {.to = in->heaviest_to,
                       .to_name = "",
                       .fields = in->heaviest,
                       .message_id = "<check@circular.invalid>",
                       .date = "Mon, 05 Jan 2026 09:00:00 +0000"};
    if (!in->heaviest || in->files.most > LETTER_SIZE_MAX)
        return;
    if (letter_write(preflight->letter, &copy, message, &problem))
        check_weight(preflight, message->len + (in->files.most - in->heaviest_own) * 4 / 3,
                     in->files.key ? in->files.key : in->page.key);
    else if (!findings_count_id(preflight->findings, "missing-attachment"))
        findings_add(preflight->findings, FINDING_ERROR, preflight->shown, 0, "letter-too-large",
                     "%s", problem->message);
}

/* Whether this person had the letter as one of an earlier audience. */
static gboolean is_twin(const Check *self, const Recipient *recipient)
{
    return self->seen && !g_hash_table_add(self->seen, address_fold(recipient->address));
}

/* Takes the handful of this audience. */
static void add_variety(Check *self, GPtrArray *extremes)
{
    for (guint i = 0; i < extremes->len; i++) {
        VarietyPick *extreme = g_ptr_array_index(extremes, i);
        extreme->audience = g_intern_string(self->audience_name);
    }
    if (self->variety)
        g_ptr_array_extend_and_steal(self->variety, extremes);
    else
        self->variety = extremes;
}

gboolean check_letters(Check *self, GError **error)
{
    GError *inner = NULL;
    Letters in = {.preflight = self,
                  .extremes = variety_new(letter_fields(self->letter)),
                  .leftovers = leftovers_new(self->letter)};
    const Recipient *recipient;
    guint64 done = 0, total = self->letters;
    audience_rewind(self->audience);
    while (!inner && (recipient = audience_next(self->audience, &inner))) {
        if (is_twin(self, recipient))
            self->letters--;
        else
            read_recipient(&in, recipient, &inner);
        if (self->options->progress)
            self->options->progress(self->options->user, "Merging", ++done, total);
    }
    if (!inner) {
        report(&in);
        leftovers_report(in.leftovers, self->findings);
        weigh(&in);
        report_empty(self, &inner);
        add_variety(self, variety_choose(in.extremes));
    }
    variety_free(in.extremes);
    leftovers_free(in.leftovers);
    g_free(in.subject.key);
    g_free(in.subject.shown);
    g_free(in.page.key);
    g_free(in.files.key);
    g_free(in.heaviest_to);
    g_free(in.blank_shown);
    g_free(in.blank_key);
    g_free(in.empty_key);
    value_free(in.heaviest);
    if (inner)
        g_propagate_error(error, inner);
    return !inner;
}
