/* gallery - the letters of an audience, put into a gallery */
#include "gallery/gallery.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "text/when.h"
#include "gallery/gallery_page.h"
#include "letter/fieldcheck.h"
#include "letter/letterview.h"
#include "gallery/sample.h"

typedef struct {
    const Letter *letter;
    Audience *audience;
    const GalleryOptions *options;
    GalleryResult *result;
    GalleryPage *gallery;
    char *date;
    guint64 total; /* to be shown */
} Showing;

/* --- one letter ------------------------------------------------------------------------------ */

static gboolean show_letter(Showing *s, const Recipient *recipient, const char *why, GError **error)
{
    g_autofree char *id = g_strdup_printf("<preview.%" G_GUINT64_FORMAT "@%s>",
                                          s->result->shown + 1, letter_from(s->letter)->domain);
    LetterCopy copy = {.to = recipient->address,
                       .to_name = recipient->name,
                       .fields = recipient->fields,
                       .message_id = id,
                       .date = s->date};
    g_autoptr(LetterView) view = letterview_new(s->letter, &copy);
    GalleryLetter shown = {.key = recipient->key,
                           .name = recipient->name,
                           .label = recipient->label,
                           .address = recipient->address,
                           .file = recipient->file,
                           .line = recipient->line,
                           .why = why,
                           .problem = view->problem,
                           .subject = view->subject,
                           .html = view->html,
                           .text = view->text,
                           .source = view->source,
                           .size = view->size,
                           .headers = (const char *const *)view->headers,
                           .files = (const char *const *)view->files};
    s->result->problems += view->problem != NULL;
    s->result->shown++;
    if (s->options->progress)
        s->options->progress(s->options->user, s->result->shown, s->total);
    return gallery_page_add(s->gallery, &shown, error);
}

static char *called(const char *label, const char *key)
{
    return *label ? g_strdup_printf("%s (%s)", label, key) : g_strdup(key);
}

/* With what is set beside its row; who has no letter by that is named with the reason. */
static gboolean show_marked(Showing *s, const Recipient *recipient, const char *reason,
                            GError **error)
{
    g_auto(Why) why = {0};
    g_autoptr(Value) fields = s->options->marks ? value_copy(recipient->fields) : NULL;
    Recipient marked = *recipient;
    if (!fields)
        return show_letter(s, recipient, reason, error);
    if (!s->options->marks(s->options->marker, recipient, fields, &why, error))
        return FALSE;
    marked.fields = fields;
    if (!why.kind)
        return show_letter(s, &marked, reason, error);
    const Location at = {recipient->file, recipient->line, 0};
    g_autofree char *said = exclusion_said(why.kind, why.detail, why.since);
    g_autofree char *name = called(recipient->label, recipient->key);
    gallery_page_leave_out(s->gallery, name, recipient->address, said, &at);
    s->result->unmarked++;
    return TRUE;
}

static gboolean go_on(const Showing *s, GError **error)
{
    if (!s->options->go_on || s->options->go_on(s->options->user))
        return TRUE;
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_STOPPED, "%s: stopped, and as it was before",
                s->options->folder);
    return FALSE;
}

/* --- which letters --------------------------------------------------------------------------- */

/* All that audience_next gives, or of them those at the places of `picks` (or NULL). */
static gboolean show_next(Showing *s, const GArray *picks, GError **error)
{
    GError *inner = NULL;
    const Recipient *recipient;
    guint next = 0;
    for (guint64 place = 0;
         (!picks || next < picks->len) && (recipient = audience_next(s->audience, &inner));
         place++) {
        const SamplePick *pick = picks ? &g_array_index(picks, SamplePick, next) : NULL;
        if (!go_on(s, error))
            return FALSE;
        if (pick && pick->place != place)
            continue;
        next += pick != NULL;
        if (!show_marked(s, recipient, pick ? pick->why : NULL, error))
            return FALSE;
    }
    if (inner)
        g_propagate_error(error, inner);
    return !inner;
}

static gboolean show_keys(Showing *s, GError **error)
{
    for (const char *const *key = s->options->keys; *key; key++) {
        guint64 before = s->result->shown + s->result->unmarked;
        audience_seek(s->audience, *key);
        if (!show_next(s, NULL, error))
            return FALSE;
        if (s->result->shown + s->result->unmarked > before)
            continue;
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                    "nobody in the audience has the key '%s': 'circular lists AUDIENCE --rows' "
                    "shows them",
                    *key);
        return FALSE;
    }
    return TRUE;
}

static gboolean show_sample(Showing *s, GError **error)
{
    guint count = s->options->variety ? 0 : GALLERY_SAMPLE;
    g_autoptr(GArray) picks = sample_choose(s->letter, s->audience, count, error);
    if (!picks)
        return FALSE;
    s->total = picks->len;
    s->result->sampled = TRUE;
    return show_next(s, picks, error);
}

static gboolean show_names(Showing *s, GError **error)
{
    g_autoptr(Value) names = fields_as_names(s->letter);
    Recipient nobody = {.key = "letter",
                        .address = "recipient@example.org",
                        .name = "Fields by their names",
                        .fields = names};
    return show_letter(s, &nobody, NULL, error);
}

static gboolean show_chosen(Showing *s, GError **error)
{
    s->total = s->result->recipients = s->audience ? audience_count(s->audience) : 1;
    if (!s->audience)
        return show_names(s, error);
    if (s->options->keys)
        return show_keys(s, error);
    if (s->options->variety || (s->total > GALLERY_ALL_MAX && !s->options->all))
        return show_sample(s, error);
    audience_rewind(s->audience);
    return show_next(s, NULL, error);
}

/* --- the whole ------------------------------------------------------------------------------- */

static gboolean show_left_out(Showing *s, GError **error)
{
    GError *inner = NULL;
    const Exclusion *exclusion;
    while (s->audience && (exclusion = audience_next_excluded(s->audience, &inner))) {
        g_autofree char *said = exclusion_said(exclusion->kind, exclusion->detail, 0);
        g_autofree char *name = called(exclusion->label, exclusion->key);
        gallery_page_leave_out(s->gallery, name, exclusion->address, said, &exclusion->at);
    }
    if (inner)
        g_propagate_error(error, inner);
    return !inner;
}

static gboolean has_any(const Showing *s, GError **error)
{
    if (s->result->shown || !s->result->unmarked)
        return TRUE;
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                "none of those who were to be shown gets this letter");
    return FALSE;
}

static char *sample_words(const Showing *s)
{
    if (s->options->keys)
        return g_strdup("Those that were asked for by key.");
    if (!s->result->sampled)
        return NULL;
    return g_strdup_printf("Those in whom a letter goes wrong first: the longest name, a field "
                           "that is empty, the most rows%s. Why each was chosen stands with it.",
                           s->options->variety ? "" : "; and others by chance, the same each time");
}

static gboolean finish(Showing *s, GError **error)
{
    g_autofree char *sample = sample_words(s), *made = when_short(clock_now());
    GalleryAbout about = {.subject = letter_subject_template(s->letter),
                          .update = s->options->update,
                          .audience = s->options->audience,
                          .made = made,
                          .sample = sample,
                          .recipients = s->result->recipients - s->result->unmarked,
                          .findings = s->options->findings};
    return go_on(s, error) && gallery_page_finish(s->gallery, &about, error);
}

gboolean gallery_make(const Letter *letter, Audience *audience, const GalleryOptions *options,
                      GalleryResult *result, GError **error)
{
    g_autoptr(GalleryPage) gallery = gallery_page_open(options->folder, error);
    g_autofree char *date = clock_rfc5322(clock_now());
    *result = (GalleryResult){0};
    Showing showing = {.letter = letter,
                       .audience = audience,
                       .options = options,
                       .result = result,
                       .gallery = gallery,
                       .date = date};
    return gallery && show_chosen(&showing, error) && has_any(&showing, error) &&
           show_left_out(&showing, error) && finish(&showing, error);
}
